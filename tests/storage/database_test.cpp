#include "storage/database.h"

#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using testing::kTester;
using testing::TestArchive;

std::int64_t tag_count(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM tag").value();
}

TEST(Database, RoundTripsEveryKindOfValue) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  tx.execute("CREATE TABLE thing (i INTEGER, r REAL, t TEXT, b BLOB, d TEXT, h TEXT, n TEXT)");
  const std::string with_nul("a\0b", 3);
  const core::Date date = core::parse_iso_date("2024-02-29").value();
  const core::Sha256 hash = core::Sha256::of("x");
  tx.execute("INSERT INTO thing VALUES ($1, $2, $3, $4, $5, $6, $7)", std::int64_t{INT64_MIN}, 0.5, with_nul,
             Blob{with_nul}, date, hash, std::optional<std::string>());
  tx.commit();
  auto session = archive.database.read();
  const auto row =
      session.row<std::int64_t, double, std::string, Blob, core::Date, core::Sha256, std::optional<std::string>>(
          "SELECT i, r, t, b, d, h, n FROM thing");
  ASSERT_TRUE(row);
  EXPECT_EQ(std::get<0>(*row), INT64_MIN);
  EXPECT_EQ(std::get<1>(*row), 0.5);
  EXPECT_EQ(std::get<2>(*row), with_nul);
  EXPECT_EQ(std::get<3>(*row).bytes, with_nul);
  EXPECT_EQ(std::get<4>(*row), date);
  EXPECT_EQ(std::get<5>(*row), hash);
  EXPECT_EQ(std::get<6>(*row), std::nullopt);
  EXPECT_THROW(session.value<std::string>("SELECT n FROM thing"), Error) << "NULL must not become an empty text";
}

TEST(Database, WhatATriggerSaysIsToldWhole) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  tx.execute("CREATE TRIGGER no_tags BEFORE INSERT ON tag BEGIN SELECT RAISE(ABORT, 'no tags: there are enough'); END");
  try {
    tx.execute("INSERT INTO tag (name, folded_name) VALUES ('a', 'a')");
    ADD_FAILURE() << "was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "no tags: there are enough");
  }
}

TEST(Database, EveryConnectionHoldsWhatDurabilityAndSafetyNeed) {
  TestArchive archive;
  const auto setting = [](Session& session, const std::string& name) {
    return session.value<std::int64_t>("PRAGMA " + name).value_or(0);
  };
  auto tx = archive.database.begin(Actor::system("test"));
  EXPECT_EQ(tx.value<std::string>("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(setting(tx, "synchronous"), 2) << "FULL: without it a power cut takes acknowledged documents";
  EXPECT_EQ(setting(tx, "secure_delete"), 1);
  auto reader = archive.database.read();
  for (Session* session : {static_cast<Session*>(&tx), static_cast<Session*>(&reader)}) {
    EXPECT_EQ(setting(*session, "foreign_keys"), 1);
    EXPECT_EQ(setting(*session, "trusted_schema"), 0);
    EXPECT_EQ(setting(*session, "cell_size_check"), 1);
    EXPECT_EQ(setting(*session, "mmap_size"), 0);
  }
  // One connection writes: SQLite 3.40's WAL-reset bug needs two.
  EXPECT_THROW((reader.rows<std::int64_t>("DELETE FROM tag RETURNING id")), Error);
}

TEST(Database, AnAbandonedTransactionLeavesNothing) {
  TestArchive archive;
  {
    auto tx = archive.database.begin(kTester);
    tx.insert("INSERT INTO tag (name, folded_name) VALUES ('a', 'a')");
    EXPECT_EQ(tag_count(tx), 1);
  }
  auto session = archive.database.read();
  EXPECT_EQ(tag_count(session), 0);
}

// One that only began to read would be told "database is locked" when it comes to write, however long it may wait.
TEST(Database, ATransactionHasTheRightToWriteFromItsBeginning) {
  TestArchive archive;
  core::SystemRandom random;
  Database another(archive.data.database(), archive.clock, random);
  const auto add = [](Transaction& tx, const std::string& name) {
    const std::int64_t before = tag_count(tx);
    tx.execute("INSERT INTO tag (name, folded_name) VALUES ($1, $1)", name);
    return before;
  };
  std::promise<void> begins;
  std::future<std::int64_t> second;
  {
    auto tx = archive.database.begin(kTester);
    add(tx, "first");
    second = std::async(std::launch::async, [&] {
      begins.set_value();
      auto other = another.begin(kTester);
      const std::int64_t before = add(other, "second");
      other.commit();
      return before;
    });
    begins.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // that it may go wrong, were it to
    tx.commit();
  }
  EXPECT_EQ(second.get(), 1) << "it sees what was written before";
}

TEST(Database, RunsActionsOnlyAfterTheCommit) {
  TestArchive archive;
  int runs = 0;
  {
    auto tx = archive.database.begin(kTester);
    tx.after_commit([&] { ++runs; });
  }
  EXPECT_EQ(runs, 0);
  auto tx = archive.database.begin(kTester);
  tx.after_commit([&] { ++runs; });
  tx.commit();
  EXPECT_EQ(runs, 1);
}

TEST(Database, AConstraintIsAConflict) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  tx.insert("INSERT INTO tag (name, folded_name) VALUES ('a', 'a')");
  try {
    tx.insert("INSERT INTO tag (name, folded_name) VALUES ('A', 'a')");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
  }
}

TEST(Database, ACopyHoldsWhatWasCommitted) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  tx.insert("INSERT INTO tag (name, folded_name) VALUES ('a', 'a')");
  tx.commit();
  const auto target = archive.directory.path() / "copy.db";
  archive.database.copy_to(target);
  EXPECT_THROW(archive.database.copy_to(target), Error);
  Database copy(target, archive.clock, archive.random);
  auto session = copy.read();
  EXPECT_EQ(tag_count(session), 1);
}

TEST(Database, RefusesDataOfANewerProgram) {
  TestArchive archive;
  const auto target = archive.directory.path() / "newer.db";
  archive.database.copy_to(target);
  {
    Database newer(target, archive.clock, archive.random);
    auto tx = newer.begin(kTester);
    tx.execute("PRAGMA user_version = 9999");
    tx.commit();
  }
  try {
    Database again(target, archive.clock, archive.random);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
}

TEST(Database, TellsAllWhoListenWhatIsQueuedForTheIndexUntilTheyGiveItUp) {
  TestArchive archive;
  int first = 0, second = 0;
  auto listening = archive.database.on_index_queued([&] { ++first; });
  const auto still = archive.database.on_index_queued([&] { ++second; });
  archive.add_document(kTester, "a.txt", "a");
  EXPECT_GT(first, 0);
  EXPECT_EQ(second, first);
  listening.reset();
  const int heard = first;
  archive.add_document(kTester, "b.txt", "b");
  EXPECT_EQ(first, heard);
  EXPECT_GT(second, heard);
}

TEST(Database, ChecksItself) {
  TestArchive archive;
  EXPECT_TRUE(archive.database.check().sound);
  EXPECT_GE(archive.database.schema_version(), 1);
  archive.database.checkpoint();
}

}  // namespace
}  // namespace muniment::storage
