#include "storage/second_factor.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/totp.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using muniment::testing::TestArchive;

class SecondFactorTest : public ::testing::Test {
 protected:
  template <typename Act>
  auto change(const Act& act) {
    auto tx = archive.database.begin(anna.actor());
    auto result = act(tx);
    tx.commit();
    return result;
  }
  std::string begin() {
    return change([&](Transaction& tx) { return begin_second_factor(tx, archive.random, key, anna.account_id); });
  }
  std::optional<std::vector<std::string>> confirm(const std::string& code) {
    return change(
        [&](Transaction& tx) { return confirm_second_factor(tx, archive.random, key, anna.account_id, code); });
  }
  bool take(const std::string& code) {
    return change([&](Transaction& tx) { return take_second_factor_code(tx, key, anna.account_id, code); });
  }
  std::string code(int steps_from_now = 0) {
    return core::totp_code(secret, core::totp_step(archive.clock.now()) + steps_from_now);
  }
  // Turned on; the recovery codes.
  std::vector<std::string> turned_on() {
    secret = begin();
    return confirm(code()).value();
  }

  TestArchive archive;
  SealingKey key{archive.data.keys(), archive.random};
  Principal anna = archive.add_person("anna", Role::staff);
  std::string secret;
};

TEST_F(SecondFactorTest, CountsOnceACodeHasConfirmedIt) {
  secret = begin();
  EXPECT_EQ(secret.size(), 20U);
  EXPECT_FALSE(take(code())) << "it is not on yet";
  EXPECT_FALSE(confirm("000000" == code() ? "000001" : "000000"));
  const auto codes = confirm(code());
  ASSERT_TRUE(codes);
  EXPECT_EQ(std::set(codes->begin(), codes->end()).size(), 10U);
  auto session = archive.database.read();
  EXPECT_EQ(find_second_factor(session, anna.account_id)->recovery_codes_left, 10);
}

TEST_F(SecondFactorTest, NoStepIsTakenTwiceAndNoneTooFarAway) {
  turned_on();
  EXPECT_FALSE(take(code())) << "this code has confirmed it";
  EXPECT_TRUE(take(code(1)));
  EXPECT_FALSE(take(code())) << "an earlier step than the last";
  archive.clock.advance(std::chrono::minutes(5));
  EXPECT_FALSE(take(code(2)));
  EXPECT_FALSE(take(code(-2)));
  EXPECT_TRUE(take(code(-1)));
  EXPECT_TRUE(take(code().substr(0, 3) + " " + code().substr(3)));
}

TEST_F(SecondFactorTest, ARecoveryCodeIsGoodOnce) {
  const auto codes = turned_on();
  EXPECT_TRUE(take(codes[3]));
  EXPECT_FALSE(take(codes[3]));
  std::string typed = codes[4];
  std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  EXPECT_TRUE(take(typed));
  const auto renewed =
      change([&](Transaction& tx) { return renew_recovery_codes(tx, archive.random, anna.account_id); });
  EXPECT_FALSE(take(codes[5])) << "the old ones are gone";
  EXPECT_TRUE(take(renewed[5]));
}

TEST_F(SecondFactorTest, BelongsToOneAccountAndGoesAway) {
  turned_on();
  EXPECT_THROW(begin(), Error) << "a second one would take the place of the first";
  const Principal rolf = archive.add_person("rolf", Role::staff);
  EXPECT_FALSE(change([&](Transaction& tx) { return take_second_factor_code(tx, key, rolf.account_id, code(1)); }));
  EXPECT_TRUE(change([&](Transaction& tx) { return remove_second_factor(tx, anna.account_id); }));
  EXPECT_FALSE(change([&](Transaction& tx) { return remove_second_factor(tx, anna.account_id); }));
  EXPECT_FALSE(take(code(1)));
}

TEST_F(SecondFactorTest, NeitherSecretNorCodesAreInTheDatabase) {
  const auto codes = turned_on();
  archive.database.checkpoint();
  const std::string bytes = core::read_file(archive.data.database(), 64 * 1024 * 1024);
  EXPECT_EQ(bytes.find(secret), std::string::npos);
  for (const std::string& recovery : codes) {
    EXPECT_EQ(bytes.find(recovery), std::string::npos);
    EXPECT_EQ(bytes.find(recovery.substr(0, 4) + recovery.substr(5, 4)), std::string::npos);
  }
}

}  // namespace
}  // namespace muniment::storage
