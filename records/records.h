// Records: documents that were declared, with what that fixes and what follows from it (ISO 15489; Noark 5, 3.2.14 to
// 3.2.17). The fixing itself is done by the database (storage/migrations/0003_records.sql), whoever writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/calculation.h"
#include "storage/documents.h"

namespace muniment::records {

enum class Stage {
  active,        // kept and used
  proposed,      // in a batch that waits for approval or execution
  transferring,  // handed over; kept until the receipt is in
  restorable,    // disposed of; can be restored until the end of the window, and is found by nobody
  purging,       // its bytes are being removed
};
std::string_view stage_name(Stage stage);

struct Record {
  std::int64_t document_id = 0;
  std::int64_t version = 0;  // the ETag
  Date declared_on;
  std::int64_t declared_by = 0;
  std::string declared_by_name;
  std::string declared_how;  // "hand", "filing"
  std::string content_hash;
  Stage stage = Stage::active;
  std::optional<std::int64_t> own_schedule;
  std::string own_reason;
  std::optional<std::int64_t> superseded_by;
  std::optional<Date> superseded_on;
  std::optional<Date> restorable_until;
  // As last calculated; a list need not decide anew.
  Standing standing = Standing::unscheduled;
  Action action = Action::review;
  std::optional<std::int64_t> schedule_id;
  std::optional<Date> retain_through;
  std::optional<Date> eligible_from;
  std::optional<Date> deadline;
};

// Empty for a document that was not declared. Whether the asker may read the document is the caller's question.
std::optional<Record> find_record(storage::Session& session, std::int64_t document_id);

// What was frozen: SHA-256 over identity, title and components, as docs/retention.md describes.
std::string content_hash(storage::Session& session, std::int64_t document_id);
// Records whose frozen content no longer agrees with its hash; for verify.
std::vector<std::string> damaged_records(storage::Session& session);

// Declares a document. Nothing happens to one that is a record already. Error(not_found), Error(forbidden);
// Error(conflict) says what is missing: a class with a schedule (MoReq2010, 8), the end of reading, being out of the
// trash.
void declare(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id);
// Declares what classes with `declares_on_filing` have been given, at most `limit`. Returns how many it looked at.
// What cannot be declared yet stays an ordinary document, with an entry in the audit log that says why, and is looked
// at again when it, its schedule or the rules for its fields have changed.
std::size_t declare_what_was_filed(storage::Transaction& tx, std::size_t limit);
// Whether declare_what_was_filed would look at anything.
bool declarations_are_due(storage::Session& session);
// What is to be declared by having been filed, and could not be.
struct NotDeclared {
  std::int64_t document_id = 0;
  std::string title;
  std::string class_code;
  std::string problem;  // in words
  core::Time refused_at;
};
// Those that `who` may read, the oldest document first.
std::vector<NotDeclared> list_not_declared(storage::Session& session, const storage::Principal& who, std::size_t offset,
                                           std::size_t limit);
std::int64_t not_declared_count(storage::Session& session, const storage::Principal& who);

// Error(conflict) for a record that was disposed of, or handed over and waits for its receipt.
void require_not_handed_over(const Record& record);

// What changes by what rule a record is kept is possible until it is disposed of; what is proposed and not due any more
// then leaves its batch. Error(conflict) under hold, and as require_not_handed_over.

// Another place in the file plan, although it is a record.
void reclassify(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                std::optional<std::int64_t> class_id, std::optional<std::int64_t> folder_id, std::string_view reason);
// A schedule of its own instead of the inherited one, or none again (Noark 5, 6.1.11). Error(stale).
void set_own_schedule(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                      std::int64_t expected_version, std::optional<std::int64_t> schedule, std::string_view reason);
// Schedules that apply beside it.
void add_schedule_beside(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                         std::int64_t schedule, std::string_view reason);
void remove_schedule_beside(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                            std::int64_t schedule, std::string_view reason);
// Another document took its place on that day; empty: none did after all. Error(invalid_argument) for one that this one
// took the place of itself, and for a day to come.
void supersede(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
               std::optional<std::int64_t> by, Date on);

}  // namespace muniment::records
