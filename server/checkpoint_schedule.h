// Signs a checkpoint of the audit log every so often, and notices when the log contradicts an earlier one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/log.h"
#include "storage/audit_checkpoint.h"

namespace muniment::server {

// Thread-safe.
class CheckpointSchedule {
 public:
  // Both outlive it.
  CheckpointSchedule(storage::AuditCheckpoints& checkpoints, core::Log& log, std::chrono::milliseconds every);
  // Without a last checkpoint, when `stop` was not called.
  ~CheckpointSchedule();

  // Compares the log with the newest checkpoints, which is quick, and begins.
  void start();
  // Signs a last one.
  void stop();

  // What is wrong with the log or with writing checkpoints, as it was found last; empty when all is well.
  std::vector<std::string> complaints();

 private:
  void sign();
  void complain(std::vector<std::string> about);

  storage::AuditCheckpoints& checkpoints_;
  core::Log& log_;
  const std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<std::string> complaints_;
  std::jthread thread_;
};

}  // namespace muniment::server
