#include "server/commands/command.h"

#include <iostream>

#include <unistd.h>

#include "core/text.h"

namespace muniment::server {

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto all = values(option);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  std::vector<std::string> all;
  const auto [first, last] = options.equal_range(option);
  for (auto each = first; each != last; ++each) all.push_back(each->second);
  return all;
}

std::int64_t Arguments::number(std::string_view option, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) const {
  const auto all = numbers(option, least, most);
  return all.empty() ? fallback : all.back();
}

std::vector<std::int64_t> Arguments::numbers(std::string_view option, std::int64_t least, std::int64_t most) const {
  std::vector<std::int64_t> all;
  for (const std::string& text : values(option)) {
    const auto number = core::parse_integer(text);
    if (!number || *number < least || *number > most) {
      throw UsageError{std::string(option) + " must be a whole number from " + std::to_string(least) + " to " +
                       std::to_string(most)};
    }
    all.push_back(*number);
  }
  return all;
}

const std::string& Arguments::word(std::size_t at, std::string_view what) const {
  if (at < words.size()) return words[at];
  throw UsageError{"missing: " + std::string(what)};
}

void Arguments::at_most_one(std::initializer_list<std::string_view> of) const {
  std::vector<std::string> given;
  for (const std::string_view option : of) {
    if (has(option)) given.emplace_back(option);
  }
  if (given.size() > 1) throw UsageError{core::joined(given, " and ") + " exclude each other; give one of them"};
}

Progress::Progress(std::string what) : what_(std::move(what)) {}

Progress::~Progress() {
  if (shown_) std::cerr << "\n";
}

void Progress::at(std::int64_t done, std::int64_t of) {
  if (::isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r" << what_ << " " << done << " of " << of << "\x1b[K" << std::flush;
  shown_ = true;
}

}  // namespace muniment::server
