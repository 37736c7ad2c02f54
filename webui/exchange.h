// One request and its answer: what handlers see of HTTP. It closes Poco 1.11's traps of one request (docs/http.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/files.h"

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
class StreamSocket;
}  // namespace Poco::Net

namespace muniment::webui {

class ChunkedBody;
class Session;

// Not thread-safe; lives for one request. An answer is given once.
class Exchange {
 public:
  // `request` came over a Session (webui/internal/chunked_body.h). Throws Error(bad_request) for a request that
  // cannot be framed or read in only one way; then nothing but `close_after` and an answer is allowed.
  Exchange(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response, std::string id,
           std::chrono::seconds patience);
  ~Exchange();

  const std::string& id() const { return id_; }  // X-Request-Id
  const std::string& method() const;
  const std::string& path() const { return path_; }  // percent-decoded, begins with "/"
  const std::string& target() const;                 // path and query as they came
  // The name that was asked for, with its port; empty when a program that speaks HTTP/1.0 does not say it.
  const std::optional<std::string>& host() const { return host_; }
  // The first value of a query parameter; of a repeated one, all.
  std::optional<std::string> query(std::string_view name) const;
  std::vector<std::string> query_all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& queries() const { return queries_; }
  std::optional<std::string> header(const std::string& name) const;
  std::optional<std::string> cookie(std::string_view name) const;
  std::string client_address() const;
  bool is_secure() const;  // came over TLS, at a proxy that says so from this machine

  // What the request says of its body's size; empty when it is sent in chunks.
  std::optional<std::uint64_t> content_length() const { return content_length_; }
  // Up to `buffer.size()` bytes of the body; 0 at its end. Error(timed_out) when the sender is slower than
  // kSlowestBytesPerSecond over `patience`, Error(cancelled) when it is gone before the end, Error(invalid_argument)
  // when the body's chunks make no sense.
  std::size_t read(std::span<std::byte> buffer);
  // The whole body; Error(too_large) above `limit`.
  std::string read_all(std::size_t limit);
  // Reads the whole body now; `read` gives it again. For looking at it before its handler does.
  const std::string& buffer_body(std::size_t limit);
  // From another thread: the sender is not waited for any longer, `read` throws Error(cancelled).
  void interrupt();

  // `action` is told an answer of `send` or `send_empty` before its first byte goes out, unless its body is long. What
  // it throws, they throw, and nothing was sent. Empty: nobody is told.
  using BeforeSending = std::function<void(int status, std::string_view content_type, std::string_view body)>;
  void before_sending(BeforeSending action) { before_sending_ = std::move(action); }
  void set_header(const std::string& name, const std::string& value);
  void send(int status, const std::string& content_type, std::string_view body);
  void send_empty(int status);
  // A part of a file, without copying it through this program's memory as a whole.
  void send_file(int status, const std::string& content_type, const core::FileDescriptor& file, std::uint64_t offset,
                 std::uint64_t length);
  // Starts an answer of unknown length; the function writes pieces until it returns, false means that the reader is
  // gone.
  using Write = std::function<bool(std::string_view)>;
  void send_stream(const std::string& content_type, const std::function<void(const Write&)>& produce);
  bool answered() const { return answered_; }
  int status() const { return status_; }
  std::string sent_header(const std::string& name) const;
  // The connection ends with this answer.
  void close_after();
  // To be called last: gives an answer to a long body that was not read the time to arrive.
  void linger();

 private:
  void check_framing();
  std::size_t read_some(std::span<std::byte> buffer);
  void read_target();
  bool is_http_1_0() const;
  Session& session() const;
  // Before the answer: an unread body would be taken for the next request.
  void finish_body();
  void begin(int status, const std::string& content_type);

  Poco::Net::HTTPServerRequest& request_;
  Poco::Net::HTTPServerResponse& response_;
  std::string id_;
  const std::chrono::seconds patience_;
  std::string path_;
  std::optional<std::string> host_;
  std::vector<std::pair<std::string, std::string>> queries_;
  std::optional<std::uint64_t> content_length_;
  bool has_body_ = false;
  bool body_ended_ = false;
  bool continued_ = false;
  bool lingers_ = false;
  std::uint64_t body_read_ = 0;
  std::unique_ptr<ChunkedBody> chunked_;
  std::string buffered_;  // what buffer_body read
  std::size_t buffered_given_ = 0;
  std::optional<std::int64_t> first_read_us_;
  bool answered_ = false;
  int status_ = 0;
  BeforeSending before_sending_;
};

// Ends a connection whose last answer was sent while more was coming in. Closing with unread bytes would reset the
// connection, and the answer could be lost on its way.
void linger(Poco::Net::StreamSocket& socket);

// RFC 9110 §9.2.1: whoever sends a request of such a method asks for no change.
bool is_safe_method(std::string_view method);

// Who asks, and whether over TLS, when the connection comes from `peer` with such a header X-Forwarded-For or
// X-Forwarded-Proto: only a proxy on this machine is believed, of addresses the one that it added itself, the last.
std::string believed_client(const std::string& peer, const std::optional<std::string>& forwarded_for);
bool is_believed_secure(const std::string& peer, const std::optional<std::string>& forwarded_proto);

// An HTTP-date as RFC 9110 §5.6.7 wants it sent.
std::string http_date(core::Time time);

// A version as an ETag: "7", with its quotes.
std::string entity_tag(std::int64_t version);

// The pairs of a URL's query, decoded, in order.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
// The value of one cookie in a Cookie header.
std::optional<std::string> cookie_named(std::string_view header, std::string_view name);

// A part of a URL's query or path with its %XX resolved; "+" is a space in queries only. Malformed ones stay as they
// are.
std::string percent_decoded(std::string_view text, bool plus_is_space);
// With %XX for everything but letters, digits and what is in `as_is`.
std::string percent_encoded(std::string_view text, std::string_view as_is);

}  // namespace muniment::webui
