// Passwords that whoever guesses would try early.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace muniment::storage {

// Whether a password is put together of few pieces: words that many take, the names in `names` (of the person, say),
// years, keys side by side, letters in the order of the alphabet, and what stands before said again. Case counts for
// nothing, nor do digits and signs in the place of letters that they look like. Quick for the 128 bytes that a password
// may have.
bool is_guessable(std::string_view password, std::span<const std::string> names);

}  // namespace muniment::storage
