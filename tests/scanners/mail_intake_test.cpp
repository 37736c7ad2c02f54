#include "scanners/internal/mail_intake.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "scanners/internal/mail_pattern.h"
#include "storage/documents.h"
#include "storage/mailboxes.h"
#include "storage/members.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

using storage::MailRule;
using storage::MailTake;

TEST(MailPattern, FitsWhatContainsItOrIsWhollyLikeIt) {
  for (const auto& [pattern, text, fits] : std::vector<std::tuple<const char*, const char*, bool>>{
           {"", "", true},
           {"", "anything", true},
           {"INVOICE", "Your invoice 17", true},
           {"invoice", "Your receipt", false},
           {"*.pdf", "scan.PDF", true},
           {"*.pdf", "scan.pdf.exe", false},
           {"a*b*c", "aXbYbZc", true},
           {"a*b*c", "aXbYbZ", false},
           {"*", "", true},
           {"**a", "banana", true},
           {"räkning*", "RÄKNINGAR", true},
           {"abc", "ab", false},
       }) {
    EXPECT_EQ(pattern_fits(pattern, text), fits) << pattern << " | " << text;
  }
}

class MailIntakeTest : public testing::TestArchive, public ::testing::Test {
 protected:
  MailIntakeTest() {
    limits_.max_file_bytes = 200;
    intake_.emplace(database, blobs, limits_, [] {});
    mails_.emplace(database, *intake_, reader_, ingest::MemberLimits());
  }

  core::TempFile file_of(std::string_view text) {
    core::TempFile file = blobs.new_file();
    file.append(std::as_bytes(std::span(text)));
    return file;
  }
  // Returns what was told to the caller: the document, 0 for attachments.
  std::int64_t take(std::string_view text, const MailRule& rule) {
    const core::TempFile file = file_of(text);
    std::int64_t told = -1;
    mails_->take(system(), {file, "mail.eml", "mailbox"}, {rule},
                 [&](storage::Transaction&, std::optional<std::int64_t> document) { told = document.value_or(0); }, {});
    return told;
  }
  std::string rule_for(std::string_view text, const std::vector<MailRule>& rules) {
    const core::TempFile file = file_of(text);
    return std::string(storage::take_name(mails_->match({file, "mail.eml", "mailbox", "INBOX"}, rules, {}).rule.takes));
  }
  std::vector<std::string> filenames() {
    auto session = database.read();
    std::vector<std::string> names;
    const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 100);
    for (const auto& document : storage::load_documents(session, system(), page.ids)) {
      names.push_back(document.components.front().filename);
    }
    return names;
  }

  testing::FakeReader reader_;
  ingest::IntakeOptions limits_ = testing::roomy_intake();
  std::optional<ingest::Intake> intake_;
  std::optional<MailIntake> mails_;
};

constexpr const char* kLetter =
    "letter members\nFrom: Anna Berg <anna@example.org>\nSubject: Invoice 17\ninvoice.pdf a bill";

TEST_F(MailIntakeTest, TheFirstRuleThatFitsHolds) {
  MailRule ignored;
  ignored.takes = MailTake::nothing;
  MailRule attachments;
  attachments.takes = MailTake::attachments;
  EXPECT_EQ(rule_for(kLetter, {}), "mail");
  EXPECT_EQ(rule_for(kLetter, {ignored, attachments}), "nothing");
  const auto with = [](MailRule rule, std::string MailRule::*field, const char* pattern) {
    rule.*field = pattern;
    return rule;
  };
  EXPECT_EQ(rule_for(kLetter, {with(ignored, &MailRule::sender, "example.com"),
                               with(attachments, &MailRule::sender, "anna@EXAMPLE.org")}),
            "attachments");
  EXPECT_EQ(rule_for(kLetter, {with(ignored, &MailRule::subject, "Anna"),  // in another header
                               with(attachments, &MailRule::subject, "invoice *")}),
            "attachments");
  EXPECT_EQ(rule_for(kLetter, {with(ignored, &MailRule::attachment, "*.doc"),
                               with(attachments, &MailRule::attachment, "*.pdf")}),
            "attachments");
  EXPECT_EQ(rule_for(kLetter, {with(ignored, &MailRule::folder, "Spam")}), "mail");
  EXPECT_EQ(rule_for(kLetter, {with(with(ignored, &MailRule::folder, "inbox"), &MailRule::subject, "receipt")}),
            "mail");
}

TEST_F(MailIntakeTest, AMailThatCannotBeReadIsTakenWhole) {
  MailRule ignored;
  ignored.takes = MailTake::nothing;
  ignored.subject = "x";
  EXPECT_EQ(rule_for("letter crash\nSubject: x", {ignored}), "mail");
  reader_.unavailable = true;
  EXPECT_THROW(rule_for(kLetter, {ignored}), core::Error);
}

TEST_F(MailIntakeTest, TheDocumentAndWhatIsToldOfItAreOne) {
  const core::TempFile file = file_of(kLetter);
  EXPECT_THROW(mails_->take(system(), {file, "mail.eml", "mailbox"}, {},
                            [](storage::Transaction&, std::optional<std::int64_t>) {
                              throw core::Error(core::ErrorCode::io, "the disk is gone");
                            },
                            {}),
               core::Error);
  EXPECT_TRUE(filenames().empty());
  const std::int64_t number = take(kLetter, {});
  EXPECT_GT(number, 0);
  EXPECT_EQ(take(kLetter, {}), number);
  EXPECT_EQ(filenames(), std::vector<std::string>{"mail.eml"});
}

TEST_F(MailIntakeTest, WhatLiesInTheTrashIsNoReasonToLeaveAMailOut) {
  const std::int64_t number = take(kLetter, {});
  auto tx = database.begin(storage::Actor::system("test"));
  storage::trash_document(tx, storage::system_principal(tx, "test"), number);
  tx.commit();
  EXPECT_NE(take(kLetter, {}), number);
}

TEST_F(MailIntakeTest, AttachmentsComeInOnceEach) {
  MailRule rule;
  rule.takes = MailTake::attachments;
  const char* mail = "scan members\nSubject: Scan\na.pdf one\nb.pdf two";
  EXPECT_EQ(take(mail, rule), 0);
  EXPECT_EQ(take(mail, rule), 0);
  EXPECT_EQ(filenames(), (std::vector<std::string>{"a.pdf", "b.pdf"}));
}

TEST_F(MailIntakeTest, AttachmentsShowWhoSentThemAndWhatAbout) {
  MailRule rule;
  rule.takes = MailTake::attachments;
  take(kLetter, rule);
  auto session = database.read();
  const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 1);
  ASSERT_EQ(page.ids.size(), 1U);
  EXPECT_EQ(storage::message_headers(session, page.ids[0]),
            (std::vector<storage::MessageHeader>{{"From", "Anna Berg <anna@example.org>"}, {"Subject", "Invoice 17"}}));
}

TEST_F(MailIntakeTest, HeadersThatARuleHasLookedAtAreNotReadAgain) {
  MailRule rule;
  rule.takes = MailTake::attachments;
  rule.subject = "invoice";
  const core::TempFile file = file_of(kLetter);
  const ReceivedMail mail{file, "mail.eml", "mailbox"};
  const auto match = mails_->match(mail, {rule}, {});
  mails_->take(system(), mail, match, [](storage::Transaction&, std::optional<std::int64_t>) {}, {});
  EXPECT_EQ(reader_.inspected(), 1);
  auto session = database.read();
  const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 2);
  ASSERT_EQ(page.ids.size(), 1U);
  EXPECT_EQ(storage::message_headers(session, page.ids[0]).size(), 2U);
}

TEST_F(MailIntakeTest, TheWholeMailComesInWhenItsAttachmentsCannot) {
  MailRule rule;
  rule.takes = MailTake::attachments;
  EXPECT_GT(take("empty members\nSubject: Nothing attached", rule), 0);
  limits_.allowed_types = {"text/plain"};
  intake_.emplace(database, blobs, limits_, [] {});
  EXPECT_GT(take("picture members\nSubject: A kind that is refused\nGIF89a and more", rule), 0);
  EXPECT_EQ(filenames(), (std::vector<std::string>{"mail.eml", "mail.eml"}));
}

TEST_F(MailIntakeTest, ItIsFiledAsTheRuleSays) {
  MailRule rule;
  {
    auto tx = database.begin(storage::Actor::system("test"));
    rule.filing.type_id = storage::ensure_name(tx, storage::Vocabulary::type, "Letter").id;
    rule.filing.tag_ids = {storage::ensure_name(tx, storage::Vocabulary::tag, "in").id};
    tx.commit();
  }
  const std::int64_t number = take(kLetter, rule);
  auto session = database.read();
  const auto document = storage::find_document(session, system(), number).value();
  EXPECT_EQ(document.type->name, "Letter");
  ASSERT_EQ(document.tags.size(), 1U);
  EXPECT_EQ(document.source, "mailbox");
}

}  // namespace
}  // namespace muniment::scanners
