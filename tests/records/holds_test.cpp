#include "records/holds.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/index_queue.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;

TEST(Holds, AHeldDocumentIsNotChangedByAnyDoor) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  archive.held_by_hand(id);
  const auto refused = [&](const char* statement) {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute(statement, id), Error) << statement;
  };
  refused("UPDATE document SET title = 'Another' WHERE id = $1");
  refused("UPDATE document SET document_date = '2000-01-01' WHERE id = $1");
  refused("UPDATE document SET trashed_at = 1 WHERE id = $1");
  refused("UPDATE document SET class_id = NULL WHERE id = $1");
  refused("DELETE FROM document WHERE id = $1");
  refused("DELETE FROM component WHERE document_id = $1");
  refused("DELETE FROM hold_item WHERE document_id = $1");
  auto tx = archive.begin();
  storage::DocumentChange change;
  change.title = "Another";
  const auto document = storage::find_document(tx, archive.manager, id);
  EXPECT_TRUE(document->held);
  EXPECT_THROW(storage::change_document(tx, archive.manager, id, document->version, change), Error);
  EXPECT_THROW(storage::trash_document(tx, archive.manager, id), Error);
}

TEST(Holds, TheFolderOfWhatIsHeldKeepsItsTitle) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const std::int64_t held_itself = create_folder(tx, archive.node, "Case", std::nullopt);
  const std::int64_t of_held = create_folder(tx, archive.node, "Another case", std::nullopt);
  tx.commit();
  const std::int64_t hold = archive.held_by_hand(archive.filed(of_held));
  auto change = archive.begin();
  hold_folder(change, archive.manager, hold, held_itself);
  FolderChange rename;
  rename.title = "Renamed";
  FolderChange close;
  close.title = "Case";
  close.status = Status::closed;
  for (const std::int64_t folder : {held_itself, of_held}) {
    EXPECT_THROW(change_folder(change, folder, find_folder(change, folder)->version, rename), Error);
  }
  change_folder(change, held_itself, find_folder(change, held_itself)->version, close);
  release_hold(change, archive.manager, hold, find_hold(change, hold)->version, "Settled");
  rename.status = Status::open;
  rename.reason = "Settled";
  for (const std::int64_t folder : {held_itself, of_held}) {
    change_folder(change, folder, find_folder(change, folder)->version, rename);
  }
}

TEST(Holds, ReadingAgainGoesOnUnderHold) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  archive.held_by_hand(id);
  auto tx = archive.begin();
  const std::string title = storage::find_document(tx, archive.manager, id)->title;
  storage::record_reading(tx, id, {"A guessed title", {{day("2020-01-01"), 1, ""}}, "swe"});
  EXPECT_EQ(storage::find_document(tx, archive.manager, id)->title, title);
}

TEST(Holds, TheLastReleaseFrees) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const std::int64_t first = archive.held_by_hand(id);
  const std::int64_t second = archive.held_by_hand(id);
  auto tx = archive.begin();
  EXPECT_EQ(holds_on(tx, archive.manager, id).size(), 2u);
  release_hold(tx, archive.manager, first, find_hold(tx, first)->version, "Settled");
  EXPECT_TRUE(storage::find_document(tx, archive.manager, id)->held);
  release_documents(tx, archive.manager, second, {id}, "Not relevant");
  EXPECT_FALSE(storage::find_document(tx, archive.manager, id)->held);
  EXPECT_THROW(hold_documents(tx, archive.manager, first, {id}), Error) << "released";
  hold_documents(tx, archive.manager, second, {id});
  EXPECT_TRUE(storage::find_document(tx, archive.manager, id)->held);
}

TEST(Holds, AHeldFolderHoldsWhatComesLater) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  std::int64_t hold = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case", std::nullopt);
    tx.commit();
  }
  const std::int64_t before = archive.filed(folder);
  const auto is_held = [&] {
    auto session = archive.database.read();
    return is_folder_held(session, folder);
  };
  EXPECT_FALSE(is_held());
  {
    auto tx = archive.begin();
    hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", false, {}});
    hold_folder(tx, archive.manager, hold, folder);
    tx.commit();
  }
  const std::int64_t later = archive.filed(folder);
  auto session = archive.database.read();
  EXPECT_TRUE(storage::find_document(session, archive.manager, before)->held);
  EXPECT_TRUE(storage::find_document(session, archive.manager, later)->held);
  const auto items = hold_items(session, archive.manager, hold, 0, 10);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].origin, "folder");
  EXPECT_TRUE(is_held());
  {
    auto tx = archive.begin();
    release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
    tx.commit();
  }
  EXPECT_FALSE(is_held());
}

TEST(Holds, EachDocumentHasAnEntryOfItsOwnWhateverBroughtItUnderTheHold) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const std::int64_t folder = create_folder(tx, archive.node, "Case", std::nullopt);
  tx.commit();
  const std::int64_t before = archive.filed(folder);
  const std::int64_t elsewhere = archive.declared();
  const std::int64_t matched = archive.filed();
  auto placing = archive.begin();
  const std::int64_t hold = place_hold(placing, archive.manager, {"Dispute", "A claim", "rent", true, {}});
  hold_folder(placing, archive.manager, hold, folder);
  hold_folder(placing, archive.manager, hold, folder);
  hold_matches(placing, {hold, "rent"}, {matched});
  reclassify(placing, archive.manager, elsewhere, std::nullopt, folder, "Belongs to the case");
  placing.commit();
  const std::int64_t later = archive.filed(folder);
  auto releasing = archive.begin();
  release_hold(releasing, archive.manager, hold, find_hold(releasing, hold)->version, "Settled");
  const auto entries = [&](std::int64_t document, const char* action) {
    storage::AuditFilter filter{"document", document, {}, action};
    return storage::list_audit(releasing, filter, 0, 10);
  };
  for (const std::int64_t document : {before, elsewhere, matched, later}) {
    const auto added = entries(document, "hold.document_added");
    ASSERT_EQ(added.size(), 1u) << document;
    EXPECT_NE(added[0].detail.find(document == matched ? "query" : "folder"), std::string::npos) << added[0].detail;
    EXPECT_EQ(entries(document, "hold.document_released").size(), 1u) << document;
  }
}

TEST(Holds, TheIndexLearnsOfOpenHoldsOnly) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  const auto told = [&] { return storage::load_indexable(tx, id)->openly_held; };
  const auto indexed = [&] {
    storage::mark_indexed(tx, storage::changed_documents(tx, 1000));
    return !storage::is_queued_for_indexing(tx, id);
  };
  const std::int64_t hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", true, {}});
  hold_documents(tx, archive.manager, hold, {id});
  EXPECT_FALSE(told()) << "nobody may know";
  ASSERT_TRUE(indexed());
  change_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, {"Dispute", "A claim", "", false, {}});
  EXPECT_TRUE(told());
  EXPECT_TRUE(storage::is_queued_for_indexing(tx, id));
  ASSERT_TRUE(indexed());
  release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
  EXPECT_FALSE(told());
  EXPECT_TRUE(storage::is_queued_for_indexing(tx, id));
}

TEST(Holds, AConfidentialHoldIsNotSeenWithoutTheRight) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const auto staff = archive.add_person("stina", storage::Role::staff);
  auto tx = archive.begin();
  const auto hold = place_hold(tx, archive.manager, {"Secret matter", "An inquiry", "", true, {}});
  hold_documents(tx, archive.manager, hold, {id});
  EXPECT_EQ(holds_on(tx, archive.manager, id).size(), 1u);
  EXPECT_TRUE(holds_on(tx, staff, id).empty());
  const auto document = storage::find_document(tx, staff, id);
  EXPECT_FALSE(document->openly_held);
  try {
    storage::trash_document(tx, staff, id);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message().find("hold"), std::string::npos) << error.message();
  }
  EXPECT_THROW(place_hold(tx, staff, {"Mine", "So", "", false, {}}), Error);
}

TEST(Holds, WhatAPersonReleasedTheQueryDoesNotTakeAgain) {
  RecordsArchive archive;
  const std::int64_t one = archive.filed();
  const std::int64_t other = archive.filed();
  auto tx = archive.begin();
  const auto hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
  EXPECT_EQ(hold_queries(tx).size(), 1u);
  EXPECT_EQ(hold_matches(tx, {hold, "acme"}, {one, other}), 2u);
  release_documents(tx, archive.manager, hold, {one}, "Another Acme");
  EXPECT_EQ(hold_matches(tx, {hold, "acme"}, {one, other}), 0u);
  EXPECT_FALSE(storage::find_document(tx, archive.manager, one)->held);
}

TEST(Holds, AQueryTellsNothingOfWhatItsAuthorMayNotRead) {
  RecordsArchive archive;
  const std::int64_t open = archive.filed();
  const std::int64_t hidden = archive.filed();
  auto tx = archive.begin();
  storage::DocumentChange change;
  change.own_access_list = storage::create_access_list(tx, "Nobody", {});
  const storage::Principal everybody = storage::system_principal(tx, "test");
  storage::change_document(tx, everybody, hidden, storage::find_document(tx, everybody, hidden)->version, change);
  const auto hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", false, {}});
  const auto version = find_hold(tx, hold)->version;
  EXPECT_EQ(hold_matches(tx, {hold, "acme"}, {open, hidden}), 2u);
  EXPECT_EQ(find_hold(tx, hold)->version, version);
  EXPECT_EQ(held_counts(tx, archive.manager, hold).held, 1);
  EXPECT_EQ(held_counts(tx, everybody, hold).held, 2);
  const auto items = hold_items(tx, archive.manager, hold, 0, 10);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].document_id, open);
  EXPECT_EQ(hold_items(tx, everybody, hold, 0, 10).size(), 2u);
  EXPECT_THROW(release_documents(tx, archive.manager, hold, {hidden}, "Found by its number"), Error);
  EXPECT_TRUE(storage::find_document(tx, everybody, hidden)->held) << "held, whoever may read it";
  release_hold(tx, archive.manager, hold, version, "Settled");
  EXPECT_FALSE(storage::find_document(tx, everybody, hidden)->held) << "with the whole hold";
}

TEST(Holds, WhatTheLogSaysOfAHeldDocumentIsNotErased) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  storage::add_note(tx, archive.manager, id, "What was said");
  const std::int64_t sequence =
      storage::list_audit(tx, {"document", id, {}, "document.note_added"}, 0, 1).at(0).sequence;
  const auto hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", false, {}});
  hold_documents(tx, archive.manager, hold, {id});
  EXPECT_THROW(storage::erase_audit_detail(tx, sequence, "decision 7"), Error);
  release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
  EXPECT_TRUE(storage::erase_audit_detail(tx, sequence, "decision 7"));
}

TEST(Holds, AnAnswerToWhatAHoldAskedBeforeHoldsNothing) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  const HoldTerms placed{"Dispute", "A claim", "acme", false, {}};
  const std::int64_t hold = place_hold(tx, archive.manager, placed);
  const HoldQuery asked = hold_queries(tx).at(0);
  HoldTerms changed = placed;
  changed.query = "acme ltd";
  change_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, changed);
  EXPECT_EQ(hold_matches(tx, asked, {id}), 0u);
  set_hold_matched(tx, asked, 7);
  EXPECT_EQ(hold_queries(tx).at(0).matched_sequence, -1) << "what it asks now was not asked yet";
  const HoldQuery now = hold_queries(tx).at(0);
  EXPECT_EQ(hold_matches(tx, now, {id}), 1u);
  set_hold_matched(tx, now, 7);
  EXPECT_EQ(hold_queries(tx).at(0).matched_sequence, 7);
}

TEST(Holds, CustodiansAcknowledge) {
  RecordsArchive archive;
  const auto staff = archive.add_person("stina", storage::Role::staff);
  auto tx = archive.begin();
  const auto hold = place_hold(tx, archive.manager, {"Dispute", "A claim", "", false, {staff.account_id}});
  EXPECT_EQ(holds_to_acknowledge(tx, staff.account_id).size(), 1u);
  EXPECT_THROW(acknowledge_hold(tx, archive.manager, hold), Error);
  acknowledge_hold(tx, staff, hold);
  acknowledge_hold(tx, staff, hold);
  EXPECT_TRUE(holds_to_acknowledge(tx, staff.account_id).empty());
  EXPECT_EQ(find_hold(tx, hold)->custodians.at(0).acknowledged_at, tx.now());
}

}  // namespace
}  // namespace muniment::records
