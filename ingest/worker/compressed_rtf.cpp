#include "ingest/worker/compressed_rtf.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/error.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/office_text.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::size_t kHeader = 16;  // sizes packed and unpacked, kind, checksum
constexpr std::size_t kDictionary = 4096;
// What the dictionary holds at the beginning.
constexpr std::string_view kPreset =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    "\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kPreset.size() == 207);

// The last 4096 bytes that came out, over and over.
class Dictionary {
 public:
  Dictionary() { std::ranges::copy(kPreset, bytes_.begin()); }
  std::size_t end() const { return end_; }
  char at(std::size_t offset) const { return bytes_[offset % kDictionary]; }
  void add(char c) {
    bytes_[end_] = c;
    end_ = (end_ + 1) % kDictionary;
  }

 private:
  std::array<char, kDictionary> bytes_{};
  std::size_t end_ = kPreset.size();
};

std::string unpack(std::string_view packed, std::size_t most) {
  Dictionary dictionary;
  std::string text;
  const auto give = [&](char c) {
    text += c;
    dictionary.add(c);
  };
  std::size_t at = 0;
  while (at < packed.size()) {
    // Eight things follow: a bit of 0 is a byte, one of 1 a place in the dictionary and how much to take from there.
    const auto kinds = static_cast<unsigned char>(packed[at++]);
    for (unsigned bit = 0; bit < 8 && text.size() < most; ++bit) {
      if ((kinds >> bit & 1U) == 0) {
        if (at >= packed.size()) return text;
        give(packed[at++]);
        continue;
      }
      if (at + 2 > packed.size()) return text;
      const unsigned reference = static_cast<unsigned>(static_cast<unsigned char>(packed[at])) << 8 |
                                 static_cast<unsigned char>(packed[at + 1]);
      at += 2;
      const std::size_t offset = reference >> 4;
      if (offset == dictionary.end()) return text;  // the mark of the end
      const std::size_t length = (reference & 0xFU) + 2;
      for (std::size_t i = 0; i < length; ++i) give(dictionary.at(offset + i));
    }
    if (text.size() >= most) break;
  }
  return text;
}

}  // namespace

std::string unpack_rtf(std::string_view bytes, std::size_t most) {
  if (bytes.size() < kHeader) return "";
  const std::string_view kind = bytes.substr(8, 4);
  const std::string_view content = bytes.substr(kHeader);
  std::string text;
  if (kind == "LZFu") text = unpack(content, most);
  if (kind == "MELA") text = content;
  if (text.size() > most) text.resize(most);
  return text;
}

std::string text_of_packed_rtf(std::string_view bytes) {
  try {
    return rtf_text(unpack_rtf(bytes, kMaxTextBytes));
  } catch (const core::Error&) {
    return "";  // what else there is of the mail is worth reading
  }
}

}  // namespace muniment::ingest::worker
