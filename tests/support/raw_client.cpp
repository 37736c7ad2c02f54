#include "tests/support/raw_client.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include "core/text.h"

namespace muniment::testing {

std::string RawResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("nothing listens on port " + std::to_string(port));
  }
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

bool RawClient::fill(std::chrono::milliseconds patience) {
  pollfd waiting{socket_.get(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  char bytes[16 * 1024];
  const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string RawClient::receive_until(std::string_view text, std::chrono::milliseconds patience) {
  for (;;) {
    const auto found = buffer_.find(text);
    if (found != std::string::npos) {
      std::string result = buffer_.substr(0, found + text.size());
      buffer_.erase(0, found + text.size());
      return result;
    }
    if (!fill(patience)) return std::exchange(buffer_, "");
  }
}

std::optional<RawResponse> RawClient::receive(bool without_body, std::chrono::milliseconds patience) {
  RawResponse response;
  const std::string head = receive_until("\r\n\r\n", patience);
  if (!head.starts_with("HTTP/1.")) return std::nullopt;
  response.status = std::stoi(head.substr(9, 3));
  for (const std::string_view line : core::split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    response.headers[core::fold_case(line.substr(0, colon))] = core::trim(line.substr(colon + 1));
  }
  if (response.status == 100) return receive(without_body, patience);
  if (without_body || response.status == 204 || response.status == 304) return response;
  if (response.header("transfer-encoding") == "chunked") {
    for (;;) {
      const std::size_t size = std::stoul(receive_until("\r\n", patience), nullptr, 16);
      while (buffer_.size() < size + 2 && fill(patience)) {
      }
      response.body += buffer_.substr(0, size);
      buffer_.erase(0, size + 2);
      if (size == 0) return response;
    }
  }
  const std::size_t size =
      std::stoul(response.header("content-length").empty() ? "0" : response.header("content-length"));
  while (buffer_.size() < size && fill(patience)) {
  }
  response.body = buffer_.substr(0, size);
  buffer_.erase(0, std::min(size, buffer_.size()));
  return response;
}

bool RawClient::is_closed(std::chrono::milliseconds patience) {
  pollfd waiting{socket_.get(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  char byte;
  return ::recv(socket_.get(), &byte, 1, MSG_PEEK) <= 0;
}

}  // namespace muniment::testing
