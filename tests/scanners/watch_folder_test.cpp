#include "scanners/watch_folder.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <utility>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/documents.h"
#include "storage/source_arrivals.h"
#include "tests/scanners/watched_archive.h"
#include "tests/support/without_privileges.h"

namespace muniment::scanners {
namespace {

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

TEST(WatchFolder, WhatTheSystemHadNoRoomToTellIsFoundByLooking) {
  std::size_t room = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> room;
  ASSERT_GT(room, 0U);
  if (room > 200'000) GTEST_SKIP() << "this system's queue is too long to be filled here";
  Watched archive;
  archive.rescan = std::chrono::hours(1);
  std::promise<void> taken, go_on;
  bool first = true;
  archive.queued = [&] {
    if (!std::exchange(first, false)) return;
    taken.set_value();
    go_on.get_future().wait();
  };
  archive.write(archive.folder / "first.txt", "first");
  archive.start();
  taken.get_future().wait();  // the watcher reads nothing of its queue now
  const fs::path unfinished[] = {archive.folder / "a.part", archive.folder / "b.part"};
  for (const fs::path& file : unfinished) archive.write(file, "x");
  for (std::size_t i = 0; i < room; ++i) core::FileDescriptor(::open(unfinished[i % 2].c_str(), O_WRONLY | O_CLOEXEC));
  archive.write(archive.folder / "late.txt", "late");
  go_on.set_value();
  EXPECT_TRUE(eventually([&] { return archive.documents() == 2; }));
}

TEST(WatchFolder, WhatOnlyTheTrashHasIsTakenInAnew) {
  Watched archive;
  const storage::Principal ada = archive.add_person("ada", storage::Role::staff);
  const std::int64_t trashed = archive.add_document(ada.actor(), "lease.txt", "lease");
  {
    auto tx = archive.database.begin(ada.actor());
    storage::trash_document(tx, ada, trashed);
    tx.commit();
  }
  archive.write(archive.folder / "lease.txt", "lease");
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.folder); }));
  EXPECT_EQ(archive.documents(), 1);
  archive.write(archive.folder / "again.txt", "lease");
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.folder); }));
  EXPECT_EQ(archive.documents(), 1) << "which is kept now";
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

TEST(WatchFolder, AFileThatIsStillOpenForWritingIsNotTouched) {
  Watched archive;
  std::ofstream found(archive.folder / "found.txt");
  found << "first line\n" << std::flush;
  archive.start();
  std::ofstream created(archive.folder / "created.txt");
  created << "first line of another\n" << std::flush;
  // Twice: what the watcher heard of before the first file has settled when it takes in the second.
  archive.let_it_look();
  archive.let_it_look();
  EXPECT_EQ(archive.documents(), 2);
  found << "second line\n" << std::flush;
  created << "second line of another\n" << std::flush;
  EXPECT_EQ(archive.documents(), 2);
  found.close();
  created.close();
  ASSERT_TRUE(eventually([&] { return archive.documents() == 4 && fs::is_empty(archive.folder); }));
  EXPECT_EQ(archive.sizes("found.txt"), std::vector<std::uint64_t>{23});
  EXPECT_EQ(archive.sizes("created.txt"), std::vector<std::uint64_t>{45});
}

TEST(WatchFolder, AFileThatChangesWhileItIsTakenInStays) {
  Watched archive;
  bool appended = false;
  // Between the document and the end of its source: nobody has the file open, and it is another one now.
  archive.queued = [&] {
    if (!std::exchange(appended, true)) std::ofstream(archive.folder / "log.txt", std::ios::app) << "second line\n";
  };
  archive.write(archive.folder / "log.txt", "first line\n");
  archive.start();
  ASSERT_TRUE(eventually([&] { return archive.documents() == 2 && fs::is_empty(archive.folder); }));
  EXPECT_EQ(archive.sizes("log.txt"), (std::vector<std::uint64_t>{11, 23}));
}

TEST(WatchFolder, LinksAreNotFollowed) {
  Watched archive;
  const fs::path secret = archive.directory.path() / "keys" / "sealing.key";
  fs::create_directories(secret.parent_path());
  archive.write(secret, "secret");
  fs::create_symlink(secret, archive.folder / "before.key");
  fs::create_directory_symlink(secret.parent_path(), archive.folder / "before");
  archive.start();
  fs::create_symlink(secret, archive.folder / "after.key");
  fs::create_directory_symlink(secret.parent_path(), archive.folder / "after");
  fs::create_symlink(secret, archive.directory.path() / "link");
  fs::rename(archive.directory.path() / "link", archive.folder / "moved.key");
  archive.let_it_look();
  archive.write(secret.parent_path() / "new.key", "another secret");
  archive.let_it_look();
  archive.let_it_look();
  EXPECT_EQ(archive.documents(), 3);
  EXPECT_TRUE(fs::exists(secret));
}

TEST(WatchFolder, OneThatCannotBeReadOrRemovedKeepsNoOtherWaiting) {
  Watched archive;
  archive.write(archive.folder / "a.txt", "unreadable");
  fs::permissions(archive.folder / "a.txt", fs::perms::none);
  fs::create_directories(archive.folder / "b");
  archive.write(archive.folder / "b" / "b.txt", "not to be removed");
  fs::permissions(archive.folder / "b", fs::perms::owner_read | fs::perms::owner_exec);
  archive.write(archive.folder / "c.txt", "fine");
  {
    const testing::WithoutPrivileges ordinary;  // the watcher's thread inherits it
    archive.start();
  }
  ASSERT_TRUE(eventually([&] { return archive.watcher->files().troubled == 2; }));
  ASSERT_TRUE(eventually([&] { return !fs::exists(archive.folder / "c.txt"); }));
  EXPECT_THAT(archive.watcher->files().problem, ::testing::StartsWith((archive.folder / "a.txt").string() + ": "));
  EXPECT_EQ(archive.documents(), 2);
  fs::permissions(archive.folder / "a.txt", fs::perms::owner_read);
  fs::permissions(archive.folder / "b", fs::perms::owner_all);
  EXPECT_TRUE(eventually([&] { return !fs::exists(archive.folder / "a.txt") && fs::is_empty(archive.folder / "b"); }));
  EXPECT_TRUE(eventually([&] { return archive.watcher->files().troubled == 0; }));
  EXPECT_EQ(archive.watcher->files().problem, "");
  EXPECT_EQ(archive.documents(), 3);
}

TEST(WatchFolder, WhatTakesThePlaceOfAKeptFileIsNotRemovedUnread) {
  Watched archive;
  const fs::path file = archive.folder / "a.txt";
  const fs::path elsewhere = archive.folder.parent_path() / "another name.txt";
  archive.write(file, "the first");
  fs::create_hard_link(file, elsewhere);
  bool changed = false;
  // Once it is kept: of what happens under a name elsewhere no event tells, and neither size nor time does.
  archive.queued = [&] {
    if (std::exchange(changed, true)) return;
    const auto time = fs::last_write_time(elsewhere);
    archive.write(elsewhere, "the other");
    fs::last_write_time(elsewhere, time);
  };
  archive.start();
  ASSERT_TRUE(eventually([&] { return !fs::exists(file); }));
  EXPECT_EQ(archive.documents(), 2);
}

TEST(WatchFolder, AFolderThatCannotBeLookedThroughKeepsNoOtherWaiting) {
  Watched archive;
  // Deeper than a path may be long.
  constexpr int kLevels = 24;
  const std::string name(200, 'd');
  int in = ::open(archive.folder.c_str(), O_RDONLY | O_DIRECTORY);
  for (int level = 0; level < kLevels; ++level) {
    ASSERT_EQ(::mkdirat(in, name.c_str(), 0700), 0);
    const int next = ::openat(in, name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(in);
    in = next;
  }
  ::close(in);
  archive.write(archive.folder / "fine.txt", "fine");
  archive.start();
  EXPECT_TRUE(eventually([&] { return archive.documents() == 1 && !fs::exists(archive.folder / "fine.txt"); }));
  EXPECT_TRUE(eventually([&] { return archive.watcher->files().problem.starts_with(archive.folder.string() + ": "); }));
  archive.watcher.reset();
  fs::path middle = archive.folder;
  for (int level = 0; level < kLevels / 2; ++level) middle /= name;
  fs::rename(middle, archive.directory.path() / "lower");  // for the removal of all
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
  EXPECT_EQ(archive.watcher->files().set_aside, 1);
}

TEST(WatchFolder, WhatWasSetAsideIsToldAndTriedAgain) {
  Watched archive;
  archive.start();
  archive.write(archive.folder / "huge.txt", std::string(2000, 'x'));
  ASSERT_TRUE(eventually([&] { return archive.watcher->files().set_aside == 1; }));
  ASSERT_TRUE(eventually([&] { return archive.watcher->files().waiting == 0; }));
  const auto refused = archive.watcher->files(10).refused;
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].name, "huge.txt");
  EXPECT_NE(refused[0].reason.find("larger"), std::string::npos);
  EXPECT_TRUE(archive.watcher->files().refused.empty());
  archive.watcher.reset();
  archive.limits.max_file_bytes = 10'000;
  // One with that name has come meanwhile: neither takes the place of the other.
  archive.write(archive.folder / "huge.txt", "small by now");
  archive.start(milliseconds(60'000));
  EXPECT_EQ(archive.watcher->try_refused_again(), 1U);
  EXPECT_EQ(fs::file_size(archive.folder / "huge.txt"), 12U);
  EXPECT_EQ(fs::file_size(archive.folder / "huge (2).txt"), 2000U);
  EXPECT_TRUE(fs::is_empty(archive.folder / "failed")) << "nor does the text stay";
  archive.watcher.reset();
  archive.start();
  EXPECT_TRUE(eventually([&] { return archive.documents() == 2; }));
  auto session = archive.database.read();
  EXPECT_EQ(storage::arrivals_of(session, "watch", archive.folder.string(), archive.clock.now()).lately, 2);
}

TEST(WatchFolder, AFileThatIsCalledLikeAReasonIsNotTakenForOne) {
  Watched archive;
  archive.write(archive.folder / "huge.txt.reason.txt", std::string(3000, 'x'));
  archive.start();
  const fs::path aside = archive.folder / "failed";
  ASSERT_TRUE(eventually([&] { return fs::exists(aside / "huge.txt.reason (2).txt.reason.txt"); }));
  archive.write(archive.folder / "huge.txt", std::string(2000, 'x'));
  ASSERT_TRUE(eventually([&] { return fs::exists(aside / "huge.txt.reason.txt"); }));
  EXPECT_EQ(archive.watcher->files().set_aside, 2);
  archive.watcher.reset();
  archive.start(milliseconds(60'000));
  EXPECT_EQ(archive.watcher->try_refused_again(), 2U);
  EXPECT_EQ(fs::file_size(archive.folder / "huge.txt"), 2000U);
  EXPECT_EQ(fs::file_size(archive.folder / "huge.txt.reason (2).txt"), 3000U);
  EXPECT_TRUE(fs::is_empty(archive.folder / "failed"));
}

TEST(WatchFolder, NothingIsFetchedThroughALinkInThePlaceOfTheFailed) {
  Watched archive;
  const fs::path elsewhere = archive.directory.path() / "elsewhere";
  fs::create_directories(elsewhere);
  archive.write(elsewhere / "secret.txt", "secret");
  fs::create_directory_symlink(elsewhere, archive.folder / "failed");
  archive.start();
  EXPECT_EQ(archive.watcher->files().set_aside, 0);
  EXPECT_TRUE(archive.watcher->files(10).refused.empty());
  EXPECT_EQ(archive.watcher->try_refused_again(), 0U);
  fs::remove(archive.folder / "failed");
  fs::create_directory(archive.folder / "failed");
  archive.write(archive.folder / "failed" / "a.txt", "a");
  fs::create_symlink(elsewhere / "secret.txt", archive.folder / "failed" / "b.txt");
  fs::create_symlink(elsewhere / "secret.txt", archive.folder / "failed" / "a.txt.reason.txt");
  const auto refused = archive.watcher->files(10).refused;
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].name + refused[0].reason, "a.txt");
  EXPECT_EQ(archive.watcher->try_refused_again(), 1U);
  EXPECT_TRUE(fs::exists(elsewhere / "secret.txt"));
}

TEST(WatchFolder, AFullDiskMakesFilesWaitWhereTheyAre) {
  Watched archive;
  archive.limits.free_floor_percent = 100;
  archive.start();
  archive.write(archive.folder / "waits.txt", "waits");
  ASSERT_TRUE(eventually([&] { return !archive.watcher->files().problem.empty(); }));
  const WatchedFiles files = archive.watcher->files();
  EXPECT_EQ(files.waiting, 1);
  EXPECT_EQ(files.problem_since, archive.clock.now());
  EXPECT_NE(archive.log_text.text().find("watch_folder_waits"), std::string::npos);
  archive.watcher.reset();
  EXPECT_TRUE(fs::exists(archive.folder / "waits.txt"));
  archive.limits.free_floor_percent = 0;
  archive.start();
  EXPECT_TRUE(eventually([&] { return archive.documents() == 1; }));
  EXPECT_TRUE(eventually([&] { return archive.watcher->files().problem.empty(); }));
}

}  // namespace
}  // namespace muniment::scanners
