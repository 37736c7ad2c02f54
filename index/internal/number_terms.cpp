#include "index/internal/number_terms.h"

#include <algorithm>

#include "core/decimal.h"

namespace muniment::index {

using Xapian::Query;

namespace {

constexpr std::size_t kDigits = core::kMostDigits + core::kMostDecimals;

struct Number {
  bool negative = false;
  std::string digits;  // kDigits of them, without sign and point
};

Number parse(std::string_view decimal) {
  Number number;
  number.negative = decimal.front() == '-';
  if (number.negative) decimal.remove_prefix(1);
  const auto point = std::min(decimal.find('.'), decimal.size());
  number.digits.assign(core::kMostDigits - point, '0');
  number.digits += decimal.substr(0, point);
  if (point < decimal.size()) number.digits += decimal.substr(point + 1);
  number.digits.resize(kDigits, '0');
  if (number.digits == std::string(kDigits, '0')) number.negative = false;
  return number;
}

// The beginnings of numbers from `least` to `most`, which are of one length, behind `begun`.
void cover(const std::string& begun, const std::string& least, const std::string& most, std::vector<Query>& terms) {
  const std::string zeros(least.size(), '0'), nines(least.size(), '9');
  if (least == zeros && most == nines) {
    terms.emplace_back(begun);
    return;
  }
  const std::string inner_zeros = zeros.substr(1), inner_nines = nines.substr(1);
  for (char digit = least.front(); digit <= most.front(); ++digit) {
    cover(begun + digit, digit == least.front() ? least.substr(1) : inner_zeros,
          digit == most.front() ? most.substr(1) : inner_nines, terms);
  }
}

}  // namespace

std::vector<std::string> number_terms(std::string_view prefix, std::string_view number) {
  const Number parsed = parse(number);
  std::vector<std::string> terms{std::string(prefix) + (parsed.negative ? "-" : "+")};
  for (const char digit : parsed.digits) terms.push_back(terms.back() + digit);
  return terms;
}

Query number_range(std::string_view prefix, const std::optional<std::string>& least,
                   const std::optional<std::string>& most) {
  const Number largest{false, std::string(kDigits, '9')};
  const Number from = least ? parse(*least) : Number{true, largest.digits};
  const Number through = most ? parse(*most) : largest;
  const std::string zero(kDigits, '0');
  std::vector<Query> terms;
  const auto add = [&](char sign, const std::string& low, const std::string& high) {
    if (low <= high) cover(std::string(prefix) + sign, low, high, terms);
  };
  if (from.negative) add('-', through.negative ? through.digits : zero, from.digits);
  if (!through.negative) add('+', from.negative ? zero : from.digits, through.digits);
  return Query(Query::OP_OR, terms.begin(), terms.end());
}

}  // namespace muniment::index
