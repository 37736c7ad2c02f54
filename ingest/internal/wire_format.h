// How values are written in the messages of ingest/internal/extract_protocol.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest::wire {

inline constexpr std::size_t kMaxText = 4096;

[[noreturn]] inline void malformed(const char* what) {
  throw core::Error(core::ErrorCode::corrupt, "muniment-extract sent something malformed").because(what);
}

// Fixed-size little-endian numbers and length-prefixed texts, one after the other.
class Writer {
 public:
  template <typename Integer>
  Writer& number(Integer value) {
    const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i) bytes_ += static_cast<char>((bits >> (8 * i)) & 0xFF);
    return *this;
  }
  Writer& boolean(bool value) { return number<std::uint8_t>(value ? 1 : 0); }
  Writer& text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
    return *this;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename Integer>
  Integer number() {
    using Unsigned = std::make_unsigned_t<Integer>;
    if (bytes_.size() < sizeof(Unsigned)) malformed("ends within a number");
    Unsigned bits = 0;
    for (std::size_t i = 0; i < sizeof bits; ++i) {
      bits = static_cast<Unsigned>(
          bits | static_cast<Unsigned>(static_cast<Unsigned>(static_cast<unsigned char>(bytes_[i])) << (8 * i)));
    }
    bytes_.remove_prefix(sizeof bits);
    return static_cast<Integer>(bits);
  }
  std::int32_t number_between(std::int32_t least, std::int32_t most) {
    const auto value = number<std::int32_t>();
    if (value < least || value > most) malformed("number out of range");
    return value;
  }
  bool boolean() {
    const auto value = number<std::uint8_t>();
    if (value > 1) malformed("not a truth value");
    return value == 1;
  }
  std::string text(std::size_t most) {
    const auto size = number<std::uint32_t>();
    if (size > most) malformed("text too long");
    if (size > bytes_.size()) malformed("ends within a text");
    std::string value(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return value;
  }
  // For people's eyes, so repaired instead of refused.
  std::string shown_text(std::size_t most = kMaxText) { return core::to_utf8(text(most)); }
  void end() const {
    if (!bytes_.empty()) malformed("longer than it should be");
  }

 private:
  std::string_view bytes_;
};

}  // namespace muniment::ingest::wire
