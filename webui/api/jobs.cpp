// Work that takes its time.
#include "storage/jobs.h"

#include "core/error.h"
#include "records/bulk_changes.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

// How far back the list goes: it shows what goes on, not history.
constexpr std::size_t kMostJobsListed = 1000;

storage::Job require_job(storage::Session& session, const Call& call) {
  auto job = storage::find_job(session, call.number("id"));
  if (!job || !storage::may_see(session, call.who, *job)) {
    throw Error(ErrorCode::not_found, "there is no job " + call.text("id"));
  }
  return std::move(*job);
}

void list_jobs(Call& call, Api& api) {
  storage::JobFilter filter;
  const std::string state = call.http.query("state").value_or("");
  filter.open_only = state == "open";
  filter.kind = call.http.query("kind").value_or("");
  if (const auto since = call.http.query("since")) {
    filter.since = core::parse_rfc3339(*since);
    if (!filter.since) {
      throw Error(ErrorCode::invalid_argument, "since must be a time like 2026-11-24T08:00:00Z",
                  {{"since", "must be a time like 2026-11-24T08:00:00Z"}});
    }
  }
  auto session = api.services.database.read();
  auto jobs = storage::list_jobs(session, call.who, filter, kMostJobsListed);
  if (!state.empty() && !filter.open_only) {
    std::erase_if(jobs, [&](const storage::Job& job) { return storage::job_state_name(job.state) != state; });
  }
  send_window(call, jobs, [&](const storage::Job& job) { return job_json(session, call.who, job); });
}

void cancel_job(Call& call, Api& api) {
  std::optional<storage::Job> job;
  {
    auto session = api.services.database.read();
    job = require_job(session, call);
  }
  if (job->document_id) {
    api.services.pipeline.cancel(call.who, job->id);
  } else {
    const bool own = job->kind == records::kBulkJob && job->created_by == call.who.account_id;
    if (!own) call.who.require(Permission::operate);
    auto tx = api.services.database.begin(call.who.actor());
    const bool cancelled = storage::cancel_job(tx, job->id);
    tx.commit();
    if (!cancelled) throw Error(ErrorCode::conflict, "this job is over already");
  }
  call.http.send_empty(204);
}

}  // namespace

void add_jobs(Router& router, Api& api) {
  router.add("GET", "/api/v1/jobs", Permission::read_documents, [&api](Call& call) { list_jobs(call, api); });
  router.add("GET", "/api/v1/jobs/{id}", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, job_json(session, call.who, require_job(session, call)));
  });
  router.add("DELETE", "/api/v1/jobs/{id}", Permission::edit_documents, [&api](Call& call) { cancel_job(call, api); });
}

}  // namespace muniment::webui::api
