#include "scanners/watch_folder.h"

#include <fstream>
#include <functional>
#include <mutex>
#include <sstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

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

struct Watched : TestArchive {
  fs::path folder = directory.path() / "inbox";
  LogText log_text;
  std::ostream log_stream{&log_text};
  core::Log log{clock, log_stream};
  ingest::IntakeOptions limits;
  std::optional<ingest::Intake> intake;
  std::optional<WatchFolder> watcher;

  Watched() {
    limits.free_floor_bytes = 0;
    limits.free_floor_percent = 0;
    limits.max_file_bytes = 1000;
    fs::create_directories(folder);
  }
  void start(milliseconds settle = milliseconds(20)) {
    intake.emplace(database, blobs, limits, [] {});
    watcher.emplace(WatchFolderOptions{folder, settle, milliseconds(60'000)}, database, *intake, log);
  }
  std::int64_t documents() {
    auto session = database.read();
    return storage::list_documents(session, system(), {}, storage::DocumentOrder::title, 0, 1).total;
  }
  void write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }
};

// Waits for something that will happen; fails after a time that no healthy machine needs.
bool eventually(const std::function<bool()>& condition) {
  const core::Deadline deadline(std::chrono::seconds(60));
  while (!deadline.passed()) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

TEST(WatchFolder, TakesInWhatIsThereAndWhatComes) {
  Watched archive;
  archive.write(archive.folder / "before.txt", "before");
  archive.start();
  ASSERT_TRUE(eventually([&] { return archive.documents() == 1; }));
  archive.write(archive.folder / "after.txt", "after");
  ASSERT_TRUE(eventually([&] { return archive.documents() == 2; }));
  archive.write(archive.directory.path() / "elsewhere", "moved");
  fs::rename(archive.directory.path() / "elsewhere", archive.folder / "moved.txt");
  ASSERT_TRUE(eventually([&] { return archive.documents() == 3; }));
  EXPECT_TRUE(eventually([&] { return fs::is_empty(archive.folder); })) << "sources go once they are kept";
}

TEST(WatchFolder, LooksIntoNewFolders) {
  Watched archive;
  archive.start();
  fs::create_directories(archive.folder / "a" / "b");
  archive.write(archive.folder / "a" / "b" / "deep.txt", "deep");
  EXPECT_TRUE(eventually([&] { return archive.documents() == 1; }));
  archive.write(archive.folder / "a" / "b" / "deeper.txt", "deeper");
  EXPECT_TRUE(eventually([&] { return archive.documents() == 2; }));
}

TEST(WatchFolder, LeavesUnfinishedFilesAloneUntilTheyHaveTheirName) {
  Watched archive;
  archive.write(archive.folder / "big.pdf.part", "half");
  archive.write(archive.folder / ".hidden", "hidden");
  archive.start();
  archive.write(archive.folder / "done.txt", "done");
  ASSERT_TRUE(eventually([&] { return archive.documents() == 1; }));
  EXPECT_TRUE(fs::exists(archive.folder / "big.pdf.part"));
  EXPECT_TRUE(fs::exists(archive.folder / ".hidden"));
  fs::rename(archive.folder / "big.pdf.part", archive.folder / "big.pdf");
  EXPECT_TRUE(eventually([&] { return archive.documents() == 2; }));
}

TEST(WatchFolder, AFileThatStillGrowsIsNotTouched) {
  Watched archive;
  archive.start(milliseconds(3'600'000));
  archive.write(archive.folder / "growing.txt", "first half");
  archive.watcher.reset();
  EXPECT_EQ(archive.documents(), 0);
  EXPECT_TRUE(fs::exists(archive.folder / "growing.txt"));
}

TEST(WatchFolder, ADuplicateIsRemovedAndMakesNoSecondDocument) {
  Watched archive;
  archive.start();
  archive.write(archive.folder / "one.txt", "same");
  ASSERT_TRUE(eventually([&] { return archive.documents() == 1 && fs::is_empty(archive.folder); }));
  archive.write(archive.folder / "two.txt", "same");
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.folder); }));
  EXPECT_EQ(archive.documents(), 1);
}

TEST(WatchFolder, WhatCannotBeTakenInGoesAsideWithItsReason) {
  Watched archive;
  archive.start();
  archive.write(archive.folder / "huge.txt", std::string(2000, 'x'));
  const fs::path aside = archive.folder / "failed" / "huge.txt";
  ASSERT_TRUE(eventually([&] { return fs::exists(aside.string() + ".reason.txt"); }));
  EXPECT_EQ(fs::file_size(aside), 2000u);
  EXPECT_NE(core::read_file(aside.string() + ".reason.txt", 1000).find("larger"), std::string::npos);
  EXPECT_EQ(archive.documents(), 0);
  archive.watcher.reset();
  archive.start();
  archive.write(archive.folder / "fine.txt", "fine");
  ASSERT_TRUE(eventually([&] { return archive.documents() == 1; }));
  EXPECT_TRUE(fs::exists(aside)) << "what was set aside is not tried again";
}

TEST(WatchFolder, AFullDiskMakesFilesWaitWhereTheyAre) {
  Watched archive;
  archive.limits.free_floor_percent = 100;
  archive.start();
  archive.write(archive.folder / "waits.txt", "waits");
  ASSERT_TRUE(eventually([&] { return archive.log_text.text().find("watch_folder_waits") != std::string::npos; }));
  archive.watcher.reset();
  EXPECT_TRUE(fs::exists(archive.folder / "waits.txt"));
  archive.limits.free_floor_percent = 0;
  archive.start();
  EXPECT_TRUE(eventually([&] { return archive.documents() == 1; }));
}

}  // namespace
}  // namespace muniment::scanners
