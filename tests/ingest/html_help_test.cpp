// Compiled HTML help through the whole of it: client, program, child.
#include <utility>

#include <gmock/gmock.h>

#include "tests/ingest/container_fixture.h"

namespace muniment::ingest {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string in_seven_bits(std::size_t value) {
  std::string bytes(1, static_cast<char>(value & 0x7F));
  while ((value >>= 7) != 0) bytes.insert(bytes.begin(), static_cast<char>((value & 0x7F) | 0x80));
  return bytes;
}

// A help file of these, not compressed.
std::string help_file(const Files& files) {
  constexpr std::size_t kChunk = 4096;
  const std::string identifier = "\xFD\x01\x7C\xAA\x7B\xD0\x11\x9E\x0C\0\xA0\xC9\x22\xE6\xEC"s;
  std::string list;
  std::string content;
  for (const auto& [path, bytes] : files) {
    list += in_seven_bits(path.size()) + path + in_seven_bits(0) + in_seven_bits(content.size()) +
            in_seven_bits(bytes.size());
    content += bytes;
  }
  std::string chunk = "PMGL" + little_endian(kChunk - 20 - list.size(), 4) + little_endian(0, 4) +
                      little_endian(0xFFFFFFFF, 4) + little_endian(0xFFFFFFFF, 4) + list;
  chunk.resize(kChunk - 2);
  chunk += little_endian(files.size(), 2);
  constexpr std::size_t kHeader = 0x60;
  constexpr std::size_t kSizes = 0x18;
  constexpr std::size_t kDirectory = 0x54;
  const std::size_t whole = kHeader + kSizes + kDirectory + kChunk + content.size();
  std::string bytes = "ITSF" + little_endian(3, 4) + little_endian(kHeader, 4) + little_endian(1, 4) +
                      little_endian(0, 4) + little_endian(0x41D, 4) + "\x10" + identifier + "\x11" + identifier;
  bytes += little_endian(kHeader, 8) + little_endian(kSizes, 8) + little_endian(kHeader + kSizes, 8) +
           little_endian(kDirectory + kChunk, 8) + little_endian(kHeader + kSizes + kDirectory + kChunk, 8);
  bytes += little_endian(0x1FE, 4) + little_endian(0, 4) + little_endian(whole, 8) + little_endian(0, 8);
  bytes += "ITSP" + little_endian(1, 4) + little_endian(kDirectory, 4) + little_endian(10, 4) +
           little_endian(kChunk, 4) + little_endian(2, 4) + little_endian(1, 4) + little_endian(0xFFFFFFFF, 4) +
           little_endian(0, 4) + little_endian(0, 4) + little_endian(0xFFFFFFFF, 4) + little_endian(1, 4) +
           little_endian(0x41D, 4) + std::string(16, 'G') + little_endian(kDirectory, 4) + std::string(12, '\xFF');
  return bytes + chunk + content;
}

std::string setting(unsigned code, const std::string& value) {
  return little_endian(code, 2) + little_endian(value.size(), 2) + value;
}

std::string help() {
  const std::string contents =
      "<ul><li><object type='text/sitemap'><param name='Name' value='Two'><param name='Local' "
      "value='Html\\Second.htm#top'></object><li><object type='text/sitemap'><param name='Local' "
      "value='gone.htm'></object></ul>";
  return help_file({{"/#SYSTEM", little_endian(3, 4) + setting(0, "toc.hhc\0"s) + setting(3, "Hj\xE4lp \x92\0"s) +
                                     setting(4, little_endian(0x41D, 4))},
                    {"/first.htm", "<title>About quinces</title><p>They are yellow."},
                    {"/html/second.htm", "<meta charset=windows-1252><p>L\xE4s detta f\xF6rst."},
                    {"/picture.png", "no page"},
                    {"/toc.hhc", contents}});
}

using HtmlHelpTest = ContainerTest;

TEST_F(HtmlHelpTest, ItsPagesAreReadInTheOrderOfItsTableOfContents) {
  const File file(help(), "program.chm");
  const Inspection found = extractor_->inspect(file.source);
  EXPECT_EQ(found.media_type, "application/vnd.ms-htmlhelp");
  EXPECT_EQ(found.title, "Hjälp ’");
  const auto pages = read(file.source);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_THAT(pages[0].text(), HasSubstr("Läs detta först."));
  EXPECT_THAT(pages[1].text(), HasSubstr("About quinces"));
  EXPECT_THAT(pages[1].text(), HasSubstr("They are yellow."));
}

TEST_F(HtmlHelpTest, ADamagedOneIsRefusedOrReadAsFarAsItGoes) {
  const std::string whole = help();
  for (std::size_t size = 100; size < whole.size(); size += 331) {
    const File cut(whole.substr(0, size), "cut.chm");
    try {
      text_of(cut.source);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::bad_file) << size;
    }
  }
  const File without_contents(whole.substr(0, whole.size() - 20), "cut.chm");
  EXPECT_THAT(text_of(without_contents.source), HasSubstr("They are yellow."));
}

}  // namespace
}  // namespace muniment::ingest
