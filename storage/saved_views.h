// Lists of documents that people keep under a name, for themselves or for everybody. What a list shows is found anew,
// for whoever looks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

struct SavedViewTerms {
  std::string name;
  std::string parameters;  // of the list's address: "q=rent&f.tag=urgent", at most 4000 bytes
  bool shared = false;
};

struct SavedView {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::int64_t account_id = 0;
  std::string owner;  // display name
  SavedViewTerms terms;
};

// One's own and those that are shared, by name.
std::vector<SavedView> list_saved_views(Session& session, const Principal& who);
std::optional<SavedView> find_saved_view(Session& session, const Principal& who, std::int64_t id);
// Error(conflict) when one has a view of that name; sharing needs Permission::edit_documents.
SavedView create_saved_view(Transaction& tx, const Principal& who, const SavedViewTerms& terms);
// Of one's own; a shared one can be deleted by whoever manages the file plan too. Error(forbidden), (stale),
// (not_found).
SavedView change_saved_view(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                            const SavedViewTerms& terms);
void delete_saved_view(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version);

}  // namespace muniment::storage
