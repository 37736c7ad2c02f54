// Text, Markdown, CSV and HTML through the whole of it: client, program, child.
#include <gmock/gmock.h>
#include <iconv.h>
#include <webp/decode.h>

#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using storage::TextSource;

class TextFormatsTest : public FormatsTest {
 protected:
  static std::string in_encoding(const char* name, std::string utf8) {
    const iconv_t converter = ::iconv_open(name, "UTF-8");
    EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << name;
    std::string out(utf8.size(), '\0');
    char* from = utf8.data();
    char* to = out.data();
    std::size_t from_left = utf8.size();
    std::size_t to_left = out.size();
    EXPECT_EQ(::iconv(converter, &from, &from_left, &to, &to_left), 0U) << name << ": " << utf8;
    ::iconv_close(converter);
    out.resize(out.size() - to_left);
    return out;
  }
};

TEST_F(TextFormatsTest, TextInManyEncodings) {
  const std::string utf8 = "Räksmörgås på ön kostar 10\n";
  const std::string latin1 = "R\xE4ksm\xF6rg\xE5s p\xE5 \xF6n kostar 10\n";
  const std::string dos = "R\x84ksm\x94rg\x86s p\x86 \x94n kostar 10\n";
  std::string utf16;
  std::string utf32;
  for (const char32_t c : U"Räksmörgås på ön kostar 10\n") {
    if (c == 0) continue;
    utf16 += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
    utf32 += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8), '\0', '\0'};
  }
  for (const auto& bytes : {utf8, "\xEF\xBB\xBF" + utf8, latin1, dos, "\xFF\xFE" + utf16, utf16, utf32}) {
    const auto pages = read(bytes);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_EQ(pages[0].text(), "Räksmörgås på ön kostar 10");
    EXPECT_EQ(pages[0].source, TextSource::native);
  }
}

TEST_F(TextFormatsTest, OlderEncodingsAreToldByTheWordsThatTheyGive) {
  const std::string russian = "Срок действия договора составляет один год, плата вносится ежемесячно.";
  const std::string polish = "Umowa najmu: czynsz płatny jest co miesiąc, źródło wody i żółta łódź.";
  const std::string swedish = "Räkningen för månaden är på åtta kronor.";
  const std::string turkish = "Kira sözleşmesi kiracı ile ev sahibi arasında yapılmıştır.";
  const std::pair<const char*, std::string> texts[] = {
      {"KOI8-R", russian},
      {"WINDOWS-1251", russian},
      {"CP866", russian},
      {"WINDOWS-1251", "Invoice 17, ООО «Ромашка», оплата до 5 марта"},
      {"ISO-8859-2", polish},
      {"WINDOWS-1250", polish},
      {"ISO-8859-2", "Účet č. 12, Plzeň, příliš žluťoučký kůň"},
      {"WINDOWS-1254", turkish},
      {"MACINTOSH", swedish},
      {"MACINTOSH", "Le loyer est payé chaque mois, où êtes-vous allé ?"},
      {"CP850", swedish},
      {"CP850", "┌────────┐\n│ Räkning för │\n└────────┘\nÅsa Öberg, Malmö"},
      {"WINDOWS-1252", swedish},
      {"WINDOWS-1252", "“The rent” – £500 – it’s due"},
      {"WINDOWS-1252", "Mål: 20°C ±2, § 4, ½ timme"},
  };
  for (const auto& [name, text] : texts) {
    const auto pages = read(in_encoding(name, text));
    ASSERT_EQ(pages.size(), 1U) << name;
    EXPECT_EQ(pages[0].text(), text) << name;
  }
}

TEST_F(TextFormatsTest, TheEncodingIsToldWhereTheFirstOtherLettersStand) {
  const std::string russian = "Срок действия договора составляет один год, плата вносится ежемесячно.";
  for (const std::size_t lines : {1000U, 5000U}) {
    std::string text;
    for (std::size_t line = 0; line < lines; ++line) text += "Receipt 17, paid in full\n";
    std::string read_back;
    for (const auto& page : read(in_encoding("KOI8-R", text + russian))) read_back += page.text();
    EXPECT_NE(read_back.find(russian), std::string::npos) << lines << " lines before";
  }
}

TEST_F(TextFormatsTest, TextIsToldFromBytesThatAreNot) {
  EXPECT_EQ(type_of("a,b\n1,2\n", "tabell.csv"), "text/csv");
  EXPECT_EQ(type_of("# Rubrik\n", "README.md"), "text/markdown");
  EXPECT_EQ(type_of("hej\n", "virus.exe"), "text/plain");
  EXPECT_EQ(type_of(std::string("hej\0\1\2\3", 7), "brev.txt"), "application/octet-stream");
  EXPECT_EQ(type_of("BMW kostar mycket, och det visste vi redan.\n"), "text/plain");
  EXPECT_EQ(type_of("<!DOCTYPE html><p>hej"), "text/html");
}

TEST_F(TextFormatsTest, LongTextBecomesPagesWithBoxesInside) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "rad nummer " + std::to_string(i) + (i % 10 == 0 ? "\n\n" : "\n");
  text += std::string(300, 'x') + "\n";
  const auto pages = read(text);
  EXPECT_GT(pages.size(), 5U);
  std::size_t words = 0;
  for (const auto& page : pages) {
    for (const auto& line : page.lines) {
      for (const auto& word : line.words) {
        ++words;
        EXPECT_GE(word.box.left, 0);
        EXPECT_LE(word.box.left + word.box.width, page.width);
        EXPECT_LE(word.box.top + word.box.height, page.height);
      }
    }
  }
  EXPECT_EQ(words, 500U * 3 + 4);  // the long one in four pieces
}

TEST_F(TextFormatsTest, ALetterUnderAnyNumberOfMarksIsRead) {
  std::string marks;
  for (int i = 0; i < 200'000; ++i) marks += "\u0301";
  const auto pages = read("e" + marks + " heron");
  ASSERT_EQ(pages.size(), 1U);
  const std::string text = pages[0].text();
  EXPECT_TRUE(text.starts_with("\u00e9\u0301"));
  EXPECT_TRUE(text.ends_with(" heron"));
}

TEST_F(TextFormatsTest, HtmlGivesItsTextAndLoadsNothing) {
  const File file(
      "<html><head><meta charset=iso-8859-1><title>Om \xF6n</title><script>var hemligt</script></head><body><h1>P\xE5 "
      "\xF6n</h1>"
      "<p>Ett &amp; tv\xE5<br>tre</p><style>p{}</style><img src='http://127.0.0.1:9/x' alt='en "
      "bild'><table><tr><td>a<td>b</table>");
  const auto inspection = extractor_->inspect(file.source);
  EXPECT_EQ(inspection.title, "Om ön");
  EXPECT_EQ(inspection.media_type, "text/html");
  EXPECT_EQ(read(file.source).at(0).text(), "På ön\n\nEtt & två\ntre\n\nen bild\n\na b");
}

TEST_F(TextFormatsTest, TheLanguageOfAFilesOwnTextIsFoundOrTold) {
  const std::string swedish = "Hyresavtalet gäller tills vidare och kan sägas upp av båda parter.\n";
  const std::string english = "The lease runs until further notice and may be ended by both parties.\n";
  EXPECT_EQ(read(swedish).at(0).language, "swe");
  EXPECT_EQ(read(english).at(0).language, "eng");
  EXPECT_EQ(read("<html><body><p>" + english).at(0).language, "eng");
  EXPECT_EQ(read("17 4,50\n").at(0).language, "");
  EXPECT_EQ(read(pdf_with("BT /F 12 Tf 70 700 Td (" + english + ") Tj ET")).at(0).language, "eng");
  EXPECT_EQ(read(english, {.language = "swe"}).at(0).language, "swe");
}

TEST_F(TextFormatsTest, TheArchiveOfATextHoldsTheText) {
  const auto page = read(archive_of("Räksmörgås (10 kr) \\ 20\n")).at(0);
  EXPECT_EQ(page.text(), "Räksmörgås (10 kr) \\ 20");
}

TEST_F(TextFormatsTest, TheArchiveKeepsCharactersOfEveryScript) {
  const std::string text = "Привет, мир\nżółw ἀλήθεια 2 €\n你好世界 日本語\ne\xCC\x81t\xC3\xA9 ☂ \U0001D54F";
  const std::string archive = archive_of(text);
  EXPECT_LT(archive.size(), 60'000U) << "only the characters that are used are in it";
  EXPECT_EQ(read(archive).at(0).text(), read(text).at(0).text());
  // More of them than one font has codes for.
  std::string many;
  for (char32_t c = 0x4E00; c < 0x4E00 + 600; ++c) {
    many += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
             static_cast<char>(0x80 | (c & 0x3F))};
    if (c % 20 == 0) many += '\n';
  }
  EXPECT_EQ(read(archive_of(many)).at(0).text(), read(many).at(0).text());
}

TEST_F(TextFormatsTest, CharactersOfEveryScriptAreDrawnInTheArchive) {
  const auto ink = [](const std::string& bytes) {
    const File file(bytes);
    const std::string webp = extractor_->render_page(file.source, 1, {.width = 1200});
    int width = 0, height = 0;
    const std::unique_ptr<std::uint8_t, void (*)(void*)> pixels(
        WebPDecodeRGB(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height), WebPFree);
    int dark = 0;
    for (int i = 0; i < width * height; ++i) dark += pixels.get()[3 * i] < 200;
    return dark;
  };
  const std::string text = "Привет мир 你好世界";
  const int expected = ink(text);
  EXPECT_GT(expected, 500);
  EXPECT_NEAR(ink(archive_of(text)), expected, expected / 3.0);
}

}  // namespace
}  // namespace muniment::ingest
