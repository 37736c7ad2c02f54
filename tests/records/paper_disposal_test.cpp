#include "records/paper_disposal.h"

#include <gtest/gtest.h>

#include "records/barcodes.h"
#include "records/certificate.h"
#include "records/loans.h"
#include "records/scan_checks.h"
#include "storage/document_versions.h"
#include "storage/roles.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::Error;
using testing::kDue;
using testing::kToday;
using testing::kWindowEnds;
using testing::kWindowOver;
using testing::Medium;
using testing::PaperArchive;

// The trash is not asked about.
constexpr core::Time kNoTrash{};
PaperDay at(Date today) {
  return {today, kNoTrash};
}

TEST(PaperDisposal, ARecordIsPurgedOnlyAfterItsPaperIsConfirmedDestroyed) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const std::string code = archive.item_of(id).barcode;
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::destroyed);
  archive.refused([&](auto& tx) {
    confirm_paper_destroyed(tx, archive.manager, {id}, kWindowEnds, "Shredded", at(kWindowEnds),
                            before_asking(tx, {id}));
  });
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u) << "nobody has destroyed the paper";
  EXPECT_EQ(archive.record(id).stage, Stage::restorable);
  archive.refused([&](auto& tx) { tx.execute("UPDATE record SET stage = 'purging' WHERE document_id = $1", id); });
  archive.refused(
      [&](auto& tx) {
        confirm_paper_destroyed(tx, archive.clerk, {id}, kWindowOver, "Shredded", at(kWindowOver),
                                before_asking(tx, {id}));
      },
      core::ErrorCode::forbidden);
  archive.refused(
      [&](auto& tx) {
        confirm_paper_destroyed(tx, archive.manager, {id}, day("2028-12-27"), "Shredded", at(kWindowOver),
                                before_asking(tx, {id}));
      },
      core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) {
    const auto certified = certificate(tx, archive.manager, batch);
    EXPECT_FALSE(certified.records.at(0).paper) << "nothing is certified that nobody has confirmed";
    EXPECT_EQ(certified.records.at(0).tombstone->medium, "physical");
    ASSERT_EQ(paper_to_destroy(tx, archive.manager, kNoTrash).size(), 1u);
    EXPECT_EQ(paper_to_destroy(tx, archive.manager, kNoTrash)[0].current->id, archive.box);
    confirm_paper_destroyed(tx, archive.manager, {id}, kWindowOver, "Shredded, DIN 66399 P-4", at(kWindowOver),
                            before_asking(tx, {id}));
    EXPECT_TRUE(paper_to_destroy(tx, archive.manager, kNoTrash).empty());
  });
  EXPECT_THROW(archive.disposal.restore(archive.manager, batch, id, "Needed"), Error) << "there is nothing to restore";
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  auto session = archive.database.read();
  EXPECT_FALSE(find_item(session, id));
  EXPECT_EQ(find_paper_destruction(session, id)->method, "Shredded, DIN 66399 P-4");
  EXPECT_EQ(find_paper_destruction(session, id)->confirmed_by_name, "maria");
  const Certificate certified = certificate(session, archive.manager, batch);
  EXPECT_TRUE(certified.complete);
  ASSERT_TRUE(certified.records.at(0).paper);
  EXPECT_EQ(certified.records[0].paper->destroyed_on, kWindowOver);
  EXPECT_EQ(certified.records[0].paper->method, "Shredded, DIN 66399 P-4");
  EXPECT_GE(certified.as_of, certified.records[0].paper->confirmed_at);
  EXPECT_EQ(find_tombstone(session, archive.manager, id)->medium, "physical");
  EXPECT_TRUE(find_code(session, code)) << "its code is not given again";
}

TEST(PaperDisposal, WhatIsOnLoanIsNotDisposedOf) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2029-01-01"), kDue); });
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, id).reason, "its paper is on loan");
}

TEST(PaperDisposal, AHoldThatComesMeanwhileKeepsThePaper) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.held_by_hand(id);
  archive.refused([&](auto& tx) {
    confirm_paper_destroyed(tx, archive.manager, {id}, kWindowOver, "Shredded", at(kWindowOver),
                            before_asking(tx, {id}));
  });
  archive.refused([&](auto& tx) {
    tx.execute(
        "INSERT INTO paper_destruction (document_id, batch_id, destroyed_on, method, confirmed_at) "
        "VALUES ($1, $2, '2028-12-26', 'x', 0)",
        id, batch);
  });
}

TEST(PaperDisposal, AHoldWithAQueryIsAskedBeforePaperIsDestroyed) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper();
  const std::int64_t scanned = archive.both(true);
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, scanned, {0, {1}}, true, ""); });
  const auto confirm = [&](const HoldsAsked& asked) {
    return [&](auto& tx) {
      confirm_paper_destroyed(tx, archive.manager, {id}, kWindowOver, "Shredded", at(kWindowOver), asked);
    };
  };
  const auto discard = [&](const HoldsAsked& asked) {
    return [&](auto& tx) { discard_paper(tx, archive.manager, scanned, kToday, "Shredded", kToday, asked); };
  };
  const HoldsAsked before = archive.disposal.ask_holds({id, scanned});
  archive.surroundings.matching["harbour"] = {id, scanned};
  archive.change([&](auto& tx) { place_hold(tx, archive.manager, {"Inquiry", "Asked for", "harbour", true, {}}); });
  archive.refused(confirm(before));
  archive.refused(discard(before));
  archive.refused(confirm({}));
  const HoldsAsked asked = archive.disposal.ask_holds({id, scanned});
  archive.change([&](auto& tx) {
    EXPECT_TRUE(storage::find_document(tx, archive.manager, scanned)->held);
    storage::Principal clerk = archive.manager;
    clerk.role = storage::composed_of({storage::Permission::manage_paper});
    EXPECT_FALSE(paper_to_destroy(tx, clerk, kNoTrash).at(0).held) << "the hold is not everybody's business";
    EXPECT_TRUE(paper_to_destroy(tx, archive.manager, kNoTrash).at(0).held);
  });
  archive.refused(confirm(asked));
  archive.refused(discard(asked));
  archive.surroundings.behind = true;
  EXPECT_THROW(archive.disposal.ask_holds({scanned}), Error);
}

TEST(PaperDisposal, AsManyPagesAreComparedAsTheRuleAsksFor) {
  PaperArchive archive;
  const std::int64_t id = archive.both(true);
  archive.change([&](auto& tx) {
    tx.execute("UPDATE document SET page_count = 10 WHERE id = $1", id);
    set_scan_check_percent(tx, archive.manager, 25);
  });
  archive.refused([&](auto& tx) { set_scan_check_percent(tx, archive.clerk, 0); }, core::ErrorCode::forbidden);
  archive.refused([&](auto& tx) { set_scan_check_percent(tx, archive.manager, 101); },
                  core::ErrorCode::invalid_argument);
  const auto discard = [&](auto& tx) {
    discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id}));
  };
  const auto check = [&](PagesCompared compared, bool passed = true) {
    archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, compared, passed, ""); });
  };
  const auto coverage = [&] {
    auto session = archive.database.read();
    return scan_coverage(session, storage::find_document(session, archive.manager, id).value());
  };
  archive.refused(
      [&](auto& tx) {
        record_scan_check(tx, archive.manager, id, {0, {11}}, true, "");
      },
      core::ErrorCode::invalid_argument);
  check({0, {1, 2, 2}});
  EXPECT_EQ(coverage().needed, 3) << "a quarter of ten, in whole pages";
  EXPECT_EQ(coverage().pages, (std::vector<std::int64_t>{1, 2}));
  archive.refused(discard);
  check({9});
  EXPECT_EQ(coverage().pages.size(), 2u) << "which nine pages is not known";
  check({0, {3}}, false);
  EXPECT_TRUE(coverage().pages.empty()) << "the scan was found wanting";
  check({0, {10}});
  check({0, {4, 5}});
  EXPECT_EQ(coverage().pages, (std::vector<std::int64_t>{4, 5, 10}));
  archive.refused([&](auto& tx) { tx.execute("DELETE FROM scan_check_page"); });
  archive.refused([&](auto& tx) { tx.execute("UPDATE scan_check_page SET page = 1 WHERE page = 10"); });
  {
    auto session = archive.database.read();
    const auto checks = scan_checks(session, id);
    EXPECT_EQ(checks.front().pages, (std::vector<std::int64_t>{4, 5}));
    EXPECT_EQ(checks.front().checked_by_name, archive.manager.display_name);
  }
  archive.change(discard);
}

TEST(PaperDisposal, AScanIsComparedBeforeItsPaperIsDiscarded) {
  PaperArchive archive;
  const std::int64_t id = archive.both(true);
  const auto discard = [&](auto& tx) {
    discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id}));
  };
  archive.refused(discard);
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, ""); });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, false, "The edge is cut off"); });
  archive.refused(discard);
  archive.refused([&](auto& tx) {
    tx.execute(
        "INSERT INTO paper_destruction (document_id, scan_check_id, destroyed_on, method, confirmed_at) "
        "VALUES ($1, (SELECT min(id) FROM scan_check), '2026-11-24', 'x', 0)",
        id);
  });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, "Scanned again"); });
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.refused(discard);
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  const auto hold = archive.held_by_hand(id);
  archive.refused(discard);
  archive.change([&](auto& tx) { release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled"); });
  archive.change(discard);
  {
    auto session = archive.database.read();
    EXPECT_EQ(storage::find_document(session, archive.manager, id)->medium, Medium::digital);
    EXPECT_EQ(find_paper_destruction(session, id)->batch_id, std::nullopt);
    EXPECT_TRUE(find_item(session, id)->destroyed);
    EXPECT_TRUE(items_at(session, archive.manager, archive.box).empty());
    EXPECT_EQ(scan_checks(session, id).size(), 3u);
    EXPECT_TRUE(damaged_records(session).empty()) << "the scan is what was declared";
  }
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u) << "its paper is gone already";
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST(PaperDisposal, ACheckIsOfTheScanThatItCompared) {
  PaperArchive archive;
  const std::int64_t id = archive.both(false);
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, ""); });
  archive.clock.advance(std::chrono::seconds(1));
  archive.change([&](auto& tx) {
    storage::add_document_version(tx, archive.manager, id, {}, {"better.pdf", core::Sha256::of("better"), 6});
  });
  archive.refused(
      [&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id})); });
  archive.refused([&](auto& tx) {
    tx.execute(
        "INSERT INTO paper_destruction (document_id, scan_check_id, destroyed_on, method, confirmed_at) "
        "VALUES ($1, (SELECT max(id) FROM scan_check), '2026-11-24', 'x', 0)",
        id);
  });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, ""); });
  archive.change(
      [&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id})); });
}

TEST(PaperDisposal, WhatIsOnPaperOnlyHasNoScanToKeep) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  archive.refused([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, ""); });
  archive.refused(
      [&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id})); });
}

TEST(PaperDisposal, PaperStaysInTheTrashUntilAPersonHasDestroyedIt) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const std::int64_t beside = archive.both(false);
  const std::int64_t restored = archive.paper();
  archive.change([&](auto& tx) {
    for (const std::int64_t one : {id, beside, restored}) storage::trash_document(tx, archive.manager, one);
  });
  const core::Time trashed = archive.clock.now();
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.clock.advance(std::chrono::hours(24));
  const PaperDay day{kToday, archive.clock.now()};
  const auto confirm = [&](auto& tx, const PaperDay& when) {
    confirm_paper_destroyed(tx, archive.manager, {id, beside}, kToday, "Shredded", when,
                            before_asking(tx, {id, beside}));
  };
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 0u);
  archive.refused([&](auto& tx) { confirm(tx, {kToday, trashed}); }, core::ErrorCode::not_found);
  archive.change([&](auto& tx) { storage::restore_document(tx, archive.manager, restored); });
  archive.change([&](auto& tx) {
    EXPECT_TRUE(paper_to_destroy(tx, archive.manager, trashed).empty()) << "it can still be restored";
    const auto papers = paper_to_destroy(tx, archive.manager, day.trashed_before);
    ASSERT_EQ(papers.size(), 2u);
    EXPECT_EQ(papers[0].document_id, id);
    EXPECT_EQ(papers[0].current->id, archive.box);
    EXPECT_FALSE(papers[0].batch_id);
    EXPECT_FALSE(papers[0].restorable_until);
    EXPECT_EQ(papers[1].document_id, beside);
    confirm(tx, day);
    EXPECT_TRUE(paper_to_destroy(tx, archive.manager, day.trashed_before).empty());
  });
  archive.refused([&](auto& tx) { storage::restore_document(tx, archive.manager, id); });
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 2u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  auto session = archive.database.read();
  EXPECT_FALSE(find_item(session, id));
  EXPECT_EQ(find_paper_destruction(session, id)->method, "Shredded");
  EXPECT_TRUE(find_item(session, restored));
}

TEST(PaperDisposal, OnlyPaperInTheTrashIsDestroyedWithoutABatch) {
  PaperArchive archive;
  const std::int64_t kept = archive.paper(archive.box);
  const std::int64_t record = archive.declared_paper(archive.box);
  for (const std::int64_t id : {kept, record}) {
    archive.refused([&](auto& tx) {
      tx.execute(
          "INSERT INTO paper_destruction (document_id, destroyed_on, method, confirmed_at) VALUES ($1, '2026-11-24', "
          "'x', 0)",
          id);
    });
  }
}

TEST(PaperDisposal, AHoldKeepsThePaperInTheTrash) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { storage::trash_document(tx, archive.manager, id); });
  archive.clock.advance(std::chrono::hours(24));
  archive.held_by_hand(id);
  archive.change([&](auto& tx) { EXPECT_TRUE(paper_to_destroy(tx, archive.manager, archive.clock.now()).at(0).held); });
  archive.refused([&](auto& tx) {
    confirm_paper_destroyed(tx, archive.manager, {id}, kToday, "Shredded", {kToday, archive.clock.now()},
                            before_asking(tx, {id}));
  });
}

TEST(PaperDisposal, ACheckIsOfThePaperThatWasThere) {
  PaperArchive archive;
  const std::int64_t id = archive.filed();
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {archive.box, ""}); });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, {1}, true, ""); });
  archive.clock.advance(std::chrono::hours(1));
  archive.change([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {archive.box, ""}); });
  archive.refused(
      [&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday, before_asking(tx, {id})); });
}

}  // namespace
}  // namespace muniment::records
