// Unpredictable bytes, as an argument so that tests can fix them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace muniment::core {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  // `bytes` random bytes as base64url without padding (RFC 4648 section 5).
  std::string token(std::size_t bytes);
};

// The operating system's generator (getrandom(2)).
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace muniment::core
