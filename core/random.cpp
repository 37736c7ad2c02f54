#include "core/random.h"

#include <cerrno>
#include <vector>

#include <sys/random.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::core {

std::string Random::token(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  fill(bytes);
  return to_base64url(bytes);
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::getrandom(bytes.data() + done, bytes.size() - done, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw system_error("read random bytes", errno);
    }
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace muniment::core
