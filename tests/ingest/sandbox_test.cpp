// Every layer of the sandbox alone against the attacks that it is there for, and each attack against no layer at all:
// an attack that would fail anyway proves nothing.
#include "ingest/worker/sandbox.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/worker/probe.h"

namespace muniment::ingest::worker {
namespace {

// The attack is made from an unprivileged process, as the program is.
SandboxReport::Attempt tried(Attack attack, const Layers& layers) {
  static const SystemCallFilter filter;
  return attempt(attack, layers, filter);
}

constexpr Attack kAll[] = {Attack::read_passwd,  Attack::list_root,     Attack::write_tmp, Attack::reach_network,
                           Attack::reach_socket, Attack::signal_parent, Attack::trace,     Attack::fork,
                           Attack::exec,         Attack::take_memory};

TEST(Sandbox, WithoutItEveryAttackSucceeds) {
  for (const Attack attack : kAll) {
    const auto result = tried(attack, {});
    EXPECT_FALSE(result.blocked) << result.name << ": " << result.outcome;
  }
}

// Whether an attack is blocked by one layer, or the layer is not to be had here.
void expect_blocked(Attack attack, const Layers& layers) {
  const auto result = tried(attack, layers);
  if (result.outcome == "the layer is not available") GTEST_SKIP() << result.name << ": " << result.outcome;
  EXPECT_TRUE(result.blocked) << result.name << ": " << result.outcome;
}

TEST(Sandbox, NamespacesHideFilesNetworkAndProcesses) {
  for (const Attack attack : {Attack::read_passwd, Attack::list_root, Attack::write_tmp, Attack::reach_network,
                              Attack::reach_socket, Attack::signal_parent}) {
    expect_blocked(attack, {.namespaces = true});
  }
}

TEST(Sandbox, LandlockClosesTheFileSystem) {
  for (const Attack attack : {Attack::read_passwd, Attack::list_root, Attack::write_tmp}) {
    expect_blocked(attack, {.landlock = true});
  }
}

TEST(Sandbox, TheSystemCallFilterKillsOrRefuses) {
  for (const Attack attack : {Attack::reach_network, Attack::reach_socket, Attack::signal_parent, Attack::trace,
                              Attack::fork, Attack::exec, Attack::read_passwd}) {
    expect_blocked(attack, {.system_calls = true});
  }
  if (!kSanitized) {
    EXPECT_EQ(tried(Attack::trace, {.system_calls = true}).outcome, "killed by signal 31");
  }
}

TEST(Sandbox, LimitsKeepMemory) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer needs the address space";
  expect_blocked(Attack::take_memory, {.limits = true});
}

TEST(Sandbox, TheProbeReportsTheLevelThatItsAttemptsShow) {
  const SandboxReport report = probe(SystemCallFilter());
  if (kSanitized) {
    EXPECT_EQ(report.level, SandboxLevel::none);
    return;
  }
  EXPECT_GE(report.level, SandboxLevel::limits);
  bool all = true;
  for (const auto& attempt : report.attempts) all = all && attempt.blocked;
  EXPECT_EQ(report.level == SandboxLevel::complete, all);
}

TEST(Sandbox, DescriptorsThatWereNotKeptAreClosed) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int kept = ::dup(1);
    const int other = ::dup(1);
    close_descriptors_except(std::span(&kept, 1));
    ::_exit(::close(kept) == 0 && ::close(other) != 0 && ::write(1, "", 0) == 0 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace muniment::ingest::worker
