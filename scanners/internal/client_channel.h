// The bytes between us and a client that connected to us: in clear, and by TLS from when both agree.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace muniment::scanners {

// What this machine shows to clients. Thread-safe.
class TlsCertificate {
 public:
  // Files in PEM: the certificate with those that it depends on, and its key. Error(invalid_argument) when they cannot
  // be read or do not belong together.
  TlsCertificate(const std::filesystem::path& certificate, const std::filesystem::path& key);
  ~TlsCertificate();
  TlsCertificate(const TlsCertificate&) = delete;

 private:
  friend class ClientChannel;
  struct Context;
  std::unique_ptr<Context> context_;
};

// Not thread-safe.
class ClientChannel {
 public:
  // Waits until the socket can be read (POLLIN) or written (POLLOUT); false to give up. The socket, which does not
  // block, and what `wait` uses outlive this object.
  using Wait = std::function<bool(short events)>;
  ClientChannel(int socket, Wait wait);
  ~ClientChannel();
  ClientChannel(const ClientChannel&) = delete;

  // How many bytes came, at least one; 0 at the end and when the wait was given up.
  std::size_t receive(std::span<char> buffer);
  // False when the client does not take it.
  bool send(std::string_view bytes);
  // TLS 1.2 or later from here on. False when the client does not manage that.
  bool protect(const TlsCertificate& certificate);

 private:
  struct Protection;
  // Whether to try again after a call of OpenSSL that returned `result`.
  bool may_go_on(int result);
  const int socket_;
  const Wait wait_;
  std::unique_ptr<Protection> protection_;
};

}  // namespace muniment::scanners
