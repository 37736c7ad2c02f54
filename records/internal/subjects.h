// What a decision needs of many documents at once, read in few statements.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "records/calculation.h"

namespace muniment::records {

// What the database keeps of the last decision.
struct StoredDecision {
  std::string standing;
  std::string action;
  std::optional<Date> retain_through;
  std::optional<Date> eligible_from;
  std::optional<Date> deadline;
  std::optional<std::int64_t> schedule_id;
  std::optional<std::int64_t> schedule_version;
  bool operator==(const StoredDecision&) const = default;
};

struct Subject {
  std::int64_t id = 0;
  Facts facts;  // without events and last entry, which RuleBook adds where a rule asks for them
  std::optional<std::int64_t> class_id;
  std::optional<std::int64_t> folder_id;
  std::optional<std::int64_t> own_schedule;
  std::string own_reason;
  bool has_more_schedules = false;
  std::int64_t access_list = 0;
  StoredDecision stored;
};

std::optional<Subject> find_subject(storage::Session& session, std::int64_t document_id);
std::vector<Subject> queued_subjects(storage::Session& session, std::size_t limit);

// The records that a change of this schedule, class or folder can concern; not all of them need go by it.
struct Reach {
  enum class Kind { schedule, class_, folder };
  Kind kind = Kind::schedule;
  std::int64_t id = 0;
};
// Those after `after`, ascending.
std::vector<Subject> record_subjects(storage::Session& session, const Reach& reach, std::int64_t after,
                                     std::size_t limit);

// The rules of the file plan, each looked up once. Lives as long as one transaction or one reading session.
class RuleBook {
 public:
  explicit RuleBook(storage::Session& session) : session_(session) {}

  // From now on this schedule has these terms: for asking what a change would do.
  void suppose(std::int64_t schedule_id, const ScheduleTerms& terms);
  // From now on the class or folder has this schedule of its own, or none.
  void suppose_class(std::int64_t class_id, std::optional<std::int64_t> schedule_id);
  void suppose_folder(std::int64_t folder_id, std::optional<std::int64_t> schedule_id);
  // From now on the class stands below this one, or at the top.
  void suppose_parent(std::int64_t class_id, std::optional<std::int64_t> parent_id);
  // The rules that apply, and the facts that they ask for added to the subject's.
  std::pair<std::vector<Rule>, std::vector<Origin>> apply(Subject& subject);

 private:
  const Rule& rule(std::int64_t schedule_id);
  struct Inherited {
    std::optional<std::int64_t> schedule_id;
    Origin origin;
  };
  const Inherited& inherited(const Subject& subject);
  void add_facts(Subject& subject, const Rule& rule);

  storage::Session& session_;
  std::map<std::int64_t, Rule> rules_;
  std::map<std::int64_t, std::optional<std::int64_t>> class_schedules_;   // that are only supposed
  std::map<std::int64_t, std::optional<std::int64_t>> folder_schedules_;  // the same
  std::map<std::int64_t, std::optional<std::int64_t>> class_parents_;     // the same
  std::map<std::pair<std::int64_t, std::int64_t>, Inherited> inherited_;  // by folder and class, 0 = none
  std::map<std::int64_t, std::optional<Date>> last_entries_;              // by folder
};

}  // namespace muniment::records
