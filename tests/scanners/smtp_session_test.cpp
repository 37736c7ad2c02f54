#include "scanners/internal/smtp_session.h"

#include <gtest/gtest.h>

namespace muniment::scanners {
namespace {

using core::Error;
using core::ErrorCode;

struct Listener {
  SmtpPolicy policy;
  std::vector<std::string> kept;
  std::string coming;
  std::optional<Error> on_begin, on_bytes, on_keep;

  // What a client that says `text`, in pieces of `piece` bytes, is answered: the codes, one a line.
  std::string codes(std::string_view text, std::size_t piece = 1'000'000) {
    SmtpSession session(policy, {[&] {
                                   if (on_begin) throw *on_begin;
                                   coming.clear();
                                 },
                                 [&](std::string_view bytes) {
                                   if (on_bytes) throw *on_bytes;
                                   coming += bytes;
                                 },
                                 [&] {
                                   if (on_keep) throw *on_keep;
                                   kept.push_back(coming);
                                 }});
    std::string answers;
    for (std::size_t at = 0; at < text.size(); at += piece) answers += session.add(text.substr(at, piece));
    std::string result;
    for (std::size_t at = 0; at < answers.size();) {
      const auto end = answers.find("\r\n", at);
      EXPECT_NE(end, std::string::npos) << answers;
      if (answers.at(at + 3) == ' ') result += (result.empty() ? "" : " ") + answers.substr(at, 3);
      at = end + 2;
    }
    return result + (session.is_over() ? " over" : "");
  }
};

const std::string kBegin = "EHLO copier\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<scan@archive>\r\nDATA\r\n";

TEST(SmtpSession, TakesAMailHoweverItArrives) {
  const std::string text =
      kBegin + "Subject: x\r\n\r\n..a\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nDATA\r\n.\r\nQUIT\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    Listener listener;
    EXPECT_EQ(listener.codes(text, piece), "250 250 250 354 250 250 250 354 250 221 over") << piece;
    EXPECT_EQ(listener.kept, (std::vector<std::string>{"Subject: x\r\n\r\n.a\r\n", ""})) << piece;
  }
}

TEST(SmtpSession, WhatCameInClearBeforeTlsCountsForNothing) {
  SmtpPolicy policy;
  SmtpSession plain(policy, {});
  EXPECT_EQ(plain.add("EHLO a\r\nSTARTTLS\r\n").find("STARTTLS"), std::string::npos);
  EXPECT_FALSE(plain.wants_tls());
  policy.offers_tls = true;
  SmtpSession session(policy, {});
  EXPECT_NE(session.add("EHLO a\r\nMAIL FROM:<a@b>\r\n").find("250-STARTTLS\r\n"), std::string::npos);
  EXPECT_EQ(session.add("STARTTLS\r\nMAIL FROM:<evil@b>\r\nRCP"), "220 2.0.0 go on\r\n");
  EXPECT_TRUE(session.wants_tls());
  EXPECT_EQ(session.add("NOOP\r\n"), "");
  session.protected_now();
  EXPECT_TRUE(session.add("RCPT TO:<b@c>\r\n").starts_with("503 ")) << "there is no sender any more";
  EXPECT_EQ(session.add("EHLO a\r\n").find("STARTTLS"), std::string::npos);
  EXPECT_TRUE(session.add("STARTTLS\r\n").starts_with("502 ")) << "once is enough";
}

TEST(SmtpSession, OnlyALineWithADotEndsAMail) {
  for (const auto& [sent, kept] : std::vector<std::pair<std::string, std::string>>{
           {"a\n.\nb", "a\n.\nb"},
           {"a\n.\r\nb", "a\n.\r\nb"},
           {"a\r.\r\nb", "a\r.\r\nb"},
           {"a\r\n.\rb", "a\r\n\rb"},
           {"a\r\n.\nb", "a\r\n\nb"},
           {"a\r\r\n..", "a\r\r\n."},
           {"a\r\n...b", "a\r\n..b"},
       }) {
    Listener listener;
    EXPECT_EQ(listener.codes(kBegin + sent + "\r\n.\r\n"), "250 250 250 354 250");
    EXPECT_EQ(listener.kept, std::vector<std::string>{kept + "\r\n"});
  }
}

TEST(SmtpSession, WhatIsNotKeptIsNotSaidToBe) {
  const std::string mail = kBegin + "text\r\n.\r\nRSET\r\n";
  const Error full(ErrorCode::storage_full, "the disk is full"), away(ErrorCode::unavailable, "not now"),
      kind(ErrorCode::unsupported_type, "not this kind"), disk(ErrorCode::io, "the disk is gone\r\n250 really");
  Listener begin;
  begin.on_begin = full;
  EXPECT_EQ(begin.codes(mail), "250 250 250 452 502 502 250");  // its lines are taken for commands
  Listener bytes;
  bytes.on_bytes = disk;
  EXPECT_EQ(bytes.codes(mail), "250 250 250 354 451 250");
  for (const auto& [error, code] : {std::pair(full, "452"), std::pair(away, "451"), std::pair(kind, "554")}) {
    Listener keep;
    keep.on_keep = error;
    EXPECT_EQ(keep.codes(mail), std::string("250 250 250 354 ") + code + " 250");
    EXPECT_TRUE(keep.kept.empty());
  }
}

TEST(SmtpSession, RefusesWhoAndWhatIsNotAllowed) {
  Listener listener;
  listener.policy.senders = {"copier@example.org", "*@scanners.example.org"};
  listener.policy.recipients = {"scan@archive"};
  listener.policy.most_bytes = 1000;
  EXPECT_EQ(listener.codes("HELO x\r\nMAIL FROM:<spam@example.com>\r\nRCPT TO:<scan@archive>\r\n"), "250 550 503");
  EXPECT_EQ(listener.codes("HELO x\r\nMAIL FROM:<a@SCANNERS.example.org> BODY=8BITMIME SIZE=10\r\n"), "250 250");
  EXPECT_EQ(listener.codes("HELO x\r\nmail from: copier@example.org\r\nrcpt to: scan@archive\r\n"), "250 250 250");
  EXPECT_EQ(listener.codes("HELO x\r\nMAIL FROM:<copier@example.org>\r\nRCPT TO:<victim@elsewhere>\r\nDATA\r\n"),
            "250 250 550 503");
  EXPECT_EQ(listener.codes("HELO x\r\nMAIL FROM:<copier@example.org> SIZE=1001\r\n"), "250 552");
  EXPECT_EQ(listener.codes(kBegin + std::string(1001, 'a') + "\r\n.\r\nNOOP\r\n"), "250 250 250 354 552 250");
  EXPECT_EQ(listener.codes("MAIL FROM:<copier@example.org>\r\nDATA\r\nRCPT TO:<scan@archive>\r\n"), "503 503 503");
  EXPECT_EQ(listener.codes("HELO x\r\nMAIL FROM:<copier\r\nMAIL\r\nSTARTTLS\r\nAUTH PLAIN x\r\n"),
            "250 501 501 502 502");
  EXPECT_TRUE(listener.kept.empty());
}

TEST(SmtpSession, NonsenseEndsTheConversation) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "GET / HTTP/1.1\r\n";
  Listener listener;
  const std::string codes = listener.codes(text);
  EXPECT_TRUE(codes.ends_with("502 421 over")) << codes;
  EXPECT_EQ(listener.codes(std::string(100'000, 'x') + "\r\nNOOP\r\n", 1000), "500 250");
}

}  // namespace
}  // namespace muniment::scanners
