// What a change of schedules would do to the dates of records, before it is confirmed.
#include "core/error.h"
#include "records/file_plan.h"
#include "records/plan_preview.h"
#include "records/report.h"
#include "webui/api/list_csv.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

Json move_json(const records::Move& move) {
  return {{"id", move.document_id},
          {"title", move.title},
          {"before", decision_json(move.before)},
          {"after", decision_json(move.after)},
          {"reason", move.reason}};
}

void send_preview(Call& call, Api& api, storage::Session& session, const records::Supposition& supposition) {
  const bool csv = wants_csv(call);
  records::PreviewPage page;
  page.after = csv ? 0 : call.number_query("after", 0, 0, INT64_MAX);
  page.limit = csv ? kMostInCsv : static_cast<std::size_t>(call.number_query("limit", 50, 1, 200));
  page.language = language_of(call);
  const auto preview =
      records::preview_change(session, call.who, supposition, records::today(session, api.services.clock.now()), page);
  Json items = Json::array();
  for (const auto& move : preview.moves) items.push_back(move_json(move));
  if (csv) return send_list_csv(call, items, preview.more);
  const auto& figures = preview.figures;
  send_json(call.http, 200,
            {{"examined", figures ? Json(figures->examined) : Json()},
             {"moved", figures ? Json(figures->moved) : Json()},
             {"sooner", figures ? Json(figures->sooner) : Json()},
             {"items", std::move(items)},
             {"more", preview.more}});
}

std::optional<std::int64_t> schedule_of(Call& call) {
  Fields body = Fields::of(call.http);
  const auto schedule = body.nullable_number("schedule");
  body.finish();
  if (!schedule) {
    throw Error(ErrorCode::invalid_argument, "schedule is required",
                {{"/schedule", "is required; null is the one above"}});
  }
  return *schedule;
}

void preview_schedule(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const records::ScheduleTerms terms = schedule_terms(body);
  body.finish();
  auto session = api.services.database.read();
  send_preview(call, api, session, records::OtherTerms{call.number("id"), terms});
}

void preview_class(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto schedule = body.nullable_number("schedule");
  const auto parent = body.nullable_number("parent");
  body.finish();
  if (schedule.has_value() == parent.has_value()) {
    throw Error(ErrorCode::invalid_argument, "give either schedule or parent",
                {{"/schedule", "either this or parent"}});
  }
  auto session = api.services.database.read();
  if (parent) return send_preview(call, api, session, records::OtherClassPlace{call.number("id"), *parent});
  send_preview(call, api, session, records::OtherClassSchedule{call.number("id"), *schedule});
}

void preview_folder(Call& call, Api& api) {
  const auto schedule = schedule_of(call);
  auto session = api.services.database.read();
  const auto folder = records::find_folder(session, call.number("id"));
  if (!folder || !call.who.may_read(storage::inherited_access_list(session, folder->id, folder->class_id))) {
    throw Error(ErrorCode::not_found, "there is no such folder");
  }
  send_preview(call, api, session, records::OtherFolderSchedule{folder->id, schedule});
}

}  // namespace

void add_plan_previews(Router& router, Api& api) {
  const auto add = [&](const char* pattern, Permission needs, void (*handler)(Call&, Api&)) {
    router.add("POST", pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("/api/v1/schedules/{id}/preview", Permission::manage_schedules, preview_schedule);
  add("/api/v1/classes/{id}/preview", Permission::manage_file_plan, preview_class);
  add("/api/v1/folders/{id}/preview", Permission::manage_records, preview_folder);
}

}  // namespace muniment::webui::api
