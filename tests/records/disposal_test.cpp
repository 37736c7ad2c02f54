#include "records/disposal.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/certificate.h"
#include "records/events.h"
#include "records/explanation.h"
#include "records/privacy.h"
#include "records/report.h"
#include "storage/roles.h"
#include "storage/sealing_key.h"
#include "storage/share_links.h"
#include "storage/workflows.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::kDue;
using testing::kWindowOver;
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

TEST(Disposal, ADestroyedRecordIsFoundByNobodyAndCanBeRestored) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  EXPECT_THROW(archive.execute(batch, kDue), Error) << "not approved";
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::destroyed);
  {
    auto session = archive.database.read();
    EXPECT_FALSE(storage::find_document(session, archive.manager, id));
    EXPECT_EQ(storage::list_documents(session, archive.manager, {}, storage::DocumentOrder::title, 0, 10).total, 0);
    EXPECT_TRUE(find_tombstone(session, archive.manager, id));
  }
  EXPECT_EQ(archive.disposal.purge(day("2028-12-25")), 0u) << "the last day of the window";
  archive.disposal.restore(archive.manager, id, "Needed after all");
  auto session = archive.database.read();
  EXPECT_TRUE(storage::find_document(session, archive.manager, id));
  EXPECT_FALSE(find_tombstone(session, archive.manager, id));
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::restored);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u);
}

TEST(Disposal, AfterTheWindowNothingIsLeftButTheTombstone) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto hash = [&] {
    auto session = archive.database.read();
    return storage::find_document(session, archive.manager, id)->components[0].hash;
  }();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_FALSE(archive.blobs.has(hash));
  EXPECT_EQ(archive.surroundings.renditions, 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  EXPECT_EQ(archive.surroundings.purged, std::vector<std::int64_t>{id});
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::purged);
  EXPECT_THROW(archive.disposal.restore(archive.manager, id, "Too late"), Error);
  auto tx = archive.begin();
  const auto tombstone = find_tombstone(tx, archive.manager, id).value();
  EXPECT_TRUE(tombstone.verified_at);
  EXPECT_EQ(tombstone.schedule_code, "S1");
  EXPECT_NE(tombstone.components.find(hash.hex()), std::string::npos);
  EXPECT_THROW(tx.execute("DELETE FROM tombstone"), Error);
}

TEST(Disposal, ABlobThatAnotherDocumentHasStays) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared({}, "the same bytes");
  const std::int64_t other = archive.filed({}, "the same bytes");
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.disposal.purge(kWindowOver);
  auto session = archive.database.read();
  EXPECT_TRUE(archive.blobs.has(storage::find_document(session, archive.manager, other)->components[0].hash));
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST(Disposal, TellsNothingOfAConfidentialHoldToThoseWhoMayNotKnowOfIt) {
  RecordsArchive archive;
  const std::int64_t secret = archive.declared();
  const std::int64_t open = archive.declared();
  storage::Principal clerk = archive.manager;
  std::vector<storage::Permission> all_but_holds(storage::kPermissions.begin(), storage::kPermissions.end());
  std::erase(all_but_holds, storage::Permission::manage_holds);
  clerk.role = storage::composed_of(all_but_holds);
  const auto batch = archive.proposed({secret, open}, kDue);
  archive.approve(batch);
  archive.held_by_hand(open);
  {
    auto tx = archive.begin();
    const std::int64_t hold = place_hold(tx, archive.manager, {"Inquiry", "Secret", "", true, {}});
    hold_documents(tx, archive.manager, hold, {secret});
    tx.commit();
  }
  {
    const auto told = archive.disposal.dry_run(clerk, batch, kDue);
    ASSERT_EQ(2U, told.size());
    EXPECT_EQ("it cannot be disposed of now", told[0].obstacle);
    EXPECT_EQ("it is under hold", told[1].obstacle);
    EXPECT_EQ("it is under hold", archive.disposal.dry_run(archive.manager, batch, kDue)[0].obstacle);
  }
  archive.execute(batch, kDue);
  auto tx = archive.begin();
  const auto reason = [&](const storage::Principal& who) { return batch_items(tx, who, batch, 0, 10).front().reason; };
  EXPECT_EQ("it cannot be disposed of now", reason(clerk));
  EXPECT_EQ("it is under hold", reason(archive.manager));
  EXPECT_EQ("it cannot be disposed of now", certificate_to_file(tx, batch).records.front().item.reason);
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
  const auto checks = archive.disposal.dry_run(archive.manager, batch, kDue);
  ASSERT_EQ(checks.size(), 2u);
  EXPECT_EQ(checks[0].obstacle, "it is under hold");
  EXPECT_EQ(checks[1].obstacle, "");
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, held).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, free).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.record(held).stage, Stage::active);
}

TEST(Disposal, ABatchUnderWayIsToldInWords) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto said = [&] {
    auto session = archive.database.read();
    return obstacles_in_words(session, id, Language::english);
  };
  EXPECT_TRUE(said().empty());
  const auto batch = archive.proposed({id}, kDue);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(said()[0], "It stands in disposition batch " + std::to_string(batch) + ", which is not carried out yet.");
}

TEST(Disposal, ADryRunKnowsOfReleasesAndOfAnIndexThatIsBehind) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  archive.surroundings.matching["invoice"] = {id};
  {
    auto tx = archive.begin();
    const std::int64_t hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "invoice", false, {}});
    hold_matches(tx, hold, {id});
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
  {
    auto tx = archive.begin();
    place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
    tx.commit();
  }
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
  {
    auto tx = archive.begin();
    place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
    tx.commit();
  }
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
  {
    auto tx = archive.begin();
    place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
    tx.commit();
  }
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

TEST(Disposal, WhatChangedSinceTheProposalIsKept) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  {
    auto tx = archive.begin();
    change_schedule(tx, archive.schedule, 1, terms("7 years"), "New law");
    tx.commit();
  }
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, id).reason, "it is kept through 2033-11-24");
}

TEST(Disposal, ADamagedFileIsNotDestroyed) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  {
    auto session = archive.database.read();
    const auto path = archive.blobs.path(storage::find_document(session, archive.manager, id)->components[0].hash);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::ofstream(path) << "something else";
  }
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::skipped);
}

TEST(Disposal, AfterACrashNothingPendingIsDestroyedByItself) {
  RecordsArchive archive;
  const std::int64_t one = archive.declared();
  const std::int64_t other = archive.declared();
  const auto batch = archive.proposed({one, other}, kDue);
  archive.approve(batch);
  archive.disposal.begin(archive.manager, batch, 2);
  int asked = 0;
  EXPECT_FALSE(archive.disposal.execute(archive.manager, batch, kDue, [&] { return asked++ == 1; }));
  archive.disposal.recover();
  EXPECT_EQ(archive.item(batch, one).outcome, Outcome::destroyed);
  EXPECT_EQ(archive.item(batch, other).outcome, Outcome::pending);
  auto session = archive.database.read();
  EXPECT_EQ(find_batch(session, batch)->state, BatchState::approved);
}

TEST(Disposal, AnInterruptedPurgeIsFinished) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  {
    auto tx = archive.begin();
    tx.execute("UPDATE record SET stage = 'purging' WHERE document_id = $1", id);
    tx.commit();
  }
  EXPECT_EQ(archive.disposal.purge(kDue), 1u);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::purged);
}

TEST(Disposal, WhatIsRestrictedStaysInTheTrashAndStopsNothingElse) {
  RecordsArchive archive;
  const std::int64_t restricted = archive.filed();
  const std::int64_t gone = archive.filed();
  {
    auto tx = archive.begin();
    storage::DocumentChange change;
    change.tag_ids = {storage::ensure_name(tx, storage::Vocabulary::tag, "urgent").id};
    storage::change_document(tx, archive.manager, restricted,
                             storage::find_document(tx, archive.manager, restricted)->version, change);
    for (const std::int64_t id : {restricted, gone}) storage::trash_document(tx, archive.manager, id);
    set_restricted(tx, archive.manager, restricted, true, "Disputed");
    tx.commit();
  }
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  auto session = archive.database.read();
  EXPECT_TRUE(storage::find_document(session, archive.manager, restricted));
}

TEST(Disposal, WhatABackupBringsBackIsDestroyedAgainOnPaperAndRestrictedToo) {
  RecordsArchive archive;
  const std::int64_t tagged = archive.declared();
  std::int64_t paper = 0;
  std::string journal;
  {
    auto tx = archive.begin();
    storage::NewDocument document;
    document.title = "A file";
    document.source = "api";
    document.class_id = archive.node;
    paper = storage::create_paper_document(tx, document);
    storage::DocumentChange change;
    change.tag_ids = {storage::ensure_name(tx, storage::Vocabulary::tag, "urgent").id};
    storage::change_document(tx, archive.manager, tagged, storage::find_document(tx, archive.manager, tagged)->version,
                             change);
    set_restricted(tx, archive.manager, tagged, true, "Disputed");
    for (const std::int64_t id : {tagged, paper}) {
      const auto added = core::to_microseconds(storage::find_document(tx, archive.manager, id)->added_at);
      journal += "{\"document_id\":" + std::to_string(id) + ",\"captured_at\":" + std::to_string(added) +
                 ",\"components\":[],\"purged_at\":\"2026-11-25T00:00:00Z\"}\n";
    }
    tx.commit();
  }
  const auto path = archive.directory.path() / "tombstones.jsonl";
  std::ofstream(path) << journal;
  Disposal restored{archive.database, archive.blobs, archive.surroundings, {30, true, path, {}}};
  EXPECT_EQ(restored.replay_journal(), 2u);
  auto session = archive.database.read();
  for (const std::int64_t id : {tagged, paper}) EXPECT_FALSE(storage::find_document(session, archive.manager, id));
}

TEST(Disposal, TheTrashIsEmptiedExceptForWhatIsHeld) {
  RecordsArchive archive;
  const std::int64_t gone = archive.filed();
  const std::int64_t held = archive.filed();
  {
    auto tx = archive.begin();
    storage::trash_document(tx, archive.manager, gone);
    storage::trash_document(tx, archive.manager, held);
    tx.commit();
  }
  archive.held_by_hand(held);
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 0u);
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  auto session = archive.database.read();
  EXPECT_FALSE(storage::find_document(session, archive.manager, gone));
  EXPECT_TRUE(storage::find_document(session, archive.manager, held));
}

storage::Workflow asking_workflow(RecordsArchive& archive) {
  const storage::Principal admin = archive.add_person("admin", storage::Role::admin);
  const storage::SealingKey key(archive.data.keys(), archive.random);
  storage::WorkflowTerms terms{"Ask", true, storage::WorkflowOccasion::date};
  terms.actions.push_back({.kind = storage::WorkflowAction::Kind::approve, .account_id = archive.manager.account_id});
  auto tx = archive.database.begin(admin.actor());
  const std::int64_t id = storage::create_workflow(tx, admin, key, terms, {});
  tx.commit();
  auto session = archive.database.read();
  return storage::find_workflow(session, id).value();
}

void decide(RecordsArchive& archive, const storage::Workflow& workflow, std::int64_t document,
            const std::string& comment) {
  auto tx = archive.begin();
  storage::begin_run(tx, workflow, {document, day("2026-11-24")}, true);
  const auto run = storage::next_runs(tx, tx.now(), 1).at(0);
  EXPECT_TRUE(storage::record_step(tx, run, storage::StepOutcome::waits, "Maria is asked"));
  storage::decide_run(tx, archive.manager, run.id, true, comment);
  tx.commit();
}

TEST(Disposal, WhatLinksAndWorkflowsSaidOfItGoesToo) {
  const std::string canary = "zyqwarbleflux";
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const storage::Workflow workflow = asking_workflow(archive);
  decide(archive, workflow, id, "asked " + canary);
  {
    auto tx = archive.begin();
    storage::ShareTerms share;
    share.label = "for " + canary;
    share.expires_at = tx.now() + std::chrono::hours(24);
    storage::create_share_link(tx, archive.random, archive.manager, id, share, std::chrono::days(30));
    tx.execute("INSERT INTO workflow_event (document_id, occasion) VALUES ($1, 'changed')", id);
    storage::trash_document(tx, archive.manager, id);
    tx.commit();
  }
  archive.database.checkpoint();
  const auto in_database = [&] {
    return core::read_file(archive.data.database(), 64 * 1024 * 1024).find(canary) != std::string::npos;
  };
  EXPECT_TRUE(in_database()) << "the test would find it";
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  archive.database.checkpoint();
  EXPECT_FALSE(in_database());
  auto tx = archive.begin();
  storage::begin_run(tx, workflow, {id, day("2026-11-25")}, true);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_run"), 0) << "it was found due before it went";
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_log"), 0);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_event"), 0);
}

TEST(Disposal, WhatPeopleSaidOfItGoesWithIt) {
  const std::string canary = "zyqwarbleflux";
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  {
    auto tx = archive.begin();
    const std::int64_t other = create_schedule(tx, "S2", terms("1 year"));
    const auto version = [&] { return find_record(tx, id)->version; };
    reclassify(tx, archive.manager, id, archive.node, std::nullopt, "reclassified " + canary);
    set_own_schedule(tx, archive.manager, id, version(), other, "own " + canary);
    set_own_schedule(tx, archive.manager, id, version(), std::nullopt, "inherited " + canary);
    add_schedule_beside(tx, archive.manager, id, other, "beside " + canary);
    remove_schedule_beside(tx, archive.manager, id, other, "not beside " + canary);
    const auto event = record_event(tx, archive.manager, "event " + canary, day("2026-11-24"), {{id, {}}}).front();
    correct_event(tx, archive.manager, event, std::nullopt, "withdrawn " + canary);
    set_restricted(tx, archive.manager, id, true, "restricted " + canary);
    set_restricted(tx, archive.manager, id, false, "lifted " + canary);
    tx.commit();
  }
  const std::int64_t hold = archive.held_by_hand(id);
  {
    auto tx = archive.begin();
    release_documents(tx, archive.manager, hold, {id}, "released " + canary);
    tx.commit();
  }
  const auto first = archive.proposed({id}, kDue);
  archive.approve(first);
  archive.execute(first, kDue);
  archive.disposal.restore(archive.manager, id, "restored " + canary);
  const auto second = archive.proposed({id}, kDue);
  archive.approve(second);
  archive.execute(second, kDue);
  archive.database.checkpoint();
  const auto in_database = [&] {
    return core::read_file(archive.data.database(), 64 * 1024 * 1024).find(canary) != std::string::npos;
  };
  EXPECT_TRUE(in_database()) << "the test would find it";
  EXPECT_EQ(1U, archive.disposal.purge(kWindowOver));
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
  archive.database.checkpoint();
  EXPECT_FALSE(in_database());
  // And what an earlier version left there goes at the next start.
  {
    auto tx = archive.begin();
    tx.audit({"disposition.restored", "document", id, "", "", "again " + canary});
    tx.commit();
  }
  archive.disposal.recover();
  archive.database.checkpoint();
  EXPECT_FALSE(in_database());
  // All that was purged is looked at once only.
  {
    auto tx = archive.begin();
    tx.audit({"disposition.restored", "document", id, "", "", "later " + canary});
    tx.commit();
  }
  archive.disposal.recover();
  archive.database.checkpoint();
  EXPECT_TRUE(in_database());
}

TEST(Disposal, WhatWasSaidWithAnOutcomeIsMissedAfterThePurgeAndGoesAtTheNextStart) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto first = archive.proposed({id}, kDue);
  archive.approve(first);
  archive.execute(first, kDue);
  archive.disposal.restore(archive.manager, id, "it is needed");
  const auto second = archive.proposed({id}, kDue);
  archive.approve(second);
  archive.execute(second, kDue);
  EXPECT_EQ(1U, archive.disposal.purge(kWindowOver));
  {
    auto tx = archive.begin();
    tx.execute("UPDATE disposition_item SET reason = 'what it said' WHERE batch_id = $1", first);
    tx.commit();
  }
  const auto findings = archive.disposal.verify_purged();
  ASSERT_EQ(1U, findings.size());
  EXPECT_NE(std::string::npos, findings.front().find("with outcomes")) << findings.front();
  archive.disposal.recover();
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
  auto session = archive.database.read();
  EXPECT_EQ("", session.value<std::string>("SELECT reason FROM disposition_item WHERE batch_id = $1", first));
}

TEST(Disposal, EveryPurgedDocumentIsLookedAtOnceHoweverManyThereAre) {
  RecordsArchive archive;
  {
    auto tx = archive.begin();
    for (std::int64_t id = 1001; id <= 2001; ++id) {
      tx.execute(
          "INSERT INTO tombstone (document_id, access_list_id, class_code, captured_at, schedule_code, authority, "
          "components, executed_at, purged_at) VALUES ($1, 1, '', 0, '', '', '[]', 0, 0)",
          id);
      tx.audit({"document.changed", "document", id, "", "", "what it was"});
    }
    tx.commit();
  }
  archive.disposal.recover();
  auto session = archive.database.read();
  EXPECT_EQ(0, session.value<std::int64_t>("SELECT count(*) FROM audit_detail d JOIN audit a ON a.sequence = "
                                           "d.sequence WHERE a.action = 'document.changed'"));
}

TEST(WorkflowRuns, AreForgottenButNotThatTheirDateWasDealtWith) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const storage::Workflow workflow = asking_workflow(archive);
  decide(archive, workflow, id, "");
  auto tx = archive.begin();
  EXPECT_EQ(storage::forget_runs_before(tx, tx.now(), 10), 0U) << "it ended just now";
  tx.execute(
      "INSERT INTO workflow_run (workflow_id, document_id, cause, account_id, actions, state, retry_after, started_at, "
      "ended_at) VALUES ($1, $2, 'event 7', 1, '[]', 'done', 0, 0, 1)",
      workflow.id, id);
  const core::Time later = tx.now() + std::chrono::hours(1);
  EXPECT_EQ(storage::forget_runs_before(tx, later, 10), 2U);
  EXPECT_EQ(storage::forget_runs_before(tx, later, 10), 0U);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM workflow_log"), 0);
  EXPECT_EQ(tx.value<std::string>("SELECT cause FROM workflow_run"), "2026-11-24");
  storage::begin_run(tx, workflow, {id, day("2026-11-24")}, true);
  EXPECT_TRUE(storage::next_runs(tx, later, 10).empty()) << "that date comes once";
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
  const std::int64_t hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", false, {}});
  EXPECT_THROW(hold_documents(tx, archive.manager, hold, {id}), Error);
  EXPECT_EQ(hold_matches(tx, hold, {id}), 0u);
}

TEST(Disposal, AHoldThatIsPlacedWhileOthersAreAskedIsNotOvertaken) {
  RecordsArchive archive;
  const auto holding = [&](const char* query) {
    auto tx = archive.begin();
    place_hold(tx, archive.manager, {"Dispute", "A claim", query, false, {}});
    tx.commit();
  };
  holding("first");
  const std::int64_t executed = archive.declared();
  const std::int64_t withdrawn = archive.declared();
  const std::int64_t trashed = archive.filed();
  const auto batch = archive.proposed({withdrawn}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  {
    auto tx = archive.begin();
    storage::trash_document(tx, archive.manager, trashed);
    tx.commit();
  }
  archive.clock.advance(std::chrono::hours(1));

  archive.surroundings.when_asked = [&] { holding("second"); };
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u);
  archive.surroundings.when_asked = [&] { holding("third"); };
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 0u);
  const auto other = archive.proposed({executed}, kDue);
  archive.approve(other);
  archive.surroundings.when_asked = [&] { holding("fourth"); };
  archive.execute(other, kDue);
  EXPECT_EQ(archive.item(other, executed).outcome, Outcome::skipped);

  // Nobody interferes: what no query reaches goes.
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
}

TEST(Disposal, NoStatementPassesTheTriggers) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t other = archive.filed();
  archive.held_by_hand(id);
  auto tx = archive.begin();
  for (const char* statement : {
           "INSERT OR REPLACE INTO record (document_id, declared_on, declared_at, declared_how, content_hash) "
           "VALUES ($1, '2001-01-01', 0, 'hand', '')",
           "INSERT OR REPLACE INTO hold_item (hold_id, document_id, origin, added_at, released_at) "
           "SELECT hold_id, document_id, origin, added_at, 1 FROM hold_item WHERE document_id = $1",
           "INSERT OR REPLACE INTO component SELECT * FROM component WHERE document_id = $1",
           "UPDATE component SET sha256 = zeroblob(32) WHERE document_id = $1",
       }) {
    EXPECT_THROW(tx.execute(statement, id), Error) << statement;
  }
  EXPECT_THROW(tx.execute("UPDATE hold_item SET document_id = $1 WHERE document_id = $2", other, id), Error);
  EXPECT_THROW(tx.execute("UPDATE component SET document_id = $1 WHERE document_id = $2", other, id), Error);
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

TEST(Disposal, AGuessedTitleGoesWithTheText) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  auto session = archive.database.read();
  EXPECT_EQ(find_tombstone(session, archive.manager, id)->title, "");
}

}  // namespace
}  // namespace muniment::records
