#include "server/web_hook.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "server/internal/outgoing_connection.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;

namespace {

struct Network {
  std::uint32_t first;
  int bits;
};
// What RFC 6890 keeps from the public Internet.
constexpr std::array<Network, 15> kReserved{{{0x00000000, 8},
                                             {0x0A000000, 8},
                                             {0x64400000, 10},
                                             {0x7F000000, 8},
                                             {0xA9FE0000, 16},
                                             {0xAC100000, 12},
                                             {0xC0000000, 24},
                                             {0xC0000200, 24},
                                             {0xC0586300, 24},
                                             {0xC0A80000, 16},
                                             {0xC6120000, 15},
                                             {0xC6336400, 24},
                                             {0xCB007100, 24},
                                             {0xE0000000, 4},
                                             {0xF0000000, 4}}};

bool is_public_v4(std::uint32_t address) {
  return std::none_of(kReserved.begin(), kReserved.end(),
                      [&](const Network& network) { return (address ^ network.first) >> (32 - network.bits) == 0; });
}

using V6 = std::array<std::uint8_t, 16>;

bool begins(const V6& address, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

// Only what is given out to be reached directly: no tunnels, translations or mapped IPv4.
bool is_public_v6(const V6& address) {
  if ((address[0] & 0xE0) != 0x20) return false;  // 2000::/3
  return !(begins(address, {0x20, 0x01}) && (address[2] & 0xFE) == 0) && !begins(address, {0x20, 0x01, 0x0D, 0xB8}) &&
         !begins(address, {0x20, 0x02}) && !begins(address, {0x3F, 0xFF});
}

bool is_public(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return is_public_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof v6);
  V6 bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return is_public_v6(bytes);
}

struct Attempt {
  bool any_address = false;
  bool refused = false;

  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address) {
    auto& attempt = *static_cast<Attempt*>(self);
    if (!attempt.any_address && !is_public(&address->addr)) {
      attempt.refused = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
  // Takes nothing: the transfer ends with the first byte of a body.
  static std::size_t ignore(char*, std::size_t, std::size_t, void*) { return 0; }
};

// As curl will understand it, so that no other reading of the URL can name another machine.
std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
  char* host = nullptr;
  char* user = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    throw Error(ErrorCode::invalid_argument, "this is no address of a web hook; use one like https://example.org/hook");
  }
  std::string name(host);
  curl_free(host);
  if (curl_url_get(parts.get(), CURLUPART_USER, &user, 0) == CURLUE_OK) {
    curl_free(user);
    throw Error(ErrorCode::invalid_argument, "the address of a web hook may have no user or password in it");
  }
  return name;
}

bool is_allowed(const std::string& host, const WebHookOptions& options) {
  return std::any_of(options.allowed_hosts.begin(), options.allowed_hosts.end(),
                     [&](const std::string& allowed) { return core::fold_case(allowed) == host; });
}

Error not_public(const std::string& host) {
  return Error(ErrorCode::forbidden, host + " is not on the public Internet, and workflows.allowed_hosts has it not");
}

std::string signature(const WebHookMessage& message) {
  std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const std::uint8_t*>(message.secret.data()),
                              message.secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const std::uint8_t*>(message.body.data()),
                                message.body.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return core::to_hex(mac);
}

}  // namespace

bool is_public_address(const std::string& address) {
  in_addr v4{};
  if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  V6 v6{};
  return ::inet_pton(AF_INET6, address.c_str(), v6.data()) == 1 && is_public_v6(v6);
}

void require_callable(const std::string& url, const WebHookOptions& options) {
  const std::string host = core::fold_case(host_of(url));
  if (is_allowed(host, options)) return;
  std::string_view address = host;
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  in_addr v4{};
  V6 v6{};
  const std::string bare(address);
  const bool is_address =
      ::inet_pton(AF_INET, bare.c_str(), &v4) == 1 || ::inet_pton(AF_INET6, bare.c_str(), v6.data()) == 1;
  if ((is_address && !is_public_address(bare)) || host == "localhost") throw not_public(host);
}

void send_web_hook(const WebHookMessage& message, const WebHookOptions& options, const std::stop_token& stop) {
  OutgoingConnection connection(message.url, "http,https", options.patience, stop);
  CURL* curl = connection.get();
  const std::string host = core::fold_case(host_of(message.url));
  Attempt attempt{is_allowed(host, options), false};
  curl_slist* headers = nullptr;
  for (const std::string& header : {std::string("Content-Type: application/json"), "Muniment-Delivery: " + message.id,
                                    "Muniment-Signature: sha256=" + signature(message), std::string("Expect:")}) {
    headers = curl_slist_append(headers, header.c_str());
  }
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owned_headers(headers, &curl_slist_free_all);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &Attempt::open);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &attempt);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, message.body.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Attempt::ignore);
  const CURLcode code = connection.perform();
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
    if (attempt.refused) throw not_public(host);
    throw Error(ErrorCode::unavailable, host + " cannot be reached: " + curl_easy_strerror(code));
  }
  if (status < 200 || status > 299) {
    throw Error(ErrorCode::unavailable, host + " answered with status " + std::to_string(status));
  }
}

}  // namespace muniment::server
