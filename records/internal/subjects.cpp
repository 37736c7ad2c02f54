#include "records/internal/subjects.h"

#include <algorithm>

#include "core/error.h"

namespace muniment::records {

using storage::Session;

namespace {

constexpr std::string_view kRetentionColumns =
    "SELECT d.id, d.added_at, d.document_date, d.class_id, d.folder_id, f.closed_on, r.declared_on, r.superseded_on, "
    "r.own_schedule_id, coalesce(r.own_reason, ''), "
    "EXISTS (SELECT 1 FROM record_schedule s WHERE s.document_id = d.id), coalesce(r.standing, ''), "
    "coalesce(r.action, ''), r.retain_through, r.eligible_from, r.deadline, r.schedule_id, r.schedule_version, "
    "d.access_list_id ";

template <typename... Arguments>
std::vector<Subject> read(Session& session, std::string_view from, const Arguments&... arguments) {
  std::vector<Subject> subjects;
  for (auto& [id, added_at, date, class_id, folder_id, closed_on, declared_on, superseded_on, own, own_reason, more,
              standing, action, retain_through, eligible_from, deadline, schedule, schedule_version, list] :
       session.rows<std::int64_t, core::Time, std::optional<Date>, std::optional<std::int64_t>,
                    std::optional<std::int64_t>, std::optional<Date>, std::optional<Date>, std::optional<Date>,
                    std::optional<std::int64_t>, std::string, bool, std::string, std::string, std::optional<Date>,
                    std::optional<Date>, std::optional<Date>, std::optional<std::int64_t>, std::optional<std::int64_t>,
                    std::int64_t>(std::string(kRetentionColumns) + std::string(from), arguments...)) {
    Facts facts;
    facts.captured = core::civil_date(added_at);
    facts.created = date;
    facts.declared = declared_on;
    facts.folder_closed = closed_on;
    facts.superseded = superseded_on;
    if (date) facts.date_fields.emplace("document date", *date);
    subjects.push_back(
        {id, std::move(facts), class_id, folder_id, own, own_reason, more, list,
         StoredDecision{standing, action, retain_through, eligible_from, deadline, schedule, schedule_version}});
  }
  return subjects;
}

std::optional<std::int64_t> supposed_or(const std::map<std::int64_t, std::optional<std::int64_t>>& supposed,
                                        std::int64_t id, std::optional<std::int64_t> stored) {
  const auto other = supposed.find(id);
  return other == supposed.end() ? stored : other->second;
}

bool asks_for(const Rule& rule, TriggerKind kind) {
  return std::any_of(rule.triggers.begin(), rule.triggers.end(),
                     [kind](const Trigger& trigger) { return trigger.kind == kind; });
}

}  // namespace

std::optional<Subject> find_subject(Session& session, std::int64_t document_id) {
  auto found = read(session,
                    "FROM document d LEFT JOIN record r ON r.document_id = d.id "
                    "LEFT JOIN folder f ON f.id = d.folder_id WHERE d.id = $1",
                    document_id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Subject> queued_subjects(Session& session, std::size_t limit) {
  return read(session,
              "FROM (SELECT document_id FROM retention_queue ORDER BY document_id LIMIT $1) q "
              "JOIN record r ON r.document_id = q.document_id JOIN document d ON d.id = q.document_id "
              "LEFT JOIN folder f ON f.id = d.folder_id ORDER BY d.id",
              limit);
}

std::vector<Subject> record_subjects(Session& session, const Reach& reach, std::int64_t after, std::size_t limit) {
  std::string where;
  switch (reach.kind) {
    case Reach::Kind::schedule:
      where =
          "(r.own_schedule_id = $2 OR r.document_id IN (SELECT document_id FROM record_schedule WHERE schedule_id = "
          "$2) "
          "OR d.folder_id IN (SELECT id FROM folder WHERE schedule_id = $2) OR d.class_id IN (WITH RECURSIVE below "
          "(id) AS (SELECT id FROM class WHERE schedule_id = $2 UNION SELECT c.id FROM class c JOIN below ON "
          "c.parent_id = below.id) SELECT id FROM below))";
      break;
    case Reach::Kind::class_:
      where =
          "d.class_id IN (WITH RECURSIVE below (id) AS (SELECT CAST($2 AS INTEGER) UNION SELECT c.id FROM class c JOIN "
          "below ON c.parent_id = below.id) SELECT id FROM below)";
      break;
    case Reach::Kind::folder:
      where = "d.folder_id = $2";
      break;
  }
  return read(session,
              "FROM record r JOIN document d ON d.id = r.document_id LEFT JOIN folder f ON f.id = d.folder_id "
              "WHERE r.document_id > $1 AND " +
                  where + " ORDER BY r.document_id LIMIT $3",
              after, reach.id, limit);
}

void RuleBook::suppose(std::int64_t schedule_id, const ScheduleTerms& terms) {
  const Rule& present = rule(schedule_id);
  rules_[schedule_id] = rule_of(schedule_id, present.schedule_version + 1, present.code, terms);
}

void RuleBook::suppose_class(std::int64_t class_id, std::optional<std::int64_t> schedule_id) {
  class_schedules_[class_id] = schedule_id;
}

void RuleBook::suppose_folder(std::int64_t folder_id, std::optional<std::int64_t> schedule_id) {
  folder_schedules_[folder_id] = schedule_id;
}

void RuleBook::suppose_parent(std::int64_t class_id, std::optional<std::int64_t> parent_id) {
  class_parents_[class_id] = parent_id;
}

const Rule& RuleBook::rule(std::int64_t schedule_id) {
  const auto known = rules_.find(schedule_id);
  if (known != rules_.end()) return known->second;
  const auto schedule = find_schedule(session_, schedule_id);
  if (!schedule) throw core::Error(core::ErrorCode::not_found, "there is no such schedule");
  return rules_.emplace(schedule_id, rule_of(schedule->id, schedule->number, schedule->code, schedule->terms))
      .first->second;
}

const RuleBook::Inherited& RuleBook::inherited(const Subject& subject) {
  const std::pair place{subject.folder_id.value_or(0), subject.class_id.value_or(0)};
  const auto known = inherited_.find(place);
  if (known != inherited_.end()) return known->second;
  Inherited found;
  if (subject.folder_id) {
    const auto folder = session_.row<std::optional<std::int64_t>, std::string>(
        "SELECT schedule_id, title FROM folder WHERE id = $1", *subject.folder_id);
    const auto schedule =
        folder ? supposed_or(folder_schedules_, *subject.folder_id, std::get<0>(*folder)) : std::nullopt;
    if (schedule) found = {schedule, {Origin::Kind::folder, std::get<1>(*folder), ""}};
  }
  for (auto at = subject.class_id; at && !found.schedule_id;) {
    const auto node = session_.row<std::optional<std::int64_t>, std::string, std::optional<std::int64_t>>(
        "SELECT schedule_id, code, parent_id FROM class WHERE id = $1", *at);
    if (!node) break;
    if (const auto schedule = supposed_or(class_schedules_, *at, std::get<0>(*node))) {
      found = {schedule, {Origin::Kind::class_, std::get<1>(*node), ""}};
    }
    at = supposed_or(class_parents_, *at, std::get<2>(*node));
  }
  return inherited_.emplace(place, std::move(found)).first->second;
}

std::pair<std::vector<Rule>, std::vector<Origin>> RuleBook::apply(Subject& subject) {
  std::vector<Rule> rules;
  std::vector<Origin> origins;
  const auto add = [&](std::int64_t schedule_id, Origin origin) {
    rules.push_back(rule(schedule_id));
    origins.push_back(std::move(origin));
    add_facts(subject, rules.back());
  };
  if (subject.own_schedule) {
    add(*subject.own_schedule, {Origin::Kind::record, "", subject.own_reason});
  } else if (const Inherited& from = inherited(subject); from.schedule_id) {
    add(*from.schedule_id, from.origin);
  }
  if (subject.has_more_schedules) {
    for (const auto& [schedule, reason] : session_.rows<std::int64_t, std::string>(
             "SELECT schedule_id, reason FROM record_schedule WHERE document_id = $1 ORDER BY schedule_id",
             subject.id)) {
      add(schedule, {Origin::Kind::beside, "", reason});
    }
  }
  return {std::move(rules), std::move(origins)};
}

void RuleBook::add_facts(Subject& subject, const Rule& rule) {
  if (subject.folder_id && asks_for(rule, TriggerKind::last_entry)) {
    auto known = last_entries_.find(*subject.folder_id);
    if (known == last_entries_.end()) {
      const auto day =
          session_.value<std::optional<Date>>("SELECT last_entry_on FROM folder WHERE id = $1", *subject.folder_id);
      known = last_entries_.emplace(*subject.folder_id, day.value_or(std::nullopt)).first;
    }
    subject.facts.last_entry = known->second;
  }
  if (asks_for(rule, TriggerKind::event) && subject.facts.events.empty()) {
    // Of several on the same name the record's own holds before its folder's, and the newest before an older one.
    for (const auto& [name, date] : session_.rows<std::string, Date>(
             "SELECT name, date FROM retention_event WHERE corrected_at IS NULL AND (document_id = $1 OR folder_id = "
             "$2) ORDER BY document_id IS NULL, id DESC",
             subject.id, subject.folder_id.value_or(0))) {
      subject.facts.events.emplace(name, date);
    }
  }
  if (asks_for(rule, TriggerKind::date_field)) {
    for (const auto& [key, date] : session_.rows<std::string, std::string>(
             "SELECT f.key, v.value FROM custom_value v JOIN custom_field f ON f.id = v.field_id "
             "WHERE v.document_id = $1 AND f.kind = 'date'",
             subject.id)) {
      subject.facts.date_fields.emplace(key, core::parse_iso_date(date).value());
    }
  }
}

}  // namespace muniment::records
