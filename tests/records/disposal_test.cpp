#include "records/disposal.h"

#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/explanation.h"
#include "records/privacy.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;
using testing::terms;

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
  try {
    archive.disposal.restore(archive.manager, batch + 1, id, "Needed after all");
    ADD_FAILURE() << "no such batch has disposed of it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::not_found);
  }
  archive.disposal.restore(archive.manager, batch, id, "Needed after all");
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
  EXPECT_THROW(archive.disposal.restore(archive.manager, batch, id, "Too late"), Error);
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

TEST(Disposal, NothingIsDestroyedWhileSomebodyHoldsItOff) {
  RecordsArchive archive;
  const std::int64_t trashed = archive.filed();
  const std::int64_t record = archive.declared();
  const auto batch = archive.proposed({record}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.trash(archive.manager, trashed);
  archive.clock.advance(std::chrono::hours(1));
  core::TempFile leftover = archive.blobs.new_file();
  leftover.append(std::as_bytes(std::span("left by a crash", 15)));
  archive.blobs.put(std::move(leftover), core::Sha256::of("left by a crash"));
  storage::note_unreferenced_blobs(archive.database, archive.blobs, [] {});
  const auto remove_leftovers = [&] {
    return archive.disposal.remove_unreferenced_files(archive.clock.now() + std::chrono::hours(1), [] { return false; })
        .count;
  };
  // Whoever has a lock must not try it.
  const auto elsewhere = [](const auto& action) { return std::async(std::launch::async, action).get(); };
  {
    const auto held_off = archive.disposal.hold_off();
    EXPECT_EQ(elsewhere([&] { return archive.disposal.purge(kWindowOver); }), 0u);
    EXPECT_EQ(elsewhere([&] { return archive.disposal.empty_trash(archive.clock.now()); }), 0u);
    EXPECT_EQ(elsewhere(remove_leftovers), 0);
  }
  EXPECT_EQ(remove_leftovers(), 1);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1u);
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

}  // namespace
}  // namespace muniment::records
