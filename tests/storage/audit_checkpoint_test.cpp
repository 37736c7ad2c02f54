#include "storage/audit_checkpoint.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/files.h"
#include "storage/audit.h"
#include "storage/audit_export.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

namespace fs = std::filesystem;
using testing::TestArchive;

void log_things(Database& database, int count) {
  auto tx = database.begin(Actor::system("test"));
  for (int i = 0; i < count; ++i) tx.audit({"thing.changed", "thing", i});
  tx.commit();
}

std::vector<fs::path> files_in(const fs::path& directory, const std::string& ending) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ending) found.push_back(entry.path());
  }
  return found;
}

struct CheckpointTest : ::testing::Test {
  TestArchive archive;
  fs::path out = archive.directory.path() / "out";
  fs::path keys = archive.data.keys();

  std::unique_ptr<AuditCheckpoints> open(Database& database) {
    return std::make_unique<AuditCheckpoints>(database, archive.random, keys, out);
  }
};

TEST_F(CheckpointTest, SignsTheWholeLogAndKeepsTheNoteTwice) {
  auto checkpoints = open(archive.database);
  log_things(archive.database, 10);
  const AuditCheckpoint made = checkpoints->make();
  EXPECT_EQ(made.size, 11) << "the making of the key is an entry too";
  const auto note = SignedNote::parse(made.note).value();
  EXPECT_EQ(note.check(checkpoints->public_keys().back()), SignedNote::Verdict::valid);
  const auto text = CheckpointText::parse(note.text).value();
  EXPECT_EQ(text.origin, checkpoints->origin());
  EXPECT_EQ(text.size, 11);
  {
    auto session = archive.database.read();
    EXPECT_EQ(text.root, audit_tree_head(session).root);
    EXPECT_EQ(latest_audit_checkpoint(session)->note, made.note);
  }
  ASSERT_EQ(files_in(out, ".checkpoint").size(), 1u);
  EXPECT_EQ(core::read_file(files_in(out, ".checkpoint")[0], 10'000), made.note);
  EXPECT_EQ(parse_public_keys(core::read_file(files_in(out, ".pub").at(0), 10'000), "x"), checkpoints->public_keys());

  EXPECT_EQ(checkpoints->make().note, made.note) << "nothing was added: the same again";
  log_things(archive.database, 1);
  EXPECT_EQ(checkpoints->make().size, 12);
  auto session = archive.database.read();
  EXPECT_EQ(list_audit_checkpoints(session, 0, 10).size(), 2u);
  EXPECT_EQ(list_audit_checkpoints(session, 12, 10).at(0).size, 11);
}

TEST_F(CheckpointTest, KeepsItsKeySecretAndBetweenStarts) {
  const std::string origin = open(archive.database)->origin();
  struct stat status {};
  ASSERT_EQ(::stat((keys / "audit.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(open(archive.database)->origin(), origin);
  auto session = archive.database.read();
  EXPECT_EQ(audit_tree_head(session).size, 1) << "one key was made";
}

TEST_F(CheckpointTest, RefusesAKeyThatIsNone) {
  core::write_durably(keys / "audit.key", "nothing\n", 0600);
  EXPECT_THROW(open(archive.database), core::Error);
}

TEST_F(CheckpointTest, WritesAFileThatCouldNotBeWrittenTheNextTime) {
  auto checkpoints = open(archive.database);
  checkpoints->make();
  fs::remove(files_in(out, ".checkpoint").at(0));
  checkpoints->make();
  EXPECT_EQ(files_in(out, ".checkpoint").size(), 1u);
}

TEST_F(CheckpointTest, SignsNothingThatContradictsAnEarlierOne) {
  auto checkpoints = open(archive.database);
  log_things(archive.database, 20);
  checkpoints->make();
  log_things(archive.database, 5);
  {
    auto tx = archive.database.begin(Actor::system("test"));
    tx.execute("DROP TRIGGER audit_node_is_append_only");
    tx.execute("UPDATE audit_node SET hash = $1 WHERE level = 4", core::Sha256::of("other"));
    tx.commit();
  }
  EXPECT_EQ(checkpoints->contradictions().size(), 2u) << "the one in the database and the one in the directory";
  EXPECT_THROW(checkpoints->make(), core::Error);
  EXPECT_EQ(files_in(out, ".checkpoint").size(), 1u);
}

TEST_F(CheckpointTest, NoticesAnAlteredTail) {
  auto checkpoints = open(archive.database);
  log_things(archive.database, 20);
  EXPECT_TRUE(checkpoints->contradictions().empty());
  auto tx = archive.database.begin(Actor::system("test"));
  tx.execute("DROP TRIGGER audit_is_append_only");
  tx.execute("UPDATE audit SET entry = replace(entry, 'changed', 'deleted') WHERE sequence = 15");
  tx.commit();
  ASSERT_EQ(checkpoints->contradictions().size(), 1u);
  EXPECT_NE(checkpoints->contradictions()[0].find("audit entry 15 "), std::string::npos);
}

// An older database put in the place of the newer one contradicts the files; a restore, which says so itself, does not.
TEST_F(CheckpointTest, TellsARollbackFromARestore) {
  log_things(archive.database, 10);
  const fs::path older = archive.directory.path() / "older.db";
  AuditCheckpoint kept;
  {
    auto checkpoints = open(archive.database);
    checkpoints->make();
    archive.database.copy_to(older);
    log_things(archive.database, 30);
    kept = checkpoints->make();
  }
  {
    Database rolled_back(older, archive.clock, archive.random);
    auto checkpoints = open(rolled_back);
    EXPECT_EQ(checkpoints->contradictions().size(), 1u);
    EXPECT_THROW(checkpoints->make(), core::Error);
  }
  Database restored(older, archive.clock, archive.random);
  {
    auto tx = restored.begin(Actor::system("command line"));
    record_restore(tx, R"({"made_at":"2026-11-24T08:00:00Z"})");
    tx.commit();
  }
  fs::remove(keys / "audit.key");
  auto checkpoints = open(restored);
  EXPECT_TRUE(checkpoints->contradictions().empty());
  EXPECT_EQ(checkpoints->public_keys().size(), 2u);
  log_things(restored, 40);
  const AuditCheckpoint made = checkpoints->make();
  EXPECT_NE(made.origin, kept.origin);

  const auto verdict_on = [&](std::int64_t entries, const std::vector<AuditExportVerifier::Checkpoint>& expected) {
    AuditExportVerifier verifier(checkpoints->public_keys(), expected);
    auto session = restored.read();
    export_audit(session, system_principal(session, "test"), entries, checkpoints->public_keys(),
                 [&](std::string_view line) {
                   verifier.add(line);
                   return true;
                 });
    return verifier.finish();
  };
  const AuditVerdict verdict = verdict_on(made.size, {{"kept", kept.note}, {"made", made.note}});
  EXPECT_TRUE(verdict.sound()) << verdict.findings.front().what;
  ASSERT_EQ(verdict.given_up.size(), 1u);
  EXPECT_EQ(verdict.given_up[0].entry, 12) << "ten entries, the key, and then the restore";
  EXPECT_EQ(verdict.restored, std::vector<std::int64_t>{12});

  // A restore explains nothing that came after it.
  log_things(restored, 10);
  const AuditCheckpoint newer = checkpoints->make();
  const AuditVerdict cut = verdict_on(made.size, {{"newer", newer.note}});
  ASSERT_FALSE(cut.sound());
  EXPECT_EQ(cut.findings[0].entry, made.size + 1);
}

}  // namespace
}  // namespace muniment::storage
