#include "scanners/internal/imap_response.h"

#include <algorithm>
#include <array>

#include "core/base64.h"
#include "core/error.h"
#include "core/text.h"
#include "scanners/internal/ascii.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::uint64_t kLargestLiteral = 1ULL << 40;

// "... {123}" at the end of a line; "{123+}" too, which servers have no reason to send.
std::optional<std::uint64_t> literal_size(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const auto open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  const auto size = core::parse_integer(line.substr(open + 1, line.size() - open - 2));
  if (!size || *size < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*size);
}

// Reads a response from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  char next() const { return at_end() ? '\0' : text_[at_]; }
  void skip() { ++at_; }
  void skip_spaces() {
    while (next() == ' ') skip();
  }
  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  // Up to a space or a parenthesis; what stands in brackets belongs to it ("BODY[HEADER.FIELDS (A B)]").
  std::string_view word() {
    skip_spaces();
    const std::size_t begin = at_;
    int brackets = 0;
    for (; !at_end(); skip()) {
      const char c = next();
      if (brackets == 0 && (c == ' ' || c == '(' || c == ')' || c == '"')) break;
      if (c == '[') ++brackets;
      if (c == ']' && brackets > 0) --brackets;
    }
    return text_.substr(begin, at_ - begin);
  }
  // Without its quotes; empty when there is no quoted string that ends.
  std::optional<std::string> quoted() {
    std::string text;
    for (skip(); !at_end(); skip()) {
      char c = next();
      if (c == '"') {
        skip();
        return text;
      }
      if (c == '\\') {
        skip();
        c = next();
      }
      text += c;
    }
    return std::nullopt;
  }
  // Over one value of any kind.
  void skip_value() {
    skip_spaces();
    int depth = 0;
    do {
      if (next() == '"') {
        quoted();
      } else if (next() == '(') {
        ++depth;
        skip();
      } else if (next() == ')') {
        if (depth == 0) return;
        --depth;
        skip();
      } else if (word().empty()) {
        skip();
      }
      if (depth > 0) skip_spaces();
    } while (depth > 0 && !at_end());
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<ImapStatus::Kind> status_kind(std::string_view word) {
  constexpr std::array kKinds{std::pair{std::string_view("OK"), ImapStatus::Kind::ok},
                              std::pair{std::string_view("NO"), ImapStatus::Kind::no},
                              std::pair{std::string_view("BAD"), ImapStatus::Kind::bad},
                              std::pair{std::string_view("BYE"), ImapStatus::Kind::bye},
                              std::pair{std::string_view("PREAUTH"), ImapStatus::Kind::preauth}};
  const std::string name = ascii_upper(word);
  const auto found = std::ranges::find_if(kKinds, [&](const auto& entry) { return entry.first == name; });
  return found == kKinds.end() ? std::nullopt : std::optional(found->second);
}

ImapStatus parse_status(ImapStatus::Kind kind, std::string_view rest) {
  ImapStatus status{kind, "", ""};
  rest = core::trim(rest);
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    status.code = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    rest = end == std::string_view::npos ? std::string_view() : core::trim(rest.substr(end + 1));
  }
  status.text = core::to_utf8(core::cut(rest, 300));
  return status;
}

ImapFetch parse_fetch(Reader reader) {
  ImapFetch fetch;
  reader.skip_spaces();
  if (reader.next() != '(') return fetch;
  reader.skip();
  while (!reader.at_end() && reader.next() != ')') {
    const std::string name = ascii_upper(reader.word());
    if (name.empty()) {
      reader.skip_value();
      if (!reader.at_end() && reader.next() != ')' && reader.next() != ' ') reader.skip();
    } else if (name == "UID") {
      fetch.uid = core::parse_integer(reader.word());
    } else if (name == "RFC822.SIZE") {
      fetch.size = core::parse_integer(reader.word());
    } else if (name == "BODY[]" || name == "BODY[HEADER]") {
      reader.skip_spaces();
      if (reader.next() == '"') {
        fetch.short_body = reader.quoted();
        fetch.has_body = fetch.short_body.has_value();
      } else {
        fetch.has_body = reader.word().starts_with('{');
      }
    } else {
      reader.skip_value();
    }
    reader.skip_spaces();
  }
  return fetch;
}

}  // namespace

void ImapResponseStream::add(std::span<const std::byte> received) {
  while (!received.empty()) {
    if (literal_left_ > 0) {
      const auto piece =
          received.first(static_cast<std::size_t>(std::min<std::uint64_t>(literal_left_, received.size())));
      sink_.bytes(piece);
      literal_left_ -= piece.size();
      received = received.subspan(piece.size());
      continue;
    }
    const auto* text = reinterpret_cast<const char*>(received.data());
    const std::string_view view(text, received.size());
    const auto end = view.find('\n');
    line_ += view.substr(0, end);
    if (line_.size() > kLongestLine) {
      throw Error(ErrorCode::unavailable, "the mail server sends a response that is longer than any should be");
    }
    if (end == std::string_view::npos) return;
    received = received.subspan(end + 1);
    end_line();
  }
}

void ImapResponseStream::end_line() {
  if (line_.ends_with('\r')) line_.pop_back();
  if (const auto size = literal_size(line_)) {
    if (*size > kLargestLiteral) {
      throw Error(ErrorCode::unavailable, "the mail server announces more than any mail can hold");
    }
    sink_.literal(line_, *size);
    literal_left_ = *size;
    return;
  }
  const std::string line = std::move(line_);
  line_.clear();
  sink_.line(line);
}

ImapResponse parse_imap_response(std::string_view line) {
  Reader reader(line);
  ImapResponse response;
  response.tag = reader.word();
  const std::string_view first = reader.word();
  if (const auto kind = status_kind(first)) {
    response.status = parse_status(*kind, reader.rest());
  } else if (response.tag == "*" && ascii_upper(first) == "CAPABILITY") {
    while (true) {
      const std::string_view name = reader.word();
      if (name.empty()) break;
      response.capabilities.push_back(ascii_upper(name));
    }
  } else if (response.tag == "*" && core::parse_integer(first) && ascii_upper(reader.word()) == "FETCH") {
    response.fetch = parse_fetch(reader);
  }
  return response;
}

std::optional<std::int64_t> code_number(const ImapStatus& status, std::string_view name) {
  const std::string_view code = status.code;
  if (code.size() <= name.size() || ascii_upper(code.substr(0, name.size())) != name) return std::nullopt;
  return core::parse_integer(core::trim(code.substr(name.size())));
}

namespace {

// The code units of UTF-16, big endian, of the character at `at`, which is moved past it. `text` is UTF-8.
std::string utf16_at(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t point = lead & (length == 1 ? 0x7FU : 0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  at += length;
  const auto unit = [](std::uint32_t value) {
    return std::string{static_cast<char>(value >> 8), static_cast<char>(value & 0xFFU)};
  };
  if (point < 0x10000) return unit(point);
  return unit(0xD800 + ((point - 0x10000) >> 10)) + unit(0xDC00 + ((point - 0x10000) & 0x3FFU));
}

std::string modified_base64(std::string_view bytes) {
  std::string text = core::to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '/', ',');
  return text;
}

}  // namespace

std::string imap_folder(std::string_view name) {
  const std::string text = core::to_utf8(name);
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) >= 0x80) {
      std::string units;
      while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) units += utf16_at(text, at);
      out += "&" + modified_base64(units) + "-";
      continue;
    }
    const char c = text[at++];
    if (c == '&') {
      out += "&-";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace muniment::scanners
