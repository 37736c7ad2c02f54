// Workflows: when something happens to a document that a query finds, actions are done in order. What is kept of them,
// and the journal of their runs; server/workflow_engine.h does the work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"
#include "storage/documents.h"
#include "storage/sealing_key.h"

namespace muniment::storage {

enum class WorkflowOccasion { arrived, filed, changed, date };
std::string_view occasion_name(WorkflowOccasion occasion);
std::optional<WorkflowOccasion> parse_occasion(std::string_view name);

enum class WorkflowDate { document, field, disposal };
std::string_view workflow_date_name(WorkflowDate date);
std::optional<WorkflowDate> parse_workflow_date(std::string_view name);

struct WorkflowAction {
  enum class Kind { set, move, mail, webhook, approve };
  Kind kind = Kind::set;
  // set; tags are added to those that the document has
  std::optional<std::int64_t> type_id = {};
  std::optional<std::int64_t> correspondent_id = {};
  std::vector<std::int64_t> tag_ids = {};
  std::optional<std::int64_t> class_id = {};
  std::string field = {};  // key of a custom field; empty: none
  std::string value = {};
  std::optional<std::int64_t> folder_id = {};  // move
  // mail. {title}, {id} and {link} stand for the document's in subject and text
  std::vector<std::string> to = {};
  std::vector<std::int64_t> to_accounts = {};  // those of them, and of the groups' members, who have an address and
  std::vector<std::int64_t> to_groups = {};    // may read the document
  std::string subject = {};
  std::string text = {};
  std::string url = {};                         // webhook
  std::optional<std::int64_t> account_id = {};  // approve: who is asked
};
std::string_view action_name(WorkflowAction::Kind kind);
std::optional<WorkflowAction::Kind> parse_action(std::string_view name);

struct WorkflowTerms {
  std::string name;
  bool enabled = false;
  WorkflowOccasion occasion = WorkflowOccasion::arrived;
  WorkflowDate date_of = WorkflowDate::document;  // of WorkflowOccasion::date
  std::string date_field = {};                    // key of a custom field, for WorkflowDate::field
  std::int64_t days_after = 0;                    // negative: before the date
  std::string query = {};                         // as people search; empty: every document
  std::vector<WorkflowAction> actions = {};
};

struct Workflow {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::int64_t account_id = 0;  // who saved it last, and with whose rights it acts
  std::string owner;            // display name
  bool owner_disabled = false;  // then it rests: nothing begins, and what has begun waits
  core::Date enabled_on;
  bool has_secret = false;
  WorkflowTerms terms;
};

std::vector<Workflow> list_workflows(Session& session);  // by name
// Whether anything begins or goes on.
inline bool is_at_work(const Workflow& workflow) {
  return workflow.terms.enabled && !workflow.owner_disabled;
}
std::optional<Workflow> find_workflow(Session& session, std::int64_t id);

// `secret` signs what web hooks send: it is needed when there are any, and anew when their addresses change. These
// need Permission::operate and an account. Error(invalid_argument), (conflict), (not_found), (stale), (forbidden) for
// an action that `who` could not do: a place where they may not file.
std::int64_t create_workflow(Transaction& tx, const Principal& who, const SealingKey& key, const WorkflowTerms& terms,
                             const std::optional<std::string>& secret);
void change_workflow(Transaction& tx, const Principal& who, const SealingKey& key, std::int64_t id,
                     std::int64_t expected_version, const WorkflowTerms& terms,
                     const std::optional<std::string>& secret);
// Its runs end, and their log goes.
void delete_workflow(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version);
// Checks terms as create_workflow does, without keeping them.
WorkflowTerms checked_workflow(Session& session, const Principal& who, WorkflowTerms terms);

// Does what a `set` or `move` says, as `who`, and tells it in words. Makes no event: a change by a workflow begins no
// workflow. Errors as of change_document.
std::string apply_action(Transaction& tx, const Principal& who, std::int64_t document_id, const WorkflowAction& action);

// Runs ---------------------------------------------------------------------------------------------------------------

struct WorkflowEvent {
  std::int64_t id = 0;
  std::int64_t document_id = 0;
  WorkflowOccasion occasion = WorkflowOccasion::arrived;
};
// Of documents that the index knows as they are now; the oldest first.
std::vector<WorkflowEvent> workflow_events(Session& session, std::size_t limit);
// Begins a run of each workflow and forgets the event, once: an event that is gone begins nothing.
void begin_runs(Transaction& tx, const WorkflowEvent& event, const std::vector<Workflow>& workflows);

struct DueDocument {
  std::int64_t document_id = 0;
  core::Date date;
};
// Those whose date, with the days after it, lies between the day that the workflow was switched on and `today`, and
// that have not been dealt with for that date.
std::vector<DueDocument> due_documents(Session& session, const Workflow& workflow, core::Date today, std::size_t limit);
// `matched`: false notes only that the query did not find it.
void begin_run(Transaction& tx, const Workflow& workflow, const DueDocument& due, bool matched);

enum class RunState { running, waiting, done, refused, failed, unmatched };
std::string_view run_state_name(RunState state);

struct WorkflowRun {
  std::int64_t id = 0;
  std::int64_t workflow_id = 0;
  std::string workflow;  // its name
  std::int64_t document_id = 0;
  std::int64_t account_id = 0;
  std::vector<WorkflowAction> actions;  // as they were when it began, but for entries merged since (catalogue.h)
  RunState state = RunState::running;
  std::int64_t step = 0;
  std::int64_t attempts = 0;
  std::int64_t approver_id = 0;  // 0: nobody is asked
  core::Time started_at;
  std::optional<core::Time> ended_at;
};
// Those of enabled workflows whose next action is due, and whose account is not disabled.
std::vector<WorkflowRun> next_runs(Session& session, core::Time now, std::size_t limit);
// Where a `mail` about the document goes now, without repetition: its addresses, and those of the accounts and groups
// that it names.
std::vector<std::string> mail_receivers(Session& session, const WorkflowAction& action, std::int64_t document_id);
// Error(corrupt) when the key is another one, Error(not_found) without a secret.
std::string workflow_secret(Session& session, const SealingKey& key, const WorkflowRun& run);

enum class StepOutcome { done, waits, approved, refused, retry, failed };
std::string_view outcome_name(StepOutcome outcome);

// What came of the run's next action. `retry_after` is of StepOutcome::retry. False, and nothing is written, when the
// run has gone on meanwhile.
[[nodiscard]] bool record_step(Transaction& tx, const WorkflowRun& run, StepOutcome outcome, std::string_view message,
                               std::optional<core::Time> retry_after = {});

// Nobody is to be asked before `until`; it counts as no attempt. False when the run has gone on meanwhile.
bool postpone_run(Transaction& tx, const WorkflowRun& run, core::Time until);

// Ends a run that has not ended, with what was done left as it is. Needs Permission::operate; Error(not_found) for one
// whose document `who` may not read, Error(conflict) for one that has ended,
// (stale) when it has gone on meanwhile.
void end_run(Transaction& tx, const Principal& who, std::int64_t run_id, std::string_view comment);

// Forgets runs that ended before `cutoff`, the oldest `limit` of them, and their log; of a date it stays known that it
// has been dealt with. How many.
std::size_t forget_runs_before(Transaction& tx, core::Time cutoff, std::size_t limit);

struct StepRecord {
  std::int64_t step = 0;
  std::string kind;
  core::Time at;
  std::string outcome;
  std::string message;
};
std::vector<StepRecord> run_log(Session& session, std::int64_t run_id);
// The newest first, of documents that `who` may read.
std::vector<WorkflowRun> list_runs(Session& session, const Principal& who, std::int64_t workflow_id, std::size_t limit);
// What waits for `who`, of documents that they may read; the oldest first.
std::vector<WorkflowRun> runs_to_approve(Session& session, const Principal& who);
// Error(not_found) unless it waits for `who`; Error(stale) when it has gone on meanwhile.
void decide_run(Transaction& tx, const Principal& who, std::int64_t run_id, bool approves, std::string_view comment);

}  // namespace muniment::storage
