// HTTP spelled out byte by byte over a socket: for sending what no client library would.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/files.h"

namespace muniment::testing {

struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
};

class RawClient {
 public:
  // Throws std::runtime_error when nothing listens.
  explicit RawClient(std::uint16_t port);

  // False when the server has ended the connection; its answer may still be there.
  bool send(std::string_view bytes);
  // No more is sent.
  void finish_sending();
  // The next response; `without_body` after HEAD. Empty when the connection ends (or nothing comes for `patience`)
  // instead.
  std::optional<RawResponse> receive(bool without_body = false,
                                     std::chrono::milliseconds patience = std::chrono::seconds(20));
  // Up to the text, which is included; what came until the end when it never comes.
  std::string receive_until(std::string_view text, std::chrono::milliseconds patience = std::chrono::seconds(20));
  // True when the server has ended the connection within `patience`.
  bool is_closed(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  bool fill(std::chrono::milliseconds patience);
  core::FileDescriptor socket_;
  std::string buffer_;
};

}  // namespace muniment::testing
