#include "webui/multipart.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/error.h"
#include "core/text.h"
#include "webui/exchange.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kMostHeaderBytes = 8 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 section 5.1.1

[[noreturn]] void malformed(const char* what) {
  throw Error(ErrorCode::invalid_argument, std::string("the multipart body is not well-formed: ") + what);
}

// Splits "a; b=c; d=\"e;f\"" at the semicolons outside quotes.
std::vector<std::string> parameters_of(std::string_view value) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted && c == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\')) {
      parts.back() += c;
      parts.back() += value[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c == ';' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    out += text[i];
  }
  // Browsers write a quote and line breaks as %22, %0D and %0A (WHATWG, multipart/form-data encoding).
  for (const auto& [from, to] :
       std::array<std::pair<std::string_view, char>, 3>{{{"%22", '"'}, {"%0D", ' '}, {"%0A", ' '}}}) {
    for (auto at = out.find(from); at != std::string::npos; at = out.find(from, at))
      out.replace(at, from.size(), 1, to);
  }
  return out;
}

// RFC 8187: UTF-8'en'percent-encoded. Empty for another charset.
std::optional<std::string> extended_value(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos || core::fold_case(value.substr(0, first)) != "utf-8") return std::nullopt;
  return percent_decoded(value.substr(second + 1), /*plus_is_space=*/false);
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const auto parts = parameters_of(content_type);
  if (core::fold_case(core::trim(parts.front())) != "multipart/form-data") return std::nullopt;
  for (const std::string& part : parts) {
    const std::string_view parameter = core::trim(part);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || core::fold_case(core::trim(parameter.substr(0, equals))) != "boundary")
      continue;
    std::string boundary = unquoted(core::trim(parameter.substr(equals + 1)));
    const bool printable = std::all_of(boundary.begin(), boundary.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (!boundary.empty() && boundary.size() <= kLongestBoundary && printable) return boundary;
  }
  return std::nullopt;
}

std::optional<MultipartReader::Part> parse_disposition(std::string_view value) {
  const auto parts = parameters_of(value);
  if (core::fold_case(core::trim(parts.front())) != "form-data") return std::nullopt;
  std::optional<std::string> name, filename, extended;
  for (const std::string& part : parts) {
    const std::string_view parameter = core::trim(part);
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string key = core::fold_case(core::trim(parameter.substr(0, equals)));
    const std::string_view text = core::trim(parameter.substr(equals + 1));
    if (key == "name") name = unquoted(text);
    if (key == "filename") filename = unquoted(text);
    if (key == "filename*") extended = extended_value(text);
  }
  if (!name) return std::nullopt;
  return MultipartReader::Part{core::to_utf8(*name), extended ? extended : filename};
}

MultipartReader::MultipartReader(std::string_view boundary, Source source)
    : delimiter_("\r\n--" + std::string(boundary)), source_(std::move(source)) {}

bool MultipartReader::fill() {
  if (source_ended_) return false;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  const std::size_t got = source_(std::as_writable_bytes(std::span(buffer_).subspan(before)));
  buffer_.resize(before + got);
  source_ended_ = got == 0;
  return got > 0;
}

void MultipartReader::find_first_delimiter() {
  // The first delimiter may stand at the very beginning, without a line break before it.
  buffer_ = "\r\n";
  for (;;) {
    const auto found = buffer_.find(delimiter_);
    if (found != std::string::npos) {
      buffer_.erase(0, found + delimiter_.size());
      return;
    }
    if (buffer_.size() > kMostHeaderBytes || !fill()) malformed("the boundary does not occur");
  }
}

std::string MultipartReader::read_header() {
  for (;;) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      std::string header = buffer_.substr(0, end);
      buffer_.erase(0, end + 4);
      if (header.size() > kMostHeaderBytes) malformed("a part's header is too long");
      return header;
    }
    if (buffer_.size() > kMostHeaderBytes) malformed("a part's header is too long");
    if (!fill()) malformed("it ends inside a part's header");
  }
}

std::optional<MultipartReader::Part> MultipartReader::next() {
  if (ended_) return std::nullopt;
  if (!started_) {
    started_ = true;
    find_first_delimiter();
  } else {
    std::array<std::byte, 4096> ignored;
    while (read(ignored) > 0) {
    }
  }
  while (buffer_.size() < 2) {
    if (!fill()) malformed("it ends before its last boundary");
  }
  if (buffer_.starts_with("--")) {
    ended_ = true;
    return std::nullopt;
  }
  if (++part_count_ > kMostParts) malformed("it has over 100 parts");
  const std::string header = read_header();
  if (!header.starts_with("\r\n")) malformed("a boundary is followed by something else than a line break");
  in_part_ = true;
  std::optional<Part> part;
  for (const std::string_view line : core::split(header, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (core::fold_case(core::trim(line.substr(0, colon))) == "content-disposition") {
      part = parse_disposition(core::trim(line.substr(colon + 1)));
    }
  }
  if (!part) malformed("a part has no Content-Disposition with a name");
  return part;
}

std::size_t MultipartReader::read(std::span<std::byte> buffer) {
  if (!in_part_ || buffer.empty()) return 0;
  for (;;) {
    const auto found = buffer_.find(delimiter_);
    // Bytes at the end may be the beginning of a delimiter.
    const std::size_t certain = found != std::string::npos            ? found
                                : buffer_.size() >= delimiter_.size() ? buffer_.size() - delimiter_.size() + 1
                                                                      : 0;
    if (certain > 0) {
      const std::size_t given = std::min(certain, buffer.size());
      std::memcpy(buffer.data(), buffer_.data(), given);
      buffer_.erase(0, given);
      return given;
    }
    if (found == 0) {
      buffer_.erase(0, delimiter_.size());
      in_part_ = false;
      return 0;
    }
    if (!fill()) malformed("it ends inside a part");
  }
}

std::string MultipartReader::read_text(std::size_t limit) {
  std::string text;
  std::array<std::byte, 4096> piece;
  while (const std::size_t got = read(piece)) {
    text.append(reinterpret_cast<const char*>(piece.data()), got);
    if (text.size() > limit)
      throw Error(ErrorCode::too_large, "a form field is longer than " + std::to_string(limit) + " bytes");
  }
  return text;
}

}  // namespace muniment::webui
