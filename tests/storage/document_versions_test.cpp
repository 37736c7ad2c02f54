#include "storage/document_versions.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/jobs.h"
#include "storage/pages.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;

struct Fixture : testing::TestArchive {
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
  Fixture archive;
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
  Fixture archive;
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
  Fixture archive;
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
  Fixture archive;
  const std::int64_t seen = archive.document().version;
  archive.add("final.txt", "the final text");
  EXPECT_EQ(archive.refusal(seen), ErrorCode::stale);
}

TEST(DocumentVersions, WhatLiesInTheTrashOrIsOnlyReadIsRefused) {
  Fixture archive;
  {
    auto tx = archive.database.begin(archive.ada.actor());
    trash_document(tx, archive.ada, archive.id);
    tx.commit();
  }
  EXPECT_EQ(archive.refusal(), ErrorCode::conflict);
  Fixture other;
  const Principal reader = other.add_person("rune", Role::reader);
  auto tx = other.database.begin(reader.actor());
  EXPECT_THROW(add_document_version(tx, reader, other.id, {}, {"x", core::Sha256::of("x"), 1}), Error);
}

TEST(DocumentVersions, TheDatabaseItselfKeepsThem) {
  Fixture archive;
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
  Fixture archive;
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

}  // namespace
}  // namespace muniment::storage
