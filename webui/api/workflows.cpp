// Workflows, what their runs did and would do, and what waits for somebody's approval.
#include "storage/workflows.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "storage/accounts.h"
#include "storage/catalogue.h"
#include "webui/api/api.h"
#include "webui/api/clear_query.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Vocabulary;
using storage::Workflow;
using storage::WorkflowAction;
using storage::WorkflowRun;
using storage::WorkflowTerms;
using Kind = storage::WorkflowAction::Kind;

namespace {

constexpr std::size_t kRunsShown = 200;
constexpr std::size_t kDocumentsTried = 20;

Json action_json(storage::Session& session, const WorkflowAction& action) {
  Json tags = Json::array();
  for (const std::int64_t tag : action.tag_ids) tags.push_back(entry_json(session, Vocabulary::tag, tag));
  // Those that are gone are sent nothing.
  Json accounts = Json::array();
  for (const std::int64_t id : action.to_accounts) {
    if (const auto found = storage::find_account(session, id)) accounts.push_back(named_json(id, found->display_name));
  }
  Json groups = Json::array();
  for (const std::int64_t id : action.to_groups) {
    if (const auto found = storage::find_group(session, id)) groups.push_back(named_json(id, found->name));
  }
  const auto place = action.class_id ? records::find_class(session, *action.class_id) : std::nullopt;
  const auto folder = action.folder_id ? records::find_folder(session, *action.folder_id) : std::nullopt;
  const auto account = action.account_id ? storage::find_account(session, *action.account_id) : std::nullopt;
  return {{"kind", storage::action_name(action.kind)},
          {"type", entry_json(session, Vocabulary::type, action.type_id)},
          {"correspondent", entry_json(session, Vocabulary::correspondent, action.correspondent_id)},
          {"tags", std::move(tags)},
          {"class", place ? named_json(place->id, place->code + " " + place->title) : Json()},
          {"field", action.field},
          {"value", action.value},
          {"folder", folder ? named_json(folder->id, folder->title) : Json()},
          {"to", action.to},
          {"to_accounts", std::move(accounts)},
          {"to_groups", std::move(groups)},
          {"subject", action.subject},
          {"text", action.text},
          {"url", action.url},
          {"account", account ? named_json(account->id, account->display_name) : Json()}};
}

Json workflow_json(storage::Session& session, const Workflow& workflow) {
  const WorkflowTerms& terms = workflow.terms;
  Json actions = Json::array();
  for (const WorkflowAction& action : terms.actions) actions.push_back(action_json(session, action));
  return {{"id", workflow.id},
          {"version", workflow.version},
          {"name", terms.name},
          {"enabled", terms.enabled},
          {"owner", named_json(workflow.account_id, workflow.owner)},
          {"rests_because", workflow.owner_disabled ? Json("owner_disabled") : Json()},
          {"occasion", storage::occasion_name(terms.occasion)},
          {"date_of", storage::workflow_date_name(terms.date_of)},
          {"date_field", terms.date_field},
          {"days_after", terms.days_after},
          {"query", terms.query},
          {"actions", std::move(actions)},
          {"has_secret", workflow.has_secret}};
}

Workflow require_workflow(storage::Session& session, std::int64_t id) {
  auto workflow = storage::find_workflow(session, id);
  if (!workflow) throw Error(ErrorCode::not_found, "there is no workflow " + std::to_string(id));
  return std::move(*workflow);
}

WorkflowAction action_of(Fields& body) {
  WorkflowAction action;
  action.kind = one_of(body.text("kind"), storage::parse_action, "/actions",
                       "must be of the kinds set, move, mail, webhook and approve");
  action.type_id = body.nullable_number("type_id").value_or(std::nullopt);
  action.correspondent_id = body.nullable_number("correspondent_id").value_or(std::nullopt);
  if (body.has("tag_ids")) action.tag_ids = body.numbers("tag_ids");
  action.class_id = body.nullable_number("class_id").value_or(std::nullopt);
  action.field = body.maybe_text("field").value_or("");
  action.value = body.maybe_text("value").value_or("");
  action.folder_id = body.nullable_number("folder_id").value_or(std::nullopt);
  if (body.has("to")) action.to = body.texts("to");
  if (body.has("to_account_ids")) action.to_accounts = body.numbers("to_account_ids");
  if (body.has("to_group_ids")) action.to_groups = body.numbers("to_group_ids");
  action.subject = body.maybe_text("subject").value_or("");
  action.text = body.maybe_text("text").value_or("");
  action.url = body.maybe_text("url").value_or("");
  action.account_id = body.nullable_number("account_id").value_or(std::nullopt);
  body.finish();
  return action;
}

void require_callable_hooks(Api& api, const WorkflowTerms& terms) {
  for (const WorkflowAction& action : terms.actions) {
    const bool is_address = action.url.starts_with("http://") || action.url.starts_with("https://");
    if (action.kind == Kind::webhook && is_address) api.services.operations.require_callable(action.url);
  }
}

// The terms of the body; what it does not name stays as in `terms`.
WorkflowTerms workflow_terms(Fields& body, WorkflowTerms terms, storage::Session& session, Api& api) {
  if (const auto name = body.maybe_text("name")) terms.name = *name;
  if (const auto enabled = body.maybe_truth("enabled")) terms.enabled = *enabled;
  if (const auto occasion = body.maybe_text("occasion")) {
    terms.occasion = one_of(*occasion, storage::parse_occasion, "/occasion", "must be arrived, filed, changed or date");
  }
  if (const auto date = body.maybe_text("date_of")) {
    terms.date_of = one_of(*date, storage::parse_workflow_date, "/date_of", "must be document, field or disposal");
  }
  if (const auto field = body.maybe_text("date_field")) terms.date_field = *field;
  if (const auto days = body.maybe_number("days_after")) terms.days_after = *days;
  if (const auto query = body.maybe_text("query")) {
    terms.query = *query;
    require_clear_query(session, terms.query);
  }
  if (body.has("actions")) {
    terms.actions.clear();
    for (Fields& action : body.objects("actions")) terms.actions.push_back(action_of(action));
    require_callable_hooks(api, terms);
  }
  return terms;
}

void create_workflow(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  body.text("name");
  const auto secret = body.maybe_text("secret");
  auto tx = api.services.database.begin(call.who.actor());
  const WorkflowTerms terms = workflow_terms(body, {}, tx, api);
  body.finish();
  const Workflow workflow =
      require_workflow(tx, storage::create_workflow(tx, call.who, api.services.sealing_key, terms, secret));
  const Json json = workflow_json(tx, workflow);
  tx.commit();
  send_created(call.http, "/api/v1/workflows/" + std::to_string(workflow.id), workflow.version, json);
}

void change_workflow(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const Workflow before = require_workflow(tx, call.number("id"));
  const auto secret = body.maybe_text("secret");
  const WorkflowTerms terms = workflow_terms(body, before.terms, tx, api);
  body.finish();
  storage::change_workflow(tx, call.who, api.services.sealing_key, before.id, version, terms, secret);
  const Workflow workflow = require_workflow(tx, before.id);
  const Json json = workflow_json(tx, workflow);
  tx.commit();
  send_versioned(call.http, 200, workflow.version, json);
}

void delete_workflow(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  storage::delete_workflow(tx, call.who, call.number("id"), version);
  tx.commit();
  call.http.send_empty(204);
}

// What the actions would come to, in order. The changes are made and given up again, so it is told as it would be.
Json tried(Call& call, Api& api, const WorkflowTerms& terms, std::int64_t document_id) {
  Json steps = Json::array();
  auto tx = api.services.database.begin(call.who.actor());
  for (const WorkflowAction& action : terms.actions) {
    Json step{{"kind", storage::action_name(action.kind)}, {"outcome", "done"}, {"message", ""}};
    if (action.kind == Kind::set || action.kind == Kind::move) {
      try {
        step["message"] = storage::apply_action(tx, call.who, document_id, action);
      } catch (const Error& error) {
        step["outcome"] = "failed";
        step["message"] = error.message();
        steps.push_back(std::move(step));
        break;
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

void try_workflow(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  WorkflowTerms terms;
  SearchRequest request;
  {
    auto session = api.services.database.read();
    terms = workflow_terms(body, {}, session, api);
    body.finish();
    terms = storage::checked_workflow(session, call.who, terms);
  }
  request.query = terms.query;
  request.order = SearchOrder::newest_first;
  request.snippets = false;
  request.limit = kDocumentsTried;
  SearchResult found = api.services.search.search(call.who, request);
  // A workflow runs for what has all of the query.
  if (std::find(found.warnings.begin(), found.warnings.end(), "any_word") != found.warnings.end()) found = {};
  Json documents = Json::array();
  for (const SearchHit& hit : found.hits) {
    std::string title;
    {
      auto session = api.services.database.read();
      const auto document = storage::find_document(session, call.who, hit.id);
      if (!document) continue;
      title = document->title;
    }
    documents.push_back({{"id", hit.id}, {"title", title}, {"steps", tried(call, api, terms, hit.id)}});
  }
  send_json(call.http, 200, {{"total", found.total}, {"documents", std::move(documents)}});
}

Json run_json(storage::Session& session, const storage::Principal& who, const WorkflowRun& run) {
  // Messages name folders and addresses that an approver may know nothing of.
  const bool whole = who.may(Permission::operate);
  Json log = Json::array();
  for (const storage::StepRecord& step : storage::run_log(session, run.id)) {
    log.push_back({{"step", step.step},
                   {"kind", step.kind},
                   {"at", time_json(step.at)},
                   {"outcome", step.outcome},
                   {"message", whole ? step.message : ""}});
  }
  const auto document = storage::find_document(session, who, run.document_id);
  return {{"id", run.id},
          {"workflow", named_json(run.workflow_id, run.workflow)},
          {"document", named_json(run.document_id, document ? document->title : "")},
          {"state", storage::run_state_name(run.state)},
          {"started_at", time_json(run.started_at)},
          {"ended_at", time_json(run.ended_at)},
          {"steps", static_cast<std::int64_t>(run.actions.size())},
          {"log", std::move(log)}};
}

void end_run(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string comment = body.maybe_text("comment").value_or("");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::end_run(tx, call.who, call.number("id"), comment);
  tx.commit();
  call.http.send_empty(204);
}

void decide_approval(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const bool approves = body.truth("approve");
  const std::string comment = body.maybe_text("comment").value_or("");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::decide_run(tx, call.who, call.number("id"), approves, comment);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_workflows(Router& router, Api& api) {
  const std::string all = "/api/v1/workflows";
  const std::string one = all + "/{id}";
  router.add("GET", all, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_workflows(session),
                [&](const Workflow& workflow) { return workflow_json(session, workflow); });
  });
  router.add("POST", all, Permission::operate, [&api](Call& call) { create_workflow(call, api); });
  router.add("GET", one, Permission::operate,
             [&api](Call& call) { send_one(call, api, require_workflow, workflow_json); });
  router.add("PATCH", one, Permission::operate, [&api](Call& call) { change_workflow(call, api); });
  router.add("DELETE", one, Permission::operate, [&api](Call& call) { delete_workflow(call, api); });
  router.add("GET", one + "/runs", Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    const Workflow workflow = require_workflow(session, call.number("id"));
    send_window(call, storage::list_runs(session, call.who, workflow.id, kRunsShown),
                [&](const WorkflowRun& run) { return run_json(session, call.who, run); });
  });
  router.add("POST", "/api/v1/workflow-runs/{id}/end", Permission::operate, [&api](Call& call) { end_run(call, api); });
  router.add("POST", "/api/v1/workflow-trials", Permission::operate, [&api](Call& call) { try_workflow(call, api); });
  router.add("GET", "/api/v1/approvals", SignedIn{}, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::runs_to_approve(session, call.who),
                [&](const WorkflowRun& run) { return run_json(session, call.who, run); });
  });
  router.add("POST", "/api/v1/approvals/{id}", SignedIn{}, [&api](Call& call) { decide_approval(call, api); });
}

}  // namespace muniment::webui::api
