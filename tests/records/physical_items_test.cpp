#include "records/physical_items.h"

#include <gtest/gtest.h>

#include "records/file_plan.h"
#include "storage/index_queue.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::Error;
using testing::Medium;
using testing::PaperArchive;

TEST(PaperDocument, IsADocumentWithoutAFile) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  auto session = archive.database.read();
  const auto document = storage::find_document(session, archive.manager, id).value();
  EXPECT_EQ(document.medium, Medium::physical);
  EXPECT_EQ(document.state, storage::DocumentState::ready);
  EXPECT_EQ(document.barcode, "M00000006") << "after five places";
  EXPECT_TRUE(document.components.empty());
  EXPECT_THROW(storage::require_file(document), Error);
  const auto indexable = storage::load_indexable(session, id).value();
  EXPECT_EQ(indexable.barcode, "M00000006");
  EXPECT_EQ(indexable.title, "Personnel file 1");
  EXPECT_TRUE(storage::damaged_documents(session).empty());
}

TEST(PaperDocument, NeedsATitle) {
  PaperArchive archive;
  archive.refused([&](auto& tx) { register_paper(tx, archive.manager, {}, {}); }, core::ErrorCode::invalid_argument);
}

TEST(PaperDocument, IsDeclaredHeldAndDamagedLikeAnyOther) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  EXPECT_EQ(archive.record(id).stage, Stage::active);
  {
    auto session = archive.database.read();
    EXPECT_TRUE(damaged_records(session).empty());
  }
  archive.held_by_hand(id);
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET title = 'Other' WHERE id = $1", id); });
  archive.refused([&](auto& tx) { tx.execute("DELETE FROM physical_item WHERE document_id = $1", id); });
}

TEST(PaperDocument, OfAClassThatDeclaresOnFilingBecomesARecordByItself) {
  PaperArchive archive;
  archive.change([&](auto& tx) {
    ClassChange change;
    change.declares_on_filing = true;
    change_class(tx, archive.node, find_class(tx, archive.node)->version, change);
  });
  const std::int64_t id = archive.paper();
  archive.change([&](auto& tx) { declare_what_was_filed(tx, 10); });
  EXPECT_EQ(archive.record(id).declared_how, "filing");
}

TEST(PaperDocument, MediumFollowsThePaperBesideAFile) {
  PaperArchive archive;
  const std::int64_t id = archive.both(false);
  const auto medium = [&] {
    auto session = archive.database.read();
    return storage::find_document(session, archive.manager, id)->medium;
  };
  EXPECT_EQ(medium(), Medium::physical_and_digital);
  archive.refused([&](auto& tx) { add_paper(tx, archive.manager, id, {}); });
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET medium = 'physical' WHERE id = $1", id); });
  archive.change([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  EXPECT_EQ(medium(), Medium::digital);
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {}); });
  archive.change([&](auto& tx) { declare(tx, archive.manager, id); });
  archive.refused([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET medium = 'digital' WHERE id = $1", id); });
}

}  // namespace
}  // namespace muniment::records
