#include "core/totp.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"

namespace muniment::core {

namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::uint32_t kSixDigits = 1'000'000;

// RFC 3986: all but what is unreserved.
std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain =
        is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      encoded += '%' + to_hex({&byte, 1});
    }
  }
  return encoded;
}

}  // namespace

std::int64_t totp_step(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count() / kStepSeconds;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[counter.size() - 1 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), digest.data(),
           &size) == nullptr) {
    throw Error(ErrorCode::internal, "HMAC-SHA-1 is not available in this system's OpenSSL");
  }
  // RFC 4226 section 5.3: the last four bits say where the number begins.
  const std::size_t at = digest[size - 1] & 0x0FU;
  const std::uint32_t number = (static_cast<std::uint32_t>(digest[at] & 0x7FU) << 24U) |
                               (static_cast<std::uint32_t>(digest[at + 1]) << 16U) |
                               (static_cast<std::uint32_t>(digest[at + 2]) << 8U) | digest[at + 3];
  const std::string digits = std::to_string(number % kSixDigits);
  return std::string(6 - digits.size(), '0') + digits;
}

std::string to_base32(std::string_view bytes) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[(pending >> static_cast<unsigned>(bits - 5)) & 0x1FU];
  }
  if (bits > 0) text += kAlphabet[(pending << static_cast<unsigned>(5 - bits)) & 0x1FU];
  return text;
}

std::string otpauth_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  const std::string by = percent_encoded(issuer);
  return "otpauth://totp/" + by + ":" + percent_encoded(account) + "?secret=" + to_base32(secret) + "&issuer=" + by +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace muniment::core
