// What becomes of the file of a stack when a document that was split from it is destroyed.
#include <gtest/gtest.h>

#include "core/error.h"
#include "records/disposal.h"
#include "storage/page_origins.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kDue;
using testing::kWindowOver;
using testing::RecordsArchive;

class DisposalOfAStack : public ::testing::Test {
 protected:
  DisposalOfAStack() {
    auto tx = archive.begin();
    for (const std::int64_t part : {first, second}) {
      tx.execute(
          "INSERT INTO page_origin (document_id, number, origin_document_id, origin_number) VALUES ($1, 1, $2, 1)",
          part, stack);
    }
    storage::replace_document(tx, stack, std::vector{first, second});
    tx.commit();
  }
  void execute(std::int64_t part) {
    const auto batch = archive.proposed({part}, kDue);
    archive.approve(batch);
    archive.execute(batch, kDue);
  }
  void release(std::int64_t hold) {
    auto tx = archive.begin();
    release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
    tx.commit();
  }
  std::size_t empty_trash() { return archive.disposal.empty_trash(archive.clock.now() - std::chrono::hours(720)); }
  bool exists(std::int64_t document) {
    auto session = archive.database.read();
    return storage::find_document(session, archive.manager, document).has_value();
  }

  RecordsArchive archive;
  const std::int64_t stack = archive.filed();
  const std::int64_t first = archive.declared();
  const std::int64_t second = archive.declared();
};

TEST_F(DisposalOfAStack, ItsFileGoesWithTheFirstPart) {
  execute(first);
  EXPECT_EQ(empty_trash(), 0u) << "the part can still be restored";
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(empty_trash(), 1u);
  EXPECT_FALSE(exists(stack));
  EXPECT_TRUE(exists(second));
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST_F(DisposalOfAStack, ItsFileGoesAtOnceAlsoWhenSomebodyHadThrownItAway) {
  archive.trash(archive.manager, stack);
  EXPECT_EQ(empty_trash(), 0u);
  execute(first);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  {
    auto tx = archive.begin();
    EXPECT_THROW(storage::restore_document(tx, archive.manager, stack), core::Error);
  }
  EXPECT_EQ(empty_trash(), 1u);
}

TEST_F(DisposalOfAStack, AHoldOnItKeepsWhatWasMadeOfIt) {
  const auto batch = archive.proposed({first}, kDue);
  archive.approve(batch);
  const auto hold = archive.held_by_hand(stack);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, first).outcome, Outcome::skipped);
  release(hold);
  execute(first);
  const auto later = archive.held_by_hand(stack);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u);
  release(later);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(empty_trash(), 1u);
}

TEST_F(DisposalOfAStack, AHoldOnAnotherPartKeepsThatPart) {
  archive.held_by_hand(second);
  execute(first);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_EQ(empty_trash(), 1u);
  EXPECT_TRUE(exists(second));
}

TEST_F(DisposalOfAStack, ItIsNeitherDeclaredNorBroughtBack) {
  {
    auto tx = archive.begin();
    EXPECT_THROW(declare(tx, archive.manager, stack), core::Error);
  }
  execute(first);
  auto again = archive.begin();
  EXPECT_THROW(storage::undo_replacement(again, stack), core::Error);
}

}  // namespace
}  // namespace muniment::records
