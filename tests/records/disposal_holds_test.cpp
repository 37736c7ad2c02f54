// Whatever is under hold stays, however late the hold comes.
#include <map>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/certificate.h"
#include "records/disposal.h"
#include "records/report.h"
#include "storage/roles.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;

TEST(Disposal, TellsNothingOfAConfidentialHoldToThoseWhoMayNotKnowOfIt) {
  RecordsArchive archive;
  const std::int64_t secret = archive.declared();
  const std::int64_t open = archive.declared();
  storage::Principal clerk = archive.manager;
  std::vector<storage::Permission> all_but_holds(storage::kPermissions.begin(), storage::kPermissions.end());
  std::erase(all_but_holds, storage::Permission::manage_holds);
  clerk.role = storage::composed_of(all_but_holds);
  const std::int64_t matched = archive.declared();
  const auto batch = archive.proposed({secret, open, matched}, kDue);
  archive.approve(batch);
  archive.held_by_hand(open);
  archive.hold_what_finds("acme");
  {
    auto tx = archive.begin();
    const std::int64_t hold = place_hold(tx, archive.manager, {"Inquiry", "Secret", "", true, {}});
    hold_documents(tx, archive.manager, hold, {secret});
    tx.commit();
  }
  {
    archive.surroundings.matching["acme"] = {matched};
    const auto told = archive.disposal.dry_run(clerk, batch, kDue);
    ASSERT_EQ(1U, told.size()) << "what is held has left the batch";
    EXPECT_EQ("it cannot be disposed of now", told[0].obstacle);
    EXPECT_EQ("a hold's query matches it", archive.disposal.dry_run(archive.manager, batch, kDue)[0].obstacle);
    archive.surroundings.matching["acme"] = {};
  }
  archive.execute(batch, kDue);
  auto tx = archive.begin();
  const auto reason = [&](const storage::Principal& who) { return batch_items(tx, who, batch, 0, 10).front().reason; };
  EXPECT_EQ("it cannot be disposed of now", reason(clerk));
  EXPECT_EQ("it is under hold", reason(archive.manager));
  const auto when_decided = [&](const std::vector<BatchItem>& items) {
    std::map<std::int64_t, bool> told;
    for (const BatchItem& item : items) told[item.document_id] = item.decided_at.has_value();
    return told;
  };
  EXPECT_EQ((std::map<std::int64_t, bool>{{secret, false}, {open, true}, {matched, true}}),
            when_decided(batch_items(tx, clerk, batch, 0, 10)))
      << "it is when the hold was placed";
  EXPECT_TRUE(batch_items(tx, archive.manager, batch, 0, 10).front().decided_at);
  const BatchItem certified = certificate_to_file(tx, batch).records.front().item;
  EXPECT_EQ("it cannot be disposed of now", certified.reason);
  EXPECT_FALSE(certified.decided_at);
  const auto holds = [&](const storage::Principal& who) {
    std::map<std::int64_t, std::int64_t> counted;
    for (const DueRecord& due : list_due(tx, who, kDue, {}, 0, 10).records) counted[due.document_id] = due.holds;
    return counted;
  };
  EXPECT_EQ((std::map<std::int64_t, std::int64_t>{{secret, 0}, {open, 1}}), holds(clerk));
  EXPECT_EQ((std::map<std::int64_t, std::int64_t>{{secret, 1}, {open, 1}}), holds(archive.manager));
  EXPECT_EQ(1, retention_report(tx, clerk, kDue).on_hold);
  EXPECT_EQ(2, retention_report(tx, archive.manager, kDue).on_hold);
  try {
    propose_batch(tx, clerk, {"Again", Action::destroy, "", {secret}, 1}, kDue);
    FAIL() << "proposed what is held";
  } catch (const core::Error& error) {
    EXPECT_EQ(std::string::npos, error.message().find("hold")) << error.message();
  }
}

TEST(Disposal, AHoldPlacedAfterApprovalWins) {
  RecordsArchive archive;
  const std::int64_t held = archive.declared();
  const std::int64_t free = archive.declared();
  const auto batch = archive.proposed({held, free}, kDue);
  archive.approve(batch);
  archive.held_by_hand(held);
  EXPECT_EQ(archive.item(batch, held).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, held).reason, "it is under hold");
  EXPECT_EQ(archive.record(held).stage, Stage::active);
  const auto checks = archive.disposal.dry_run(archive.manager, batch, kDue);
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].document_id, free);
  EXPECT_EQ(checks[0].obstacle, "");
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, held).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, free).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.record(held).stage, Stage::active);
}

TEST(Disposal, ADryRunKnowsOfReleasesAndOfAnIndexThatIsBehind) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  archive.surroundings.matching["invoice"] = {id};
  {
    auto tx = archive.begin();
    const std::int64_t hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "invoice", false, {}});
    hold_matches(tx, {hold, "invoice"}, {id});
    release_documents(tx, archive.manager, hold, {id}, "Not relevant");
    tx.commit();
  }
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  EXPECT_EQ(archive.disposal.dry_run(archive.manager, batch, kDue)[0].obstacle, "");
  const std::int64_t other = archive.declared();
  const auto second = archive.proposed({other}, kDue);
  archive.approve(second);
  archive.surroundings.behind = true;
  EXPECT_NE(archive.disposal.dry_run(archive.manager, second, kDue)[0].obstacle.find("indexed"), std::string::npos);
}

TEST(Disposal, AHoldsQueryIsAskedAgainWhenTheBatchIsExecuted) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.hold_what_finds("acme");
  archive.surroundings.matching["acme"] = {id};
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::skipped);
  auto session = archive.database.read();
  EXPECT_EQ(holds_on(session, archive.manager, id).size(), 1u);
}

TEST(Disposal, WhereNobodyCanTellWhetherAHoldMatchesNothingIsDestroyed) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.hold_what_finds("acme");
  archive.surroundings.behind = true;
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::pending);
  EXPECT_EQ(archive.item(batch, id).reason,
            "it waits: nobody can tell yet whether a hold's query matches it: it is still being indexed");
  EXPECT_EQ(archive.record(id).stage, Stage::proposed);
  {
    // Nor does it tell of a hold to those who may not know.
    const auto reader = archive.add_person("rita", storage::Role::reader);
    auto session = archive.database.read();
    EXPECT_EQ(batch_items(session, reader, batch, 0, 1).at(0).reason, "it waits: it cannot be disposed of now");
  }
  // And goes on by itself.
  archive.surroundings.behind = false;
  EXPECT_TRUE(archive.disposal.execute(archive.manager, batch, kDue, [] { return false; }));
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.item(batch, id).reason, "");
}

TEST(Disposal, APurgeThatWaitsForTheIndexSaysSoAndIsMadeLater) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.hold_what_finds("acme");
  archive.surroundings.behind = true;
  EXPECT_THROW(archive.disposal.purge(kWindowOver), Error);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.item(batch, id).reason,
            "it waits: nobody can tell yet whether a hold's query matches it: it is still being indexed");
  archive.surroundings.behind = false;
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(archive.item(batch, id).reason, "");
  archive.surroundings.index_holds = true;
  EXPECT_THROW(archive.disposal.verify_purged(), Error);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::purged);
  EXPECT_EQ(archive.item(batch, id).reason, "it waits: it is still in the index");
  archive.surroundings.index_holds = false;
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  EXPECT_EQ(archive.item(batch, id).reason, "");
}

TEST(Disposal, AHoldInTheRestoreWindowStopsThePurge) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  std::int64_t hold = 0;
  {
    auto tx = archive.begin();
    hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", false, {}});
    hold_documents(tx, archive.manager, hold, {id});
    tx.commit();
  }
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u);
  auto tx = archive.begin();
  EXPECT_THROW(tx.execute("UPDATE record SET stage = 'purging' WHERE document_id = $1", id), Error);
}

TEST(Disposal, WhatIsBeingDestroyedIsNeitherRestoredFromTheTrashNorHeld) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  storage::trash_document(tx, archive.manager, id);
  // As emptying the trash leaves it between its two steps.
  tx.execute(
      "INSERT INTO tombstone (document_id, access_list_id, class_code, captured_at, schedule_code, authority, "
      "components, executed_at) VALUES ($1, 1, '', 0, '', '', '[]', 0)",
      id);
  EXPECT_THROW(storage::restore_document(tx, archive.manager, id), Error);
  const std::int64_t hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
  EXPECT_THROW(hold_documents(tx, archive.manager, hold, {id}), Error);
  EXPECT_EQ(hold_matches(tx, {hold, "acme"}, {id}), 0u);
}

TEST(Disposal, AHoldThatIsPlacedWhileOthersAreAskedIsNotOvertaken) {
  RecordsArchive archive;
  archive.hold_what_finds("first");
  const std::int64_t executed = archive.declared();
  const std::int64_t withdrawn = archive.declared();
  const std::int64_t trashed = archive.filed();
  const auto batch = archive.proposed({withdrawn}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.trash(archive.manager, trashed);
  archive.clock.advance(std::chrono::hours(1));

  archive.surroundings.when_asked = [&] { archive.hold_what_finds("second"); };
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u);
  archive.surroundings.when_asked = [&] { archive.hold_what_finds("third"); };
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 0u);
  const auto other = archive.proposed({executed}, kDue);
  archive.approve(other);
  archive.surroundings.when_asked = [&] { archive.hold_what_finds("fourth"); };
  archive.execute(other, kDue);
  EXPECT_EQ(archive.item(other, executed).outcome, Outcome::skipped);

  // Nobody interferes: what no query reaches goes.
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
}

}  // namespace
}  // namespace muniment::records
