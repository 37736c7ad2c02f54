#include "server/notification_mailer.h"

#include <sstream>

#include <gmock/gmock.h>

#include "records/holds.h"
#include "storage/documents.h"
#include "storage/mail_addresses.h"
#include "storage/saved_views.h"
#include "storage/view_news.h"
#include "tests/server/smtp_receiver.h"
#include "tests/support/test_archive.h"

namespace muniment::server {
namespace {

using storage::Role;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class NotificationMailerTest : public ::testing::Test {
 protected:
  template <typename Act>
  void change(const storage::Principal& who, const Act& act) {
    auto tx = archive.database.begin(who.actor());
    act(tx);
    tx.commit();
  }
  void follow(const storage::Principal& who, bool by_mail) {
    change(who, [&](storage::Transaction& tx) {
      storage::follow(tx, who, storage::Followed::document, document);
      storage::choose_mail(tx, who, {who.display_name + "@example.org", by_mail});
    });
  }
  void speak_swedish(const storage::Principal& who) {
    change(eva, [&](storage::Transaction& tx) {
      tx.execute("UPDATE account SET language = 'sv' WHERE id = $1", who.account_id);
    });
  }
  void rename(const std::string& title) {
    change(eva, [&](storage::Transaction& tx) {
      storage::DocumentChange to;
      to.title = title;
      storage::change_document(tx, eva, document, storage::find_document(tx, eva, document)->version, to);
    });
  }

  testing::TestArchive archive;
  storage::Principal anna = archive.add_person("anna", Role::staff);
  storage::Principal bo = archive.add_person("bo", Role::staff);
  storage::Principal eva = archive.add_person("eva", Role::admin);
  std::int64_t document = archive.add_document(eva.actor(), "letter.pdf", "words that stay here");
  testing::SmtpReceiver receiver;
  MailSender mail{receiver.options(), archive.clock};
  std::ostringstream log_text;
  core::Log log{archive.clock, log_text};
  NotificationMailer mailer{"https://archive.example.org", archive.database, mail, log};
};

TEST_F(NotificationMailerTest, WhoChoseItIsToldOnceAndOfTitlesOnly) {
  follow(anna, true);
  follow(bo, false);
  rename("The harbour");
  mailer.work({});
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 1U);
  const auto first = receiver.taken().front();
  EXPECT_THAT(first.to, ElementsAre("anna@example.org"));
  EXPECT_THAT(first.text, HasSubstr("Changed: The harbour (by eva)"));
  EXPECT_THAT(first.text, HasSubstr("https://archive.example.org/?doc=" + std::to_string(document)));
  EXPECT_THAT(first.text, Not(HasSubstr("words that stay here")));
  rename("The harbour master");
  mailer.work({});
  EXPECT_EQ(receiver.taken().size(), 1U) << "it is gathered";
  archive.clock.advance(std::chrono::minutes(6));
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 2U);
  EXPECT_THAT(receiver.taken().back().text, HasSubstr("The harbour master"));
}

TEST_F(NotificationMailerTest, WhatIsRestrictedIsNotNamed) {
  follow(anna, true);
  rename("About somebody");
  change(eva, [&](storage::Transaction& tx) {
    tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", document, tx.now());
  });
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().text, HasSubstr("Changed: A document"));
  EXPECT_THAT(receiver.taken().front().text, Not(HasSubstr("About somebody")));
}

TEST_F(NotificationMailerTest, ANewDocumentInAListIsToldWithTheListsName) {
  for (const storage::Principal& who : {anna, bo}) {
    change(who, [&](storage::Transaction& tx) {
      const auto view = storage::create_saved_view(tx, who, {"Letters of " + who.display_name, "q=letter"});
      storage::follow(tx, who, storage::Followed::saved_view, view.id);
      storage::choose_mail(tx, who, {who.display_name + "@example.org", true});
    });
  }
  speak_swedish(bo);
  const std::int64_t arrived = archive.add_document(eva.actor(), "answer.pdf", "the answer");
  change(archive.system(), [&](storage::Transaction& tx) {
    for (const storage::FollowedView& view : storage::followed_views(tx)) storage::tell_of_match(tx, view, arrived);
  });
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 2U);
  EXPECT_THAT(receiver.taken().front().text, HasSubstr("New in a list that you follow, Letters of anna: answer"));
  EXPECT_THAT(receiver.taken().front().text, HasSubstr("/?doc=" + std::to_string(arrived)));
  EXPECT_THAT(receiver.taken().back().text, ContainsRegex("Nytt i en lista som du f.+ljer, Letters of bo: answer"));
}

TEST_F(NotificationMailerTest, AConfidentialHoldIsNotNamed) {
  follow(anna, true);
  change(eva, [&](storage::Transaction& tx) {
    records::place_hold(tx, eva, {"The secret claim", "A claim", "", true, {anna.account_id}});
    records::place_hold(tx, eva, {"The open claim", "A claim", "", false, {anna.account_id}});
  });
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 1U);
  const std::string text = receiver.taken().front().text;
  EXPECT_THAT(text, HasSubstr("Waits for you to acknowledge: A hold (by eva)"));
  EXPECT_THAT(text, HasSubstr("Waits for you to acknowledge: The open claim (by eva)"));
  EXPECT_THAT(text, HasSubstr("(by eva)\r\n  https://archive.example.org/notifications\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST_F(NotificationMailerTest, AnAddressThatIsRefusedHoldsUpNoOther) {
  follow(anna, true);
  follow(bo, true);
  rename("The harbour");
  receiver.refuse("anna@example.org");
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().to, ElementsAre("bo@example.org"));
  EXPECT_THAT(log_text.str(), HasSubstr("550 5.1.1 no such user"));
  receiver.refuse_nothing();
  archive.clock.advance(std::chrono::minutes(6));
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 2U);
  EXPECT_THAT(receiver.taken().back().to, ElementsAre("anna@example.org"));
}

TEST_F(NotificationMailerTest, AMailThatIsRefusedHoldsUpNoOther) {
  follow(anna, true);
  follow(bo, true);
  speak_swedish(anna);
  rename("The harbour");
  receiver.refuse("under Aviseringar");
  mailer.work({});
  ASSERT_EQ(receiver.taken().size(), 1U);
  EXPECT_THAT(receiver.taken().front().to, ElementsAre("bo@example.org"));
  EXPECT_THAT(log_text.str(), HasSubstr("554 5.7.1 not here"));
}

TEST_F(NotificationMailerTest, AMailThatCouldNotBeSentComesLater) {
  follow(anna, true);
  rename("The harbour");
  MailSenderOptions gone = receiver.options();
  gone.port = 1;
  const MailSender unreachable(gone, archive.clock);
  NotificationMailer(std::string(), archive.database, unreachable, log).work({});
  EXPECT_THAT(log_text.str(), HasSubstr("notifications_not_mailed"));
  mailer.work({});
  EXPECT_EQ(receiver.taken().size(), 1U);
}

}  // namespace
}  // namespace muniment::server
