// An archive with one watched folder.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/log.h"
#include "ingest/intake.h"
#include "scanners/watch_folder.h"
#include "storage/documents.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::TestArchive;

// What is logged, to be read while others log.
class LogText final : public std::stringbuf {
 public:
  std::string text() {
    const std::scoped_lock lock(mutex_);
    return str();
  }

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    const std::scoped_lock lock(mutex_);
    return std::stringbuf::xsputn(bytes, count);
  }
  int_type overflow(int_type byte) override {
    const std::scoped_lock lock(mutex_);
    return std::stringbuf::overflow(byte);
  }

 private:
  std::recursive_mutex mutex_;  // xsputn calls overflow
};

// Waits for something that will happen; fails after a time that no healthy machine needs.
inline bool eventually(const std::function<bool()>& condition) {
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed()) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

struct Watched : TestArchive {
  fs::path folder = directory.path() / "inbox";
  LogText log_text;
  std::ostream log_stream{&log_text};
  core::Log log{clock, log_stream};
  ingest::IntakeOptions limits = testing::roomy_intake();
  std::function<void()> queued = [] {};
  std::optional<ingest::Intake> intake;
  std::optional<WatchFolder> watcher;
  milliseconds double_sided_wait{60'000};
  milliseconds rescan{60'000};

  Watched() {
    limits.max_file_bytes = 1000;
    fs::create_directories(folder);
  }
  void start(milliseconds settle = milliseconds(20)) {
    intake.emplace(database, blobs, limits, [this] { queued(); });
    WatchFolderOptions options;
    options.folder = folder;
    options.settle = settle;
    options.settle_unseen = settle;
    options.rescan = rescan;
    options.try_again = milliseconds(20);
    options.double_sided_wait = double_sided_wait;
    watcher.emplace(options, database, *intake, log);
    watcher->start();
  }
  // The watcher has seen all that was done before this: it looks at files in the order of their names.
  void let_it_look() {
    const std::int64_t before = documents();
    write(folder / "zz.txt", "zz" + std::to_string(before));
    ASSERT_TRUE(eventually([&] { return documents() > before && !fs::exists(folder / "zz.txt"); }));
  }
  std::int64_t documents() {
    auto session = database.read();
    return storage::list_documents(session, system(), {}, storage::DocumentOrder::title, 0, 1).total;
  }
  // Of the documents that came under this name, the smallest first.
  std::vector<std::uint64_t> sizes(std::string_view filename) {
    auto session = database.read();
    std::vector<std::uint64_t> sizes;
    const auto ids = storage::list_documents(session, system(), {}, storage::DocumentOrder::title, 0, 100).ids;
    for (const auto& document : storage::load_documents(session, system(), ids)) {
      const auto& file = document.components.front();
      if (file.filename == filename) sizes.push_back(file.size);
    }
    std::ranges::sort(sizes);
    return sizes;
  }
  void write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }
};

}  // namespace muniment::scanners
