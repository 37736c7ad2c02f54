// Stacks in two passes in the folder for them in a watched folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/source_arrivals.h"
#include "storage/stack_passes.h"
#include "tests/scanners/watched_archive.h"

namespace muniment::scanners {
namespace {

struct DoubleSided : Watched {
  fs::path sides = folder / "double-sided";

  DoubleSided() { fs::create_directories(sides); }
  // The older one is the fronts, whatever the two are called.
  void put(const std::string& name, std::string_view text, int minute) {
    const fs::path hidden = sides / ("." + name);
    write(hidden, text);
    fs::last_write_time(hidden,
                        fs::file_time_type::clock::now() - std::chrono::hours(1) + std::chrono::minutes(minute));
    fs::rename(hidden, sides / name);
  }
  std::vector<std::pair<std::string, std::string>> pairs() {
    auto session = database.read();
    const auto ids = storage::list_documents(session, system(), {}, storage::DocumentOrder::title, 0, 100).ids;
    const auto name = [&](std::int64_t id) {
      return storage::find_document(session, system(), id)->components.front().filename;
    };
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::int64_t id : ids) {
      const auto passes = storage::stack_passes_of(session, id);
      if (passes && passes->fronts == id) pairs.emplace_back(name(passes->fronts), name(passes->backs));
    }
    std::ranges::sort(pairs);
    return pairs;
  }
  std::vector<std::string> reasons() {
    auto session = database.read();
    storage::AuditFilter filter;
    filter.action = "document.passes_not_joined";
    std::vector<std::string> all;
    for (const auto& entry : storage::list_audit(session, filter, 0, 10)) all.push_back(entry.detail);
    return all;
  }
};

TEST(DoubleSidedFolder, TheFirstFileWaitsForTheSecond) {
  DoubleSided archive;
  archive.start();
  archive.put("b.pdf", "fronts", 1);
  ASSERT_TRUE(eventually([&] { return archive.watcher->files().lone_side.has_value(); }));
  EXPECT_EQ(archive.watcher->files().lone_side->name, "b.pdf");
  EXPECT_GT(archive.watcher->files().lone_side->until, archive.clock.now());
  archive.let_it_look();
  EXPECT_TRUE(fs::exists(archive.sides / "b.pdf"));
  EXPECT_EQ(archive.documents(), 1) << "zz.txt alone";
  archive.put("a.pdf", "backs", 2);
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  EXPECT_EQ(archive.pairs(), (std::vector<std::pair<std::string, std::string>>{{"b.pdf", "a.pdf"}}));
  EXPECT_TRUE(eventually([&] { return !archive.watcher->files().lone_side; }));
}

TEST(DoubleSidedFolder, SeveralStacksGoTwoAndTwo) {
  DoubleSided archive;
  archive.put("4.pdf", "first fronts", 1);
  archive.put("3.pdf", "first backs", 2);
  archive.put("2.pdf", "second fronts", 3);
  archive.put("1.pdf", "second backs", 4);
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  EXPECT_EQ(archive.pairs(),
            (std::vector<std::pair<std::string, std::string>>{{"2.pdf", "1.pdf"}, {"4.pdf", "3.pdf"}}));
}

TEST(DoubleSidedFolder, OneThatStaysAloneIsTakenInAndTold) {
  DoubleSided archive;
  archive.double_sided_wait = milliseconds(50);
  archive.put("fronts.pdf", "fronts", 1);
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  EXPECT_EQ(archive.documents(), 1);
  EXPECT_TRUE(archive.pairs().empty());
  ASSERT_EQ(archive.reasons().size(), 1U);
  EXPECT_NE(archive.reasons()[0].find("its other side did not come within 1 minute"), std::string::npos);
}

TEST(DoubleSidedFolder, WhatStayedBehindAfterACrashIsNoSideOfTheNextStack) {
  DoubleSided archive;
  archive.put("fronts.pdf", "fronts", 1);
  archive.put("backs.pdf", "backs", 2);
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  archive.watcher.reset();
  // As if the service had been killed between the commit and the removal.
  archive.put("backs.pdf", "backs", 2);
  archive.put("next fronts.pdf", "next fronts", 3);
  archive.put("next backs.pdf", "next backs", 4);
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  EXPECT_EQ(archive.documents(), 4);
  EXPECT_EQ(archive.pairs(), (std::vector<std::pair<std::string, std::string>>{{"fronts.pdf", "backs.pdf"},
                                                                               {"next fronts.pdf", "next backs.pdf"}}));
}

TEST(DoubleSidedFolder, OfARefusedSideTheOtherComesInAlone) {
  DoubleSided archive;
  archive.put("fronts.pdf", std::string(2000, 'x'), 1);
  archive.put("backs.pdf", "backs", 2);
  archive.start();
  ASSERT_TRUE(eventually([&] { return fs::is_empty(archive.sides); }));
  EXPECT_TRUE(fs::exists(archive.folder / "failed" / "fronts.pdf"));
  EXPECT_EQ(archive.documents(), 1);
  ASSERT_EQ(archive.reasons().size(), 1U);
  EXPECT_NE(archive.reasons()[0].find("its other side was refused"), std::string::npos) << archive.reasons()[0];
}

TEST(DoubleSidedFolder, AFullDiskMakesBothWait) {
  DoubleSided archive;
  archive.limits.free_floor_percent = 100;
  archive.put("fronts.pdf", "fronts", 1);
  archive.put("backs.pdf", "backs", 2);
  archive.start();
  ASSERT_TRUE(eventually([&] { return !archive.watcher->files().problem.empty(); }));
  EXPECT_EQ(archive.documents(), 0);
  archive.watcher->stop();
  EXPECT_TRUE(fs::exists(archive.sides / "fronts.pdf") && fs::exists(archive.sides / "backs.pdf"));
}

}  // namespace
}  // namespace muniment::scanners
