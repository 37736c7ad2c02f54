// What a word or a few are the value of, and its plain form: amounts, numbers with a check digit, numbers of papers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/document_fields.h"

namespace muniment::ingest {

inline constexpr std::size_t kLongestNumber = 25;

bool is_capital(char c);
std::string digits_of(std::string_view text);
// Whether there is nothing but digits and `signs`.
bool only(std::string_view text, std::string_view signs);
// Without what stands around a word: brackets, colons, full stops at its end.
std::string_view bare(std::string_view word);

// Of a folded word: "förfallodag" is "forfallodag", and so is "férfallodag", as recognition has it when it does not
// expect Swedish.
std::string without_marks(std::string folded);

// "kr" is "SEK".
std::optional<std::string> currency_of(std::string_view word);
// "1.234,50", "1,234.50", "1 234:50", "1234" as "1234.50" or "1234"; groups have three digits.
std::optional<std::string> plain_amount(std::string text);
std::optional<std::string> giro_value(std::string_view text, storage::FieldKind kind);
// "556016-0680", "SE556016068001", and without hyphen beside a label. The third digit tells it from a person's number,
// which is nobody's business.
std::optional<std::string> organisation_number(std::string_view word, bool labelled);
// Of an invoice or an order: letters, digits, hyphens and slashes, at least one digit.
std::optional<std::string> number_value(std::string_view word);

}  // namespace muniment::ingest
