// From what is stored to a decision: which schedules apply to a record, what is known of it, what follows on a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/retention.h"
#include "records/schedules.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// Where a rule comes from.
struct Origin {
  enum class Kind { record, folder, class_, beside };
  Kind kind = Kind::class_;
  std::string name;    // the code of the class, the title of the folder
  std::string reason;  // why the record has a schedule of its own, or beside the others
};

// The schedule that a document in this folder or class inherits: the folder's, or the nearest one up the class's line
// (Noark 5, 6.1.3).
std::optional<std::int64_t> inherited_schedule(storage::Session& session, std::optional<std::int64_t> folder_id,
                                               std::optional<std::int64_t> class_id);

// Everything that a decision about one record rests on.
struct Assessment {
  Facts facts;
  std::vector<Rule> rules;
  std::vector<Origin> origins;  // one for each rule
  Decision decision;
};
// Decided anew from the facts; for a document that is not a record as if it were declared on `today`. Empty when there
// is no such document.
std::optional<Assessment> assess(storage::Session& session, std::int64_t document_id, Date today);

// Works off what is queued for calculation, `limit` records in one transaction. Returns how many it took; to be called
// until it returns 0. Readers are not blocked, and other writers wait for one such piece at most.
std::size_t recalculate(storage::Database& database, std::size_t limit);
std::int64_t queued_for_calculation(storage::Session& session);

}  // namespace muniment::records
