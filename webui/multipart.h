// multipart/form-data (RFC 7578), read as it comes: parts of any size without holding them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muniment::webui {

inline constexpr std::size_t kMostParts = 100;

// Not thread-safe. Every call throws Error(invalid_argument) for bytes that are not well-formed, over 100 parts, or a
// part's header over 8 KiB.
class MultipartReader {
 public:
  // Up to `buffer.size()` bytes of the body; 0 at its end.
  using Source = std::function<std::size_t(std::span<std::byte> buffer)>;

  MultipartReader(std::string_view boundary, Source source);

  struct Part {
    std::string name;
    std::optional<std::string> filename;  // as sent: hostile
  };
  // Skips what is left of the present part. Empty after the last.
  std::optional<Part> next();
  // Bytes of the present part; 0 at its end.
  std::size_t read(std::span<std::byte> buffer);
  // The rest of the present part. Error(too_large) above `limit` bytes.
  std::string read_text(std::size_t limit);

 private:
  bool fill();
  void find_first_delimiter();
  std::string read_header();

  std::string delimiter_;  // CR LF "--" boundary
  Source source_;
  std::string buffer_;
  std::size_t part_count_ = 0;
  bool source_ended_ = false;
  bool started_ = false;
  bool in_part_ = false;
  bool ended_ = false;
};

// The boundary of a Content-Type; empty when it is not multipart/form-data or has no proper one.
std::optional<std::string> multipart_boundary(std::string_view content_type);

// Name and file name of a Content-Disposition; `filename*` (RFC 8187) wins over `filename`. Empty without a name.
std::optional<MultipartReader::Part> parse_disposition(std::string_view value);

}  // namespace muniment::webui
