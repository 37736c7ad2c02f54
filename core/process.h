// Child processes, without a shell and without inherited descriptors.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "core/files.h"

namespace muniment::core {

struct ProcessOptions {
  std::vector<std::string> arguments;                            // arguments[0] is the program's path
  std::vector<std::pair<std::string, std::string>> environment;  // all of it: nothing is inherited
  // {descriptor here, number in the child}; stdin, stdout and stderr are /dev/null unless mapped.
  std::vector<std::pair<int, int>> descriptors;
};

// A started child. It dies with this object (SIGKILL) unless it ended before. Not thread-safe.
class Process {
 public:
  // Error(io) when the program cannot be started.
  static Process start(const ProcessOptions& options);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t id() const { return id_; }
  void signal(int number) const;
  // The exit status as waitpid(2) gives it; empty when it still runs after `timeout`.
  std::optional<int> wait(std::chrono::milliseconds timeout);

 private:
  Process(pid_t id, FileDescriptor handle) : id_(id), handle_(std::move(handle)) {}
  void finish();
  pid_t id_ = -1;
  FileDescriptor handle_;  // pidfd: a process identifier that cannot be reused under our feet
  std::optional<int> status_;
};

}  // namespace muniment::core
