#include "server/backup.h"

#include <fstream>
#include <future>

#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/archive_imports.h"
#include "storage/documents.h"
#include "storage/jobs.h"
#include "storage/statistics.h"
#include "storage/unreferenced_blobs.h"
#include "tests/records/records_archive.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using ::testing::HasSubstr;

void ignore_progress(std::int64_t, std::int64_t) {}

void write_over(const fs::path& file, const std::string& text) {
  fs::permissions(file, fs::perms::owner_all);
  std::ofstream(file) << text;
}

class BackupTest : public ::testing::Test {
 protected:
  BackupResult back_up_now() {
    return back_up(archive_.data, archive_.database, archive_.blobs, disposal_, backup_,
                   [](std::string_view, std::int64_t, std::int64_t) {});
  }
  void restore_now() { restore(backup_, restored_, {}, ignore_progress); }
  std::int64_t add(const std::string& bytes) {
    return archive_.add_document(storage::Actor::system("test"), "a.txt", bytes);
  }
  fs::path copied(const std::string& bytes) {
    return storage::BlobStore(backup_ / "blobs", scratch_).path(core::Sha256::of(bytes));
  }
  template <typename Action>
  std::string refusal(ErrorCode code, const Action& action) {
    try {
      action();
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), code) << error.message();
      return error.message();
    }
    ADD_FAILURE() << "was not refused";
    return {};
  }
  // What restored_ holds, opened as a service would.
  storage::ArchiveCounts restored_counts() {
    const storage::DataDirectory data(restored_);
    storage::Database database(data.database(), archive_.clock, archive_.random);
    const storage::BlobStore blobs(data.blobs(), data.temp());
    storage::for_each_blob(database, [&](const storage::BlobRecord& record) {
      EXPECT_EQ(blobs.damage(record.hash, record.size), std::nullopt);
    });
    auto session = database.read();
    return storage::count_archive(session);
  }

  testing::TestArchive archive_;
  records::testing::FakeSurroundings surroundings_;
  records::Disposal disposal_{archive_.database, archive_.blobs, surroundings_, {}};
  const fs::path backup_ = archive_.directory.path() / "backup";
  const fs::path restored_ = archive_.directory.path() / "restored";
  const fs::path scratch_ = archive_.directory.path() / "scratch";
};

TEST_F(BackupTest, WhatWasCopiedCanBeRestored) {
  add("one");
  add("two");
  core::write_durably(archive_.data.keys() / "mail.key", "a key", 0600);
  core::write_durably(archive_.data.keys() / "audit.key", "signs for this machine only", 0600);
  EXPECT_EQ(back_up_now().blobs, 2);
  EXPECT_FALSE(fs::exists(backup_ / "keys" / "audit.key"));
  restore_now();
  const auto counts = restored_counts();
  EXPECT_EQ(counts.documents, 2);
  EXPECT_EQ(counts.blobs, 2);
  const fs::path key = restored_ / "keys" / "mail.key";
  EXPECT_EQ(core::read_file(key, 100), "a key");
  EXPECT_EQ(fs::status(key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(BackupTest, FilesThatAreInNoDocumentAreNeitherCopiedNorRemembered) {
  add("one");
  core::TempFile leftover = archive_.blobs.new_file();
  leftover.append(std::as_bytes(std::span("left by a crash", 15)));
  archive_.blobs.put(std::move(leftover), core::Sha256::of("left by a crash"));
  storage::note_unreferenced_blobs(archive_.database, archive_.blobs, [] {});
  EXPECT_EQ(back_up_now().blobs, 1);
  EXPECT_FALSE(fs::exists(copied("left by a crash")));
  restore_now();
  const storage::DataDirectory data(restored_);
  storage::Database database(data.database(), archive_.clock, archive_.random);
  auto session = database.read();
  EXPECT_EQ(storage::unreferenced_blobs(session).count, 0);
}

TEST_F(BackupTest, ASecondOneCopiesOnlyWhatIsNew) {
  add("one");
  EXPECT_EQ(back_up_now().blobs_copied, 1);
  add("two");
  const auto second = back_up_now();
  EXPECT_EQ(second.blobs, 2);
  EXPECT_EQ(second.blobs_copied, 1);
  restore_now();
  EXPECT_EQ(restored_counts().documents, 2);
}

TEST_F(BackupTest, OneThatIsGivenUpLeavesTheEarlierWhole) {
  add("one");
  back_up_now();
  add("two");
  const auto give_up = [](std::string_view, std::int64_t done, std::int64_t) {
    if (done > 0) throw core::Error(ErrorCode::cancelled, "enough");
  };
  refusal(ErrorCode::cancelled,
          [&] { back_up(archive_.data, archive_.database, archive_.blobs, disposal_, backup_, give_up); });
  restore_now();
  EXPECT_EQ(restored_counts().documents, 1);
  fs::remove_all(restored_);
  back_up_now();
  restore_now();
  EXPECT_EQ(restored_counts().documents, 2);
}

TEST_F(BackupTest, NothingThatItNeedsIsDestroyedMeanwhile) {
  const storage::Principal ada = archive_.add_person("ada", storage::Role::staff);
  for (const std::int64_t id : {add("one"), add("two")}) archive_.trash(ada, id);
  archive_.clock.advance(std::chrono::hours(1));
  const auto empty_trash = [&] {
    return std::async(std::launch::async, [&] { return disposal_.empty_trash(archive_.clock.now()); }).get();
  };
  back_up(archive_.data, archive_.database, archive_.blobs, disposal_, backup_,
          [&](std::string_view, std::int64_t, std::int64_t) { EXPECT_EQ(empty_trash(), 0U); });
  EXPECT_EQ(empty_trash(), 2U);
  restore_now();
  EXPECT_EQ(restored_counts().in_trash, 2);
}

TEST_F(BackupTest, DoesNotMixWithAnythingElse) {
  add("one");
  core::create_directories_durably(backup_);
  core::write_durably(backup_ / "letter.txt", "mine");
  refusal(ErrorCode::conflict, [&] { back_up_now(); });
  EXPECT_EQ(std::distance(fs::directory_iterator(backup_), {}), 1);
}

TEST_F(BackupTest, ADamagedOriginalIsNotCopiedAsIfItWereSoundAndKeepsNoOtherOut) {
  for (const char* bytes : {"one", "two", "three"}) add(bytes);
  write_over(archive_.blobs.path(core::Sha256::of("one")), "0ne");
  fs::remove(archive_.blobs.path(core::Sha256::of("two")));
  EXPECT_THAT(refusal(ErrorCode::corrupt, [&] { back_up_now(); }), HasSubstr("without 2 originals"));
  EXPECT_FALSE(fs::exists(copied("one")));
  EXPECT_THAT(core::read_file(backup_ / "manifest.json", 10'000), HasSubstr(core::Sha256::of("one").hex()));
  EXPECT_EQ(restore(backup_, restored_, {}, ignore_progress).missing, 2);
  const storage::DataDirectory data(restored_);
  EXPECT_TRUE(storage::BlobStore(data.blobs(), data.temp()).has(core::Sha256::of("three")));
}

TEST_F(BackupTest, WhatAnEarlierOneHasOfADamagedOriginalIsKept) {
  add("one");
  back_up_now();
  write_over(archive_.blobs.path(core::Sha256::of("one")), "0ne");
  EXPECT_EQ(back_up_now().blobs, 1);
  EXPECT_EQ(core::read_file(copied("one"), 10), "one");
}

TEST_F(BackupTest, RestoringNeedsAWholeAndSoundBackup) {
  add("one");
  back_up_now();
  write_over(copied("one"), "0ne");
  refusal(ErrorCode::corrupt, [&] { restore_now(); });
  EXPECT_FALSE(fs::exists(restored_ / "muniment.db")) << "there is an archive although its original is missing";
  write_over(copied("one"), "one");
  restore_now();  // goes on where the refused one ended
  EXPECT_EQ(restored_counts().documents, 1);

  std::fstream database(backup_ / "muniment.db", std::ios::in | std::ios::out | std::ios::binary);
  database.seekp(5000);
  database.put('!');
  database.close();
  fs::remove_all(restored_);
  EXPECT_THAT(refusal(ErrorCode::corrupt, [&] { restore_now(); }), HasSubstr("database"));
}

TEST_F(BackupTest, WhatWasUnderWayWhenItWasMadeIsNotTakenUpAgain) {
  const std::string_view ended[] = {"backup", storage::kImportPreviewJob, storage::kImportJob};
  {
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    for (const std::string_view kind : ended) storage::enqueue_job(tx, kind, std::nullopt, storage::kBulk);
    tx.commit();
  }
  back_up_now();
  restore_now();
  const storage::DataDirectory data(restored_);
  storage::Database database(data.database(), archive_.clock, archive_.random);
  auto session = database.read();
  for (const std::string_view kind : ended) EXPECT_FALSE(storage::find_open_job(session, kind)) << kind;
}

TEST_F(BackupTest, RestoringNeverTouchesWhatIsThere) {
  add("one");
  back_up_now();
  restore_now();
  EXPECT_THAT(refusal(ErrorCode::conflict, [&] { restore_now(); }), HasSubstr("archive already"));
  EXPECT_EQ(restored_counts().documents, 1);

  const fs::path home = archive_.directory.path() / "home";
  core::create_directories_durably(home / "index");
  core::write_durably(home / "index" / "of my books", "mine");
  core::write_durably(home / "letter.txt", "mine");
  EXPECT_THAT(refusal(ErrorCode::conflict, [&] { restore(backup_, home, {}, ignore_progress); }),
              HasSubstr("letter.txt"));
  EXPECT_TRUE(fs::exists(home / "index" / "of my books"));
  EXPECT_EQ(std::distance(fs::directory_iterator(home), {}), 2) << "nothing was made there";
}

TEST_F(BackupTest, RestoringWaitsForNobody) {
  add("one");
  back_up_now();
  const storage::DataDirectory data(restored_);
  const auto lock = data.try_lock();
  ASSERT_TRUE(lock);
  EXPECT_THAT(refusal(ErrorCode::unavailable, [&] { restore_now(); }), HasSubstr("stop it first"));
}

TEST_F(BackupTest, AConfigurationMayBeThereBefore) {
  add("one");
  back_up_now();
  core::create_directories_durably(restored_);
  core::write_durably(restored_ / "muniment.conf", "listen = 127.0.0.1:9000\n");
  restore_now();
  EXPECT_EQ(restored_counts().documents, 1);
}

TEST_F(BackupTest, WhatAnyJournalKnowsToBeDestroyedStaysKnown) {
  const auto line = [](int id, const char* purged_at) {
    return R"({"document_id":)" + std::to_string(id) + R"(,"captured_at":1,"components":[],"purged_at":")" + purged_at +
           "\"}\n";
  };
  const std::string old = line(1, "2026-01-01T00:00:00Z");
  const std::string copied_later = line(2, "2026-02-01T00:00:00Z");
  const std::string newest = line(3, "2026-03-01T00:00:00Z");
  add("one");
  core::write_durably(archive_.data.tombstones(), old);
  back_up_now();
  const fs::path given = archive_.directory.path() / "tombstones.jsonl";
  core::write_durably(given, old + copied_later);
  core::create_directories_durably(restored_);
  core::write_durably(restored_ / "tombstones.jsonl", old + newest + R"({"document_id":4,"cap)");

  const auto known = restore(backup_, restored_, given, ignore_progress).destroyed;
  EXPECT_EQ(known.documents, 3U);
  EXPECT_EQ(known.newest, core::parse_rfc3339("2026-03-01T00:00:00Z"));
  const std::string merged = core::read_file(restored_ / "tombstones.jsonl", 10'000);
  for (const std::string& one : {old, copied_later, newest}) {
    ASSERT_THAT(merged, HasSubstr(one));
    EXPECT_EQ(merged.find(one), merged.rfind(one)) << "is there twice";
  }
  EXPECT_TRUE(merged.ends_with('\n')) << "what is purged next begins a line of its own";
}

TEST_F(BackupTest, AJournalThatIsNotThereRestoresNothing) {
  add("one");
  back_up_now();
  refusal(ErrorCode::not_found, [&] { restore(backup_, restored_, restored_ / "mistyped.jsonl", ignore_progress); });
  EXPECT_FALSE(fs::exists(restored_ / "muniment.db"));
  EXPECT_EQ(restore(backup_, restored_, {}, ignore_progress).destroyed.documents, 0U);
}

}  // namespace
}  // namespace muniment::server
