// How messages pass: in packets, over sockets.
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>

#include "ingest/internal/extract_protocol.h"
#include "ingest/internal/wire_format.h"

namespace muniment::ingest {

using wire::malformed;
using wire::Reader;
using wire::Writer;

namespace {

constexpr std::size_t kHeaderBytes = 5;  // of a message's first packet: kind, size of the body

}  // namespace

std::optional<Message> MessageReader::add(std::string_view packet) {
  if (!inside_) {
    if (packet.size() < kHeaderBytes) malformed("first packet too short");
    Reader header(packet.substr(0, kHeaderBytes));
    const auto kind = header.number<std::uint8_t>();
    if (kind < 1 || kind > static_cast<std::uint8_t>(MessageKind::opened)) malformed("unknown kind of message");
    message_ = Message{static_cast<MessageKind>(kind), {}};
    expected_ = header.number<std::uint32_t>();
    if (expected_ > max_body_bytes(message_.kind)) malformed("message too long");
    inside_ = true;
    packet.remove_prefix(kHeaderBytes);
  } else if (packet.empty()) {
    malformed("empty packet");  // else a child could keep us busy with nothing
  }
  if (packet.size() > expected_ - message_.body.size()) malformed("more than was announced");
  message_.body += packet;
  if (message_.body.size() < expected_) return std::nullopt;
  inside_ = false;
  return std::exchange(message_, {});
}

std::vector<std::string> packets_of(MessageKind kind, std::string_view body) {
  Writer header;
  header.number(static_cast<std::uint8_t>(kind)).number(static_cast<std::uint32_t>(body.size()));
  std::string packet = header.take();
  std::vector<std::string> packets;
  do {
    const std::string_view part = body.substr(0, kMaxPacketBytes - packet.size());
    packet += part;
    body.remove_prefix(part.size());
    packets.push_back(std::exchange(packet, {}));
  } while (!body.empty());
  return packets;
}

bool send_packet(int socket, std::string_view packet, std::span<const int> descriptors) {
  iovec data{const_cast<char*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  std::vector<char> control(CMSG_SPACE(descriptors.size_bytes()));
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  for (;;) {
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0) return true;
    if (errno == EINTR) continue;
    if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN) return false;
    throw core::system_error("send to muniment-extract", errno);
  }
}

bool send_message(int socket, MessageKind kind, std::string_view body, std::span<const int> descriptors) {
  for (const auto& packet : packets_of(kind, body)) {
    if (!send_packet(socket, packet, descriptors)) return false;
    descriptors = {};
  }
  return true;
}

std::optional<Packet> receive_packet(int socket, std::size_t most, int flags, bool* ended) {
  if (ended != nullptr) *ended = false;
  Packet packet;
  packet.bytes.resize(kMaxPacketBytes);
  iovec data{packet.bytes.data(), packet.bytes.size()};
  std::vector<char> control(CMSG_SPACE(most * sizeof(int)));
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = most == 0 ? nullptr : control.data();
  message.msg_controllen = most == 0 ? 0 : control.size();
  ssize_t got;
  while ((got = ::recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
  if (got < 0 && errno != ECONNRESET) throw core::system_error("receive from muniment-extract", errno);
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); got >= 0 && header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
      packet.descriptors.emplace_back(descriptor);
    }
  }
  if (got <= 0) {
    // An empty packet cannot be told from the end, and nobody honest sends one.
    if (ended != nullptr) *ended = true;
    return std::nullopt;
  }
  if ((message.msg_flags & MSG_TRUNC) != 0) malformed("packet too long");
  packet.bytes.resize(static_cast<std::size_t>(got));
  return packet;
}

}  // namespace muniment::ingest
