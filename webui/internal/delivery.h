// How far the other side of a connection takes what it is sent.
#pragma once

#include <cstdint>
#include <optional>

namespace muniment::webui {

struct Delivery {
  std::uint64_t taken = 0;  // bytes that the other side has acknowledged since the connection was opened
  bool owed = false;        // something was written that it has not taken yet
};

// Of a connected TCP socket; empty for any other descriptor. Any thread.
std::optional<Delivery> delivery_of(int socket);

}  // namespace muniment::webui
