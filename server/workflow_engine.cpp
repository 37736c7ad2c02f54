#include "server/workflow_engine.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/clock.h"
#include "core/error.h"
#include "core/text.h"
#include "index/query.h"
#include "storage/restrictions.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using storage::StepOutcome;
using storage::Workflow;
using storage::WorkflowAction;
using storage::WorkflowRun;
using Kind = storage::WorkflowAction::Kind;

namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::chrono::seconds kDatesEvery{60};  // nothing is due but at midnight, or when a workflow was switched on
constexpr std::size_t kAtOnce = 100;
// After each failed attempt the pause is four times as long: the last one is made some six hours after the first.
constexpr std::int64_t kMostAttempts = 6;
constexpr std::chrono::seconds kFirstPause{60};
// Of a receiver that gave no answer for this part of the time that it has.
constexpr int kSlow = 5;
constexpr std::chrono::seconds kRest{60};

bool is_delivery(const WorkflowAction& action) {
  return action.kind == Kind::mail || action.kind == Kind::webhook;
}

// All mail goes by way of one server.
std::string receiver_of(const WorkflowAction& action) {
  if (action.kind == Kind::mail) return "mail";
  const std::size_t host = action.url.find("://") + 3;
  return action.url.substr(0, action.url.find_first_of("/?#", host));
}

storage::Actor actor_of(const WorkflowRun& run) {
  return {run.account_id, "workflow " + std::to_string(run.workflow_id)};
}

// With the rights that the account has now.
storage::Principal owner_of(storage::Session& session, const WorkflowRun& run) {
  auto owner = storage::load_principal(session, run.account_id, actor_of(run).client);
  if (!owner) throw Error(ErrorCode::unavailable, "the account that this workflow acts for is disabled");
  return std::move(*owner);
}

storage::Document readable_document(storage::Session& session, const storage::Principal& who, std::int64_t id) {
  auto document = storage::find_document(session, who, id);
  if (!document) throw Error(ErrorCode::not_found, "the account that this workflow acts for may not read the document");
  return std::move(*document);
}

// For what leaves by mail or web hook, or is shown to be approved: asked at each attempt, as much may happen between
// two.
storage::Document passable_document(storage::Session& session, const storage::Principal& who, std::int64_t id) {
  storage::Document document = readable_document(session, who, id);
  const std::string obstacle = storage::obstacle_to_passing_on(session, document);
  if (!obstacle.empty()) throw Error(ErrorCode::conflict, obstacle);
  return document;
}

std::string filled(std::string text, const storage::Document& document, const std::string& link) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto put = [&](std::string_view name, const std::string& value) {
      if (text.compare(at, name.size(), name) != 0) return false;
      result += value;
      at += name.size();
      return true;
    };
    if (put("{title}", document.title) || put("{id}", std::to_string(document.id)) || put("{link}", link)) continue;
    result += text[at++];
  }
  return result;
}

// For the log. Error(unavailable) when nobody got it; whoever did would get it twice if it were tried again.
std::string who_got_it(const std::vector<std::string>& to, const std::vector<RefusedReceiver>& refused) {
  std::string taken, not_taken;
  for (const std::string& address : to) {
    const auto refusal = std::ranges::find(refused, address, &RefusedReceiver::address);
    std::string& list = refusal == refused.end() ? taken : not_taken;
    list += (list.empty() ? "" : ", ") + address;
    if (refusal != refused.end()) list += " (" + refusal->answer + ")";
  }
  if (taken.empty()) throw Error(ErrorCode::unavailable, "the mail server refuses the mail for " + not_taken);
  return not_taken.empty() ? taken : taken + "; refused: " + not_taken;
}

}  // namespace

WorkflowEngine::WorkflowEngine(WorkflowOptions options, storage::Database& database, const index::SearchIndex& index,
                               const storage::SealingKey& key, const MailSender& mail, core::Log& log)
    : options_(std::move(options)), database_(database), index_(index), key_(key), mail_(mail), log_(log) {}

WorkflowEngine::~WorkflowEngine() {
  stop();
}

void WorkflowEngine::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::optional<core::Deadline> no_dates_until;
    while (!stop.stop_requested()) {
      bool more = false;
      try {
        const bool with_dates = !no_dates_until || no_dates_until->passed();
        more = go_round(stop, with_dates);
        if (with_dates && !more) no_dates_until.emplace(kDatesEvery);
      } catch (const Error& error) {
        log_.error("workflows_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      } catch (const std::exception& error) {
        log_.error("workflows_failed", {{"code", "internal"}, {"cause", error.what()}});
      }
      if (more) continue;
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, stop, kLookEvery, [] { return false; });
    }
  });
}

void WorkflowEngine::stop() {
  thread_.request_stop();
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool WorkflowEngine::work(const std::stop_token& stop) {
  return go_round(stop, true);
}

bool WorkflowEngine::go_round(const std::stop_token& stop, bool with_dates) {
  const bool events = take_events();
  const bool dates = with_dates && take_dates();
  return go_on(stop) || events || dates;
}

bool WorkflowEngine::matches(const Workflow& workflow, std::int64_t document_id) {
  index::SearchRequest request;
  {
    auto session = database_.read();
    const auto owner = storage::load_principal(session, workflow.account_id, "workflow");
    if (!owner) return false;
    const auto document = storage::find_document(session, *owner, document_id);
    if (!document || document->replaced_at) return false;
    request.readable = owner->readable;
  }
  if (core::trim(workflow.terms.query).empty()) return true;
  request.query = index::parse_query(workflow.terms.query);
  if (!request.query.root) return false;  // "type:", as it could be saved once: meant to find something, not everything
  request.only_document = document_id;
  request.limit = 1;
  request.snippets = false;
  const auto answer = index_.search(request, [](std::int64_t, std::int64_t) { return std::nullopt; });
  return !answer.hits.empty() && !answer.any_word;
}

bool WorkflowEngine::take_events() {
  std::vector<storage::WorkflowEvent> events;
  std::vector<Workflow> workflows;
  {
    auto session = database_.read();
    events = storage::workflow_events(session, kAtOnce);
    if (events.empty()) return false;
    workflows = storage::list_workflows(session);
  }
  for (const storage::WorkflowEvent& event : events) {
    std::vector<Workflow> meant;
    for (const Workflow& workflow : workflows) {
      if (storage::is_at_work(workflow) && workflow.terms.occasion == event.occasion &&
          matches(workflow, event.document_id)) {
        meant.push_back(workflow);
      }
    }
    auto tx = database_.begin(storage::Actor::system("workflows"));
    storage::begin_runs(tx, event, meant);
    tx.commit();
  }
  return events.size() == kAtOnce;
}

bool WorkflowEngine::take_dates() {
  std::vector<std::pair<Workflow, storage::DueDocument>> due;
  bool more = false;
  {
    auto session = database_.read();
    const core::Date today = core::date_of(database_.clock().now());
    for (const Workflow& workflow : storage::list_workflows(session)) {
      if (!storage::is_at_work(workflow) || workflow.terms.occasion != storage::WorkflowOccasion::date) continue;
      const auto documents = storage::due_documents(session, workflow, today, kAtOnce);
      more = more || documents.size() == kAtOnce;
      for (const auto& document : documents) due.emplace_back(workflow, document);
    }
  }
  for (const auto& [workflow, document] : due) {
    const bool matched = matches(workflow, document.document_id);
    auto tx = database_.begin(storage::Actor::system("workflows"));
    storage::begin_run(tx, workflow, document, matched);
    tx.commit();
  }
  return more;
}

bool WorkflowEngine::go_on(const std::stop_token& stop) {
  std::vector<WorkflowRun> runs;
  {
    auto session = database_.read();
    runs = storage::next_runs(session, database_.clock().now(), kAtOnce);
  }
  for (const WorkflowRun& run : runs) {
    if (stop.stop_requested()) return false;
    if (!put_off(run, run.actions.at(static_cast<std::size_t>(run.step)))) perform(run, stop);
  }
  return !runs.empty();
}

bool WorkflowEngine::put_off(const WorkflowRun& run, const WorkflowAction& action) {
  if (!is_delivery(action)) return false;
  const auto resting = resting_.find(receiver_of(action));
  if (resting == resting_.end()) return false;
  if (resting->second <= database_.clock().now()) {
    resting_.erase(resting);
    return false;
  }
  auto tx = database_.begin(actor_of(run));
  storage::postpone_run(tx, run, resting->second);
  tx.commit();
  return true;
}

void WorkflowEngine::perform(const WorkflowRun& run, const std::stop_token& stop) {
  const WorkflowAction& action = run.actions.at(static_cast<std::size_t>(run.step));
  const core::Stopwatch watch;
  try {
    if (action.kind == Kind::set || action.kind == Kind::move) {
      change(run, action);
    } else if (action.kind == Kind::approve) {
      {
        auto session = database_.read();
        passable_document(session, owner_of(session, run), run.document_id);
        const auto approver = storage::load_principal(session, action.account_id.value(), "workflow");
        if (!approver || !storage::find_document(session, *approver, run.document_id)) {
          throw Error(ErrorCode::forbidden, "who is asked to approve may not read the document");
        }
      }
      note(run, StepOutcome::waits, "");
    } else {
      note(run, StepOutcome::done, deliver(run, action, stop));
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) return;
    if (is_delivery(action) && error.code() == ErrorCode::unavailable &&
        watch.elapsed() > options_.hooks.patience / kSlow) {
      resting_.insert_or_assign(receiver_of(action), database_.clock().now() + kRest);
    }
    const bool passing = error.code() == ErrorCode::unavailable || error.code() == ErrorCode::stale;
    note(run, passing && run.attempts + 1 < kMostAttempts ? StepOutcome::retry : StepOutcome::failed, error.message());
  }
}

void WorkflowEngine::change(const WorkflowRun& run, const WorkflowAction& action) {
  auto tx = database_.begin(actor_of(run));
  const std::string said = storage::apply_action(tx, owner_of(tx, run), run.document_id, action);
  if (storage::record_step(tx, run, StepOutcome::done, said)) tx.commit();
}

std::string WorkflowEngine::deliver(const WorkflowRun& run, const WorkflowAction& action, const std::stop_token& stop) {
  const std::string id = "run-" + std::to_string(run.id) + "-" + std::to_string(run.step + 1);
  std::string link;
  std::string secret;
  std::vector<std::string> to;
  std::optional<storage::Document> document;
  {
    auto session = database_.read();
    document = passable_document(session, owner_of(session, run), run.document_id);
    link = options_.address + "/?doc=" + std::to_string(document->id);
    if (action.kind == Kind::webhook) secret = storage::workflow_secret(session, key_, run);
    if (action.kind == Kind::mail) to = storage::mail_receivers(session, action, document->id);
  }
  if (action.kind == Kind::mail) {
    if (to.empty()) {
      throw Error(ErrorCode::conflict, "nobody that it goes to has a mail address and may read the document");
    }
    return who_got_it(
        to, mail_.send({to, filled(action.subject, *document, link), filled(action.text, *document, link), id}, stop));
  }
  const std::string body =
      nlohmann::ordered_json{{"id", id},
                             {"workflow", run.workflow},
                             {"document", {{"id", document->id}, {"title", document->title}, {"link", link}}}}
          .dump();
  send_web_hook({action.url, id, body, secret}, options_.hooks, stop);
  return action.url;
}

void WorkflowEngine::note(const WorkflowRun& run, StepOutcome outcome, const std::string& message) {
  auto tx = database_.begin(actor_of(run));
  std::optional<core::Time> retry_after;
  if (outcome == StepOutcome::retry) retry_after = tx.now() + kFirstPause * (std::int64_t{1} << (2 * run.attempts));
  if (storage::record_step(tx, run, outcome, message, retry_after)) tx.commit();
}

}  // namespace muniment::server
