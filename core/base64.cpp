#include "core/base64.h"

#include <algorithm>

#include "core/text.h"

namespace muniment::core {

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text = to_base64url(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  std::string url_safe(text.substr(0, text.find('=')));
  std::replace(url_safe.begin(), url_safe.end(), '+', '-');
  std::replace(url_safe.begin(), url_safe.end(), '/', '_');
  auto bytes = from_base64url(url_safe);
  if (!bytes || to_base64(*bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace muniment::core
