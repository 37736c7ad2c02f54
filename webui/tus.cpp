#include "webui/tus.h"

#include <algorithm>

#include "core/text.h"

namespace muniment::webui::tus {

namespace {

constexpr std::size_t kMostKeys = 20;

}  // namespace

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  // The same alphabet but for two letters; what is left of the checks is core's.
  std::string url_safe(text);
  for (char& c : url_safe) {
    if (c == '-' || c == '_') return std::nullopt;
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  const auto bytes = core::from_base64url(url_safe);
  if (!bytes || bytes->size() % 3 != (3 - padding) % 3) return std::nullopt;
  return std::string(bytes->begin(), bytes->end());
}

std::optional<std::map<std::string, std::string>> parse_metadata(std::string_view header) {
  std::map<std::string, std::string> pairs;
  if (core::trim(header).empty()) return pairs;
  for (const std::string_view part : core::split(header, ',')) {
    const std::string_view pair = core::trim(part);
    const auto space = pair.find(' ');
    const std::string key(pair.substr(0, space));
    const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    const auto value = space == std::string_view::npos ? std::optional<std::string>("")
                                                       : from_base64(core::trim(pair.substr(space + 1)));
    if (key.empty() || !printable || !value || pairs.size() == kMostKeys || !pairs.emplace(key, *value).second) {
      return std::nullopt;
    }
  }
  return pairs;
}

std::optional<Checksum> parse_checksum(std::string_view header) {
  header = core::trim(header);
  const auto space = header.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  Checksum checksum{std::string(header.substr(0, space)), ""};
  const auto digest = from_base64(core::trim(header.substr(space + 1)));
  const std::size_t size = checksum.algorithm == "sha256" ? 32 : checksum.algorithm == "sha1" ? 20 : 0;
  if (size == 0 || !digest || digest->size() != size) return std::nullopt;
  checksum.digest = *digest;
  return checksum;
}

}  // namespace muniment::webui::tus
