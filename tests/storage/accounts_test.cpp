#include "storage/accounts.h"

#include <array>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "storage/sessions.h"
#include "storage/sign_in_throttle.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using testing::kTester;
using testing::TestArchive;

constexpr PasswordHasher::Cost kQuick{1, 8 * 1024};

TEST(PasswordHasher, AcceptsTheRightPasswordOnly) {
  PasswordHasher hasher(kQuick);
  const std::string hash = hasher.hash("a few quiet words");
  EXPECT_NE(hash, hasher.hash("a few quiet words")) << "salted";
  EXPECT_TRUE(hasher.verify("a few quiet words", hash));
  EXPECT_FALSE(hasher.verify("a few quiet word", hash));
  EXPECT_FALSE(hasher.verify("this account does not exist", ""));
}

TEST(PasswordHasher, IsArgon2idAtItsFullCost) {
  EXPECT_TRUE(PasswordHasher().hash("a few quiet words").starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST(PasswordHasher, RefusesShortLongAndCommonPasswords) {
  EXPECT_THROW(PasswordHasher::require_acceptable("elevenchars"), Error);
  EXPECT_THROW(PasswordHasher::require_acceptable(std::string(129, 'x')), Error);
  EXPECT_THROW(PasswordHasher::require_acceptable("PasswordPassword"), Error);
  EXPECT_NO_THROW(PasswordHasher::require_acceptable("a few quiet words"));
}

TEST(PasswordHasher, RefusesWhatIsSoonGuessed) {
  const std::array<std::string, 2> names{"anna.andersson", "Åsa Öberg"};
  for (const char* guessed : {"123456789012",     "1q2w3e4r5t6y",     "1qaz2wsx3edc",
                              "qawsedrftgyh",     "abcdefghijkl",     "zyxwvutsrqpo",
                              "aaaaaaaaaaaa",     "hejhejhejhej",     "Password1234",
                              "P@ssw0rd2026!!",   "LösenordLösenord", "Sommar2026!!!",
                              "Vinter1988Vinter", "Welcome2Muniment", "muniment-admin",
                              "iloveyouiloveyou", "changeme123456",   "correcthorsebatterystaple",
                              "qwertyuiopasdf",   "Annaandersson1",   "asaoberg1985!",
                              "Åsa.Öberg.2026"}) {
    EXPECT_THROW(PasswordHasher::require_acceptable(guessed, names), Error) << guessed;
  }
  for (const char* good : {"a long enough password", "four words that fit", "another long secret", "vi ses vid bryggan",
                           "kX9vR2mTq8Lz", "summer is short up here", "anna and the blue lamp", "483926184756"}) {
    EXPECT_NO_THROW(PasswordHasher::require_acceptable(good, names)) << good;
  }
}

TEST(PasswordHasher, HashesTwoAtATimeAtMost) {
  PasswordHasher hasher({1, 1024 * 1024});
  std::latch together(8);
  {
    std::vector<std::jthread> guessers;
    for (int i = 0; i < 8; ++i) {
      guessers.emplace_back([&] {
        together.arrive_and_wait();
        for (int round = 0; round < 4; ++round) hasher.verify("a few quiet words", "");
      });
    }
  }
  EXPECT_LE(hasher.work().most_at_once, 2);
  EXPECT_EQ(hasher.work().done, 32) << "none was for the account that does not exist";
}

TEST(PasswordHasher, KnowsAHashOfAnotherCost) {
  PasswordHasher cheap(kQuick);
  PasswordHasher dear({2, 16 * 1024});
  const std::string hash = cheap.hash("a few quiet words");
  EXPECT_FALSE(cheap.is_outdated(hash));
  EXPECT_TRUE(dear.is_outdated(hash));
  EXPECT_TRUE(dear.verify("a few quiet words", hash));
}

TEST(Accounts, NamesAreUniqueWithoutRegardToCase) {
  TestArchive archive;
  archive.add_person("Åsa", Role::staff);
  auto tx = archive.database.begin(kTester);
  EXPECT_THROW(create_account(tx, {"åsa", "", Role::staff, ""}), Error);
  EXPECT_THROW(create_account(tx, {"  ", "", Role::staff, ""}), Error);
  EXPECT_TRUE(find_account(tx, "ÅSA"));
}

TEST(Accounts, TheLastAdministratorStays) {
  TestArchive archive;
  const Principal admin = archive.add_person("root", Role::admin);
  AccountChange demote;
  demote.role = Role::staff;
  {
    auto tx = archive.database.begin(kTester);
    EXPECT_THROW(change_account(tx, admin.account_id, 1, demote), Error);
  }
  archive.add_person("second", Role::admin);
  auto tx = archive.database.begin(kTester);
  EXPECT_NO_THROW(change_account(tx, admin.account_id, 1, demote));
}

TEST(Accounts, ATokenThatAnotherIssuedApprovesNothing) {
  TestArchive archive;
  const Principal admin = archive.add_person("root", Role::admin);
  Principal maria = archive.add_person("maria", Role::records_manager);
  const auto represented = [&](const Actor& issuer) {
    auto tx = archive.database.begin(issuer);
    const auto secret = issue_token(tx, archive.random, maria.account_id, "t", std::nullopt).secret;
    return find_token(tx, secret, archive.clock.now())->issued_by.has_value();
  };
  EXPECT_TRUE(represented(admin.actor()));
  EXPECT_FALSE(represented(maria.actor()));
  EXPECT_FALSE(represented(kTester)) << "the owner of the data directory";
  maria.represented = true;
  EXPECT_FALSE(maria.may(Permission::approve_disposition));
  EXPECT_TRUE(maria.may(Permission::propose_disposition));
  EXPECT_THROW(maria.require(Permission::approve_disposition), core::Error);
}

TEST(Accounts, DisablingEndsSessionsAndTokens) {
  TestArchive archive;
  archive.add_person("root", Role::admin);
  const Principal ada = archive.add_person("ada", Role::staff);
  std::string secret;
  std::string cookie;
  {
    auto tx = archive.database.begin(kTester);
    secret = issue_token(tx, archive.random, ada.account_id, "laptop", std::nullopt).secret;
    cookie = open_session(tx, archive.random, ada.account_id, "test").cookie;
    tx.commit();
  }
  {
    auto session = archive.database.read();
    EXPECT_TRUE(find_token(session, secret, archive.clock.now()));
    EXPECT_TRUE(find_session(session, cookie, archive.clock.now(), {}));
    EXPECT_FALSE(find_token(session, secret + "x", archive.clock.now()));
  }
  {
    auto tx = archive.database.begin(kTester);
    AccountChange disable;
    disable.disabled = true;
    change_account(tx, ada.account_id, 1, disable);
    tx.commit();
  }
  auto session = archive.database.read();
  EXPECT_FALSE(find_token(session, secret, archive.clock.now()));
  EXPECT_FALSE(find_session(session, cookie, archive.clock.now(), {}));
  EXPECT_FALSE(load_principal(session, ada.account_id, "test"));
}

TEST(Accounts, SecretsAreNotInTheDatabase) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  std::string secret, cookie;
  {
    auto tx = archive.database.begin(kTester);
    secret = issue_token(tx, archive.random, ada.account_id, "laptop", std::nullopt).secret;
    cookie = open_session(tx, archive.random, ada.account_id, "test").cookie;
    tx.commit();
  }
  archive.database.checkpoint();
  const std::string file = core::read_file(archive.data.database(), 100'000'000);
  EXPECT_NE(file.find("laptop"), std::string::npos);
  EXPECT_EQ(file.find(secret.substr(secret.size() - 20)), std::string::npos);
  EXPECT_EQ(file.find(cookie.substr(cookie.size() - 20)), std::string::npos);
}

TEST(Accounts, TokensExpire) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  auto tx = archive.database.begin(kTester);
  const auto token = issue_token(tx, archive.random, ada.account_id, "t", archive.clock.now() + std::chrono::hours(1));
  EXPECT_TRUE(find_token(tx, token.secret, archive.clock.now()));
  EXPECT_FALSE(find_token(tx, token.secret, archive.clock.now() + std::chrono::hours(2)));
  EXPECT_FALSE(revoke_token(tx, ada.account_id + 1, token.id));
  EXPECT_TRUE(revoke_token(tx, ada.account_id, token.id));
}

TEST(Accounts, TokensLiveAYearAtMost) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  auto tx = archive.database.begin(kTester);
  const core::Time now = archive.clock.now();
  const core::Time latest = core::end_of_day(now, kLongestTokenLife);
  const auto issue = [&](std::optional<core::Time> ends) {
    return issue_token(tx, archive.random, ada.account_id, "t", ends);
  };
  EXPECT_THROW(issue(now), Error);
  EXPECT_THROW(issue(latest + std::chrono::seconds(1)), Error);
  issue(std::nullopt);
  issue(now + std::chrono::hours(1));
  // As older versions issued them.
  tx.execute(
      "INSERT INTO api_token (account_id, name, token_hash, created_at, expires_at) VALUES ($1, 'old', 'a', 1, NULL)",
      ada.account_id);
  const auto entries = [&] {
    return tx.value<std::int64_t>("SELECT count(*) FROM audit WHERE action = 'token.limited'").value();
  };
  for (int round = 0; round < 2; ++round) {
    limit_token_lives(tx);
    const auto tokens = list_tokens(tx, ada.account_id);
    ASSERT_EQ(tokens.size(), 3U);
    EXPECT_EQ(tokens[0].expires_at, latest);
    EXPECT_EQ(tokens[1].expires_at, now + std::chrono::hours(1));
    EXPECT_EQ(tokens[2].expires_at, latest);
    EXPECT_EQ(tokens[2].scopes, TokenScopes::all()) << "it keeps what it could";
    EXPECT_EQ(entries(), 1);
  }
}

TEST(Accounts, ATokenMayEndOnTheSameDayOfTheNextYear) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  archive.clock.advance(core::parse_rfc3339("2027-11-30T10:00:00Z").value() - archive.clock.now());
  auto tx = archive.database.begin(kTester);
  // As the page and the command line send a day; a 29 February lies between.
  const core::Time same_day = core::parse_rfc3339("2028-11-30T23:59:59Z").value();
  issue_token(tx, archive.random, ada.account_id, "t", same_day);
  EXPECT_EQ(list_tokens(tx, ada.account_id).at(0).expires_at, same_day);
  limit_token_lives(tx);
  EXPECT_EQ(list_tokens(tx, ada.account_id).at(0).expires_at, same_day) << "it is not one of an older version";
}

TEST(Accounts, AScopeNarrowsAndNeverWidens) {
  TestArchive archive;
  Principal reader = archive.add_person("rita", Role::reader);
  reader.scopes = TokenScopes::of({"read", "administer"});
  EXPECT_TRUE(reader.may(Permission::read_documents));
  EXPECT_FALSE(reader.may(Permission::manage_accounts));
  Principal admin = archive.add_person("root", Role::admin);
  admin.scopes = TokenScopes::of({"add"});
  EXPECT_TRUE(admin.may(Permission::capture));
  EXPECT_FALSE(admin.may_read(kEveryoneList));
  auto session = archive.database.read();
  EXPECT_EQ(with_rights_of_now(session, admin)->scopes, admin.scopes) << "what goes on later keeps them";
  for (const TokenScope scope : kTokenScopes) EXPECT_EQ(parse_scope(scope_name(scope)), scope);
  EXPECT_EQ(TokenScopes::parse(TokenScopes::all().text()), TokenScopes::all());
  EXPECT_EQ(TokenScopes::parse("one of a later version"), TokenScopes());
}

TEST(Sessions, EndWhenIdleAndWhenOld) {
  TestArchive archive;
  const Principal ada = archive.add_person("ada", Role::staff);
  auto tx = archive.database.begin(kTester);
  const auto opened = open_session(tx, archive.random, ada.account_id, "test");
  const core::Time start = archive.clock.now();
  const SessionLimits limits;
  EXPECT_TRUE(find_session(tx, opened.cookie, start + std::chrono::minutes(29), limits));
  EXPECT_FALSE(find_session(tx, opened.cookie, start + std::chrono::minutes(31), limits));
  EXPECT_FALSE(
      find_session(tx, opened.cookie, start + std::chrono::hours(13), {std::chrono::minutes(10000), limits.absolute}));
}

TEST(SignInThrottle, WaitsLongerWithEveryFailureAndForgets) {
  TestArchive archive;
  const auto fail = [&] {
    auto tx = archive.database.begin(kTester);
    note_sign_in_failure(tx, "account:ada");
    tx.commit();
  };
  const auto wait = [&] {
    auto session = archive.database.read();
    return sign_in_wait(session, "account:ada", archive.clock.now());
  };
  for (int i = 0; i < 5; ++i) fail();
  EXPECT_FALSE(wait());
  fail();
  EXPECT_EQ(wait(), std::chrono::seconds(1));
  fail();
  fail();
  EXPECT_EQ(wait(), std::chrono::seconds(4));
  for (int i = 0; i < 30; ++i) fail();
  EXPECT_EQ(wait(), std::chrono::seconds(900));
  archive.clock.advance(std::chrono::hours(2));
  EXPECT_FALSE(wait());
  fail();
  EXPECT_FALSE(wait()) << "an hour of quiet forgets";
}

}  // namespace
}  // namespace muniment::storage
