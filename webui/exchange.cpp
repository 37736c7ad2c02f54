#include "webui/exchange.h"

#include <algorithm>
#include <cstring>
#include <ostream>

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>
#include <Poco/Timestamp.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "webui/http_server.h"
#include "webui/internal/chunked_body.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

constexpr std::size_t kDrainBytes = 64 * 1024;
const Poco::Timespan kDrainPatience(1, 0);
constexpr std::chrono::seconds kLongestLinger{3};
constexpr std::size_t kCopyBytes = 128 * 1024;
constexpr std::size_t kRememberedBytes = 64 * 1024;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::bad_request, why);
}

std::int64_t monotonic_us() {
  static const core::Stopwatch since_start;
  return since_start.elapsed().count();
}

bool is_loopback(const std::string& address) {
  return address == "127.0.0.1" || address == "::1";
}

}  // namespace

std::string believed_client(const std::string& peer, const std::optional<std::string>& forwarded_for) {
  if (!is_loopback(peer) || !forwarded_for) return peer;
  return std::string(core::trim(core::split(*forwarded_for, ',').back()));
}

bool is_believed_secure(const std::string& peer, const std::optional<std::string>& forwarded_proto) {
  return is_loopback(peer) && forwarded_proto == "https";
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && core::hex_digit(text[i + 1]) >= 0 &&
        core::hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(core::hex_digit(text[i + 1]) * 16 + core::hex_digit(text[i + 2]));
      i += 2;
    } else if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view text, std::string_view as_is) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_alnum || as_is.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

bool is_safe_method(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string http_date(core::Time time) {
  return Poco::DateTimeFormatter::format(Poco::Timestamp(core::to_microseconds(time)),
                                         Poco::DateTimeFormat::HTTP_FORMAT);
}

std::string entity_tag(std::int64_t version) {
  return '"' + std::to_string(version) + '"';
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view pair : core::split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    pairs.emplace_back(percent_decoded(pair.substr(0, equals), true),
                       equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1), true));
  }
  return pairs;
}

std::optional<std::string> cookie_named(std::string_view header, std::string_view name) {
  for (const std::string_view part : core::split(header, ';')) {
    const std::string_view pair = core::trim(part);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return std::string(pair.substr(equals + 1));
  }
  return std::nullopt;
}

Exchange::Exchange(HTTPServerRequest& request, HTTPServerResponse& response, std::string id,
                   std::chrono::seconds patience)
    : request_(request), response_(response), id_(std::move(id)), patience_(patience) {
  read_target();
  check_framing();
}

Exchange::~Exchange() = default;

void Exchange::read_target() {
  std::string_view target = request_.getURI();
  host_ = header("Host");
  // RFC 9112 3.2.2: as a proxy is asked. What it names counts, whatever Host says.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!core::fold_case(target.substr(0, scheme.size())).starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = target.find_first_of("/?");
    host_ = target.substr(0, end);
    target.remove_prefix(end == std::string_view::npos ? target.size() : end);
    break;
  }
  if (!target.starts_with('/')) {
    path_ = "/";
    return;
  }
  const auto mark = target.find('?');
  path_ = percent_decoded(target.substr(0, mark), false);
  if (mark == std::string_view::npos) return;
  queries_ = parse_query(target.substr(mark + 1));
}

void Exchange::check_framing() {
  int hosts = 0, lengths = 0, encodings = 0;
  std::string length_text, encoding;
  for (const auto& [name, value] : request_) {
    // Poco decodes RFC 2047 words, out of which control characters may come.
    if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; })) {
      has_body_ = true;  // whatever it is, it is not to be read
      refuse("a header holds control characters");
    }
    const std::string folded = core::fold_case(name);
    if (folded == "host") ++hosts;
    if (folded == "content-length") {
      ++lengths;
      length_text = value;
    }
    if (folded == "transfer-encoding") {
      ++encodings;
      encoding = core::fold_case(value);
    }
  }
  has_body_ = lengths + encodings > 0;
  // RFC 9112 3.2; HTTP/1.0 knew no Host, and what looks whether the service is up often speaks it.
  if (hosts == 0 && !is_http_1_0()) {
    has_body_ = true;
    refuse("the request does not say which host it asks: Host is missing");
  }
  // "localhost:1@elsewhere" must not pass for this machine (RFC 9110 4.2.4).
  if (host_ && host_->find('@') != std::string::npos) {
    has_body_ = true;
    refuse("the host that the request asks has a user before it");
  }
  if (hosts > 1 || lengths > 1 || encodings > 1 || (lengths > 0 && encodings > 0)) {
    refuse("the request says twice, or in two ways, where it goes or where it ends");
  }
  // RFC 9112 6.1: what passed it on may have taken its end to be elsewhere.
  if (encodings > 0 && is_http_1_0()) refuse("HTTP/1.0 knows no Transfer-Encoding");
  if (encodings > 0 && encoding != "chunked") refuse("the only Transfer-Encoding that is understood here is chunked");
  if (lengths > 0) {
    const auto length = core::parse_integer(length_text);
    if (!length || *length < 0) refuse("Content-Length is not a number");
    content_length_ = static_cast<std::uint64_t>(*length);
    body_ended_ = *length == 0;
  }
  if (encodings > 0) chunked_ = std::make_unique<ChunkedBody>(session(), patience_);
  if (!has_body_) body_ended_ = true;
}

bool Exchange::is_http_1_0() const {
  return request_.getVersion() == HTTPServerRequest::HTTP_1_0;
}

Session& Exchange::session() const {
  return static_cast<Session&>(dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request_).session());
}

const std::string& Exchange::method() const {
  return request_.getMethod();
}

const std::string& Exchange::target() const {
  return request_.getURI();
}

std::optional<std::string> Exchange::query(std::string_view name) const {
  for (const auto& [key, value] : queries_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Exchange::query_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : queries_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::optional<std::string> Exchange::header(const std::string& name) const {
  if (!request_.has(name)) return std::nullopt;
  return request_.get(name);
}

std::optional<std::string> Exchange::cookie(std::string_view name) const {
  const auto all = header("Cookie");
  return all ? cookie_named(*all, name) : std::nullopt;
}

std::string Exchange::client_address() const {
  return believed_client(request_.clientAddress().host().toString(), header("X-Forwarded-For"));
}

bool Exchange::is_secure() const {
  return is_believed_secure(request_.clientAddress().host().toString(), header("X-Forwarded-Proto"));
}

const std::string& Exchange::buffer_body(std::size_t limit) {
  buffered_ = read_all(limit);
  buffered_given_ = 0;
  return buffered_;
}

void Exchange::interrupt() {
  // The descriptor stays open: its owner finds the end of the stream.
  ::shutdown(dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request_).socket().impl()->sockfd(), SHUT_RD);
}

std::size_t Exchange::read(std::span<std::byte> buffer) {
  if (buffered_given_ < buffered_.size()) {
    const std::size_t given = std::min(buffer.size(), buffered_.size() - buffered_given_);
    std::memcpy(buffer.data(), buffered_.data() + buffered_given_, given);
    buffered_given_ += given;
    return given;
  }
  if (body_ended_ || buffer.empty()) return 0;
  if (!continued_) {
    continued_ = true;
    if (request_.getExpectContinue()) response_.sendContinue();
  }
  if (!first_read_us_) first_read_us_ = monotonic_us();
  std::size_t wanted = buffer.size();
  if (content_length_)
    wanted = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, *content_length_ - body_read_));
  const std::size_t got = read_some(buffer.first(wanted));
  body_read_ += got;
  body_ended_ = content_length_ ? body_read_ == *content_length_ : got == 0;
  if (got == 0 && !body_ended_) {
    close_after();
    throw Error(ErrorCode::cancelled, "the connection ended before the request's body did");
  }
  const std::int64_t elapsed = monotonic_us() - *first_read_us_;
  if (elapsed > std::chrono::microseconds(patience_).count() &&
      static_cast<std::int64_t>(body_read_) < elapsed / 1'000'000 * kSlowestBytesPerSecond) {
    close_after();
    throw Error(ErrorCode::timed_out, "the request's body came too slowly; try again");
  }
  return got;
}

// What has come so far rather than all that was asked for: what is here must not be lost when the connection breaks.
std::size_t Exchange::read_some(std::span<std::byte> buffer) {
  try {
    if (chunked_) return chunked_->read(buffer);
    const int got = session().read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    return static_cast<std::size_t>(std::max(got, 0));
  } catch (const Error&) {
    close_after();
    lingers_ = true;
    throw;
  } catch (const Poco::TimeoutException&) {
    close_after();
    throw Error(ErrorCode::timed_out, "the request's body came too slowly; try again");
  } catch (const Poco::Exception& error) {
    close_after();
    throw Error(ErrorCode::cancelled, "the connection ended before the request's body did")
        .because(error.displayText());
  }
}

std::string Exchange::read_all(std::size_t limit) {
  if (content_length_ && *content_length_ > limit) {
    throw Error(ErrorCode::too_large, "the body is larger than " + std::to_string(limit) + " bytes");
  }
  std::string body;
  std::byte buffer[16 * 1024];
  while (const std::size_t got = read(buffer)) {
    body.append(reinterpret_cast<const char*>(buffer), got);
    if (body.size() > limit) {
      throw Error(ErrorCode::too_large, "the body is larger than " + std::to_string(limit) + " bytes");
    }
  }
  return body;
}

void Exchange::finish_body() {
  if (body_ended_) return;
  const bool is_long = content_length_ && *content_length_ - body_read_ > kDrainBytes;
  if (is_long || (!continued_ && request_.getExpectContinue())) {
    close_after();
    lingers_ = true;
    return;
  }
  Poco::Net::StreamSocket& socket = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request_).socket();
  const Poco::Timespan timeout = socket.getReceiveTimeout();
  socket.setReceiveTimeout(kDrainPatience);
  std::byte buffer[8 * 1024];
  std::size_t drained = 0;
  try {
    while (!body_ended_ && drained < kDrainBytes) drained += read(buffer);
  } catch (const Error&) {
    // The answer may still arrive; the connection ends after it.
    close_after();
  }
  socket.setReceiveTimeout(timeout);
  if (!body_ended_) close_after();
}

void Exchange::linger() {
  if (lingers_) webui::linger(dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request_).socket());
}

void linger(Poco::Net::StreamSocket& socket) {
  socket.shutdownSend();
  socket.setReceiveTimeout(kDrainPatience);
  char buffer[8 * 1024];
  std::size_t drained = 0;
  const core::Deadline deadline(kLongestLinger);  // a byte now and then would keep the thread for hours
  try {
    while (drained < kDrainBytes && !deadline.passed()) {
      const int got = socket.receiveBytes(buffer, sizeof buffer);
      if (got <= 0) return;
      drained += static_cast<std::size_t>(got);
    }
  } catch (const Poco::Exception&) {
    return;  // it waited long enough, or the sender is gone
  }
}

void Exchange::close_after() {
  body_ended_ = true;
  response_.setKeepAlive(false);
}

std::string Exchange::sent_header(const std::string& name) const {
  return response_.get(name, "");
}

void Exchange::set_header(const std::string& name, const std::string& value) {
  response_.set(name, value);
}

void Exchange::begin(int status, const std::string& content_type) {
  if (answered_) throw Error(ErrorCode::internal, "a request was answered twice");
  finish_body();
  answered_ = true;
  status_ = status;
  response_.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
  if (!content_type.empty()) response_.setContentType(content_type);
  response_.set("X-Request-Id", id_);
}

void Exchange::send(int status, const std::string& content_type, std::string_view body) {
  if (before_sending_ && body.size() <= kRememberedBytes) before_sending_(status, content_type, body);
  begin(status, content_type);
  response_.setContentLength(static_cast<std::streamsize>(body.size()));
  std::ostream& out = response_.send();
  if (method() != "HEAD") out.write(body.data(), static_cast<std::streamsize>(body.size()));
  out.flush();
}

void Exchange::send_empty(int status) {
  if (before_sending_) before_sending_(status, {}, {});
  begin(status, "");
  if (status != 204 && status != 304) response_.setContentLength(0);
  response_.send().flush();
}

void Exchange::send_file(int status, const std::string& content_type, const core::FileDescriptor& file,
                         std::uint64_t offset, std::uint64_t length) {
  begin(status, content_type);
  response_.setContentLength64(static_cast<Poco::Int64>(length));
  std::ostream& out = response_.send();
  if (method() == "HEAD") return;
  std::vector<std::byte> buffer(kCopyBytes);
  while (length > 0 && out) {
    const auto piece =
        std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(length, buffer.size())));
    const std::size_t got = core::read_at(file, offset, piece);
    if (got == 0) break;
    out.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(got));
    offset += got;
    length -= got;
  }
  // A file that became shorter must not let the next answer be taken for its rest.
  if (length > 0) response_.setKeepAlive(false);
  out.flush();
}

void Exchange::send_stream(const std::string& content_type, const std::function<void(const Write&)>& produce) {
  begin(200, content_type);
  response_.setChunkedTransferEncoding(!is_http_1_0());  // there it lasts until the connection ends
  response_.setKeepAlive(false);
  std::ostream& out = response_.send();
  produce([&](std::string_view piece) {
    out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    out.flush();
    return out.good();
  });
}

}  // namespace muniment::webui
