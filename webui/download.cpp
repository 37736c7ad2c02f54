#include "webui/download.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/stat.h>

#include "core/error.h"
#include "core/text.h"
#include "webui/exchange.h"
#include "webui/problem.h"

namespace muniment::webui {

namespace {

// What a browser shows without running anything in it, together with nosniff and the sandbox.
constexpr std::array<std::string_view, 9> kShownTypes = {"application/pdf", "image/png",  "image/jpeg",
                                                         "image/webp",      "image/gif",  "image/tiff",
                                                         "image/bmp",       "text/plain", "application/json"};

std::string safe_type(const std::string& media_type) {
  if (std::find(kShownTypes.begin(), kShownTypes.end(), media_type) == kShownTypes.end()) {
    return "application/octet-stream";
  }
  return media_type == "text/plain" ? "text/plain; charset=utf-8" : media_type;
}

bool names_tag(std::string_view header, const std::string& etag) {
  for (const std::string_view part : core::split(header, ',')) {
    std::string_view tag = core::trim(part);
    if (tag == "*") return true;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "\"" + etag + "\"") return true;
  }
  return false;
}

void set_headers(Exchange& exchange, const Download& download) {
  exchange.set_header("ETag", "\"" + download.etag + "\"");
  exchange.set_header("Accept-Ranges", "bytes");
  exchange.set_header("Content-Security-Policy", "sandbox; default-src 'none'");
  exchange.set_header("Cache-Control", download.cacheable ? "private, max-age=86400" : "private, no-store");
  if (!download.filename.empty()) exchange.set_header("Content-Disposition", attachment_named(download.filename));
}

}  // namespace

std::string rendition_etag(const core::FileDescriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw core::system_error("look at a rendition", errno);
  return std::to_string(status.st_ino) + "-" + std::to_string(status.st_size) + "-" +
         std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
}

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit) || header.find(',') != std::string_view::npos) return std::nullopt;
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first_text = core::trim(header.substr(0, dash));
  const auto last_text = core::trim(header.substr(dash + 1));
  const auto first = core::parse_integer(first_text);
  const auto last = core::parse_integer(last_text);
  if ((!first_text.empty() && (!first || *first < 0)) || (!last_text.empty() && (!last || *last < 0)))
    return std::nullopt;
  if (first_text.empty() && last_text.empty()) return std::nullopt;
  ByteRange range;
  if (first_text.empty()) {
    range.length = std::min<std::uint64_t>(static_cast<std::uint64_t>(*last), size);
    range.first = size - range.length;
    range.satisfiable = range.length > 0;
    return range;
  }
  range.first = static_cast<std::uint64_t>(*first);
  if (!last_text.empty() && *last < *first) return std::nullopt;
  const std::uint64_t end =
      last_text.empty() ? size : std::min<std::uint64_t>(static_cast<std::uint64_t>(*last) + 1, size);
  range.satisfiable = range.first < size;
  range.length = range.satisfiable ? end - range.first : 0;
  return range;
}

std::string attachment_named(std::string_view filename) {
  std::string plain;
  for (const char c : filename) {
    const auto byte = static_cast<unsigned char>(c);
    plain += byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '/' || c == '%' ? '_' : c;
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + percent_encoded(filename, "!#$&+-.^_`|~");
}

bool send_unchanged(Exchange& exchange, const Download& download) {
  const auto known = exchange.header("If-None-Match");
  if (!known || !names_tag(*known, download.etag)) return false;
  set_headers(exchange, download);
  exchange.send_empty(304);
  return true;
}

void send_download(Exchange& exchange, const core::FileDescriptor& file, const Download& download) {
  if (send_unchanged(exchange, download)) return;
  const std::uint64_t size = core::size_of(file);
  set_headers(exchange, download);
  const std::string type = safe_type(download.media_type);
  const auto asked = exchange.header("Range");
  const auto condition = exchange.header("If-Range");
  std::optional<ByteRange> range;
  if (asked && (!condition || names_tag(*condition, download.etag))) range = parse_range(*asked, size);
  if (!range) {
    exchange.send_file(200, type, file, 0, size);
    return;
  }
  if (!range->satisfiable) {
    exchange.set_header("Content-Range", "bytes */" + std::to_string(size));
    send_problem(exchange, "range_not_satisfiable", "the range lies outside the file");
    return;
  }
  exchange.set_header("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                           std::to_string(range->first + range->length - 1) + "/" +
                                           std::to_string(size));
  exchange.send_file(206, type, file, range->first, range->length);
}

}  // namespace muniment::webui
