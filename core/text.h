// Text as UTF-8: what every folder needs of it, and no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

bool is_utf8(std::string_view text);
// The text with every malformed sequence replaced by U+FFFD and NUL dropped.
std::string to_utf8(std::string_view text);
// Unicode normal form C; malformed input is repaired as by to_utf8.
std::string to_nfc(std::string_view text);
// Case-folded NFC, for comparing names that people type.
std::string fold_case(std::string_view text);

// Without leading and trailing white space (ASCII and U+00A0).
std::string_view trim(std::string_view text);
// Runs of white space become one space; trimmed.
std::string collapse_space(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// One after the other with `between` each two; `text_of` makes a text of what is none.
template <typename Pieces, typename TextOf = std::identity>
std::string joined(const Pieces& pieces, std::string_view between, TextOf text_of = {}) {
  std::string text;
  bool is_first = true;
  for (const auto& piece : pieces) {
    if (!is_first) text += between;
    is_first = false;
    text += std::invoke(text_of, piece);
  }
  return text;
}
// At most `bytes` bytes, cut at a character's border.
std::string_view cut(std::string_view text, std::size_t bytes);

// Safe to show as a file name: no directories, control or bidirectional characters, at most 255 bytes; "file" when
// nothing is left. Names from outside pass here once, at intake.
std::string display_filename(std::string_view name);

// Without its extension; a name that begins with its only dot has none.
std::string_view file_stem(std::string_view filename);

// In ASCII.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// RFC 4648 section 5, without padding.
std::string to_base64url(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

// A whole decimal number and nothing else.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace muniment::core
