#include "ingest/worker/onenote_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "core/text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSection = "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3"sv;
constexpr std::string_view kContents = "\xA1\x2F\xFF\x43\xD9\xEF\x76\x4C\x9E\xE2\x10\xEA\x57\x22\x76\x5F"sv;

// Texts by their property identifiers ([MS-ONE] 2.1.12).
constexpr std::uint32_t kUnicodeText = 0x1C001C22;
constexpr std::uint32_t kAsciiText = 0x1C003498;

// More than any object has, and less than the upper half of any property identifier, whose type is never 0: so it is
// certain where a set of properties begins.
constexpr std::size_t kMostProperties = 1023;
constexpr int kMostDepth = 8;

std::optional<std::uint32_t> number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  if (at > bytes.size() || bytes.size() - at < size) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::optional<std::size_t> end_of_set(std::string_view bytes, std::size_t start, int depth);

// Where the value of a property ends ([MS-ONESTORE] 2.6.6); nothing when there is no such property.
std::optional<std::size_t> end_of_value(std::string_view bytes, std::uint32_t property, std::size_t at, int depth) {
  const std::uint32_t type = property >> 26 & 0x1F;
  switch (type) {
    case 0x1:  // none
    case 0x2:  // a truth value, in the identifier
    case 0x8:  // a reference, which stands elsewhere; so do 0xA and 0xC
    case 0xA:
    case 0xC:
      return at;
    case 0x3:
    case 0x4:
    case 0x5:
    case 0x6:
      return at + (std::size_t{1} << (type - 3));
    case 0x7: {  // its length, and as many bytes
      const auto length = number_at(bytes, at, 4);
      return length ? std::optional(at + 4 + *length) : std::nullopt;
    }
    case 0x9:  // how many references
    case 0xB:
    case 0xD:
      return at + 4;
    case 0x10: {  // how many sets, their identifier, the sets
      const auto count = number_at(bytes, at, 4);
      if (!count || *count > kMostProperties) return std::nullopt;
      std::optional<std::size_t> end = at + (*count == 0 ? 4 : 8);
      for (std::uint32_t i = 0; i < *count && end; ++i) end = end_of_set(bytes, *end, depth + 1);
      return end;
    }
    case 0x11:
      return end_of_set(bytes, at, depth + 1);
    default:
      return std::nullopt;
  }
}

// Where a set of properties ends: how many they are, their identifiers, their values.
std::optional<std::size_t> end_of_set(std::string_view bytes, std::size_t start, int depth) {
  const auto count = number_at(bytes, start, 2);
  if (!count || *count > kMostProperties || depth > kMostDepth) return std::nullopt;
  std::optional<std::size_t> at = start + 2 + 4 * std::size_t{*count};
  for (std::uint32_t i = 0; i < *count && at; ++i) {
    const auto property = number_at(bytes, start + 2 + 4 * std::size_t{i}, 4);
    if (!property || *at > bytes.size()) return std::nullopt;
    at = end_of_value(bytes, *property, *at, depth);
  }
  return at;
}

// The value of the property whose identifier stands at `at`, when that is one in a set.
std::optional<std::string_view> value_of(std::string_view bytes, std::size_t at) {
  for (std::size_t before = 0; before < kMostProperties && at >= 4 * before + 2; ++before) {
    const std::size_t start = at - 4 * before - 2;
    const auto count = number_at(bytes, start, 2);
    if (!count || *count > kMostProperties) continue;
    if (*count <= before) return std::nullopt;
    std::optional<std::size_t> value = start + 2 + 4 * std::size_t{*count};
    for (std::size_t i = 0; i < before && value; ++i) {
      const auto property = number_at(bytes, start + 2 + 4 * i, 4);
      value = property && *value <= bytes.size() ? end_of_value(bytes, *property, *value, 0) : std::nullopt;
    }
    const auto length = value ? number_at(bytes, *value, 4) : std::nullopt;
    if (!length || bytes.size() - *value - 4 < *length) return std::nullopt;
    return bytes.substr(*value + 4, *length);
  }
  return std::nullopt;
}

// Line breaks are vertical tabs; a private mark stands before the address of a link.
std::string readable(std::string text) {
  constexpr std::string_view kLink = "\uFDDF";
  for (auto at = text.find(kLink); at != std::string::npos; at = text.find(kLink, at)) text.erase(at, kLink.size());
  std::ranges::replace(text, '\v', '\n');
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; });
  return core::to_nfc(core::trim(text));
}

}  // namespace

bool is_onenote(std::string_view bytes) {
  return bytes.starts_with(kSection) || bytes.starts_with(kContents);
}

std::string onenote_text(std::string_view bytes) {
  std::string text;
  std::set<std::string> seen;
  for (std::size_t at = 2; at + 4 <= bytes.size() && text.size() < kMaxTextBytes; ++at) {
    if (bytes[at + 3] != '\x1C') continue;
    const auto property = number_at(bytes, at, 4);
    if (property != kUnicodeText && property != kAsciiText) continue;
    const auto value = value_of(bytes, at);
    if (!value) continue;
    const char* const encoding = property == kUnicodeText ? "UTF-16LE" : "windows-1252";
    std::string line = readable(decode_text(*value, encoding, kMaxTextBytes));
    if (line.empty() || seen.contains(line)) continue;
    text += line + "\n";
    seen.insert(std::move(line));
  }
  return text;
}

}  // namespace muniment::ingest::worker
