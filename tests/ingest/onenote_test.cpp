// Sections of OneNote through the whole of it: client, program, child.
#include <gmock/gmock.h>

#include "tests/ingest/container_fixture.h"

namespace muniment::ingest {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint32_t kUnicodeText = 0x1C001C22;
constexpr std::uint32_t kAsciiText = 0x1C003498;

std::string with_length(const std::string& bytes) {
  return little_endian(bytes.size(), 4) + bytes;
}

std::string utf16(std::u16string_view text) {
  std::string bytes;
  for (const char16_t c : text) bytes += little_endian(c, 2);
  return bytes;
}

// A set of properties with every type of value before the text.
std::string object(std::uint32_t property, const std::string& value) {
  const std::vector<std::pair<std::uint32_t, std::string>> properties = {
      {0x08001C01, ""},
      {0x88001C02, ""},
      {0x0C001C03, "1"},
      {0x10001C04, "22"},
      {0x14001C05, "4444"},
      {0x18001C06, "88888888"},
      {0x1C001C07, with_length("other")},
      {0x20001C08, ""},
      {0x24001C09, little_endian(3, 4)},
      {0x40001C0A,
       little_endian(1, 4) + little_endian(0x44001C0B, 4) + little_endian(1, 2) + little_endian(0x0C001C03, 4) + "1"},
      {property, with_length(value)},
  };
  std::string bytes = little_endian(properties.size(), 2);
  for (const auto& [identifier, unused] : properties) bytes += little_endian(identifier, 4);
  for (const auto& [unused, content] : properties) bytes += content;
  return bytes;
}

std::string section(const std::string& objects) {
  return "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3" + std::string(1008, '\0') + objects;
}

std::string notes() {
  return section(object(kUnicodeText, utf16(u"Räkning\vför \uFDDFkvitten\0"s)) +
                 object(kUnicodeText, utf16(u"Räkning\vför \uFDDFkvitten\0"s)) +
                 object(kAsciiText, "Medlars and quinces\0"s));
}

using OneNoteTest = ContainerTest;

TEST_F(OneNoteTest, ASectionGivesItsTextOnce) {
  const File file(notes(), "notes.one");
  EXPECT_EQ(extractor_->inspect(file.source).media_type, "application/onenote");
  const auto pages = read(file.source);
  ASSERT_EQ(pages.size(), 1U);
  const std::string text = pages[0].text();
  EXPECT_THAT(text, HasSubstr("Räkning"));
  EXPECT_THAT(text, HasSubstr("för kvitten"));
  EXPECT_EQ(text.find("Räkning"), text.rfind("Räkning"));
  EXPECT_THAT(text, HasSubstr("Medlars and quinces"));
}

TEST_F(OneNoteTest, ADamagedSectionIsReadAsFarAsItGoes) {
  const std::string whole = notes();
  for (std::size_t size = 16; size < whole.size(); size += 57) {
    EXPECT_THAT(text_of(File(whole.substr(0, size), "notes.one").source), Not(HasSubstr("quinces"))) << size;
  }
  // Longer than the file, and a kind of value that there is none of.
  EXPECT_THAT(text_of(File(whole.substr(0, whole.size() - 1), "notes.one").source), HasSubstr("för kvitten"));
  std::string unknown = section(object(kAsciiText, "quinces"));
  unknown[1024 + 2 + 3] = '\x50';
  EXPECT_THAT(text_of(File(unknown, "notes.one").source), Not(HasSubstr("quinces")));
}

}  // namespace
}  // namespace muniment::ingest
