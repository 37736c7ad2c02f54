#include "core/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"

namespace muniment::core {

namespace {

// In the child, between fork and exec: only async-signal-safe calls, and never returns.
[[noreturn]] void become(const std::vector<std::pair<int, int>>& descriptors, int null, int report, char* const* argv,
                         char* const* envp) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Everything closes on exec but what is mapped: dup2 clears the flag of the copy. `report` tells of a failed exec.
  ::syscall(SYS_close_range, 3U, ~0U, /*CLOSE_RANGE_CLOEXEC*/ 4U);
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
  for (const auto& [from, to] : descriptors) ::dup2(from, to);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(argv[0], argv, envp);
  const int error = errno;
  [[maybe_unused]] const auto ignored = ::write(report, &error, sizeof error);
  ::_exit(127);
}

// A copy of `descriptor` at a number above every number that will be mapped, so that dup2 never overwrites a source.
FileDescriptor moved_above(int descriptor, int least) {
  FileDescriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, least));
  if (!copy) throw system_error("duplicate a descriptor", errno);
  return copy;
}

}  // namespace

Process Process::start(const ProcessOptions& options) {
  std::vector<std::string> environment;
  for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
  std::vector<char*> argv;
  for (const auto& argument : options.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const auto& variable : environment) envp.push_back(const_cast<char*>(variable.c_str()));
  envp.push_back(nullptr);

  int highest = 2;
  for (const auto& mapping : options.descriptors) highest = std::max(highest, mapping.second);
  std::vector<FileDescriptor> sources;
  std::vector<std::pair<int, int>> mappings;
  for (const auto& [from, to] : options.descriptors) {
    sources.push_back(moved_above(from, highest + 1));
    mappings.emplace_back(sources.back().get(), to);
  }
  const FileDescriptor opened_null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!opened_null) throw system_error("open /dev/null", errno);
  const FileDescriptor null = moved_above(opened_null.get(), highest + 1);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw system_error("create a pipe", errno);
  FileDescriptor report_read(ends[0]);
  FileDescriptor pipe_write(ends[1]);
  FileDescriptor report_write = moved_above(pipe_write.get(), highest + 1);

  const pid_t id = ::fork();
  if (id < 0) throw system_error("start a process", errno);
  if (id == 0) become(mappings, null.get(), report_write.get(), argv.data(), envp.data());

  Process process(id, FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))));
  if (!process.handle_) throw system_error("watch a process", errno);
  report_write.reset();
  pipe_write.reset();
  int error = 0;
  ssize_t got;
  while ((got = ::read(report_read.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (got == sizeof error) throw system_error("run " + options.arguments.at(0), error);
  return process;
}

Process::~Process() {
  finish();
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)), handle_(std::move(other.handle_)), status_(std::exchange(other.status_, {})) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    finish();
    id_ = std::exchange(other.id_, -1);
    handle_ = std::move(other.handle_);
    status_ = std::exchange(other.status_, {});
  }
  return *this;
}

void Process::finish() {
  if (id_ < 0 || status_) return;
  ::kill(id_, SIGKILL);
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
}

void Process::signal(int number) const {
  if (id_ > 0 && !status_) ::kill(id_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
  if (status_) return status_;
  pollfd watch{handle_.get(), POLLIN, 0};
  const Deadline deadline(timeout);
  for (;;) {
    const int ready = ::poll(&watch, 1, static_cast<int>(deadline.left().count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) throw system_error("wait for a process", errno);
    if (ready == 0) return std::nullopt;
    break;
  }
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  return status_;
}

}  // namespace muniment::core
