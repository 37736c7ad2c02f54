#include "webui/internal/chunked_body.h"

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostTrailerLines = 64;
constexpr std::size_t kMostDigits = 15;  // no size overflows

[[noreturn]] void ended_early() {
  throw Error(ErrorCode::cancelled, "the connection ended before the request's body did");
}

[[noreturn]] void refuse() {
  throw Error(ErrorCode::invalid_argument, "the chunks of the request's body cannot be read");
}

}  // namespace

std::size_t ChunkedBody::read(std::span<std::byte> buffer) {
  if (ended_ || buffer.empty()) return 0;
  if (left_ == 0) {
    const core::Deadline deadline(patience_);
    left_ = size_of_next(deadline);
    if (left_ == 0) {
      for (std::size_t lines = 0; !line(deadline).empty(); ++lines) {
        if (lines == kMostTrailerLines) refuse();
      }
      ended_ = true;
      return 0;
    }
  }
  const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(buffer.size(), left_));
  const int got = session_.read(reinterpret_cast<char*>(buffer.data()), wanted);
  if (got <= 0) ended_early();
  left_ -= static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

std::uint64_t ChunkedBody::size_of_next(const core::Deadline& deadline) {
  if (begun_ && !line(deadline).empty()) refuse();
  begun_ = true;
  const std::string header = line(deadline);
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < header.size() && core::hex_digit(header[digits]) >= 0; ++digits) {
    if (digits == kMostDigits) refuse();
    size = size * 16 + static_cast<std::uint64_t>(core::hex_digit(header[digits]));
  }
  const std::size_t rest = header.find_first_not_of(" \t", digits);
  if (digits == 0 || (rest != std::string::npos && header[rest] != ';')) refuse();
  return size;
}

std::string ChunkedBody::line(const core::Deadline& deadline) {
  std::string text;
  for (;;) {
    const char c = next(deadline);
    if (c == '\r') {
      if (next(deadline) != '\n') refuse();
      return text;
    }
    if (c == '\n' || text.size() == kLongestLine) refuse();
    text += c;
  }
}

char ChunkedBody::next(const core::Deadline& deadline) {
  if (deadline.passed()) throw Error(ErrorCode::timed_out, "the request's body came too slowly; try again");
  const int c = session_.get();
  // Poco gives bytes above 0x7F as negative numbers, and one of them as the end: none belongs here.
  if (c < 0) ended_early();
  return static_cast<char>(c);
}

}  // namespace muniment::webui
