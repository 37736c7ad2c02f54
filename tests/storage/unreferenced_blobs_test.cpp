#include "storage/unreferenced_blobs.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "storage/audit.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::hours kWeek{7 * 24};

class UnreferencedBlobsTest : public ::testing::Test {
 protected:
  // As an intake does before its transaction.
  core::Sha256 put(std::string_view bytes) {
    core::TempFile file = archive_.blobs.new_file();
    file.append(std::as_bytes(std::span(bytes.data(), bytes.size())));
    const core::Sha256 hash = core::Sha256::of(bytes);
    archive_.blobs.put(std::move(file), hash);
    return hash;
  }
  void look() {
    note_unreferenced_blobs(archive_.database, archive_.blobs, [] {});
  }
  std::int64_t remove(std::size_t limit = 100) {
    return remove_unreferenced_blobs(archive_.database, archive_.blobs, archive_.clock.now() - kWeek, limit).count;
  }
  std::int64_t written_down() {
    auto session = archive_.database.read();
    return unreferenced_blobs(session).count;
  }
  std::vector<AuditEntry> removals() {
    auto session = archive_.database.read();
    return list_audit(session, {.action = "blobs.removed"}, 0, 10);
  }

  testing::TestArchive archive_;
};

TEST_F(UnreferencedBlobsTest, GoOnceTheyHaveBeenKnownForAWeek) {
  const core::Sha256 hash = put("left by a crash");
  archive_.add_document(testing::kTester, "a.txt", "a document");
  look();
  EXPECT_EQ(written_down(), 1);
  {
    auto session = archive_.database.read();
    EXPECT_EQ(unreferenced_blobs(session).bytes, 15U);
  }
  archive_.clock.advance(kWeek);
  look();
  EXPECT_EQ(remove(), 0) << "a week is not over before its last moment";
  EXPECT_TRUE(archive_.blobs.has(hash));
  EXPECT_THAT(removals(), IsEmpty());

  archive_.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(remove(), 1);
  EXPECT_FALSE(archive_.blobs.has(hash));
  EXPECT_TRUE(archive_.blobs.has(core::Sha256::of("a document")));
  EXPECT_EQ(written_down(), 0);
  ASSERT_EQ(removals().size(), 1U);
  EXPECT_THAT(removals().front().detail, HasSubstr(hash.hex()));
  EXPECT_THAT(removals().front().detail, HasSubstr("\"count\":1"));
  EXPECT_EQ(remove(), 0);
  EXPECT_EQ(removals().size(), 1U) << "where nothing goes, nothing is told";
}

TEST_F(UnreferencedBlobsTest, AFileIsAsOldAsItIsKnown) {
  const core::Sha256 hash = put("left by a crash");
  std::filesystem::last_write_time(archive_.blobs.path(hash),
                                   std::filesystem::file_time_type::clock::now() - 10 * kWeek);
  look();
  EXPECT_EQ(remove(), 0);
  EXPECT_TRUE(archive_.blobs.has(hash));
}

TEST_F(UnreferencedBlobsTest, WhatComesIntoUseMeanwhileStays) {
  const core::Sha256 hash = put("left by a crash");
  look();
  archive_.clock.advance(2 * kWeek);
  archive_.add_document(testing::kTester, "a.txt", "left by a crash");
  EXPECT_EQ(written_down(), 0);
  EXPECT_EQ(remove(), 0);
  EXPECT_TRUE(archive_.blobs.has(hash));
  look();
  EXPECT_EQ(written_down(), 0);
}

// Between the storing of the bytes and the transaction that is to refer to them.
TEST_F(UnreferencedBlobsTest, WhoStoredTheSameBytesAtThatMomentIsToldToSendThemAgain) {
  const core::Sha256 hash = put("left by a crash");
  look();
  archive_.clock.advance(2 * kWeek);
  put("left by a crash");
  EXPECT_EQ(remove(), 1);
  {
    auto tx = archive_.database.begin(testing::kTester);
    EXPECT_THROW(archive_.blobs.require_stored(hash), core::Error);
  }
  put("left by a crash");
  EXPECT_NO_THROW(archive_.blobs.require_stored(hash));
  archive_.add_document(testing::kTester, "a.txt", "left by a crash");
  look();
  archive_.clock.advance(2 * kWeek);
  EXPECT_EQ(remove(), 0);
  EXPECT_EQ(archive_.blobs.damage(hash, 15), std::nullopt);
}

TEST_F(UnreferencedBlobsTest, ARemovalThatACrashInterruptedIsToldTheNextTime) {
  const core::Sha256 hash = put("left by a crash");
  look();
  archive_.clock.advance(2 * kWeek);
  archive_.blobs.remove(hash);  // as far as it had come when it was killed
  EXPECT_EQ(remove(), 1);
  ASSERT_EQ(removals().size(), 1U);
  EXPECT_THAT(removals().front().detail, HasSubstr(hash.hex()));
}

TEST_F(UnreferencedBlobsTest, ManyGoByParts) {
  for (int i = 0; i < 5; ++i) put("left by crash number " + std::to_string(i));
  look();
  archive_.clock.advance(2 * kWeek);
  EXPECT_EQ(remove(2), 2);
  EXPECT_EQ(written_down(), 3);
  EXPECT_EQ(remove(2), 2);
  EXPECT_EQ(remove(2), 1);
  EXPECT_EQ(remove(2), 0);
}

TEST_F(UnreferencedBlobsTest, WhatProgressThrowsEndsTheLook) {
  put("left by a crash");
  EXPECT_THROW(note_unreferenced_blobs(archive_.database, archive_.blobs,
                                       [] { throw core::Error(core::ErrorCode::cancelled, "enough"); }),
               core::Error);
  EXPECT_EQ(written_down(), 0);
}

}  // namespace
}  // namespace muniment::storage
