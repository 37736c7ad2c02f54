// Decimal numbers as people write them, kept exactly.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muniment::core {

inline constexpr std::size_t kMostDigits = 15;
inline constexpr std::size_t kMostDecimals = 6;

// "1 234,5" as "1234.5": with spaces, a decimal comma and zeros in front or without; empty when it is no number or has
// more digits or decimals than that.
std::string to_decimal(std::string_view text);

}  // namespace muniment::core
