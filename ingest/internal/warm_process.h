// Keeps the warm process of muniment-extract running, and sends it requests.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "core/files.h"
#include "core/log.h"
#include "ingest/extractor.h"

namespace muniment::ingest {

// Thread-safe.
class WarmProcess {
 public:
  // Starts it from a thread that lives as long as this object: the kernel ends the program when the thread that started
  // it ends. After it has died it is started again, at once the first time, then after growing pauses of up to 30 s.
  WarmProcess(const ExtractorOptions& options, core::Log& log);
  ~WarmProcess();

  // A control connection to one run of the program.
  struct Connection {
    core::FileDescriptor socket;
    SandboxReport report;
    // Whether the program has gone away, or goes within `patience`.
    bool broken(std::chrono::milliseconds patience = {}) const;
  };

  // The present connection; waits while the program starts. Error(unavailable) when it cannot be started.
  std::shared_ptr<const Connection> connection() const;

 private:
  void keep_running(std::stop_token stop);
  // One run, from start to end. False when it never became ready.
  bool run_once(std::stop_token stop);
  void set_state(std::shared_ptr<const Connection> connection, std::string problem);

  const ExtractorOptions options_;
  core::Log& log_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::shared_ptr<const Connection> connection_;
  std::string problem_;  // why there is no connection; empty while starting
  std::jthread keeper_;
};

}  // namespace muniment::ingest
