#include "records/purge_day.h"

#include <gtest/gtest.h>

#include "records/report.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::RecordsArchive;

bool credible(RecordsArchive& archive, const char* today) {
  auto tx = archive.begin();
  const bool answer = is_credible_for_purging(tx, day(today));
  tx.commit();
  return answer;
}

TEST(PurgeDay, DaysThatFollowAreBelieved) {
  RecordsArchive archive;
  EXPECT_TRUE(credible(archive, "2026-11-24"));
  EXPECT_TRUE(credible(archive, "2026-11-25"));
  EXPECT_TRUE(credible(archive, "2027-01-24")) << "sixty days on, the office was closed";
}

TEST(PurgeDay, AnEarlierDayIsNotBelieved) {
  RecordsArchive archive;
  EXPECT_TRUE(credible(archive, "2026-11-24"));
  EXPECT_FALSE(credible(archive, "2026-11-23"));
  EXPECT_TRUE(credible(archive, "2026-11-24"));
}

TEST(PurgeDay, AJumpIsBelievedWhenItHasStoodForADay) {
  RecordsArchive archive;
  EXPECT_TRUE(credible(archive, "2026-11-24"));
  EXPECT_FALSE(credible(archive, "2027-01-24"));
  archive.clock.advance(std::chrono::hours(23));
  EXPECT_FALSE(credible(archive, "2027-01-24"));
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(credible(archive, "2027-01-25"));
  EXPECT_TRUE(credible(archive, "2027-01-26"));
}

TEST(PurgeDay, AClockThatIsSetRightAgainLeavesNoTrace) {
  RecordsArchive archive;
  EXPECT_TRUE(credible(archive, "2026-11-24"));
  EXPECT_FALSE(credible(archive, "2040-01-01"));
  EXPECT_TRUE(credible(archive, "2026-11-25"));
  archive.clock.advance(std::chrono::hours(48));
  EXPECT_FALSE(credible(archive, "2040-01-01")) << "a new jump begins anew";
}

TEST(PurgeDay, ADemonstrationMayJump) {
  RecordsArchive archive;
  EXPECT_TRUE(credible(archive, "2026-11-24"));
  {
    auto tx = archive.begin();
    set_demonstration_day(tx, day("2040-01-01"));
    tx.commit();
  }
  EXPECT_TRUE(credible(archive, "2040-01-01"));
}

TEST(PurgeDay, AfterARestoreWhatTheBackupDoesNotKnowCanBeSaidAnewFirst) {
  RecordsArchive archive;
  const auto postponed = [&](const char* today) {
    auto tx = archive.begin();
    const bool answer = is_purging_postponed(tx, day(today));
    tx.commit();
    return answer;
  };
  EXPECT_FALSE(postponed("2026-11-24"));
  {
    auto tx = archive.begin();
    postpone_purging(tx);
    tx.commit();
  }
  EXPECT_TRUE(postponed("2026-11-24"));
  EXPECT_TRUE(postponed("2026-12-24"));
  {
    auto session = archive.database.read();
    EXPECT_EQ(day("2026-12-24"), purging_postponed_through(session));
  }
  EXPECT_FALSE(postponed("2026-12-25"));
  EXPECT_FALSE(postponed("2026-11-24")) << "it is over for good";
}

TEST(PurgeDay, AfterARestoreWithAClockThatIsBehindTheWaitBeginsWhenItIsRight) {
  RecordsArchive archive;
  const auto postponed = [&](const char* today) {
    credible(archive, today);
    auto tx = archive.begin();
    const bool answer = is_purging_postponed(tx, day(today));
    tx.commit();
    return answer;
  };
  const auto through = [&] {
    auto session = archive.database.read();
    return purging_postponed_through(session);
  };
  EXPECT_FALSE(postponed("2026-11-24"));
  archive.clock.advance(-std::chrono::hours(24 * 365 * 6));
  {
    auto tx = archive.begin();
    postpone_purging(tx);
    tx.commit();
  }
  EXPECT_EQ(through(), day("2026-12-24")) << "not before what is known to have been";
  EXPECT_TRUE(postponed("2020-11-25"));
  EXPECT_TRUE(postponed("2040-01-01"));
  EXPECT_TRUE(postponed("2027-01-10")) << "the first day that can be right";
  EXPECT_EQ(through(), day("2027-02-09"));
  EXPECT_TRUE(postponed("2027-02-09"));
  EXPECT_FALSE(postponed("2027-02-10"));
}

}  // namespace
}  // namespace muniment::records
