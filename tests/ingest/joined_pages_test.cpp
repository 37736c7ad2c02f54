#include "ingest/internal/joined_pages.h"

#include <filesystem>

#include <gmock/gmock.h>

#include "core/base64.h"
#include "core/error.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class JoinedPagesTest : public FormatsTest {
 protected:
  struct Joined {
    std::vector<storage::MailPart> parts;
    std::vector<std::string> pages;  // their text
  };
  static Joined joined(const Source& mail, const MemberLimits& limits = {}) {
    const core::FileDescriptor pdf = memory_file();
    Joined joined{write_joined_pages(*extractor_, mail, limits, std::filesystem::temp_directory_path(), pdf, {}), {}};
    const std::string bytes = content(pdf);
    EXPECT_TRUE(bytes.starts_with("%PDF"));
    for (const auto& page : read(bytes)) joined.pages.push_back(page.text());
    return joined;
  }

  static std::string part(const std::string& type, const std::string& name, const std::string& bytes) {
    return "--b\r\nContent-Type: " + type + "\r\nContent-Disposition: attachment; filename=\"" + name +
           "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           core::to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}) + "\r\n";
  }
  static std::string mail_of(const std::string& parts) {
    return "Received: from here\r\nFrom: anna@example.org\r\nSubject: Papers\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAs agreed.\r\n" +
           parts + "--b--\r\n";
  }
};

TEST_F(JoinedPagesTest, TheMailsPagesComeFirstAndThoseOfItsAttachmentsFollow) {
  const std::string inner =
      "From: x@example.org\r\nReceived: from there\r\nSubject: Inner\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nwithin\r\n"
      "--c\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=deep.txt\r\n\r\ndeepest\r\n--c--";
  const std::string pdf = pdf_with("BT /Helvetica 12 Tf 50 700 Td (The printed page) Tj ET");
  const File file(
      mail_of(part("text/plain", "terms.txt", "Terms about quinces.") + part("application/pdf", "p.pdf", pdf) +
              part("application/octet-stream", "tool.bin",
                   std::string("\x7F"
                               "ELF\1\2\3\0\0\0",
                               10)) +
              "--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n"),
      "letter.eml");
  const Joined found = joined(file.source);
  ASSERT_EQ(found.pages.size(), 5U);
  EXPECT_THAT(found.pages[0], HasSubstr("As agreed."));
  EXPECT_THAT(found.pages[1], HasSubstr("quinces"));
  EXPECT_THAT(found.pages[2], HasSubstr("The printed page"));
  EXPECT_THAT(found.pages[3], HasSubstr("within"));
  EXPECT_THAT(found.pages[4], HasSubstr("deepest"));
  ASSERT_EQ(found.parts.size(), 4U);
  EXPECT_EQ(found.parts[0].filename, "terms.txt");
  EXPECT_EQ(found.parts[0].size, 20U);
  EXPECT_EQ(found.parts[0].first_page, 2);
  EXPECT_EQ(found.parts[1].first_page, 3);
  EXPECT_EQ(found.parts[2].first_page, 0) << "a program has no pages";
  EXPECT_EQ(found.parts[2].page_count, 0);
  EXPECT_EQ(found.parts[3].filename, "Inner.eml");
  EXPECT_EQ(found.parts[3].first_page, 4);
  EXPECT_EQ(found.parts[3].page_count, 2) << "with what is attached to it";
  for (const storage::MailPart& one : found.parts) EXPECT_THAT(one.problem, IsEmpty()) << one.filename;
}

TEST_F(JoinedPagesTest, WhatCannotBeReadIsLeftOutWithItsReason) {
  const File file(mail_of(part("application/pdf", "broken.pdf", "%PDF-1.7 and nothing more") +
                          part("text/plain", "note.txt", "A note.")),
                  "letter.eml");
  const Joined found = joined(file.source);
  ASSERT_EQ(found.parts.size(), 2U);
  EXPECT_THAT(found.parts[0].problem, Not(IsEmpty()));
  EXPECT_EQ(found.parts[0].page_count, 0);
  EXPECT_EQ(found.parts[1].first_page, 2);
  EXPECT_EQ(found.pages.size(), 2U);
}

TEST_F(JoinedPagesTest, MoreThanMayBeIsRefused) {
  const File file(mail_of(part("text/plain", "a.txt", "one") + part("text/plain", "b.txt", "two")), "letter.eml");
  try {
    joined(file.source, {.count = 1});
    ADD_FAILURE() << "two files were taken where one may be";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ErrorCode::too_large);
  }
}

TEST_F(JoinedPagesTest, OfVeryManyAttachmentsTheLastAreNamedOnly) {
  std::string parts;
  for (int i = 1; i <= 70; ++i) parts += part("application/x-thing", std::to_string(i) + ".thing", "\1\2");
  const File file(mail_of(parts + part("text/plain", "last.txt", "the last")), "letter.eml");
  const Joined found = joined(file.source);
  ASSERT_EQ(found.parts.size(), 71U);
  EXPECT_THAT(found.parts.front().problem, IsEmpty());
  EXPECT_THAT(found.parts.back().problem, HasSubstr("no room"));
  EXPECT_EQ(found.parts.back().filename, "last.txt");
  EXPECT_EQ(found.parts.back().size, 8U);
  EXPECT_EQ(found.parts.back().first_page, 0);
}

}  // namespace
}  // namespace muniment::ingest
