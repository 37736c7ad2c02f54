// Records: declaring, why and until when they are kept, and what a records manager may change of that.
#include "records/records.h"

#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "records/disposition.h"
#include "records/explanation.h"
#include "records/holds.h"
#include "records/report.h"
#include "records/transfer.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Record;
using storage::Permission;

namespace {

constexpr std::size_t kMostAtOnce = 10'000;

Record require_record(storage::Session& session, const Call& call) {
  const auto document = require_document(session, call);
  auto record = records::find_record(session, document.id);
  if (!record) throw Error(ErrorCode::not_found, "this document is not a record");
  return std::move(*record);
}

Json record_json(storage::Session& session, const storage::Principal& who, const Record& record) {
  Json custody = Json::array();
  for (const auto& copy : records::kept_copies(session, record.document_id)) {
    custody.push_back(
        {{"batch", copy.batch_id}, {"archive", copy.received_by}, {"since", core::to_iso(copy.received_on)}});
  }
  const bool shown = record.superseded_by && storage::find_document(session, who, *record.superseded_by);
  return {{"id", record.document_id},
          {"version", record.version},
          {"declared_on", core::to_iso(record.declared_on)},
          {"declared_by", person_json(record.declared_by, record.declared_by_name)},
          {"declared_how", record.declared_how},
          {"content_hash", record.content_hash},
          {"stage", records::stage_name(record.stage)},
          {"own_schedule", schedule_name_json(session, record.own_schedule)},
          {"own_reason", record.own_reason},
          {"superseded_by", shown ? Json(*record.superseded_by) : Json()},
          {"superseded_on", date_json(record.superseded_on)},
          {"restorable_until", date_json(record.restorable_until)},
          {"standing", records::standing_name(record.standing)},
          {"action", records::action_name(record.action)},
          {"retain_through", date_json(record.retain_through)},
          {"eligible_from", date_json(record.eligible_from)},
          {"deadline", date_json(record.deadline)},
          {"custody", std::move(custody)}};
}

// Each for itself, so that one that cannot be declared does not stop the others.
void declare(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto documents = documents_of(body);
  body.finish();
  Json items = Json::array();
  for (const std::int64_t id : documents) {
    Json problem;
    try {
      auto tx = api.services.database.begin(call.who.actor());
      records::declare(tx, call.who, id);
      tx.commit();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::forbidden &&
          error.code() != ErrorCode::conflict) {
        throw;
      }
      problem = error.message();
    }
    items.push_back({{"id", id}, {"declared", problem.is_null()}, {"problem", problem}});
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

void send_not_declared(Call& call, Api& api) {
  const Window window = window_of(call);
  auto session = api.services.database.read();
  const auto refused = records::list_not_declared(session, call.who, window.offset, window.limit + 1);
  Json items = Json::array();
  for (std::size_t i = 0; i < refused.size() && i < window.limit; ++i) {
    items.push_back({{"id", refused[i].document_id},
                     {"title", refused[i].title},
                     {"class", refused[i].class_code},
                     {"problem", refused[i].problem},
                     {"refused_at", core::to_rfc3339(refused[i].refused_at)}});
  }
  send_list(call, window, std::move(items), refused.size() > window.limit,
            records::not_declared_count(session, call.who));
}

std::string_view origin_name(records::Origin::Kind kind) {
  switch (kind) {
    case records::Origin::Kind::record:
      return "record";
    case records::Origin::Kind::folder:
      return "folder";
    case records::Origin::Kind::class_:
      return "class";
    case records::Origin::Kind::beside:
      return "beside";
  }
  return "class";
}

Json rules_json(const records::Assessment& assessment) {
  Json rules = Json::array();
  for (std::size_t i = 0; i < assessment.rules.size(); ++i) {
    const records::Rule& rule = assessment.rules[i];
    const records::RuleOutcome& outcome = assessment.decision.outcomes[i];
    Json missing = Json::array();
    for (const auto& trigger : outcome.missing) missing.push_back(trigger_json(trigger));
    const records::ScheduleTerms terms{rule.title,  rule.triggers, rule.combine, rule.cutoff,   rule.fiscal_start,
                                       rule.period, rule.action,   rule.kind,    rule.authority};
    Json rule_terms = terms_json(terms);
    rule_terms.erase("tombstone_fields");
    rules.push_back({{"schedule", named_json(rule.schedule_id, rule.code)},
                     {"version", rule.schedule_version},
                     {"origin", origin_name(assessment.origins[i].kind)},
                     {"origin_name", assessment.origins[i].name},
                     {"reason", assessment.origins[i].reason},
                     {"terms", std::move(rule_terms)},
                     {"trigger_date", date_json(outcome.trigger_date)},
                     {"start", date_json(outcome.start)},
                     {"retain_through", date_json(outcome.retain_through)},
                     {"missing", std::move(missing)},
                     {"deciding", assessment.decision.deciding == i}});
  }
  return rules;
}

void explain(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto document = require_document(session, call);
  const core::Date on = day_of(call, session, api);
  auto assessment = records::assess(session, document.id, on).value();
  // A confidential hold is not told of to those who may not know of it.
  assessment.decision.holds = records::holds_on(session, call.who, document.id).size();
  const records::Decision& decision = assessment.decision;
  Json json{{"on", core::to_iso(on)}, {"is_record", document.is_record}};
  json.update(decision_json(decision));
  auto sentences = records::in_words(assessment, on, language_of(call));
  std::ranges::move(records::obstacles_in_words(session, document.id, language_of(call)),
                    std::back_inserter(sentences));
  std::ranges::move(records::custody_in_words(session, document.id, language_of(call)), std::back_inserter(sentences));
  json.update(Json{{"holds", decision.holds},
                   {"may_dispose", decision.may_dispose() && document.is_record && !document.openly_held},
                   {"sentences", std::move(sentences)},
                   {"rules", rules_json(assessment)}});
  send_json(call.http, 200, json);
}

// What all changes of one record have in common; `act` reads the body and makes the change.
void change_record(Call& call, Api& api,
                   const std::function<void(storage::Transaction&, std::int64_t id, Fields&)>& act) {
  {
    auto session = api.services.database.read();
    require_document(session, call);
  }
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = call.number("id");
  act(tx, id, body);
  const Record record = require_record(tx, call);
  const Json json = record_json(tx, call.who, record);
  tx.commit();
  send_versioned(call.http, 200, record.version, json);
}

void reclassify(Call& call, Api& api) {
  change_record(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
    const auto class_id = body.maybe_number("class");
    const auto folder_id = body.maybe_number("folder");
    const std::string reason = body.text("reason");
    body.finish();
    storage::require_may_file_in(tx, call.who, folder_id, class_id, Permission::manage_records);
    records::reclassify(tx, call.who, id, class_id, folder_id, reason);
  });
}

}  // namespace

records::Language language_of(const Call& call) {
  const std::string wanted = call.http.query("language").value_or(call.http.header("Accept-Language").value_or(""));
  return wanted.starts_with("sv") ? records::Language::swedish : records::Language::english;
}

core::Date date_of(Fields& body, std::string_view field) {
  if (const auto date = core::parse_iso_date(body.text(field))) return *date;
  throw Error(ErrorCode::invalid_argument, "a date is written YYYY-MM-DD",
              {{"/" + std::string(field), "must be a date, YYYY-MM-DD"}});
}

core::Date day_of(const Call& call, storage::Session& session, const Api& api) {
  const auto text = call.http.query("on");
  if (!text) return records::today(session, api.services.clock.now());
  if (const auto date = core::parse_iso_date(*text)) return *date;
  throw Error(ErrorCode::invalid_argument, "a date is written YYYY-MM-DD", {{"on", "must be a date, YYYY-MM-DD"}});
}

std::vector<std::int64_t> documents_of(Fields& body) {
  auto documents = body.numbers("documents");
  if (documents.empty() || documents.size() > kMostAtOnce) {
    throw Error(ErrorCode::invalid_argument, "name 1 to 10000 documents", {{"/documents", "1 to 10000 identifiers"}});
  }
  return documents;
}

void add_records(Router& router, Api& api) {
  const std::string document = "/api/v1/documents/{id}";
  router.add("POST", "/api/v1/records", Permission::declare_records, [&api](Call& call) { declare(call, api); });
  router.add("GET", "/api/v1/records/not-declared", Permission::declare_records,
             [&api](Call& call) { send_not_declared(call, api); });
  router.add("GET", document + "/record", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Record record = require_record(session, call);
    send_versioned(call.http, 200, record.version, record_json(session, call.who, record));
  });
  router.add("GET", document + "/retention", Permission::read_documents, [&api](Call& call) { explain(call, api); });
  router.add("POST", document + "/reclassify", Permission::manage_records,
             [&api](Call& call) { reclassify(call, api); });
  router.add("PUT", document + "/schedule", Permission::manage_records, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    change_record(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
      const auto schedule = body.nullable_number("schedule").value_or(std::nullopt);
      const std::string reason = body.text("reason");
      body.finish();
      records::set_own_schedule(tx, call.who, id, version, schedule, reason);
    });
  });
  const auto beside = [&api](auto apply) {
    return [&api, apply](Call& call) {
      change_record(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
        const std::int64_t schedule = body.number("schedule");
        const std::string reason = body.text("reason");
        body.finish();
        apply(tx, call.who, id, schedule, reason);
      });
    };
  };
  router.add("POST", document + "/schedules-beside", Permission::manage_records, beside(records::add_schedule_beside));
  router.add("POST", document + "/schedules-beside/remove", Permission::manage_records,
             beside(records::remove_schedule_beside));
  router.add("POST", document + "/review", Permission::manage_records, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    change_record(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
      const std::int64_t schedule = body.number("schedule");
      const std::string reason = body.text("reason");
      body.finish();
      records::decide_review(tx, call.who, id, version, schedule, reason, records::today(tx, tx.now()));
    });
  });
  router.add("PUT", document + "/superseded-by", Permission::manage_records, [&api](Call& call) {
    change_record(call, api, [&](storage::Transaction& tx, std::int64_t id, Fields& body) {
      const auto by = body.nullable_number("document").value_or(std::nullopt);
      const core::Date on = body.has("on") ? date_of(body, "on") : records::today(tx, tx.now());
      body.finish();
      records::supersede(tx, call.who, id, by, on);
    });
  });
}

}  // namespace muniment::webui::api
