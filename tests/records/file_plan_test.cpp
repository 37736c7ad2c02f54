#include "records/file_plan.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/holds.h"
#include "records/plan_moves.h"
#include "storage/documents.h"
#include "storage/intake_folders.h"
#include "tests/records/records_archive.h"
#include "tests/support/test_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using muniment::testing::kTester;
using muniment::testing::TestArchive;

TEST(FilePlan, ClassesHaveUniqueCodesAndExistingParents) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const auto top = create_class(tx, {std::nullopt, "3", "Economy"});
  create_class(tx, {top, "3.1", "Invoices"});
  EXPECT_THROW(create_class(tx, {std::nullopt, "3", "Again"}), Error);
  EXPECT_THROW(create_class(tx, {std::int64_t{99}, "4", "Orphan"}), Error);
  EXPECT_EQ(list_classes(tx).size(), 2u);
}

TEST(FilePlan, AClosedClassAcceptsNothingNew) {
  TestArchive archive;
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(kTester);
  const auto node = create_class(tx, {std::nullopt, "3", "Economy"});
  ClassChange close;
  close.status = Status::closed;
  change_class(tx, node, 1, close);
  EXPECT_THROW(create_folder(tx, node, "2026", std::nullopt), Error);
  EXPECT_THROW(create_class(tx, {node, "3.1", "Below"}), Error);
  storage::DocumentChange file_it;
  file_it.class_id = node;
  EXPECT_THROW(storage::change_document(tx, storage::system_principal(tx, "test"), document, 1, file_it), Error);
}

TEST(FilePlan, NorDoesWhatStandsBelowAClosedClass) {
  TestArchive archive;
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(kTester);
  const auto top = create_class(tx, {std::nullopt, "3", "Economy"});
  const auto middle = create_class(tx, {top, "3.1", "Invoices"});
  const auto node = create_class(tx, {middle, "3.1.1", "Received"});
  const auto folder = create_folder(tx, node, "2026", std::nullopt);
  ClassChange close;
  close.status = Status::closed;
  change_class(tx, top, 1, close);
  EXPECT_THROW(create_folder(tx, node, "2027", std::nullopt), Error);
  EXPECT_EQ(list_classes(tx).size(), 3u);
  EXPECT_TRUE(list_classes(tx, true).empty());
  EXPECT_THROW(create_class(tx, {node, "3.1.1.1", "Below"}), Error);
  for (const bool into_folder : {false, true}) {
    storage::DocumentChange file_it;
    if (into_folder) {
      file_it.folder_id = folder;
    } else {
      file_it.class_id = node;
    }
    EXPECT_THROW(storage::change_document(tx, storage::system_principal(tx, "test"), document, 1, file_it), Error);
  }
}

TEST(FilePlan, AFolderDecidesTheClassOfItsDocumentsAndItsListReachesThem) {
  TestArchive archive;
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(kTester);
  const auto node = create_class(tx, {std::nullopt, "3", "Economy"});
  const auto folder = create_folder(tx, node, "2026", std::nullopt);
  const auto system = storage::system_principal(tx, "test");
  storage::DocumentChange file_it;
  file_it.folder_id = folder;
  storage::change_document(tx, system, document, 1, file_it);
  EXPECT_EQ(storage::find_document(tx, system, document)->class_id, node);
  FolderChange restrict_it;
  restrict_it.access_list = storage::create_access_list(tx, "Board", {});
  change_folder(tx, folder, 1, restrict_it);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document),
            *restrict_it.access_list);
}

TEST(FilePlan, AMovedClassTakesItsListAndItsDocumentsIntoAccount) {
  TestArchive archive;
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(kTester);
  const auto secret = storage::create_access_list(tx, "Secret", {});
  const auto open = create_class(tx, {std::nullopt, "3", "Economy"});
  const auto closed_to_most = create_class(tx, {std::nullopt, "4", "Staff", secret});
  const auto node = create_class(tx, {open, "3.1", "Pay"});
  const auto below = create_class(tx, {node, "3.1.1", "Wages"});
  const storage::Principal system = storage::system_principal(tx, "test");
  storage::DocumentChange file_it;
  file_it.class_id = below;
  storage::change_document(tx, system, document, 1, file_it);
  tx.execute("DELETE FROM index_queue");
  move_class(tx, system, node, 1, closed_to_most);
  EXPECT_EQ(find_class(tx, node)->parent_id, closed_to_most);
  EXPECT_EQ(storage::inherited_access_list(tx, std::nullopt, below), secret);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document), secret);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM index_queue WHERE document_id = $1", document), 1);
  EXPECT_THROW(move_class(tx, system, node, 2, below), Error) << "it would stand below itself";
  EXPECT_THROW(move_class(tx, system, node, 1, std::nullopt), Error) << "somebody else has changed it";
  move_class(tx, system, node, 2, std::nullopt);
  EXPECT_FALSE(find_class(tx, node)->parent_id);
}

TEST(FilePlan, AMovedFolderTakesItsDocumentsAlongUnlessTheirPlaceIsFixed) {
  TestArchive archive;
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(kTester);
  const auto from = create_class(tx, {std::nullopt, "3", "Economy"});
  const auto to = create_class(tx, {std::nullopt, "4", "Staff"});
  const auto folder = create_folder(tx, from, "2026", std::nullopt);
  storage::DocumentChange file_it;
  file_it.folder_id = folder;
  const storage::Principal system = storage::system_principal(tx, "test");
  storage::change_document(tx, system, document, 1, file_it);
  move_folder(tx, system, folder, 1, to);
  EXPECT_EQ(find_folder(tx, folder)->class_id, to);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT class_id FROM document WHERE id = $1", document), to);
  hold_documents(tx, system, place_hold(tx, system, {"Dispute", "A claim", "", false, {}}), {document});
  EXPECT_THROW(move_folder(tx, system, folder, 2, from), Error);
  EXPECT_EQ(find_folder(tx, folder)->class_id, to);
}

// Two classes, of which one hands down a list of its own, and a folder in the open one.
struct Moving : TestArchive {
  storage::Principal staff = add_person("sten", storage::Role::staff);
  storage::Principal manager = add_person("maria", storage::Role::records_manager);
  storage::Transaction tx = database.begin(kTester);
  std::int64_t board = storage::create_access_list(tx, "Board", {});
  storage::Principal all = storage::system_principal(tx, "test");
  std::int64_t open = create_class(tx, {std::nullopt, "3", "Economy"});
  std::int64_t open_too = create_class(tx, {std::nullopt, "4", "Staff"});
  std::int64_t closed_to_most = create_class(tx, {std::nullopt, "5", "Board", board});
  std::int64_t folder = create_folder(tx, open, "2026", std::nullopt);

  // A document in the folder, with a list of its own where one is given.
  std::int64_t filed(std::optional<std::int64_t> list = {}) {
    storage::NewDocument wanted;
    wanted.filename = "letter " + std::to_string(++made_) + ".txt";
    wanted.hash = core::Sha256::of(wanted.filename);
    wanted.source = "test";
    wanted.folder_id = folder;
    wanted.access_list = list;
    return storage::create_document(tx, wanted);
  }
  core::ErrorCode refused(const std::function<void()>& move, std::string* message = nullptr) {
    try {
      move();
    } catch (const Error& error) {
      if (message) *message = error.message();
      return error.code();
    }
    return core::ErrorCode::internal;
  }
  std::vector<std::string> history(std::int64_t document) {
    std::vector<std::string> entries;
    for (const auto& [action, detail] : tx.rows<std::string, std::string>(
             "SELECT a.action, d.detail FROM audit a JOIN audit_detail d ON d.sequence = a.sequence WHERE a.object = "
             "'document' AND a.object_id = $1 ORDER BY a.sequence",
             document)) {
      entries.push_back(action + detail);
    }
    return entries;
  }

 private:
  int made_ = 0;
};

TEST(FilePlan, MovingToAnotherListNeedsTheRightToChangeAccess) {
  Moving archive;
  auto& tx = archive.tx;
  const auto forbidden = core::ErrorCode::forbidden;
  const auto to_class = [&](std::int64_t to) { move_folder(tx, archive.staff, archive.folder, 1, to); };
  const auto below = create_class(tx, {archive.open, "3.1", "Pay"});
  EXPECT_EQ(forbidden, archive.refused([&] { to_class(archive.closed_to_most); }));
  EXPECT_EQ(forbidden, archive.refused([&] { move_class(tx, archive.staff, below, 1, archive.closed_to_most); }));
  EXPECT_EQ(find_folder(tx, archive.folder)->class_id, archive.open);
  EXPECT_EQ(find_class(tx, below)->parent_id, archive.open);
  to_class(archive.open_too);
  move_class(tx, archive.staff, below, 1, archive.open_too);
  move_class(tx, archive.manager, below, 2, archive.closed_to_most);
  EXPECT_EQ(forbidden, archive.refused([&] { move_class(tx, archive.staff, below, 3, archive.open); }))
      << "out of what is closed to most as well";
  const auto own_list = create_class(tx, {archive.open, "3.2", "Boxes", archive.board});
  move_class(tx, archive.staff, own_list, 1, archive.closed_to_most);
}

TEST(FilePlan, AFolderWithWhatTheMoverMayNotChangeStaysAndSaysNoMore) {
  Moving archive;
  auto& tx = archive.tx;
  archive.filed();
  const std::int64_t hidden = archive.filed(archive.board);
  std::string for_hidden, for_held;
  EXPECT_EQ(core::ErrorCode::conflict,
            archive.refused([&] { move_folder(tx, archive.staff, archive.folder, 1, archive.open_too); }, &for_hidden));
  hold_documents(tx, archive.all, place_hold(tx, archive.all, {"Dispute", "A claim", "", true, {}}), {hidden});
  for (const storage::Principal& who : {archive.staff, archive.manager}) {
    EXPECT_EQ(core::ErrorCode::conflict,
              archive.refused([&] { move_folder(tx, who, archive.folder, 1, archive.open_too); }, &for_held));
    EXPECT_EQ(for_hidden, for_held) << "what it is about is not told";
  }
  tx.execute("UPDATE folder SET access_list_id = $1 WHERE id = $2", archive.board, archive.folder);
  EXPECT_EQ(core::ErrorCode::not_found,
            archive.refused([&] { move_folder(tx, archive.manager, archive.folder, 1, archive.open_too); }));
}

TEST(FilePlan, AMoveStandsInTheHistoryOfEachDocument) {
  Moving archive;
  auto& tx = archive.tx;
  const std::int64_t inheriting = archive.filed();
  const std::int64_t own = archive.filed(archive.board);
  move_folder(tx, archive.all, archive.folder, 1, archive.closed_to_most);
  const auto of_inheriting = archive.history(inheriting);
  ASSERT_EQ(of_inheriting.size(), 3U) << "captured, another class, another list";
  EXPECT_NE(of_inheriting[1].find("document.changed"), std::string::npos);
  EXPECT_NE(of_inheriting[1].find("class_id"), std::string::npos);
  EXPECT_NE(of_inheriting[2].find("document.access_inherited"), std::string::npos);
  EXPECT_NE(of_inheriting[2].find("inherited_access_list"), std::string::npos);
  ASSERT_EQ(archive.history(own).size(), 2U) << "its own list stays";
  move_class(tx, archive.all, archive.closed_to_most, 1, archive.open);
  EXPECT_EQ(archive.history(inheriting).size(), 3U) << "the list that is handed down is the class's own";
  ClassChange inherit;
  inherit.access_list = std::optional<std::int64_t>();
  change_class(tx, archive.closed_to_most, 2, inherit);
  EXPECT_EQ(archive.history(inheriting).size(), 4U);
}

TEST(FilePlan, OnlyWhatWasNeverUsedIsDeleted) {
  testing::RecordsArchive archive;
  auto tx = archive.begin();
  const auto used = create_folder(tx, archive.node, "Used", std::nullopt);
  tx.commit();
  const std::int64_t id = archive.filed(used);
  auto change = archive.begin();
  storage::DocumentChange out;
  out.folder_id = std::optional<std::int64_t>();
  out.class_id = std::optional<std::int64_t>();
  storage::change_document(change, archive.manager, id, storage::find_document(change, archive.manager, id)->version,
                           out);
  EXPECT_THROW(delete_folder(change, used, find_folder(change, used)->version), Error) << "something was in it";
  EXPECT_THROW(delete_class(change, archive.node, find_class(change, archive.node)->version), Error);
  const auto mistake = create_class(change, {archive.node, "9", "Mistake"});
  const auto folder = create_folder(change, mistake, "Mistake", std::nullopt);
  EXPECT_THROW(delete_class(change, mistake, 1), Error) << "a folder is in it";
  EXPECT_THROW(delete_folder(change, folder, 7), Error) << "stale";
  delete_folder(change, folder, 1);
  delete_class(change, mistake, 1);
  EXPECT_FALSE(find_class(change, mistake) || find_folder(change, folder));
}

TEST(FilePlan, WhatSomethingFilesIntoIsNotDeleted) {
  testing::RecordsArchive archive;
  auto tx = archive.begin();
  const auto node = create_class(tx, {std::nullopt, "9", "Letters"});
  const auto other = create_class(tx, {std::nullopt, "8", "Others"});
  const auto folder = create_folder(tx, other, "Letters", std::nullopt);
  const auto require_kept = [&](const char* by) {
    EXPECT_THROW(delete_class(tx, node, 1), Error) << by;
    EXPECT_THROW(delete_folder(tx, folder, 1), Error) << by;
  };
  for (const bool to_folder : {false, true}) {
    storage::IntakeFolderTerms drop{to_folder ? "folder" : "class"};
    (to_folder ? drop.filing.folder_id : drop.filing.class_id) = to_folder ? folder : node;
    storage::create_intake_folder(tx, storage::IntakeFolderKind::drop, drop);
  }
  require_kept("drop folders");
  tx.execute("DELETE FROM intake_folder");
  tx.execute("INSERT INTO scan_profile (name, scanner, plan) VALUES ('Letters', '', $1)",
             R"({"class":)" + std::to_string(node) + R"(,"folder":)" + std::to_string(folder) + "}");
  require_kept("a scan profile");
  tx.execute("DELETE FROM scan_profile");
  tx.execute(
      "INSERT INTO workflow (name, folded_name, enabled, enabled_on, account_id, occasion, date_of, date_field, "
      "days_after, query, actions) VALUES ('W', 'w', 1, '2026-11-24', $1, 'arrived', '', '', 0, '', $2)",
      archive.manager.account_id,
      R"([{"kind":"set","class_id":)" + std::to_string(node) + R"(},{"kind":"move","folder_id":)" +
          std::to_string(folder) + "}]");
  require_kept("a workflow");
  tx.execute("DELETE FROM workflow");
  delete_class(tx, node, 1);
  delete_folder(tx, folder, 1);
}

TEST(FilePlan, ClosingAndReopeningAFolderIsKept) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const auto folder = create_folder(tx, create_class(tx, {std::nullopt, "3", "Economy"}), "2026", std::nullopt);
  FolderChange change;
  change.status = Status::closed;
  change_folder(tx, folder, 1, change);
  EXPECT_EQ(find_folder(tx, folder)->closed_at, archive.clock.now());
  change.status = Status::open;
  change.reason = "A letter came late";
  EXPECT_THROW(change_folder(tx, folder, 1, change), Error) << "stale";
  change_folder(tx, folder, 2, change);
  EXPECT_EQ(find_folder(tx, folder)->closed_at, std::nullopt);
}

}  // namespace
}  // namespace muniment::records
