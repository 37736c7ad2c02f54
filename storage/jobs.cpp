#include "storage/jobs.h"

#include <climits>

#include "core/error.h"
#include "storage/internal/optional_condition.h"

namespace muniment::storage {

namespace {

JobState parse_job_state(std::string_view name) {
  for (const JobState state : {JobState::queued, JobState::running, JobState::waiting, JobState::done, JobState::failed,
                               JobState::cancelled}) {
    if (job_state_name(state) == name) return state;
  }
  throw core::Error(core::ErrorCode::corrupt, "the database holds an unknown job state");
}

constexpr std::string_view kSelect =
    "SELECT id, kind, document_id, priority, state, stage, page, pages, attempt, parameters, result, problem_code, "
    "problem, created_at, created_by, finished_at FROM job ";
constexpr std::string_view kIsOpen = "state IN ('queued', 'running', 'waiting')";

template <typename... Arguments>
std::vector<Job> read_jobs(Session& session, std::string_view rest, const Arguments&... arguments) {
  std::vector<Job> jobs;
  for (const auto& row :
       session.rows<std::int64_t, std::string, std::optional<std::int64_t>, int, std::string, std::string, std::int64_t,
                    std::int64_t, int, std::string, std::string, std::string, std::string, core::Time,
                    std::optional<std::int64_t>, std::optional<core::Time>>(std::string(kSelect) + std::string(rest),
                                                                            arguments...)) {
    Job job;
    std::string state;
    std::optional<std::int64_t> created_by;
    std::tie(job.id, job.kind, job.document_id, job.priority, state, job.stage, job.page, job.pages, job.attempt,
             job.parameters, job.result, job.problem_code, job.problem, job.created_at, created_by, job.finished_at) =
        row;
    job.state = parse_job_state(state);
    job.created_by = created_by.value_or(0);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

std::string_view job_state_name(JobState state) {
  switch (state) {
    case JobState::queued:
      return "queued";
    case JobState::running:
      return "running";
    case JobState::waiting:
      return "waiting";
    case JobState::done:
      return "done";
    case JobState::failed:
      return "failed";
    case JobState::cancelled:
      return "cancelled";
  }
  return "queued";
}

bool is_open(const Job& job) {
  return job.state == JobState::queued || job.state == JobState::running || job.state == JobState::waiting;
}

std::int64_t enqueue_job(Transaction& tx, std::string_view kind, std::optional<std::int64_t> document_id, int priority,
                         std::string_view parameters) {
  return tx.insert(
      "INSERT INTO job (kind, document_id, priority, state, parameters, run_at, created_at, created_by) "
      "VALUES ($1, $2, $3, 'queued', $4, $5, $5, $6)",
      kind, document_id, priority, parameters, tx.now(),
      tx.actor().account_id == 0 ? std::nullopt : std::optional(tx.actor().account_id));
}

std::optional<Job> claim_job(Transaction& tx, std::string_view kind, std::string_view owner) {
  auto jobs = claim_jobs(tx, kind, owner, 1, INT_MAX);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

std::vector<Job> claim_jobs(Transaction& tx, std::string_view kind, std::string_view owner, std::size_t limit,
                            int worst_priority) {
  auto jobs = read_jobs(tx,
                        "WHERE state = 'queued' AND kind = $1 AND run_at <= $2 AND priority <= $3 "
                        "ORDER BY priority, id LIMIT $4",
                        kind, tx.now(), worst_priority, limit);
  for (Job& job : jobs) {
    tx.execute(
        "UPDATE job SET state = 'running', owner = $1, attempt = attempt + 1, problem_code = '', problem = '' "
        "WHERE id = $2",
        owner, job.id);
    job.state = JobState::running;
    ++job.attempt;
    job.problem_code.clear();
    job.problem.clear();
  }
  return jobs;
}

bool report_progress(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view stage,
                     std::int64_t page, std::int64_t pages) {
  return tx.execute(
             "UPDATE job SET stage = $1, attempt = CASE WHEN page < $2 THEN 1 ELSE attempt END, page = $2, pages = $3 "
             "WHERE id = $4 AND owner = $5 AND state = 'running'",
             stage, page, pages, job_id, owner) > 0;
}

bool show_progress(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view stage,
                   std::int64_t page, std::int64_t pages) {
  return tx.execute(
             "UPDATE job SET stage = $1, page = $2, pages = $3 WHERE id = $4 AND owner = $5 AND state = 'running'",
             stage, page, pages, job_id, owner) > 0;
}

bool finish_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view result) {
  return tx.execute(
             "UPDATE job SET state = 'done', stage = '', result = $1, finished_at = $2 "
             "WHERE id = $3 AND owner = $4 AND state = 'running'",
             result, tx.now(), job_id, owner) > 0;
}

bool await_indexing(Transaction& tx, std::int64_t job_id, std::string_view owner) {
  return tx.execute(
             "UPDATE job SET stage = 'indexing' WHERE id = $1 AND owner = $2 AND state = 'running' "
             "AND EXISTS (SELECT 1 FROM index_queue q WHERE q.document_id = job.document_id)",
             job_id, owner) > 0 ||
         finish_job(tx, job_id, owner);
}

bool fail_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view problem_code,
              std::string_view problem) {
  return tx.execute(
             "UPDATE job SET state = 'failed', stage = '', problem_code = $1, problem = $2, finished_at = $3 "
             "WHERE id = $4 AND owner = $5 AND state = 'running'",
             problem_code, problem, tx.now(), job_id, owner) > 0;
}

bool suspend_job(Transaction& tx, std::int64_t job_id, std::string_view owner, std::string_view problem_code,
                 std::string_view problem) {
  return tx.execute(
             "UPDATE job SET state = 'waiting', stage = '', owner = '', problem_code = $1, problem = $2 "
             "WHERE id = $3 AND owner = $4 AND state = 'running'",
             problem_code, problem, job_id, owner) > 0;
}

bool requeue_job(Transaction& tx, std::int64_t job_id, int priority) {
  return tx.execute(
             "UPDATE job SET state = 'queued', stage = '', page = 0, attempt = 0, owner = '', problem_code = '', "
             "problem = '', priority = $1, run_at = $2, finished_at = NULL WHERE id = $3 AND state <> 'running'",
             priority, tx.now(), job_id) > 0;
}

std::int64_t requeue_waiting_jobs(Transaction& tx, std::string_view problem_code) {
  return tx.execute(
      "UPDATE job SET state = 'queued', owner = '', attempt = max(attempt - 1, 0), problem_code = '', problem = '' "
      "WHERE state = 'waiting' AND problem_code = $1",
      problem_code);
}

bool release_job(Transaction& tx, std::int64_t job_id, std::string_view owner) {
  return tx.execute(
             "UPDATE job SET state = 'queued', owner = '', attempt = attempt - 1 "
             "WHERE id = $1 AND owner = $2 AND state = 'running' AND stage <> 'indexing'",
             job_id, owner) > 0;
}

bool cancel_job(Transaction& tx, std::int64_t job_id) {
  return tx.execute(
             "UPDATE job SET state = 'cancelled', stage = '', finished_at = $1 "
             "WHERE id = $2 AND state IN ('queued', 'waiting', 'running')",
             tx.now(), job_id) > 0;
}

std::vector<Job> recover_jobs(Transaction& tx, std::string_view owner) {
  tx.execute(
      "UPDATE job SET state = 'queued', owner = '' "
      "WHERE state = 'running' AND owner <> $1 AND stage <> 'indexing' AND attempt < $2",
      owner, kMaxAttempts);
  tx.execute("UPDATE job SET owner = $1 WHERE state = 'running' AND owner <> $1", owner);
  return read_jobs(tx, "WHERE state = 'running' AND stage <> 'indexing' AND attempt >= $1 ORDER BY id", kMaxAttempts);
}

std::optional<Job> find_job(Session& session, std::int64_t id) {
  auto jobs = read_jobs(session, "WHERE id = $1", id);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

std::optional<Job> find_last_job(Session& session, std::string_view kind) {
  auto jobs =
      read_jobs(session,
                "WHERE document_id IS NULL AND kind = $1 AND state IN ('done', 'failed') ORDER BY finished_at DESC, "
                "id DESC LIMIT 1",
                kind);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

std::optional<Job> find_document_job(Session& session, std::int64_t document_id) {
  auto jobs = read_jobs(session, "WHERE document_id = $1 ORDER BY id DESC LIMIT 1", document_id);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

bool may_see(Session& session, const Principal& who, const Job& job) {
  if (who.may(Permission::operate) && !job.document_id) return true;
  if (job.document_id) {
    const auto list =
        session.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", *job.document_id);
    return list && who.may_read(*list);
  }
  return job.created_by == who.account_id;
}

std::vector<Job> list_jobs(Session& session, const Principal& who, const JobFilter& filter, std::size_t limit) {
  // As may_see.
  const std::string condition = "WHERE 1 = 1" + when(filter.since.has_value(), "created_at >= $1", "$1") +
                                (filter.open_only ? " AND " + std::string(kIsOpen) : "") +
                                " AND ((document_id IS NULL AND ($2 = 1 OR created_by = $3)) OR ($4 = 1 AND EXISTS "
                                "(SELECT 1 FROM document d WHERE d.id = job.document_id AND " +
                                readable("+d.access_list_id", 5) +
                                "))) AND ($7 = '' OR kind = $7) ORDER BY id DESC LIMIT $8";
  return read_jobs(session, condition, filter.since.value_or(core::from_microseconds(0)), who.may(Permission::operate),
                   who.account_id, who.may(Permission::read_documents), who.account_id, who.day, filter.kind, limit);
}

std::optional<Job> find_open_job(Session& session, std::string_view kind) {
  auto jobs = read_jobs(session, "WHERE kind = $1 AND " + std::string(kIsOpen) + " ORDER BY id LIMIT 1", kind);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

QueueDepth queue_depth(Session& session) {
  QueueDepth depth;
  for (const auto& [state, count] : session.rows<std::string, std::int64_t>(
           "SELECT state, count(*) FROM job WHERE state IN ('queued', 'running', 'waiting') GROUP BY state")) {
    if (state == "queued") depth.queued = count;
    if (state == "running") depth.running = count;
    if (state == "waiting") depth.waiting = count;
  }
  depth.quarantined = session
                          .value<std::int64_t>(
                              "SELECT count(*) FROM document WHERE state = 'quarantined' AND trashed_at IS NULL AND "
                              "withdrawn_at IS NULL")
                          .value();
  return depth;
}

}  // namespace muniment::storage
