#include "ingest/pipeline.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/intake.h"
#include "storage/index_queue.h"
#include "storage/members.h"
#include "storage/pages.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;
using storage::DocumentState;
using storage::JobState;

class PipelineTest : public ::testing::Test {
 protected:
  static PipelineOptions quick() {
    PipelineOptions options;
    options.slots = 2;
    options.poll_interval = std::chrono::milliseconds(10);
    options.unavailable_pause = std::chrono::milliseconds(10);
    options.stop_patience = std::chrono::milliseconds(20);
    options.intake = testing::roomy_intake();
    return options;
  }
  // Enters a file for FakeReader.
  std::int64_t add(std::string text, int priority = storage::kInteractive) {
    Arrival arrival;
    arrival.document.filename = "scan.pdf";
    arrival.document.source = "test";
    arrival.priority = priority;
    std::size_t at = 0;
    return intake_
        .accept(staff_, arrival,
                [&](std::span<std::byte> buffer) {
                  const std::size_t count = std::min(buffer.size(), text.size() - at);
                  std::memcpy(buffer.data(), text.data() + at, count);
                  at += count;
                  return count;
                })
        .document_id;
  }

  // A first byte that no text has keeps it out of the batches of small texts.
  static std::string scan(const std::string& name, const std::vector<std::string>& pages,
                          const std::string& flags = "") {
    std::string text = "\x01" + name + " " + flags;
    for (const std::string& page : pages) text += "\n" + page;
    return text;
  }

  storage::Document document(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_document(session, archive_.system(), id).value();
  }
  storage::Job job(std::int64_t document_id) {
    auto session = archive_.database.read();
    return storage::find_document_job(session, document_id).value();
  }
  std::string page_text(std::int64_t id, std::int64_t page) {
    auto session = archive_.database.read();
    const auto layer = storage::find_page(session, document(id), page);
    return layer ? layer->text() : "(no such page)";
  }

  [[nodiscard]] bool eventually(const std::function<bool()>& condition) {
    const core::Deadline deadline(std::chrono::seconds(60));
    while (!condition()) {
      if (deadline.passed()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  [[nodiscard]] bool reaches(std::int64_t id, DocumentState state) {
    return eventually([&] { return document(id).state == state; });
  }
  // Read, and only its index entry is missing.
  [[nodiscard]] bool awaits_index(std::int64_t id) {
    return eventually([&] { return job(id).stage == "indexing"; });
  }

  void index_all() {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::mark_indexed(tx, storage::changed_documents(tx, 10));
    tx.commit();
  }

  std::unique_ptr<Pipeline> make_pipeline(PipelineOptions options) {
    return std::make_unique<Pipeline>(archive_.database, archive_.blobs, reader_, renditions_, passwords_,
                                      archive_.random, log_, events_, options);
  }

  testing::TestArchive archive_;
  testing::FakeReader reader_;
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_};
  core::EventStream events_{1000};
  Passwords passwords_;
  Renditions renditions_{archive_.data.renditions(), archive_.database, archive_.blobs, reader_, passwords_, log_};
  std::unique_ptr<Pipeline> pipeline_ = make_pipeline(quick());
  Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(), [this] { pipeline_->wake(); }};
  storage::Principal staff_ = archive_.add_person("sara", storage::Role::staff);
};

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

TEST_F(PipelineTest, AfterARestartAnEncryptedFileIsUnlockedAgainWithoutBeingReadAgain) {
  pipeline_->start();
  const auto id = add(scan("locked", {"hidden words"}, "encrypted"));
  ASSERT_TRUE(reaches(id, DocumentState::needs_password));
  pipeline_->unlock(staff_, id, testing::FakeReader::kPassword);
  ASSERT_TRUE(awaits_index(id));
  EXPECT_FALSE(renditions_.is_locked(document(id)));
  pipeline_->stop();

  Passwords forgotten;
  Renditions renditions{archive_.data.renditions(), archive_.database, archive_.blobs, reader_, forgotten, log_};
  Pipeline pipeline(archive_.database, archive_.blobs, reader_, renditions, forgotten, archive_.random, log_, events_,
                    quick());
  EXPECT_TRUE(renditions.is_locked(document(id)));
  EXPECT_THROW(renditions.page_image(document(id), 1, 800), Error);
  try {
    pipeline.unlock(staff_, id, "wrong");
    FAIL() << "a wrong password was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::password_needed);
  }
  EXPECT_EQ(pipeline.unlock(staff_, id, testing::FakeReader::kPassword), std::nullopt) << "nothing is to be read";
  EXPECT_FALSE(renditions.is_locked(document(id)));
  EXPECT_TRUE(renditions.page_image(document(id), 1, 800));
  EXPECT_EQ(document(id).state, DocumentState::ready);
  EXPECT_EQ(reader_.times_read("\x01locked", 1), 1);
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

TEST_F(PipelineTest, DocumentsWaitForSafeProcessingAndGoOnByThemselves) {
  reader_.unavailable = true;
  pipeline_->start();
  const auto id = add(scan("lease", {"words"}));
  const auto text = add("note text\nwords");
  ASSERT_TRUE(eventually([&] { return !pipeline_->unavailable_reason().empty(); }));
  EXPECT_NE(document(id).state, DocumentState::quarantined);
  reader_.unavailable = false;
  ASSERT_TRUE(awaits_index(id));
  ASSERT_TRUE(awaits_index(text));
  ASSERT_TRUE(eventually([&] { return pipeline_->unavailable_reason().empty(); }));
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

TEST_F(PipelineTest, StopsInTheMiddleAndGoesOnWhereItWas) {
  pipeline_->start();
  const auto id = add(scan("long", {"one", "two", "three"}, "hang"));
  ASSERT_TRUE(eventually([&] { return job(id).stage == "reading"; }));
  pipeline_->stop();
  EXPECT_EQ(job(id).state, JobState::queued);
  EXPECT_EQ(job(id).attempt, 0);
  reader_.let_go();
  pipeline_ = make_pipeline(quick());
  pipeline_->start();
  ASSERT_TRUE(awaits_index(id));
  for (int page = 1; page <= 3; ++page) EXPECT_EQ(reader_.times_read("\x01long", page), 1);
}

// As after a SIGKILL: another owner's job is running, and some pages are stored.
TEST_F(PipelineTest, AfterACrashStoredPagesAreNotReadAgain) {
  const auto id = add(scan("long", {"one", "two", "three", "four"}));
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto claimed = storage::claim_job(tx, "read", "a process that died");
    storage::PageLayer layer;
    layer.source = storage::TextSource::ocr;
    for (const int page : {1, 3}) storage::store_page(tx, document(id).components.at(0).id, page, layer);
    storage::set_state(tx, id, DocumentState::reading);
    tx.commit();
    ASSERT_EQ(claimed->document_id, id);
  }
  pipeline_->start();
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(reader_.times_read("\x01long", 1), 0);
  EXPECT_EQ(reader_.times_read("\x01long", 2), 1);
  EXPECT_EQ(reader_.times_read("\x01long", 3), 0);
  EXPECT_EQ(reader_.times_read("\x01long", 4), 1);
}

TEST_F(PipelineTest, ACrashWhileArchivingRepeatsOnlyTheArchiving) {
  const auto id = add(scan("long", {"one"}));
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    const auto claimed = storage::claim_job(tx, "read", "a process that died").value();
    storage::record_inspection(tx, id, document(id).components.at(0).id, {"application/pdf", false, false, 1});
    storage::report_progress(tx, claimed.id, "a process that died", "archiving", 1, 1);
    storage::record_reading(tx, id, {});
    tx.commit();
  }
  const auto version = document(id).version;
  pipeline_->start();
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(reader_.pages_read(), 0);
  EXPECT_EQ(reader_.archived(), 1);
  EXPECT_EQ(document(id).version, version);
}

TEST_F(PipelineTest, WhatEndsTheServiceAgainAndAgainIsQuarantined) {
  const auto id = add(scan("poison", {"x"}));
  for (int i = 0; i < storage::kMaxAttempts; ++i) {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    ASSERT_TRUE(storage::claim_job(tx, "read", "dies " + std::to_string(i)));
    if (i + 1 < storage::kMaxAttempts) storage::recover_jobs(tx, "next");
    tx.commit();
  }
  pipeline_->start();
  ASSERT_TRUE(reaches(id, DocumentState::quarantined));
  EXPECT_EQ(job(id).state, JobState::failed);
  EXPECT_EQ(reader_.pages_read(), 0);
  pipeline_->retry(staff_, id);
  ASSERT_TRUE(awaits_index(id));
}

TEST_F(PipelineTest, AReadingCanBeStopped) {
  pipeline_->start();
  const auto id = add(scan("long", {"one", "two"}, "hang"));
  ASSERT_TRUE(eventually([&] { return job(id).stage == "reading"; }));
  pipeline_->cancel(staff_, job(id).id);
  EXPECT_EQ(job(id).state, JobState::cancelled);
  EXPECT_EQ(document(id).state, DocumentState::quarantined);
  EXPECT_EQ(document(id).problem_code, "cancelled");
  EXPECT_THROW(pipeline_->cancel(staff_, job(id).id), Error);
  reader_.let_go();
  pipeline_->retry(staff_, id);
  ASSERT_TRUE(awaits_index(id));
  EXPECT_EQ(page_text(id, 2), "two");
}

TEST_F(PipelineTest, ADamagedBlobQuarantinesItsDocumentOnly) {
  const auto lost = add(scan("lost", {"x"}));
  const auto good = add(scan("good", {"y"}));
  std::filesystem::remove(archive_.blobs.path(document(lost).components.at(0).hash));
  pipeline_->start();
  ASSERT_TRUE(awaits_index(good));
  ASSERT_TRUE(reaches(lost, DocumentState::quarantined));
  EXPECT_EQ(document(lost).problem_code, "corrupt");
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
