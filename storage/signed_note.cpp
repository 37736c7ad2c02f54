#include "storage/signed_note.h"

#include <algorithm>

#include <sodium.h>

#include "core/base64.h"
#include "core/error.h"
#include "core/text.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::uint8_t kEd25519 = 1;                            // C2SP's number of the algorithm
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // an em dash and a space
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";

using Seed = std::array<std::uint8_t, crypto_sign_SEEDBYTES>;

void start_sodium() {
  if (sodium_init() < 0) throw Error(ErrorCode::internal, "libsodium could not be started");
}

bool is_key_name(std::string_view name) {
  return !name.empty() && core::is_utf8(name) &&
         std::none_of(name.begin(), name.end(), [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '+'; });
}

// base64 of the algorithm's number and 32 bytes, as both kinds of keys are written.
std::string key_data(const std::array<std::uint8_t, 32>& key) {
  std::vector<std::uint8_t> bytes{kEd25519};
  bytes.insert(bytes.end(), key.begin(), key.end());
  return core::to_base64(bytes);
}

struct WrittenKey {
  std::string name;
  std::string identifier;
  std::array<std::uint8_t, 32> key{};
};

// "NAME+IDENTIFIER+DATA"
std::optional<WrittenKey> parse_key(std::string_view text) {
  const auto name_end = text.find('+');
  if (name_end == std::string_view::npos) return std::nullopt;
  const auto identifier_end = text.find('+', name_end + 1);
  if (identifier_end == std::string_view::npos) return std::nullopt;
  WrittenKey written;
  written.name = text.substr(0, name_end);
  written.identifier = text.substr(name_end + 1, identifier_end - name_end - 1);
  const auto data = core::from_base64(text.substr(identifier_end + 1));
  if (!is_key_name(written.name) || !data || data->size() != 33 || data->front() != kEd25519) return std::nullopt;
  std::copy(data->begin() + 1, data->end(), written.key.begin());
  return written;
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = core::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  NoteSignature signature;
  signature.name = line.substr(0, space);
  std::copy_n(bytes->begin(), 4, signature.identifier.begin());
  signature.signature.assign(bytes->begin() + 4, bytes->end());
  return signature;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::array<std::uint8_t, 4> PublicKey::identifier() const {
  std::string input = name + "\n" + static_cast<char>(kEd25519);
  input.append(reinterpret_cast<const char*>(key.data()), key.size());
  const core::Sha256 hash = core::Sha256::of(input);
  return {hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

std::string PublicKey::text() const {
  return name + "+" + core::to_hex(identifier()) + "+" + key_data(key);
}

std::optional<PublicKey> PublicKey::parse(std::string_view text) {
  auto written = parse_key(text);
  if (!written) return std::nullopt;
  PublicKey key{std::move(written->name), written->key};
  if (core::to_hex(key.identifier()) != written->identifier) return std::nullopt;
  return key;
}

std::optional<SignedNote> SignedNote::parse(std::string_view note) {
  if (!core::is_utf8(note) || !note.ends_with('\n')) return std::nullopt;
  if (std::any_of(note.begin(), note.end(), [](unsigned char c) { return c < ' ' && c != '\n'; })) return std::nullopt;
  const auto border = note.rfind("\n\n");
  if (border == std::string_view::npos) return std::nullopt;
  SignedNote parsed;
  parsed.text = note.substr(0, border + 1);
  std::string_view rest = note.substr(border + 2);
  while (!rest.empty()) {
    auto signature = parse_signature(take_line(rest));
    if (!signature) return std::nullopt;
    parsed.signatures.push_back(std::move(*signature));
  }
  if (parsed.signatures.empty()) return std::nullopt;
  return parsed;
}

SignedNote::Verdict SignedNote::check(const PublicKey& key) const {
  start_sodium();
  const auto identifier = key.identifier();
  for (const NoteSignature& signature : signatures) {
    if (signature.name != key.name || signature.identifier != identifier) continue;
    const bool valid =
        signature.signature.size() == crypto_sign_BYTES &&
        crypto_sign_verify_detached(signature.signature.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                    text.size(), key.key.data()) == 0;
    return valid ? Verdict::valid : Verdict::invalid;
  }
  return Verdict::other_key;
}

struct SigningKey::State {
  PublicKey public_key;
  Seed seed{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};

  ~State() {
    sodium_memzero(seed.data(), seed.size());
    sodium_memzero(secret.data(), secret.size());
  }
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

SigningKey SigningKey::from_seed(std::string name, const Seed& seed) {
  start_sodium();
  auto state = std::make_unique<State>();
  state->public_key.name = std::move(name);
  state->seed = seed;
  crypto_sign_seed_keypair(state->public_key.key.data(), state->secret.data(), seed.data());
  return SigningKey(std::move(state));
}

SigningKey SigningKey::generate(std::string name, core::Random& random) {
  if (!is_key_name(name)) {
    throw Error(ErrorCode::invalid_argument, "\"" + name + "\" cannot name a key: no spaces and no plus signs");
  }
  Seed seed;
  random.fill(seed);
  SigningKey key = from_seed(std::move(name), seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

std::optional<SigningKey> SigningKey::parse(std::string_view text) {
  if (!text.starts_with(kPrivatePrefix)) return std::nullopt;
  auto written = parse_key(text.substr(kPrivatePrefix.size()));
  if (!written) return std::nullopt;
  SigningKey key = from_seed(written->name, written->key);
  sodium_memzero(written->key.data(), written->key.size());
  if (core::to_hex(key.public_key().identifier()) != written->identifier) return std::nullopt;
  return key;
}

const PublicKey& SigningKey::public_key() const {
  return state_->public_key;
}

std::string SigningKey::text() const {
  return std::string(kPrivatePrefix) + state_->public_key.name + "+" + core::to_hex(state_->public_key.identifier()) +
         "+" + key_data(state_->seed);
}

std::string SigningKey::sign(std::string_view text) const {
  const auto identifier = state_->public_key.identifier();
  std::vector<std::uint8_t> signed_bytes(identifier.begin(), identifier.end());
  signed_bytes.resize(identifier.size() + crypto_sign_BYTES);
  crypto_sign_detached(signed_bytes.data() + identifier.size(), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), state_->secret.data());
  return std::string(text) + "\n" + std::string(kSignaturePrefix) + state_->public_key.name + " " +
         core::to_base64(signed_bytes) + "\n";
}

std::string CheckpointText::text() const {
  return origin + "\n" + std::to_string(size) + "\n" + core::to_base64(root.bytes) + "\n";
}

std::optional<CheckpointText> CheckpointText::parse(std::string_view text) {
  if (!text.ends_with('\n')) return std::nullopt;
  CheckpointText parsed;
  parsed.origin = take_line(text);
  const std::string_view size = take_line(text);
  const auto number = core::parse_integer(size);
  const auto root = core::from_base64(take_line(text));
  if (parsed.origin.empty() || !number || *number < 0 || std::to_string(*number) != size || !root ||
      root->size() != parsed.root.bytes.size()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    if (take_line(text).empty()) return std::nullopt;
  }
  parsed.size = *number;
  std::copy(root->begin(), root->end(), parsed.root.bytes.begin());
  return parsed;
}

}  // namespace muniment::storage
