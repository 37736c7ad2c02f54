// The work queue: one row a job, in the same database, so that a job and what it is about commit together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class JobState {
  queued,
  running,
  waiting,  // for a person (a password) or for safe processing; not for a worker
  done,
  failed,  // its document is quarantined, or the job itself says why
  cancelled,
};
std::string_view job_state_name(JobState state);

// Lower is sooner.
inline constexpr int kInteractive = 10;
inline constexpr int kBulk = 50;
inline constexpr int kBackground = 70;
// A job whose process died this often is not tried again: its document goes to quarantine.
inline constexpr int kMaxAttempts = 3;

struct Job {
  std::int64_t id = 0;
  std::string kind;  // "read", "reindex", "verify", "backup", "sweep"
  std::optional<std::int64_t> document_id;
  int priority = kBulk;
  JobState state = JobState::queued;
  std::string stage;       // as openapi.yaml lists them ("reading"); empty when it does not run
  std::int64_t page = 0;   // pages done
  std::int64_t pages = 0;  // of so many; 0: not known
  int attempt = 0;
  std::string parameters;  // JSON
  std::string result;      // JSON, empty until done
  std::string problem_code;
  std::string problem;
  core::Time created_at;
  std::int64_t created_by = 0;
  std::optional<core::Time> finished_at;
};
// Queued, running or waiting.
bool is_open(const Job& job);

std::int64_t enqueue_job(Transaction& tx, std::string_view kind, std::optional<std::int64_t> document_id, int priority,
                         std::string_view parameters = "{}");

// Takes the next job of this kind, soonest priority first, and counts the attempt. Empty when there is none that is
// due.
std::optional<Job> claim_job(Transaction& tx, std::string_view kind, std::string_view owner);
// The same for up to `limit` jobs whose priority is not worse than `worst_priority`.
std::vector<Job> claim_jobs(Transaction& tx, std::string_view kind, std::string_view owner, std::size_t limit,
                            int worst_priority);
// These change only a job that `owner` still runs; false means that it was taken away: the result must be dropped.
// More pages done than ever before also make the attempt the first one again: a document that gets on is not what ends
// processes.
bool report_progress(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view stage,
                     std::int64_t page, std::int64_t pages);
// The same of work that begins anew after a crash, however far it was: getting on says nothing there, so attempts
// count.
bool show_progress(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view stage,
                   std::int64_t page, std::int64_t pages);
bool finish_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view result = "{}");
// The document is read; what is left is its index entry. Stage "indexing", which mark_indexed ends; the job is done at
// once when the index has the document already.
bool await_indexing(Transaction& tx, std::int64_t job_id, std::string_view owner);
bool fail_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view problem_code,
              std::string_view problem);
// For a person or for safe processing; `requeue_job` lets it go on.
bool suspend_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view problem_code,
                 std::string_view problem);
// Back to the queue, from any state but running; attempts start anew.
bool requeue_job(Transaction& tx, std::int64_t job_id, int priority);
// Every waiting job with that problem code goes back to the queue; the attempt that ended so does not count. How many.
std::int64_t requeue_waiting_jobs(Transaction& tx, std::string_view problem_code);
// Gives a running job back unfinished: a stopping service's last act. The attempt does not count.
bool release_job(Transaction& tx, std::int64_t job_id, std::string_view owner);
// Of a queued, waiting or running job; ending what runs is up to its runner.
bool cancel_job(Transaction& tx, std::int64_t job_id);

// At start, before any job is claimed: jobs that another process ran go back to the queue, or, after kMaxAttempts, are
// returned (still running by name) for the caller to fail with a reason. Jobs at stage "indexing" stay with the
// indexer.
std::vector<Job> recover_jobs(Transaction& tx, std::string_view owner);

std::optional<Job> find_job(Session& session, std::int64_t id);
// The oldest of this kind that is queued, running or waiting.
std::optional<Job> find_open_job(Session& session, std::string_view kind);
// Of those of this kind that are of no document, the one that was done or failed last.
std::optional<Job> find_last_job(Session& session, std::string_view kind);
// The newest job of a document.
std::optional<Job> find_document_job(Session& session, std::int64_t document_id);
// Whether `who` may know of it: started it, may operate the service, or may read its document.
bool may_see(Session& session, const Principal& who, const Job& job);
struct JobFilter {
  bool open_only = false;  // queued, running or waiting
  std::optional<core::Time> since;
  std::string kind = {};  // empty: every kind
};
// The newest first; only those that `who` may see.
std::vector<Job> list_jobs(Session& session, const Principal& who, const JobFilter& filter, std::size_t limit);

struct QueueDepth {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  std::int64_t quarantined = 0;  // documents
};
QueueDepth queue_depth(Session& session);

}  // namespace muniment::storage
