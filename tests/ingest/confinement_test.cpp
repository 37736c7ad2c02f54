// How a reader that is at work is confined, as /proc tells from outside: what the attack probe finds out of children of
// its own says nothing of those that read.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"
#include "ingest/extractor.h"
#include "ingest/worker/sandbox.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

namespace fs = std::filesystem;

// The lines of a file of /proc by what they begin with; empty when the process is gone.
std::map<std::string, std::string> status_of(const fs::path& process) {
  std::map<std::string, std::string> status;
  std::ifstream file(process / "status");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(" \t", colon + 1);
    status[line.substr(0, colon)] = value == std::string::npos ? "" : line.substr(value);
  }
  return status;
}

// Of the process that waits in the reader which was started last: it has entered all that it enters.
std::optional<fs::path> confined_reader() {
  std::map<std::string, std::string> parents;
  std::set<std::string> readers;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string id = entry.path().filename();
    if (id.find_first_not_of("0123456789") != std::string::npos) continue;
    auto status = status_of(entry.path());
    parents[id] = status["PPid"];
    if (status["Name"] == "misbehaving_ext" && status["Seccomp"] == "2") readers.insert(id);
  }
  const std::string self = std::to_string(::getpid());
  for (const std::string& reader : readers) {
    std::string ancestor = reader;
    while (ancestor != self && parents.contains(ancestor)) ancestor = parents[ancestor];
    if (ancestor == self) return fs::path("/proc") / reader;
  }
  return std::nullopt;
}

std::string limit_of(const fs::path& process, const std::string& name) {
  std::ifstream file(process / "limits");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(name)) continue;
    std::istringstream values(line.substr(name.size()));
    std::string soft;
    values >> soft;
    return soft;
  }
  return "";
}

class ConfinementTest : public testing::Test {
 protected:
  ConfinementTest() {
    options_.program = MISBEHAVING_EXTRACT;
    options_.languages = {"eng"};
    options_.minimum_level = SandboxLevel::none;
    options_.memory_bytes = 512ULL << 20;
    options_.output_bytes = 8 << 20;
    options_.page_deadline = std::chrono::seconds(60);
    extractor_.emplace(options_, log_);
    extractor_->sandbox();  // the probe's own children are gone
    reading_ = std::async(std::launch::async, [this] {
      try {
        extractor_->inspect(file_.source, stop_.get_token());
      } catch (const core::Error&) {
        // It hangs until it is stopped.
      }
    });
    const core::Deadline deadline(std::chrono::seconds(50));
    while (!reader_ && !deadline.passed()) {
      reader_ = confined_reader();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ~ConfinementTest() override {
    stop_.request_stop();
    reading_.wait();
  }

  core::SystemClock clock_;
  std::ostringstream printed_;
  core::Log log_{clock_, printed_};
  ExtractorOptions options_;
  const File file_{"MISBEHAVE hang"};
  std::stop_source stop_;
  std::optional<Extractor> extractor_;
  std::future<void> reading_;
  std::optional<fs::path> reader_;
};

TEST_F(ConfinementTest, OfAReaderAtWork) {
  if (worker::kSanitized) GTEST_SKIP() << "a sanitizer's program is not confined";
  ASSERT_TRUE(reader_) << "no reader has entered its sandbox";
  auto status = status_of(*reader_);
  EXPECT_EQ(status["NoNewPrivs"], "1");
  EXPECT_EQ(status["CapEff"], "0000000000000000");
  EXPECT_EQ(status["CapPrm"], "0000000000000000");
  EXPECT_FALSE(status["Uid"].starts_with("0\t")) << "a reader is nobody";
  EXPECT_EQ(limit_of(*reader_, "Max core file size"), "0");
  EXPECT_EQ(limit_of(*reader_, "Max open files"), "128");
  EXPECT_EQ(limit_of(*reader_, "Max processes"), "256");
  for (const char* limited : {"Max cpu time", "Max file size", "Max address space"}) {
    EXPECT_NE(limit_of(*reader_, limited), "unlimited") << limited;
  }
}

TEST_F(ConfinementTest, LayersThatHoldAreAroundReaders) {
  if (worker::kSanitized) GTEST_SKIP() << "a sanitizer's program is not confined";
  const SandboxReport report = extractor_->sandbox();
  const auto holds = [&](std::string_view layer) {
    return std::ranges::all_of(report.attempts,
                               [&](const auto& one) { return !one.name.starts_with(layer) || one.blocked; });
  };
  EXPECT_EQ(report.level == SandboxLevel::complete, holds("namespaces: ") && holds("landlock: "));
  ASSERT_TRUE(reader_) << "no reader has entered its sandbox";
  if (!holds("namespaces: ")) return;
  const auto status = status_of(*reader_);
  // Innermost last: it has a number of its own in a namespace of its own.
  EXPECT_NE(status.at("NSpid").find('\t'), std::string::npos) << status.at("NSpid");
  if (::geteuid() != 0) return;  // only root looks into what is nobody's
  for (const char* kind : {"user", "net", "ipc", "uts", "mnt", "pid"}) {
    EXPECT_NE(fs::read_symlink(*reader_ / "ns" / kind), fs::read_symlink(fs::path("/proc/self/ns") / kind)) << kind;
  }
  EXPECT_TRUE(fs::is_empty(*reader_ / "root")) << "a reader sees files";
  // Input, output and error, where it answers, the file, and what libraries complain into.
  EXPECT_LE(std::distance(fs::directory_iterator(*reader_ / "fd"), {}), 6);
}

}  // namespace
}  // namespace muniment::ingest
