#include "ingest/check_digits.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace muniment::ingest {

using core::is_digit;

namespace {

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

bool passes_luhn(std::string_view digits) {
  if (digits.size() < 2 || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
    twice = !twice;
  }
  return sum % 10 == 0;
}

bool passes_mod_97(std::string_view iban) {
  struct Country {
    std::string_view code;
    std::size_t length;
  };
  static constexpr std::array kCountries = {
      Country{"AT", 20}, Country{"BE", 16}, Country{"BG", 22}, Country{"CH", 21}, Country{"CY", 28}, Country{"CZ", 24},
      Country{"DE", 22}, Country{"DK", 18}, Country{"EE", 20}, Country{"ES", 24}, Country{"FI", 18}, Country{"FR", 27},
      Country{"GB", 22}, Country{"GR", 27}, Country{"HR", 21}, Country{"HU", 28}, Country{"IE", 22}, Country{"IS", 26},
      Country{"IT", 27}, Country{"LI", 21}, Country{"LT", 20}, Country{"LU", 20}, Country{"LV", 21}, Country{"MT", 31},
      Country{"NL", 18}, Country{"NO", 15}, Country{"PL", 28}, Country{"PT", 25}, Country{"RO", 24}, Country{"SE", 24},
      Country{"SI", 19}, Country{"SK", 24}};
  const auto country = std::find_if(kCountries.begin(), kCountries.end(),
                                    [&](const Country& each) { return iban.starts_with(each.code); });
  if (country == kCountries.end() || country->length != iban.size()) return false;
  int rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    if (is_digit(c)) {
      rest = (rest * 10 + (c - '0')) % 97;
    } else if (is_capital(c)) {
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return rest == 1;
}

}  // namespace muniment::ingest
