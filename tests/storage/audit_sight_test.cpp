// Who may read the log does not read by it what they may not read, nor learn of holds; what they export still proves
// it.
#include "storage/audit_sight.h"

#include <gtest/gtest.h>

#include "storage/audit_checkpoint.h"
#include "storage/audit_export.h"
#include "storage/documents.h"
#include "storage/roles.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

// Has a log of one document on a list with nobody on it, one that everybody reads, and a hold on each.
struct GuardedLog {
  TestArchive archive;
  AuditCheckpoints checkpoints{archive.database, archive.random, archive.data.keys(), archive.directory.path() / "out"};
  std::int64_t hidden = archive.add_document(kTester, "hidden.txt", "zanzibar");
  std::int64_t open = archive.add_document(kTester, "open.txt", "letter");

  GuardedLog() {
    const Principal system = archive.system();
    auto tx = archive.database.begin(kTester);
    DocumentChange change;
    change.own_access_list = create_access_list(tx, "Nobody", {});
    change_document(tx, system, hidden, find_document(tx, system, hidden)->version, change);
    tx.audit({"document.changed", "document", hidden, "", R"({"title":"zanzibar"})", "zanzibar"});
    tx.audit({"document.changed", "document", open, "", R"({"title":"letter"})"});
    for (const std::int64_t id : {hidden, open}) tx.audit({"hold.document_added", "document", id, "", "{}"});
    tx.audit({"hold.placed", "hold", 1, "", R"({"title":"investigation"})"});
    tx.audit({"retention.calculated", "record", 0, "", R"({"moved":[]})"});
    tx.commit();
  }

  Principal auditor() {
    Principal auditor = archive.add_person("aud", Role::reader);
    auditor.role = composed_of({Permission::read_audit});
    return auditor;
  }
  std::string exported(const Principal& who, std::int64_t size) {
    std::string text;
    auto session = archive.database.read();
    export_audit(session, who, size, checkpoints.public_keys(), [&](std::string_view line) {
      text += line;
      return true;
    });
    return text;
  }
  AuditVerdict verdict(const std::string& exported) {
    AuditExportVerifier verifier(checkpoints.public_keys(), {});
    verifier.add(exported);
    return verifier.finish();
  }
  AuditSight sight(const Principal& who, std::string_view action, std::string_view object, std::int64_t id) {
    auto session = archive.database.read();
    return AuditSights(session, who).of(action, object, id);
  }
};

TEST(AuditSight, GoesWithTheRightToReadAndWithThatToHold) {
  GuardedLog log;
  const Principal manager = log.archive.add_person("maria", Role::records_manager);
  const Principal auditor = log.auditor();
  EXPECT_EQ(log.sight(manager, "document.changed", "document", log.open), AuditSight::all);
  EXPECT_EQ(log.sight(manager, "document.changed", "document", log.hidden), AuditSight::entry);
  EXPECT_EQ(log.sight(manager, "document.changed", "document", 4711), AuditSight::entry) << "gone";
  EXPECT_EQ(log.sight(manager, "hold.document_added", "document", log.open), AuditSight::all);
  EXPECT_EQ(log.sight(manager, "hold.document_added", "document", log.hidden), AuditSight::place)
      << "a query placed as a hold would be answered here";
  EXPECT_EQ(log.sight(manager, "hold.placed", "hold", 1), AuditSight::all);
  EXPECT_EQ(log.sight(manager, "retention.calculated", "record", 0), AuditSight::entry);
  EXPECT_EQ(log.sight(manager, "account.changed", "account", 1), AuditSight::all);
  EXPECT_EQ(log.sight(auditor, "hold.placed", "hold", 1), AuditSight::place);
  EXPECT_EQ(log.sight(auditor, "hold.document_added", "document", log.open), AuditSight::place);
  EXPECT_EQ(log.sight(auditor, "disposition.skipped", "document", log.open), AuditSight::place);
  for (const char* object : {"document", "hold", "record"}) {
    EXPECT_EQ(log.sight(log.archive.system(), "hold.placed", object, log.hidden), AuditSight::all);
  }
}

TEST(AuditSight, AnExportWithoutWhatItsMakerMayNotSeeStillVerifies) {
  GuardedLog log;
  const std::int64_t size = log.checkpoints.make().size;
  const std::string all = log.exported(log.archive.system(), size);
  EXPECT_NE(all.find("zanzibar"), std::string::npos);
  EXPECT_TRUE(log.verdict(all).withheld.empty());

  const std::string some = log.exported(log.auditor(), size);
  for (const char* word : {"zanzibar", "investigation", "hold."}) EXPECT_EQ(some.find(word), std::string::npos) << word;
  EXPECT_NE(some.find("letter"), std::string::npos);
  const AuditVerdict verdict = log.verdict(some);
  EXPECT_TRUE(verdict.sound()) << verdict.findings.front().what;
  EXPECT_EQ(verdict.root, log.verdict(all).root);
  EXPECT_GE(verdict.withheld.size(), 6U);
}

TEST(AuditSight, WhatIsWithheldCannotBeExchanged) {
  GuardedLog log;
  const std::int64_t size = log.checkpoints.make().size;
  const std::string some = log.exported(log.auditor(), size);
  for (const char* key : {R"("leaf":")", R"("withheld":"de)"}) {
    std::string altered = some;
    char& one = altered.at(altered.find(key) + std::string_view(key).size());
    one = one == '0' ? '1' : '0';
    EXPECT_FALSE(log.verdict(altered).sound()) << key;
  }
}

}  // namespace
}  // namespace muniment::storage
