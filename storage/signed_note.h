// Signed notes and the checkpoints written as such: C2SP signed-note and tlog-checkpoint, with Ed25519 (RFC 8032,
// through libsodium). A note is text, an empty line, and signature lines:
//
//   muniment-x3K...            origin
//   128                        size: leaves of the tree
//   uYn...=                    root: base64
//
//   — muniment-x3K... AbCd...  name of the key; base64 of its 4-byte identifier and the signature of the text
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash.h"
#include "core/random.h"

namespace muniment::storage {

// What checks signatures: "NAME+IDENTIFIER+KEY", the identifier in hexadecimal, KEY base64 of 0x01 and the public key.
struct PublicKey {
  std::string name;
  std::array<std::uint8_t, 32> key{};
  bool operator==(const PublicKey&) const = default;

  // The first 4 bytes of SHA-256(name || 0x0A || 0x01 || key).
  std::array<std::uint8_t, 4> identifier() const;
  std::string text() const;
  // Empty unless the text is one, its identifier right and its name without white space and plus signs.
  static std::optional<PublicKey> parse(std::string_view text);
};

struct NoteSignature {
  std::string name;
  std::array<std::uint8_t, 4> identifier{};
  std::vector<std::uint8_t> signature;  // of an algorithm that is not ours, any length
};

struct SignedNote {
  std::string text;  // ends with a line feed
  std::vector<NoteSignature> signatures;

  // Empty unless it is well-formed. Signatures are not checked.
  static std::optional<SignedNote> parse(std::string_view note);

  enum class Verdict { valid, invalid, other_key };
  // other_key: nothing in it claims to be by this key.
  Verdict check(const PublicKey& key) const;
};

// Thread-safe. The secret is wiped from memory with the object.
class SigningKey {
 public:
  static SigningKey generate(std::string name, core::Random& random);
  // "PRIVATE+KEY+NAME+IDENTIFIER+SEED", SEED base64 of 0x01 and the 32-byte seed.
  static std::optional<SigningKey> parse(std::string_view text);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  const PublicKey& public_key() const;
  std::string text() const;
  // The text, which ends with a line feed, with this key's signature.
  std::string sign(std::string_view text) const;

 private:
  struct State;
  explicit SigningKey(std::unique_ptr<State> state);
  static SigningKey from_seed(std::string name, const std::array<std::uint8_t, 32>& seed);
  std::unique_ptr<State> state_;
};

// The text of a note that is a checkpoint.
struct CheckpointText {
  std::string origin;
  std::int64_t size = 0;
  core::Sha256 root;

  std::string text() const;
  // Further lines (extensions) are allowed and not kept. Empty unless it is well-formed.
  static std::optional<CheckpointText> parse(std::string_view text);
};

}  // namespace muniment::storage
