#include "storage/audit.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit_verifier.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

void log_three(TestArchive& archive) {
  auto tx = archive.database.begin(kTester);
  for (int i = 1; i <= 3; ++i) {
    tx.audit({"thing.changed", "thing", i, R"({"name":"old"})", R"({"name":"new"})"});
  }
  tx.commit();
}

AuditVerdict verdict_of(TestArchive& archive) {
  auto session = archive.database.read();
  return verify_audit(session, {});
}

// What somebody can do who has the file.
void tamper(TestArchive& archive, const char* statement) {
  auto tx = archive.database.begin(kTester);
  for (const auto& [name] : tx.rows<std::string>("SELECT name FROM sqlite_master WHERE type = 'trigger'")) {
    if (name.starts_with("audit")) tx.execute("DROP TRIGGER " + name);
  }
  tx.execute("PRAGMA defer_foreign_keys = 1");
  tx.execute(statement);
  tx.commit();
}

TEST(Audit, AnUntouchedLogVerifies) {
  TestArchive archive;
  EXPECT_TRUE(verdict_of(archive).sound());
  log_three(archive);
  EXPECT_TRUE(verdict_of(archive).sound());
  EXPECT_EQ(verdict_of(archive).entries, 3);
}

TEST(Audit, FindsWhatWasDoneToTheFile) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"UPDATE audit SET entry = replace(entry, 'changed', 'deleted') WHERE sequence = 2", 2},
      {"UPDATE audit_detail SET detail = replace(detail, 'old', 'odd') WHERE sequence = 3", 3},
      {"DELETE FROM audit_detail WHERE sequence = 1", 1},
      {"UPDATE audit_node SET hash = replace(hash, substr(hash, 1, 8), '00000000')", 0},
      {"DELETE FROM audit_node", 0},
      {"UPDATE audit SET hash = upper(hash) WHERE sequence = 1", 1},
  };
  for (const auto& [statement, first_bad] : cases) {
    TestArchive archive;
    log_three(archive);
    tamper(archive, statement);
    const AuditVerdict verdict = verdict_of(archive);
    ASSERT_FALSE(verdict.sound()) << statement;
    EXPECT_EQ(verdict.findings.front().entry, first_bad) << statement;
  }
}

TEST(Audit, RecordsItsSettingsWhenTheyDiffer) {
  TestArchive archive;
  const auto record = [&](const std::string& settings) {
    auto tx = archive.database.begin(kTester);
    record_audit_settings(tx, settings);
    tx.commit();
    auto session = archive.database.read();
    AuditFilter filter;
    filter.action = "audit.settings_changed";
    return list_audit(session, filter, 0, 10);
  };
  EXPECT_EQ(record(R"({"searches":false})").size(), 1u);
  EXPECT_EQ(record(R"({"searches":false})").size(), 1u);
  const auto entries = record(R"({"searches":true})");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_NE(entries[0].detail.find(R"("before":{"searches":false},"after":{"searches":true})"), std::string::npos);
}

TEST(Audit, KeepsWeightySettingsApartFromItsOwn) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  record_audit_settings(tx, R"({"searches":false})");
  record_weighty_settings(tx, R"({"approvals":1})");
  record_weighty_settings(tx, R"({"approvals":2})");
  record_audit_settings(tx, R"({"searches":false})");
  tx.commit();
  auto session = archive.database.read();
  const auto count = [&](const char* action) {
    AuditFilter filter;
    filter.action = action;
    return list_audit(session, filter, 0, 10).size();
  };
  EXPECT_EQ(count("service.settings_changed"), 2U);
  EXPECT_EQ(count("audit.settings_changed"), 1U);
  EXPECT_EQ(first_audit_time(session), archive.clock.now());
}

TEST(Audit, CannotBeChangedThroughTheDatabase) {
  TestArchive archive;
  log_three(archive);
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
  log_three(archive);
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
  EXPECT_TRUE(verify_audit(session, {}).sound());
  EXPECT_EQ(verify_audit(session, {}).erased, std::vector<std::int64_t>{2});
}

TEST(Audit, ListsTheNewestFirstAndByObject) {
  TestArchive archive;
  log_three(archive);
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
