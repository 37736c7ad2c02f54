#include "ingest/internal/extract_call.h"

#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"

namespace muniment::ingest {

namespace {

constexpr std::chrono::milliseconds kEndPatience{1000};

using core::Error;
using core::ErrorCode;

Error extractor_gone() {
  return Error(ErrorCode::unavailable, "muniment-extract stopped while it read a file; it is being started again");
}

Error error_for_signal(int signal) {
  switch (signal) {
    case SIGXCPU:
      return Error(ErrorCode::timed_out, "reading the file took too much time");
    case SIGXFSZ:
      return Error(ErrorCode::too_large, "reading the file writes more than is allowed");
    case SIGKILL:
      return Error(ErrorCode::bad_file, "reading the file was ended by the system; it may need too much memory");
    case SIGSYS:
      return Error(ErrorCode::bad_file, "reading the file led to something forbidden; it may be an attack");
    default:
      return Error(ErrorCode::bad_file, "the file makes its reader crash");
  }
}

}  // namespace

ExtractCall::ExtractCall(std::shared_ptr<const WarmProcess::Connection> connection, const Request& request,
                         std::span<const int> descriptors, std::chrono::milliseconds step, std::stop_token stop)
    : connection_(std::move(connection)),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      stop_(stop),
      step_(step) {
  if (!stop_event_) throw core::system_error("create an event", errno);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw core::system_error("create a socket", errno);
  reply_ = core::FileDescriptor(ends[0]);
  const core::FileDescriptor theirs(ends[1]);
  std::vector<int> sent{theirs.get()};
  sent.insert(sent.end(), descriptors.begin(), descriptors.end());
  if (!send_packet(connection_->socket.get(), encode(request), sent)) throw extractor_gone();
  on_stop_.emplace(std::move(stop), [event = stop_event_.get()] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto ignored = ::write(event, &one, sizeof one);
  });
}

ExtractCall::~ExtractCall() {
  if (!child_) {
    // The pidfd may be on its way.
    try {
      while (const auto packet = receive_packet(reply_.get(), 1, MSG_DONTWAIT)) {
        if (packet->descriptors.empty()) continue;
        ::syscall(SYS_pidfd_send_signal, packet->descriptors.front().get(), SIGKILL, nullptr, 0);
      }
    } catch (const Error&) {
      // A child that sends nonsense: closing the socket is all that is left, and its processor time is limited.
    }
    return;
  }
  ::syscall(SYS_pidfd_send_signal, child_.get(), SIGKILL, nullptr, 0);
}

void ExtractCall::wait_for(short event, const core::Deadline& deadline) {
  for (;;) {
    pollfd watched[] = {{reply_.get(), event, 0}, {stop_event_.get(), POLLIN, 0}};
    const int ready = ::poll(watched, 2, static_cast<int>(deadline.left().count()));
    if (ready < 0 && errno != EINTR) throw core::system_error("wait for muniment-extract", errno);
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "reading the file was stopped");
    if (deadline.passed()) throw Error(ErrorCode::timed_out, "reading the file took too much time");
    if (ready > 0 && watched[0].revents != 0) return;
  }
}

std::optional<Packet> ExtractCall::wait_for_packet(const core::Deadline& deadline) {
  for (;;) {
    wait_for(POLLIN, deadline);
    bool ended = false;
    auto packet = receive_packet(reply_.get(), 1, MSG_DONTWAIT, &ended);
    if (packet || ended) return packet;
  }
}

void ExtractCall::fail_for_end() const {
  if (exit_status_ && WIFSIGNALED(*exit_status_)) {
    throw error_for_signal(WTERMSIG(*exit_status_)).because("signal " + std::to_string(WTERMSIG(*exit_status_)));
  }
  // A program that dies lets go of its answers a moment before it lets go of its connection.
  if (connection_->broken(kEndPatience)) throw extractor_gone();
  // A child of ours says `done` or `failure` before it ends.
  throw Error(ErrorCode::bad_file, "the file makes its reader crash").because("it ended without an answer");
}

std::optional<Message> ExtractCall::next() {
  const core::Deadline deadline(step_);
  while (!done_) {
    auto packet = wait_for_packet(deadline);
    if (!packet) fail_for_end();
    std::optional<Message> message;
    try {
      message = reader_.add(packet->bytes);
      if (!message) continue;
      switch (message->kind) {
        case MessageKind::started:
          if (!child_ && packet->descriptors.size() == 1) child_ = std::move(packet->descriptors.front());
          break;
        case MessageKind::exited:
          exit_status_ = decode_number(message->body);
          break;
        case MessageKind::done:
          done_ = true;
          break;
        case MessageKind::failure: {
          auto failure = decode_failure(message->body);
          throw Error(failure.code, std::move(failure.message)).because(std::move(failure.cause));
        }
        default:
          return message;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupt) throw;
      throw Error(ErrorCode::bad_file, "the file makes its reader answer nonsense").because(error.cause());
    }
  }
  return std::nullopt;
}

Message ExtractCall::expect(MessageKind kind) {
  auto message = next();
  if (message && message->kind == kind) return std::move(*message);
  throw Error(ErrorCode::bad_file, "the file makes its reader answer nonsense").because("unexpected kind of message");
}

void ExtractCall::send_layer(std::string_view layer) {
  const core::Deadline deadline(step_);
  for (const std::string& packet : packets_of(MessageKind::layer, layer)) {
    wait_for(POLLOUT,
             deadline);  // then there is room for a packet: a child that asks and does not listen holds up nobody
    if (!send_packet(reply_.get(), packet)) fail_for_end();
  }
}

}  // namespace muniment::ingest
