// One-time codes from a shared secret and the time (RFC 6238 with HMAC-SHA-1, six digits, steps of 30 seconds: what
// every authenticator application can do).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace muniment::core {

// The number of the step that a time is in.
std::int64_t totp_step(Time time);
// Six digits. The secret is bytes, not Base32.
std::string totp_code(std::string_view secret, std::int64_t step);

// RFC 4648 section 6, without padding.
std::string to_base32(std::string_view bytes);

// What an authenticator application reads from a QR code: otpauth://totp/ISSUER:ACCOUNT?secret=...
std::string otpauth_uri(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace muniment::core
