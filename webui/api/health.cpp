// For those who watch over the service, and for programs that want to know what there is.
#include "core/error.h"
#include "webui/api/api.h"
#include "webui/openapi.h"
#include "webui/problem.h"

namespace muniment::webui::api {

namespace {

bool is_this_machine(const std::string& address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

void send_metrics(Call& call, Api& api) {
  if (!is_this_machine(call.http.client_address())) {
    throw core::Error(core::ErrorCode::forbidden, "metrics are told to this machine only");
  }
  call.http.set_header("Cache-Control", "no-store");
  call.http.send(200, "text/plain; version=0.0.4; charset=utf-8", api.services.operations.metrics_text());
}

void send_problem_kind(Call& call) {
  const ProblemKind* kind = find_problem_kind(call.text("code"));
  if (kind == nullptr)
    throw core::Error(core::ErrorCode::not_found, "there is no kind of problem " + call.text("code"));
  send_json(
      call.http, 200,
      {{"type", problem_type(kind->code)}, {"code", kind->code}, {"status", kind->status}, {"title", kind->title}});
}

}  // namespace

void add_health(Router& router, Api& api) {
  router.add("GET", "/healthz", Anyone{}, [](Call& call) { call.http.send(200, "text/plain; charset=utf-8", "ok\n"); });
  router.add("GET", "/readyz", Anyone{}, [&api](Call& call) {
    const auto complaints = api.services.operations.complaints();
    send_json(call.http, complaints.empty() ? 200 : 503,
              {{"ready", complaints.empty()},
               {"sandbox_level", api.services.operations.sandbox().level},
               {"problems", complaints}});
  });
  router.add("GET", "/metrics", Anyone{}, [&api](Call& call) { send_metrics(call, api); });
  router.add("GET", "/api/v1/problems/{code}", Anyone{}, send_problem_kind);
  const std::string etag = "\"" + core::Sha256::of(openapi_json()).hex().substr(0, 16) + "\"";
  router.add("GET", "/api/openapi.json", Anyone{}, [etag](Call& call) {
    call.http.set_header("ETag", etag);
    call.http.set_header("Cache-Control", "no-cache");
    if (call.http.header("If-None-Match") == etag) {
      call.http.send_empty(304);
    } else {
      call.http.send(200, "application/json", openapi_json());
    }
  });
}

}  // namespace muniment::webui::api
