// What a file in a mail is called when its sender does not say: what it is, and its number among the others.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace muniment::ingest {

inline constexpr std::string_view kUnnamedAttachment = "attachment";
inline constexpr std::string_view kUnnamedMessage = "message";

// "attachment 3"; `kind` is one of those above.
inline std::string made_up_name(std::string_view kind, std::size_t number) {
  return std::string(kind) + " " + std::to_string(number);
}

// Whether a name, with the extension of a mail or without one, may have been made up so: it says nothing about the
// file.
inline bool is_made_up_name(std::string_view filename) {
  constexpr std::array<std::string_view, 2> kExtensions = {".eml", ".tnef"};
  for (const std::string_view extension : kExtensions) {
    if (filename.ends_with(extension)) filename.remove_suffix(extension.size());
  }
  for (const std::string_view kind : {kUnnamedAttachment, kUnnamedMessage}) {
    if (!filename.starts_with(kind)) continue;
    const std::string_view number = filename.substr(kind.size());
    return number.size() > 1 && number.front() == ' ' &&
           std::ranges::all_of(number.substr(1), [](char c) { return c >= '0' && c <= '9'; });
  }
  return false;
}

}  // namespace muniment::ingest
