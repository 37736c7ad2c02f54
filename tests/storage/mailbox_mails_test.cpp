#include "storage/mailbox_mails.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "storage/mailboxes.h"
#include "tests/support/test_archive.h"

namespace muniment::storage {
namespace {

using std::chrono::minutes;

struct MailboxMails : testing::TestArchive, ::testing::Test {
  SealingKey key{data.keys(), random};
  std::int64_t mailbox = 0;

  MailboxMails() {
    MailboxTerms terms;
    terms.name = "Office";
    terms.host = "mail.example.org";
    terms.login = "archive";
    change([&](Transaction& tx) { mailbox = create_mailbox(tx, key, terms, "secret"); });
  }
  template <typename Work>
  void change(const Work& work) {
    auto tx = database.begin(Actor::system("test"));
    work(tx);
    tx.commit();
  }
  MailIdentity mail(std::int64_t uid, std::int64_t validity = 1) { return {mailbox, "INBOX", validity, uid}; }
  std::vector<std::int64_t> to_retry() {
    auto session = database.read();
    return mails_to_retry(session, mailbox, "INBOX", 1, clock.now());
  }
};

TEST_F(MailboxMails, NewsDoNotCutThePauseAfterAFailureShort) {
  const auto visited = [&](std::string_view problem) {
    change([&](Transaction& tx) {
      record_visit(tx, find_mailbox(tx, mailbox).value(), clock.now() + minutes(60), problem);
    });
  };
  const auto is_due_after_news = [&] {
    change([&](Transaction& tx) { bring_visit_forward(tx, mailbox); });
    auto session = database.read();
    return find_mailbox(session, mailbox)->visit_after <= clock.now();
  };
  visited("");
  EXPECT_TRUE(is_due_after_news());
  visited("the mail server refuses the login or the password");
  EXPECT_FALSE(is_due_after_news());
  visited("");
  EXPECT_TRUE(is_due_after_news());
}

TEST_F(MailboxMails, EachHasOneStateThatOnlyGoesOn) {
  change([&](Transaction& tx) {
    record_mail_failed(tx, mail(1), "not now", false);
    record_mail_taken(tx, mail(2), std::nullopt, false);
    record_mail_taken(tx, mail(3), std::nullopt, true);
    record_mail_done(tx, mail(5));
    record_mail_done(tx, mail(9, 2));
  });
  auto session = database.read();
  EXPECT_EQ(last_mail(session, mailbox, "INBOX", 1), 5);
  EXPECT_EQ(last_mail(session, mailbox, "INBOX", 2), 9);
  EXPECT_EQ(last_mail(session, mailbox, "INBOX", 3), 0);  // the server has numbered its mails anew
  EXPECT_EQ(last_mail(session, mailbox, "Other", 1), 0);
  EXPECT_EQ(mails_to_finish(session, mailbox, "INBOX", 1), std::vector<std::int64_t>{2});
  EXPECT_EQ(to_retry(), std::vector<std::int64_t>{1});
  change([&](Transaction& tx) {
    record_mail_taken(tx, mail(1), std::nullopt, false);
    record_mail_done(tx, mail(2));
  });
  EXPECT_EQ(mails_to_finish(session, mailbox, "INBOX", 1), std::vector<std::int64_t>{1});
  EXPECT_TRUE(to_retry().empty());
  EXPECT_TRUE(failed_mails(session, mailbox).empty());
  EXPECT_EQ(mail_counts(session, mailbox).taken, 5);
}

TEST_F(MailboxMails, NumbersAnewTakeThePlaceOfEarlierOnes) {
  change([&](Transaction& tx) {
    record_mail_done(tx, mail(1, 5));
    record_mail_failed(tx, mail(2, 5), "not now", false);
    record_mail_failed(tx, mail(1, 6), "not now", false);
  });
  auto session = database.read();
  EXPECT_EQ(mail_counts(session, mailbox).failed, 2);
  change([&](Transaction& tx) { forget_earlier_numbers(tx, mailbox, "INBOX", 6); });
  EXPECT_EQ(mail_counts(session, mailbox).failed, 1);
  EXPECT_EQ(mail_counts(session, mailbox).taken, 1);
  // A folder that is looked through no more has nothing to complain of; what is known of it stays.
  change([&](Transaction& tx) {
    MailboxTerms terms = find_mailbox(tx, mailbox)->terms;
    terms.folders = {"Other"};
    change_mailbox(tx, key, mailbox, 1, terms, {});
  });
  EXPECT_EQ(mail_counts(session, mailbox).failed, 0);
  EXPECT_TRUE(failed_mails(session, mailbox).empty());
  EXPECT_EQ(mails_to_retry(session, mailbox, "INBOX", 6, clock.now()).size(), 1U);
}

TEST_F(MailboxMails, AFailedOneIsTriedAtEverLongerIntervals) {
  const auto fail = [&] { change([&](Transaction& tx) { record_mail_failed(tx, mail(1), "not now", false); }); };
  fail();
  EXPECT_EQ(to_retry().size(), 1U);
  fail();
  EXPECT_EQ(to_retry().size(), 1U);
  for (const int pause : {1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360}) {
    fail();
    clock.advance(minutes(pause) - std::chrono::microseconds(1));
    EXPECT_TRUE(to_retry().empty()) << pause;
    clock.advance(std::chrono::microseconds(1));
    EXPECT_EQ(to_retry().size(), 1U) << pause;
  }
  auto session = database.read();
  EXPECT_EQ(failed_mails(session, mailbox).at(0).attempts, 13);
}

TEST_F(MailboxMails, WhatDoesNotChangeByItselfWaitsForAPerson) {
  change([&](Transaction& tx) { record_mail_failed(tx, mail(1), "too large", true); });
  clock.advance(std::chrono::hours(1000));
  EXPECT_TRUE(to_retry().empty());
  change([&](Transaction& tx) { request_visit(tx, mailbox); });
  EXPECT_EQ(to_retry().size(), 1U);
}

TEST_F(MailboxMails, OneIsTriedAgainByItself) {
  change([&](Transaction& tx) {
    record_visit(tx, find_mailbox(tx, mailbox).value(), clock.now() + minutes(60), "");
    record_mail_failed(tx, mail(1), "too large", true);
    record_mail_failed(tx, mail(2), "too large", true);
  });
  change([&](Transaction& tx) { retry_mail(tx, mail(2)); });
  EXPECT_EQ(to_retry(), std::vector<std::int64_t>{2});
  auto session = database.read();
  EXPECT_LE(find_mailbox(session, mailbox)->visit_after, clock.now());
  EXPECT_THROW(change([&](Transaction& tx) { retry_mail(tx, mail(3)); }), core::Error);
  EXPECT_THROW(change([&](Transaction& tx) { retry_mail(tx, mail(2, 7)); }), core::Error) << "of other numbers";
}

TEST_F(MailboxMails, OneThatIsLeftIsNoFailureAnyMoreAndTheLogSaysWho) {
  change([&](Transaction& tx) {
    record_mail_failed(tx, mail(1), "not now", false, {"Ann <ann@example.org>", "The minutes", "2026-11-20"});
    record_mail_done(tx, mail(2));
  });
  change([&](Transaction& tx) { leave_mail(tx, mail(1)); });
  auto session = database.read();
  EXPECT_EQ(mail_counts(session, mailbox).failed, 0);
  EXPECT_TRUE(to_retry().empty());
  EXPECT_EQ(last_mail(session, mailbox, "INBOX", 1), 2) << "it is not looked at anew";
  AuditFilter filter;
  filter.action = "mailbox.mail_left";
  const auto entries = list_audit(session, filter, 0, 10);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_NE(entries[0].detail.find(R"("uid":1)"), std::string::npos) << entries[0].detail;
  EXPECT_THROW(change([&](Transaction& tx) { leave_mail(tx, mail(1)); }), core::Error) << "once";
  EXPECT_THROW(change([&](Transaction& tx) { leave_mail(tx, mail(2)); }), core::Error) << "it never failed";
}

TEST_F(MailboxMails, OneThatIsLeftWhileItIsTriedAgainStaysLeft) {
  change([&](Transaction& tx) { record_mail_failed(tx, mail(1), "not now", false); });
  change([&](Transaction& tx) { leave_mail(tx, mail(1)); });
  change([&](Transaction& tx) { record_mail_failed(tx, mail(1), "cut", false, {"Ann", "The minutes", ""}); });
  auto session = database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM mailbox_mail WHERE state = 'done' AND problem = '' AND "
                                        "sender = '' AND subject = '' AND retry_after IS NULL"),
            1);
}

TEST_F(MailboxMails, WhatAFailedOneIsKnownByIsForgottenOnceItIsDealtWith) {
  const MailHeading heading{"Ann <ann@example.org>", "The minutes", "2026-11-20"};
  change([&](Transaction& tx) {
    for (const std::int64_t uid : {1, 2}) record_mail_failed(tx, mail(uid), "not now", false, heading);
  });
  change([&](Transaction& tx) { record_mail_failed(tx, mail(1), "cut", false); });
  {
    auto session = database.read();
    for (const FailedMail& failed : failed_mails(session, mailbox)) {
      EXPECT_EQ(failed.heading.subject, "The minutes") << failed.uid;
      EXPECT_EQ(failed.heading.sender, heading.sender);
      EXPECT_EQ(failed.heading.written, "2026-11-20");
    }
  }
  change([&](Transaction& tx) {
    record_mail_taken(tx, mail(1), std::nullopt, true);
    record_mail_done(tx, mail(2));
  });
  auto session = database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM mailbox_mail WHERE sender || subject || written <> ''"),
            0);
}

TEST_F(MailboxMails, ItIsKnownSinceWhenTheVisitsFail) {
  const auto visit = [&](std::string_view problem) {
    clock.advance(minutes(5));
    change([&](Transaction& tx) { record_visit(tx, find_mailbox(tx, mailbox).value(), clock.now(), problem); });
    auto session = database.read();
    return find_mailbox(session, mailbox)->failing_since;
  };
  EXPECT_FALSE(visit(""));
  const auto since = visit("cut");
  EXPECT_EQ(since, clock.now());
  EXPECT_EQ(visit("refused"), since);
  EXPECT_FALSE(visit(""));
}

TEST_F(MailboxMails, AVisitThatWasAskedForMeanwhileStaysDue) {
  const Mailbox before = [&] {
    auto session = database.read();
    return find_mailbox(session, mailbox).value();
  }();
  clock.advance(minutes(1));
  const core::Time asked = clock.now();
  change([&](Transaction& tx) { request_visit(tx, mailbox); });
  clock.advance(minutes(1));
  change([&](Transaction& tx) { record_visit(tx, before, clock.now() + minutes(5), "cut"); });
  auto session = database.read();
  Mailbox now = find_mailbox(session, mailbox).value();
  EXPECT_EQ(now.visit_after, asked);
  EXPECT_EQ(now.failures, 1);
  change([&](Transaction& tx) { record_visit(tx, now, clock.now() + minutes(5), ""); });
  now = find_mailbox(session, mailbox).value();
  EXPECT_EQ(now.visit_after, clock.now() + minutes(5));
  EXPECT_EQ(now.failures, 0);
  EXPECT_EQ(now.version, before.version);
}

TEST_F(MailboxMails, ASealedSecretOpensOnlyWithItsKeyForItsPurpose) {
  const Blob sealed = key.seal("secret", "this");
  EXPECT_EQ(sealed.bytes.find("secret"), std::string::npos);
  EXPECT_NE(sealed.bytes, key.seal("secret", "this").bytes);
  EXPECT_EQ(SealingKey(data.keys(), random).open(sealed, "this"), "secret");
  EXPECT_THROW(key.open(sealed, "that"), core::Error);
  for (std::size_t i = 0; i < sealed.bytes.size(); ++i) {
    Blob altered = sealed;
    altered.bytes[i] = static_cast<char>(altered.bytes[i] ^ 1);
    EXPECT_THROW(key.open(altered, "this"), core::Error);
    EXPECT_THROW(key.open({sealed.bytes.substr(0, i)}, "this"), core::Error);
  }
  testing::TempDirectory elsewhere;
  EXPECT_THROW(SealingKey(elsewhere.path(), random).open(sealed, "this"), core::Error);
}

}  // namespace
}  // namespace muniment::storage
