// Keeps secrets of other systems (the password of a mailbox) in the database so that a copy of it does not tell them:
// they are sealed with a key from DATA/keys.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/random.h"
#include "storage/sql.h"

namespace muniment::storage {

// Thread-safe. XChaCha20-Poly1305 with a random nonce.
class SealingKey {
 public:
  // Reads KEYS/sealing.key, or makes it (mode 0600, durable). Error(corrupt) when it is not a key.
  SealingKey(const std::filesystem::path& keys, core::Random& random);
  ~SealingKey();
  SealingKey(const SealingKey&) = delete;

  // `purpose` says what the secret is for; it opens for nothing else.
  Blob seal(std::string_view secret, std::string_view purpose) const;
  // Error(corrupt) when it was sealed with another key or for another purpose, or was altered.
  std::string open(const Blob& sealed, std::string_view purpose) const;

 private:
  core::Random& random_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace muniment::storage
