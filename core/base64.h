// RFC 4648 section 4, with padding: what formats of others ask for. Our own texts use to_base64url (core/text.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

std::string to_base64(std::span<const std::uint8_t> bytes);
// Accepts exactly what to_base64 writes.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace muniment::core
