// Letter case as the protocols of mail know it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace muniment::scanners {

inline std::string ascii_upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return result;
}

}  // namespace muniment::scanners
