#include "storage/mail_addresses.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/accounts.h"
#include "storage/documents.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using core::Error;
using core::ErrorCode;

class MailAddressesTest : public ::testing::Test {
 protected:
  template <typename Act>
  void change(const Principal& who, const Act& act) {
    auto tx = archive.database.begin(who.actor());
    act(tx);
    tx.commit();
  }
  void choose(const MailAddress& wanted) {
    change(anna, [&](Transaction& tx) { choose_mail(tx, anna, wanted); });
  }
  void give(const std::string& address) {
    change(eva, [&](Transaction& tx) { change_mail_address(tx, anna.account_id, address); });
  }
  MailAddress chosen() {
    auto session = archive.database.read();
    return mail_address(session, anna.account_id);
  }
  std::optional<ErrorCode> refusal(const std::string& address) {
    try {
      choose({address, false});
    } catch (const Error& error) {
      return error.code();
    }
    return std::nullopt;
  }
  void rename(const std::string& title) {
    change(eva, [&](Transaction& tx) {
      DocumentChange to;
      to.title = title;
      change_document(tx, eva, document, find_document(tx, eva, document)->version, to);
    });
    make_waiting_notifications(archive.database);
  }
  std::vector<NotificationMail> due() {
    auto session = archive.database.read();
    return notification_mails(session);
  }

  testing::TestArchive archive;
  Principal anna = archive.add_person("anna", Role::staff);
  Principal eva = archive.add_person("eva", Role::admin);
  std::int64_t document = archive.add_document(eva.actor(), "letter.pdf", "the letter");
};

TEST_F(MailAddressesTest, AnAddressIsOneBareAddress) {
  for (const char* wrong : {"anna", "@example.org", "anna@", "a@b@c", "Anna <anna@example.org>", "a@b,c@d", "a b@c",
                            "a@b\r\nBcc: c@d", "\"a\"@b"}) {
    EXPECT_EQ(refusal(wrong), ErrorCode::invalid_argument) << wrong;
  }
  EXPECT_EQ(refusal(std::string(250, 'a') + "@b"), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal("  anna@example.org "), std::nullopt);
  EXPECT_EQ(chosen().address, "anna@example.org");
  EXPECT_FALSE(chosen().notified);
  const auto entries = [&] {
    auto session = archive.database.read();
    return session.value<std::int64_t>("SELECT count(*) FROM audit WHERE action = 'account.mail_changed'").value();
  };
  EXPECT_EQ(entries(), 1);
  choose({"anna@example.org", false});
  EXPECT_EQ(entries(), 1) << "nothing was changed";
}

TEST_F(MailAddressesTest, OnlyThePersonChoosesToBeNotified) {
  EXPECT_THROW(choose({"", true}), Error);
  choose({"anna@example.org", true});
  give("anna@example.org");
  EXPECT_TRUE(chosen().notified) << "it is the same address";
  give("eva@example.org");
  EXPECT_FALSE(chosen().notified) << "what anna may read would go to somebody else";
  choose({"anna@example.org", true});
  Principal token = anna;
  token.represented = true;
  EXPECT_THROW(change(token, [&](Transaction& tx) { choose_mail(tx, token, {"eva@example.org", true}); }), Error);
  EXPECT_TRUE(chosen().notified);
  change(token, [&](Transaction& tx) { change_mail_address(tx, anna.account_id, "eva@example.org"); });
  EXPECT_FALSE(chosen().notified) << "somebody else issued the token";
  give("");
  EXPECT_EQ(chosen().address, "");
  EXPECT_FALSE(chosen().notified);
}

TEST_F(MailAddressesTest, WhatCameBeforeOneChoseOrWasReadOrSentIsNotMailed) {
  change(anna, [&](Transaction& tx) { follow(tx, anna, Followed::document, document); });
  rename("Too early");
  choose({"anna@example.org", true});
  EXPECT_TRUE(due().empty());
  rename("The letter");
  auto mails = due();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].address, "anna@example.org");
  ASSERT_EQ(mails[0].items.size(), 1U);
  EXPECT_EQ(mails[0].items[0].notification.document_title, "The letter");
  EXPECT_TRUE(mails[0].items[0].named);
  change(archive.system(), [&](Transaction& tx) { note_notifications_mailed(tx, anna.account_id, mails[0].up_to); });
  EXPECT_TRUE(due().empty());
  rename("The letter again");
  EXPECT_EQ(due().size(), 1U);
  change(anna, [&](Transaction& tx) { mark_notifications_read(tx, anna, due()[0].up_to); });
  EXPECT_TRUE(due().empty());
}

TEST_F(MailAddressesTest, NothingIsMailedThatTheReceiverMayNotSeeOrThatStaysHere) {
  change(anna, [&](Transaction& tx) { follow(tx, anna, Followed::document, document); });
  choose({"anna@example.org", true});
  rename("The letter");
  change(eva, [&](Transaction& tx) {
    tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", document, tx.now());
  });
  ASSERT_EQ(due().size(), 1U);
  EXPECT_FALSE(due()[0].items[0].named);
  change(eva, [&](Transaction& tx) {
    tx.execute("DELETE FROM restriction");
    DocumentChange to;
    to.own_access_list = create_access_list(tx, "Eva's", {{AccessEntry::Subject::account, eva.account_id, true, {}}});
    change_document(tx, eva, document, find_document(tx, eva, document)->version, to);
  });
  EXPECT_TRUE(due().empty());
}

}  // namespace
}  // namespace muniment::storage
