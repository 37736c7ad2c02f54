#include "webui/internal/delivery.h"

// The kernel's own header: that of the C library ends before what is asked for here, and both cannot be included.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace muniment::webui {

std::optional<Delivery> delivery_of(int socket) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return Delivery{info.tcpi_bytes_acked, info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0};
}

}  // namespace muniment::webui
