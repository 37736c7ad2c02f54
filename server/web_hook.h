// Messages to programs elsewhere, over HTTP: the one way by which the service calls addresses that people typed.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::server {

// Whether the address, as 192.0.2.1 or 2001:db8::1, is one of the public Internet: not of this machine, a private
// network, a link, a group of receivers, or reserved. False for what is no address.
bool is_public_address(const std::string& address);

struct WebHookOptions {
  // Names or addresses, as they stand in URLs, of machines that may be called although they are not public.
  std::vector<std::string> allowed_hosts = {};
  std::chrono::milliseconds patience{10'000};
};

struct WebHookMessage {
  std::string url;
  std::string id;    // tells repetitions apart
  std::string body;  // JSON
  std::string secret;
};

// Error(invalid_argument) for what is no address of a web hook, Error(forbidden) for one that names a machine by an
// address that may not be called. What a name leads to is seen when it is called.
void require_callable(const std::string& url, const WebHookOptions& options);

// Sends it with the headers Muniment-Delivery, the id, and Muniment-Signature, "sha256=" and the HMAC-SHA256 of the
// body in hexadecimal. The address that a name resolves to is checked as it is connected to; redirections are not
// followed; of the answer only the status counts, which must be 2xx. Error(forbidden) for an address that may not be
// called, Error(invalid_argument) for a bad one, else Error(unavailable) or (cancelled), and it can be tried again.
void send_web_hook(const WebHookMessage& message, const WebHookOptions& options, const std::stop_token& stop);

}  // namespace muniment::server
