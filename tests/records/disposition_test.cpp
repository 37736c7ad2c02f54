#include "records/disposition.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/documents.h"
#include "storage/members.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::kDue;
using testing::RecordsArchive;
using testing::terms;

TEST(Disposition, WhatIsDueIsListedOnItsDayAndNotBefore) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto session = archive.database.read();
  EXPECT_EQ(list_due(session, archive.manager, day("2028-11-24"), {}, 0, 10).total, 0);
  const DuePage page = list_due(session, archive.manager, kDue, {}, 0, 10);
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].document_id, id);
  EXPECT_EQ(page.records[0].schedule_code, "S1");
  EXPECT_EQ(list_due(session, archive.manager, kDue, {std::nullopt, Action::transfer}, 0, 10).total, 0);
  EXPECT_EQ(list_due(session, archive.manager, kDue, {archive.node, {}}, 0, 10).total, 1);
}

TEST(Disposition, TheDueListCanBeOfWhatIsPastItsLastDay) {
  RecordsArchive archive;
  archive.declared();  // by a minimum, which sets no last day
  const std::int64_t late = archive.declared();
  {
    auto tx = archive.begin();
    ScheduleTerms at_most = terms("3 years");
    at_most.kind = RuleKind::maximum;
    add_schedule_beside(tx, archive.manager, late, create_schedule(tx, "S5", at_most), "Personal data");
    tx.commit();
  }
  const Date last = archive.record(late).deadline.value();
  ASSERT_EQ(last, day("2029-11-24"));
  DueFilter overdue;
  overdue.overdue = true;
  auto session = archive.database.read();
  EXPECT_EQ(list_due(session, archive.manager, last, overdue, 0, 10).total, 0) << "the last day is in time";
  const DuePage page = list_due(session, archive.manager, day("2029-11-25"), overdue, 0, 10);
  EXPECT_EQ(page.total, 1);
  ASSERT_EQ(page.records.size(), 1u);
  EXPECT_EQ(page.records[0].document_id, late);
  EXPECT_EQ(list_due(session, archive.manager, last, {}, 0, 10).total, 2);
}

TEST(Disposition, WhatSomebodyMayNotReadIsNotInTheirDueList) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  storage::DocumentChange change;
  change.own_access_list = storage::create_access_list(tx, "Board", {});
  storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
  EXPECT_EQ(list_due(tx, archive.manager, kDue, {}, 0, 10).total, 0);
}

TEST(Disposition, TheProposerDoesNotApprove) {
  RecordsArchive archive;
  const auto batch = archive.proposed({archive.declared()}, kDue);
  {
    auto tx = archive.begin();
    EXPECT_THROW(approve_batch(tx, archive.manager, batch, 1, ""), Error);
  }
  auto tx = archive.begin();
  EXPECT_THROW(tx.execute("INSERT INTO disposition_approval (batch_id, account_id, decision, at) "
                          "VALUES ($1, $2, 'approve', 0)",
                          batch, archive.manager.account_id),
               Error);
}

TEST(Disposition, TwoApproversAreTwoPeople) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto third = archive.add_person("tore", storage::Role::admin);
  auto tx = archive.begin();
  const auto batch = propose_batch(tx, archive.manager, {"Batch", Action::destroy, "", {id}, 2}, kDue);
  approve_batch(tx, archive.approver, batch, 1, "");
  EXPECT_EQ(find_batch(tx, batch)->state, BatchState::proposed);
  EXPECT_THROW(approve_batch(tx, archive.approver, batch, 2, ""), Error);
  approve_batch(tx, third, batch, 2, "");
  EXPECT_EQ(find_batch(tx, batch)->state, BatchState::approved);
}

TEST(Disposition, NobodyProposesAndDecidesWithoutAName) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  auto tx = archive.begin();
  const auto owner = storage::system_principal(tx, "command line");
  const auto refused = [](const auto& act) {
    try {
      act();
      ADD_FAILURE() << "nobody can be named for it";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::forbidden) << error.what();
    }
  };
  refused([&] { approve_batch(tx, owner, batch, 1, ""); });
  refused([&] { reject_batch(tx, owner, batch, 1, "Needed"); });
  refused([&] { propose_batch(tx, owner, {"B", Action::destroy, "", {id}, 1}, kDue); });
  EXPECT_THROW(tx.execute("INSERT INTO disposition_approval (batch_id, account_id, decision, at) "
                          "VALUES ($1, 0, 'approve', 0)",
                          batch),
               Error);
}

TEST(Disposition, AReviewIsDecidedWhenItIsDue) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  const auto reviewed = create_schedule(tx, "S2", terms("10 years", Action::review));
  set_own_schedule(tx, archive.manager, id, find_record(tx, id)->version, reviewed, "To be seen");
  const auto review = [&](const char* today) {
    decide_review(tx, archive.manager, id, find_record(tx, id)->version, archive.schedule, "Seen", day(today));
  };
  EXPECT_THROW(review("2036-11-24"), Error);
  EXPECT_EQ(find_record(tx, id)->own_schedule, reviewed);
  review("2036-11-25");
  EXPECT_EQ(find_record(tx, id)->own_schedule, archive.schedule);
}

TEST(Disposition, WhatABatchMayDestroyIsNoDuplicateOfWhatComesIn) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared({}, "the same bytes");
  const core::Sha256 hash = core::Sha256::of("the same bytes");
  const auto found = [&] {
    auto session = archive.database.read();
    const auto document = storage::find_document(session, archive.manager, id).value();
    const auto duplicate = storage::find_duplicate(session, archive.manager, hash);
    EXPECT_EQ(storage::find_equal_document(session, hash, document.access_list), duplicate);
    return duplicate;
  };
  EXPECT_EQ(found(), id);
  const auto batch = archive.proposed({id}, kDue);
  EXPECT_EQ(found(), std::nullopt);
  auto tx = archive.database.begin(archive.approver.actor());
  reject_batch(tx, archive.approver, batch, 1, "Still needed");
  tx.commit();
  EXPECT_EQ(found(), id);
}

TEST(Disposition, OnlyWhatIsDueIsProposed) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  EXPECT_THROW(propose_batch(tx, archive.manager, {"B", Action::destroy, "", {id}, 1}, day("2028-11-24")), Error);
  EXPECT_THROW(propose_batch(tx, archive.manager, {"B", Action::transfer, "", {id}, 1}, kDue), Error);
}

TEST(Disposition, ARejectedBatchLeavesItsRecordsAsTheyWere) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  EXPECT_EQ(archive.record(id).stage, Stage::proposed);
  {
    auto tx = archive.database.begin(archive.approver.actor());
    EXPECT_THROW(reject_batch(tx, archive.approver, batch, 1, ""), Error) << "a reason is needed";
  }
  auto tx = archive.database.begin(archive.approver.actor());
  reject_batch(tx, archive.approver, batch, 1, "Still needed");
  EXPECT_EQ(find_record(tx, id)->stage, Stage::active);
}

TEST(Disposition, OneThatWasInterruptedAndWithdrawnIsCertifiedForWhatItDid) {
  RecordsArchive archive;
  const std::int64_t first = archive.declared();
  const std::int64_t second = archive.declared();
  const auto batch = archive.proposed({first, second}, kDue);
  archive.approve(batch);
  const auto version = [&] {
    auto session = archive.database.read();
    return find_batch(session, batch)->version;
  };
  archive.disposal.begin(archive.manager, batch, version());
  int left = 1;
  EXPECT_FALSE(archive.disposal.execute(archive.manager, batch, kDue, [&] { return left-- == 0; }));
  archive.disposal.recover();
  auto tx = archive.begin();
  withdraw_batch(tx, archive.manager, batch, version(), "A mistake");
  EXPECT_EQ(find_batch(tx, batch)->state, BatchState::executed);
  tx.commit();
  EXPECT_EQ(archive.item(batch, first).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.item(batch, second).outcome, Outcome::skipped);
  EXPECT_EQ(archive.record(second).stage, Stage::active);
}

}  // namespace
}  // namespace muniment::records
