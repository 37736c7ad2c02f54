// What every connection by libcurl has in common that the service itself makes to another machine.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include <curl/curl.h>

namespace muniment::server {

// One transfer of bytes: through no proxy, with TLS 1.2 or later where there is TLS, ended by a stop. Not thread-safe.
class OutgoingConnection {
 public:
  // `protocols` as CURLOPT_PROTOCOLS_STR has them. `stop` outlives it. Error(internal) when libcurl does not start.
  OutgoingConnection(const std::string& url, const char* protocols, std::chrono::milliseconds patience,
                     const std::stop_token& stop);
  OutgoingConnection(const OutgoingConnection&) = delete;

  // For what is particular about it.
  CURL* get() const { return curl_.get(); }
  // Error(cancelled) when it was stopped.
  CURLcode perform();

 private:
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
};

}  // namespace muniment::server
