#include "storage/audit.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::TestArchive;

const Actor kTester = Actor::system("test");

std::vector<AuditLine> three_lines(TestArchive& archive) {
  auto tx = archive.database.begin(kTester);
  for (int i = 1; i <= 3; ++i) {
    tx.audit({"thing.changed", "thing", i, R"({"name":"old"})", R"({"name":"new"})"});
  }
  tx.commit();
  auto session = archive.database.read();
  std::vector<AuditLine> lines;
  export_audit(session, [&](const AuditLine& line) { lines.push_back(line); });
  return lines;
}

std::optional<std::string> verdict(const std::vector<AuditLine>& lines) {
  AuditVerifier verifier;
  for (const AuditLine& line : lines) {
    if (auto finding = verifier.add(line)) return finding;
  }
  return std::nullopt;
}

TEST(Audit, AnUntouchedLogVerifies) {
  TestArchive archive;
  EXPECT_EQ(verdict(three_lines(archive)), std::nullopt);
  auto session = archive.database.read();
  EXPECT_EQ(verify_audit(session), std::nullopt);
}

TEST(Audit, FindsEditDeletionInsertionAndReordering) {
  TestArchive archive;
  const auto lines = three_lines(archive);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto edited = lines;
    edited[i].entry.replace(edited[i].entry.find("thing.changed"), 5, "thong");
    EXPECT_TRUE(verdict(edited)) << i;
    auto detail = lines;
    detail[i].detail.replace(detail[i].detail.find("old"), 3, "odd");
    EXPECT_TRUE(verdict(detail)) << i;
  }
  auto deleted = lines;
  deleted.erase(deleted.begin() + 1);
  EXPECT_TRUE(verdict(deleted));
  auto doubled = lines;
  doubled.insert(doubled.begin() + 1, lines[1]);
  EXPECT_TRUE(verdict(doubled));
  auto swapped = lines;
  std::swap(swapped[1], swapped[2]);
  EXPECT_TRUE(verdict(swapped));
}

TEST(Audit, CannotBeChangedThroughTheDatabase) {
  TestArchive archive;
  three_lines(archive);
  {
    auto tx = archive.database.begin(kTester);
    tx.execute("INSERT INTO audit_checkpoint (size, at, origin, root, note) VALUES ($1, $2, $3, $4, $5)", 2, tx.now(),
               "o", "r", "n");
    tx.commit();
  }
  for (const char* statement :
       {"UPDATE audit SET action = 'x'", "DELETE FROM audit", "UPDATE audit_detail SET detail = ''",
        "DELETE FROM audit_detail", "UPDATE audit_node SET hash = ''", "DELETE FROM audit_node",
        "UPDATE audit_checkpoint SET note = ''", "DELETE FROM audit_checkpoint",
        "INSERT OR REPLACE INTO audit SELECT sequence, at, account_id, 'x', object, object_id, entry, 'h' FROM audit "
        "WHERE sequence = 3",
        "INSERT OR REPLACE INTO audit SELECT sequence + 3, at, account_id, 'x', object, object_id, entry, hash FROM "
        "audit WHERE sequence = 1",
        "INSERT INTO audit SELECT sequence + 7, at, account_id, 'x', object, object_id, entry, 'h' FROM audit",
        "INSERT OR REPLACE INTO audit_detail VALUES (3, '', '')",
        "INSERT OR REPLACE INTO audit_detail VALUES (1, '', '')", "INSERT OR REPLACE INTO audit_node VALUES (1, 0, '')",
        "INSERT OR REPLACE INTO audit_checkpoint VALUES (2, 0, 'o', 'r', 'x')",
        "INSERT INTO audit_checkpoint VALUES (1, 0, 'o', 'r', 'x')"}) {
    auto tx = archive.database.begin(kTester);
    EXPECT_THROW(tx.execute(statement), core::Error) << statement;
  }
}

TEST(Audit, ADetailIsErasedOnRecordAndTheChainHolds) {
  TestArchive archive;
  three_lines(archive);
  {
    auto tx = archive.database.begin(kTester);
    EXPECT_TRUE(erase_audit_detail(tx, 2, "decision 7"));
    EXPECT_FALSE(erase_audit_detail(tx, 2, "again"));
    EXPECT_THROW(erase_audit_detail(tx, 99, ""), core::Error);
    tx.commit();
  }
  auto session = archive.database.read();
  const auto newest = list_audit(session, {}, 0, 3);
  EXPECT_EQ(newest[0].action, "audit.detail_erased");
  EXPECT_EQ(newest[0].object_id, 2);
  EXPECT_NE(newest[0].detail.find("decision 7"), std::string::npos);
  EXPECT_EQ(newest[2].sequence, 2);
  EXPECT_EQ(newest[2].detail, "");
  EXPECT_EQ(verify_audit(session), std::nullopt);
}

TEST(Audit, ListsTheNewestFirstAndByObject) {
  TestArchive archive;
  three_lines(archive);
  auto session = archive.database.read();
  const auto all = list_audit(session, {}, 0, 2);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].object_id, 3);
  EXPECT_EQ(list_audit(session, {}, all[1].sequence, 2).at(0).object_id, 1);
  AuditFilter filter;
  filter.object = "thing";
  filter.object_id = 2;
  ASSERT_EQ(list_audit(session, filter, 0, 10).size(), 1u);
  EXPECT_NE(list_audit(session, filter, 0, 10)[0].detail.find("\"old\""), std::string::npos);
}

}  // namespace
}  // namespace muniment::storage
