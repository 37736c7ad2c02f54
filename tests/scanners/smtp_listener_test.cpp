#include "scanners/smtp_listener.h"

#include <sstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/documents.h"
#include "storage/source_arrivals.h"
#include "tests/ingest/fake_reader.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/raw_client.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

using testing::RawClient;

class SmtpListenerTest : public testing::TestArchive, public ::testing::Test {
 protected:
  SmtpListenerTest() {
    options_.terms.port = 0;
    options_.terms.networks = {Network::parse("127.0.0.0/8")};
  }
  std::uint16_t start() {
    intake_.emplace(database, blobs, limits_, [] {});
    listener_.emplace(options_, database, blobs, *intake_, reader_, log_);
    return listener_->port();
  }
  std::vector<std::string> documents() {
    auto session = database.read();
    std::vector<std::string> found;
    const auto page = storage::list_documents(session, system(), {}, storage::DocumentOrder::oldest_first, 0, 100);
    for (const auto& document : storage::load_documents(session, system(), page.ids)) {
      found.push_back(document.source + " " + document.components.front().filename);
    }
    return found;
  }
  // The answer to a whole mail.
  static std::string send(std::uint16_t port, const std::string& text) {
    RawClient client(port);
    EXPECT_TRUE(client.receive_until("\r\n").starts_with("220 "));
    client.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<scan@archive>\r\nDATA\r\n");
    for (const char* code : {"250 ", "250 ", "250 ", "354 "}) {
      EXPECT_TRUE(client.receive_until("\r\n").starts_with(code));
    }
    client.send(text + "\r\n.\r\n");
    return client.receive_until("\r\n");
  }

  testing::FakeReader reader_;
  ingest::IntakeOptions limits_ = testing::roomy_intake();
  SmtpListenerOptions options_;
  std::ostringstream log_text_;
  core::Log log_{clock, log_text_};
  std::optional<ingest::Intake> intake_;
  std::optional<SmtpListener> listener_;
};

constexpr const char* kScan = "scan members\nSubject: Scan\npaper.pdf one";

TEST_F(SmtpListenerTest, WhatItAnswersWith250IsInTheArchive) {
  const std::uint16_t port = start();
  EXPECT_TRUE(send(port, kScan).starts_with("250 "));
  EXPECT_EQ(documents(), std::vector<std::string>{"smtp paper.pdf"});
  EXPECT_TRUE(send(port, kScan).starts_with("250 "));  // a device that missed the answer
  EXPECT_EQ(documents().size(), 1U);
  EXPECT_TRUE(send(port, "note members\nSubject: Nothing attached").starts_with("250 "));
  EXPECT_EQ(documents().back(), "smtp mail.eml");
}

TEST_F(SmtpListenerTest, WhoWasTurnedAwayLastIsToldUntilAMailComesIn) {
  options_.terms.senders = {"copier@example.org"};
  const std::uint16_t port = start();
  EXPECT_FALSE(listener_->trouble());
  {
    RawClient client(port);
    client.send("HELO x\r\nNONSENSE\r\nMAIL FROM:<somebody@example.org>\r\nQUIT\r\n");
    EXPECT_NE(client.receive_until("221 ").find("550 "), std::string::npos);
  }
  const auto trouble = listener_->trouble();
  ASSERT_TRUE(trouble);
  EXPECT_TRUE(trouble->problem.starts_with("127.0.0.1: 550 ")) << trouble->problem;
  EXPECT_NE(trouble->problem.find("mail.senders"), std::string::npos);
  EXPECT_EQ(trouble->at, clock.now());
  EXPECT_TRUE(send(port, kScan).starts_with("250 "));
  EXPECT_FALSE(listener_->trouble());
  auto session = database.read();
  EXPECT_EQ(storage::arrivals_of(session, "smtp", "", clock.now()).lately, 1);
}

TEST_F(SmtpListenerTest, OtherTermsHoldForWhoConnectsFromThenOn) {
  const std::uint16_t port = start();
  RawClient connected(port);
  EXPECT_TRUE(connected.receive_until("\r\n").starts_with("220 "));
  MailListenerTerms terms = options_.terms;
  terms.senders = {"printer@example.org"};
  terms.takes = storage::MailTake::mail;
  listener_->change(terms);
  connected.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nQUIT\r\n");
  EXPECT_EQ(connected.receive_until("221 ").find("550 "), std::string::npos);
  RawClient next(port);
  next.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nQUIT\r\n");
  EXPECT_NE(next.receive_until("221 ").find("550 "), std::string::npos);
  terms.senders.clear();
  listener_->change(terms);
  EXPECT_TRUE(send(port, kScan).starts_with("250 "));
  EXPECT_EQ(documents(), std::vector<std::string>{"smtp mail.eml"});
}

TEST_F(SmtpListenerTest, AScanIsTakenWholeWhileNothingCanBeRead) {
  const std::uint16_t port = start();
  reader_.unavailable = true;
  EXPECT_TRUE(send(port, kScan).starts_with("250 "));
  EXPECT_EQ(documents(), std::vector<std::string>{"smtp mail.eml"});
}

TEST_F(SmtpListenerTest, AFullDiskIsToldBeforeTheMailIsSent) {
  limits_.free_floor_bytes = 1ULL << 60;
  RawClient client(start());
  client.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<scan@archive>\r\nDATA\r\nQUIT\r\n");
  EXPECT_NE(client.receive_until("221 ").find("\r\n452 4.3.1 "), std::string::npos);
  EXPECT_TRUE(documents().empty());
}

TEST_F(SmtpListenerTest, NobodyFromElsewhereIsHeard) {
  options_.terms.networks = {Network::parse("10.0.0.0/8")};
  RawClient client(start());
  EXPECT_TRUE(client.receive_until("\r\n").starts_with("554 "));
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(listener_->trouble()) << "no stranger makes it one that fails";
  listener_.reset();
  EXPECT_NE(log_text_.str().find("smtp_refused"), std::string::npos);
}

TEST_F(SmtpListenerTest, OnlySoManyAtOnce) {
  options_.terms.connections = 1;
  const std::uint16_t port = start();
  {
    RawClient first(port);
    EXPECT_TRUE(first.receive_until("\r\n").starts_with("220 "));
    RawClient second(port);
    EXPECT_TRUE(second.receive_until("\r\n").starts_with("421 "));
    first.send("QUIT\r\n");
    first.receive_until("goodbye\r\n");
    EXPECT_TRUE(first.is_closed());
  }
  // Its end is noticed a moment after the client sees it.
  std::string greeting;
  while (!greeting.starts_with("220 ")) greeting = RawClient(port).receive_until("\r\n");
}

TEST_F(SmtpListenerTest, ASilentClientIsSentAway) {
  options_.patience = std::chrono::milliseconds(20);
  RawClient client(start());
  EXPECT_NE(client.receive_until("421 ").find("421 "), std::string::npos);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(SmtpListenerTest, StoppingTellsWhoIsInTheMiddle) {
  RawClient client(start());
  client.send("HELO copier\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<scan@archive>\r\nDATA\r\nhalf a mail");
  EXPECT_NE(client.receive_until("354 ").find("354 "), std::string::npos);
  listener_.reset();
  EXPECT_NE(client.receive_until("421 ").find("421 "), std::string::npos);
  EXPECT_TRUE(documents().empty());
}

}  // namespace
}  // namespace muniment::scanners
