#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/members.h"
#include "tests/ingest/pipeline_fixture.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;
using storage::DocumentState;
using storage::JobState;

TEST_F(PipelineTest, ReadsADocumentToItsIndexEntry) {
  pipeline_->start();
  const auto id = add(scan("lease", {"Lease agreement 2024-03-05", "second page", ""}));
  ASSERT_TRUE(awaits_index(id));
  const auto read = document(id);
  EXPECT_EQ(read.state, DocumentState::ready);
  EXPECT_EQ(read.page_count, 3);
  EXPECT_TRUE(read.has_text);
  EXPECT_EQ(read.language, "eng");
  EXPECT_EQ(read.components.at(0).media_type, "application/pdf");
  ASSERT_TRUE(read.date);
  EXPECT_EQ(core::to_iso(*read.date), "2024-03-05");
  EXPECT_EQ(page_text(id, 2), "second page");
  EXPECT_EQ(job(id).page, 3);
  EXPECT_EQ(job(id).pages, 3);
  EXPECT_EQ(job(id).state, JobState::running);
  EXPECT_EQ(reader_.archived(), 1);
  EXPECT_EQ(reader_.rendered(), 1);
  for (int page = 1; page <= 3; ++page) EXPECT_EQ(reader_.times_read("\x01lease", page), 1);
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }
  EXPECT_EQ(job(id).state, JobState::done);
}

TEST_F(PipelineTest, SaysHowFarItIs) {
  pipeline_->start();
  const auto id = add(scan("lease", {"one", "two", "three"}));
  ASSERT_TRUE(awaits_index(id));
  std::vector<std::string> stages;
  const auto heard_all = [&] {
    stages.clear();
    for (const auto& event : events_.wait_after(0, std::chrono::milliseconds(0), {}).events) {
      EXPECT_EQ(event.topic, "job");
      EXPECT_EQ(event.account, staff_.account_id);
      EXPECT_EQ(event.access_list, storage::kEveryoneList);
      const auto stage = event.data.find("\"stage\":\"") + 9;
      stages.push_back(event.data.substr(stage, event.data.find('"', stage) - stage));
    }
    return !stages.empty() && stages.back() == "indexing";
  };
  ASSERT_TRUE(eventually(heard_all));
  EXPECT_EQ(stages.front(), "inspecting");
  EXPECT_THAT(stages, ::testing::IsSupersetOf({"inspecting", "reading", "archiving", "indexing"}));
}

TEST_F(PipelineTest, ABadPageDoesNotSpoilTheOthers) {
  pipeline_->start();
  const auto id = add(scan("mixed", {"good", "!bad_file", "fine", "!timed_out", "well"}));
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_EQ(page_text(id, 5), "well");
  auto session = archive_.database.read();
  const auto pages = storage::page_summaries(session, document(id));
  ASSERT_EQ(pages.size(), 5u);
  EXPECT_EQ(pages[1].problem, "page 2 is bad");
  EXPECT_EQ(pages[3].problem, "page 4 is bad");
  EXPECT_EQ(pages[2].problem, "");
  const auto middle = storage::page_summaries(session, document(id), 2, 3);
  ASSERT_EQ(middle.size(), 3u);
  EXPECT_EQ(middle.front().number, 2);
  EXPECT_EQ(middle.back().number, 4);
}

TEST_F(PipelineTest, WhatCannotBeReadIsQuarantinedAndBlocksNobody) {
  pipeline_->start();
  const auto crashing = add(scan("crashing", {"x"}, "crash"));
  const auto bad = add(scan("bad", {"!timed_out", "!timed_out"}));
  const auto text = add("boom text crash\nx");
  const auto good = add(scan("good", {"hello"}));
  ASSERT_TRUE(awaits_index(good));
  ASSERT_TRUE(reaches(crashing, DocumentState::quarantined));
  ASSERT_TRUE(reaches(bad, DocumentState::quarantined));
  ASSERT_TRUE(reaches(text, DocumentState::quarantined));
  EXPECT_EQ(document(crashing).problem_code, "bad_file");
  EXPECT_EQ(document(crashing).problem, "the file made its reader crash");
  EXPECT_EQ(document(bad).problem_code, "timed_out");
  EXPECT_EQ(job(bad).state, JobState::failed);
  EXPECT_EQ(job(text).state, JobState::failed);
  EXPECT_NO_THROW(archive_.blobs.open(document(crashing).components.at(0).hash));
}

TEST_F(PipelineTest, WhatTurnsOutToBeOfAKindThatIsNotTakenInIsQuarantinedUntilItIs) {
  PipelineOptions options = quick();
  options.intake.allowed_types = {"text/csv"};
  pipeline_ = make_pipeline(options);
  pipeline_->start();
  const auto pdf = add(scan("lease", {"one"}));
  const auto text = add("note text\nsmall");
  for (const std::int64_t id : {pdf, text}) {
    ASSERT_TRUE(reaches(id, DocumentState::quarantined));
    EXPECT_EQ(document(id).problem_code, "unsupported_type");
    EXPECT_NE(document(id).problem.find("accepted are text/csv"), std::string::npos) << document(id).problem;
  }
  EXPECT_EQ(reader_.times_read("\x01lease", 1), 0);
  pipeline_ = make_pipeline(quick());
  pipeline_->start();
  pipeline_->retry(staff_, pdf);
  ASSERT_TRUE(awaits_index(pdf));
  pipeline_ = make_pipeline(options);
  pipeline_->start();
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }
  pipeline_->retry(staff_, pdf);
  EXPECT_TRUE(awaits_index(pdf)) << "what is in the archive is read again, whatever is taken in now";
}

TEST_F(PipelineTest, WhatIsInAContainerIsReadTooAndTooMuchOfItGoesToQuarantine) {
  PipelineOptions options = quick();
  options.members.count = 2;
  pipeline_ = make_pipeline(options);
  pipeline_->start();
  const auto many = add(scan("many", {"a ", "b ", "c "}, "members"));
  ASSERT_TRUE(reaches(many, DocumentState::quarantined));
  EXPECT_EQ(document(many).problem_code, "too_large");
  const auto mail = add(scan("mail", {"\x01inner |first"}, "members"));
  ASSERT_TRUE(awaits_index(mail));
  const auto inner = mail + 1;
  ASSERT_TRUE(awaits_index(inner));
  EXPECT_EQ(page_text(inner, 1), "first");
  EXPECT_EQ(document(inner).source, "member");
}

TEST_F(PipelineTest, PicturesFromBeforeAReadingAreDrawnAnew) {
  pipeline_->start();
  const auto id = add(scan("turned", {"lying"}));
  ASSERT_TRUE(awaits_index(id));
  index_all();
  renditions_.page_image(document(id), 1, 800);
  const int before = reader_.rendered();
  pipeline_->retry(staff_, id);
  ASSERT_TRUE(eventually([&] { return reader_.rendered() > before; })) << "the thumbnail";
  const int drawn = reader_.rendered();
  renditions_.page_image(document(id), 1, 800);
  EXPECT_EQ(reader_.rendered(), drawn + 1);
}

TEST_F(PipelineTest, AnArchiveFromBeforeAllWasReadIsMadeAnew) {
  pipeline_->start();
  const auto id = add(scan("long", {"one", "two"}, "hang"));
  ASSERT_TRUE(eventually([&] { return document(id).page_count == 2; }));
  ASSERT_TRUE(renditions_.archive(document(id)));
  ASSERT_EQ(reader_.archived(), 1);
  reader_.let_go();
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(reader_.archived(), 2);
}

TEST_F(PipelineTest, RetriesAndFilesWithoutText) {
  pipeline_->start();
  const auto id = add(scan("crashing", {"x"}, "crash"));
  ASSERT_TRUE(reaches(id, DocumentState::quarantined));
  const auto reader = archive_.add_person("rut", storage::Role::reader);
  EXPECT_THROW(pipeline_->retry(reader, id), Error);
  EXPECT_EQ(pipeline_->retry(staff_, id), job(id).id);
  ASSERT_TRUE(eventually([&] { return job(id).state == JobState::failed; }));
  pipeline_->file_without_text(staff_, id);
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_FALSE(document(id).has_text);
  EXPECT_THROW(pipeline_->file_without_text(staff_, id), Error);
}

TEST_F(PipelineTest, AnEncryptedFileWaitsForItsPassword) {
  pipeline_->start();
  const auto id = add(scan("locked", {"hidden words"}, "encrypted"));
  ASSERT_TRUE(reaches(id, DocumentState::needs_password));
  EXPECT_EQ(job(id).state, JobState::waiting);
  try {
    pipeline_->unlock(staff_, id, "wrong");
    FAIL() << "a wrong password was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::password_needed);
  }
  pipeline_->unlock(staff_, id, testing::FakeReader::kPassword);
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(page_text(id, 1), "hidden words");
  EXPECT_TRUE(document(id).components.at(0).encrypted);
  EXPECT_THROW(pipeline_->unlock(staff_, id, testing::FakeReader::kPassword), Error);
}

TEST_F(PipelineTest, AnEncryptedFileMayBeFiledAsItIs) {
  pipeline_->start();
  const auto id = add(scan("locked", {"hidden words"}, "encrypted"));
  ASSERT_TRUE(reaches(id, DocumentState::needs_password));
  pipeline_->file_without_text(staff_, id);
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_EQ(job(id).state, JobState::cancelled);
}

TEST_F(PipelineTest, OtherFilesAreKeptWithoutText) {
  pipeline_->start();
  const auto id = add(scan("archive", {}, "other"));
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_FALSE(document(id).has_text);
  EXPECT_EQ(reader_.archived(), 0);
}

TEST_F(PipelineTest, SmallTextsAreReadTogether) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(add("t" + std::to_string(i) + " text\nwords " + std::to_string(i), 50));
  pipeline_->start();
  for (const auto id : ids) ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(page_text(ids[123], 1), "words 123");
  EXPECT_EQ(document(ids[7]).state, DocumentState::ready);
  EXPECT_EQ(reader_.pages_read(), 300);
  EXPECT_EQ(reader_.rendered(), 0);
}

TEST_F(PipelineTest, ATextThatIsRefusedStopsNoOther) {
  const auto refused = add("refused text\nwords", 50);
  const auto other = add("other text\nmore words", 50);
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    tx.execute("CREATE TRIGGER no BEFORE UPDATE OF read_at ON document WHEN NEW.read_at IS NOT NULL AND NEW.id = " +
               std::to_string(refused) + " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
    tx.commit();
  }
  pipeline_->start();
  ASSERT_TRUE(awaits_index(other));
  ASSERT_TRUE(reaches(refused, DocumentState::quarantined));
  EXPECT_EQ(pipeline_->unavailable_reason(), "");
}

TEST_F(PipelineTest, AHugeDocumentLetsTheOthersPass) {
  PipelineOptions options = quick();
  options.slots = 1;
  pipeline_ = make_pipeline(options);
  const auto huge = add(scan("huge", std::vector<std::string>(500, "page"), "hang"), storage::kBulk);
  const auto bulk = add(scan("bulk", {"small"}), storage::kBulk);
  const auto urgent = add(scan("urgent", {"now"}), storage::kInteractive);
  reader_.let_go();
  pipeline_->start();
  ASSERT_TRUE(awaits_index(urgent));
  ASSERT_TRUE(awaits_index(bulk));
  ASSERT_TRUE(awaits_index(huge));
  const auto order = reader_.order();
  const auto place = [&](const std::string& name) { return std::ranges::find(order, name) - order.begin(); };
  EXPECT_EQ(place("\x01urgent"), 0);
  EXPECT_LE(place("\x01"
                  "bulk"),
            2);
}

TEST_F(PipelineTest, RereadsAReadyDocumentButKeepsCorrections) {
  pipeline_->start();
  const auto id = add(scan("lease", {"wrogn word", "second"}));
  ASSERT_TRUE(awaits_index(id));
  index_all();
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::correct_page_text(tx, staff_, id, document(id).version, 1, "wrong word");
    tx.commit();
  }
  pipeline_->retry(staff_, id);
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(page_text(id, 1), "wrong word");
  EXPECT_EQ(reader_.times_read("\x01lease", 2), 2);
}

TEST_F(PipelineTest, APageThatComesAgainUnchangedIsNotRecognisedAgain) {
  pipeline_->start();
  const auto id = add(scan("lease", {"wrogn word", "second"}, "pictures"));
  ASSERT_TRUE(awaits_index(id));
  {
    auto tx = archive_.database.begin(staff_.actor());
    storage::correct_page_text(tx, staff_, id, document(id).version, 1, "wrong word");
    tx.commit();
  }
  index_all();
  const testing::TempDirectory directory;
  const auto file = directory.path() / "again";
  core::write_durably(file, scan("again", {"a cover", "second", "wrogn word"}, "pictures"));
  intake_.accept_version(staff_, {id, {}, "again", "", false}, file);
  pipeline_->wake();
  ASSERT_TRUE(awaits_index(id));
  const auto times_read = [&](std::int32_t page) {
    return reader_.times_read(
        "\x01"
        "again",
        page);
  };
  EXPECT_EQ(times_read(1), 1);
  EXPECT_EQ(times_read(2), 0);
  EXPECT_EQ(times_read(3), 0);
  EXPECT_EQ(page_text(id, 2), "second");
  EXPECT_EQ(page_text(id, 3), "wrogn word") << "what a person wrote is of that version";
  const auto other = add(scan("copy", {"second"}, "pictures"));
  ASSERT_TRUE(awaits_index(other));
  EXPECT_EQ(reader_.times_read("\x01"
                               "copy",
                               1),
            1)
      << "one file answers for no other";
}

TEST_F(PipelineTest, WhatCameWithAMailSaysSo) {
  const auto id = add(scan("attachment", {""}));
  const std::vector<storage::MessageHeader> headers{{"From", "Anna Berg <anna@example.org>"},
                                                    {"Subject", "Medlars for the harbour"},
                                                    {"Date", "Tue, 5 Mar 2024 10:00:00 +0100"}};
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::record_carrier_headers(tx, id, headers);
    tx.commit();
  }
  pipeline_->start();
  ASSERT_TRUE(awaits_index(id));
  auto session = archive_.database.read();
  EXPECT_EQ(storage::message_headers(session, id), headers) << "reading it leaves them";
  const auto read = document(id);
  EXPECT_EQ(read.title, "Medlars for the harbour");
  ASSERT_TRUE(read.date);
  EXPECT_EQ(core::to_iso(*read.date), "2024-03-05");
  const auto indexable = storage::load_indexable(session, id).value();
  EXPECT_NE(indexable.pages.at(0).text.find("Anna Berg"), std::string::npos);
}

}  // namespace
}  // namespace muniment::ingest
