#include "server/internal/outgoing_connection.h"

#include "core/error.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;

namespace {

int ended(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

OutgoingConnection::OutgoingConnection(const std::string& url, const char* protocols,
                                       std::chrono::milliseconds patience, const std::stop_token& stop)
    : curl_(nullptr, &curl_easy_cleanup) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  curl_.reset(curl_easy_init());
  if (started != CURLE_OK || curl_ == nullptr) throw Error(ErrorCode::internal, "libcurl could not be started");
  curl_easy_setopt(curl_.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_.get(), CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl_.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  curl_easy_setopt(curl_.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl_.get(), CURLOPT_XFERINFOFUNCTION, &ended);
  curl_easy_setopt(curl_.get(), CURLOPT_XFERINFODATA, &stop);
}

CURLcode OutgoingConnection::perform() {
  const CURLcode code = curl_easy_perform(curl_.get());
  if (code == CURLE_ABORTED_BY_CALLBACK) throw Error(ErrorCode::cancelled, "the service stops");
  return code;
}

}  // namespace muniment::server
