// Access databases through the whole of it: client, program, child.
#include <gmock/gmock.h>

#include "tests/ingest/container_fixture.h"

namespace muniment::ingest {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::Not;

// What differs between the versions: how long a page is, and where in it what stands.
struct Jet {
  char version;
  std::string mark;
  std::size_t page;
  std::size_t row_count;                             // in a page of rows
  std::size_t columns;                               // in a definition: how many there are
  std::size_t usage;                                 // in a definition: which pages are its
  std::size_t free;                                  // and which of them have room
  std::size_t definitions;                           // in a definition: of the columns
  std::size_t definition;                            // how long each of them is
  std::size_t number, variable, flags, fixed, size;  // in each of them
  int count;                                         // bytes of a length
};

const Jet kJet3{0, "Standard Jet DB", 2048, 8, 25, 35, 39, 43, 18, 1, 3, 13, 14, 16, 1};
const Jet kJet4{1, "Standard Jet DB", 4096, 12, 45, 55, 59, 63, 25, 5, 7, 15, 21, 23, 2};
const Jet kAce{2, "Standard ACE DB", 4096, 12, 45, 55, 59, 63, 25, 5, 7, 15, 21, 23, 2};

constexpr int kInt = 3;
constexpr int kLong = 4;
constexpr int kText = 10;
constexpr int kOle = 11;
constexpr int kMemo = 12;

// In the encoding of the version: windows-1252, of which ASCII and these letters are used, or UTF-16.
std::string stored_text(const Jet& jet, std::u16string_view text) {
  std::string bytes;
  for (const char16_t c : text) bytes += little_endian(c, jet.count);
  return bytes;
}

void put(std::string& page, std::size_t at, const std::string& bytes) {
  page.replace(at, bytes.size(), bytes);
}

std::string page_of_rows(const Jet& jet, std::size_t owner, const std::vector<std::string>& rows) {
  std::string page(jet.page, '\0');
  put(page, 0, "\1\1"s);
  put(page, 4, little_endian(owner, 4));
  put(page, jet.row_count, little_endian(rows.size(), 2));
  std::size_t at = jet.page;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    at -= rows[i].size();
    put(page, at, rows[i]);
    put(page, jet.row_count + 2 + 2 * i, little_endian(at, 2));
  }
  return page;
}

struct Column {
  std::u16string name;
  int type;
};

int fixed_size(int type) {
  return type == kInt ? 2 : type == kLong ? 4 : 0;
}

// Whose rows stand in the pages that the row `usage` of page 1 names.
std::string definition(const Jet& jet, const std::vector<Column>& columns, std::size_t usage) {
  std::string definitions;
  std::string names;
  std::size_t variable = 0;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int fixed = fixed_size(columns[i].type);
    std::string one(jet.definition, '\0');
    one[0] = static_cast<char>(columns[i].type);
    put(one, jet.number, little_endian(i, 2));
    put(one, jet.variable, little_endian(variable, 2));
    one[jet.flags] = fixed > 0 ? 1 : 0;
    put(one, jet.fixed, little_endian(offset, 2));
    put(one, jet.size, little_endian(static_cast<std::size_t>(fixed), 2));
    definitions += one;
    const std::string name = stored_text(jet, columns[i].name);
    names += little_endian(name.size(), jet.count) + name;
    offset += static_cast<std::size_t>(fixed);
    variable += fixed > 0 ? 0 : 1;
  }
  std::string page(jet.page, '\0');
  put(page, 0, "\2\1VC"s);
  put(page, jet.columns - 2, little_endian(variable, 2) + little_endian(columns.size(), 2));
  put(page, jet.usage, little_endian(1 << 8 | usage, 4));
  put(page, jet.free, little_endian(1 << 8 | usage, 4));
  put(page, jet.definitions, definitions + names);
  return page;
}

// Cells of numbers first, as their columns are, at most eight together; an empty cell is a null.
std::string row(const Jet& jet, const std::vector<std::string>& numbers, const std::vector<std::string>& texts) {
  std::string bytes = little_endian(numbers.size() + texts.size(), jet.count);
  std::string offsets;
  unsigned there = 0;
  unsigned bit = 1;
  for (const std::string& number : numbers) {
    bytes += number;
    there |= bit;
    bit <<= 1;
  }
  for (const std::string& text : texts) {
    offsets.insert(0, little_endian(bytes.size(), jet.count));
    bytes += text;
    there |= text.empty() ? 0 : bit;
    bit <<= 1;
  }
  return bytes + little_endian(bytes.size(), jet.count) + offsets + little_endian(texts.size(), jet.count) +
         little_endian(there, 1);
}

std::string entry(const Jet& jet, std::uint64_t definition, unsigned flags, std::u16string_view name) {
  constexpr int kTable = 1;
  return row(jet, {little_endian(definition, 4), little_endian(kTable, 2), little_endian(flags, 4)},
             {stored_text(jet, name), ""});
}

std::string memo(const std::string& text) {
  return little_endian(text.size() | 0x80000000, 4) + std::string(8, '\0') + text;
}

// A database of one table of its maker and the catalogue, in which that and the catalogue itself stand.
std::string database(const Jet& jet) {
  std::string head(jet.page, '\0');
  put(head, 0, "\0\1\0\0"s + jet.mark);
  head[0x14] = jet.version;
  put(head, 0x3C, "\x7F\x46\xFB\x8A\xBC\x4E"s);  // masked: code page 1252, and no key
  const auto used = [](std::size_t page) { return "\0"s + little_endian(0, 4) + little_endian(1 << page, 4); };
  const std::vector<Column> catalogue = {
      {u"Id", kLong}, {u"Type", kInt}, {u"Flags", kLong}, {u"Name", kText}, {u"LvProp", kOle}};
  const std::vector<Column> orchard = {{u"Antal", kLong}, {u"Sort", kText}, {u"Omd\u00F6me", kMemo}, {u"Bild", kOle}};
  const auto tree = [&](std::uint64_t number, std::u16string_view kind, std::u16string_view opinion) {
    return row(jet, {little_endian(number, 4)},
               {stored_text(jet, kind), memo(stored_text(jet, opinion)), memo("picture")});
  };
  return head + page_of_rows(jet, 0, {used(3), used(5)}) + definition(jet, catalogue, 0) +
         page_of_rows(jet, 2, {entry(jet, 2, 0x80000000, u"MSysObjects"), entry(jet, 4, 0, u"Tr\u00E4dg\u00E5rd")}) +
         definition(jet, orchard, 1) +
         page_of_rows(jet, 4, {tree(4711, u"Kvitten", u"Gula\r\noch h\u00E5rda"), tree(12, u"Mispel", u"")});
}

using AccessTest = ContainerTest;

TEST_F(AccessTest, TheTablesOfEveryVersionAreRead) {
  for (const Jet& jet : {kJet3, kJet4, kAce}) {
    const File file(database(jet), "orchard.mdb");
    EXPECT_EQ(extractor_->inspect(file.source).media_type, "application/vnd.ms-access");
    const std::string text = text_of(file.source);
    EXPECT_THAT(text, HasSubstr("Trädgård")) << int{jet.version};
    EXPECT_THAT(text, HasSubstr("Omdöme"));
    EXPECT_THAT(text, HasSubstr("4711"));
    EXPECT_THAT(text, HasSubstr("Kvitten"));
    EXPECT_THAT(text, HasSubstr("Gula och hårda"));
    EXPECT_THAT(text, HasSubstr("Mispel"));
    EXPECT_THAT(text, Not(HasSubstr("MSysObjects")));
    EXPECT_THAT(text, Not(HasSubstr("picture")));
  }
}

TEST_F(AccessTest, ADamagedOneIsRefusedOrReadAsFarAsItGoes) {
  const std::string whole = database(kJet3);
  for (std::size_t pages = 1; pages <= 5; ++pages) {
    const File cut(whole.substr(0, pages * kJet3.page + 30), "cut.mdb");
    if (pages < 4) {
      try {
        text_of(cut.source);
        ADD_FAILURE() << "a database without a catalogue was read: " << pages;
      } catch (const core::Error& error) {
        EXPECT_EQ(error.code(), core::ErrorCode::bad_file) << pages;
      }
    } else {
      EXPECT_THAT(text_of(cut.source), HasSubstr("Trädgård")) << pages;
    }
  }
}

}  // namespace
}  // namespace muniment::ingest
