// HTTP/1.1 over Poco::Net, with the traps of Poco 1.11 closed here and in Exchange, and nowhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/log.h"
#include "core/random.h"

namespace muniment::webui {

class Exchange;

inline constexpr std::int64_t kSlowestBytesPerSecond = 1024;
// Poco's own; what is over one of them is refused with 400.
inline constexpr std::size_t kLongestTarget = 16384;  // bytes of path and query
inline constexpr std::size_t kLongestHeader = 8192;   // bytes of a value
inline constexpr std::size_t kMostHeaders = 100;

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8420;  // 0: any free one
  // A connection holds a thread for its life, so this is also the most connections served at once. Threads are made as
  // they are needed and cost their stacks only where touched.
  int threads = 700;
  std::chrono::seconds idle{15};          // a connection without a request
  std::chrono::seconds header{20};        // from the first byte of a request to the end of its header
  std::chrono::seconds read_timeout{30};  // between two reads of one request
  // A body that comes, or an answer that is taken, at less than kSlowestBytesPerSecond over such a time ends the
  // connection.
  std::chrono::seconds patience{60};
};

class HttpServer {
 public:
  // `handle` is called on many threads at once. What it throws becomes a problem+json answer: core::Error as it says,
  // anything else "internal" with the cause in the log. Everything outlives the server.
  using Handler = std::function<void(Exchange&)>;
  HttpServer(HttpOptions options, Handler handle, core::Random& random, core::Log& log);
  // Stops.
  ~HttpServer();

  // Error(unavailable) when the address is taken.
  void start();
  // Takes no more connections, ends the idle ones at once, and waits up to ten seconds for requests that run; then
  // these are cut off. Doing it twice is not an error.
  void stop();
  std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::webui
