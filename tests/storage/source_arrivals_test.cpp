#include "storage/source_arrivals.h"

#include <gtest/gtest.h>

#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using std::chrono::hours;

struct SourceArrivals : testing::TestArchive, ::testing::Test {
  void arrive(std::string_view name) {
    auto tx = database.begin(testing::kTester);
    record_arrival(tx, "watch", name);
    tx.commit();
  }
  Arrivals told_of(std::string_view name) {
    auto session = database.read();
    return arrivals_of(session, "watch", name, clock.now());
  }
};

TEST_F(SourceArrivals, EachSourceHasItsOwn) {
  EXPECT_FALSE(told_of("/in").last);
  arrive("/in");
  arrive("/in");
  clock.advance(hours(1));
  arrive("/other");
  EXPECT_EQ(told_of("/in").lately, 2);
  EXPECT_EQ(told_of("/in").last, clock.now() - hours(1));
  EXPECT_EQ(told_of("/other").lately, 1);
  auto session = database.read();
  EXPECT_FALSE(arrivals_of(session, "drop", "/in", clock.now()).last);
  EXPECT_EQ(names_in_use(session, "watch", clock.now()), (std::vector<std::string>{"/in", "/other"}));
}

TEST_F(SourceArrivals, SevenDaysAreCountedAndTheLastIsKnownForever) {
  arrive("/in");
  const core::Time first = clock.now();
  clock.advance(hours(6 * 24));
  EXPECT_EQ(told_of("/in").lately, 1);
  clock.advance(hours(24));
  EXPECT_EQ(told_of("/in").lately, 0);
  EXPECT_EQ(told_of("/in").last, first);
  arrive("/in");
  EXPECT_EQ(told_of("/in").lately, 1);
}

TEST_F(SourceArrivals, WhatIsSilentForAMonthIsNotInUseAndDaysBeforeThatAreForgottenOfTheOthers) {
  const auto in_use = [&] {
    auto session = database.read();
    return names_in_use(session, "watch", clock.now());
  };
  arrive("/in");
  arrive("/other");
  clock.advance(hours(29 * 24));
  EXPECT_EQ(in_use(), (std::vector<std::string>{"/in", "/other"}));
  clock.advance(hours(24));
  EXPECT_TRUE(in_use().empty());
  arrive("/in");
  EXPECT_EQ(in_use(), std::vector<std::string>{"/in"});
  EXPECT_TRUE(told_of("/other").last);
  auto session = database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM source_arrival WHERE name = '/in'"), 1);
}

}  // namespace
}  // namespace muniment::storage
