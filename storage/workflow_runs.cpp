// The journal of what workflows do.
#include <array>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "storage/day.h"
#include "storage/internal/named_values.h"
#include "storage/internal/represented.h"
#include "storage/internal/workflow_terms.h"
#include "storage/restrictions.h"
#include "storage/validity.h"
#include "storage/workflows.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array kRunStates{std::pair{RunState::running, std::string_view("running")},
                                std::pair{RunState::waiting, std::string_view("waiting")},
                                std::pair{RunState::done, std::string_view("done")},
                                std::pair{RunState::refused, std::string_view("refused")},
                                std::pair{RunState::failed, std::string_view("failed")},
                                std::pair{RunState::unmatched, std::string_view("unmatched")}};
constexpr std::array kOutcomes{std::pair{StepOutcome::done, std::string_view("done")},
                               std::pair{StepOutcome::waits, std::string_view("waits")},
                               std::pair{StepOutcome::approved, std::string_view("approved")},
                               std::pair{StepOutcome::refused, std::string_view("refused")},
                               std::pair{StepOutcome::retry, std::string_view("retry")},
                               std::pair{StepOutcome::failed, std::string_view("failed")}};

constexpr std::size_t kLongestMessage = 500;
constexpr std::size_t kLongestComment = 2000;

constexpr std::string_view kRunColumns =
    "SELECT r.id, r.workflow_id, w.name, r.document_id, r.account_id, r.actions, r.state, r.step, r.attempts, "
    "r.approver_id, r.started_at, r.ended_at FROM workflow_run r JOIN workflow w ON w.id = r.workflow_id ";

template <typename... Arguments>
std::vector<WorkflowRun> read_runs(Session& session, const std::string& condition, const Arguments&... arguments) {
  std::vector<WorkflowRun> runs;
  for (const auto& [id, workflow_id, name, document, account, actions, state, step, attempts, approver, started,
                    ended] :
       session.rows<std::int64_t, std::int64_t, std::string, std::int64_t, std::int64_t, std::string, std::string,
                    std::int64_t, std::int64_t, std::optional<std::int64_t>, core::Time, std::optional<core::Time>>(
           std::string(kRunColumns) + condition, arguments...)) {
    runs.push_back({id, workflow_id, name, document, account, actions_of(actions), value_in(kRunStates, state).value(),
                    step, attempts, approver.value_or(0), started, ended});
  }
  return runs;
}

// Nobody is to believe that they decided what went another way.
void require_recorded(bool recorded) {
  if (!recorded) throw Error(ErrorCode::stale, "this run has gone on meanwhile; look at it again");
}

void require_short_comment(std::string_view comment) {
  if (comment.size() <= kLongestComment) return;
  const std::string why = "a comment has at most " + std::to_string(kLongestComment) + " bytes";
  throw Error(ErrorCode::invalid_argument, why, {{"/comment", why}});
}

std::string with_comment(const std::string& text, std::string_view comment) {
  return comment.empty() ? text : text + ": " + std::string(comment);
}

// None when the document was destroyed since.
std::int64_t insert_run(Transaction& tx, const Workflow& workflow, std::int64_t document_id, const std::string& cause,
                        RunState state) {
  return tx.execute(
      "INSERT INTO workflow_run (workflow_id, document_id, cause, account_id, actions, state, retry_after, started_at) "
      "SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE EXISTS (SELECT 1 FROM document WHERE id = $2) "
      "ON CONFLICT (workflow_id, document_id, cause) DO NOTHING",
      workflow.id, document_id, cause, workflow.account_id, actions_text(workflow.terms.actions), run_state_name(state),
      tx.now(), tx.now());
}

// Where the dates of such a workflow stand: $1 = key of the field, or '' for others.
std::string date_source(WorkflowDate date) {
  switch (date) {
    case WorkflowDate::document:
      return "SELECT d.id AS id, d.document_date AS day FROM document d WHERE $1 = '' AND d.document_date IS NOT NULL "
             "AND d.state = 'ready' AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL";
    case WorkflowDate::field:
      return "SELECT d.id AS id, v.value AS day FROM custom_value v JOIN custom_field f ON f.id = v.field_id JOIN "
             "document d ON d.id = v.document_id WHERE f.key = $1 AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL";
    case WorkflowDate::disposal:
      return "SELECT d.id AS id, r.eligible_from AS day FROM record r JOIN document d ON d.id = r.document_id WHERE "
             "$1 = '' AND r.eligible_from IS NOT NULL AND d.withdrawn_at IS NULL";
  }
  return "";
}

}  // namespace

std::string_view run_state_name(RunState state) {
  return name_in(kRunStates, state);
}
std::string_view outcome_name(StepOutcome outcome) {
  return name_in(kOutcomes, outcome);
}

std::vector<WorkflowEvent> workflow_events(Session& session, std::size_t limit) {
  std::vector<WorkflowEvent> events;
  for (const auto& [id, document, occasion] : session.rows<std::int64_t, std::int64_t, std::string>(
           "SELECT e.id, e.document_id, e.occasion FROM workflow_event e WHERE NOT EXISTS (SELECT 1 FROM index_queue q "
           "WHERE q.document_id = e.document_id) AND NOT EXISTS (SELECT 1 FROM stack_passes p WHERE e.document_id IN "
           "(p.fronts_id, p.backs_id)) ORDER BY e.id LIMIT $1",
           static_cast<std::int64_t>(limit))) {
    events.push_back({id, document, parse_occasion(occasion).value()});
  }
  return events;
}

void begin_runs(Transaction& tx, const WorkflowEvent& event, const std::vector<Workflow>& workflows) {
  if (tx.execute("DELETE FROM workflow_event WHERE id = $1", event.id) == 0) return;
  for (const Workflow& workflow : workflows) {
    insert_run(tx, workflow, event.document_id, "event " + std::to_string(event.id), RunState::running);
  }
}

std::vector<DueDocument> due_documents(Session& session, const Workflow& workflow, core::Date today,
                                       std::size_t limit) {
  const std::chrono::days after(workflow.terms.days_after);
  const core::Date first = std::chrono::sys_days(workflow.enabled_on) - after;
  const core::Date last = std::chrono::sys_days(today) - after;
  std::vector<DueDocument> due;
  for (const auto& [id, day] : session.rows<std::int64_t, core::Date>(
           "SELECT s.id, s.day FROM (" + date_source(workflow.terms.date_of) +
               ") s WHERE s.day >= $2 AND s.day <= $3 AND NOT EXISTS (SELECT 1 FROM workflow_run r WHERE "
               "r.workflow_id = $4 AND r.document_id = s.id AND r.cause = s.day) AND NOT EXISTS (SELECT 1 FROM "
               "index_queue q WHERE q.document_id = s.id) ORDER BY s.day, s.id LIMIT $5",
           workflow.terms.date_field, first, last, workflow.id, static_cast<std::int64_t>(limit))) {
    due.push_back({id, day});
  }
  return due;
}

void begin_run(Transaction& tx, const Workflow& workflow, const DueDocument& due, bool matched) {
  insert_run(tx, workflow, due.document_id, core::to_iso(due.date), matched ? RunState::running : RunState::unmatched);
}

std::vector<WorkflowRun> next_runs(Session& session, core::Time now, std::size_t limit) {
  return read_runs(session,
                   "WHERE r.state = 'running' AND w.enabled = 1 AND r.retry_after <= $1 AND EXISTS (SELECT 1 FROM "
                   "account a WHERE a.id = r.account_id AND a.disabled = 0) ORDER BY r.retry_after, r.id LIMIT $2",
                   now, static_cast<std::int64_t>(limit));
}

std::vector<std::string> mail_receivers(Session& session, const WorkflowAction& action, std::int64_t document_id) {
  std::vector<std::string> addresses = action.to;
  std::vector<std::int64_t> accounts = action.to_accounts;
  const core::Date day = today(session, session.clock().now());
  for (const std::int64_t group : action.to_groups) {
    for (const auto& [member] :
         session.rows<std::int64_t>("SELECT account_id FROM group_member WHERE group_id = $1 AND " + in_force_on("$2") +
                                        " ORDER BY account_id",
                                    group, day)) {
      accounts.push_back(member);
    }
  }
  for (const std::int64_t account : accounts) {
    const auto who = load_principal(session, account, "workflow");
    if (!who || !find_document(session, *who, document_id)) continue;
    addresses.push_back(
        session.value<std::string>("SELECT mail_address FROM account WHERE id = $1", account).value_or(""));
  }
  std::set<std::string> seen{""};
  std::erase_if(addresses, [&](const std::string& address) { return !seen.insert(address).second; });
  return addresses;
}

std::string workflow_secret(Session& session, const SealingKey& key, const WorkflowRun& run) {
  const auto sealed =
      session.value<std::optional<Blob>>("SELECT sealed_secret FROM workflow WHERE id = $1", run.workflow_id);
  if (!sealed || !*sealed) throw Error(ErrorCode::not_found, "this workflow has no secret to sign with");
  return key.open(**sealed, secret_purpose(run.actions));
}

bool record_step(Transaction& tx, const WorkflowRun& run, StepOutcome outcome, std::string_view message,
                 std::optional<core::Time> retry_after) {
  const bool goes_on = outcome == StepOutcome::done || outcome == StepOutcome::approved;
  const std::int64_t step = run.step + (goes_on ? 1 : 0);
  RunState state = RunState::running;
  if (outcome == StepOutcome::waits) state = RunState::waiting;
  if (outcome == StepOutcome::refused) state = RunState::refused;
  if (outcome == StepOutcome::failed) state = RunState::failed;
  if (goes_on && step == static_cast<std::int64_t>(run.actions.size())) state = RunState::done;
  const bool ended = state != RunState::running && state != RunState::waiting;
  const WorkflowAction& action = run.actions.at(static_cast<std::size_t>(run.step));
  const auto approver = outcome == StepOutcome::waits ? action.account_id : std::nullopt;
  const std::int64_t attempts = outcome == StepOutcome::retry ? run.attempts + 1 : 0;
  const auto changed = tx.execute(
      "UPDATE workflow_run SET state = $1, step = $2, attempts = $3, retry_after = $4, approver_id = $5, ended_at = $6 "
      "WHERE id = $7 AND state = $8 AND step = $9 AND attempts = $10",
      run_state_name(state), step, attempts, retry_after.value_or(tx.now()), approver,
      ended ? std::optional(tx.now()) : std::nullopt, run.id, run_state_name(run.state), run.step, run.attempts);
  if (changed == 0) return false;
  tx.execute("INSERT INTO workflow_log (run_id, step, kind, at, outcome, message) VALUES ($1, $2, $3, $4, $5, $6)",
             run.id, run.step + 1, action_name(action.kind), tx.now(), outcome_name(outcome),
             core::cut(message, kLongestMessage));
  const bool sent = action.kind == WorkflowAction::Kind::mail || action.kind == WorkflowAction::Kind::webhook;
  if (sent && outcome == StepOutcome::done) {
    tx.audit({"workflow.sent", "document", run.document_id, "", "", run.workflow + ": " + std::string(message)});
  }
  return true;
}

bool postpone_run(Transaction& tx, const WorkflowRun& run, core::Time until) {
  return tx.execute(
             "UPDATE workflow_run SET retry_after = $1 WHERE id = $2 AND state = 'running' AND step = $3 AND "
             "attempts = $4",
             until, run.id, run.step, run.attempts) > 0;
}

void end_run(Transaction& tx, const Principal& who, std::int64_t run_id, std::string_view comment) {
  who.require(Permission::operate);
  require_short_comment(comment);
  const auto runs = read_runs(tx, "WHERE r.id = $1 AND r.state <> 'unmatched'", run_id);
  if (runs.empty() || !find_document(tx, who, runs.front().document_id)) {
    throw Error(ErrorCode::not_found, "there is no run " + std::to_string(run_id));
  }
  const WorkflowRun& run = runs.front();
  if (run.ended_at) throw Error(ErrorCode::conflict, "this run has ended already");
  require_recorded(record_step(tx, run, StepOutcome::refused, with_comment(who.display_name, comment)));
  tx.audit({"workflow.ended", "document", run.document_id, "", "", with_comment(run.workflow, comment)});
}

std::size_t forget_runs_before(Transaction& tx, core::Time cutoff, std::size_t limit) {
  const auto ended = tx.rows<std::int64_t, bool>(
      "SELECT id, cause NOT LIKE 'event %' FROM workflow_run WHERE ended_at < $1 ORDER BY ended_at LIMIT $2", cutoff,
      static_cast<std::int64_t>(limit));
  for (const auto& [id, of_a_date] : ended) {
    if (!of_a_date) {
      tx.execute("DELETE FROM workflow_run WHERE id = $1", id);
      continue;
    }
    tx.execute("DELETE FROM workflow_log WHERE run_id = $1", id);
    tx.execute("UPDATE workflow_run SET state = 'unmatched', actions = '[]', ended_at = NULL WHERE id = $1", id);
  }
  return ended.size();
}

std::vector<StepRecord> run_log(Session& session, std::int64_t run_id) {
  std::vector<StepRecord> log;
  for (const auto& [step, kind, at, outcome, message] :
       session.rows<std::int64_t, std::string, core::Time, std::string, std::string>(
           "SELECT step, kind, at, outcome, message FROM workflow_log WHERE run_id = $1 ORDER BY id", run_id)) {
    log.push_back({step, kind, at, outcome, message});
  }
  return log;
}

std::vector<WorkflowRun> list_runs(Session& session, const Principal& who, std::int64_t workflow_id,
                                   std::size_t limit) {
  if (!who.may(Permission::read_documents)) return {};
  return read_runs(session,
                   "WHERE r.workflow_id = $1 AND r.state <> 'unmatched' AND EXISTS (SELECT 1 FROM document d "
                   "WHERE d.id = r.document_id AND d.withdrawn_at IS NULL AND " +
                       readable("+d.access_list_id", 2) + ") ORDER BY r.id DESC LIMIT $4",
                   workflow_id, who.account_id, who.day, static_cast<std::int64_t>(limit));
}

std::vector<WorkflowRun> runs_to_approve(Session& session, const Principal& who) {
  auto runs = read_runs(session, "WHERE r.state = 'waiting' AND w.enabled = 1 AND r.approver_id = $1 ORDER BY r.id",
                        who.account_id);
  std::erase_if(runs, [&](const WorkflowRun& run) { return !may_read_document(session, who, run.document_id); });
  return runs;
}

void decide_run(Transaction& tx, const Principal& who, std::int64_t run_id, bool approves, std::string_view comment) {
  // Who set up the workflow could otherwise approve its steps as somebody else.
  require_in_person(who, "approve or refuse");
  require_short_comment(comment);
  for (const WorkflowRun& run : runs_to_approve(tx, who)) {
    if (run.id != run_id) continue;
    if (approves) {
      const std::string obstacle = obstacle_to_passing_on(tx, find_document(tx, who, run.document_id).value());
      if (!obstacle.empty()) throw Error(ErrorCode::conflict, obstacle);
    }
    require_recorded(record_step(tx, run, approves ? StepOutcome::approved : StepOutcome::refused,
                                 with_comment(who.display_name, comment)));
    tx.audit({approves ? "workflow.approved" : "workflow.refused", "document", run.document_id, "", "",
              with_comment(run.workflow, comment)});
    return;
  }
  throw Error(ErrorCode::not_found, "nothing with this number waits for your approval");
}

}  // namespace muniment::storage
