#include "records/report.h"

#include <gtest/gtest.h>

#include "records/events.h"
#include "records/waiting.h"
#include "tests/records/records_archive.h"
#include "tests/support/time_zone.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::RecordsArchive;

struct ReportTest : ::testing::Test, RecordsArchive {
  RetentionReport on(const char* iso, const storage::Principal& who) {
    auto session = database.read();
    return retention_report(session, who, day(iso));
  }
};

TEST_F(ReportTest, CountsWhereRecordsStandByClass) {
  const std::int64_t gone = declared();
  declared();
  held_by_hand(declared());
  filed();
  add_document(manager.actor(), "unfiled.txt", "unfiled");
  const std::int64_t batch = proposed({gone}, day("2030-01-01"));
  EXPECT_EQ(on("2030-01-01", manager).in_batches, 1);
  approve(batch);
  execute(batch, day("2030-01-01"));
  disposal.purge(day("2030-03-01"));
  const RetentionReport report = on("2030-03-01", manager);
  EXPECT_EQ(report.records, 2);
  EXPECT_EQ(report.due, 2);
  EXPECT_EQ(report.on_hold, 1);
  EXPECT_EQ(report.destroyed, 1);
  EXPECT_EQ(report.undeclared, 1);
  EXPECT_EQ(report.unfiled, 1);
  ASSERT_EQ(report.by_class.size(), 1u);
  EXPECT_EQ(report.by_class[0].code, "3.1");
  EXPECT_EQ(report.by_class[0].on_hold, 1);
  EXPECT_EQ(report.by_class[0].destroyed, 1);
  EXPECT_EQ(on("2027-01-01", manager).due, 0);
}

TEST_F(ReportTest, SaysWhichRecordsWaitForWhatSinceWhen) {
  declared();
  std::int64_t folder = 0;
  {
    auto tx = begin();
    const auto waits =
        create_schedule(tx, "E1", testing::terms("1 year", Action::destroy, {{TriggerKind::event, "contract ended"}}));
    folder = create_folder(tx, node, "Contracts", std::nullopt);
    FolderChange change;
    change.schedule = waits;
    change_folder(tx, folder, 1, change);
    tx.commit();
  }
  const std::int64_t first = declared(folder), second = declared(folder), secret = declared(folder);
  auto tx = begin();
  storage::DocumentChange hide;
  hide.own_access_list = storage::create_access_list(tx, "Board", {});
  storage::change_document(tx, manager, secret, storage::find_document(tx, manager, secret)->version, hide);
  WaitingRecords waiting = waiting_records(tx, manager, 0, 1);
  EXPECT_EQ(waiting.total, 2) << "neither what runs nor what may not be read";
  ASSERT_EQ(waiting.records.size(), 1u);
  EXPECT_EQ(waiting.records[0].document_id, first);
  EXPECT_EQ(waiting.records[0].since, day("2026-11-24"));
  EXPECT_EQ(waiting.records[0].missing, (std::vector<Trigger>{{TriggerKind::event, "contract ended"}}));
  record_event(tx, manager, "contract ended", day("2026-01-01"), {{first, std::nullopt}});
  waiting = waiting_records(tx, manager, 0, 10);
  ASSERT_EQ(waiting.records.size(), 1u);
  EXPECT_EQ(waiting.records[0].document_id, second);
}

TEST_F(ReportTest, TellsOfYearsAndMonths) {
  const std::int64_t gone = declared();
  declared();
  const std::int64_t batch = proposed({gone}, day("2030-01-01"));
  approve(batch);
  execute(batch, day("2030-01-01"));
  disposal.purge(day("2030-03-01"));
  auto session = database.read();
  const auto years = year_report(session, manager);
  ASSERT_EQ(years.size(), 2u);
  EXPECT_EQ(years[0].year, 2026);
  EXPECT_EQ(years[0].destroyed, 1);
  EXPECT_EQ(years[1].year, 2028) << "captured in November 2026, kept for two years";
  EXPECT_EQ(years[1].to_destroy, 1);
  const auto growth = growth_report(session, manager, day("2027-01-15"), 3);
  EXPECT_EQ(growth.documents, 1);
  ASSERT_EQ(growth.months.size(), 3u);
  EXPECT_EQ(growth.months[0].month, 11u);
  EXPECT_EQ(growth.months[0].documents, 1);
  EXPECT_GT(growth.months[0].bytes, 0);
  EXPECT_EQ(growth.months[0].destroyed, 1);
  EXPECT_EQ(growth.months[2].year, 2027);
  EXPECT_EQ(growth.months[2].documents, 0);
}

TEST_F(ReportTest, MonthsAndYearsAreThoseOfTheMachinesTimeZone) {
  const muniment::testing::TimeZone stockholm("CET-1CEST,M3.5.0,M10.5.0/3");
  clock.advance(core::parse_rfc3339("2026-12-31T23:30:00Z").value() - clock.now());
  declared();  // on New Year's Day in Stockholm
  auto session = database.read();
  const auto months = growth_report(session, manager, day("2027-01-15"), 2).months;
  EXPECT_EQ(months[0].documents, 0);
  EXPECT_EQ(months[1].documents, 1);
}

TEST_F(ReportTest, CountsOnlyWhatTheAskerMayRead) {
  const std::int64_t hidden = declared();
  declared();
  auto tx = begin();
  const std::int64_t list = storage::create_access_list(
      tx, "Management", {{storage::AccessEntry::Subject::account, manager.account_id, true}});
  tx.execute("UPDATE document SET own_access_list_id = $1, access_list_id = $1 WHERE id = $2", list, hidden);
  tx.commit();
  EXPECT_EQ(on("2030-01-01", manager).records, 2);
  EXPECT_EQ(on("2030-01-01", approver).records, 1);
  EXPECT_EQ(on("2030-01-01", approver).by_class[0].due, 1);
  auto session = database.read();
  EXPECT_EQ(year_report(session, approver)[0].to_destroy, 1);
  EXPECT_EQ(growth_report(session, approver, day("2026-11-30"), 1).months[0].documents, 1);
  EXPECT_EQ(growth_report(session, storage::system_principal(session, "test"), day("2026-11-30"), 1).documents, 2);
}

}  // namespace
}  // namespace muniment::records
