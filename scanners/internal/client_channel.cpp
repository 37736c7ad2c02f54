#include "scanners/internal/client_channel.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "core/error.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;

struct TlsCertificate::Context {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());

  Context(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    try {
      load(certificate, key);
    } catch (const Error&) {
      SSL_CTX_free(context);
      throw;
    }
  }
  ~Context() { SSL_CTX_free(context); }
  Context(const Context&) = delete;

 private:
  void load(const std::filesystem::path& certificate, const std::filesystem::path& key) const {
    if (context == nullptr) throw Error(ErrorCode::internal, "OpenSSL could not be started");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
      throw Error(ErrorCode::invalid_argument, "no certificate can be read from " + certificate.string());
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
      throw Error(ErrorCode::invalid_argument, "the key to that certificate cannot be read from " + key.string());
    }
  }
};

namespace {

// Differs when either file was replaced or written to.
std::string state_of(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  std::string state;
  for (const std::filesystem::path& path : {certificate, key}) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) {
      state += std::to_string(found.st_ino) + " " + std::to_string(found.st_size) + " " +
               std::to_string(found.st_ctim.tv_sec) + "." + std::to_string(found.st_ctim.tv_nsec);
    }
    state += "\n";
  }
  return state;
}

}  // namespace

TlsCertificate::TlsCertificate(std::filesystem::path certificate, std::filesystem::path key, core::Log& log)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      log_(log),
      state_(state_of(certificate_, key_)),
      context_(std::make_shared<const Context>(certificate_, key_)) {}

TlsCertificate::~TlsCertificate() = default;

std::shared_ptr<const TlsCertificate::Context> TlsCertificate::current() const {
  const std::scoped_lock lock(mutex_);
  std::string state = state_of(certificate_, key_);
  if (state == state_) return context_;
  state_ = std::move(state);
  try {
    context_ = std::make_shared<const Context>(certificate_, key_);
    log_.info("certificate_renewed", {{"file", certificate_.string()}});
  } catch (const Error& error) {
    ERR_clear_error();
    log_.warning("certificate_not_renewed", {{"file", certificate_.string()}, {"cause", error.what()}});
  }
  return context_;
}

struct ClientChannel::Protection {
  SSL* ssl = nullptr;
  explicit Protection(SSL_CTX* context) : ssl(SSL_new(context)) {}
  ~Protection() { SSL_free(ssl); }
  Protection(const Protection&) = delete;
};

ClientChannel::ClientChannel(int socket, Wait wait) : socket_(socket), wait_(std::move(wait)) {}

ClientChannel::~ClientChannel() = default;

bool ClientChannel::may_go_on(int result) {
  const int error = SSL_get_error(protection_->ssl, result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return wait_(POLLIN);
  return error == SSL_ERROR_WANT_WRITE && wait_(POLLOUT);
}

bool ClientChannel::protect(const TlsCertificate& certificate) {
  protection_ = std::make_unique<Protection>(certificate.current()->context);
  if (protection_->ssl == nullptr || SSL_set_fd(protection_->ssl, socket_) != 1) return false;
  for (;;) {
    const int result = SSL_accept(protection_->ssl);
    if (result == 1) return true;
    if (!may_go_on(result)) return false;
  }
}

std::size_t ClientChannel::receive(std::span<char> buffer) {
  for (;;) {
    if (protection_ != nullptr) {
      const int got =
          SSL_read(protection_->ssl, buffer.data(), static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX)));
      if (got > 0) return static_cast<std::size_t>(got);
      if (!may_go_on(got)) return 0;
      continue;
    }
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0 || (errno != EAGAIN && errno != EINTR) || !wait_(POLLIN)) return 0;
  }
}

bool ClientChannel::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (protection_ != nullptr) {
      const int sent =
          SSL_write(protection_->ssl, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (!may_go_on(sent)) {
        return false;
      }
      continue;
    }
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !wait_(POLLOUT)) {
      return false;
    }
  }
  return true;
}

}  // namespace muniment::scanners
