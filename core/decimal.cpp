#include "core/decimal.h"

#include <algorithm>

#include "core/text.h"

namespace muniment::core {

std::string to_decimal(std::string_view text) {
  std::string digits, decimals;
  bool negative = false, point = false;
  const std::string plain = collapse_space(text);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '-' && i == 0) {
      negative = true;
    } else if ((c == '.' || c == ',') && !point && !digits.empty()) {
      point = true;
    } else if (is_digit(c)) {
      (point ? decimals : digits) += c;
    } else if (c != ' ' || point) {
      return "";
    }
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - (digits.empty() ? 0 : 1)));
  if (digits.empty() || (point && decimals.empty()) || digits.size() > kMostDigits || decimals.size() > kMostDecimals) {
    return "";
  }
  return (negative ? "-" : "") + digits + (point ? "." + decimals : "");
}

}  // namespace muniment::core
