#include "ingest/worker/glyphless_font.h"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace muniment::ingest::worker {

namespace {

// Big-endian numbers of 16 and 32 bits, as OpenType (ISO/IEC 14496-22) wants them.
class Table {
 public:
  Table& u16(std::initializer_list<int> values) {
    for (const int value : values) {
      bytes_ += static_cast<char>((value >> 8) & 0xFF);
      bytes_ += static_cast<char>(value & 0xFF);
    }
    return *this;
  }
  Table& u32(std::initializer_list<std::uint32_t> values) {
    for (const auto value : values) u16({static_cast<int>(value >> 16), static_cast<int>(value & 0xFFFF)});
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (24 - 8 * (i % 4));
  }
  return sum;
}

std::vector<std::pair<std::string_view, std::string>> tables() {
  constexpr int kEm = 1000, kAscent = 800, kDescent = -200, kAdvance = 500;
  Table head;
  head.u32({0x00010000, 0x00010000, 0, 0x5F0F3CF5}).u16({0, kEm}).u32({0, 0, 0, 0});
  head.u16({0, kDescent, kAdvance, kAscent, 0, 8, 2, 0, 0});
  Table hhea;
  hhea.u32({0x00010000}).u16({kAscent, kDescent, 0, kAdvance, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1});
  Table hmtx;
  hmtx.u16({kAdvance, 0});
  Table loca;  // glyph 0: from byte 0 to byte 0
  loca.u16({0, 0});
  Table maxp;
  maxp.u32({0x00010000}).u16({1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0});
  // In the order of their tags.
  return {{"glyf", std::string(4, '\0')}, {"head", head.bytes()}, {"hhea", hhea.bytes()},
          {"hmtx", hmtx.bytes()},         {"loca", loca.bytes()}, {"maxp", maxp.bytes()}};
}

}  // namespace

std::string glyphless_font() {
  const auto all = tables();
  const int count = static_cast<int>(all.size());
  Table directory;
  directory.u32({0x00010000}).u16({count, 4 * 16, 2, count * 16 - 4 * 16});
  std::string header = directory.bytes();
  std::string body;
  for (const auto& [tag, bytes] : all) {
    Table entry;
    const auto offset = static_cast<std::uint32_t>(12 + 16 * count + static_cast<int>(body.size()));
    entry.u32({checksum(bytes), offset, static_cast<std::uint32_t>(bytes.size())});
    header += tag;
    header += entry.bytes();
    body += bytes;
    body.resize((body.size() + 3) / 4 * 4, '\0');
  }
  return header + body;
}

}  // namespace muniment::ingest::worker
