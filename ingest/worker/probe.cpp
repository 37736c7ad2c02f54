#include "ingest/worker/probe.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/files.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::pair<Attack, std::string_view> kAttacks[] = {
    {Attack::read_passwd, "read_passwd"},
    {Attack::list_root, "list_root"},
    {Attack::write_tmp, "write_tmp"},
    {Attack::reach_network, "reach_network"},
    {Attack::reach_socket, "reach_socket"},
    {Attack::signal_parent, "signal_parent"},
    {Attack::trace, "trace"},
    {Attack::fork, "fork"},
    {Attack::exec, "exec"},
    {Attack::take_memory, "take_memory"},
};

// What every layer has to withstand without the others' help.
struct Proof {
  std::string_view layer;
  Layers layers;
  std::vector<Attack> attacks;
};

const std::vector<Proof>& proofs() {
  static const std::vector<Proof> all = {
      {"namespaces",
       {.namespaces = true},
       {Attack::read_passwd, Attack::list_root, Attack::write_tmp, Attack::reach_network, Attack::reach_socket,
        Attack::signal_parent}},
      {"landlock", {.landlock = true}, {Attack::read_passwd, Attack::list_root, Attack::write_tmp}},
      {"system_calls",
       {.system_calls = true},
       {Attack::reach_network, Attack::reach_socket, Attack::signal_parent, Attack::trace, Attack::fork, Attack::exec}},
      {"limits", {.limits = true}, {Attack::take_memory}},
  };
  return all;
}

// An address that a child may try to reach: it works unless a layer stands between.
class Listener {
 public:
  Listener(int family, const sockaddr* address, socklen_t size)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (!socket_ || ::bind(socket_.get(), address, size) != 0 || ::listen(socket_.get(), 4) != 0) {
      throw core::system_error("open a socket for the attack probe", errno);
    }
  }
  int get() const { return socket_.get(); }

 private:
  core::FileDescriptor socket_;
};

struct Targets {
  sockaddr_in tcp{};
  sockaddr_un abstract{};
  socklen_t abstract_size = 0;
  pid_t parent = 0;
  int program = -1;
};

constexpr const char* kArguments[] = {"true", nullptr};

int open_and_close(const char* path, int flags) {
  const int file = ::open(path, flags | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  ::close(file);
  return 0;
}

int connect_to(int family, const sockaddr* address, socklen_t size) {
  const int socket = ::socket(family, SOCK_STREAM, 0);
  if (socket < 0 || ::connect(socket, address, size) != 0) return errno;
  return 0;
}

int fork_once() {
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return 0;
}

int take_memory() {
  constexpr std::size_t kMuch = std::size_t{3} << 30;
  void* memory = ::mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? errno : 0;
}

// 0 when the attack succeeded, else the error number.
int carry_out(Attack attack, const Targets& targets) {
  switch (attack) {
    case Attack::read_passwd:
      return open_and_close("/etc/passwd", O_RDONLY);
    case Attack::list_root: {
      DIR* root = ::opendir("/");
      if (root == nullptr) return errno;
      int names = 0;
      while (const dirent* entry = ::readdir(root)) names += entry->d_name[0] != '.' ? 1 : 0;
      return names > 0 ? 0 : ENOENT;
    }
    case Attack::write_tmp: {
      char name[] = "/tmp/muniment-probe-XXXXXX";
      const int file = ::mkstemp(name);
      if (file < 0) return errno;
      ::unlink(name);
      return 0;
    }
    case Attack::reach_network:
      return connect_to(AF_INET, reinterpret_cast<const sockaddr*>(&targets.tcp), sizeof targets.tcp);
    case Attack::reach_socket:
      return connect_to(AF_UNIX, reinterpret_cast<const sockaddr*>(&targets.abstract), targets.abstract_size);
    case Attack::signal_parent:
      return ::kill(targets.parent, 0) == 0 ? 0 : errno;
    case Attack::trace:
      return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno;
    case Attack::fork:
      return fork_once();
    case Attack::exec:
      // By its descriptor, so that it is there whatever became of the file system.
      ::fexecve(targets.program, const_cast<char* const*>(kArguments), const_cast<char* const*>(kArguments + 1));
      return errno;
    case Attack::take_memory:
      return take_memory();
  }
  return EINVAL;
}

constexpr int kNotEntered = 254;

// In a fresh child: enters the layers, attacks, and tells the outcome by its exit status. Never returns.
[[noreturn]] void attack_from_within(Attack attack, const Layers& layers, const SystemCallFilter& filter,
                                     const Targets& targets) {
  bool entered = true;
  if (layers.namespaces) {
    entered = enter_namespaces();
    // Only a child of this process is in the new PID namespace.
    const pid_t inner = entered ? ::fork() : 0;
    if (inner > 0) {
      int status = 0;
      ::waitpid(inner, &status, 0);
      ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    entered = entered && inner == 0 && empty_the_root();
  }
  if (layers.landlock) entered = enter_landlock() && entered;
  if (layers.limits) enter_limits({.memory_bytes = 1ULL << 30, .output_bytes = 1 << 20, .cpu_seconds = 10});
  if (layers.system_calls) entered = filter.enter() && entered;
  if (!entered) ::_exit(kNotEntered);
  ::_exit(carry_out(attack, targets));
}

std::string_view name_of(Attack attack) {
  return std::ranges::find(kAttacks, attack, &std::pair<Attack, std::string_view>::first)->second;
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  const int code = WEXITSTATUS(status);
  if (code == 0) return "succeeded";
  if (code == kNotEntered) return "the layer is not available";
  if (code > 128) return "killed by signal " + std::to_string(code - 128);
  return std::generic_category().message(code);
}

}  // namespace

SandboxReport::Attempt attempt(Attack attack, const Layers& layers, const SystemCallFilter& filter) {
  Targets targets;
  targets.tcp.sin_family = AF_INET;
  targets.tcp.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  const Listener tcp(AF_INET, reinterpret_cast<const sockaddr*>(&targets.tcp), sizeof targets.tcp);
  socklen_t size = sizeof targets.tcp;
  ::getsockname(tcp.get(), reinterpret_cast<sockaddr*>(&targets.tcp), &size);
  targets.abstract.sun_family = AF_UNIX;
  const Listener abstract(AF_UNIX, reinterpret_cast<const sockaddr*>(&targets.abstract), sizeof(sa_family_t));
  targets.abstract_size = sizeof targets.abstract;
  ::getsockname(abstract.get(), reinterpret_cast<sockaddr*>(&targets.abstract), &targets.abstract_size);
  targets.parent = ::getpid();
  const core::FileDescriptor program = core::open_for_reading("/bin/true");
  targets.program = program.get();

  const pid_t child = ::fork();
  if (child < 0) throw core::system_error("start a child for the attack probe", errno);
  if (child == 0) {
    try {
      attack_from_within(attack, layers, filter, targets);
    } catch (const core::Error&) {
      ::_exit(kNotEntered);
    }
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  SandboxReport::Attempt result;
  result.name = name_of(attack);
  result.outcome = describe(status);
  result.blocked = WIFSIGNALED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != kNotEntered);
  return result;
}

SandboxReport probe(const SystemCallFilter& filter) {
  SandboxReport report;
  std::vector<bool> holds;
  for (const auto& proof : proofs()) {
    bool all = true;
    for (const Attack attack : proof.attacks) {
      auto result = attempt(attack, proof.layers, filter);
      all = all && result.blocked;
      result.name = std::string(proof.layer) + ": " + result.name;
      report.attempts.push_back(std::move(result));
    }
    holds.push_back(all);
  }
  const Layers together{.namespaces = holds[0], .landlock = holds[1], .system_calls = holds[2], .limits = holds[3]};
  bool all = true;
  for (const auto& [attack, name] : kAttacks) {
    auto result = attempt(attack, together, filter);
    all = all && result.blocked;
    report.attempts.push_back(std::move(result));
  }
  if (!holds[2] || !holds[3]) return report;
  report.level = SandboxLevel::limits;
  if (holds[0] || holds[1]) report.level = all ? SandboxLevel::files : SandboxLevel::limits;
  if (holds[0] && holds[1] && all) report.level = SandboxLevel::complete;
  return report;
}

void lower(SandboxReport& report, bool in_namespaces, bool in_landlock) {
  const SandboxLevel most = in_namespaces && in_landlock   ? SandboxLevel::complete
                            : in_namespaces || in_landlock ? SandboxLevel::files
                                                           : SandboxLevel::limits;
  report.level = std::min(report.level, most);
}

}  // namespace muniment::ingest::worker
