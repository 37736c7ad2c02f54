// What an IMAP server sends (RFC 9051), cut into responses and read as far as we need it. A server may send anything:
// whatever is over a limit or makes no sense is an Error, never a crash and never much memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::scanners {

// Without its literals, each of which stands as "{N}" at its place.
class ImapResponseStream {
 public:
  struct Sink {
    // A response is complete.
    std::function<void(const std::string& line)> line;
    // A literal of `size` bytes begins, after what came of its response so far; then its bytes, in pieces.
    std::function<void(std::string_view before, std::uint64_t size)> literal;
    std::function<void(std::span<const std::byte> bytes)> bytes;
  };
  explicit ImapResponseStream(Sink sink) : sink_(std::move(sink)) {}

  // Takes what was received, in pieces of any size. Error(unavailable) for a response over 64 KiB. What the sink throws
  // passes through; after either the stream is of no more use.
  void add(std::span<const std::byte> received);

 private:
  void end_line();

  Sink sink_;
  std::string line_;
  std::uint64_t literal_left_ = 0;
};

struct ImapStatus {
  enum class Kind { ok, no, bad, bye, preauth };
  Kind kind = Kind::ok;
  std::string code;  // in brackets, without them: "UIDVALIDITY 17", "TRYCREATE"; empty: none
  std::string text;  // for people
};

struct ImapFetch {
  std::optional<std::int64_t> uid;
  std::optional<std::int64_t> size;
  // Of BODY[]: a literal follows or followed, or it stands in the response itself.
  bool has_body = false;
  std::optional<std::string> short_body;
};

struct ImapResponse {
  std::string tag;                        // "*", "+" or that of a command
  std::optional<ImapStatus> status;       // OK, NO, BAD, BYE, PREAUTH
  std::optional<ImapFetch> fetch;         // of an untagged FETCH
  std::vector<std::string> capabilities;  // upper case; of an untagged CAPABILITY
};

// Never an error: what is not understood has a tag and nothing else. Also for the first part of a response, up to a
// literal.
ImapResponse parse_imap_response(std::string_view line);

// "UIDVALIDITY 17" -> 17, for a code of that name.
std::optional<std::int64_t> code_number(const ImapStatus& status, std::string_view name);

// The name of a folder as IMAP wants it: modified UTF-7 (RFC 3501, 5.1.3), quoted. `name` is UTF-8 without control
// characters.
std::string imap_folder(std::string_view name);

}  // namespace muniment::scanners
