#include "records/loans.h"

#include <gtest/gtest.h>

#include "records/barcodes.h"
#include "storage/accounts.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kDue;
using testing::kToday;
using testing::PaperArchive;

TEST(Loans, AFileIsOutOnceAndComesHome) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const Borrower rolf{archive.reader.account_id, ""};
  archive.refused([&](auto& tx) { lend(tx, archive.reader, id, rolf, kDue, kToday); }, core::ErrorCode::forbidden);
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, rolf, day("2026-11-23"), kToday); },
                  core::ErrorCode::invalid_argument);
  archive.refused(
      [&](auto& tx) {
        lend(tx, archive.clerk, id, {{}, " "}, kDue, kToday);
      },
      core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, rolf, day("2026-12-01"), kToday); });
  EXPECT_TRUE(archive.item_of(id).on_loan);
  EXPECT_FALSE(archive.item_of(id).current);
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.refused([&](auto& tx) {
    tx.execute("INSERT INTO loan (document_id, borrower, out_at, due_on) VALUES ($1, 'x', 0, '2027-01-01')", id);
  });
  archive.refused([&](auto& tx) { move_item(tx, archive.clerk, id, find_item(tx, id)->version, archive.box, false); });
  archive.refused([&](auto& tx) { storage::trash_document(tx, archive.manager, id); });
  {
    auto session = archive.database.read();
    EXPECT_TRUE(list_loans(session, archive.clerk, {day("2026-12-01"), {}}).empty()) << "the last day is in time";
    EXPECT_EQ(list_loans(session, archive.clerk, {day("2026-12-02"), {}}).size(), 1u);
    EXPECT_EQ(list_loans(session, archive.clerk, {{}, archive.clerk.account_id}).size(), 0u);
  }
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  archive.refused([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(archive.item_of(id).current->id, archive.box);
  auto session = archive.database.read();
  ASSERT_EQ(loan_history(session, id).size(), 1u);
  EXPECT_EQ(loan_history(session, id)[0].borrower, "rolf");
  std::vector<std::string> why;
  for (const Movement& movement : item_movements(session, id)) why.push_back(movement.why);
  EXPECT_EQ(why, (std::vector<std::string>{"returned", "lent", "registered"}));
}

TEST(Loans, AFileComesHomeThoughItsBoxHoldsTooMuchByNow) {
  PaperArchive archive;
  archive.change([&](auto& tx) {
    LocationChange two_files;
    two_files.capacity.emplace(2);
    change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, two_files);
  });
  const std::int64_t lent = archive.paper(archive.box);
  const std::int64_t missing = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, lent, {{}, "A lawyer"}, kDue, kToday); });
  archive.accept_all(archive.box, {});
  ASSERT_TRUE(archive.item_of(missing).missing_since);
  archive.paper(archive.box);  // in its gap
  archive.accept_all(archive.other_box, {missing});
  archive.refused([&](auto& tx) { take_back(tx, archive.clerk, lent, archive.box + 1000); },
                  core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, lent, {}); });
  EXPECT_EQ(archive.item_of(lent).current->id, archive.box);
  storage::NewDocument one_more;
  one_more.title = "One more";
  archive.refused([&](auto& tx) { register_paper(tx, archive.manager, one_more, {archive.box, ""}); });
}

TEST(Loans, ARecallBringsTheDayForwardAndNeverBack) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2026-12-10"), kToday); });
  archive.change([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-20"), kToday); });
  archive.change([&](auto& tx) { recall(tx, archive.clerk, id, day("2026-11-30"), kToday); });
  archive.change([&](auto& tx) { recall(tx, archive.clerk, id, day("2026-12-24"), kToday); });
  archive.refused([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-31"), kToday); });
  auto session = archive.database.read();
  EXPECT_EQ(open_loan(session, id)->due_on, day("2026-11-30"));
  EXPECT_TRUE(open_loan(session, id)->recalled_at);
}

TEST(Loans, TheFirstInLineIsToldAndNobodyElseGetsIt) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2026-12-10"), kToday); });
  std::int64_t second = 0;
  archive.change([&](auto& tx) {
    reserve(tx, archive.reader, id);
    second = reserve(tx, archive.approver, id);
  });
  archive.refused([&](auto& tx) { reserve(tx, archive.reader, id); });
  archive.refused([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-31"), kToday); });
  const auto told = [&] {
    auto session = archive.database.read();
    std::vector<std::int64_t> who;
    for (const Reservation& one : reservations_of(session, id)) {
      if (one.available_at) who.push_back(one.account_id);
    }
    return who;
  };
  EXPECT_TRUE(told().empty());
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(told(), std::vector<std::int64_t>{archive.reader.account_id});
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {archive.approver.account_id, ""}, kDue, kToday); });
  archive.refused([&](auto& tx) { cancel_reservation(tx, archive.reader, second); }, core::ErrorCode::forbidden);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {archive.reader.account_id, ""}, kDue, kToday); });
  EXPECT_TRUE(told().empty());
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(told(), std::vector<std::int64_t>{archive.approver.account_id});
  archive.change([&](auto& tx) { cancel_reservation(tx, archive.approver, second); });
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
}

TEST(Loans, NothingIsLentToSomebodyWhoMayNotReadItOrIsGone) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const auto lend_to = [&](const storage::Principal& borrower) {
    return [&, account = borrower.account_id](auto& tx) {
      lend(tx, storage::system_principal(tx, "test"), id, {account, ""}, kDue, kToday);
    };
  };
  const auto give_list = [&](auto& tx, std::optional<std::int64_t> list) {
    const auto who = storage::system_principal(tx, "test");
    storage::DocumentChange change;
    change.own_access_list = list;
    storage::change_document(tx, who, id, storage::find_document(tx, who, id)->version, change);
  };
  archive.change([&](auto& tx) {
    storage::AccountChange disabled;
    disabled.disabled = true;
    storage::change_account(tx, archive.clerk.account_id, storage::find_account(tx, archive.clerk.account_id)->version,
                            disabled);
    give_list(tx, storage::create_access_list(tx, "Nobody", {}));
  });
  archive.refused(lend_to(archive.reader), core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { give_list(tx, std::nullopt); });
  archive.refused(lend_to(archive.clerk), core::ErrorCode::invalid_argument);
  archive.change(lend_to(archive.reader));
}

TEST(Loans, NobodySeesLoansOfWhatTheyMayNotRead) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) {
    lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday);
    storage::DocumentChange change;
    change.own_access_list = storage::create_access_list(
        tx, "Manager only", {{storage::AccessEntry::Subject::account, archive.manager.account_id, true}});
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
  });
  auto session = archive.database.read();
  EXPECT_TRUE(list_loans(session, archive.clerk, {}).empty());
  EXPECT_TRUE(items_at(session, archive.clerk, archive.box).empty());
  EXPECT_TRUE(labels_to_print(session, archive.clerk, 100).size() == 5) << "places only";
}

}  // namespace
}  // namespace muniment::records
