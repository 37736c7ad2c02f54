#include "storage/jobs.h"

#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using testing::kTester;
using testing::TestArchive;

TEST(Jobs, TheSoonestPriorityGoesFirst) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  enqueue_job(tx, "read", std::nullopt, kBulk);
  const auto urgent = enqueue_job(tx, "read", std::nullopt, kInteractive);
  enqueue_job(tx, "verify", std::nullopt, 1);
  EXPECT_EQ(claim_job(tx, "read", "me")->id, urgent);
  EXPECT_TRUE(claim_job(tx, "read", "me"));
  EXPECT_FALSE(claim_job(tx, "read", "me"));
}

TEST(Jobs, AResultAfterTheJobWasTakenAwayIsDropped) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const auto id = enqueue_job(tx, "read", std::nullopt, kBulk);
  claim_job(tx, "read", "me");
  EXPECT_FALSE(finish_job(tx, id, "another"));
  EXPECT_TRUE(cancel_job(tx, id));
  EXPECT_EQ(find_job(tx, id)->state, JobState::cancelled);
  EXPECT_FALSE(finish_job(tx, id, "me"));
  EXPECT_TRUE(requeue_job(tx, id, kInteractive));
  EXPECT_EQ(claim_job(tx, "read", "me")->attempt, 1);
}

TEST(Jobs, TheLastOfAKindIsTheOneThatEndedLast) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const std::int64_t document = archive.add_document(ada.actor(), "a.txt", "a");
  auto tx = archive.database.begin(kTester);
  EXPECT_FALSE(find_last_job(tx, "verify"));
  const auto failed = enqueue_job(tx, "verify", std::nullopt, kBackground);
  claim_job(tx, "verify", "me");
  enqueue_job(tx, "verify", std::nullopt, kBackground);
  EXPECT_FALSE(find_last_job(tx, "verify")) << "none has ended";
  fail_job(tx, failed, "me", "io", "the disk failed");
  EXPECT_EQ(find_last_job(tx, "verify")->id, failed);
  cancel_job(tx, enqueue_job(tx, "verify", std::nullopt, kBackground));
  EXPECT_EQ(find_last_job(tx, "verify")->id, failed) << "what was cancelled has found nothing";
  const auto read = enqueue_job(tx, "read", document, kBulk);
  claim_job(tx, "read", "me");
  finish_job(tx, read, "me");
  EXPECT_FALSE(find_last_job(tx, "read")) << "it is of a document";
}

TEST(Jobs, ACrashIsCountedAndTheThirdIsTheLast) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const auto id = enqueue_job(tx, "read", std::nullopt, kBulk);
  for (int life = 1; life < kMaxAttempts; ++life) {
    claim_job(tx, "read", "life" + std::to_string(life));
    EXPECT_TRUE(recover_jobs(tx, "life" + std::to_string(life + 1)).empty()) << life;
  }
  claim_job(tx, "read", "life3");
  const auto given_up = recover_jobs(tx, "life4");
  ASSERT_EQ(given_up.size(), 1u);
  EXPECT_EQ(given_up[0].id, id);
  EXPECT_TRUE(fail_job(tx, id, "life4", "internal", "it ended the reader three times"));
}

TEST(Jobs, OnlyProgressThatIsKeptMakesACrashTheFirstAgain) {
  for (const bool kept : {true, false}) {
    TestArchive archive;
    auto tx = archive.database.begin(kTester);
    const auto id = enqueue_job(tx, "verify", std::nullopt, kBulk);
    std::vector<Job> given_up;
    for (int life = 1; life <= kMaxAttempts; ++life) {
      const std::string owner = "life" + std::to_string(life);
      claim_job(tx, "verify", owner);
      EXPECT_FALSE((kept ? report_progress : show_progress)(tx, id, "another", "originals", life, 0));
      EXPECT_TRUE((kept ? report_progress : show_progress)(tx, id, owner, "originals", life, 9));
      EXPECT_EQ(find_job(tx, id)->page, life);
      EXPECT_EQ(find_job(tx, id)->pages, 9);
      EXPECT_EQ(find_job(tx, id)->stage, "originals");
      given_up = recover_jobs(tx, "next life");
    }
    EXPECT_EQ(given_up.empty(), kept);
  }
}

TEST(Jobs, AStoppingServiceGivesJobsBackUncounted) {
  TestArchive archive;
  auto tx = archive.database.begin(kTester);
  const auto id = enqueue_job(tx, "read", std::nullopt, kBulk);
  claim_job(tx, "read", "me");
  report_progress(tx, id, "me", "reading", 3, 9);
  EXPECT_EQ(find_job(tx, id)->page, 3);
  EXPECT_TRUE(release_job(tx, id, "me"));
  EXPECT_EQ(claim_job(tx, "read", "me")->attempt, 1);
}

TEST(Jobs, OnlyWhoMaySeeThemSeesThem) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  const Principal admin = archive.add_person("root", Role::admin);
  const std::int64_t document = archive.add_document(kTester, "a", "a");
  auto tx = archive.database.begin(admin.actor());
  enqueue_job(tx, "read", document, kBulk);
  enqueue_job(tx, "reindex", std::nullopt, kBackground);
  EXPECT_EQ(list_jobs(tx, ada, {}, 10).size(), 1u);
  EXPECT_EQ(list_jobs(tx, admin, {}, 10).size(), 2u);
  EXPECT_EQ(list_jobs(tx, admin, {}, 1).size(), 1u);
  JobFilter readings;
  readings.kind = "read";
  const auto read = list_jobs(tx, admin, readings, 10);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].document_id, document);
  EXPECT_EQ(queue_depth(tx).queued, 2);
}

}  // namespace
}  // namespace muniment::storage
