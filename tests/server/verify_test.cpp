#include "server/verify.h"

#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "storage/index_queue.h"
#include "storage/pages.h"
#include "tests/records/records_archive.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class VerifyTest : public ::testing::Test {
 protected:
  Verification verify_now() {
    return verify(archive_.database, archive_.blobs, index_, checkpoints_,
                  [](std::string_view, std::int64_t, std::int64_t) {});
  }
  std::int64_t add(const std::string& bytes) {
    return archive_.add_document(storage::Actor::system("test"), "a.txt", bytes);
  }

  testing::TestArchive archive_;
  index::SearchIndex index_{archive_.data.index(), {}};
  storage::AuditCheckpoints checkpoints_{archive_.database, archive_.random, archive_.data.keys(),
                                         archive_.directory.path() / "checkpoints"};
};

TEST_F(VerifyTest, ASoundArchiveHasNoFindings) {
  add("one");
  add("two");
  const auto result = verify_now();
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_EQ(result.blobs, 2);
  EXPECT_EQ(result.documents, 2);
  EXPECT_GE(result.audit_entries, 2);
  EXPECT_TRUE(nlohmann::json::parse(to_json(result)).at("sound"));
}

TEST_F(VerifyTest, EveryDamagedOrMissingOriginalIsFound) {
  for (int i = 0; i < 30; ++i) add("original number " + std::to_string(i));
  const auto path = [&](int i) {
    return archive_.blobs.path(core::Sha256::of("original number " + std::to_string(i)));
  };
  for (int i = 0; i < 20; ++i) {
    std::filesystem::permissions(path(i), std::filesystem::perms::owner_all);
    std::fstream file(path(i), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(i % 10);
    file.put('\x01');
  }
  for (int i = 20; i < 25; ++i) std::filesystem::remove(path(i));
  const auto result = verify_now();
  EXPECT_EQ(result.findings.size(), 25U);
  EXPECT_EQ(result.blobs, 30);
  EXPECT_FALSE(nlohmann::json::parse(to_json(result)).at("sound"));
}

TEST_F(VerifyTest, WhatIsDestroyedMeanwhileIsNoFinding) {
  const storage::Principal ada = archive_.add_person("ada", storage::Role::staff);
  for (const std::int64_t id : {add("one"), add("two")}) archive_.trash(ada, id);
  archive_.clock.advance(std::chrono::hours(1));
  records::testing::FakeSurroundings surroundings;
  records::Disposal disposal(archive_.database, archive_.blobs, surroundings, {});
  std::size_t destroyed = 0;
  const auto result = verify(archive_.database, archive_.blobs, index_, checkpoints_,
                             [&](std::string_view, std::int64_t done, std::int64_t) {
                               if (done == 1) destroyed = disposal.empty_trash(archive_.clock.now());
                             });
  EXPECT_EQ(destroyed, 2U);
  EXPECT_EQ(result.blobs, 2) << "the test was too slow to show anything";
  EXPECT_THAT(result.findings, IsEmpty());
}

TEST_F(VerifyTest, TellsWhatItDoesAndCountsTheOriginals) {
  add("one");
  add("two");
  std::vector<std::string> told;
  verify(archive_.database, archive_.blobs, index_, checkpoints_,
         [&](std::string_view stage, std::int64_t done, std::int64_t of) {
           told.push_back(std::string(stage) + " " + std::to_string(done) + "/" + std::to_string(of));
         });
  EXPECT_THAT(told, ElementsAre("database 0/0", "catalogue 0/0", "audit 0/0", "originals 0/2", "originals 1/2",
                                "originals 2/2", "index 0/0"));
}

TEST_F(VerifyTest, AFileThatNoRowNamesIsCountedButNoFinding) {
  core::TempFile file = archive_.blobs.new_file();
  file.append(std::as_bytes(std::span("left by a crash", 15)));
  archive_.blobs.put(std::move(file), core::Sha256::of("left by a crash"));
  const auto result = verify_now();
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_EQ(result.unreferenced_blobs, 1);
}

TEST_F(VerifyTest, ARowThatWasChangedBehindTheProgramsBackIsFound) {
  const std::int64_t id = add("one");
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tx.execute("DROP TRIGGER component_is_immutable");
    tx.execute("UPDATE component SET filename = 'another'");
    tx.commit();
  }
  EXPECT_THAT(verify_now().findings, ElementsAre(HasSubstr("document " + std::to_string(id))));
}

TEST_F(VerifyTest, APageWhoseTextWasAlteredIsFound) {
  const std::int64_t id = add("one");
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto component = tx.value<std::int64_t>("SELECT id FROM component WHERE document_id = $1", id).value();
    storage::PageLayer layer;
    layer.lines = {{{{{0, 0, 1, 1}, 90, "one"}}, true}};
    storage::store_page(tx, component, 1, layer);
    tx.commit();
  }
  EXPECT_THAT(verify_now().findings, IsEmpty());
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tx.execute("UPDATE page SET layer = CAST(layer || x'00' AS BLOB)");
    tx.commit();
  }
  EXPECT_THAT(verify_now().findings, ElementsAre(HasSubstr("document " + std::to_string(id) + ", page 1")));
}

TEST_F(VerifyTest, AnIndexThatLacksADocumentIsFound) {
  add("one");
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }
  EXPECT_THAT(verify_now().findings, ElementsAre(HasSubstr("muniment reindex")));
}

class VerifyIndexTest : public VerifyTest {
 protected:
  // A document whose one page has these words, in the catalogue and in the index.
  std::int64_t add_read(const std::string& words) {
    const std::int64_t id = add(words);
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    store_page(tx, id, words);
    storage::set_state(tx, id, storage::DocumentState::ready);
    update_index(tx, id);
    tx.commit();
    return id;
  }
  void store_page(storage::Transaction& tx, std::int64_t id, const std::string& words) {
    const auto component = tx.value<std::int64_t>("SELECT id FROM component WHERE document_id = $1", id).value();
    storage::PageLayer layer;
    layer.lines = {{{{{0, 0, 1, 1}, 90, words}}, true}};
    storage::store_page(tx, component, 1, layer);
  }
  void update_index(storage::Transaction& tx, std::int64_t id) {
    index_.apply({{id, storage::load_indexable(tx, id)}});
    storage::mark_indexed(tx, storage::changed_documents(tx, 1000));
  }
  // Writes over some bytes of every block of a table.
  void alter(const std::string& table) {
    const auto shards = archive_.data.index() / "documents";
    for (const auto& entry : std::filesystem::directory_iterator(shards)) {
      const auto path = entry.path() / table;
      if (!std::filesystem::exists(path)) continue;
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
      for (std::streamoff at = 4096; at < size; at += 8192) {
        file.seekp(at);
        file.write("altered behind its back", 23);
      }
    }
  }
};

TEST_F(VerifyIndexTest, ATextThatTheIndexHasOtherwiseIsFound) {
  const std::int64_t id = add_read("apples");
  EXPECT_THAT(verify_now().findings, IsEmpty());
  {
    auto session = archive_.database.read();
    auto document = storage::load_indexable(session, id);
    document->pages.at(0).text = "pears";
    index_.apply({{id, document}});
  }
  EXPECT_THAT(verify_now().findings, ElementsAre(HasSubstr("the text of document " + std::to_string(id))));
}

TEST_F(VerifyIndexTest, APageOfADocumentThatIsBeingReadIsNotMissed) {
  const std::int64_t id = add("apples and pears");
  const auto change = [&](const auto& what) {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    what(tx);
    tx.commit();
  };
  change([&](storage::Transaction& tx) { update_index(tx, id); });
  change([&](storage::Transaction& tx) {
    storage::set_state(tx, id, storage::DocumentState::reading);
    storage::mark_indexed(tx, storage::changed_documents(tx, 1000));
    store_page(tx, id, "apples");
  });
  EXPECT_THAT(verify_now().findings, IsEmpty());
  change([&](storage::Transaction& tx) {
    storage::set_state(tx, id, storage::DocumentState::ready);
    storage::mark_indexed(tx, storage::changed_documents(tx, 1000));
  });
  EXPECT_THAT(verify_now().findings, ElementsAre(HasSubstr("the text of document " + std::to_string(id))))
      << "the same once it has been read";
}

TEST_F(VerifyIndexTest, AlteredBytesInATableOfTheIndexAreFound) {
  for (int i = 0; i < 300; ++i) add_read("word" + std::to_string(i) + " and others");
  EXPECT_THAT(verify_now().findings, IsEmpty());
  alter("postlist.glass");
  const auto findings = verify_now().findings;
  EXPECT_THAT(findings, ::testing::Not(IsEmpty()));
  EXPECT_THAT(findings, ::testing::Each(HasSubstr("muniment reindex")));
}

}  // namespace
}  // namespace muniment::server
