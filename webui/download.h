// Bytes that came from outside on their way to a browser: harmless whatever they are (docs/http.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/files.h"

namespace muniment::webui {

class Exchange;

struct Download {
  std::string media_type;  // found from the bytes; what a browser could run is sent as application/octet-stream
  std::string filename;    // empty: shown, not saved
  std::string etag;        // without quotes; names these bytes for ever
  bool cacheable = false;  // by this person's browser only
};

// Answers a GET or HEAD for a whole file or the one range that was asked for, conditionally (RFC 9110).
void send_download(Exchange& exchange, const core::FileDescriptor& file, const Download& download);

// As `send_download` when the client has these bytes already, without the file. False, and nothing is sent, when it has
// not.
bool send_unchanged(Exchange& exchange, const Download& download);

// The `etag` of a rendition, which may be made again with other bytes: that of one file's one state.
std::string rendition_etag(const core::FileDescriptor& file);

// The first and last byte of a Range header of one range; empty when the header is to be ignored. The second of the
// pair is false when the range lies outside.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool satisfiable = true;
};
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

// RFC 6266 with RFC 8187 for what is not ASCII.
std::string attachment_named(std::string_view filename);

}  // namespace muniment::webui
