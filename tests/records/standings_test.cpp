#include "records/standings.h"

#include <gtest/gtest.h>

#include "records/calculation.h"
#include "records/file_plan.h"
#include "records/report.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::RecordsArchive;

struct StandingsTest : ::testing::Test, RecordsArchive {
  StandingRecords listed(ListedStanding standing, const storage::Principal& who, std::optional<std::int64_t> in = {}) {
    auto session = database.read();
    return list_standing(session, who, day("2030-01-01"), standing, in, 0, 10);
  }
  std::vector<std::int64_t> free(const char* on, std::optional<std::int64_t> in = {}, Action action = Action::destroy) {
    auto session = database.read();
    return free_records(session, manager, day(on), action, in, 10);
  }
  std::int64_t another_class(const char* code, const ScheduleTerms& terms, std::optional<std::int64_t> parent = {}) {
    auto tx = begin();
    NewClass wanted{parent, code, "Another"};
    wanted.schedule = create_schedule(tx, std::string("S") + code, terms);
    const std::int64_t id = create_class(tx, wanted);
    tx.commit();
    return id;
  }
  std::int64_t declared_in(std::int64_t class_id) {
    const std::int64_t usual = std::exchange(node, class_id);
    const std::int64_t id = declared();
    node = usual;
    return id;
  }
  // A record is declared only under a schedule; here its class loses it afterwards.
  std::int64_t unruled_in(std::int64_t class_id) {
    const std::int64_t id = declared_in(class_id);
    auto tx = begin();
    ClassChange change;
    change.schedule = std::optional<std::int64_t>();
    change_class(tx, class_id, find_class(tx, class_id)->version, change);
    tx.commit();
    while (recalculate(database, 100) > 0) continue;
    return id;
  }
};

TEST_F(StandingsTest, ListsTheRecordsBehindEachFigure) {
  ScheduleTerms at_most = testing::terms("1 year");
  at_most.kind = RuleKind::maximum;
  ScheduleTerms for_ever = testing::terms("1 year", Action::permanent);
  const std::int64_t late = declared_in(another_class("4", at_most));
  const std::int64_t kept = declared_in(another_class("5", for_ever));
  const std::int64_t unruled = unruled_in(another_class("6", testing::terms("1 year")));
  declared();
  while (recalculate(database, 100) > 0) continue;
  ASSERT_EQ(listed(ListedStanding::overdue, manager).total, 1);
  EXPECT_EQ(listed(ListedStanding::overdue, manager).records.at(0).document_id, late);
  EXPECT_EQ(listed(ListedStanding::overdue, manager).records.at(0).class_code, "4");
  EXPECT_TRUE(listed(ListedStanding::overdue, manager).records.at(0).deadline.has_value());
  ASSERT_EQ(listed(ListedStanding::permanent, manager).total, 1);
  EXPECT_EQ(listed(ListedStanding::permanent, manager).records.at(0).document_id, kept);
  ASSERT_EQ(listed(ListedStanding::unscheduled, manager).total, 1);
  EXPECT_EQ(listed(ListedStanding::unscheduled, manager).records.at(0).document_id, unruled);
  EXPECT_EQ(listed(ListedStanding::contradictory, manager).total, 0);
  auto session = database.read();
  const RetentionReport report = retention_report(session, manager, day("2030-01-01"));
  EXPECT_EQ(report.overdue, 1);
  EXPECT_EQ(report.permanent, 1);
  EXPECT_EQ(report.unscheduled, 1);
}

TEST_F(StandingsTest, TakesWhatIsInAClassAndBelowIt) {
  const std::int64_t top = another_class("6", testing::terms("1 year"));
  const std::int64_t below = another_class("6.1", testing::terms("1 year", Action::permanent), top);
  declared_in(below);
  EXPECT_EQ(listed(ListedStanding::permanent, manager, top).total, 1);
  EXPECT_EQ(listed(ListedStanding::permanent, manager, node).total, 0);
}

TEST_F(StandingsTest, ListsOnlyWhatSomebodyMayRead) {
  const std::int64_t id = declared_in(another_class("6", testing::terms("1 year", Action::permanent)));
  {
    auto tx = begin();
    storage::DocumentChange change;
    change.own_access_list =
        storage::create_access_list(tx, "Mine", {{storage::AccessEntry::Subject::account, manager.account_id, true}});
    storage::change_document(tx, manager, id, storage::find_document(tx, manager, id)->version, change);
    tx.commit();
  }
  EXPECT_EQ(listed(ListedStanding::permanent, manager).total, 1);
  EXPECT_EQ(listed(ListedStanding::permanent, approver).total, 0);
}

TEST_F(StandingsTest, WhatIsFreeIsDueHeldByNothingAndInNoBatch) {
  const std::int64_t one = declared();
  const std::int64_t other = declared();
  held_by_hand(declared());
  filed();
  EXPECT_TRUE(free("2027-01-01").empty()) << "nothing is due yet";
  EXPECT_EQ(free("2030-01-01"), (std::vector{one, other}));
  EXPECT_TRUE(free("2030-01-01", {}, Action::transfer).empty());
  EXPECT_EQ(free("2030-01-01", node), (std::vector{one, other}));
  EXPECT_TRUE(free("2030-01-01", another_class("6", testing::terms("1 year"))).empty());
  proposed({one}, day("2030-01-01"));
  EXPECT_EQ(free("2030-01-01"), (std::vector{other}));
}

}  // namespace
}  // namespace muniment::records
