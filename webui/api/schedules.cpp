// Retention schedules and their versions.
#include "records/schedules.h"

#include "core/error.h"
#include "webui/api/records_json.h"
#include "webui/api/tombstones.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Schedule;
using records::ScheduleTerms;
using storage::Permission;

namespace {

template <typename T>
T choice(Fields& body, std::string_view field, std::optional<T> (*parse)(std::string_view), std::string_view choices) {
  const std::string name = body.text(field);
  if (const auto value = parse(name)) return *value;
  const std::string right = "must be one of " + std::string(choices);
  throw Error(ErrorCode::invalid_argument, right, {{"/" + std::string(field), right}});
}

Json schedule_json(const Schedule& schedule) {
  return {{"id", schedule.id},         {"version", schedule.version},
          {"code", schedule.code},     {"status", records::status_name(schedule.status)},
          {"number", schedule.number}, {"terms", terms_json(schedule.terms)}};
}

Schedule require_schedule(storage::Session& session, std::int64_t id) {
  auto schedule = records::find_schedule(session, id);
  if (!schedule) throw Error(ErrorCode::not_found, "there is no such schedule");
  return std::move(*schedule);
}

void create_schedule(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string code = body.text("code");
  const ScheduleTerms terms = schedule_terms(body);
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Schedule schedule = require_schedule(tx, records::create_schedule(tx, code, terms));
  tx.commit();
  send_created(call.http, "/api/v1/schedules/" + std::to_string(schedule.id), schedule.version,
               schedule_json(schedule));
}

// Either its status, or all its terms with the reason.
void change_schedule(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const auto status = body.maybe_text("status");
  std::optional<ScheduleTerms> terms;
  std::string reason;
  // Whoever does not know of them leaves them as they are.
  const bool says_what_stays = body.has("tombstone_fields");
  if (!status) {
    terms = schedule_terms(body);
    reason = body.text("reason");
  } else if (*status != "open" && *status != "closed") {
    throw Error(ErrorCode::invalid_argument, "must be open or closed", {{"/status", "must be open or closed"}});
  }
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  if (terms) {
    if (!says_what_stays) {
      terms->tombstone_fields = require_schedule(tx, call.number("id")).terms.tombstone_fields;
    }
    records::change_schedule(tx, call.number("id"), version, *terms, reason);
  } else {
    records::set_schedule_status(tx, call.number("id"), version,
                                 *status == "closed" ? records::Status::closed : records::Status::open);
  }
  const Schedule schedule = require_schedule(tx, call.number("id"));
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, schedule.version, schedule_json(schedule));
}

}  // namespace

ScheduleTerms schedule_terms(Fields& body) {
  ScheduleTerms terms;
  terms.title = body.text("title");
  for (Fields& one : body.objects("triggers")) {
    records::Trigger trigger;
    trigger.kind = choice<records::TriggerKind>(
        one, "kind", records::parse_trigger,
        "captured, created, declared, folder-closed, last-entry, event, date-field, superseded");
    trigger.name = one.maybe_text("name").value_or("");
    one.finish();
    terms.triggers.push_back(std::move(trigger));
  }
  terms.combine = choice<records::Combine>(body, "combine", records::parse_combine, "earliest, all");
  terms.cutoff = choice<records::Cutoff>(body, "cutoff", records::parse_cutoff,
                                         "none, month, quarter, calendar-year, fiscal-year");
  const std::int64_t month = body.number("fiscal_start");
  if (month < 1 || month > 12) {
    throw Error(ErrorCode::invalid_argument, "a month, 1 to 12", {{"/fiscal_start", "a month, 1 to 12"}});
  }
  terms.fiscal_start = static_cast<unsigned>(month);
  terms.period = records::parse_period(body.text("period"));
  terms.action = choice<records::Action>(body, "action", records::parse_action, "destroy, transfer, review, permanent");
  terms.kind = choice<records::RuleKind>(body, "kind", records::parse_kind, "minimum, fixed, maximum");
  terms.authority = body.text("authority");
  if (const auto fields = body.nullable_texts("tombstone_fields").value_or(std::nullopt)) {
    terms.tombstone_fields = tombstone_fields_of(*fields, "/tombstone_fields");
  }
  return terms;
}

Json terms_json(const ScheduleTerms& terms) {
  Json triggers = Json::array();
  for (const auto& trigger : terms.triggers) triggers.push_back(trigger_json(trigger));
  return {{"title", terms.title},
          {"triggers", std::move(triggers)},
          {"combine", records::combine_name(terms.combine)},
          {"cutoff", records::cutoff_name(terms.cutoff)},
          {"fiscal_start", terms.fiscal_start},
          {"period", records::to_text(terms.period)},
          {"action", records::action_name(terms.action)},
          {"kind", records::kind_name(terms.kind)},
          {"authority", terms.authority},
          {"tombstone_fields", terms.tombstone_fields ? tombstone_fields_json(*terms.tombstone_fields) : Json()}};
}

Json trigger_json(const records::Trigger& trigger) {
  Json json{{"kind", records::trigger_name(trigger.kind)}};
  if (!trigger.name.empty()) json["name"] = trigger.name;
  return json;
}

Json decision_json(const records::Decision& decision) {
  return {{"standing", records::standing_name(decision.standing)},
          {"action", records::action_name(decision.action)},
          {"retain_through", date_json(decision.retain_through)},
          {"eligible_from", date_json(decision.eligible_from)},
          {"deadline", date_json(decision.deadline)}};
}

Json schedule_name_json(storage::Session& session, const std::optional<std::int64_t>& id) {
  const auto schedule = id ? records::find_schedule(session, *id) : std::nullopt;
  return schedule ? named_json(schedule->id, schedule->code) : Json();
}

Json date_json(const std::optional<core::Date>& date) {
  return date ? Json(core::to_iso(*date)) : Json();
}

void add_schedules(Router& router, Api& api) {
  const std::string path = "/api/v1/schedules";
  router.add("GET", path, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_matching(call, records::schedule_names(session, call.truth_query("open")),
                  [&](const storage::NamedEntry& one) { return schedule_json(require_schedule(session, one.id)); });
  });
  router.add("POST", path, Permission::manage_schedules, [&api](Call& call) { create_schedule(call, api); });
  router.add("GET", path + "/{id}", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Schedule schedule = require_schedule(session, call.number("id"));
    send_versioned(call.http, 200, schedule.version, schedule_json(schedule));
  });
  router.add("PATCH", path + "/{id}", Permission::manage_schedules, [&api](Call& call) { change_schedule(call, api); });
  router.add("GET", path + "/{id}/versions", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    require_schedule(session, call.number("id"));
    send_window(call, records::schedule_versions(session, call.number("id")),
                [](const records::ScheduleVersion& version) {
                  return Json{{"number", version.number},
                              {"terms", terms_json(version.terms)},
                              {"reason", version.reason},
                              {"made_at", core::to_rfc3339(version.made_at)},
                              {"made_by", person_json(version.made_by, version.made_by_name)}};
                });
  });
}

}  // namespace muniment::webui::api
