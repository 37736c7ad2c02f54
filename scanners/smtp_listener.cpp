#include "scanners/smtp_listener.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/text.h"
#include "scanners/internal/client_channel.h"
#include "scanners/internal/mail_intake.h"
#include "scanners/internal/smtp_session.h"
#include "storage/preset_filing.h"
#include "storage/source_arrivals.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;

namespace {

constexpr int kBacklog = 16;

core::FileDescriptor listening_socket(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) {
    throw Error(ErrorCode::invalid_argument, address + " is not an address of a machine",
                {{"/address", "choose another"}});
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  core::FileDescriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    const int cause = errno;
    throw Error(ErrorCode::unavailable,
                "nothing can listen for mail on " + place_name(address, port) + " (" + std::strerror(cause) +
                    "); choose another port, or another address of this machine",
                {{cause == EADDRINUSE || cause == EACCES ? "/port" : "/address", "choose another"}});
  }
  return socket;
}

std::string name_of(const sockaddr_storage& address, socklen_t length) {
  std::array<char, NI_MAXHOST> name{};
  ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, name.data(), name.size(), nullptr, 0,
                NI_NUMERICHOST);
  return name.data();
}

std::uint16_t port_of(const core::FileDescriptor& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// Where nothing may be filed any more it is not the mail's fault: a device that keeps it may come again, when whoever
// operates the archive has set that right.
void require_open_place(storage::Session& session, const storage::PresetFiling& filing) {
  try {
    storage::require_filing(session, filing);
  } catch (const Error& error) {
    throw Error(ErrorCode::unavailable, error.message());
  }
}

// False when the client does not take it.
bool send_all(int socket, std::string_view text, milliseconds patience) {
  const core::Deadline deadline(patience);
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR) && !deadline.passed()) {
      pollfd source{socket, POLLOUT, 0};
      ::poll(&source, 1, static_cast<int>(deadline.left().count()));
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

struct SmtpListener::Connection {
  core::FileDescriptor socket;
  std::string client;
  std::shared_ptr<const MailListenerTerms> terms;  // that held when it began
  std::atomic<bool> over = false;
  std::jthread thread = {};
};

SmtpListener::SmtpListener(SmtpListenerOptions options, storage::Database& database, const storage::BlobStore& blobs,
                           const ingest::Intake& intake, const ingest::FileReader& reader, core::Log& log)
    : options_(std::move(options)),
      database_(database),
      blobs_(blobs),
      intake_(std::make_unique<MailIntake>(database, intake, reader, options_.members)),
      certificate_(options_.certificate.empty()
                       ? nullptr
                       : std::make_unique<TlsCertificate>(options_.certificate, options_.key, log)),
      log_(log),
      socket_(listening_socket(options_.terms.address, options_.terms.port)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      port_(port_of(socket_)),
      terms_(std::make_shared<const MailListenerTerms>(options_.terms)) {
  if (!wake_) throw core::system_error("listen for mail", errno);
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

SmtpListener::~SmtpListener() {
  thread_.request_stop();
  {
    const std::scoped_lock lock(mutex_);
    for (Connection& connection : connections_) connection.thread.request_stop();
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  thread_.join();
  connections_.clear();
}

void SmtpListener::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> sources{pollfd{socket_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    ::poll(sources.data(), sources.size(), -1);
    if (!stop.stop_requested() && (sources[0].revents & POLLIN) != 0) accept_one();
  }
}

std::shared_ptr<const MailListenerTerms> SmtpListener::terms() const {
  const std::scoped_lock lock(mutex_);
  return terms_;
}

void SmtpListener::change(MailListenerTerms terms) {
  auto next = std::make_shared<const MailListenerTerms>(std::move(terms));
  const std::scoped_lock lock(mutex_);
  terms_.swap(next);
}

void SmtpListener::accept_one() {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  core::FileDescriptor socket(
      ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&address), &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return;  // gone again
  const std::string client = name_of(address, length);
  const auto in_force = terms();
  if (!std::ranges::any_of(in_force->networks, [&](const Network& network) { return network.contains(client); })) {
    log_.warning("smtp_refused", {{"client", client}});
    send_all(socket.get(), "554 5.7.1 nobody may send from there (mail.networks)\r\n", milliseconds::zero());
    return;
  }
  const std::scoped_lock lock(mutex_);
  std::erase_if(connections_, [](const Connection& connection) { return connection.over.load(); });
  if (connections_.size() >= in_force->connections) {
    send_all(socket.get(), "421 4.3.2 too many send at once; try again soon\r\n", milliseconds::zero());
    return;
  }
  Connection& connection = connections_.emplace_back();
  connection.socket = std::move(socket);
  connection.client = client;
  connection.terms = in_force;
  connection.thread = std::jthread([this, &connection](std::stop_token stop) { serve(connection, stop); });
}

void SmtpListener::serve(Connection& connection, std::stop_token stop) {
  try {
    converse(connection, stop);
  } catch (const std::exception& error) {
    log_.error("smtp_failed", {{"client", connection.client}, {"cause", error.what()}});
  }
  ::shutdown(connection.socket.get(), SHUT_RDWR);
  connection.over = true;
}

void SmtpListener::converse(Connection& connection, std::stop_token stop) {
  std::optional<core::TempFile> file;
  const MailListenerTerms& in_force = *connection.terms;
  SmtpSession session({in_force.senders, in_force.recipients, in_force.max_bytes, certificate_ != nullptr},
                      {[&] {
                         intake_->intake().require_room(0);
                         file.emplace(blobs_.new_file());
                       },
                       [&](std::string_view bytes) { file->append(std::as_bytes(std::span(bytes))); },
                       [&] {
                         keep(connection, *file, stop);
                         file.reset();
                         note(std::nullopt);
                       },
                       [&](std::string_view reply) { note(connection.client + ": " + std::string(reply)); }});
  const core::Deadline end(options_.longest);
  constexpr std::string_view kTooLong = "421 4.4.2 that takes too long\r\n";
  std::string_view farewell;  // why nothing is waited for any more
  const auto must_end = [&] {
    if (stop.stop_requested()) {
      farewell = "421 4.3.2 the service stops; try again soon\r\n";
    } else if (end.passed()) {
      farewell = kTooLong;
    }
    return !farewell.empty();
  };
  const auto wait = [&](short events) {
    if (!farewell.empty()) return false;
    std::array<pollfd, 2> sources{pollfd{connection.socket.get(), events, 0}, pollfd{wake_.get(), POLLIN, 0}};
    const int ready =
        ::poll(sources.data(), sources.size(), static_cast<int>(std::min(options_.patience, end.left()).count()));
    if (ready == 0) farewell = kTooLong;
    return !must_end();
  };
  ClientChannel channel(connection.socket.get(), wait);
  if (!channel.send(SmtpSession::greeting())) return;
  std::array<char, 64 * 1024> buffer;
  while (!session.is_over()) {
    if (must_end()) break;  // one that never pauses is never waited for
    const std::size_t got = channel.receive(buffer);
    if (got == 0) break;
    if (!channel.send(session.add(std::string_view(buffer.data(), got)))) break;
    if (!session.wants_tls()) continue;
    if (!channel.protect(*certificate_)) break;
    session.protected_now();
  }
  channel.send(farewell);
}

std::string SmtpListener::address() const {
  return place_name(options_.terms.address, port_);
}

std::optional<SmtpListener::Trouble> SmtpListener::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

std::int64_t SmtpListener::refused() const {
  const std::scoped_lock lock(mutex_);
  return refused_;
}

void SmtpListener::note(std::optional<std::string> problem) {
  const core::Time now = database_.clock().now();
  const std::scoped_lock lock(mutex_);
  if (problem) ++refused_;
  trouble_ = problem ? std::optional(Trouble{std::move(*problem), now}) : std::nullopt;
}

void SmtpListener::keep(const Connection& connection, const core::TempFile& file, std::stop_token stop) {
  storage::MailRule rule;
  rule.takes = connection.terms->takes;
  const storage::Principal who = [&] {
    auto session = database_.read();
    rule.filing = mail_listener_filing(session);
    require_open_place(session, rule.filing);
    return storage::system_principal(session, "smtp " + connection.client);
  }();
  const ReceivedMail mail{file, "mail.eml", "smtp"};
  const MailIntake::Record record = [](storage::Transaction& tx, std::optional<std::int64_t>) {
    storage::record_arrival(tx, "smtp", "");
  };
  try {
    intake_->take(who, mail, {rule}, record, stop);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable || rule.takes != storage::MailTake::attachments) throw;
    // A copier forgets a scan that it cannot send: better the whole mail than none.
    rule.takes = storage::MailTake::mail;
    intake_->take(who, mail, {rule}, record, stop);
  }
  log_.info("smtp_took_in", {{"client", connection.client}, {"bytes", file.size()}});
}

}  // namespace muniment::scanners
