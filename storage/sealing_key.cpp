#include "storage/sealing_key.h"

#include <algorithm>
#include <span>

#include <sodium.h>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::uint64_t kMostKeyBytes = 1024;

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

SealingKey::SealingKey(const std::filesystem::path& keys, core::Random& random) : random_(random) {
  static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
  if (sodium_init() < 0) throw Error(ErrorCode::internal, "libsodium could not be started");
  const std::filesystem::path file = keys / "sealing.key";
  if (!std::filesystem::exists(file)) {
    random_.fill(key_);
    core::write_durably(file, core::to_base64url(key_) + "\n", 0600);
    return;
  }
  std::string text = core::read_file(file, kMostKeyBytes);
  auto key = core::from_base64url(core::trim(text));
  sodium_memzero(text.data(), text.size());
  if (!key || key->size() != key_.size()) {
    throw Error(ErrorCode::corrupt, file.string() +
                                        " is not a sealing key; restore it from a backup, or take it away " +
                                        "and enter the passwords of mailboxes again");
  }
  std::copy(key->begin(), key->end(), key_.begin());
  sodium_memzero(key->data(), key->size());
}

SealingKey::~SealingKey() {
  sodium_memzero(key_.data(), key_.size());
}

Blob SealingKey::seal(std::string_view secret, std::string_view purpose) const {
  std::array<std::uint8_t, kNonce> nonce{};
  random_.fill(nonce);
  std::string sealed(secret.size() + kTag, '\0');
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<std::uint8_t*>(sealed.data()), &length, bytes_of(secret),
                                             secret.size(), bytes_of(purpose), purpose.size(), nullptr, nonce.data(),
                                             key_.data());
  return {std::string(nonce.begin(), nonce.end()) + sealed};
}

std::string SealingKey::open(const Blob& sealed, std::string_view purpose) const {
  const std::string_view bytes = sealed.bytes;
  if (bytes.size() >= kNonce + kTag) {
    const std::string_view box = bytes.substr(kNonce);
    std::string secret(box.size() - kTag, '\0');
    unsigned long long length = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<std::uint8_t*>(secret.data()), &length, nullptr,
                                                   bytes_of(box), box.size(), bytes_of(purpose), purpose.size(),
                                                   bytes_of(bytes), key_.data()) == 0) {
      return secret;
    }
  }
  throw Error(ErrorCode::corrupt, "a stored password cannot be opened with keys/sealing.key; enter it again");
}

}  // namespace muniment::storage
