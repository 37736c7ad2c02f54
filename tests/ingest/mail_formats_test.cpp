// Mails through the whole of it: client, program, child.
#include <functional>
#include <utility>

#include <gmock/gmock.h>
#include <gsf/gsf.h>
#include <leptonica/allheaders.h>

#include "core/base64.h"
#include "core/error.h"
#include "ingest/worker/compressed_rtf.h"
#include "tests/ingest/container_fixture.h"

namespace muniment::ingest {
namespace {

using core::Error;
using core::ErrorCode;
using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

std::string mail_with(const std::string& headers, const std::string& body) {
  return "Received: from here by there\r\nFrom: =?iso-8859-1?Q?J=F6rgen_=C5k?= <jorgen@example.org>\r\n"
         "To: Anna <anna@example.org>\r\nSubject: =?windows-1252?B?lFLka3Nt9nJn5XOU?=\r\n"
         "Date: Sat, 7 Mar 2026 00:30:00 +0200\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n" +
         headers + "\r\n" + body;
}

const char* const kMixed =
    "--b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "H=E4r =E4r fakturan.\r\n"
    "--a\r\nContent-Type: text/html\r\n\r\n<p>Invoice as HTML<img src=\"http://example.org/spy.png\"></p>\r\n--a--\r\n"
    "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*=iso-8859-1''f%E5.txt\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nZmFrdHVyYSAxMjM0NQ==\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.org\r\nSubject: Inner\r\n\r\nwithin\r\n--b--\r\n";

TEST_F(ContainerTest, AMailIsReadAsItsReaderSeesIt) {
  const File file(mail_with("Content-Type: multipart/mixed; boundary=b\r\n", kMixed), "letter.eml");
  const Inspection found = extractor_->inspect(file.source);
  EXPECT_EQ(found.media_type, "message/rfc822");
  EXPECT_EQ(found.kind, FileKind::text);
  EXPECT_EQ(found.title, "”Räksmörgås”");
  ASSERT_TRUE(found.written);
  EXPECT_EQ(core::to_iso(*found.written), "2026-03-07");  // though it was the 6th in Greenwich
  ASSERT_EQ(found.headers.size(), 5U);
  EXPECT_EQ(found.headers[0], (storage::MessageHeader{"From", "Jörgen Åk <jorgen@example.org>"}));
  EXPECT_EQ(found.headers[4], (storage::MessageHeader{"Message-ID", "<1@example.org>"}));
  EXPECT_TRUE(found.has_members);
  const std::string text = text_of(file.source);
  EXPECT_THAT(text, HasSubstr("From: Jörgen Åk"));
  EXPECT_THAT(text, HasSubstr("Invoice as HTML"));
  EXPECT_THAT(text, Not(HasSubstr("Här är fakturan.")));  // the same text once more
  EXPECT_THAT(text, HasSubstr("få.txt (text/plain, 13 bytes)"));
  const Files files = members(file.source);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0], (std::pair<std::string, std::string>{"få.txt", "faktura 12345"}));
  EXPECT_EQ(files[1].first, "Inner.eml");
  EXPECT_THAT(files[1].second, HasSubstr("within"));
}

TEST_F(ContainerTest, AMailOfHtmlOnlyGivesItsText) {
  const File file(
      mail_with("Content-Type: text/html; charset=utf-8\r\n", "<h1>Offer</h1><script>no()</script><p>for å ship"));
  EXPECT_FALSE(extractor_->inspect(file.source).has_members);
  EXPECT_THAT(text_of(file.source), HasSubstr("for å ship"));
  EXPECT_THAT(text_of(file.source), Not(HasSubstr("no()")));
  EXPECT_THAT(members(file.source), IsEmpty());
}

void write_stream(GsfOutfile* parent, const char* name, std::string_view bytes) {
  GsfOutput* const stream = gsf_outfile_new_child(parent, name, FALSE);
  gsf_output_write(stream, bytes.size(), reinterpret_cast<const guint8*>(bytes.data()));
  gsf_output_close(stream);
  g_object_unref(stream);
}

// A text property as Outlook writes it.
void write_text(GsfOutfile* parent, const std::string& number, std::u16string_view text) {
  std::string bytes;
  for (const char16_t c : text) bytes += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
  write_stream(parent, ("__substg1.0_" + number + "001F").c_str(), bytes);
}

// As Outlook packs it, every byte as it is but for the words that its dictionary begins with.
std::string packed_rtf(const std::string& text) {
  std::string content;
  for (std::size_t at = 0; at < text.size(); at += 8) {
    const std::string piece = text.substr(at, 8);
    content += '\0' + piece;
  }
  return little_endian(content.size() + 12, 4) + little_endian(text.size(), 4) + "LZFu" + little_endian(0, 4) + content;
}

// What `write` puts into a message of Outlook.
std::string outlook_file(const std::function<void(GsfOutfile*)>& write) {
  gsf_init();
  GsfOutput* const memory = gsf_output_memory_new();
  GsfOutfile* const message = gsf_outfile_msole_new(memory);
  write_stream(message, "__properties_version1.0", std::string(32, '\0'));
  write(message);
  gsf_output_close(GSF_OUTPUT(message));
  g_object_unref(message);
  std::string bytes(reinterpret_cast<const char*>(gsf_output_memory_get_bytes(GSF_OUTPUT_MEMORY(memory))),
                    static_cast<std::size_t>(gsf_output_size(memory)));
  g_object_unref(memory);
  return bytes;
}

void write_attachment(GsfOutfile* message, const std::string& bytes, std::u16string_view filename,
                      std::u16string_view content_id = {}) {
  GsfOutput* const attachment = gsf_outfile_new_child(message, "__attach_version1.0_#00000000", TRUE);
  write_text(GSF_OUTFILE(attachment), "3707", filename);
  if (!content_id.empty()) write_text(GSF_OUTFILE(attachment), "3712", content_id);
  write_stream(GSF_OUTFILE(attachment), "__substg1.0_37010102", bytes);
  gsf_output_close(attachment);
  g_object_unref(attachment);
}

void write_letter(GsfOutfile* message, bool only_rich_text) {
  write_text(message, "0037", u"Räkning");
  write_text(message, "0C1A", u"Jörgen Åk");
  if (only_rich_text) {
    write_stream(message, "__substg1.0_10090102", packed_rtf("{\\rtf1\\ansi H\\'e4r \\'e4r den.}"));
  } else {
    write_text(message, "1000", u"Här är den.");
  }
  write_text(message, "007D", u"Microsoft Mail Internet Headers\r\nDate: Sat, 7 Mar 2026 00:30:00 +0200\r\n");
  write_attachment(message, "faktura 12345", u"få.txt");
}

std::string outlook_message(bool only_rich_text = false) {
  return outlook_file([&](GsfOutfile* message) { write_letter(message, only_rich_text); });
}

TEST_F(ContainerTest, AMessageOfOutlookIsReadLikewise) {
  const std::string bytes = outlook_message();
  const File file(bytes, "letter.msg");
  const Inspection found = extractor_->inspect(file.source);
  EXPECT_EQ(found.media_type, "application/vnd.ms-outlook");
  EXPECT_EQ(found.title, "Räkning");
  ASSERT_TRUE(found.written);
  EXPECT_EQ(core::to_iso(*found.written), "2026-03-07");
  EXPECT_THAT(text_of(file.source), HasSubstr("Här är den."));
  EXPECT_THAT(text_of(file.source), HasSubstr("From: Jörgen Åk"));
  EXPECT_THAT(members(file.source), ElementsAre(Pair("få.txt", "faktura 12345")));
  for (std::size_t size = 600; size < bytes.size(); size += 301) {  // cut off anywhere, it ends in an answer
    const File cut(bytes.substr(0, size), "cut.msg");
    try {
      text_of(cut.source);
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::bad_file || error.code() == ErrorCode::unsupported_type) << size;
    }
  }
}

TEST_F(ContainerTest, AMessageOfOutlookShowsThePicturesOfItsHtml) {
  const auto shows_picture = [](std::u16string_view html) {
    const File file(outlook_file([&](GsfOutfile* message) {
                      write_text(message, "1013", html);
                      write_attachment(message, encoded(picture_of("Regards").get(), IFF_PNG), u"logo.png", u"Logo@a");
                    }),
                    "letter.msg");
    return archive_of(file.source).find("/Image") != std::string::npos;
  };
  EXPECT_TRUE(shows_picture(u"<p>Anna<img src='cid:logo%40A'>"));
  EXPECT_FALSE(shows_picture(u"<p>Anna<img src='cid:logo@b'>"));
}

TEST_F(ContainerTest, AMessageOfOutlookWhoseTextIsRichTextOnlyIsRead) {
  const File file(outlook_message(true), "letter.msg");
  EXPECT_THAT(text_of(file.source), HasSubstr("Här är den."));
  // The example of [MS-OXRTFCP] 4.1.1, which takes from the dictionary.
  const std::string example =
      "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0\x20"
      "bw\x05\xb0ld}\x0a\x80\x0f\xa0"s;
  EXPECT_EQ(worker::unpack_rtf(example, 1000), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  EXPECT_EQ(worker::unpack_rtf(example, 5), "{\\rtf");
  for (std::size_t size = 0; size < example.size(); ++size) worker::unpack_rtf(example.substr(0, size), 1000);
}

// An attribute of "winmail.dat" ([MS-OXTNEF]).
std::string attribute(char level, std::uint32_t number, const std::string& value) {
  return level + little_endian(number, 4) + little_endian(value.size(), 4) + value + "??";
}

std::string winmail() {
  const std::string long_name = "a very long name.txt\0"s;
  const std::string padding((4 - long_name.size() % 4) % 4, '\0');
  const std::string properties = little_endian(2, 4) + little_endian(0x0003, 2) + little_endian(0x3705, 2) +
                                 little_endian(1, 4) + little_endian(0x001E, 2) + little_endian(0x3707, 2) +
                                 little_endian(1, 4) + little_endian(long_name.size(), 4) + long_name + padding;
  return little_endian(0x223E9F78, 4) + "k!" + attribute(1, 0x0002800C, "Written in Outlook.\0"s) +
         attribute(2, 0x00069002, std::string(14, '\0')) + attribute(2, 0x00018010, "AVERYL~1.TXT\0"s) +
         attribute(2, 0x0006800F, "first") + attribute(2, 0x00069005, properties) +
         attribute(2, 0x00069002, std::string(14, '\0')) + attribute(2, 0x00018010, "b.txt\0"s) +
         attribute(2, 0x0006800F, "second");
}

std::string letter_with_winmail(const std::string& bytes) {
  return mail_with("Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n",
                   bytes);
}

TEST_F(ContainerTest, WhatIsInAWinmailStandsInItsPlace) {
  const File file(letter_with_winmail(winmail()), "letter.eml");
  EXPECT_THAT(members(file.source), ElementsAre(Pair("a very long name.txt", "first"), Pair("b.txt", "second")));
  EXPECT_THAT(text_of(file.source), HasSubstr("Written in Outlook."));
  const std::string whole = winmail();
  for (std::size_t size = 10; size < whole.size(); size += 13) {  // cut off anywhere, it is read as far as it goes
    const File cut(letter_with_winmail(whole.substr(0, size)), "letter.eml");
    EXPECT_THAT(text_of(cut.source), HasSubstr("From: Jörgen Åk")) << size;
  }
}

// Of an attachment that is a message itself, or, with another `inner`, some other object.
std::string attached_object(const std::string& inner) {
  const std::string object = std::string(16, 'G') + inner;
  const std::string padding((4 - object.size() % 4) % 4, '\0');
  return attribute(2, 0x00069002, std::string(14, '\0')) +
         attribute(2, 0x00069005,
                   little_endian(1, 4) + little_endian(0x000D, 2) + little_endian(0x3701, 2) + little_endian(1, 4) +
                       little_endian(object.size(), 4) + object + padding);
}

TEST_F(ContainerTest, AMessageInAWinmailIsAttachedAndReadLikeOne) {
  const std::string inner = little_endian(0x223E9F78, 4) + "k!" + attribute(1, 0x00018004, "Offer/2\0"s) +
                            attribute(1, 0x0002800C, "Forwarded words.\0"s) +
                            attribute(2, 0x00069002, std::string(14, '\0')) + attribute(2, 0x00018010, "c.txt\0"s) +
                            attribute(2, 0x0006800F, "third");
  const File file(letter_with_winmail(winmail() + attached_object(inner)), "letter.eml");
  EXPECT_THAT(members(file.source),
              ElementsAre(Pair("a very long name.txt", "first"), Pair("b.txt", "second"), Pair("Offer-2.tnef", inner)));
  const File forwarded(inner, "Offer-2.tnef");
  const Inspection found = extractor_->inspect(forwarded.source);
  EXPECT_EQ(found.media_type, "application/vnd.ms-tnef");
  EXPECT_EQ(found.title, "Offer/2");
  EXPECT_THAT(text_of(forwarded.source), HasSubstr("Forwarded words."));
  EXPECT_THAT(text_of(forwarded.source), Not(HasSubstr("cannot be read")));
  EXPECT_THAT(members(forwarded.source), ElementsAre(Pair("c.txt", "third")));
}

TEST_F(ContainerTest, AWinmailOfWhichNotAllCanBeReadIsKept) {
  const std::string whole = winmail();
  // Cut off; with something that is no message; with properties that end too soon.
  for (const std::string& bytes : {whole.substr(0, whole.size() - 4), whole + attached_object("a drawing"),
                                   whole + attribute(2, 0x00069005, little_endian(7, 4)), whole.substr(0, 9)}) {
    const File file(letter_with_winmail(bytes), "letter.eml");
    const Files files = members(file.source);
    ASSERT_FALSE(files.empty());
    EXPECT_THAT(files.back(), Pair("winmail.dat", bytes));
    EXPECT_THAT(text_of(file.source), HasSubstr("it is kept as it came"));
    EXPECT_THAT(text_of(File(bytes, "winmail.dat").source), HasSubstr("it is kept as it came"));
  }
}

TEST_F(ContainerTest, OnlyPicturesThatTheHtmlShowsAreNotAttached) {
  const auto picture = [](const std::string& id, const std::string& name) {
    return "--b\r\nContent-Type: image/png\r\nContent-ID: <" + id +
           ">\r\nContent-Disposition: inline; filename=" + name + "\r\n\r\n" + name + " bytes\r\n";
  };
  const std::string html = "--b\r\nContent-Type: text/html\r\n\r\n<p>Regards<img src='CID:logo%40A'>\r\n";
  const std::string parts = html + picture("logo@a", "logo.png") + picture("2", "receipt.png") + "--b--\r\n";
  const File related(mail_with("Content-Type: multipart/related; boundary=b\r\n", parts));
  EXPECT_THAT(members(related.source), ElementsAre(Pair("receipt.png", "receipt.png bytes")));
  const File mixed(mail_with("Content-Type: multipart/mixed; boundary=b\r\n", parts));
  EXPECT_THAT(members(mixed.source),
              ElementsAre(Pair("logo.png", "logo.png bytes"), Pair("receipt.png", "receipt.png bytes")));
}

// Members that were taken in before are known by their place.
TEST_F(ContainerTest, WhatWasNotAlwaysAttachedStandsBehindWhatWas) {
  const std::string picture =
      "--a\r\nContent-Type: image/png\r\nContent-ID: <1>\r\nContent-Disposition: inline; "
      "filename=logo.png\r\n\r\nlogo\r\n";
  const std::string contract =
      "--a\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
      "filename=contract.pdf\r\n\r\nsigned\r\n";
  const std::string html = "--a\r\nContent-Type: text/html\r\n\r\n<p>Regards\r\n";
  for (const char* kind : {"mixed", "related"}) {
    const File file(mail_with("Content-Type: multipart/" + std::string(kind) + "; boundary=a\r\n",
                              html + picture + contract + "--a--\r\n"));
    EXPECT_THAT(members(file.source), ElementsAre(Pair("contract.pdf", "signed"), Pair("logo.png", "logo"))) << kind;
  }
  const std::string message = little_endian(0x223E9F78, 4) + "k!" + attribute(1, 0x00018004, "Offer\0"s);
  const std::string bytes = little_endian(0x223E9F78, 4) + "k!" + attached_object(message) +
                            attribute(2, 0x00069002, std::string(14, '\0')) + attribute(2, 0x0006800F, "first") +
                            attached_object("a drawing");
  const File file(mail_with("Content-Type: multipart/mixed; boundary=a\r\n",
                            "--a\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: "
                            "base64\r\n\r\n" +
                                core::to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}) +
                                "\r\n" + contract + "--a--\r\n"));
  EXPECT_THAT(members(file.source), ElementsAre(Pair("attachment 1", "first"), Pair("contract.pdf", "signed"),
                                                Pair("Offer.tnef", message), Pair("winmail.dat", bytes)));
}

TEST_F(ContainerTest, ASmallPictureThatTheTextShowsIsNotAttachedAndALargeOneIs) {
  const auto with_picture = [](std::size_t size) {
    return mail_with("Content-Type: multipart/related; boundary=b\r\n",
                     "--b\r\nContent-Type: text/html\r\n\r\n<p>Regards<img src=\"cid:1\">\r\n"
                     "--b\r\nContent-Type: image/png\r\nContent-ID: <1>\r\nContent-Disposition: inline; "
                     "filename=logo.png\r\n\r\n" +
                         std::string(size, 'x') + "\r\n--b--\r\n");
  };
  EXPECT_THAT(members(File(with_picture(3000)).source), IsEmpty());
  EXPECT_EQ(members(File(with_picture(200'000)).source).size(), 1U);
}

TEST_F(ContainerTest, AFileOfManyMailsGivesEach) {
  const auto one = [](const std::string& subject, const std::string& text) {
    return "From anna@example.org Sat Mar  7 00:30:00 2026\nReceived: from here\nSubject: " + subject + "\n\n" + text +
           "\n\n";
  };
  const std::string bytes = one("First/one", ">From here on, all is quoted.\nFrom time to time not.") + one("", "two");
  const File file(bytes, "archive.mbox");
  EXPECT_EQ(type_of(bytes, "anything"), "application/mbox");
  const Files files = members(file.source);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].first, "First-one.eml");
  EXPECT_THAT(files[0].second, HasSubstr("\nFrom here on, all is quoted.\nFrom time to time not."));
  EXPECT_TRUE(files[0].second.starts_with("Received: from here\n"));
  EXPECT_EQ(files[1].first, "message 2.eml");
  EXPECT_THAT(text_of(file.source), HasSubstr("First-one.eml"));
  EXPECT_EQ(refusal(file.source, {.count = 1}), ErrorCode::too_large);
  EXPECT_EQ(refusal(file.source, {.bytes = 50}), ErrorCode::too_large);
  EXPECT_EQ(type_of(one("Alone", "x"), "alone.mbox"), "message/rfc822");
}

TEST_F(ContainerTest, ABrokenMailIsReadAsFarAsItGoes) {
  const std::string whole = mail_with("Content-Type: multipart/mixed; boundary=b\r\n", kMixed);
  for (std::size_t size = 100; size < whole.size(); size += 97) {
    const File file(whole.substr(0, size), "cut.eml");
    EXPECT_EQ(extractor_->inspect(file.source).media_type, "message/rfc822") << size;
    EXPECT_THAT(text_of(file.source), HasSubstr("From:")) << size;
  }
}

TEST_F(ContainerTest, ATextThatLooksLikeAMemoStaysText) {
  EXPECT_EQ(type_of("From: the board\nTo: all\n\nPlease be quiet.\n", "memo.txt"), "text/plain");
}

}  // namespace
}  // namespace muniment::ingest
