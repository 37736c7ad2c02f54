#include "records/file_plan.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/holds.h"
#include "records/plan_moves.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using storage::Actor;
using testing::TestArchive;

const Actor kTester = Actor::system("test");

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
  storage::DocumentChange file_it;
  file_it.class_id = below;
  storage::change_document(tx, storage::system_principal(tx, "test"), document, 1, file_it);
  tx.execute("DELETE FROM index_queue");
  move_class(tx, node, 1, closed_to_most);
  EXPECT_EQ(find_class(tx, node)->parent_id, closed_to_most);
  EXPECT_EQ(storage::inherited_access_list(tx, std::nullopt, below), secret);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document), secret);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM index_queue WHERE document_id = $1", document), 1);
  EXPECT_THROW(move_class(tx, node, 2, below), Error) << "it would stand below itself";
  EXPECT_THROW(move_class(tx, node, 1, std::nullopt), Error) << "somebody else has changed it";
  move_class(tx, node, 2, std::nullopt);
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
  storage::change_document(tx, storage::system_principal(tx, "test"), document, 1, file_it);
  move_folder(tx, folder, 1, to);
  EXPECT_EQ(find_folder(tx, folder)->class_id, to);
  EXPECT_EQ(tx.value<std::int64_t>("SELECT class_id FROM document WHERE id = $1", document), to);
  const storage::Principal system = storage::system_principal(tx, "test");
  hold_documents(tx, system, place_hold(tx, system, {"Dispute", "A claim", "", false, {}}), {document});
  EXPECT_THROW(move_folder(tx, folder, 2, from), Error);
  EXPECT_EQ(find_folder(tx, folder)->class_id, to);
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
