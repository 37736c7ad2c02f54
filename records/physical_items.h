// Paper files: what of a document is on paper, where it belongs and where it is. The document is a record like any
// other; what is on paper only has no file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/access.h"
#include "storage/documents.h"

namespace muniment::records {

struct Place {
  std::int64_t id = 0;
  std::string path;
};

struct PhysicalItem {
  std::int64_t document_id = 0;
  std::int64_t version = 0;  // the ETag
  std::string barcode;
  std::optional<Place> home;     // where it belongs
  std::optional<Place> current;  // where it is; empty: on loan, missing, destroyed or never placed
  std::optional<core::Time> missing_since;
  bool on_loan = false;
  bool destroyed = false;
  std::string label;  // "none", "good", "outdated": whether its label says what is true
};

// Empty for a document without paper. Whether the asker may read the document is the caller's question.
std::optional<PhysicalItem> find_item(storage::Session& session, std::int64_t document_id);

struct PaperTerms {
  std::optional<std::int64_t> home;  // it is there, too
  std::string barcode;               // empty: the next number of our own
};
// Any of these rights is enough to register a paper file, and to say that there is paper beside a document's file.
inline constexpr std::array kPaperRegistrars{storage::Permission::capture, storage::Permission::manage_paper};
inline constexpr std::array kPaperKeepers{storage::Permission::edit_documents, storage::Permission::manage_paper};
// A document that is on paper only: its title, date, place in the file plan and so on as in `document`, which is the
// caller's to check. Returns the document.
std::int64_t register_paper(storage::Transaction& tx, const storage::Principal& who,
                            const storage::NewDocument& document, const PaperTerms& terms);
// Paper beside a document's file, as long as it is no record. Needs one of kPaperKeepers.
void add_paper(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
               const PaperTerms& terms);
// It was registered by mistake: there is no paper beside the file. Not of a record, nor of what is on paper only. Needs
// the same.
void remove_paper(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id);

// To another place, which becomes its home when `home` says so. Needs Permission::lend_paper. Error(conflict) while it
// is on loan or when there is no room.
void move_item(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
               std::int64_t expected_version, std::int64_t to, bool home);

struct Movement {
  core::Time at;
  std::string why;  // "registered", "moved", "lent", "returned", "found", "missing", "destroyed"
  std::optional<Place> from;
  std::optional<Place> to;
  std::int64_t by = 0;
  std::string by_name;
};
// Newest first: of the file itself, and of a place.
std::vector<Movement> item_movements(storage::Session& session, std::int64_t document_id);
std::vector<Movement> location_movements(storage::Session& session, std::int64_t location_id);

// What belongs or is directly in this place and `who` may read, by title.
std::vector<PhysicalItem> items_at(storage::Session& session, const storage::Principal& who, std::int64_t location_id);

}  // namespace muniment::records
