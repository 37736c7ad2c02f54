#include "storage/audit_tree.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/merkle_tree.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

void log_one(TestArchive& archive, int number) {
  auto tx = archive.database.begin(kTester);
  tx.audit({"thing.changed", "thing", number});
  tx.commit();
}

std::vector<core::Sha256> leaves_of(Session& session) {
  std::vector<core::Sha256> leaves;
  for (const AuditLine& line : audit_lines(session, 0, 1000)) leaves.push_back(merkle_leaf(line.entry));
  return leaves;
}

TEST(AuditTree, GrowsWithTheLog) {
  TestArchive archive;
  MerkleFrontier frontier;
  for (int i = 1; i <= 40; ++i) {
    log_one(archive, i);
    auto session = archive.database.read();
    frontier.add(leaves_of(session).back());
    EXPECT_EQ(audit_tree_head(session), (TreeHead{i, frontier.root()}));
  }
}

TEST(AuditTree, SeesWhatItsOwnTransactionAddedAndForgetsWhatWasGivenUp) {
  TestArchive archive;
  log_one(archive, 1);
  {
    auto tx = archive.database.begin(kTester);
    for (int i = 2; i <= 9; ++i) tx.audit({"thing.changed", "thing", i});
    EXPECT_EQ(audit_tree_head(tx).size, 9);
  }
  for (int i = 2; i <= 5; ++i) log_one(archive, i);
  auto session = archive.database.read();
  EXPECT_EQ(audit_tree_head(session).size, 5);
}

TEST(AuditTree, ProvesEveryEntryAndEveryEarlierTree) {
  TestArchive archive;
  constexpr std::int64_t kLeaves = 21;
  for (int i = 1; i <= kLeaves; ++i) log_one(archive, i);
  auto session = archive.database.read();
  const auto leaves = leaves_of(session);
  const TreeHead now = audit_tree_head(session);
  for (std::int64_t sequence = 1; sequence <= kLeaves; ++sequence) {
    const auto index = static_cast<std::uint64_t>(sequence - 1);
    EXPECT_TRUE(
        proves_inclusion(audit_inclusion_proof(session, sequence, kLeaves), leaves[index], index, kLeaves, now.root));
    EXPECT_TRUE(proves_consistency(audit_consistency_proof(session, sequence, kLeaves),
                                   static_cast<std::uint64_t>(sequence), audit_tree_head(session, sequence).root,
                                   kLeaves, now.root));
  }
  EXPECT_THROW(audit_inclusion_proof(session, 0, 3), core::Error);
  EXPECT_THROW(audit_inclusion_proof(session, 4, 3), core::Error);
  EXPECT_THROW(audit_inclusion_proof(session, 1, kLeaves + 1), core::Error);
  EXPECT_THROW(audit_consistency_proof(session, 3, 2), core::Error);
  EXPECT_THROW(audit_tree_head(session, kLeaves + 1), core::Error);
}

}  // namespace
}  // namespace muniment::storage
