#include "storage/share_links.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;
using muniment::testing::TestArchive;

constexpr std::chrono::days kLongest{30};

class ShareLinksTest : public ::testing::Test {
 protected:
  ShareTerms terms(std::chrono::hours good_for = std::chrono::hours(24)) {
    ShareTerms made;
    made.expires_at = archive.clock.now() + good_for;
    return made;
  }
  MadeShareLink share(const Principal& who, const ShareTerms& wanted) {
    auto tx = archive.database.begin(who.actor());
    MadeShareLink made = create_share_link(tx, archive.random, who, document, wanted, kLongest);
    tx.commit();
    return made;
  }
  std::optional<ErrorCode> refusal(const Principal& who, const ShareTerms& wanted) {
    try {
      share(who, wanted);
    } catch (const Error& error) {
      return error.code();
    }
    return std::nullopt;
  }
  std::optional<SharedDocument> found(const std::string& token) {
    auto session = archive.database.read();
    return find_shared_document(session, token, archive.clock.now());
  }
  std::vector<ShareLink> listed(const Principal& who) {
    auto session = archive.database.read();
    return list_share_links(session, who, archive.clock.now());
  }
  template <typename Act>
  void change(const Act& act) {
    auto tx = archive.database.begin(Actor::system("test"));
    act(tx);
    tx.commit();
  }
  // Only these may read it from now on.
  void keep_to(const std::vector<AccessEntry>& entries) {
    change([&](Transaction& tx) {
      const Principal all = system_principal(tx, "test");
      DocumentChange to;
      to.own_access_list = create_access_list(tx, "Kept", entries);
      change_document(tx, system_principal(tx, "test"), document, find_document(tx, all, document)->version, to);
    });
  }
  Principal anew(const Principal& who) {
    auto session = archive.database.read();
    return load_principal(session, who.account_id, "test").value();
  }

  TestArchive archive;
  Principal anna = archive.add_person("anna", Role::staff);
  Principal rolf = archive.add_person("rolf", Role::reader);
  Principal maria = archive.add_person("maria", Role::records_manager);
  std::int64_t document = archive.add_document(anna.actor(), "letter.pdf", "the letter");
};

TEST_F(ShareLinksTest, ShowsItsDocumentToWhoeverHasTheToken) {
  const MadeShareLink made = share(anna, terms());
  EXPECT_EQ(made.token.size(), 43U) << "256 bits";
  ASSERT_TRUE(found(made.token));
  EXPECT_EQ(found(made.token)->document.id, document);
  EXPECT_FALSE(found(made.token.substr(1)));
  EXPECT_FALSE(found(""));
  archive.database.checkpoint();
  const std::string bytes = core::read_file(archive.data.database(), 64 * 1024 * 1024);
  EXPECT_EQ(bytes.find(made.token), std::string::npos) << "only its hash is kept";
}

TEST_F(ShareLinksTest, NotEverybodyMakesThemAndNotForEver) {
  EXPECT_EQ(refusal(rolf, terms()), ErrorCode::forbidden) << "a reader";
  EXPECT_EQ(refusal(archive.system(), terms()), ErrorCode::forbidden) << "nobody in particular";
  EXPECT_EQ(refusal(anna, terms(std::chrono::hours(-1))), ErrorCode::invalid_argument);
  ShareTerms longest;
  longest.expires_at = core::end_of_day(archive.clock.now(), kLongest);
  EXPECT_EQ(refusal(anna, longest), std::nullopt) << "the last day is meant whole";
  longest.expires_at += std::chrono::seconds(1);
  EXPECT_EQ(refusal(anna, longest), ErrorCode::invalid_argument);
  keep_to({{AccessEntry::Subject::account, maria.account_id, true, {}}});
  EXPECT_EQ(refusal(anew(anna), terms()), ErrorCode::not_found);
  EXPECT_EQ(refusal(anew(maria), terms()), std::nullopt);
}

TEST_F(ShareLinksTest, ATokenOfSomebodyElseMakesNone) {
  Principal represented = anna;
  represented.represented = true;
  EXPECT_EQ(refusal(represented, terms()), ErrorCode::forbidden);
}

TEST_F(ShareLinksTest, EndsByTimeByCountAndByHand) {
  const std::string for_a_day = share(anna, terms()).token;
  ShareTerms once = terms(std::chrono::hours(240));
  once.most_downloads = 1;
  const std::string for_one = share(anna, once).token;
  const MadeShareLink revoked = share(anna, terms(std::chrono::hours(240)));
  const SharedDocument shared = found(for_one).value();
  change([&](Transaction& tx) { EXPECT_TRUE(count_share_download(tx, shared, "original")); });
  change([&](Transaction& tx) { EXPECT_FALSE(count_share_download(tx, shared, "original")); });
  EXPECT_FALSE(found(for_one));
  change([&](Transaction& tx) { EXPECT_THROW(revoke_share_link(tx, rolf, revoked.link.id), Error); });
  EXPECT_TRUE(found(revoked.token));
  change([&](Transaction& tx) { revoke_share_link(tx, maria, revoked.link.id); });
  EXPECT_FALSE(found(revoked.token));
  EXPECT_TRUE(found(for_a_day));
  archive.clock.advance(std::chrono::hours(24));
  EXPECT_FALSE(found(for_a_day));
  std::vector<ShareState> states;
  for (const ShareLink& link : listed(anna)) states.push_back(link.state);
  EXPECT_EQ(states, (std::vector{ShareState::revoked, ShareState::used_up, ShareState::expired}));
}

TEST_F(ShareLinksTest, ShowsNoMoreThanItsMakerMayReadNow) {
  const std::string token = share(anna, terms()).token;
  change([&](Transaction& tx) { trash_document(tx, system_principal(tx, "test"), document); });
  EXPECT_FALSE(found(token)) << "in the trash";
  EXPECT_EQ(listed(anna).at(0).state, ShareState::closed);
  change([&](Transaction& tx) { restore_document(tx, system_principal(tx, "test"), document); });
  ASSERT_TRUE(found(token));

  const SharedDocument before = found(token).value();
  keep_to({{AccessEntry::Subject::account, maria.account_id, true, {}}});
  EXPECT_FALSE(found(token)) << "its maker may not read it any more";
  change([&](Transaction& tx) { EXPECT_FALSE(count_share_download(tx, before, "original")) << "nor a moment later"; });
  EXPECT_TRUE(listed(anew(anna)).empty()) << "then it does not exist for them";
  EXPECT_EQ(listed(anew(maria)).at(0).state, ShareState::closed);
}

TEST_F(ShareLinksTest, EndsWithTheRightToShareAndWithTheAccount) {
  const std::string token = share(anna, terms()).token;
  const auto set = [&](const AccountChange& to) {
    change(
        [&](Transaction& tx) { change_account(tx, anna.account_id, find_account(tx, anna.account_id)->version, to); });
  };
  AccountChange demoted, promoted, disabled;
  demoted.role = Role::reader;
  promoted.role = Role::staff;
  disabled.disabled = true;
  set(demoted);
  EXPECT_FALSE(found(token));
  set(promoted);
  EXPECT_TRUE(found(token));
  set(disabled);
  EXPECT_FALSE(found(token));
}

TEST_F(ShareLinksTest, EachSeesOnesOwnAndRecordsManagersAll) {
  share(anna, terms());
  share(maria, terms());
  EXPECT_EQ(listed(anna).size(), 1U);
  EXPECT_EQ(listed(maria).size(), 2U);
  auto session = archive.database.read();
  EXPECT_EQ(share_links_of(session, anna, document, archive.clock.now()).size(), 2U) << "of a document, all";
}

}  // namespace
}  // namespace muniment::storage
