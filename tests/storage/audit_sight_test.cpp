// Who may read the log does not read by it what they may not read, nor learn of holds; what they export still proves
// it.
#include "storage/audit_sight.h"

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "storage/audit_checkpoint.h"
#include "storage/audit_export.h"
#include "storage/documents.h"
#include "storage/roles.h"
#include "storage/saved_views.h"
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

// Of each object in the table of docs/audit.md, as "object: action".
std::map<std::string, std::string> documented_objects() {
  std::ifstream file(std::string(MUNIMENT_SOURCES) + "/docs/audit.md");
  const std::regex row(R"(^\| `([a-z_]+)\.([^`]+)`[^|]*\| ([a-z_, ]+) \|)");
  const std::regex word("[a-z_]+");
  std::map<std::string, std::string> objects;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, row)) continue;
    const std::string family = found[1], action = family + "." + found[2].str(), named = found[3];
    if (named == "the entry") {
      for (const char* vocabulary : {"document_type", "correspondent", "tag"}) objects[vocabulary] = action;
      continue;
    }
    for (auto it = std::sregex_iterator(named.begin(), named.end(), word); it != std::sregex_iterator(); ++it) {
      if (it->str() != "or") objects[it->str()] = action;
    }
  }
  return objects;
}

TEST(AuditSight, EveryKindOfThingHasItsReaders) {
  TestArchive archive;
  Principal everybody = archive.add_person("eva", Role::admin);
  Principal auditor = archive.add_person("aud", Role::reader);
  auditor.role = composed_of({Permission::read_audit});
  auto session = archive.database.read();
  const AuditSights all(session, everybody);
  const AuditSights some(session, auditor);
  std::set<std::string> withheld;
  const auto objects = documented_objects();
  EXPECT_GT(objects.size(), 35U);
  for (const auto& [object, action] : objects) {
    if (object == "saved_view") continue;
    EXPECT_EQ(all.of(action, object, 1), AuditSight::all)
        << "nobody may know what " << action << " says: place " << object;
    if (some.of(action, object, 1) != AuditSight::all) withheld.insert(object);
  }
  EXPECT_EQ(withheld,
            (std::set<std::string>{"access_list", "archive_import", "disposition", "erasure_request", "filing_rule",
                                   "group", "hold", "import", "intake_folder", "inventory", "mail_listener", "mailbox",
                                   "network_scanner", "privacy", "scan_profile", "source", "workflow"}));
  EXPECT_EQ(all.of("account.mail_changed", "account", 1), AuditSight::all);
  EXPECT_EQ(some.of("account.mail_changed", "account", 1), AuditSight::entry);
  EXPECT_EQ(all.of("thing.made", "thing", 1), AuditSight::entry);
}

TEST(AuditSight, AViewOfOnesOwnIsToldToNobodyElse) {
  TestArchive archive;
  const Principal anna = archive.add_person("anna", Role::admin);
  const Principal bo = archive.add_person("bo", Role::admin);
  auto tx = archive.database.begin(anna.actor());
  const auto own = create_saved_view(tx, anna, {"Zanzibar", "q=zanzibar", false}).id;
  const auto shared = create_saved_view(tx, anna, {"Letters", "q=letters", true}).id;
  const AuditSights of_anna(tx, anna);
  const AuditSights of_bo(tx, bo);
  EXPECT_EQ(of_anna.of("saved_view.created", "saved_view", own), AuditSight::all);
  EXPECT_EQ(of_bo.of("saved_view.created", "saved_view", own), AuditSight::entry);
  EXPECT_EQ(of_bo.of("saved_view.created", "saved_view", shared), AuditSight::all);
  EXPECT_EQ(of_bo.of("saved_view.deleted", "saved_view", 4711), AuditSight::entry);
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
