// The HTML of mails: laid out on pages, with nothing loaded but what came with it.
#include <fstream>

#include <gmock/gmock.h>
#include <leptonica/allheaders.h>

#include "core/base64.h"
#include "ingest/worker/reduced_html.h"
#include "ingest/worker/shown_pictures.h"
#include "tests/ingest/formats_fixture.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string base64(const std::string& bytes) {
  return core::to_base64(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

std::string red_square() {
  const worker::PixPointer pix = worker::owned(pixCreate(60, 60, 32), "make a picture");
  pixSetAllArbitrary(pix.get(), 0xFF000000);
  return encoded(pix.get(), IFF_PNG);
}

const char* const kHeaders = "Received: from here by there\r\nFrom: Anna <anna@example.org>\r\nMIME-Version: 1.0\r\n";

// With a picture whose Content-ID is logo@a.
std::string html_mail(const std::string& html) {
  return kHeaders +
         ("Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
          html) +
         "\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <logo@a>\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
         base64(red_square()) + "\r\n--b--\r\n";
}

class HtmlMailTest : public FormatsTest {
 protected:
  static std::string text_of(const std::string& mail) {
    std::string text;
    for (const auto& page : read(File(mail, "letter.eml").source)) text += page.text() + "\n";
    return text;
  }
  static storage::Word word_of(const std::vector<storage::PageLayer>& pages, std::string_view text) {
    for (const auto& line : pages.at(0).lines) {
      for (const auto& word : line.words) {
        if (word.text == text) return word;
      }
    }
    ADD_FAILURE() << text << " is not there";
    return {};
  }
  static bool shows_picture(const std::string& mail) {
    const File file(mail, "letter.eml");
    return archive_of(file.source).find("/Image") != std::string::npos;
  }
};

TEST_F(HtmlMailTest, ItsHtmlIsLaidOut) {
  const File file(html_mail("<h1>Offer</h1><p>Dear <b>Anna</b>, see <a href='http://example.org/x'>our page</a>."
                            "<table><tr><th>Thing<th>Price<tr><td>Gooseberries<td>12,50</table>"),
                  "letter.eml");
  EXPECT_EQ(extractor_->inspect(file.source).media_type, "message/rfc822");
  const auto pages = read(file.source);
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].source, storage::TextSource::native);
  EXPECT_GT(word_of(pages, "Offer").box.height, word_of(pages, "Dear").box.height);
  EXPECT_GT(word_of(pages, "Offer").box.top, word_of(pages, "From:").box.top);
  const storage::Word thing = word_of(pages, "Gooseberries");
  const storage::Word price = word_of(pages, "12,50");
  EXPECT_LT(std::abs(thing.box.top - price.box.top), thing.box.height);
  EXPECT_GT(price.box.left, thing.box.left + thing.box.width);
  EXPECT_LT(std::abs(price.box.left - word_of(pages, "Price").box.left), pages[0].width / 4);
  EXPECT_THAT(pages[0].text(), HasSubstr("see our page"));
  EXPECT_THAT(archive_of(file.source), AllOf(HasSubstr("%PDF"), HasSubstr("Bold"), Not(HasSubstr("example.org/x"))));
}

TEST_F(HtmlMailTest, OfTwoFormsTheHtmlIsShownUnlessItIsAStub) {
  const auto both = [](const std::string& plain, const std::string& html) {
    return kHeaders +
           ("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + plain) +
           "\r\n--b\r\nContent-Type: text/html\r\n\r\n" + html + "\r\n--b--\r\n";
  };
  EXPECT_THAT(text_of(both("As plain text.", "<p>As <b>HTML</b>.")),
              AllOf(HasSubstr("As HTML."), Not(HasSubstr("plain"))));
  const std::string longer = "The whole of a text that is many times longer than the other form of it.";
  EXPECT_THAT(text_of(both(longer, "<p>Stub")), AllOf(HasSubstr("many times longer"), Not(HasSubstr("Stub"))));
}

TEST_F(HtmlMailTest, PicturesThatCameWithItAreShownAndNoOthers) {
  EXPECT_TRUE(shows_picture(html_mail("<p>Regards<img src='CID:logo%40A' width=30>")));
  const ::muniment::testing::TempDirectory folder;
  const auto path = folder.path() / "secret.png";
  std::ofstream(path) << red_square();
  for (const std::string& source : {"file://" + path.string(), path.string(), "cid:" + path.string(),
                                    std::string("cid:2"), std::string("http://127.0.0.1:9/spy.png")}) {
    const std::string mail = html_mail("<p>Regards<img alt='our sign' src='" + source + "'>");
    EXPECT_FALSE(shows_picture(mail)) << source;
    EXPECT_THAT(text_of(mail), HasSubstr("our sign"));
  }
}

TEST_F(HtmlMailTest, WhatIsTooMuchForPagesIsShownAsPlainText) {
  std::string html = "<p>the first words";
  for (int i = 0; i < 30'000; ++i) html += "<p>a</p>\r\n";
  const auto pages = read(File(html_mail(html), "letter.eml").source);
  ASSERT_GT(pages.size(), 400U);
  EXPECT_EQ(word_of(pages, "first").box.height, word_of(pages, "From:").box.height);
  EXPECT_THAT(pages[0].text(), HasSubstr("the first words"));
  EXPECT_THAT(text_of(html_mail(std::string(3 << 20, ' ') + "<h1>behind</h1>")), HasSubstr("behind"));
}

TEST_F(HtmlMailTest, PartsThatAreTooMuchTogetherAreShownAsPlainText) {
  const std::string part = "--b\r\nContent-Type: text/html\r\n\r\n<h1>Offer</h1>" + std::string(3 << 19, ' ') + "\r\n";
  const auto mail = [&](const std::string& parts) {
    return kHeaders + ("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts) + "--b--\r\n";
  };
  const auto one = read(File(mail(part), "letter.eml").source);
  EXPECT_GT(word_of(one, "Offer").box.height, word_of(one, "From:").box.height);
  const auto two = read(File(mail(part + part), "letter.eml").source);
  EXPECT_EQ(word_of(two, "Offer").box.height, word_of(two, "From:").box.height);
}

std::string one_bit_picture(int width, int height) {
  const worker::PixPointer pix = worker::owned(pixCreate(width, height, 1), "make a picture");
  return encoded(pix.get(), IFF_PNG);
}

TEST(ShownPictures, WhatIsRefusedIsReadOnce) {
  worker::PictureBudget budget;
  worker::ShownPictures pictures(budget);
  int reads = 0;
  const auto add = [&](const char* id, const std::string& bytes) {
    pictures.add(id, [&reads, bytes] {
      ++reads;
      return bytes;
    });
  };
  add("large", red_square() + std::string(worker::kMostShownPicture, ' '));
  add("text", "no picture");
  add("wide.png", one_bit_picture(7000, 6000));
  add("wide.gif", "GIF89a\xFF\xFF\xFF\xFF and so on");
  add("cut.gif", "GIF89a");
  for (int i = 0; i < 3; ++i) {
    for (const char* id : {"large", "text", "wide.png", "wide.gif", "cut.gif"}) EXPECT_EQ(pictures.take(id), "") << id;
  }
  EXPECT_EQ(reads, 5);
  add("Small", red_square());
  EXPECT_EQ(pictures.take("small"), red_square());
}

TEST(ShownPictures, AMailShowsNoMoreThanItsBudget) {
  worker::PictureBudget budget;
  const auto shown = [&](const std::string& bytes, int most) {
    worker::ShownPictures pictures(budget);
    pictures.add("a", [&] { return bytes; });
    int count = 0;
    while (count <= most && !pictures.take("a").empty()) ++count;
    return count;
  };
  EXPECT_EQ(shown(one_bit_picture(6500, 6000), 10), 2);  // of 39 million pixels
  budget = {};
  EXPECT_EQ(shown(red_square() + std::string(4 << 20, ' '), 10), 3);
  budget = {};
  EXPECT_EQ(shown(red_square(), 300), 200);
  EXPECT_EQ(shown(red_square(), 300), 0);  // in the next message of this mail
}

TEST(ReducedHtml, APictureIsShownOnceAndThenDescribed) {
  int asked = 0;
  const std::string html = worker::reduced_html(
      "<img src=cid:a alt=first><img src=CID:%41 alt=again><img src=cid:b alt=none><img src=cid:b alt=nothing>",
      [&](std::string_view id) {
        ++asked;
        return id == "a" ? red_square() : std::string();
      });
  EXPECT_EQ(asked, 2);
  EXPECT_NE(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("<img"), html.rfind("<img"));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("first")), HasSubstr("againnonenothing")));
  EXPECT_LT(worker::size_without_pictures(html), html.size() - red_square().size());
}

TEST(ReducedHtml, LeavesNothingThatCouldBeLoaded) {
  const std::string html = worker::reduced_html(
      "<html><head><link rel=stylesheet href=http://a/x.css><meta http-equiv=refresh content='0;url=http://a'>"
      "<base href=http://a><style>@import 'http://a/y.css'; p{background:url(http://a)}</style></head>"
      "<body background=http://a onload=run()><script src=http://a/s.js>run()</script><iframe src=http://a></iframe>"
      "<object data=http://a></object><embed src=http://a><video src=http://a poster=http://a></video>"
      "<p style='background:url(http://a);font-weight:bold;text-align:center' onclick=run()>Text"
      "<img src=http://a/p.png srcset=http://a/q.png alt='a &lt;sign&gt;'><a href=file:///etc/passwd>link</a>"
      "<svg><image href=http://a /></svg></p></body></html>",
      [](std::string_view) { return std::string(); });
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("file:")));
  EXPECT_THAT(html, Not(HasSubstr("run()")));
  EXPECT_THAT(html, HasSubstr("<p style=\"font-weight:bold;text-align:center;\">Texta &lt;sign&gt;<u>link</u></p>"));
}

TEST(ReducedHtml, OnlyTablesOfRowsAndColumnsStay) {
  const auto reduced = [](const std::string& html) {
    return worker::reduced_html(html, [](std::string_view) { return std::string(); });
  };
  EXPECT_THAT(reduced("<table><tr><td>a<td>b<td> <tr><td>c<td>&nbsp;<td></table>"),
              HasSubstr("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td>"));
  EXPECT_THAT(reduced("<table><tr><td>&nbsp;<td>one</table>"), Not(HasSubstr("<table")));
  const std::string nested = reduced("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>");
  EXPECT_EQ(nested.find("<table>"), nested.rfind("<table>"));
  EXPECT_THAT(nested, HasSubstr("<table><tr><td>b</td><td>c</td></tr></table>"));
  EXPECT_THAT(reduced("<p style='Display : none'>gone<p hidden>too"), Not(HasSubstr("gone")));
  EXPECT_THAT(reduced("<p>" + std::string(200, 'x')), HasSubstr(std::string(80, 'x') + " "));
}

}  // namespace
}  // namespace muniment::ingest
