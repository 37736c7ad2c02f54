// What ends in the middle: stops, crashes, damage, a reader that is not there.
#include "core/error.h"
#include "tests/ingest/pipeline_fixture.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;
using storage::DocumentState;
using storage::JobState;

class PipelineRecoveryTest : public PipelineTest {};

TEST_F(PipelineRecoveryTest, AfterARestartAnEncryptedFileIsUnlockedAgainWithoutBeingReadAgain) {
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

TEST_F(PipelineRecoveryTest, DocumentsWaitForSafeProcessingAndGoOnByThemselves) {
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

TEST_F(PipelineRecoveryTest, StopsInTheMiddleAndGoesOnWhereItWas) {
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
TEST_F(PipelineRecoveryTest, AfterACrashStoredPagesAreNotReadAgain) {
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

TEST_F(PipelineRecoveryTest, ACrashWhileArchivingRepeatsOnlyTheArchiving) {
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

TEST_F(PipelineRecoveryTest, WhatEndsTheServiceAgainAndAgainIsQuarantined) {
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

TEST_F(PipelineRecoveryTest, AReadingCanBeStopped) {
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

TEST_F(PipelineRecoveryTest, ADamagedBlobQuarantinesItsDocumentOnly) {
  const auto lost = add(scan("lost", {"x"}));
  const auto good = add(scan("good", {"y"}));
  std::filesystem::remove(archive_.blobs.path(document(lost).components.at(0).hash));
  pipeline_->start();
  ASSERT_TRUE(awaits_index(good));
  ASSERT_TRUE(reaches(lost, DocumentState::quarantined));
  EXPECT_EQ(document(lost).problem_code, "corrupt");
}

}  // namespace
}  // namespace muniment::ingest
