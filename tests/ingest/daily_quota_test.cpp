#include "ingest/daily_quota.h"

#include <atomic>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/intake.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

class DailyQuotaTest : public ::testing::Test {
 protected:
  static IntakeOptions ten_bytes_a_day() {
    IntakeOptions options = testing::roomy_intake();
    options.daily_quota_bytes = 10;
    return options;
  }
  static Intake::Reader bytes_of(std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<std::byte> buffer) mutable {
      const std::size_t count = std::min(buffer.size(), text.size() - at);
      std::memcpy(buffer.data(), text.data() + at, count);
      at += count;
      return count;
    };
  }
  static Arrival letter() {
    Arrival arrival;
    arrival.document.filename = "letter.txt";
    arrival.document.source = "test";
    return arrival;
  }
  Receipt accept(const storage::Principal& who, const std::string& text) {
    return intake_.accept(who, letter(), bytes_of(text));
  }
  // What is said of its being refused; empty when it was not, or for another reason.
  template <typename Call>
  static std::string refusal(const Call& call) {
    try {
      call();
    } catch (const core::Error& error) {
      return error.code() == core::ErrorCode::quota_exceeded ? error.message() : "";
    }
    return "";
  }
  std::uint64_t used_by(const storage::Principal& who) {
    auto session = archive_.database.read();
    return intake_.quota().used(session, who);
  }
  std::int64_t documents() {
    auto session = archive_.database.read();
    return session.value<std::int64_t>("SELECT count(*) FROM document").value_or(-1);
  }
  std::size_t blobs() {
    std::size_t count = 0;
    archive_.blobs.for_each([&](const core::Sha256&, std::uint64_t) { ++count; });
    return count;
  }

  testing::TestArchive archive_;
  Intake intake_{archive_.database, archive_.blobs, ten_bytes_a_day(), [] {}};
  const storage::Principal anna_ = archive_.add_person("anna", storage::Role::staff);
  const storage::Principal boss_ = archive_.add_person("boss", storage::Role::admin);
};

TEST_F(DailyQuotaTest, AllOfItFitsAndNotOneByteMore) {
  accept(anna_, "123456");
  accept(anna_, "7890");
  EXPECT_EQ(used_by(anna_), 10u);
  const std::string tomorrow =
      core::to_iso(std::chrono::sys_days(core::civil_date(archive_.clock.now())) + std::chrono::days(1));
  EXPECT_EQ(refusal([&] { accept(anna_, "x"); }),
            "one account may bring in 10 B a day (intake.daily_quota); 10 B are used today, and this would be 1 B "
            "more; the count starts again at midnight, on " +
                tomorrow);
  EXPECT_EQ(documents(), 2);
  EXPECT_EQ(blobs(), 2u);
  EXPECT_EQ(used_by(anna_), 10u);
}

TEST_F(DailyQuotaTest, IsAdministratorsTooAndEachOnesOwn) {
  accept(anna_, "1234567890");
  accept(boss_, "abcdefghij");
  EXPECT_NE(refusal([&] { accept(boss_, "k"); }), "");
}

TEST_F(DailyQuotaTest, BeginsAnewTheNextDay) {
  accept(anna_, "1234567890");
  const auto ends = [&] {
    auto session = archive_.database.read();
    return DailyQuota::ends(session);
  }();
  archive_.clock.advance(ends - archive_.clock.now() - std::chrono::microseconds(1));
  EXPECT_NE(refusal([&] { accept(anna_, "x"); }), "");
  archive_.clock.advance(std::chrono::microseconds(1));
  accept(anna_, "abcdefghij");
  EXPECT_EQ(used_by(anna_), 10u);
}

TEST_F(DailyQuotaTest, WhatHasNoAccountHasNone) {
  const storage::Principal watched_folder = archive_.system();
  accept(watched_folder, "1234567890");
  accept(watched_folder, "more than ten bytes");
  EXPECT_EQ(used_by(watched_folder), 0u);
}

TEST_F(DailyQuotaTest, DuplicatesDoNotCountNorWhatIsNotSent) {
  accept(anna_, "12345");
  EXPECT_TRUE(accept(anna_, "12345").duplicate);
  EXPECT_EQ(used_by(anna_), 5u);
  Arrival noted = letter();
  noted.with = [](storage::Transaction&, const Receipt&) {};
  accept(anna_, "67890");
  EXPECT_TRUE(intake_.accept_file(anna_, noted, archive_.blobs.path(core::Sha256::of("12345"))).duplicate)
      << "though nothing is left";
  Arrival copy = letter();
  copy.keep_duplicate = true;
  copy.counted = false;
  EXPECT_FALSE(intake_.accept(anna_, copy, bytes_of("12345")).duplicate);
  EXPECT_EQ(used_by(anna_), 10u);
}

TEST_F(DailyQuotaTest, WhatOnlyOthersCanReadCounts) {
  auto tx = archive_.database.begin(boss_.actor());
  const std::int64_t list = storage::create_access_list(tx, "Board", {});
  tx.commit();
  Arrival secret = letter();
  secret.document.access_list = list;
  intake_.accept(boss_, secret, bytes_of("12345678"));
  EXPECT_FALSE(accept(anna_, "12345678").duplicate);
  EXPECT_EQ(used_by(anna_), 8u);
}

TEST_F(DailyQuotaTest, NewVersionsCount) {
  const std::int64_t id = accept(anna_, "1234").document_id;
  const auto add_version = [&](const std::string& text, bool counted = true) {
    const Intake::Spooled file = intake_.spool(bytes_of(text));
    Intake::VersionArrival arrival{id, std::nullopt, "letter.txt", "", false};
    arrival.counted = counted;
    return intake_.accept_version(anna_, arrival, file.file.path());
  };
  add_version("12345");
  EXPECT_EQ(used_by(anna_), 9u);
  EXPECT_NE(refusal([&] { add_version("ab"); }), "");
  EXPECT_EQ(used_by(anna_), 9u);
  add_version("ab", false);
  EXPECT_EQ(used_by(anna_), 9u);
}

TEST_F(DailyQuotaTest, IsNotPassedByWhoeverSendsAtOnce) {
  std::atomic<int> entered = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        const std::string five_bytes = std::to_string(10'000 + i);
        if (refusal([&] { accept(anna_, five_bytes); }).empty()) ++entered;
      });
    }
  }
  EXPECT_EQ(entered, 2);
  EXPECT_EQ(documents(), 2);
  EXPECT_EQ(used_by(anna_), 10u);
}

TEST_F(DailyQuotaTest, WhatBelongsTogetherIsRefusedAsAWhole) {
  std::vector<std::pair<Arrival, Intake::Spooled>> sides;
  sides.emplace_back(letter(), intake_.spool(bytes_of("123456")));
  sides.emplace_back(letter(), intake_.spool(bytes_of("abcdef")));
  EXPECT_NE(refusal([&] { intake_.accept_together(anna_, std::move(sides), [](auto&, auto) {}); }), "");
  EXPECT_EQ(documents(), 0);
  EXPECT_EQ(used_by(anna_), 0u);
}

TEST_F(DailyQuotaTest, WhatIsTooMuchIsNotReadToItsEnd) {
  std::uint64_t read = 0;
  const auto endless = [&](std::span<std::byte> buffer) {
    std::memset(buffer.data(), 'x', 1);
    ++read;
    return std::size_t{1};
  };
  EXPECT_NE(refusal([&] { intake_.accept(anna_, letter(), endless); }), "");
  EXPECT_EQ(read, 11u);
  EXPECT_EQ(intake_.most_for(anna_), 10u);
  EXPECT_NO_THROW(intake_.require_room(anna_, 10));
  EXPECT_NE(refusal([&] { intake_.require_room(anna_, 11); }), "");
}

TEST_F(DailyQuotaTest, WithoutOneNothingIsCounted) {
  const Intake free(archive_.database, archive_.blobs, testing::roomy_intake(), [] {});
  free.accept(anna_, letter(), bytes_of("more than ten bytes"));
  auto session = archive_.database.read();
  EXPECT_EQ(session.value<int>("SELECT count(*) FROM daily_intake").value_or(-1), 0);
}

TEST_F(DailyQuotaTest, SizesAreSaidInTheLargestUnitAndRoundedUp) {
  const auto said = [&](std::uint64_t quota, std::uint64_t bytes) {
    return refusal([&] {
      auto session = archive_.database.read();
      DailyQuota(quota).require(session, anna_, bytes);
    });
  };
  EXPECT_NE(said(512 << 20, (512ULL << 20) + 1).find(" 512 MiB a day"), std::string::npos);
  EXPECT_NE(said(512 << 20, (512ULL << 20) + 1).find(" 512.1 MiB more"), std::string::npos);
  EXPECT_NE(said(1, 1023).find(" 1023 B more"), std::string::npos);
  EXPECT_NE(said(1, 3ULL << 29).find(" 1.5 GiB more"), std::string::npos);
  EXPECT_NE(said(1, (2ULL << 30) - 1).find(" 2 GiB more"), std::string::npos);
}

}  // namespace
}  // namespace muniment::ingest
