#include "server/checkpoint_schedule.h"

#include "core/error.h"

namespace muniment::server {

CheckpointSchedule::CheckpointSchedule(storage::AuditCheckpoints& checkpoints, core::Log& log,
                                       std::chrono::milliseconds every)
    : checkpoints_(checkpoints), log_(log), every_(every) {}

CheckpointSchedule::~CheckpointSchedule() = default;

void CheckpointSchedule::start() {
  complain(checkpoints_.contradictions());
  thread_ = std::jthread([this](std::stop_token stop) {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, every_, [] { return false; });
      }
      if (stop.stop_requested()) return;
      sign();
    }
  });
}

void CheckpointSchedule::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  sign();
}

std::vector<std::string> CheckpointSchedule::complaints() {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

void CheckpointSchedule::sign() {
  try {
    checkpoints_.make();
    complain({});
  } catch (const core::Error& error) {
    complain({error.message()});
  }
}

void CheckpointSchedule::complain(std::vector<std::string> about) {
  for (const std::string& what : about) log_.error("audit_log", {{"problem", what}});
  const std::lock_guard lock(mutex_);
  complaints_ = std::move(about);
}

}  // namespace muniment::server
