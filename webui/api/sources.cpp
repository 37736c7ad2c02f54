// Everything that flows in by itself, and how that goes.
#include "scanners/sources.h"

#include "webui/api/api.h"

namespace muniment::webui::api {

using scanners::Source;
using storage::Permission;

namespace {

Json source_json(const Source& source) {
  Json failures = Json::array();
  for (const scanners::SourceFailure& failure : source.failures) {
    failures.push_back({{"name", failure.name},
                        {"sender", failure.sender},
                        {"problem", failure.problem},
                        {"at", time_json(failure.at)}});
  }
  return {{"kind", scanners::source_kind_name(source.kind)},
          {"name", source.name},
          {"about", source.about},
          {"mailbox", nullable(source.mailbox_id)},
          {"intake_folder", nullable(source.intake_folder_id)},
          {"state", scanners::source_state_name(source.state)},
          {"problem", source.problem.empty() ? Json() : Json(source.problem)},
          {"problem_since", time_json(source.problem_since)},
          {"last_at", time_json(source.arrivals.last)},
          {"last_week", source.arrivals.lately},
          {"waiting", source.waiting},
          {"lone_side", source.lone_side
                            ? Json{{"name", source.lone_side->name}, {"until", time_json(source.lone_side->until)}}
                            : Json()},
          {"failed", source.failed},
          {"can_retry", source.can_retry},
          {"failures", std::move(failures)}};
}

void retry_source(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto kind =
      one_of(body.text("kind"), scanners::parse_source_kind, "/kind", "must be watch, mailbox, smtp, drop or scan");
  const std::string name = body.text("name");
  body.finish();
  api.services.sources.retry(call.who, kind, name);
  api.services.operations.mailboxes_changed();
  call.http.send_empty(204);
}

}  // namespace

void add_sources(Router& router, Api& api) {
  router.add("GET", "/api/v1/admin/sources", Permission::operate,
             [&api](Call& call) { send_window(call, api.services.sources.list(), source_json); });
  router.add("POST", "/api/v1/admin/sources/retry", Permission::operate,
             [&api](Call& call) { retry_source(call, api); });
}

}  // namespace muniment::webui::api
