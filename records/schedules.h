// Retention schedules as they are stored: named, versioned rules. A version is never altered; a change makes the next,
// and every record that it applies to is calculated anew. Which schedule applies where: records/calculation.h.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "records/file_plan.h"
#include "records/retention.h"
#include "records/tombstone_fields.h"
#include "storage/catalogue.h"
#include "storage/database.h"

namespace muniment::records {

// What a person enters: everything of a Rule but who it is.
struct ScheduleTerms {
  std::string title;
  std::vector<Trigger> triggers;
  Combine combine = Combine::all;
  Cutoff cutoff = Cutoff::none;
  unsigned fiscal_start = 1;  // month; counts with Cutoff::fiscal_year only
  Period period;
  Action action = Action::review;
  RuleKind kind = RuleKind::minimum;
  std::string authority;  // the law or decision; required, so that "why" has an answer
  // What its tombstones keep of the metadata; empty: what is chosen for all (records/tombstones.h).
  std::optional<std::set<TombstoneField>> tombstone_fields = {};
};

struct Schedule {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::string code;
  Status status = Status::open;  // closed: cannot be given to anything new
  std::int64_t number = 1;       // of the version of its terms that holds
  ScheduleTerms terms;
};

struct ScheduleVersion {
  std::int64_t number = 0;
  ScheduleTerms terms;
  std::string reason;
  core::Time made_at;
  std::int64_t made_by = 0;
  std::string made_by_name;
};

// In the order of their codes.
std::vector<Schedule> list_schedules(storage::Session& session);
// The same as "CODE Title", for choosing among thousands.
std::vector<storage::NamedEntry> schedule_names(storage::Session& session, bool only_open);
std::optional<Schedule> find_schedule(storage::Session& session, std::int64_t id);
std::optional<Schedule> find_schedule(storage::Session& session, std::string_view code);
// The newest first.
std::vector<ScheduleVersion> schedule_versions(storage::Session& session, std::int64_t id);

// Error(conflict) for a code that is taken; Error(invalid_argument) names the field, for terms that are not clear:
// no trigger where the action needs one, an event without a name, the same trigger twice, no authority.
std::int64_t create_schedule(storage::Transaction& tx, std::string_view code, const ScheduleTerms& terms);
// Makes the next version and queues every record that it applies to. Error(not_found), Error(stale).
void change_schedule(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version,
                     const ScheduleTerms& terms, std::string_view reason);
void set_schedule_status(storage::Transaction& tx, std::int64_t id, std::int64_t expected_version, Status status);

// The terms as a rule, checked as create_schedule checks them; for asking what a change would do.
Rule rule_of(std::int64_t id, std::int64_t number, std::string_view code, const ScheduleTerms& terms);
void check_terms(const ScheduleTerms& terms);

}  // namespace muniment::records
