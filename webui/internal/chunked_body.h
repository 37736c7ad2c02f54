// The body of a request that comes in chunks (RFC 9112 §7.1), read off the connection itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <Poco/Net/HTTPServerSession.h>

#include "core/clock.h"

namespace muniment::webui {

// A connection whose bytes can be read as they come, behind the header that Poco has read.
class Session : public Poco::Net::HTTPServerSession {
 public:
  using Poco::Net::HTTPServerSession::HTTPServerSession;
  using Poco::Net::HTTPSession::get;
  using Poco::Net::HTTPSession::read;
};

// Poco's own decoder takes the end of the connection, and a chunk that makes no sense, for the end of the body: a file
// that was cut off would be a whole one.
class ChunkedBody {
 public:
  // What stands between the bytes of two chunks, or behind the last one, is here within `patience`.
  ChunkedBody(Session& session, std::chrono::seconds patience) : session_(session), patience_(patience) {}

  // Up to `buffer.size()` bytes; 0 only when the last chunk and its trailer are here. Error(cancelled) when the
  // connection ends before, Error(timed_out) when it lets wait for a chunk, Error(invalid_argument) for what is no
  // chunk. Throws what Poco throws.
  std::size_t read(std::span<std::byte> buffer);

 private:
  // One line without its CRLF.
  std::string line(const core::Deadline& deadline);
  char next(const core::Deadline& deadline);
  std::uint64_t size_of_next(const core::Deadline& deadline);

  Session& session_;
  const std::chrono::seconds patience_;
  std::uint64_t left_ = 0;  // of the chunk at hand
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace muniment::webui
