#include "ingest/worker/sandbox.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/error.h"
#include "core/files.h"

namespace muniment::ingest::worker {

namespace {

constexpr unsigned kNobody = 65534;

bool write_file(const char* path, const std::string& text) {
  const core::FileDescriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

void set_no_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw core::system_error("give up new privileges", errno);
}

// <linux/landlock.h> of Debian 12 knows ABI 2 only; the kernel takes as much of this as its ABI says.
struct LandlockRules {
  std::uint64_t file_accesses;
  std::uint64_t network_accesses;  // from ABI 4
  std::uint64_t scopes;            // from ABI 6
};

LandlockRules landlock_rules(long abi) {
  LandlockRules rules{(1ULL << 13) - 1, 0, 0};
  if (abi >= 2) rules.file_accesses |= 1ULL << 13;  // refer
  if (abi >= 3) rules.file_accesses |= 1ULL << 14;  // truncate
  if (abi >= 5) rules.file_accesses |= 1ULL << 15;  // ioctl on devices
  if (abi >= 4) rules.network_accesses = 3;         // bind, connect
  if (abi >= 6) rules.scopes = 3;                   // abstract sockets, signals
  return rules;
}

std::size_t landlock_rules_size(long abi) {
  if (abi >= 6) return sizeof(LandlockRules);
  return abi >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

// What C++, the allocator and the parsers need once everything is loaded and every descriptor was handed over.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fcntl),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What only an attacker asks for.
constexpr int kDeadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(kexec_load),
    SCMP_SYS(init_module),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
};

void fill(scmp_filter_ctx filter) {
  int error = 0;
  const auto keep_first = [&error](int result) { error = error != 0 ? error : result; };
  for (const int call : kAllowed) keep_first(::seccomp_rule_add_exact(filter, SCMP_ACT_ALLOW, call, 0));
  for (const int call : kDeadly) keep_first(::seccomp_rule_add_exact(filter, SCMP_ACT_KILL_PROCESS, call, 0));
  // libseccomp's own macros for an argument are C that clang refuses in C++.
  const auto add_when = [&](std::uint32_t action, int call, const scmp_arg_cmp& argument) {
    keep_first(::seccomp_rule_add_array(filter, action, call, 1, &argument));
  };
  // Memory, but none that is turned into code.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    add_when(SCMP_ACT_ALLOW, call, {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0});
  }
  // Threads (the HEIF decoder starts one), but no processes. clone3 hides its flags in memory: the C library then uses
  // clone.
  add_when(SCMP_ACT_ALLOW, SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
  add_when(SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0});
  keep_first(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
  // Reading limits, not setting them.
  add_when(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), {2, SCMP_CMP_EQ, 0, 0});
  if (error != 0) throw core::system_error("build the system call filter", -error);
}

void limit(__rlimit_resource resource, std::uint64_t value) {
  rlimit present{};
  ::getrlimit(resource, &present);
  const rlimit wanted{std::min<rlim_t>(value, present.rlim_max), std::min<rlim_t>(value, present.rlim_max)};
  if (::setrlimit(resource, &wanted) != 0) throw core::system_error("set a limit", errno);
}

}  // namespace

void drop_root() {
  if (::geteuid() != 0) return;
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
      ::setresuid(kNobody, kNobody, kNobody) != 0) {
    throw core::system_error("become an unprivileged user", errno);
  }
  // The change of user took this away; writing /proc/self/uid_map needs it.
  ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

bool enter_namespaces() {
  const unsigned user = ::geteuid();
  const unsigned group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWPID) != 0)
    return false;
  const std::string inside = std::to_string(kNobody) + " ";
  return write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", inside + std::to_string(user) + " 1") &&
         write_file("/proc/self/gid_map", inside + std::to_string(group) + " 1");
}

bool empty_the_root() {
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0,nr_inodes=2,mode=0555") == 0 &&
         ::chdir("/tmp") == 0 && ::syscall(SYS_pivot_root, ".", ".") == 0 && ::umount2(".", MNT_DETACH) == 0 &&
         ::chdir("/") == 0 && ::mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
}

bool enter_landlock() {
  set_no_new_privileges();
  constexpr unsigned kAskForVersion = 1;
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskForVersion);
  if (abi < 1) return false;
  const LandlockRules rules = landlock_rules(abi);
  const core::FileDescriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, landlock_rules_size(abi), 0)));
  return ruleset && ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

void give_up_privileges() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2]{};
  if (::syscall(SYS_capset, &header, none) != 0) throw core::system_error("give up capabilities", errno);
  set_no_new_privileges();
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void enter_limits(const Limits& limits) {
  if (!kSanitized) limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_FSIZE, limits.output_bytes);
  limit(RLIMIT_CPU, limits.cpu_seconds);
  limit(RLIMIT_CORE, 0);
  // The HEIF decoder starts threads, which count too; processes are stopped by the system call filter.
  constexpr std::uint64_t kTasks = 256;
  limit(RLIMIT_NPROC, kTasks);
  limit(RLIMIT_NOFILE, 128);
}

SystemCallFilter::SystemCallFilter() {
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) throw core::Error(core::ErrorCode::internal, "could not build the system call filter");
  const core::FileDescriptor file(::memfd_create("filter", MFD_CLOEXEC));
  try {
    fill(filter);
    if (const int error = ::seccomp_export_bpf(filter, file.get()); error != 0) {
      throw core::system_error("build the system call filter", -error);
    }
  } catch (...) {
    ::seccomp_release(filter);
    throw;
  }
  ::seccomp_release(filter);
  static_assert(sizeof(sock_filter) == sizeof(std::uint64_t));
  program_.resize(core::size_of(file) / sizeof(sock_filter));
  core::read_at(file, 0, std::as_writable_bytes(std::span(program_)));
}

bool SystemCallFilter::enter() const {
  set_no_new_privileges();
  if (kSanitized) return false;
  std::vector<sock_filter> instructions(program_.size());
  std::memcpy(instructions.data(), program_.data(), program_.size() * sizeof(sock_filter));
  const sock_fprog program{static_cast<unsigned short>(instructions.size()), instructions.data()};
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

void close_descriptors_except(std::span<const int> kept) {
  std::vector<int> sorted{0, 1, 2};
  sorted.insert(sorted.end(), kept.begin(), kept.end());
  std::ranges::sort(sorted);
  unsigned next = 0;
  for (const int descriptor : sorted) {
    const auto number = static_cast<unsigned>(descriptor);
    if (number > next) ::syscall(SYS_close_range, next, number - 1, 0);
    next = std::max(next, number + 1);
  }
  ::syscall(SYS_close_range, next, ~0U, 0);
}

}  // namespace muniment::ingest::worker
