#include "ingest/archive_imports.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "ingest/internal/import_preview.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "storage/accounts.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "storage/relations.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using core::Error;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ArchiveImportsTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  template <typename Change>
  auto change(const Change& change) {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    auto result = change(tx);
    tx.commit();
    return result;
  }
  std::int64_t look_over(const std::filesystem::path& where) {
    const auto id = change([&](storage::Transaction& tx) {
      return storage::create_archive_import(tx, archive_.system(), "export", where.string(), false);
    });
    EXPECT_TRUE(imports_.work({}));
    return id;
  }
  void begin(std::int64_t id) {
    change([&](storage::Transaction& tx) { return storage::begin_archive_import(tx, archive_.system(), id); });
  }
  void take_in(std::int64_t id) {
    begin(id);
    EXPECT_TRUE(imports_.work({}));
  }
  storage::ArchiveImport import(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_archive_import(session, archive_.system(), id).value();
  }
  json preview(std::int64_t id) { return json::parse(import(id).preview); }
  std::vector<storage::ImportItem> items(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::list_import_items(session, id, "", 0, 100);
  }
  std::int64_t count(std::int64_t id, const std::string& outcome) {
    auto session = archive_.database.read();
    return storage::import_counts(session, id)[outcome];
  }
  std::int64_t documents() {
    auto session = archive_.database.read();
    return session.value<std::int64_t>("SELECT count(*) FROM document").value();
  }
  storage::Document document(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document(session, archive_.system(), id).value();
  }

  testing::TempDirectory folder_;
  testing::TestArchive archive_;
  testing::FakeReader reader_;
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_, core::LogLevel::warning};
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [] {}};
  ArchiveImports imports_{archive_.database, intake_, reader_, log_, {.uploads = folder_.path(), .languages = {"eng"}}};
};

TEST_F(ArchiveImportsTest, LookingOverSaysWhatWouldBeAndChangesNothing) {
  archive_.add_document(testing::kTester, "there.txt", "there already");
  change([](storage::Transaction& tx) { return storage::ensure_name(tx, storage::Vocabulary::tag, "Known").id; });
  change([](storage::Transaction& tx) {
    return records::create_class(tx, {.parent_id = std::nullopt, .code = "3", .title = "Letters"});
  });
  write("there.txt", "there already");
  write("a.txt", "one");
  write("b.txt", "two");
  write("c.txt", "three");
  write("empty.txt", "");
  write("list.csv",
        "file,type,tags,class,folder,field.project,colour,language\n"
        "there.txt,,,,,,,\n"
        "a.txt,Letter,known;NEW;new,3,2024,Apollo,red,\n"
        "b.txt,,,9,,,,\n"
        "c.txt,,,,,,,fin\n"
        "empty.txt,,,,,,,\n");
  const std::int64_t before = documents();
  const auto id = look_over(folder_.path() / "list.csv");
  EXPECT_EQ(import(id).job.state, storage::JobState::done);
  const json told = preview(id);
  EXPECT_EQ(told.at("kind"), "list");
  EXPECT_EQ(told.at("documents"), 5);
  EXPECT_EQ(told.at("there_already"), 1);
  EXPECT_EQ(told.at("problems"), 3);
  EXPECT_EQ(told.at("unknown_columns"), (json{"colour", "field.project"}));
  EXPECT_EQ(told.at("new_types").at("names"), json{"Letter"});
  EXPECT_EQ(told.at("new_tags"), (json{{"count", 1}, {"names", {"NEW"}}}));
  EXPECT_EQ(told.at("new_folders").at("names"), json{"3 / 2024"});
  const auto found = items(id);
  EXPECT_EQ(found.at(1).problem, "");
  EXPECT_THAT(found.at(2).problem, HasSubstr("there is no class 9"));
  EXPECT_THAT(found.at(3).problem, HasSubstr("language fin"));
  EXPECT_THAT(found.at(4).problem, HasSubstr("empty"));
  EXPECT_EQ(documents(), before);
  auto session = archive_.database.read();
  EXPECT_FALSE(storage::find_named(session, storage::Vocabulary::type, "Letter"));
}

TEST_F(ArchiveImportsTest, AnOriginalThatIsLostIsMendedByTheFileThatIsThereAlready) {
  archive_.add_document(testing::kTester, "a.txt", "one");
  const core::Sha256 hash = core::Sha256::of("one");
  std::filesystem::remove(archive_.blobs.path(hash));
  write("a.txt", "one");
  write("list.csv", "file,title\na.txt,First\n");
  const auto id = look_over(folder_.path() / "list.csv");
  take_in(id);
  EXPECT_EQ(count(id, "there_already"), 1);
  EXPECT_EQ(documents(), 1);
  EXPECT_EQ(archive_.blobs.damage(hash, 3), std::nullopt);
}

TEST_F(ArchiveImportsTest, EachFileBecomesADocumentOnceHoweverOftenItIsTried) {
  write("a.txt", "one");
  write("b.txt", "two");
  write("list.csv", "file,title,class,note,serial_number\na.txt,First,,Ask Berit,17\nb.txt,Second,3,,\n");
  const auto id = look_over(folder_.path() / "list.csv");
  take_in(id);
  EXPECT_EQ(count(id, "taken_in"), 1);
  EXPECT_EQ(count(id, "refused"), 1);
  const auto first = items(id).at(0);
  EXPECT_EQ(document(first.document_id.value()).title, "First");
  EXPECT_EQ(first.description, "");
  EXPECT_THROW(begin(id), Error);  // all of it was gone through

  const auto again = look_over(folder_.path() / "list.csv");
  EXPECT_EQ(preview(again).at("there_already"), 1);
  change([](storage::Transaction& tx) {
    return records::create_class(tx, {.parent_id = std::nullopt, .code = "3", .title = "Letters"});
  });
  take_in(again);
  EXPECT_EQ(count(again, "taken_in"), 1);
  EXPECT_EQ(count(again, "there_already"), 1);
  EXPECT_EQ(documents(), 2);
}

TEST_F(ArchiveImportsTest, WhatWasCalledOffGoesOnWhereItEnded) {
  write("a.txt", "one");
  write("b.txt", "two");
  write("list.csv", "file\na.txt\nb.txt\n");
  const auto id = look_over(folder_.path() / "list.csv");
  std::filesystem::remove(folder_.path() / "b.txt");  // as if the service had ended before it
  begin(id);
  change([&](storage::Transaction& tx) { return storage::cancel_job(tx, import(id).job.id); });
  EXPECT_FALSE(imports_.work({}));
  EXPECT_EQ(documents(), 0);
  begin(id);
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_TRUE(imports_.work(stopped.get_token()));
  EXPECT_EQ(import(id).job.state, storage::JobState::queued);  // for the next start to take up
  EXPECT_TRUE(imports_.work({}));
  EXPECT_EQ(documents(), 1);
  EXPECT_THAT(items(id).at(1).problem, HasSubstr("not there any more"));
}

TEST_F(ArchiveImportsTest, AnExportOfPaperlessComesWithItsFieldsAndLinks) {
  write("invoice.txt", "one");
  write("answer.txt", "two");
  write("reminder.txt", "three");
  write("manifest.json", R"([
    {"model": "documents.customfield", "pk": 4, "fields": {"name": "Sum", "data_type": "monetary"}},
    {"model": "documents.customfield", "pk": 6, "fields": {"name": "Answers", "data_type": "documentlink"}},
    {"model": "documents.document", "pk": 13, "__exported_file_name__": "answer.txt", "fields": {"title": "Answer"}},
    {"model": "documents.document", "pk": 12, "__exported_file_name__": "invoice.txt", "fields": {"title": "Crane"}},
    {"model": "documents.document", "pk": 14, "__exported_file_name__": "reminder.txt", "fields": {"title": "Again"}},
    {"model": "documents.customfieldinstance", "pk": 1, "fields":
      {"document": 12, "field": 4, "value_monetary": "SEK12.50"}},
    {"model": "documents.customfieldinstance", "pk": 3, "fields":
      {"document": 13, "field": 6, "value_document_ids": [99, 12, 14]}},
    {"model": "documents.customfieldinstance", "pk": 4, "fields":
      {"document": 14, "field": 6, "value_document_ids": [12, 13]}}])");
  change([&](storage::Transaction& tx) {
    return storage::create_custom_field(tx, archive_.system(), "total", storage::CustomFieldKind::amount,
                                        {.name = "sum", .uses = {{}}})
        .id;
  });
  const auto id = look_over(folder_.path());
  ASSERT_EQ(preview(id).at("new_fields").size(), 1U);  // the other one is called the same here
  take_in(id);
  EXPECT_EQ(count(id, "taken_in"), 3);
  auto session = archive_.database.read();
  const auto fields = storage::list_custom_fields(session);
  const auto value = [&](std::size_t item, const std::string& key) {
    const auto here = document(items(id).at(item).document_id.value());
    for (const auto& one : storage::custom_values(session, archive_.system(), here, fields)) {
      if (one.field.key == key) return one.value;
    }
    return std::string();
  };
  EXPECT_EQ(value(1, "total"), "12.50 SEK");
  EXPECT_EQ(value(0, "answers"), std::to_string(items(id).at(1).document_id.value()));
  EXPECT_EQ(value(2, "answers"), std::to_string(items(id).at(1).document_id.value()));
  // Both say so of each other: once is enough.
  const auto related = storage::relations(session, archive_.system(), items(id).at(0).document_id.value());
  ASSERT_EQ(related.size(), 1U);
  EXPECT_EQ(related.at(0).other_title, "Again");
  EXPECT_EQ(related.at(0).kind, storage::RelationKind::relates_to);
}

TEST_F(ArchiveImportsTest, IsForgottenADayAfterItsLookingOverWasCancelled) {
  write("a.txt", "one");
  write("list.csv", "file\na.txt\n");
  const auto looked_over = look_over(folder_.path() / "list.csv");
  const auto send = [&](storage::Transaction& tx) {
    return storage::create_archive_import(tx, archive_.system(), "x", folder_.path().string(), false);
  };
  const auto cancelled = change(send);
  change([&](storage::Transaction& tx) { return storage::cancel_job(tx, import(cancelled).job.id); });
  archive_.clock.advance(std::chrono::hours(25));
  auto session = archive_.database.read();
  const core::Time now = archive_.clock.now();
  const auto forgotten =
      storage::archive_imports_to_forget(session, now - std::chrono::hours(48), now - std::chrono::hours(24));
  ASSERT_EQ(forgotten.size(), 1U);
  EXPECT_EQ(forgotten.at(0).id, cancelled);
  EXPECT_NE(forgotten.at(0).id, looked_over) << "that may be begun";
}

TEST_F(ArchiveImportsTest, ValuesThatCannotBeKeepTheirDocumentOut) {
  change([&](storage::Transaction& tx) {
    return storage::create_custom_field(tx, archive_.system(), "paid", storage::CustomFieldKind::date,
                                        {.name = "Paid", .uses = {{}}})
        .id;
  });
  write("a.txt", "one");
  write("b.txt", "two");
  write("list.csv", "file,field.paid\na.txt,yesterday\nb.txt,2024-05-06\n");
  const auto id = look_over(folder_.path() / "list.csv");
  EXPECT_THAT(items(id).at(0).problem, HasSubstr("the field paid must be a date"));
  take_in(id);
  EXPECT_EQ(count(id, "refused"), 1);
  EXPECT_EQ(documents(), 1);
}

TEST_F(ArchiveImportsTest, DocumentsWithFieldsComeIntoAFolderUnderHold) {
  const auto folder = change([&](storage::Transaction& tx) {
    storage::create_custom_field(tx, archive_.system(), "project", storage::CustomFieldKind::text,
                                 {.name = "Project", .uses = {{}}});
    const auto node = records::create_class(tx, {.parent_id = std::nullopt, .code = "3", .title = "Letters"});
    const auto opened = records::create_folder(tx, node, "Caf\u00e9", std::nullopt);
    records::hold_folder(tx, archive_.system(),
                         records::place_hold(tx, archive_.system(), {"Claim", "A claim", "", false, {}}), opened);
    return opened;
  });
  write("a.txt", "one");
  write("list.csv", "file,class,folder,field.project,note,serial_number\na.txt,3,Cafe\u0301,Apollo,Ask Berit,17\n");
  const auto id = look_over(folder_.path() / "list.csv");
  EXPECT_EQ(preview(id).at("new_folders").at("count"), 0);
  take_in(id);
  const auto item = items(id).at(0);
  EXPECT_EQ(item.problem, "");
  EXPECT_EQ(document(item.document_id.value()).folder_id, folder);
  auto session = archive_.database.read();
  EXPECT_EQ(records::holds_on(session, archive_.system(), item.document_id.value()).size(), 1U);
}

TEST_F(ArchiveImportsTest, AFolderThatOneMayNotReadIsNotBetrayed) {
  const auto admin = archive_.add_person("anna", storage::Role::admin);
  change([&](storage::Transaction& tx) {
    const auto node = records::create_class(tx, {.parent_id = std::nullopt, .code = "3", .title = "Letters"});
    return records::create_folder(tx, node, "Secret", storage::create_access_list(tx, "Nobody", {}));
  });
  auto session = archive_.database.read();
  const ImportedDocument into{.where = "line 2", .class_code = "3", .folder = "Secret"};
  EXPECT_FALSE(import_place(session, admin, into).folder_id);
  EXPECT_TRUE(import_place(session, archive_.system(), into).folder_id);
}

TEST_F(ArchiveImportsTest, WhatIsHereAlreadyMakesNoNames) {
  write("a.txt", "one");
  write("list.csv", "file,type,tags\na.txt,Letter,urgent\n");
  take_in(look_over(folder_.path() / "list.csv"));
  change([](storage::Transaction& tx) {
    const auto made = storage::find_named(tx, storage::Vocabulary::type, "Letter").value();
    storage::rename(tx, storage::Vocabulary::type, made.id, "Mail");
    return made.id;
  });
  const auto again = look_over(folder_.path() / "list.csv");
  take_in(again);
  EXPECT_EQ(count(again, "there_already"), 1);
  auto session = archive_.database.read();
  EXPECT_FALSE(storage::find_named(session, storage::Vocabulary::type, "Letter"));
}

TEST_F(ArchiveImportsTest, FieldsThatCannotBeMadeAreLeftOutAndSaid) {
  write("a.txt", "one");
  write("manifest.json", R"([
    {"model": "documents.customfield", "pk": 1, "fields": {"name": "Empty", "data_type": "select"}},
    {"model": "documents.customfield", "pk": 2, "fields": {"name": "Sum", "data_type": "string"}},
    {"model": "documents.customfield", "pk": 3, "fields": {"name": "SUM", "data_type": "string"}},
    {"model": "documents.document", "pk": 12, "__exported_file_name__": "a.txt", "fields": {"title": "Crane"}},
    {"model": "documents.customfieldinstance", "pk": 1, "fields":
      {"document": 12, "field": 2, "value_text": "much"}}])");
  const auto id = look_over(folder_.path());
  ASSERT_EQ(preview(id).at("new_fields").size(), 1U);
  EXPECT_THAT(preview(id).at("left_out").at(0).get<std::string>(), HasSubstr("the field \"Empty\": "));
  EXPECT_THAT(preview(id).at("left_out").at(1).get<std::string>(), HasSubstr("the field \"SUM\": "));
  // Somebody makes it meanwhile, under another key.
  change([&](storage::Transaction& tx) {
    return storage::create_custom_field(tx, archive_.system(), "total", storage::CustomFieldKind::text,
                                        {.name = "Sum", .uses = {{}}})
        .id;
  });
  take_in(id);
  EXPECT_EQ(count(id, "taken_in"), 1);
  auto session = archive_.database.read();
  const auto values = storage::custom_values(session, archive_.system(), document(items(id).at(0).document_id.value()),
                                             storage::list_custom_fields(session));
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values.at(0).value, "much");
}

TEST_F(ArchiveImportsTest, WithoutTheRightItWaitsAndMayBeLookedOverAgain) {
  const auto anna = archive_.add_person("anna", storage::Role::admin);
  archive_.add_person("eva", storage::Role::admin);
  write("a.txt", "one");
  write("list.csv", "file\na.txt\n");
  const auto id = change([&](storage::Transaction& tx) {
    return storage::create_archive_import(tx, anna, "export", (folder_.path() / "list.csv").string(), false);
  });
  EXPECT_TRUE(imports_.work({}));
  change([&](storage::Transaction& tx) { return storage::begin_archive_import(tx, anna, id); });
  const auto become = [&](storage::Role role) {
    change([&](storage::Transaction& tx) {
      storage::AccountChange to;
      to.role = role;
      storage::change_account(tx, anna.account_id, storage::find_account(tx, anna.account_id).value().version, to);
      return 0;
    });
  };
  become(storage::Role::reader);
  EXPECT_TRUE(imports_.work({}));
  const auto state = [&] {
    auto session = archive_.database.read();
    return storage::find_archive_import(session, anna, id).value().job.state;
  };
  EXPECT_EQ(state(), storage::JobState::failed);
  EXPECT_EQ(count(id, "refused"), 0);
  become(storage::Role::admin);
  change([&](storage::Transaction& tx) { return storage::preview_archive_import(tx, anna, id); });
  EXPECT_TRUE(imports_.work({}));
  change([&](storage::Transaction& tx) { return storage::begin_archive_import(tx, anna, id); });
  EXPECT_TRUE(imports_.work({}));
  EXPECT_EQ(count(id, "taken_in"), 1);
  auto tx = archive_.database.begin(anna.actor());
  EXPECT_THROW(storage::preview_archive_import(tx, anna, id), Error);
}

TEST_F(ArchiveImportsTest, LinksInAFolderLeadNowhere) {
  const testing::TempDirectory elsewhere;
  std::ofstream(elsewhere.path() / "secret.txt") << "secret";
  write("a.txt", "one");
  std::filesystem::create_symlink(elsewhere.path() / "secret.txt", folder_.path() / "b.txt");
  std::filesystem::create_directory_symlink(elsewhere.path(), folder_.path() / "c");
  write("list.csv", "file\na.txt\nb.txt\nc/secret.txt\n");
  const auto id = look_over(folder_.path() / "list.csv");
  EXPECT_EQ(preview(id).at("problems"), 2);
  // And none that comes after it was looked over.
  std::filesystem::remove(folder_.path() / "a.txt");
  std::filesystem::create_symlink(elsewhere.path() / "secret.txt", folder_.path() / "a.txt");
  take_in(id);
  EXPECT_EQ(documents(), 0);
}

TEST_F(ArchiveImportsTest, OnlyWhoMayOperateBringsInAndSeesTheirOwn) {
  const auto staff = archive_.add_person("berit", storage::Role::staff);
  const auto admin = archive_.add_person("anna", storage::Role::admin);
  write("a.txt", "one");
  write("list.csv", "file\na.txt\n");
  auto tx = archive_.database.begin(staff.actor());
  EXPECT_THROW(storage::create_archive_import(tx, staff, "x", folder_.path().string(), false), Error);
  const auto id = storage::create_archive_import(tx, archive_.system(), "x", folder_.path().string(), false);
  EXPECT_FALSE(storage::find_archive_import(tx, admin, id));
  EXPECT_THROW(storage::begin_archive_import(tx, archive_.system(), id), Error);  // before it was looked over
}

TEST_F(ArchiveImportsTest, WhatCannotBeReadFailsWithItsReason) {
  const auto id = look_over(folder_.path());
  EXPECT_EQ(import(id).job.state, storage::JobState::failed);
  EXPECT_THAT(import(id).job.problem, HasSubstr("neither a list"));
  const auto gone = look_over(folder_.path() / "nowhere.zip");
  EXPECT_EQ(import(gone).job.state, storage::JobState::failed);
}

}  // namespace
}  // namespace muniment::ingest
