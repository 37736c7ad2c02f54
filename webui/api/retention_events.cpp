// Events that start periods, on records and folders.
#include "core/error.h"
#include "records/events.h"
#include "records/file_plan.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::EventTarget;
using records::RetentionEvent;
using storage::Permission;

namespace {

Json event_json(const RetentionEvent& event) {
  return {{"id", event.id},
          {"name", event.name},
          {"date", core::to_iso(event.date)},
          {"document", nullable(event.document_id)},
          {"folder", nullable(event.folder_id)},
          {"recorded_at", core::to_rfc3339(event.recorded_at)},
          {"recorded_by", person_json(event.recorded_by, event.recorded_by_name)},
          {"corrects", nullable(event.corrects)},
          {"corrected_at", time_json(event.corrected_at)},
          {"reason", event.reason}};
}

void send_events(Call& call, storage::Session& session, const EventTarget& target) {
  Json items = Json::array();
  for (const RetentionEvent& event : records::list_events(session, target)) items.push_back(event_json(event));
  send_items(call, std::move(items));
}

void record(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const core::Date date = date_of(body, "date");
  std::vector<EventTarget> targets;
  if (body.has("documents")) {
    for (const std::int64_t id : body.numbers("documents")) targets.push_back({id, std::nullopt});
  }
  if (body.has("folders")) {
    for (const std::int64_t id : body.numbers("folders")) targets.push_back({std::nullopt, id});
  }
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const auto ids = records::record_event(tx, call.who, name, date, targets);
  tx.commit();
  send_json(call.http, 201, {{"ids", ids}});
}

void correct(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto date = body.nullable_date("date");
  const std::string reason = body.text("reason");
  body.finish();
  if (!date) {
    throw Error(ErrorCode::invalid_argument, "say on which day it happened; null: it did not happen",
                {{"/date", "is required; null withdraws the event"}});
  }
  auto tx = api.services.database.begin(call.who.actor());
  records::correct_event(tx, call.who, call.number("id"), *date, reason);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_retention_events(Router& router, Api& api) {
  router.add("GET", "/api/v1/documents/{id}/retention-events", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_events(call, session, {require_document(session, call).id, std::nullopt});
  });
  router.add("GET", "/api/v1/folders/{id}/retention-events", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const auto folder = records::find_folder(session, call.number("id"));
    if (!folder || !call.who.may_read(storage::inherited_access_list(session, folder->id, folder->class_id))) {
      throw Error(ErrorCode::not_found, "there is no such folder");
    }
    send_events(call, session, {std::nullopt, folder->id});
  });
  router.add("POST", "/api/v1/retention-events", Permission::manage_records, [&api](Call& call) { record(call, api); });
  router.add("PATCH", "/api/v1/retention-events/{id}", Permission::manage_records,
             [&api](Call& call) { correct(call, api); });
  router.add("GET", "/api/v1/retention-event-names", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, {{"items", records::event_names(session, call.who)}});
  });
}

}  // namespace muniment::webui::api
