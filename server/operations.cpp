#include "server/operations.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/purge_day.h"
#include "records/report.h"
#include "server/backup.h"
#include "server/verify.h"
#include "storage/audit.h"
#include "storage/jobs.h"
#include "storage/mailbox_mails.h"
#include "storage/mailboxes.h"
#include "storage/statistics.h"
#include "storage/unreferenced_blobs.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using nlohmann::ordered_json;

namespace {

constexpr char kOwner[] = "operations";
constexpr std::array<const char*, 4> kOperationKinds = {"verify", "backup", "reindex", "sweep"};
constexpr std::chrono::hours kSweepEvery{24};
constexpr std::chrono::milliseconds kReportEvery{500};

// What the last verification has to tell, in words; empty: nothing.
std::string damage_found(storage::Session& session) {
  const auto last = storage::find_last_job(session, "verify");
  if (!last) return "";
  const std::string day = core::to_iso(core::civil_date(*last->finished_at));
  if (last->state == storage::JobState::failed)
    return "the last verification, of " + day + ", failed: " + last->problem;
  const auto result = nlohmann::json::parse(last->result);
  if (result.value("sound", false)) return "";
  return "the last verification, of " + day + ", found " + std::to_string(result.value("finding_count", 0)) +
         " things that are not what they were";
}

}  // namespace

ServiceOperations::ServiceOperations(Parts parts) : parts_(parts), started_at_(parts.database.clock().now()) {}

ServiceOperations::~ServiceOperations() {
  stop();
}

void ServiceOperations::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void ServiceOperations::stop() {
  thread_.request_stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> ServiceOperations::complaints() {
  std::vector<std::string> all;
  // The pipeline knows of it once a file has come.
  std::string reason = parts_.pipeline.unavailable_reason();
  if (reason.empty()) reason = parts_.extractor.unavailable_reason();
  if (!reason.empty()) all.push_back(std::move(reason));
  if (!parts_.database.keeps_changes())
    all.push_back("the disk has failed to keep what was written: nothing is changed until the next start");
  if (!parts_.blobs.keeps_files())
    all.push_back("the disk has failed to keep a file: nothing is taken in until the next start");
  const auto space = core::disk_space(parts_.data.root());
  if (space.free_bytes < parts_.settings.intake.free_floor(space.total_bytes))
    all.push_back("the disk is nearly full: nothing is taken in");
  for (std::string& complaint : parts_.checkpoint_schedule.complaints()) all.push_back(std::move(complaint));
  return all;
}

webui::ServiceStatus ServiceOperations::status() {
  webui::ServiceStatus status;
  status.version = MUNIMENT_VERSION;
  status.started_at = started_at_;
  auto session = parts_.database.read();
  const auto counts = storage::count_archive(session);
  status.documents = counts.documents;
  status.documents_by_state = counts.by_state;
  status.in_trash = counts.in_trash;
  status.pages = counts.pages;
  const auto depth = storage::queue_depth(session);
  status.queued = depth.queued;
  status.running = depth.running;
  status.waiting = depth.waiting;
  status.failed = depth.quarantined;
  status.index_documents = parts_.index.document_count();
  status.index_pending = storage::changed_document_count(session);
  const auto space = core::disk_space(parts_.data.root());
  status.disk_total_bytes = space.total_bytes;
  status.disk_free_bytes = space.free_bytes;
  status.disk_floor_bytes = parts_.settings.intake.free_floor(space.total_bytes);
  for (const auto& folder : parts_.watch_folders.all()) {
    if (auto files = folder->files(); !files.problem.empty()) status.problems.push_back(std::move(files.problem));
  }
  if (std::string damage = damage_found(session); !damage.empty()) status.problems.push_back(std::move(damage));
  return status;
}

webui::SandboxState ServiceOperations::sandbox() {
  webui::SandboxState state;
  state.required_level = static_cast<int>(parts_.settings.extractor.minimum_level);
  try {
    const ingest::SandboxReport report = parts_.extractor.sandbox();
    state.level = static_cast<int>(report.level);
    for (const auto& attempt : report.attempts) state.attempts.push_back({attempt.name, attempt.blocked});
  } catch (const Error& error) {
    // Without the program nothing foreign is read at all.
    if (error.code() != ErrorCode::unavailable) throw;
    return state;
  }
  state.processing = state.level >= state.required_level;
  return state;
}

std::string ServiceOperations::metrics_text() {
  const webui::ServiceStatus now = status();
  const webui::SandboxState safety = sandbox();
  std::string text;
  const auto gauge = [&](const char* name, const char* help, auto value) {
    text += "# HELP muniment_" + std::string(name) + " " + help + "\n# TYPE muniment_" + name + " gauge\nmuniment_" +
            name + " " + std::to_string(value) + "\n";
  };
  gauge("documents", "Documents that are not in the trash.", now.documents);
  gauge("pages", "Their pages.", now.pages);
  gauge("documents_in_trash", "Documents in the trash.", now.in_trash);
  gauge("jobs_queued", "Jobs that wait for a worker.", now.queued);
  gauge("jobs_running", "Jobs that run.", now.running);
  gauge("jobs_waiting", "Jobs that wait for a person or for safe processing.", now.waiting);
  gauge("documents_quarantined", "Documents that could not be read.", now.failed);
  gauge("index_documents", "Documents in the search index.", now.index_documents);
  gauge("index_pending", "Changed documents that the index does not have yet.", now.index_pending);
  gauge("disk_free_bytes", "Free space on the archive's disk.", now.disk_free_bytes);
  storage::UnreferencedBlobs unreferenced;
  {
    auto session = parts_.database.read();
    unreferenced = storage::unreferenced_blobs(session);
  }
  gauge("unreferenced_files", "Files that the last sweep found to be in no document.", unreferenced.count);
  gauge("unreferenced_bytes", "Space that they take.", unreferenced.bytes);
  gauge("page_image_bytes", "Space that cached page images take.", parts_.renditions.page_image_bytes());
  std::int64_t failing = 0;
  std::int64_t mails = 0;
  {
    auto session = parts_.database.read();
    for (const storage::Mailbox& mailbox : storage::list_mailboxes(session)) {
      failing += mailbox.terms.enabled && mailbox.failures > 0 ? 1 : 0;
      mails += storage::mail_counts(session, mailbox.id).failed;
    }
  }
  gauge("mailboxes_failing", "Mailboxes whose last visit failed.", failing);
  gauge("mails_failed", "Mails that could not be taken in yet.", mails);
  std::int64_t troubled = 0;
  std::int64_t set_aside = 0;
  for (const auto& folder : parts_.watch_folders.all()) {
    const scanners::WatchedFiles files = folder->files();
    troubled += files.troubled;
    set_aside += files.set_aside;
  }
  gauge("watched_files_waiting", "Files in watched folders that cannot be read or removed yet.", troubled);
  gauge("watched_files_failed", "Files of watched folders that were refused and lie in failed/.", set_aside);
  gauge("sandbox_level", "Protection around readers of foreign files, 3 (all) to 0 (none).", safety.level);
  gauge("ready", "1 when the service can do all its work.", complaints().empty() ? 1 : 0);
  return text;
}

std::int64_t ServiceOperations::enqueue(const storage::Principal& who, const std::string& kind,
                                        const std::string& parameters) {
  std::int64_t id = 0;
  {
    auto tx = parts_.database.begin(who.actor());
    if (const auto open = storage::find_open_job(tx, kind)) {
      throw Error(ErrorCode::conflict, "this is being done already, as job " + std::to_string(open->id));
    }
    id = storage::enqueue_job(tx, kind, std::nullopt, storage::kBackground, parameters);
    storage::AuditEvent event{"service." + kind, "job", id};
    event.after = parameters;
    tx.audit(event);
    tx.commit();
  }
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
  return id;
}

std::int64_t ServiceOperations::start_reindex(const storage::Principal& who) {
  return enqueue(who, "reindex", "{}");
}

std::int64_t ServiceOperations::start_verify(const storage::Principal& who) {
  return enqueue(who, "verify", "{}");
}

std::int64_t ServiceOperations::start_sweep(const storage::Principal& who) {
  return enqueue(who, "sweep", "{}");
}

std::int64_t ServiceOperations::start_backup(const storage::Principal& who, const std::string& directory) {
  if (!std::filesystem::path(directory).is_absolute()) {
    throw Error(ErrorCode::invalid_argument, "a backup's directory must be an absolute path",
                {{"/directory", "must begin with /"}});
  }
  return enqueue(who, "backup", ordered_json{{"directory", directory}}.dump());
}

void ServiceOperations::start_disposition(const storage::Principal& who, std::int64_t batch_id,
                                          std::int64_t expected_version) {
  parts_.records.execute(who, batch_id, expected_version);
}

void ServiceOperations::records_changed() {
  parts_.records.wake();
}

void ServiceOperations::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      if (work() || verify_when_due() || sweep_when_due()) continue;
    } catch (const Error& error) {
      parts_.log.error("operation_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    } catch (const std::exception& error) {
      parts_.log.error("operation_failed", {{"code", "internal"}, {"cause", error.what()}});
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, std::chrono::seconds(30), [&] { return woken_; });
    woken_ = false;
  }
}

std::optional<storage::Principal> ServiceOperations::asks_for(std::string_view kind, std::chrono::milliseconds every) {
  auto session = parts_.database.read();
  if (storage::find_open_job(session, kind)) return std::nullopt;
  const auto last = storage::find_last_job(session, kind);
  const auto since = last ? last->finished_at : storage::first_audit_time(session);
  if (!since || parts_.database.clock().now() - *since < every) return std::nullopt;
  return storage::system_principal(session, "schedule");
}

bool ServiceOperations::verify_when_due() {
  const auto every = parts_.settings.verify_interval;
  if (every.count() == 0) return false;
  const auto who = asks_for("verify", every);
  if (who) start_verify(*who);
  return who.has_value();
}

bool ServiceOperations::sweep_when_due() {
  const auto who = asks_for("sweep", kSweepEvery);
  if (who) start_sweep(*who);
  return who.has_value();
}

bool ServiceOperations::work() {
  std::optional<storage::Job> job;
  {
    auto tx = parts_.database.begin(storage::Actor::system("operations"));
    for (const char* kind : kOperationKinds) {
      if (!job) job = storage::claim_job(tx, kind, kOwner);
    }
    tx.commit();
  }
  if (!job) return false;
  std::string result, code, problem;
  try {
    result = perform(*job);
  } catch (const Error& error) {
    code = core::code_name(error.code());
    problem = error.message();
  } catch (const std::filesystem::filesystem_error& error) {
    code = core::code_name(ErrorCode::io);
    problem = error.what();
  } catch (const std::exception& error) {
    // The job must not stay open for ever, whatever it was.
    code = core::code_name(ErrorCode::internal);
    problem = error.what();
  }
  auto tx = parts_.database.begin(storage::Actor::system("operations"));
  if (!code.empty() && is_stopping()) {
    storage::release_job(tx, job->id, kOwner);
  } else {
    const bool kept = code.empty() ? storage::finish_job(tx, job->id, kOwner, result)
                                   : storage::fail_job(tx, job->id, kOwner, code, problem);
    if (kept) {
      log_outcome(tx, *job, result, problem);
    } else {
      tx.audit({"service." + job->kind + "_cancelled", "job", job->id});
    }
  }
  tx.commit();
  return true;
}

void ServiceOperations::log_outcome(storage::Transaction& tx, const storage::Job& job, const std::string& result,
                                    const std::string& problem) {
  storage::AuditEvent event{"service." + job.kind + (problem.empty() ? "_finished" : "_failed"), "job", job.id};
  event.after = result;
  event.reason = problem;
  event.succeeded = problem.empty();
  if (job.kind == "verify" && problem.empty() && !nlohmann::json::parse(result).value("sound", false)) {
    event.action = "fixity.failed";
    event.succeeded = false;
  }
  tx.audit(event);
}

std::string ServiceOperations::perform(const storage::Job& job) {
  const StageReport told = [&](std::string_view stage, std::int64_t done, std::int64_t of) {
    report(job, stage, done, of);
  };
  if (job.kind == "verify")
    return to_json(verify(parts_.database, parts_.blobs, parts_.index, parts_.checkpoints, told));
  if (job.kind == "backup") {
    const auto parameters = nlohmann::json::parse(job.parameters);
    const auto result = back_up(parts_.data, parts_.database, parts_.blobs, parts_.disposal,
                                parameters.at("directory").get<std::string>(), told);
    return ordered_json{{"blobs", result.blobs}, {"blobs_copied", result.blobs_copied}}.dump();
  }
  return job.kind == "sweep" ? sweep(job) : reindex(job);
}

std::string ServiceOperations::reindex(const storage::Job& job) {
  parts_.indexer.rebuild();
  auto rebuild = parts_.indexer.rebuild_progress();
  try {
    for (; rebuild.under_way; rebuild = parts_.indexer.rebuild_progress()) {
      report(job, "documents", rebuild.done, rebuild.of);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  } catch (const Error& error) {
    // Without an index that answers it goes on by itself.
    if (error.code() == ErrorCode::cancelled) parts_.indexer.stop_rebuild();
    throw;
  }
  return ordered_json{{"documents", rebuild.done}}.dump();
}

std::string ServiceOperations::sweep(const storage::Job& job) {
  std::int64_t files = 0;
  {
    auto session = parts_.database.read();
    files = storage::count_archive(session).blobs;
  }
  std::int64_t looked_at = 0;
  storage::note_unreferenced_blobs(parts_.database, parts_.blobs, [&] {
    ++looked_at;
    // It is never at its end, each of which would be written.
    report(job, "files", looked_at, std::max(files, looked_at + 1));
  });
  bool may_remove = false;
  {
    auto tx = parts_.database.begin(storage::Actor::system("sweep"));
    const core::Date today = records::today(tx, tx.now());
    may_remove = records::is_credible_for_purging(tx, today) && !records::is_purging_postponed(tx, today);
    tx.commit();
  }
  storage::UnreferencedBlobs removed;
  if (may_remove) {
    removed = parts_.disposal.remove_unreferenced_files(
        parts_.database.clock().now() - parts_.settings.unreferenced_kept, [this] { return is_stopping(); });
  }
  if (removed.count > 0) {
    parts_.log.info("unreferenced_files_removed", {{"files", removed.count}, {"bytes", removed.bytes}});
  }
  storage::UnreferencedBlobs left;
  {
    auto session = parts_.database.read();
    left = storage::unreferenced_blobs(session);
  }
  return ordered_json{{"removed", removed.count},
                      {"removed_bytes", removed.bytes},
                      {"waiting", left.count},
                      {"waiting_bytes", left.bytes},
                      {"paused", !may_remove}}
      .dump();
}

void ServiceOperations::report(const storage::Job& job, std::string_view stage, std::int64_t done, std::int64_t of) {
  if (is_stopping()) throw Error(ErrorCode::unavailable, "the service is stopping");
  if (done != of && since_report_.elapsed() < kReportEvery) return;
  since_report_ = core::Stopwatch();
  auto tx = parts_.database.begin(storage::Actor::system("operations"));
  if (!storage::show_progress(tx, job.id, kOwner, stage, done, of)) {
    throw Error(ErrorCode::cancelled, "somebody asked for this to stop");
  }
  tx.commit();
}

}  // namespace muniment::server
