// SHA-256 (FIPS 180-4), the name of a blob and the link of the audit chain.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/files.h"

namespace muniment::core {

struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Sha256&) const = default;

  // 64 lower-case hexadecimal digits.
  std::string hex() const;
  // Accepts exactly 64 hexadecimal digits of either case.
  static std::optional<Sha256> from_hex(std::string_view text);
  static Sha256 of(std::span<const std::byte> bytes);
  static Sha256 of(std::string_view text);
};

// Hashes what is added, in order. Not thread-safe.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void add(std::span<const std::byte> bytes);
  // The digest of everything added; the stream starts anew.
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct FileDigest {
  Sha256 hash;
  std::uint64_t size = 0;
};
// Of a file's whole content. `each` is given every piece on its way, for copying in the same pass; what it throws ends
// the reading.
FileDigest digest_of(const FileDescriptor& file, const std::function<void(std::span<const std::byte>)>& each = {});

// Its value; -1 when it is no hexadecimal digit, of either case.
int hex_digit(char c);
// Lower-case hexadecimal digits of any bytes.
std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace muniment::core
