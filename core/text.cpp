#include "core/text.h"

#include <charconv>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "core/error.h"

namespace muniment::core {

namespace {

constexpr utf8proc_int32_t kReplacement = 0xFFFD;

void append(std::string& out, utf8proc_int32_t codepoint) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(codepoint, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

// Calls `each(codepoint)` for every character, -1 for a malformed byte.
template <typename Each>
void for_each_codepoint(std::string_view text, Each each) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t codepoint = -1;
    auto used = utf8proc_iterate(bytes, left, &codepoint);
    if (used <= 0) {
      codepoint = -1;
      used = 1;
    }
    each(codepoint);
    bytes += used;
    left -= used;
  }
}

std::string mapped(std::string_view text, utf8proc_option_t options) {
  const std::string clean = to_utf8(text);
  utf8proc_uint8_t* result = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(clean.data()),
                                 static_cast<utf8proc_ssize_t>(clean.size()), &result, options);
  if (size < 0) throw Error(ErrorCode::internal, "text could not be normalised").because(utf8proc_errmsg(size));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(result, &std::free);
  return std::string(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_bidirectional_control(utf8proc_int32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

}  // namespace

bool is_utf8(std::string_view text) {
  bool good = true;
  for_each_codepoint(text, [&](utf8proc_int32_t c) { good = good && c >= 0; });
  return good;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_codepoint(text, [&](utf8proc_int32_t c) {
    if (c != 0) append(out, c < 0 ? kReplacement : c);
  });
  return out;
}

std::string to_nfc(std::string_view text) {
  return mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

std::string fold_case(std::string_view text) {
  return mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

std::string_view trim(std::string_view text) {
  for (;;) {
    if (!text.empty() && is_space(text.front())) {
      text.remove_prefix(1);
    } else if (text.starts_with(kNoBreakSpace)) {
      text.remove_prefix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  for (;;) {
    if (!text.empty() && is_space(text.back())) {
      text.remove_suffix(1);
    } else if (text.ends_with(kNoBreakSpace)) {
      text.remove_suffix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  return text;
}

std::string collapse_space(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool no_break = text.substr(i).starts_with(kNoBreakSpace);
    if (is_space(text[i]) || no_break) {
      pending = !out.empty();
      if (no_break) ++i;
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += text[i];
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

namespace {

// What Windows-1252 has where Latin-1 has control characters; 0 where it has nothing.
constexpr utf8proc_int32_t kWindows1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// Devices that are no computers name files so. Where there are characters beyond ASCII in UTF-8 too, it is UTF-8 that
// was damaged, cut off say.
bool is_windows_1252(std::string_view text) {
  bool malformed = false, beyond_ascii = false;
  for_each_codepoint(text, [&](utf8proc_int32_t c) {
    malformed = malformed || c < 0;
    beyond_ascii = beyond_ascii || c >= 0x80;
  });
  return malformed && !beyond_ascii;
}

std::string from_windows_1252(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const utf8proc_int32_t codepoint = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
    if (codepoint != 0) append(out, codepoint);
  }
  return out;
}

}  // namespace

std::string display_filename(std::string_view name) {
  const std::string decoded = is_windows_1252(name) ? from_windows_1252(name) : std::string();
  if (!decoded.empty()) name = decoded;
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string clean;
  for_each_codepoint(name, [&](utf8proc_int32_t c) {
    if (c < 0) {
      append(clean, kReplacement);
    } else if (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && !is_bidirectional_control(c)) {
      append(clean, c);
    }
  });
  std::string result(trim(cut(trim(to_nfc(clean)), 255)));
  return result.empty() || result == "." || result == ".." ? "file" : result;
}

std::string_view file_stem(std::string_view filename) {
  const auto dot = filename.rfind('.');
  return filename.substr(0, dot == 0 ? std::string_view::npos : dot);
}

std::string to_base64url(std::span<const std::uint8_t> bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += kAlphabet[(buffer >> bits) & 63];
    }
  }
  if (bits > 0) text += kAlphabet[(buffer << (6 - bits)) & 63];
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    std::uint32_t value;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '-') {
      value = 62;
    } else if (c == '_') {
      value = 63;
    } else {
      return std::nullopt;
    }
    buffer = (buffer << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
    }
  }
  if (text.size() % 4 == 1) return std::nullopt;
  return bytes;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace muniment::core
