// Workflows at work: what happened to documents begins runs, and the actions of runs are done one by one.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/log.h"
#include "index/search_index.h"
#include "server/mail_sender.h"
#include "server/web_hook.h"
#include "storage/database.h"
#include "storage/sealing_key.h"
#include "storage/workflows.h"

namespace muniment::server {

struct WorkflowOptions {
  std::string address;  // of the page, for links: "https://archive.example.org"
  WebHookOptions hooks = {};
};

// Each action is noted in the transaction of what it did, so a kill loses and doubles none; a mail or web hook that was
// sent right before one is sent again, under the same identifier. A receiver that does not answer is let alone for a
// while, so that it does not hold up what goes to others. While the account that a workflow acts for is disabled, it
// rests: nothing begins, and what has begun waits. Thread-safe.
class WorkflowEngine {
 public:
  // Everything outlives it.
  WorkflowEngine(WorkflowOptions options, storage::Database& database, const index::SearchIndex& index,
                 const storage::SealingKey& key, const MailSender& mail, core::Log& log);
  ~WorkflowEngine();

  void start();
  void stop();

  // One round: true when there is more to do at once. What the thread does every second, with dates every minute.
  bool work(const std::stop_token& stop);

 private:
  bool go_round(const std::stop_token& stop, bool with_dates);
  bool take_events();
  bool take_dates();
  bool go_on(const std::stop_token& stop);
  bool matches(const storage::Workflow& workflow, std::int64_t document_id);
  void perform(const storage::WorkflowRun& run, const std::stop_token& stop);
  // Whether its next action goes to a receiver that rests: then the run waits for it.
  bool put_off(const storage::WorkflowRun& run, const storage::WorkflowAction& action);
  void change(const storage::WorkflowRun& run, const storage::WorkflowAction& action);
  std::string deliver(const storage::WorkflowRun& run, const storage::WorkflowAction& action,
                      const std::stop_token& stop);
  void note(const storage::WorkflowRun& run, storage::StepOutcome outcome, const std::string& message);

  const WorkflowOptions options_;
  storage::Database& database_;
  const index::SearchIndex& index_;
  const storage::SealingKey& key_;
  const MailSender& mail_;
  core::Log& log_;
  std::map<std::string, core::Time> resting_;  // receivers that did not answer, and until when they are let alone
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace muniment::server
