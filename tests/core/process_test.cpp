#include "core/process.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"

namespace muniment::core {
namespace {

TEST(Process, PassesOnlyWhatItIsGiven) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  FileDescriptor in(ends[0]);
  FileDescriptor out(ends[1]);
  Process process = Process::start({{"/bin/sh", "-c", "echo \"$A-$HOME\" >&7; ls /proc/self/fd | wc -l >&7"},
                                    {{"A", "b"}, {"PATH", "/usr/bin:/bin"}},
                                    {{out.get(), 7}}});
  out.reset();
  const auto status = process.wait(std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_EQ(WEXITSTATUS(*status), 0);
  char text[100];
  const auto got = ::read(in.get(), text, sizeof text);
  ASSERT_GT(got, 0);
  // 0, 1, 2, 7 and the directory that ls itself opened.
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(got)), "b-\n5\n");
}

TEST(Process, AMissingProgramIsAnError) {
  EXPECT_THROW(Process::start({{"/no/such/program"}, {}, {}}), Error);
}

TEST(Process, DiesWithItsObject) {
  pid_t id = 0;
  {
    Process process = Process::start({{"/bin/sleep", "1000"}, {}, {}});
    id = process.id();
    EXPECT_FALSE(process.wait(std::chrono::milliseconds(0)));
  }
  EXPECT_NE(::kill(id, 0), 0);
}

}  // namespace
}  // namespace muniment::core
