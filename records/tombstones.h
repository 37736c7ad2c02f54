// What is left of what was destroyed: identity and proof, and of its metadata as much as is chosen to be kept; and the
// register of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "records/disposition.h"
#include "records/tombstone_fields.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// What is kept of what is destroyed from now on, unless its schedule says otherwise: title, date and type until
// somebody chooses.
std::set<TombstoneField> tombstone_fields(storage::Session& session);
// Needs Permission::manage_schedules.
void choose_tombstone_fields(storage::Transaction& tx, const storage::Principal& who,
                             const std::set<TombstoneField>& fields);

// An entry of the register: a tombstone with all that was chosen to be kept.
struct DestroyedDocument {
  Tombstone tombstone;
  std::string correspondent;  // like what follows, empty unless it is kept
  std::string folder;
  std::string barcode;
  std::optional<std::int64_t> serial_number;
  std::string custom_fields;  // JSON [{"key", "name", "value"}]
};
// Only where `who` might have read the document.
std::optional<DestroyedDocument> find_destroyed(storage::Session& session, const storage::Principal& who,
                                                std::int64_t document_id);

struct TombstoneFilter {
  // Part of a title, folder or correspondent, whatever the case of ASCII letters; or a whole number, code, serial
  // number or SHA-256. Empty: any.
  std::string text;
  std::string class_code;             // with everything below it, by the dots of the codes; empty: any
  std::optional<Date> from, through;  // when it was destroyed
};
struct DestroyedPage {
  std::vector<DestroyedDocument> documents;
  std::int64_t total = 0;
};
// The last destroyed first; of what `who` might have read, what can still be restored included.
DestroyedPage list_destroyed(storage::Session& session, const storage::Principal& who, const TombstoneFilter& filter,
                             std::size_t offset, std::size_t limit);

// The numbers of what was destroyed in these classes, what is below them included, and in these folders, as far as
// their titles were kept: of what `who` might have read, ascending. A folder is known by its class and the title that
// it has now. Empty without Permission::propose_disposition, as the register is; Error(invalid_argument) for more than
// 10,000.
std::vector<std::int64_t> destroyed_in(storage::Session& session, const storage::Principal& who,
                                       const std::vector<std::int64_t>& classes,
                                       const std::vector<std::int64_t>& folders);

// What a tombstones.jsonl knows.
struct KnownDestroyed {
  std::size_t documents = 0;
  std::optional<core::Time> newest;  // when the last of them was purged
};
// Writes every line that one of the files has into `target`, each once; durable on return. Files that do not exist are
// passed over, `target` may be one of them, and nothing is written where there is none. Error(io).
KnownDestroyed merge_tombstone_journals(const std::vector<std::filesystem::path>& journals,
                                        const std::filesystem::path& target);

}  // namespace muniment::records
