#include "ingest/internal/field_values.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "ingest/check_digits.h"

namespace muniment::ingest {

using core::is_digit;
using storage::FieldKind;

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

bool only(std::string_view text, std::string_view signs) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_digit(c) || signs.find(c) != std::string_view::npos; });
}

std::string_view bare(std::string_view word) {
  constexpr std::string_view kBefore = "([{:;,.\"'";
  constexpr std::string_view kAfter = ")]}:;,.\"'";
  while (!word.empty() && kBefore.find(word.front()) != std::string_view::npos) word.remove_prefix(1);
  while (!word.empty() && kAfter.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return word;
}

std::string without_marks(std::string folded) {
  struct Letter {
    std::string_view marked;
    char plain;
  };
  static constexpr std::array kLetters = {Letter{"å", 'a'}, Letter{"ä", 'a'}, Letter{"á", 'a'}, Letter{"à", 'a'},
                                          Letter{"ö", 'o'}, Letter{"ó", 'o'}, Letter{"ô", 'o'}, Letter{"é", 'o'}};
  for (const Letter& letter : kLetters) {
    for (auto at = folded.find(letter.marked); at != std::string::npos; at = folded.find(letter.marked, at)) {
      folded.replace(at, letter.marked.size(), 1, letter.plain);
    }
  }
  return folded;
}

std::optional<std::string> currency_of(std::string_view word) {
  struct Name {
    std::string_view text, code;
  };
  static constexpr std::array kNames = {
      Name{"kr", "SEK"},   Name{"sek", "SEK"}, Name{"kronor", "SEK"}, Name{"eur", "EUR"}, Name{"€", "EUR"},
      Name{"euro", "EUR"}, Name{"usd", "USD"}, Name{"$", "USD"},      Name{"us$", "USD"}, Name{"gbp", "GBP"},
      Name{"£", "GBP"},    Name{"nok", "NOK"}, Name{"dkk", "DKK"},    Name{"chf", "CHF"}};
  const std::string folded = core::fold_case(bare(word));
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& name) { return name.text == folded; });
  return found == kNames.end() ? std::nullopt : std::optional(std::string(found->code));
}

std::optional<std::string> plain_amount(std::string text) {
  if (text.ends_with(":-") || text.ends_with(",-")) text.resize(text.size() - 2);
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.back() == '-')) {
    negative = true;
    text.erase(text.front() == '-' ? 0 : text.size() - 1, 1);
  }
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back()) || !only(text, " .,:'")) return std::nullopt;
  std::string decimals;
  const auto mark = text.find_last_of(".,:");
  if (mark != std::string::npos && text.size() - mark == 3) {
    decimals = text.substr(mark + 1);
    text.resize(mark);
  }
  std::string whole;
  std::size_t group = 0;
  bool grouped = false;
  for (const char c : text) {
    if (is_digit(c)) {
      whole += c;
      ++group;
    } else {
      if (grouped ? group != 3 : group == 0 || group > 3) return std::nullopt;
      grouped = true;
      group = 0;
    }
  }
  if ((grouped && group != 3) || whole.empty() || whole.size() > 12) return std::nullopt;
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  return (negative ? "-" : "") + whole + (decimals.empty() ? "" : "." + decimals);
}

std::optional<std::string> giro_value(std::string_view text, FieldKind kind) {
  const std::string_view number = bare(text);
  if (!only(number, " -") || std::count(number.begin(), number.end(), '-') > 1) return std::nullopt;
  const std::string digits = digits_of(number);
  if (!passes_luhn(digits)) return std::nullopt;
  if (kind == FieldKind::bankgiro) {
    if (digits.size() < 7 || digits.size() > 8) return std::nullopt;
    return digits.substr(0, digits.size() - 4) + "-" + digits.substr(digits.size() - 4);
  }
  if (digits.size() < 2 || digits.size() > 8 || number.find('-') == std::string_view::npos) return std::nullopt;
  return digits.substr(0, digits.size() - 1) + "-" + digits.back();
}

std::optional<std::string> organisation_number(std::string_view word, bool labelled) {
  std::string_view number = bare(word);
  if (number.size() == 14 && number.starts_with("SE") && number.ends_with("01")) {
    number = number.substr(2, 10);
    labelled = true;
  }
  const bool hyphen = number.size() == 11 && number[6] == '-';
  if (!(hyphen || (labelled && number.size() == 10)) || !only(number, "-")) return std::nullopt;
  const std::string digits = digits_of(number);
  if (digits.size() != 10 || digits[2] < '2' || !passes_luhn(digits)) return std::nullopt;
  return digits.substr(0, 6) + "-" + digits.substr(6);
}

std::optional<std::string> number_value(std::string_view word) {
  const std::string_view number = bare(word);
  const bool good = number.size() >= 2 && number.size() <= kLongestNumber &&
                    std::any_of(number.begin(), number.end(), is_digit) &&
                    std::all_of(number.begin(), number.end(), [](char c) {
                      return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '/';
                    });
  return good ? std::optional(std::string(number)) : std::nullopt;
}

}  // namespace muniment::ingest
