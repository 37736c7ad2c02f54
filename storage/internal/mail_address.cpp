#include "storage/internal/mail_address.h"

#include <algorithm>

#include "core/text.h"
#include "storage/internal/refusal.h"

namespace muniment::storage {

std::string checked_mail_address(const std::string& address, const std::string& pointer) {
  constexpr std::size_t kLongestAddress = 250;  // bytes
  std::string clean(core::trim(core::to_nfc(address)));
  const bool odd = std::ranges::any_of(clean, [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
  const std::size_t at = clean.find('@');
  if (odd || clean.size() > kLongestAddress || at == 0 || at == std::string::npos || at + 1 == clean.size() ||
      clean.find('@', at + 1) != std::string::npos || clean.find_first_of("<>,;\"") != std::string::npos) {
    refuse(pointer, "must be an address like anna@example.org");
  }
  return clean;
}

}  // namespace muniment::storage
