// The layers between a child that reads foreign bytes and everything else. Each stands by itself, so that the attack
// probe (probe.h) and the tests can try every one alone; together they are entered in the order of this file.
//
// None can be left again. All functions are for a process with one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace muniment::ingest::worker {

// Root becomes nobody (65534); for others nothing happens. Before everything else. Throws core::Error(io).
void drop_root();

// New user, network, IPC, UTS and mount namespaces, and a PID namespace for the processes forked from now on: the first
// of them becomes its init, with which all others die. False where the kernel or its configuration refuses; the process
// is then unchanged.
bool enter_namespaces();

// Replaces the root by an empty, read-only one. After enter_namespaces, by the new PID namespace's init. Already open
// descriptors and mapped libraries keep working. False when refused.
bool empty_the_root();

// Landlock (Linux 5.13) without a single rule: no file or directory can be opened, made or removed; from Linux 6.7 no
// TCP port, from 6.12 no abstract socket or process outside either. Sets no_new_privs. False where it is not built in.
bool enter_landlock();

// Gives up every capability, sets no_new_privs, and keeps processes of the same user from looking into this one.
void give_up_privileges();

struct Limits {
  std::uint64_t memory_bytes = 0;  // address space, everything included
  std::uint64_t output_bytes = 0;  // size of a file written to
  std::uint32_t cpu_seconds = 0;
};
// setrlimit(2), and for all children: no core dump, few descriptors, few threads.
void enter_limits(const Limits& limits);

// The system calls that a child may make. A call that no parser ever makes (exec, socket, ptrace, fork...) kills it
// with SIGSYS, anything else that is not on the list fails with EPERM. Compiled once, because that costs a few
// milliseconds.
class SystemCallFilter {
 public:
  SystemCallFilter();
  // Sets no_new_privs too. False where the kernel has no seccomp.
  bool enter() const;

 private:
  std::vector<std::uint64_t> program_;  // struct sock_filter
};

// Closes every descriptor but these and 0, 1 and 2.
void close_descriptors_except(std::span<const int> kept);

// False in builds whose sanitizer needs the address space or system calls that the sandbox takes away; limits on memory
// and the system call filter are left out there, and the probe says so.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace muniment::ingest::worker
