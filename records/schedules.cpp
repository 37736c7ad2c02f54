#include "records/schedules.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/people.h"
#include "records/internal/recalculation.h"
#include "storage/as_seen.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& pointer, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, why, {{pointer, why}});
}

Json triggers_json(const std::vector<Trigger>& triggers) {
  Json list = Json::array();
  for (const Trigger& trigger : triggers) {
    Json one{{"kind", trigger_name(trigger.kind)}};
    if (!trigger.name.empty()) one["name"] = trigger.name;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Trigger> parse_triggers(const std::string& stored) {
  std::vector<Trigger> triggers;
  const Json list = Json::parse(stored);
  for (const Json& one : list) {
    triggers.push_back({parse_trigger(one.at("kind").get<std::string>()).value(), one.value("name", "")});
  }
  return triggers;
}

std::string as_json(std::string_view code, Status status, const ScheduleTerms& terms) {
  Json json{{"code", code},
            {"status", status_name(status)},
            {"title", terms.title},
            {"triggers", triggers_json(terms.triggers)},
            {"combine", combine_name(terms.combine)},
            {"cutoff", cutoff_name(terms.cutoff)},
            {"fiscal_start", terms.fiscal_start},
            {"period", to_text(terms.period)},
            {"action", action_name(terms.action)},
            {"kind", kind_name(terms.kind)},
            {"authority", terms.authority}};
  if (terms.tombstone_fields) json["tombstone_fields"] = tombstone_fields_text(*terms.tombstone_fields);
  return json.dump();
}

// As they are stored: text in one form, and what does not count set to what it is without a choice.
ScheduleTerms cleaned(ScheduleTerms terms) {
  terms.title = checked_line(terms.title, "/title", 500);
  terms.authority = checked_line(terms.authority, "/authority", 1000);
  for (Trigger& trigger : terms.triggers) trigger.name = core::collapse_space(core::to_nfc(trigger.name));
  if (terms.cutoff != Cutoff::fiscal_year) terms.fiscal_start = 1;
  check_terms(terms);
  return terms;
}

// A field that is not there would be waited for for ever.
void require_date_fields(Session& session, const ScheduleTerms& terms) {
  for (std::size_t i = 0; i < terms.triggers.size(); ++i) {
    const Trigger& trigger = terms.triggers[i];
    if (trigger.kind != TriggerKind::date_field || trigger.name == "document date") continue;
    if (session.value<std::int64_t>("SELECT id FROM custom_field WHERE key = $1 AND kind = 'date'", trigger.name)) {
      continue;
    }
    refuse("/triggers/" + std::to_string(i) + "/name",
           "a date field is \"document date\" or the key of one of the organisation's own fields that hold a date");
  }
}

void write_version(Transaction& tx, std::int64_t id, std::int64_t number, const ScheduleTerms& terms,
                   std::string_view reason) {
  tx.execute(
      "INSERT INTO schedule_version (schedule_id, number, title, triggers, combine, cutoff, fiscal_start, "
      "period_count, period_unit, action, kind, authority, reason, made_at, made_by, tombstone_fields) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
      id, number, terms.title, triggers_json(terms.triggers).dump(), combine_name(terms.combine),
      cutoff_name(terms.cutoff), terms.fiscal_start, terms.period.count, unit_name(terms.period.unit),
      action_name(terms.action), kind_name(terms.kind), terms.authority, reason, tx.now(), author(tx),
      terms.tombstone_fields ? std::optional(tombstone_fields_text(*terms.tombstone_fields)) : std::nullopt);
}

}  // namespace

void check_terms(const ScheduleTerms& terms) {
  if (terms.action == Action::permanent && terms.kind == RuleKind::maximum) {
    refuse("/kind", "what is kept permanently has no maximum");
  }
  if (terms.triggers.empty() && terms.action != Action::permanent) {
    refuse("/triggers", "name at least one trigger: what starts the period");
  }
  if (terms.triggers.size() > 8) refuse("/triggers", "at most 8 triggers");
  for (std::size_t i = 0; i < terms.triggers.size(); ++i) {
    const Trigger& trigger = terms.triggers[i];
    const std::string pointer = "/triggers/" + std::to_string(i);
    const bool named = trigger.kind == TriggerKind::event || trigger.kind == TriggerKind::date_field;
    if (named && (trigger.name.empty() || trigger.name.size() > 200)) {
      refuse(pointer + "/name", "an event or date field is named, in 1 to 200 bytes");
    }
    if (!named && !trigger.name.empty()) refuse(pointer + "/name", "only events and date fields have a name");
    if (std::count(terms.triggers.begin(), terms.triggers.end(), trigger) > 1) {
      refuse(pointer, "the same trigger is there twice");
    }
  }
  if (terms.fiscal_start < 1 || terms.fiscal_start > 12) refuse("/fiscal_start", "a month, 1 to 12");
}

Rule rule_of(std::int64_t id, std::int64_t number, std::string_view code, const ScheduleTerms& terms) {
  Rule rule;
  rule.schedule_id = id;
  rule.schedule_version = number;
  rule.code = code;
  rule.title = terms.title;
  rule.triggers = terms.triggers;
  rule.combine = terms.combine;
  rule.cutoff = terms.cutoff;
  rule.fiscal_start = terms.fiscal_start;
  rule.period = terms.period;
  rule.action = terms.action;
  rule.kind = terms.kind;
  rule.authority = terms.authority;
  return rule;
}

std::vector<Schedule> list_schedules(Session& session) {
  std::vector<Schedule> schedules;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM schedule ORDER BY code, id")) {
    schedules.push_back(find_schedule(session, id).value());
  }
  return schedules;
}

std::vector<storage::NamedEntry> schedule_names(Session& session, bool only_open) {
  std::vector<storage::NamedEntry> names;
  for (auto& [id, name] : session.rows<std::int64_t, std::string>(
           "SELECT s.id, s.code || ' ' || v.title FROM schedule s JOIN schedule_version v ON v.schedule_id = s.id AND "
           "v.number = s.current WHERE s.status = 'open' OR NOT $1 ORDER BY s.code, s.id",
           only_open)) {
    names.push_back({id, std::move(name)});
  }
  return names;
}

std::optional<Schedule> find_schedule(Session& session, std::int64_t id) {
  const auto found = session.row<std::string, std::string, std::int64_t, std::int64_t>(
      "SELECT code, status, current, version FROM schedule WHERE id = $1", id);
  if (!found) return std::nullopt;
  const auto& [code, status, current, version] = *found;
  for (ScheduleVersion& one : schedule_versions(session, id)) {
    if (one.number != current) continue;
    return Schedule{
        id, version, code, status == "closed" ? Status::closed : Status::open, current, std::move(one.terms)};
  }
  throw Error(ErrorCode::corrupt, "the schedule " + code + " has lost its version " + std::to_string(current));
}

std::optional<Schedule> find_schedule(Session& session, std::string_view code) {
  const auto id = session.value<std::int64_t>("SELECT id FROM schedule WHERE code = $1", code);
  return id ? find_schedule(session, *id) : std::nullopt;
}

std::vector<ScheduleVersion> schedule_versions(Session& session, std::int64_t id) {
  std::vector<ScheduleVersion> versions;
  for (const auto& [number, title, triggers, combine, cutoff, fiscal_start, count, unit, action, kind, authority,
                    reason, made_at, made_by, made_by_name, fields] :
       session.rows<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t, int, std::string,
                    std::string, std::string, std::string, std::string, core::Time, std::optional<std::int64_t>,
                    std::optional<std::string>, std::optional<std::string>>(
           "SELECT v.number, v.title, v.triggers, v.combine, v.cutoff, v.fiscal_start, v.period_count, v.period_unit, "
           "v.action, v.kind, v.authority, v.reason, v.made_at, v.made_by, a.display_name, v.tombstone_fields FROM "
           "schedule_version v "
           "LEFT JOIN account a ON a.id = v.made_by WHERE v.schedule_id = $1 ORDER BY v.number DESC",
           id)) {
    ScheduleTerms terms{title,
                        parse_triggers(triggers),
                        parse_combine(combine).value(),
                        parse_cutoff(cutoff).value(),
                        static_cast<unsigned>(fiscal_start),
                        {count, parse_unit(unit).value()},
                        parse_action(action).value(),
                        parse_kind(kind).value(),
                        authority,
                        fields ? std::optional(parse_tombstone_fields(*fields)) : std::nullopt};
    versions.push_back(
        {number, std::move(terms), reason, made_at, made_by.value_or(0), made_by_name.value_or("System")});
  }
  return versions;
}

std::int64_t create_schedule(Transaction& tx, std::string_view code, const ScheduleTerms& terms) {
  const ScheduleTerms clean = cleaned(terms);
  require_date_fields(tx, clean);
  const std::string clean_code = checked_line(code, "/code", 50);
  if (tx.value<std::int64_t>("SELECT id FROM schedule WHERE code = $1", clean_code)) {
    throw Error(ErrorCode::conflict, "there is already a schedule with the code " + clean_code,
                {{"/code", "choose another"}});
  }
  const std::int64_t id = tx.insert("INSERT INTO schedule (code) VALUES ($1)", clean_code);
  write_version(tx, id, 1, clean, "");
  tx.audit({"schedule.created", "schedule", id, "", as_json(clean_code, Status::open, clean)});
  return id;
}

void change_schedule(Transaction& tx, std::int64_t id, std::int64_t expected_version, const ScheduleTerms& terms,
                     std::string_view reason) {
  const Schedule before = storage::require_as_seen(find_schedule(tx, id), expected_version, "schedule");
  const ScheduleTerms clean = cleaned(terms);
  require_date_fields(tx, clean);
  const std::string clean_reason = checked_line(reason, "/reason", 1000);
  write_version(tx, id, before.number + 1, clean, clean_reason);
  tx.execute("UPDATE schedule SET current = $1, version = version + 1 WHERE id = $2", before.number + 1, id);
  queue_records_of_schedule(tx, id);
  tx.audit({"schedule.changed", "schedule", id, as_json(before.code, before.status, before.terms),
            as_json(before.code, before.status, clean), clean_reason});
  recalculate_queued(tx, kRecalculatedAtOnce);
}

void set_schedule_status(Transaction& tx, std::int64_t id, std::int64_t expected_version, Status status) {
  const Schedule before = storage::require_as_seen(find_schedule(tx, id), expected_version, "schedule");
  if (before.status == status) return;
  tx.execute("UPDATE schedule SET status = $1, version = version + 1 WHERE id = $2", status_name(status), id);
  tx.audit({"schedule." + std::string(status == Status::closed ? "closed" : "reopened"), "schedule", id,
            as_json(before.code, before.status, before.terms), as_json(before.code, status, before.terms)});
}

}  // namespace muniment::records
