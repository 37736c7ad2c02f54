#include "ingest/package_import.h"

#include <algorithm>
#include <cstring>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "records/file_plan.h"
#include "records/holds.h"
#include "storage/custom_fields.h"
#include "storage/document_versions.h"
#include "storage/relations.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/records/transfer_archive.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

// A package in memory, whose files come in the order of their paths.
class MemoryPackage final : public PackageReader {
 public:
  PackageListing read_package(const Source&, std::stop_token) const override { return listing; }
  void unpack(const Source&, const EachFile& each, std::stop_token) const override {
    for (const auto& [path, content] : files) {
      each(path, [&content = content, at = std::size_t{0}](std::span<std::byte> buffer) mutable {
        const std::size_t count = std::min(buffer.size(), content.size() - at);
        std::memcpy(buffer.data(), content.data() + at, count);
        at += count;
        return count;
      });
    }
  }
  void add(const std::string& path, const std::string& content) {
    files[path] = content;
    listing.files.push_back({path, core::Sha256::of(content), content.size()});
  }

  PackageListing listing{"uuid-1", {}, {}};
  std::map<std::string, std::string> files;
};

class PackageImportTest : public ::testing::Test {
 protected:
  PackageImportTest() {
    package_.add("data/17-1.txt", "the final wording");
    package_.add("data/17-v1-1.txt", "a draft");
    package_.add("data/18-1.txt", "an answer");
    ListedDocument& adopted = package_.listing.documents.emplace_back();
    adopted.id = "17";
    adopted.path = "data/17-1.txt";
    adopted.title = "The minutes";
    adopted.versions = {{"data/17-v1-1.txt", "draft.txt", "2020-05-10T08:00:00Z", "", {"Sent"}},
                        {"data/17-1.txt", "final.txt", "2020-05-12T08:00:00Z", "As adopted", {}}};
    adopted.fields = {{"case-number", "Case number", "text", "12/2020"}, {"ward", "Ward", "text", "North"}};
    adopted.events = {{"adopted", "2020-05-12"}};
    ListedDocument& answer = package_.listing.documents.emplace_back();
    answer.id = "18";
    answer.path = "data/18-1.txt";
    answer.relations = {{"answers", "17"}, {"answers", "19"}};
  }

  PackageImport::Result take_in() {
    const auto file = archive_.directory.path() / "package.zip";
    core::write_durably(file, "read by nobody here");
    return import_.take_in(manager_, core::open_for_reading(file));
  }
  std::vector<storage::Document> documents() {
    auto session = archive_.database.read();
    manager_ = storage::load_principal(session, manager_.account_id, "").value();  // with the list that was made
    std::vector<storage::Document> found;
    for (std::int64_t id = 1; auto document = storage::find_document(session, manager_, id); ++id) {
      found.push_back(std::move(*document));
    }
    return found;
  }

  testing::TestArchive archive_;
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [] {}};
  MemoryPackage package_;
  PackageImport import_{archive_.database, intake_, package_, "The City Archives"};
  storage::Principal manager_ = archive_.add_person("maria", storage::Role::records_manager);
};

TEST_F(PackageImportTest, VersionsFieldsAndRelationsComeBack) {
  {
    auto tx = archive_.database.begin(manager_.actor());
    storage::create_custom_field(tx, manager_, "case-number", storage::CustomFieldKind::text,
                                 {"Case number", {}, {{std::nullopt}}});
    tx.commit();
  }
  take_in();
  const auto found = documents();
  ASSERT_EQ(2U, found.size());
  auto session = archive_.database.read();
  const auto versions = storage::document_versions(session, found[0]);
  ASSERT_EQ(2U, versions.size());
  EXPECT_EQ("final.txt", versions[0].file->filename);
  EXPECT_EQ(core::Sha256::of("the final wording"), versions[0].file->hash);
  EXPECT_EQ("Made there 2020-05-12T08:00:00Z. As adopted", versions[0].comment);
  EXPECT_EQ(core::Sha256::of("a draft"), versions[1].file->hash);
  ASSERT_EQ(1U, versions[1].labels.size());
  EXPECT_EQ("Sent", versions[1].labels[0].label);
  const auto values = storage::custom_values(session, manager_, found[0], storage::list_custom_fields(session));
  ASSERT_EQ(1U, values.size());
  EXPECT_EQ("12/2020", values[0].value);
  std::vector<std::string> notes;
  for (const storage::Note& note : storage::notes(session, found[0])) notes.push_back(note.text);
  EXPECT_EQ(1, std::ranges::count(notes, "Fields there: Ward: North"));
  EXPECT_EQ(1, std::ranges::count(notes, "Events there: adopted 2020-05-12"));
  const auto related = storage::relations(session, manager_, found[1].id);
  ASSERT_EQ(1U, related.size()) << "the other document did not come";
  EXPECT_EQ(found[0].id, related[0].other_id);
  EXPECT_EQ(storage::RelationKind::answers, related[0].kind);
}

TEST_F(PackageImportTest, PublicTitlesComeAlong) {
  {
    auto tx = archive_.database.begin(manager_.actor());
    records::create_class(tx, {std::nullopt, "3", "Staff"});
    tx.commit();
  }
  ListedDocument& adopted = package_.listing.documents[0];
  adopted.class_code = "3";
  adopted.folder = "Eva Ek";
  adopted.public_title = "The *****";
  adopted.public_folder = "Eva *****";
  take_in();
  const auto found = documents();
  ASSERT_EQ(2U, found.size());
  EXPECT_EQ("The *****", found[0].public_title);
  EXPECT_FALSE(found[1].public_title);
  auto session = archive_.database.read();
  const auto folder = records::find_folder(session, found[0].folder_id.value());
  EXPECT_EQ("Eva Ek", folder->title);
  EXPECT_EQ("Eva *****", folder->public_title);
}

TEST_F(PackageImportTest, AFolderThatIsHereAlreadyGetsThePublicTitleUnlessItHasOneOrIsHeld) {
  std::vector<std::int64_t> folders;
  {
    auto tx = archive_.database.begin(manager_.actor());
    const std::int64_t node = records::create_class(tx, {std::nullopt, "3", "Staff"});
    for (const char* title : {"Eva Ek", "Olle Al", "Ulla Lind"}) {
      folders.push_back(records::create_folder(tx, node, title, std::nullopt));
    }
    records::FolderChange change;
    change.public_title.emplace("O. A.");
    records::change_folder(tx, folders[1], 1, change);
    const std::int64_t hold = records::place_hold(tx, manager_, {"A quarrel", "Sued", "", false, {}});
    records::hold_folder(tx, manager_, hold, folders[2]);
    tx.commit();
  }
  package_.add("data/20-1.txt", "a third");
  package_.listing.documents.emplace_back().path = "data/20-1.txt";
  const std::vector<std::string> titles = {"Eva Ek", "Olle Al", "Ulla Lind"};
  for (std::size_t i = 0; i < titles.size(); ++i) {
    ListedDocument& document = package_.listing.documents[i];
    document.class_code = "3";
    document.folder = titles[i];
    document.public_folder = titles[i].substr(0, titles[i].find(' ')) + " *****";
  }
  take_in();
  const auto found = documents();
  ASSERT_EQ(3U, found.size());
  auto session = archive_.database.read();
  const auto public_title = [&](std::size_t i) { return records::find_folder(session, folders[i])->public_title; };
  EXPECT_EQ("Eva *****", public_title(0)) << "where nobody here had said one";
  EXPECT_EQ("O. A.", public_title(1)) << "what was said here stays";
  EXPECT_FALSE(public_title(2)) << "nothing under hold is changed";
  const auto notes = storage::notes(session, found[2]);
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(std::string::npos, notes[0].text.find("had the public title Ulla *****, which could not")) << notes[0].text;
}

TEST_F(PackageImportTest, WhatIsTooLongIsToldWholeInTheReceiptAndANote) {
  const std::string label = "Sent to " + std::string(300, 'x');
  const std::string comment(2500, 'c');
  ListedDocument& adopted = package_.listing.documents[0];
  adopted.title = std::string(501, 't');
  adopted.versions[0].labels = {label, "SENT", label + " again"};
  adopted.versions[1].labels = {"sent"};
  adopted.versions[1].comment = comment;
  adopted.notes = {std::string(15'000, 'n')};
  const auto documents_of_receipt = nlohmann::json::parse(take_in().receipt)["documents"];
  const auto found = documents();
  ASSERT_EQ(2U, found.size());
  EXPECT_EQ(500U, found[0].title.size());
  auto session = archive_.database.read();
  const auto versions = storage::document_versions(session, found[0]);
  ASSERT_EQ(2U, versions[1].labels.size());
  EXPECT_EQ(label.substr(0, 80), versions[1].labels[0].label);
  EXPECT_EQ("SENT", versions[1].labels[1].label);
  EXPECT_TRUE(versions[0].labels.empty());
  EXPECT_EQ(2000U, versions[0].comment.size());
  EXPECT_EQ(nlohmann::json({"comment", "label", "title"}), documents_of_receipt[0]["shortened"]) << "and no text";
  EXPECT_TRUE(documents_of_receipt[1]["shortened"].empty());
  std::vector<std::string> notes;
  for (const storage::Note& note : storage::notes(session, found[0])) notes.push_back(note.text);
  const auto told = std::ranges::find_if(notes, [](const auto& note) { return note.starts_with("Cut or left out"); });
  ASSERT_NE(told, notes.end());
  for (const std::string& whole : {"label: " + label + ";", "label: " + label + " again", std::string("label: sent"),
                                   comment, "title: " + adopted.title}) {
    EXPECT_NE(std::string::npos, told->find(whole)) << whole;
  }
  EXPECT_EQ(1, std::ranges::count(notes, adopted.notes[0]));
}

TEST_F(PackageImportTest, WhatComesIntoAFolderUnderHoldLosesNothing) {
  std::int64_t folder = 0;
  {
    auto tx = archive_.database.begin(manager_.actor());
    folder = records::create_folder(tx, records::create_class(tx, {{}, "3", "Harbour"}), "Quays", std::nullopt);
    const std::int64_t hold = records::place_hold(tx, manager_, {"A quarrel", "Sued", "", false, {}});
    records::hold_folder(tx, manager_, hold, folder);
    tx.commit();
  }
  for (ListedDocument& document : package_.listing.documents) {
    document.class_code = "3";
    document.folder = "Quays";
  }
  take_in();
  const auto found = documents();
  ASSERT_EQ(2U, found.size());
  auto session = archive_.database.read();
  for (const storage::Document& document : found) {
    EXPECT_TRUE(document.held);
    EXPECT_EQ(folder, document.folder_id);
  }
  EXPECT_EQ(2U, storage::document_versions(session, found[0]).size());
  std::vector<std::string> notes;
  for (const storage::Document& document : found) {
    for (const storage::Note& note : storage::notes(session, document)) notes.push_back(note.text);
  }
  EXPECT_EQ(1, std::ranges::count(notes, "Events there: adopted 2020-05-12"));
  EXPECT_EQ(1, std::ranges::count(notes, "Relations there: answers 17; answers 19"));
}

TEST_F(PackageImportTest, WhatIsThereWithAllItsVersionsIsADuplicateAndNothingElseIs) {
  archive_.add_document(manager_.actor(), "final.txt", "the final wording");
  take_in();
  EXPECT_EQ(3U, documents().size()) << "the draft is nowhere else, and the sender lets go of it";
  PackageImport::Result again = take_in();
  EXPECT_EQ(std::string::npos, again.receipt.find("\"taken-in\"")) << again.receipt;
  EXPECT_EQ(3U, documents().size());
}

// A package of one document, and an archive whose records are handed over when they are due.
struct PackageOfOne : ::testing::Test, records::testing::TransferArchive {
  PackageOfOne() {
    brought.add("data/18-1.txt", "an answer");
    ListedDocument& answer = brought.listing.documents.emplace_back();
    answer.id = "18";
    answer.path = "data/18-1.txt";
  }
  std::string outcome() {
    const auto file = directory.path() / "package.zip";
    core::write_durably(file, "read by nobody here");
    {
      auto session = database.read();
      manager = storage::load_principal(session, manager.account_id, "").value();  // with the lists that were made
    }
    const auto result = importer.take_in(manager, core::open_for_reading(file));
    return nlohmann::json::parse(result.receipt)["documents"][0]["outcome"];
  }

  Intake intake{database, blobs, testing::roomy_intake(), [] {}};
  MemoryPackage brought;
  PackageImport importer{database, intake, brought, "The City Archives"};
};

TEST_F(PackageOfOne, WhatADispositionTakesAwayIsNoTwin) {
  const std::int64_t twin = declared({}, "an answer");
  proposed({twin}, records::testing::day(records::testing::kTransferDue), records::Action::transfer);
  EXPECT_EQ(outcome(), "taken-in") << "the receipt would be for what is destroyed";
  EXPECT_EQ(outcome(), "duplicate");
}

TEST_F(PackageOfOne, NoArchiveGivesItselfAReceipt) {
  const std::int64_t id = declared({}, "an answer");
  const std::int64_t batch = handed_over({id});
  brought.listing.id = package(batch)->package_id;
  try {
    outcome();
    ADD_FAILURE() << "nobody else would have the record";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::conflict) << error.what();
  }
  disposal.cancel_transfer(manager, batch, version(batch), "Not wanted there");
  EXPECT_EQ(outcome(), "duplicate") << "it stays here";
}

TEST_F(PackageImportTest, AFileThatIsNotWhatWasCheckedStopsItAndLeavesNoHalfOfItsDocument) {
  package_.files["data/17-v1-1.txt"] = "another draft";
  EXPECT_THROW(take_in(), core::Error);
  EXPECT_TRUE(documents().empty());
}

}  // namespace
}  // namespace muniment::ingest
