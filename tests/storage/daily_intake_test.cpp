#include "storage/daily_intake.h"

#include <gtest/gtest.h>

#include "storage/accounts.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

class DailyIntake : public ::testing::Test {
 protected:
  core::Date today() { return core::civil_date(archive_.clock.now()); }
  void add(const Principal& who, std::uint64_t bytes) {
    auto tx = archive_.database.begin(who.actor());
    add_intake(tx, who.account_id, today(), bytes);
    tx.commit();
  }
  std::uint64_t taken_in(const Principal& who, core::Date day) {
    auto session = archive_.database.read();
    return intake_on(session, who.account_id, day);
  }
  void forget() {
    auto tx = archive_.database.begin(testing::kTester);
    forget_old_intake(tx);
    tx.commit();
  }

  testing::TestArchive archive_;
  const Principal anna_ = archive_.add_person("anna", Role::staff);
  const Principal bo_ = archive_.add_person("bo", Role::staff);
};

TEST_F(DailyIntake, IsOfOneAccountAndOneDay) {
  EXPECT_EQ(taken_in(anna_, today()), 0u);
  add(anna_, 5'000'000'000);
  add(anna_, 7);
  add(bo_, 1);
  EXPECT_EQ(taken_in(anna_, today()), 5'000'000'007u);
  EXPECT_EQ(taken_in(bo_, today()), 1u);
  const core::Date before = today();
  archive_.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(taken_in(anna_, today()), 0u);
  EXPECT_EQ(taken_in(anna_, before), 5'000'000'007u);
}

TEST_F(DailyIntake, IsNotKeptOfAChangeThatIsGivenUp) {
  {
    auto tx = archive_.database.begin(anna_.actor());
    add_intake(tx, anna_.account_id, today(), 7);
  }
  EXPECT_EQ(taken_in(anna_, today()), 0u);
}

TEST_F(DailyIntake, IsForgottenAfterAWeek) {
  add(anna_, 7);
  const core::Date day = today();
  archive_.clock.advance(std::chrono::hours(7 * 24));
  forget();
  EXPECT_EQ(taken_in(anna_, day), 7u) << "a clock that runs a few days fast for a moment forgets nothing";
  archive_.clock.advance(std::chrono::hours(24));
  add(anna_, 1);
  forget();
  EXPECT_EQ(taken_in(anna_, day), 0u);
  EXPECT_EQ(taken_in(anna_, today()), 1u);
}

}  // namespace
}  // namespace muniment::storage
