#include "index/internal/tokens.h"

#include <algorithm>
#include <array>

#include <utf8proc.h>

#include "core/text.h"
#include "index/terms.h"

namespace muniment::index {

namespace {

constexpr utf8proc_int32_t kSoftHyphen = 0xAD;

struct Character {
  utf8proc_int32_t codepoint = 0;
  std::size_t size = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  utf8proc_int32_t codepoint = 0;
  const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &codepoint);
  return used > 0 ? Character{codepoint, static_cast<std::size_t>(used)} : Character{0xFFFD, 1};
}

bool is_ascii_word(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_mark(utf8proc_int32_t c) {
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

bool is_word(utf8proc_int32_t c) {
  if (c < 0x80) return is_ascii_word(static_cast<unsigned char>(c));
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
      return true;
    default:
      return c == kSoftHyphen;
  }
}

void append_utf8(std::string& out, utf8proc_int32_t c) {
  utf8proc_uint8_t bytes[4];
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(c, bytes)));
}

// å, ä, ö, æ and ø are letters of their own to those who use them; every other accent is dropped.
bool is_own_letter(utf8proc_int32_t c) {
  return c == 0xE5 || c == 0xE4 || c == 0xF6 || c == 0xE6 || c == 0xF8;
}

void append_folded(std::string& out, utf8proc_int32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return;
  }
  if (c == kSoftHyphen || is_mark(c)) return;
  const utf8proc_int32_t lower = utf8proc_tolower(c);
  if (is_own_letter(lower)) {
    append_utf8(out, lower);
    return;
  }
  std::array<utf8proc_int32_t, 32> parts{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(
      lower, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD), &boundary);
  if (count <= 0) {
    append_utf8(out, lower);
    return;
  }
  for (utf8proc_ssize_t i = 0; i < std::min<utf8proc_ssize_t>(count, static_cast<utf8proc_ssize_t>(parts.size()));
       ++i) {
    if (!is_mark(parts[static_cast<std::size_t>(i)])) append_utf8(out, parts[static_cast<std::size_t>(i)]);
  }
}

// "a" + combining ring is å: the composed letter, and how many bytes both take; 0 when it is not one of ours.
utf8proc_int32_t own_letter_of(utf8proc_int32_t base, utf8proc_int32_t mark) {
  const utf8proc_int32_t lower = base < 0x80 && base >= 'A' && base <= 'Z' ? base + 32 : base;
  if (mark == 0x30A && lower == 'a') return 0xE5;
  if (mark == 0x308 && lower == 'a') return 0xE4;
  if (mark == 0x308 && lower == 'o') return 0xF6;
  return 0;
}

// The byte after a hyphen and line break when the word goes on in lower case behind them; 0 otherwise.
std::size_t continued_after_break(std::string_view text, std::size_t hyphen) {
  std::size_t at = hyphen + 1;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\r' || text[at] == '\t')) ++at;
  if (at >= text.size() || text[at] != '\n') return 0;
  ++at;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at >= text.size()) return 0;
  const Character next = character_at(text, at);
  return utf8proc_category(next.codepoint) == UTF8PROC_CATEGORY_LL ? at : 0;
}

bool is_joiner(char c) {
  return std::string_view("-/.,:_+'").find(c) != std::string_view::npos;
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What stands between two tokens makes them one code.
bool joins(std::string_view between, const Token& before, const Token& token) {
  if (between.size() == 1 && is_joiner(between[0])) return true;
  const bool one_space = between == " " || between == "\xC2\xA0" || between == "\xE2\x80\xAF";
  return one_space && is_number(before.word) && before.word.size() <= 3 && is_number(token.word) &&
         token.word.size() == 3;
}

}  // namespace

std::vector<Token> tokenise(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    Character c = character_at(text, at);
    if (!is_word(c.codepoint) || is_mark(c.codepoint)) {
      at += c.size;
      continue;
    }
    Token token;
    token.begin = at;
    while (at < text.size()) {
      c = character_at(text, at);
      if (!is_word(c.codepoint)) {
        const std::size_t next = c.codepoint == '-' ? continued_after_break(text, at) : 0;
        if (next == 0 || has_digit(token.word)) break;
        at = next;
        continue;
      }
      const std::size_t behind = at + c.size;
      if (behind < text.size() && static_cast<unsigned char>(text[behind]) == 0xCC) {
        const Character mark = character_at(text, behind);
        if (const auto letter = own_letter_of(c.codepoint, mark.codepoint)) {
          append_utf8(token.word, letter);
          at = behind + mark.size;
          continue;
        }
      }
      append_folded(token.word, c.codepoint);
      at = behind;
    }
    token.end = at;
    if (token.word.empty()) continue;
    if (token.word.size() > kLongestWord) token.word = core::cut(token.word, kLongestWord);
    if (!tokens.empty()) {
      const Token& before = tokens.back();
      token.joined = joins(text.substr(before.end, token.begin - before.end), before, token);
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

void for_each_code(const std::vector<Token>& tokens,
                   const std::function<void(std::size_t, std::size_t, const std::string&)>& each) {
  for (std::size_t first = 0; first < tokens.size();) {
    std::size_t last = first;
    while (last + 1 < tokens.size() && tokens[last + 1].joined) ++last;
    if (last > first && last - first < 12) {
      std::string word;
      bool digits = false;
      for (std::size_t i = first; i <= last; ++i) {
        word += tokens[i].word;
        digits = digits || has_digit(tokens[i].word);
      }
      if (digits && word.size() <= kLongestWord) each(first, last, word);
    }
    first = last + 1;
  }
}

std::string folded_value(std::string_view name) {
  return std::string(core::cut(core::joined(tokenise(name), " ", &Token::word), kLongestValue));
}

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace muniment::index
