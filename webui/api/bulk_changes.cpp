// One change for all documents that a query finds, or that are named; trying again all that could not be read.
#include "records/bulk_changes.h"

#include "core/error.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::BulkChange;
using storage::Permission;

namespace {

std::optional<records::BulkEvent> event_of(Fields& body) {
  if (!body.has("event")) return std::nullopt;
  Fields event = body.object("event");
  records::BulkEvent wanted{event.text("name"), date_of(event, "date")};
  event.finish();
  return wanted;
}

BulkChange change_of(Fields& body) {
  BulkChange change;
  if (body.has("add_tags")) change.add_tags = body.numbers("add_tags");
  if (body.has("remove_tags")) change.remove_tags = body.numbers("remove_tags");
  change.type_id = body.nullable_number("type");
  change.correspondent_id = body.nullable_number("correspondent");
  change.date = body.nullable_date("document_date");
  change.class_id = body.nullable_number("class");
  change.folder_id = body.nullable_number("folder");
  change.custom_fields = custom_fields_of(body);
  change.declare = body.maybe_truth("declare").value_or(false);
  change.access_list = body.nullable_number("access_list");
  change.event = event_of(body);
  change.trash = body.maybe_truth("trash").value_or(false);
  change.restore = body.maybe_truth("restore").value_or(false);
  return change;
}

// What the list of the same query holds now: later arrivals are not changed.
std::vector<std::int64_t> found(Call& call, Api& api, bool everything) {
  const SearchRequest request = request_of(call);
  if (request.query.empty() && request.filters.empty() && !everything) {
    throw Error(ErrorCode::invalid_argument, "this would change every document of the archive",
                {{"/everything", "must be true for that; otherwise give q, a filter or documents"}});
  }
  return found_by(call, api, request, records::kMostInBulk);
}

void send_begun(Call& call, Api& api, std::int64_t job) {
  auto session = api.services.database.read();
  const auto report = records::bulk_report(session, call.who, job);
  call.http.set_header("Location", "/api/v1/documents/bulk/" + std::to_string(job));
  send_json(call.http, 202, {{"job", job}, {"documents", report ? report->documents : 0}});
}

void begin(Call& call, Api& api, const std::vector<std::int64_t>& documents, const BulkChange& change) {
  std::int64_t job = 0;
  {
    auto tx = api.services.database.begin(call.who.actor());
    job = records::begin_bulk_change(tx, call.who, documents, change);
    tx.commit();
  }
  api.services.operations.records_changed();
  send_begun(call, api, job);
}

void begin_bulk_change(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  std::optional<std::vector<std::int64_t>> named;
  if (body.has("documents")) named = body.numbers("documents");
  const bool everything = body.maybe_truth("everything").value_or(false);
  const BulkChange change = change_of(body);
  body.finish();
  begin(call, api, named ? *named : found(call, api, everything), change);
}

// Asked of the catalogue, which knows of what came into quarantine before the index does.
void retry_quarantine(Call& call, Api& api) {
  storage::DocumentFilter unreadable;
  unreadable.state = storage::DocumentState::quarantined;
  std::vector<std::int64_t> documents;
  {
    auto session = api.services.database.read();
    documents = storage::list_documents(session, call.who, unreadable, storage::DocumentOrder::newest_first, 0,
                                        records::kMostInBulk)
                    .ids;
  }
  if (documents.empty()) throw Error(ErrorCode::conflict, "nothing in quarantine can be tried again");
  BulkChange change;
  change.read_again = true;
  begin(call, api, documents, change);
}

void undo_bulk_change(Call& call, Api& api) {
  std::int64_t job = 0;
  {
    auto tx = api.services.database.begin(call.who.actor());
    job = records::begin_bulk_undo(tx, call.who, call.number("job"));
    tx.commit();
  }
  api.services.operations.records_changed();
  send_begun(call, api, job);
}

void send_report(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto report = records::bulk_report(session, call.who, call.number("job"));
  if (!report) throw Error(ErrorCode::not_found, "there is no such change of yours");
  const storage::Job job = storage::find_job(session, call.number("job")).value();
  Json refusals = Json::array();
  for (const records::BulkRefusal& refusal : report->refusals) {
    refusals.push_back(
        {{"document", {{"id", refusal.document_id}, {"title", refusal.title}}}, {"problem", refusal.problem}});
  }
  send_json(call.http, 200,
            {{"job", job.id},
             {"state", storage::job_state_name(job.state)},
             {"documents", report->documents},
             {"changed", report->changed},
             {"unchanged", report->unchanged},
             {"refused", report->refused},
             {"undoable", report->undoable},
             {"problem", job.problem.empty() ? Json() : Json(job.problem)},
             {"refusals", std::move(refusals)}});
}

}  // namespace

void add_bulk_changes(Router& router, Api& api) {
  const std::string all = "/api/v1/documents/bulk";
  router.add("POST", all, Permission::edit_documents, [&api](Call& call) { begin_bulk_change(call, api); });
  router.add("GET", all + "/{job}", Permission::edit_documents, [&api](Call& call) { send_report(call, api); });
  router.add("POST", all + "/{job}/undo", Permission::edit_documents,
             [&api](Call& call) { undo_bulk_change(call, api); });
  router.add("POST", "/api/v1/quarantine/retry", Permission::edit_documents,
             [&api](Call& call) { retry_quarantine(call, api); });
}

}  // namespace muniment::webui::api
