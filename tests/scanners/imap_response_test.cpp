#include "scanners/internal/imap_response.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::scanners {
namespace {

struct Received {
  std::vector<std::string> lines;
  std::vector<std::string> before;  // literals
  std::string bytes;
};

// What the stream makes of `text` when it comes in pieces of `piece` bytes.
Received received(std::string_view text, std::size_t piece) {
  Received result;
  ImapResponseStream stream({[&](const std::string& line) { result.lines.push_back(line); },
                             [&](std::string_view before, std::uint64_t) { result.before.emplace_back(before); },
                             [&](std::span<const std::byte> bytes) {
                               result.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                             }});
  for (std::size_t at = 0; at < text.size(); at += piece) stream.add(std::as_bytes(std::span(text.substr(at, piece))));
  return result;
}

TEST(ImapResponse, IsCutTheSameWayWhereverTheNetworkCuts) {
  const std::string text =
      "* 3 EXISTS\r\n* 1 FETCH (UID 7 BODY[] {14}\r\nA mail\r\n)\r\n* x FLAGS (\\Seen))\r\nA2 OK done\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Received result = received(text, piece);
    EXPECT_EQ(result.bytes, "A mail\r\n)\r\n* x") << piece;
    EXPECT_EQ(result.before, std::vector<std::string>{"* 1 FETCH (UID 7 BODY[] {14}"}) << piece;
    EXPECT_EQ(result.lines,
              (std::vector<std::string>{"* 3 EXISTS", "* 1 FETCH (UID 7 BODY[] {14} FLAGS (\\Seen))", "A2 OK done"}))
        << piece;
  }
}

TEST(ImapResponse, AnEmptyLiteralIsOneToo) {
  const Received result = received("* 1 FETCH (BODY[] {0}\r\n UID 7)\r\n", 5);
  EXPECT_EQ(result.before.size(), 1U);
  EXPECT_EQ(result.lines, std::vector<std::string>{"* 1 FETCH (BODY[] {0} UID 7)"});
}

TEST(ImapResponse, AResponseWithoutEndIsRefused) {
  EXPECT_THROW(received(std::string(70'000, 'x'), 1000), core::Error);
  EXPECT_THROW(received("* 1 FETCH (BODY[] {9000000000000}\r\n", 100), core::Error);
}

TEST(ImapResponse, StatusAndCode) {
  const auto taken = parse_imap_response("a7 NO [TRYCREATE] There is no such folder");
  ASSERT_TRUE(taken.status);
  EXPECT_EQ(taken.tag, "a7");
  EXPECT_EQ(taken.status->kind, ImapStatus::Kind::no);
  EXPECT_EQ(taken.status->code, "TRYCREATE");
  EXPECT_EQ(taken.status->text, "There is no such folder");
  const auto validity = parse_imap_response("* ok [uidvalidity 3857529045] UIDs valid");
  ASSERT_TRUE(validity.status);
  EXPECT_EQ(code_number(*validity.status, "UIDVALIDITY"), 3857529045);
  EXPECT_EQ(code_number(*validity.status, "UIDNEXT"), std::nullopt);
  EXPECT_FALSE(parse_imap_response("* 3 EXISTS").status);
}

TEST(ImapResponse, WhatAFetchTells) {
  const auto listed = parse_imap_response(
      R"(* 12 FETCH (FLAGS (\Seen $Junk) ENVELOPE ("a \") UID 9" NIL ((NIL NIL "x" "y"))) RFC822.SIZE 4096 UID 77))");
  ASSERT_TRUE(listed.fetch);
  EXPECT_EQ(listed.fetch->uid, 77);
  EXPECT_EQ(listed.fetch->size, 4096);
  EXPECT_FALSE(listed.fetch->has_body);
  const auto body = parse_imap_response("* 1 FETCH (UID 5 BODY[] {300})");
  ASSERT_TRUE(body.fetch);
  EXPECT_TRUE(body.fetch->has_body);
  EXPECT_FALSE(body.fetch->short_body);
  const auto quoted = parse_imap_response(R"(* 1 FETCH (BODY[] "a \"short\" mail" UID 5))");
  ASSERT_TRUE(quoted.fetch);
  EXPECT_EQ(quoted.fetch->short_body, R"(a "short" mail)");
  EXPECT_EQ(quoted.fetch->uid, 5);
  const auto header = parse_imap_response("* 1 FETCH (BODY[HEADER.FIELDS (FROM TO)] {20} UID 5)");
  EXPECT_FALSE(header.fetch->has_body);
  EXPECT_EQ(header.fetch->uid, 5);
}

TEST(ImapResponse, NonsenseIsPassedOver) {
  for (const char* line :
       {"", "*", "* ", "* FETCH", "* 1 FETCH", "* 1 FETCH (", "* 1 FETCH (UID", "* 1 FETCH (UID x)", "* 1 FETCH ((((",
        "* 1 FETCH (\"", "* 1 FETCH (BODY[] \"abc", "* 1 FETCH (BODY[", "+ go on",
        "* 1 FETCH (UID 99999999999999999999)", "* OK [", "* 1 FETCH (\\", ")))", "* 1 FETCH (X (\""}) {
    const auto response = parse_imap_response(line);
    if (response.fetch) {
      EXPECT_FALSE(response.fetch->uid) << line;
    }
  }
  EXPECT_EQ(parse_imap_response("* CAPABILITY IMAP4rev1 move UIDPLUS").capabilities,
            (std::vector<std::string>{"IMAP4REV1", "MOVE", "UIDPLUS"}));
}

TEST(ImapResponse, FoldersAreNamedInModifiedUtf7) {
  EXPECT_EQ(imap_folder("INBOX"), "\"INBOX\"");
  EXPECT_EQ(imap_folder("Räkningar"), "\"R&AOQ-kningar\"");
  EXPECT_EQ(imap_folder("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");  // RFC 3501, 5.1.3
  EXPECT_EQ(imap_folder("Tom & \"Jerry\" \\"), R"("Tom &- \"Jerry\" \\")");
  EXPECT_EQ(imap_folder("😀"), "\"&2D3eAA-\"");
}

}  // namespace
}  // namespace muniment::scanners
