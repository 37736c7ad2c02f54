#include "core/hash.h"

#include <vector>

#include <openssl/evp.h>

#include "core/error.h"

namespace muniment::core {

namespace {

void require(int ok) {
  if (ok != 1) throw Error(ErrorCode::internal, "SHA-256 is not available in this system's OpenSSL");
}

}  // namespace

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Sha256Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

Sha256 Sha256Stream::finish() {
  Sha256 digest;
  require(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), nullptr));
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
  return digest;
}

FileDigest digest_of(const FileDescriptor& file, const std::function<void(std::span<const std::byte>)>& each) {
  constexpr std::size_t kPiece = 1024 * 1024;
  std::vector<std::byte> buffer(kPiece);
  Sha256Stream stream;
  FileDigest digest;
  while (const std::size_t got = read_at(file, digest.size, buffer)) {
    const auto piece = std::span<const std::byte>(buffer).first(got);
    stream.add(piece);
    if (each) each(piece);
    digest.size += got;
  }
  digest.hash = stream.finish();
  return digest;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Sha256::hex() const {
  return to_hex(bytes);
}

std::optional<Sha256> Sha256::from_hex(std::string_view text) {
  Sha256 digest;
  if (text.size() != digest.bytes.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

Sha256 Sha256::of(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.finish();
}

Sha256 Sha256::of(std::string_view text) {
  return of(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace muniment::core
