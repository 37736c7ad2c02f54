// The bytes between us and a client that connected to us: in clear, and by TLS from when both agree.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "core/log.h"

namespace muniment::scanners {

// What this machine shows to clients: as the files are, which are replaced now and then, as certificates expire.
// Thread-safe.
class TlsCertificate {
 public:
  // Files in PEM: the certificate with those that it depends on, and its key. Error(invalid_argument) when they cannot
  // be read or do not belong together; later that is logged, and the last that could be used stays. The log outlives
  // this object.
  TlsCertificate(std::filesystem::path certificate, std::filesystem::path key, core::Log& log);
  ~TlsCertificate();
  TlsCertificate(const TlsCertificate&) = delete;

 private:
  friend class ClientChannel;
  struct Context;
  std::shared_ptr<const Context> current() const;

  const std::filesystem::path certificate_;
  const std::filesystem::path key_;
  core::Log& log_;
  mutable std::mutex mutex_;
  mutable std::string state_;  // of the files when they were last read
  mutable std::shared_ptr<const Context> context_;
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
