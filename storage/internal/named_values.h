// Values of an enumeration and the names under which they are stored and told.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace muniment::storage {

template <typename T, std::size_t N>
std::string_view name_in(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == value; });
  return found == names.end() ? std::string_view() : found->second;
}

template <typename T, std::size_t N>
std::optional<T> value_in(const std::array<std::pair<T, std::string_view>, N>& names, std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == name; });
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace muniment::storage
