// What people are told, under the bell and by mail, of holds and of paper: once for each event, and nobody else.
#include <chrono>

#include <gtest/gtest.h>

#include "records/holds.h"
#include "records/loans.h"
#include "storage/notifications.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using storage::NotificationKind;
using testing::day;
using testing::kToday;
using testing::PaperArchive;
using Kinds = std::vector<NotificationKind>;

struct ToldTest : ::testing::Test, PaperArchive {
  std::vector<storage::Notification> all_told(const storage::Principal& who) {
    storage::make_waiting_notifications(database);
    auto session = database.read();
    return storage::list_notifications(session, storage::load_principal(session, who.account_id, "").value(), 0, 50);
  }
  // The oldest first.
  Kinds told(const storage::Principal& who) {
    Kinds kinds;
    for (const storage::Notification& one : all_told(who)) kinds.insert(kinds.begin(), one.kind);
    return kinds;
  }
  std::int64_t placed(bool confidential, const std::vector<std::int64_t>& custodians) {
    std::int64_t hold = 0;
    change([&](auto& tx) { hold = place_hold(tx, manager, {"Dispute", "A claim", "", confidential, custodians}); });
    return hold;
  }
  void ask_instead(std::int64_t hold, const std::vector<std::int64_t>& custodians) {
    change([&](auto& tx) {
      const Hold now = find_hold(tx, hold).value();
      change_hold(tx, manager, hold, now.version, {now.title, now.reason, "", now.confidential, custodians});
    });
  }
  void release(std::int64_t hold) {
    change([&](auto& tx) { release_hold(tx, manager, hold, find_hold(tx, hold)->version, "Settled"); });
  }
  void lend_to(const storage::Principal& who, std::int64_t file, const char* due) {
    change([&](auto& tx) { lend(tx, clerk, file, {who.account_id, ""}, day(due), kToday); });
  }
};

TEST_F(ToldTest, CustodiansHearOfAHoldAndOfItsReleaseOnce) {
  const std::int64_t hold = placed(false, {reader.account_id, manager.account_id});
  EXPECT_EQ(told(reader), Kinds{NotificationKind::hold_asked});
  EXPECT_EQ(all_told(reader)[0].hold_id, hold);
  EXPECT_EQ(all_told(reader)[0].hold_title, "Dispute");
  EXPECT_TRUE(told(manager).empty()) << "nobody hears of what they do themselves";
  ask_instead(hold, {reader.account_id, clerk.account_id});
  EXPECT_EQ(told(reader), Kinds{NotificationKind::hold_asked}) << "asked already";
  EXPECT_EQ(told(clerk), Kinds{NotificationKind::hold_asked});
  release(hold);
  EXPECT_EQ(told(reader), (Kinds{NotificationKind::hold_asked, NotificationKind::hold_released}));
  EXPECT_EQ(told(clerk), (Kinds{NotificationKind::hold_asked, NotificationKind::hold_released}));
  EXPECT_TRUE(told(approver).empty());
}

TEST_F(ToldTest, WhoIsNotAskedAnyMoreHearsNothingOfAConfidentialHold) {
  const std::int64_t hold = placed(true, {reader.account_id});
  EXPECT_EQ(told(reader).size(), 1U);
  ask_instead(hold, {});
  EXPECT_TRUE(told(reader).empty()) << "asked when it is shown";
  ask_instead(hold, {clerk.account_id});
  release(hold);
  EXPECT_TRUE(told(reader).empty());
  EXPECT_EQ(told(clerk), Kinds{NotificationKind::hold_released}) << "nothing is left to acknowledge";
}

TEST_F(ToldTest, WhoHasNotAcknowledgedAHoldIsRemindedEveryFewDays) {
  const auto later = [](int days) { return Date(std::chrono::sys_days(kToday) + std::chrono::days(days)); };
  const auto reminded = [&](int days, std::int64_t every = 7) {
    return remind_custodians(database, later(days), every);
  };
  const std::int64_t hold = placed(true, {reader.account_id, clerk.account_id});
  EXPECT_EQ(reminded(6), 0U);
  EXPECT_EQ(reminded(400, 0), 0U) << "0: never";
  EXPECT_EQ(reminded(7), 2U);
  EXPECT_EQ(reminded(7), 0U);
  EXPECT_EQ(told(reader), (Kinds{NotificationKind::hold_asked, NotificationKind::hold_reminded}));
  EXPECT_TRUE(all_told(reader)[0].hold_confidential) << "so that a mail does not name it";
  change([&](auto& tx) { acknowledge_hold(tx, clerk, hold); });
  EXPECT_EQ(reminded(14), 1U);
  EXPECT_EQ(told(reader), (Kinds{NotificationKind::hold_asked, NotificationKind::hold_reminded}))
      << "one reminder is there to be read";
  EXPECT_TRUE(told(approver).empty());
  {
    auto session = database.read();
    const auto reminded_for = find_hold(session, hold);
    for (const Custodian& one : reminded_for->custodians) {
      EXPECT_EQ(one.reminded_on, later(one.account_id == reader.account_id ? 14 : 7));
    }
  }
  EXPECT_EQ(reminded(400), 1U);
  EXPECT_EQ(reminded(21), 1U) << "reminded last while the clock was ahead";
  EXPECT_EQ(reminded(21), 0U);
  release(hold);
  EXPECT_EQ(reminded(100), 0U);
}

TEST_F(ToldTest, ABorrowerHearsOnceThatTheLastDayIsOver) {
  const std::int64_t file = paper(box);
  lend_to(reader, file, "2026-12-01");
  EXPECT_EQ(note_overdue_loans(database, day("2026-12-01")), 0U) << "the last day is in time";
  EXPECT_EQ(note_overdue_loans(database, day("2026-12-02")), 1U);
  EXPECT_EQ(note_overdue_loans(database, day("2026-12-03")), 0U);
  EXPECT_EQ(told(reader), Kinds{NotificationKind::loan_overdue});
  EXPECT_EQ(all_told(reader)[0].document_id, file);
  change([&](auto& tx) { renew(tx, clerk, file, day("2026-12-10"), day("2026-12-03")); });
  EXPECT_EQ(note_overdue_loans(database, day("2026-12-10")), 0U);
  EXPECT_EQ(note_overdue_loans(database, day("2026-12-11")), 1U);
}

TEST_F(ToldTest, ABorrowerHearsOfARecallWhileTheFileIsOut) {
  const std::int64_t file = paper(box);
  lend_to(reader, file, "2026-12-10");
  change([&](auto& tx) { recall(tx, clerk, file, day("2026-11-30"), kToday); });
  EXPECT_EQ(told(reader), Kinds{NotificationKind::loan_recalled});
  const std::int64_t another = paper(box);
  lend_to(clerk, another, "2026-12-10");
  change([&](auto& tx) { recall(tx, clerk, another, day("2026-11-30"), kToday); });
  change([&](auto& tx) { take_back(tx, clerk, another, {}); });
  EXPECT_TRUE(told(clerk).empty()) << "it is back";
}

TEST_F(ToldTest, WhoReservedAFileHearsThatItIsThere) {
  const std::int64_t file = paper(box);
  const std::int64_t kept = paper(box);
  for (const std::int64_t each : {file, kept}) {
    lend_to(clerk, each, "2026-12-10");
    change([&](auto& tx) {
      reserve(tx, reader, each);
      reserve(tx, approver, each);
    });
  }
  change([&](auto& tx) {
    storage::DocumentChange to;
    to.own_access_list = storage::create_access_list(
        tx, "Manager only", {{storage::AccessEntry::Subject::account, manager.account_id, true}});
    storage::change_document(tx, manager, kept, storage::find_document(tx, manager, kept)->version, to);
  });
  EXPECT_TRUE(told(reader).empty());
  const auto back = [&](std::int64_t each) {
    auto tx = begin();
    take_back(tx, storage::load_principal(tx, manager.account_id, "").value(), each, {});
    tx.commit();
  };
  back(file);
  back(kept);
  EXPECT_EQ(told(reader), Kinds{NotificationKind::paper_ready}) << "not of what they may not read";
  EXPECT_EQ(all_told(reader)[0].document_id, file);
  EXPECT_TRUE(told(approver).empty()) << "it is not their turn";
}

}  // namespace
}  // namespace muniment::records
