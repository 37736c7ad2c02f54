// Operating the service.
#include "core/error.h"
#include "index/query.h"
#include "records/bulk_changes.h"
#include "records/disposition.h"
#include "records/transfer.h"
#include "storage/accounts.h"
#include "storage/restored_access.h"
#include "webui/api/api.h"
#include "webui/api/list_csv.h"
#include "webui/arrival.h"
#include "webui/multipart.h"

namespace muniment::webui::api {

using storage::Permission;

namespace {

Json status_json(Api& api) {
  const ServiceStatus status = api.services.operations.status();
  Json by_state = Json::object();
  auto problems = api.services.operations.complaints();
  problems.insert(problems.end(), status.problems.begin(), status.problems.end());
  for (const auto& [state, count] : status.documents_by_state) by_state[state] = count;
  return {{"version", status.version},
          {"started_at", core::to_rfc3339(status.started_at)},
          {"documents", status.documents},
          {"documents_by_state", std::move(by_state)},
          {"in_trash", status.in_trash},
          {"pages", status.pages},
          {"queue",
           {{"queued", status.queued},
            {"running", status.running},
            {"waiting", status.waiting},
            {"failed", status.failed}}},
          {"index", {{"documents", status.index_documents}, {"pending", status.index_pending}}},
          {"disk",
           {{"total_bytes", status.disk_total_bytes},
            {"free_bytes", status.disk_free_bytes},
            {"floor_bytes", status.disk_floor_bytes}}},
          {"sandbox_level", api.services.operations.sandbox().level},
          {"problems", std::move(problems)}};
}

Json sandbox_json(const SandboxState& sandbox) {
  Json attempts = Json::array();
  for (const auto& attempt : sandbox.attempts)
    attempts.push_back({{"name", attempt.name}, {"blocked", attempt.blocked}});
  return {{"level", sandbox.level},
          {"required_level", sandbox.required_level},
          {"processing", sandbox.processing},
          {"attempts", std::move(attempts)}};
}

Json limits_json(const Call& call, const Api& api) {
  const ingest::IntakeOptions& intake = api.services.intake.options();
  const ingest::DailyQuota& quota = api.services.intake.quota();
  auto session = api.services.database.read();
  const auto seconds = [](auto duration) { return std::chrono::duration_cast<std::chrono::seconds>(duration).count(); };
  return {{"max_file_size", intake.max_file_bytes},
          {"max_archive_size", api.services.archive_imports.options().limits.bytes},
          {"max_receipt_size", records::kMostReceiptBytes},
          {"max_json_size", kMostJsonBytes},
          {"max_json_depth", kDeepestJson},
          {"max_form_parts", kMostParts},
          {"max_form_field_size", kLongestFormField},
          {"max_target_length", kLongestTarget},
          {"max_headers", kMostHeaders},
          {"max_header_length", kLongestHeader},
          {"max_query_length", index::kLongestQuery},
          {"max_page_size", kMostListed},
          {"max_csv_rows", kMostInCsv},
          {"max_bulk_documents", records::kMostInBulk},
          {"max_batch_records", records::kLargestBatch},
          {"longest_share_days", api.options.longest_share.count()},
          {"longest_token_days", storage::kLongestTokenLife.count()},
          {"free_disk_floor", intake.free_floor_bytes},
          {"daily_quota", quota.bytes()},
          {"daily_quota_used", quota.used(session, call.who)},
          {"daily_quota_renewed_at", core::to_rfc3339(ingest::DailyQuota::ends(session))},
          {"allowed_types", intake.allowed_types},
          {"session_idle_seconds", seconds(api.options.sessions.idle)},
          {"session_absolute_seconds", seconds(api.options.sessions.absolute)},
          {"upload_expiry_seconds", seconds(api.options.upload_lifetime)},
          {"languages", api.options.languages},
          {"disposition_approvals", api.options.disposition_approvals},
          {"trash_kept_seconds", seconds(api.options.trash_kept)},
          {"sends_mail", api.options.sends_mail}};
}

Json suspended_json(storage::Session& session) {
  const auto suspended = storage::suspended_access(session);
  return {{"accounts", suspended.accounts},
          {"tokens", suspended.tokens},
          {"share_links", suspended.share_links},
          {"scan_stations", suspended.scan_stations}};
}

void decide_restored_access(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string decision = body.text("decision");
  body.finish();
  if (decision != "resume" && decision != "revoke") {
    throw core::Error(core::ErrorCode::invalid_argument, "must be resume or revoke",
                      {{"/decision", "must be resume or revoke"}});
  }
  auto tx = api.services.database.begin(call.who.actor());
  (decision == "resume" ? storage::resume_restored_access : storage::revoke_restored_access)(tx, call.who);
  const Json left = suspended_json(tx);
  tx.commit();
  send_json(call.http, 200, left);
}

}  // namespace

void add_admin(Router& router, Api& api) {
  router.add("GET", "/api/v1/limits", SignedIn{},
             [&api](Call& call) { send_json(call.http, 200, limits_json(call, api)); });
  router.add("GET", "/api/v1/admin/status", Permission::operate,
             [&api](Call& call) { send_json(call.http, 200, status_json(api)); });
  router.add("GET", "/api/v1/admin/restored-access", Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, suspended_json(session));
  });
  router.add("POST", "/api/v1/admin/restored-access", Permission::manage_accounts,
             [&api](Call& call) { decide_restored_access(call, api); });
  router.add("GET", "/api/v1/admin/sandbox", Permission::operate,
             [&api](Call& call) { send_json(call.http, 200, sandbox_json(api.services.operations.sandbox())); });
  router.add("POST", "/api/v1/admin/reindex", Permission::operate,
             [&api](Call& call) { send_job(call.http, api.services.operations.start_reindex(call.who)); });
  router.add("POST", "/api/v1/admin/verify", Permission::operate,
             [&api](Call& call) { send_job(call.http, api.services.operations.start_verify(call.who)); });
  router.add("POST", "/api/v1/admin/sweep", Permission::operate,
             [&api](Call& call) { send_job(call.http, api.services.operations.start_sweep(call.who)); });
  router.add("POST", "/api/v1/admin/backup", Permission::operate, [&api](Call& call) {
    Fields body = Fields::of(call.http);
    const std::string directory = body.text("directory");
    body.finish();
    send_job(call.http, api.services.operations.start_backup(call.who, directory));
  });
}

}  // namespace muniment::webui::api
