#include "storage/document_versions.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "storage/audit.h"
#include "storage/check_outs.h"
#include "storage/file_locks.h"
#include "storage/index_queue.h"
#include "storage/jobs.h"
#include "storage/pages.h"
#include "storage/version_comparison.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;

struct VersionsFixture : testing::TestArchive {
  Principal ada = add_person("ada", Role::staff);
  std::int64_t id = add_document(ada.actor(), "draft.txt", "the draft");

  Document document() {
    auto session = database.read();
    return find_document(session, ada, id).value();
  }
  std::vector<DocumentVersion> versions() {
    auto session = database.read();
    return document_versions(session, document());
  }
  std::int64_t add(std::string_view filename, std::string_view bytes, std::optional<std::int64_t> expected = {},
                   std::string comment = {}) {
    auto tx = database.begin(ada.actor());
    const std::int64_t number = add_document_version(
        tx, ada, id, expected, {std::string(filename), core::Sha256::of(bytes), bytes.size(), std::move(comment)});
    tx.commit();
    return number;
  }
  ErrorCode refusal(std::optional<std::int64_t> expected = {}) {
    try {
      add("other.txt", "other", expected);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  }
};

TEST(DocumentVersions, TheNewestIsTheDocumentAndTheOthersAreKept) {
  VersionsFixture archive;
  EXPECT_EQ(archive.add("final.txt", "the final text", archive.document().version, "Agreed on Monday"), 2);
  const Document document = archive.document();
  EXPECT_EQ(document.components.at(0).filename, "final.txt");
  EXPECT_EQ(document.state, DocumentState::received);
  const auto versions = archive.versions();
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].number, 2);
  EXPECT_EQ(versions[0].comment, "Agreed on Monday");
  EXPECT_EQ(versions[0].created_by, archive.ada.account_id);
  EXPECT_EQ(versions[1].file.value().filename, "draft.txt");
  EXPECT_EQ(versions[1].file.value().hash, core::Sha256::of("the draft"));
  auto session = archive.database.read();
  EXPECT_EQ(list_audit(session, {}, 0, 1).at(0).action, "document.version_added");
  EXPECT_TRUE(damaged_documents(session).empty());
}

TEST(DocumentVersions, WhatWasReadOfTheOneBeforeIsNoMoreTheDocuments) {
  VersionsFixture archive;
  {
    auto tx = archive.database.begin(Actor::system("pipeline"));
    const std::int64_t component = archive.document().components.at(0).id;
    record_inspection(tx, archive.id, component, {"text/plain", false, false, 1});
    PageLayer layer;
    layer.source = TextSource::native;
    layer.lines = {Line{{Word{{1, 1, 10, 10}, 100, "draft"}}, true}};
    store_page(tx, component, 1, layer);
    record_reading(tx, archive.id, {"The draft", {}, "eng"});
    tx.commit();
  }
  archive.add("final.txt", "the final text");
  const Document document = archive.document();
  EXPECT_FALSE(document.has_text);
  EXPECT_EQ(document.page_count, 0);
  EXPECT_EQ(document.title, "The draft") << "until the new version has been read";
  auto session = archive.database.read();
  EXPECT_TRUE(page_summaries(session, document).empty());
}

TEST(DocumentVersions, TheReadingOfTheOneBeforeIsCalledOff) {
  VersionsFixture archive;
  std::int64_t job = 0;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    job = enqueue_job(tx, "read", archive.id, kInteractive);
    ASSERT_TRUE(claim_job(tx, "read", "reader"));
    tx.commit();
  }
  archive.add("final.txt", "the final text");
  auto tx = archive.database.begin(Actor::system("pipeline"));
  EXPECT_EQ(find_job(tx, job).value().state, JobState::cancelled);
  EXPECT_FALSE(report_progress(tx, job, "reader", "reading", 1, 1)) << "its result must be dropped";
}

TEST(DocumentVersions, NobodyOverwritesWhatTheyHaveNotSeen) {
  VersionsFixture archive;
  const std::int64_t seen = archive.document().version;
  archive.add("final.txt", "the final text");
  EXPECT_EQ(archive.refusal(seen), ErrorCode::stale);
}

TEST(DocumentVersions, WhatLiesInTheTrashOrIsOnlyReadIsRefused) {
  VersionsFixture archive;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    trash_document(tx, archive.ada, archive.id);
    tx.commit();
  }
  EXPECT_EQ(archive.refusal(), ErrorCode::conflict);
  VersionsFixture other;
  const Principal reader = other.add_person("rune", Role::reader);
  auto tx = other.database.begin(reader.actor());
  EXPECT_THROW(add_document_version(tx, reader, other.id, {}, {"x", core::Sha256::of("x"), 1}), Error);
}

TEST(DocumentVersions, AClosedClassAcceptsNoneAndWhatIsThereIsLabelledStill) {
  VersionsFixture archive;
  archive.add("final.txt", "the final text");
  const auto set_status = [&](std::string_view status) {
    auto tx = archive.database.begin(archive.ada.actor());
    tx.execute("UPDATE class SET status = $1 WHERE code = '3'", status);
    tx.commit();
  };
  {
    auto tx = archive.database.begin(archive.ada.actor());
    const auto add_class = [&tx](std::string_view code, std::optional<std::int64_t> parent) {
      return tx.insert("INSERT INTO class (parent_id, code, title, created_at) VALUES ($1, $2, 'Title', $3)", parent,
                       code, tx.now());
    };
    tx.execute("UPDATE document SET class_id = $1 WHERE id = $2", add_class("3.1", add_class("3", {})), archive.id);
    tx.commit();
  }
  set_status("closed");
  EXPECT_EQ(archive.refusal(), ErrorCode::conflict);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    EXPECT_THROW(restore_document_version(tx, archive.ada, archive.id, {}, 1, ""), Error);
    EXPECT_THROW(check_out(tx, archive.ada, archive.id, ""), Error);
    EXPECT_GT(label_version(tx, archive.ada, archive.id, 2, "Signed"), 0);
  }
  EXPECT_EQ(archive.versions().size(), 2U);
  set_status("open");
  EXPECT_EQ(archive.add("other.txt", "other"), 3);
}

TEST(DocumentVersions, TheDatabaseItselfKeepsThem) {
  VersionsFixture archive;
  archive.add("final.txt", "the final text");
  const auto refused = [&](std::string_view sql) {
    auto tx = archive.database.begin(Actor::system("test"));
    EXPECT_THROW(tx.execute(sql, archive.id), Error) << sql;
  };
  refused("UPDATE document SET current_version = 1 WHERE id = $1");
  refused("UPDATE document_version SET comment = 'other' WHERE document_id = $1");
  refused("UPDATE component SET filename = 'other' WHERE document_id = $1");
}

TEST(DocumentVersions, PaperThatIsScannedIsOnBoth) {
  VersionsFixture archive;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    NewDocument paper;
    paper.title = "Lease";
    paper.source = "api";
    archive.id = create_paper_document(tx, paper);
    tx.commit();
  }
  EXPECT_EQ(archive.document().medium, Medium::physical);
  EXPECT_EQ(archive.add("lease.pdf", "a scan"), 2);
  EXPECT_EQ(archive.document().medium, Medium::physical_and_digital);
  const auto versions = archive.versions();
  EXPECT_TRUE(versions.at(0).file.has_value());
  EXPECT_FALSE(versions.at(1).file.has_value());
  auto session = archive.database.read();
  EXPECT_TRUE(damaged_documents(session).empty());
}

TEST(DocumentVersions, AnOlderOneComesBackAsTheNewest) {
  VersionsFixture archive;
  archive.add("final.txt", "the final text");
  {
    auto tx = archive.database.begin(archive.ada.actor());
    tx.execute("UPDATE component SET media_type = 'text/plain' WHERE document_id = $1 AND version = 1", archive.id);
    EXPECT_EQ(restore_document_version(tx, archive.ada, archive.id, {}, 1, "Too hasty"), 3);
    tx.commit();
  }
  const auto versions = archive.versions();
  ASSERT_EQ(versions.size(), 3U);
  EXPECT_EQ(versions[0].restored_from, 1);
  EXPECT_EQ(versions[0].comment, "Too hasty");
  EXPECT_EQ(versions[0].file.value().filename, "draft.txt");
  EXPECT_EQ(versions[0].file.value().media_type, "text/plain") << "a kind that was let in stays so";
  EXPECT_EQ(archive.document().components.at(0).hash, core::Sha256::of("the draft"));
  auto tx = archive.database.begin(archive.ada.actor());
  EXPECT_THROW(restore_document_version(tx, archive.ada, archive.id, {}, 1, ""), Error) << "it is that already";
  EXPECT_THROW(restore_document_version(tx, archive.ada, archive.id, {}, 9, ""), Error);
}

TEST(DocumentVersions, ALabelStandsOnOneVersionOnly) {
  VersionsFixture archive;
  archive.add("final.txt", "the final text");
  std::int64_t label = 0;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    label = label_version(tx, archive.ada, archive.id, 1, "  Sent   2026-03-01 ");
    EXPECT_EQ(label_version(tx, archive.ada, archive.id, 1, "sent 2026-03-01"), label);
    EXPECT_THROW(label_version(tx, archive.ada, archive.id, 2, "SENT 2026-03-01"), Error);
    EXPECT_THROW(label_version(tx, archive.ada, archive.id, 2, " "), Error);
    EXPECT_THROW(label_version(tx, archive.ada, archive.id, 3, "Signed"), Error);
    tx.commit();
  }
  EXPECT_EQ(archive.versions().at(1).labels.at(0).label, "Sent 2026-03-01");
  EXPECT_TRUE(archive.versions().at(0).labels.empty());
  auto tx = archive.database.begin(archive.ada.actor());
  EXPECT_TRUE(unlabel_version(tx, archive.ada, archive.id, label));
  EXPECT_FALSE(unlabel_version(tx, archive.ada, archive.id, label));
  EXPECT_NE(label_version(tx, archive.ada, archive.id, 2, "Sent 2026-03-01"), label);
}

TEST(DocumentVersions, TheDatabaseItselfKeepsTheirLabels) {
  const std::string restricted = "INSERT INTO restriction (document_id, since) VALUES ($1, 0)";
  const std::string declared =
      "INSERT INTO record (document_id, declared_on, declared_at, declared_by, declared_how, content_hash) "
      "VALUES ($1, '2026-01-01', 0, NULL, 'hand', '')";
  for (const std::string& closed : {restricted, declared}) {
    VersionsFixture archive;
    auto tx = archive.database.begin(archive.ada.actor());
    const std::int64_t label = label_version(tx, archive.ada, archive.id, 1, "Sent");
    EXPECT_THROW(tx.execute("UPDATE version_label SET label = 'x' WHERE id = $1", label), Error);
    tx.execute(closed, archive.id);
    EXPECT_THROW(label_version(tx, archive.ada, archive.id, 1, "Signed"), Error);
    EXPECT_THROW(unlabel_version(tx, archive.ada, archive.id, label), Error);
    EXPECT_THROW(tx.execute("DELETE FROM version_label WHERE id = $1", label), Error);
    EXPECT_THROW(tx.execute("INSERT INTO version_label (document_id, number, label, folded, created_at) "
                            "VALUES ($1, 1, 'b', 'b', 0)",
                            archive.id),
                 Error);
  }
}

TEST(DocumentVersions, TheIndexHearsOfLabelsAndCheckOuts) {
  VersionsFixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  std::int64_t heard = last_index_sequence(tx);
  const auto hears = [&] {
    const std::int64_t before = std::exchange(heard, last_index_sequence(tx));
    return before < heard;
  };
  const std::int64_t label = label_version(tx, archive.ada, archive.id, 1, "Signed");
  EXPECT_TRUE(hears());
  EXPECT_EQ(load_indexable(tx, archive.id)->version_labels, std::vector<std::string>{"Signed"});
  unlabel_version(tx, archive.ada, archive.id, label);
  EXPECT_TRUE(hears());
  check_out(tx, archive.ada, archive.id, "");
  EXPECT_TRUE(hears());
  EXPECT_TRUE(load_indexable(tx, archive.id)->checked_out);
  end_check_outs_of(tx, archive.ada.account_id);
  EXPECT_TRUE(hears());
  EXPECT_FALSE(load_indexable(tx, archive.id)->checked_out);
}

TEST(CheckOuts, ARestrictedDocumentIsNotCheckedOut) {
  VersionsFixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  check_out(tx, archive.ada, archive.id, "the new rent");
  tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, 0)", archive.id);
  EXPECT_THROW(tx.execute("UPDATE check_out SET comment = 'x' WHERE document_id = $1", archive.id), Error);
  EXPECT_TRUE(end_check_out(tx, archive.ada, archive.id)) << "that changes nothing of the document";
  EXPECT_THROW(check_out(tx, archive.ada, archive.id, ""), Error);
  EXPECT_THROW(tx.execute("INSERT INTO check_out (document_id, account_id, since, comment) VALUES ($1, $2, 0, '')",
                          archive.id, archive.ada.account_id),
               Error);
}

TEST(CheckOuts, NobodyElseMakesTheNextVersion) {
  VersionsFixture archive;
  const Principal bo = archive.add_person("bo", Role::staff);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    check_out(tx, archive.ada, archive.id, "the new rent");
    check_out(tx, archive.ada, archive.id, "the new rent");
    tx.commit();
  }
  {
    auto session = archive.database.read();
    const auto found = find_check_out(session, archive.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->account_id, archive.ada.account_id);
    EXPECT_EQ(found->comment, "the new rent");
    EXPECT_EQ(found->since, archive.clock.now());
    EXPECT_EQ(locked_by_another(session, bo, archive.id, archive.clock.now()), archive.ada.account_id);
    EXPECT_FALSE(locked_by_another(session, archive.ada, archive.id, archive.clock.now()));
  }
  auto tx = archive.database.begin(bo.actor());
  EXPECT_THROW(add_document_version(tx, bo, archive.id, {}, {"x", core::Sha256::of("x"), 1}), Error);
  EXPECT_THROW(check_out(tx, bo, archive.id, ""), Error);
  EXPECT_THROW(end_check_out(tx, bo, archive.id), Error);
  EXPECT_THROW(trash_document(tx, bo, archive.id), Error) << "her work would be of no use";
  EXPECT_THROW(check_out(tx, archive.system(), archive.id, ""), Error) << "it is no person";
}

TEST(CheckOuts, TheyEndWhenTheAccountIsDisabled) {
  VersionsFixture archive;
  archive.add_person("bo", Role::admin);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    check_out(tx, archive.ada, archive.id, "the new rent");
    tx.commit();
  }
  auto tx = archive.database.begin(archive.system().actor());
  const std::int64_t account = archive.ada.account_id;
  AccountChange change;
  change.display_name = "Ada L.";
  change_account(tx, account, find_account(tx, account)->version, change);
  EXPECT_TRUE(find_check_out(tx, archive.id)) << "she is still there";
  change.disabled = true;
  change_account(tx, account, find_account(tx, account)->version, change);
  EXPECT_FALSE(find_check_out(tx, archive.id));
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM audit WHERE action = 'document.check_out_broken' AND "
                                   "object_id = $1",
                                   archive.id),
            1);
}

TEST(CheckOuts, ANewVersionEndsItUnlessItStays) {
  VersionsFixture archive;
  const auto checked_out = [&] {
    auto session = archive.database.read();
    return find_check_out(session, archive.id).has_value();
  };
  {
    auto tx = archive.database.begin(archive.ada.actor());
    check_out(tx, archive.ada, archive.id, "");
    add_document_version(tx, archive.ada, archive.id, {}, {"a", core::Sha256::of("a"), 1, "", true});
    tx.commit();
  }
  EXPECT_TRUE(checked_out());
  archive.add("b", "b");
  EXPECT_FALSE(checked_out());
}

TEST(CheckOuts, AnAdministratorBreaksItAndTheLogSaysSo) {
  VersionsFixture archive;
  const Principal root = archive.add_person("root", Role::admin);
  {
    auto tx = archive.database.begin(archive.ada.actor());
    check_out(tx, archive.ada, archive.id, "");
    tx.commit();
  }
  {
    auto tx = archive.database.begin(root.actor());
    EXPECT_TRUE(end_check_out(tx, root, archive.id));
    EXPECT_FALSE(end_check_out(tx, root, archive.id));
    tx.commit();
  }
  auto session = archive.database.read();
  const AuditEntry last = list_audit(session, {}, 0, 1).at(0);
  EXPECT_EQ(last.action, "document.check_out_broken");
  EXPECT_EQ(last.account_id, root.account_id);
}

TEST(CheckOuts, ALockOfAnotherKeepsItAway) {
  VersionsFixture archive;
  const Principal bo = archive.add_person("bo", Role::staff);
  auto tx = archive.database.begin(bo.actor());
  FileLock lock;
  lock.token = "urn:uuid:1";
  lock.thing = {FileThing::Kind::document, archive.id};
  lock.account_id = bo.account_id;
  lock.expires_at = archive.clock.now() + std::chrono::minutes(1);
  add_lock(tx, lock);
  EXPECT_THROW(check_out(tx, archive.ada, archive.id, ""), Error);
  check_out(tx, bo, archive.id, "");
}

TEST(CheckOuts, WhatIsCheckedOutIsNotDeclared) {
  VersionsFixture archive;
  auto tx = archive.database.begin(archive.ada.actor());
  check_out(tx, archive.ada, archive.id, "");
  try {
    tx.execute(
        "INSERT INTO record (document_id, declared_on, declared_at, declared_by, declared_how, content_hash) "
        "VALUES ($1, '2026-01-01', 0, NULL, 'person', '')",
        archive.id);
    FAIL() << "a check-out must keep it from being declared";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("is checked out"), std::string::npos) << error.message();
  }
}

class Comparing : public ::testing::Test {
 protected:
  // The words of each page; a word that begins with "|" begins a paragraph.
  void read_as(const std::vector<std::vector<std::string>>& pages) {
    auto tx = archive_.database.begin(Actor::system("pipeline"));
    const std::int64_t component = archive_.document().components.at(0).id;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      PageLayer layer;
      layer.source = TextSource::native;
      for (const std::string& word : pages[i]) {
        const bool starts = word.starts_with('|');
        layer.lines.push_back({{Word{{1, 1, 10, 10}, 100, starts ? word.substr(1) : word}}, starts});
      }
      store_page(tx, component, static_cast<std::int64_t>(i) + 1, layer);
    }
    tx.commit();
  }
  VersionComparison compare() {
    auto session = archive_.database.read();
    const auto versions = archive_.versions();
    return compare_versions(session, versions.at(1), versions.at(0));
  }
  VersionsFixture archive_;
};

TEST_F(Comparing, TellsWhatWasDeletedAndInsertedPageByPage) {
  read_as({{"|The", "rent", "is", "900"}, {"|Signed", "in", "Lund"}});
  archive_.add("final.txt", "the final text");
  read_as({{"|The", "rent", "is", "950", "kronor"}, {"|Signed", "in", "Lund", "|Annex"}});
  const VersionComparison found = compare();
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.changes, 2);
  ASSERT_EQ(found.pages.size(), 2U);
  const auto& first = found.pages[0].runs;
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].text, "The rent is");
  EXPECT_EQ(first[1].kind, TextRun::Kind::deleted);
  EXPECT_EQ(first[1].text, "900");
  EXPECT_EQ(first[1].older_page, 1);
  EXPECT_EQ(first[2].kind, TextRun::Kind::inserted);
  EXPECT_EQ(first[2].text, "950 kronor");
  const auto& second = found.pages[1].runs;
  ASSERT_EQ(second.size(), 2U);
  EXPECT_EQ(second[0].text, "Signed in Lund");
  EXPECT_EQ(second[1].text, "\nAnnex");
}

TEST_F(Comparing, WhatIsMissingAtTheEndStandsOnTheLastPage) {
  read_as({{"one", "two"}, {"three"}});
  archive_.add("final.txt", "the final text");
  read_as({{"one", "two"}});
  const VersionComparison found = compare();
  ASSERT_EQ(found.pages.size(), 1U);
  EXPECT_EQ(found.pages[0].runs.back().kind, TextRun::Kind::deleted);
  EXPECT_EQ(found.pages[0].runs.back().older_page, 2);
}

TEST_F(Comparing, AVersionThatWasNeverReadIsRefused) {
  archive_.add("final.txt", "the final text");
  read_as({{"one"}});
  EXPECT_THROW(compare(), Error);
}

}  // namespace
}  // namespace muniment::storage
