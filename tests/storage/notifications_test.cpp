#include "storage/notifications.h"

#include <span>

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "storage/document_versions.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using muniment::testing::TestArchive;

class NotificationsTest : public ::testing::Test {
 protected:
  template <typename Act>
  void change(const Principal& who, const Act& act) {
    auto tx = archive.database.begin(who.actor());
    act(tx);
    tx.commit();
  }
  void set(const Principal& who, const DocumentChange& to) {
    change(who,
           [&](Transaction& tx) { change_document(tx, who, document, find_document(tx, who, document)->version, to); });
  }
  void rename(const Principal& who, const std::string& title) {
    DocumentChange to;
    to.title = title;
    set(who, to);
  }
  void give_list(const std::vector<AccessEntry>& entries, const std::string& name = "Kept") {
    change(archive.system(), [&](Transaction& tx) {
      DocumentChange to;
      to.own_access_list = create_access_list(tx, name, entries);
      const Principal all = system_principal(tx, "test");
      change_document(tx, all, document, find_document(tx, all, document)->version, to);
    });
  }
  Principal anew(const Principal& who) {
    auto session = archive.database.read();
    return load_principal(session, who.account_id, "test").value();
  }
  std::vector<Notification> told(const Principal& who) {
    for (bool more = true; more;) change(archive.system(), [&](Transaction& tx) { more = make_notifications(tx); });
    auto session = archive.database.read();
    return list_notifications(session, anew(who), 0, 50);
  }
  std::size_t unread(const Principal& who) {
    auto session = archive.database.read();
    return count_unread_notifications(session, anew(who));
  }

  TestArchive archive;
  Principal anna = archive.add_person("anna", Role::staff);
  Principal rolf = archive.add_person("rolf", Role::reader);
  std::int64_t document = archive.add_document(anna.actor(), "letter.pdf", "the letter");
};

TEST_F(NotificationsTest, WhoFollowsHearsOfWhatOthersDo) {
  rename(anna, "Before anybody followed");
  change(rolf, [&](Transaction& tx) { follow(tx, rolf, Followed::document, document); });
  change(anna, [&](Transaction& tx) { follow(tx, anna, Followed::document, document); });
  EXPECT_TRUE(told(rolf).empty());
  rename(anna, "The letter");
  const auto heard = told(rolf);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].kind, NotificationKind::changed);
  EXPECT_EQ(heard[0].fields, (std::vector<std::string>{"title"}));
  EXPECT_EQ(heard[0].document_title, "The letter");
  EXPECT_EQ(heard[0].made_by, anna.account_id);
  EXPECT_TRUE(told(anna).empty()) << "nobody hears of what they do themselves";
  change(rolf, [&](Transaction& tx) { unfollow(tx, rolf, Followed::document, document); });
  rename(anna, "Once more");
  EXPECT_EQ(told(rolf).size(), 1U);
  auto session = archive.database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM audit WHERE action LIKE 'subscription.%'"), 3);
}

TEST_F(NotificationsTest, SomebodyAtWorkIsToldOfOnce) {
  change(rolf, [&](Transaction& tx) { follow(tx, rolf, Followed::document, document); });
  rename(anna, "One");
  DocumentChange to;
  to.date = core::parse_iso_date("2026-01-31");
  set(anna, to);
  const auto heard = told(rolf);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].fields, (std::vector<std::string>{"date", "title"}));
  EXPECT_EQ(unread(rolf), 1U);
  change(rolf, [&](Transaction& tx) { mark_notifications_read(tx, rolf, heard[0].id); });
  EXPECT_EQ(unread(rolf), 0U);
  rename(anna, "Two");
  EXPECT_EQ(told(rolf).size(), 2U) << "what was read stays, and the new one is new";
  EXPECT_EQ(unread(rolf), 1U);
}

TEST_F(NotificationsTest, NothingOfWhatMayNotBeReadAnyMore) {
  change(rolf, [&](Transaction& tx) { follow(tx, rolf, Followed::document, document); });
  rename(anna, "While rolf may read it");
  ASSERT_EQ(told(rolf).size(), 1U);
  const std::int64_t first = told(rolf)[0].id;
  give_list({{AccessEntry::Subject::account, anna.account_id, true, {}}});
  EXPECT_TRUE(told(rolf).empty()) << "asked when it is shown";
  EXPECT_EQ(unread(rolf), 0U);
  rename(anew(anna), "While rolf may not");
  told(rolf);
  EXPECT_THROW(change(rolf, [&](Transaction& tx) { follow(tx, anew(rolf), Followed::document, document); }), Error);
  change(archive.system(), [&](Transaction& tx) {
    const Principal all = system_principal(tx, "test");
    DocumentChange to;
    to.own_access_list = std::optional<std::int64_t>();
    change_document(tx, all, document, find_document(tx, all, document)->version, to);
  });
  std::vector<std::int64_t> of_anna;
  for (const Notification& one : told(rolf)) {
    if (one.made_by == anna.account_id) of_anna.push_back(one.id);
  }
  EXPECT_EQ(of_anna, (std::vector{first})) << "none was made meanwhile";
}

TEST_F(NotificationsTest, WhoIsNamedByADocumentsNewListHearsOfItOnce) {
  const Principal greta = archive.add_person("greta", Role::reader);
  const Principal stig = archive.add_person("stig", Role::reader);
  const AccessEntry of_anna{AccessEntry::Subject::account, anna.account_id, true, {}};
  const AccessEntry of_rolf{AccessEntry::Subject::account, rolf.account_id, false, {}};
  give_list({of_anna, of_rolf});
  EXPECT_TRUE(told(anna).empty()) << "everyone could read it before";
  EXPECT_TRUE(told(rolf).empty());

  std::int64_t group = 0;
  change(archive.system(), [&](Transaction& tx) { group = create_group(tx, "Board", {greta.account_id}); });
  give_list({of_anna, of_rolf, {AccessEntry::Subject::group, group, false, {}}}, "With the board");
  ASSERT_EQ(told(greta).size(), 1U);
  EXPECT_EQ(told(greta)[0].kind, NotificationKind::shared);
  EXPECT_EQ(told(greta)[0].document_id, document);
  EXPECT_TRUE(told(rolf).empty()) << "could read it before";
  EXPECT_TRUE(told(stig).empty()) << "is not named";

  give_list({of_anna, {AccessEntry::Subject::group, group, false, {}}}, "Without rolf");
  EXPECT_EQ(told(greta).size(), 1U);
  give_list({of_anna, {AccessEntry::Subject::everyone, 0, false, {}}}, "For all");
  EXPECT_TRUE(told(stig).empty()) << "what everyone may read is shared with nobody in particular";
}

TEST_F(NotificationsTest, OnesOwnDocumentThatCannotBeRead) {
  change(archive.system(),
         [&](Transaction& tx) { set_state(tx, document, DocumentState::quarantined, "bad_file", "it is broken"); });
  const auto heard = told(anna);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].kind, NotificationKind::not_read);
  EXPECT_TRUE(told(rolf).empty());
}

TEST_F(NotificationsTest, AVersionAndTheTrash) {
  change(rolf, [&](Transaction& tx) { follow(tx, rolf, Followed::document, document); });
  const std::string bytes = "another letter";
  core::TempFile file = archive.blobs.new_file();
  file.append(std::as_bytes(std::span(bytes.data(), bytes.size())));
  const core::Sha256 hash = core::Sha256::of(bytes);
  archive.blobs.put(std::move(file), hash);
  change(anna, [&](Transaction& tx) {
    add_document_version(tx, anna, document, std::nullopt, {"letter.pdf", hash, 14});
  });
  ASSERT_EQ(told(rolf).size(), 1U);
  EXPECT_EQ(told(rolf)[0].kind, NotificationKind::new_version);
  change(anna, [&](Transaction& tx) { trash_document(tx, anna, document); });
  EXPECT_TRUE(told(rolf).empty());
}

TEST_F(NotificationsTest, AreKeptForATime) {
  change(rolf, [&](Transaction& tx) { follow(tx, rolf, Followed::document, document); });
  rename(anna, "The letter");
  EXPECT_EQ(told(rolf).size(), 1U);
  archive.clock.advance(std::chrono::hours(24));
  change(archive.system(), [&](Transaction& tx) {
    EXPECT_EQ(remove_notifications_before(tx, tx.now() - std::chrono::hours(48)), 0);
    EXPECT_EQ(remove_notifications_before(tx, tx.now()), 1);
  });
  EXPECT_TRUE(told(rolf).empty());
}

}  // namespace
}  // namespace muniment::storage
