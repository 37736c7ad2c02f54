// Form bodies in pieces of every size.
#include "webui/multipart.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0];
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  muniment::webui::MultipartReader reader("B", [&](std::span<std::byte> buffer) {
    const std::size_t given = std::min({piece, buffer.size(), rest.size()});
    std::memcpy(buffer.data(), rest.data(), given);
    rest.remove_prefix(given);
    return given;
  });
  try {
    while (reader.next()) reader.read_text(1000);
  } catch (const muniment::core::Error&) {
    return 0;  // refused, as it should be
  }
  return 0;
}
