// What an IMAP server sends: cut into responses as it comes, and read. The first byte says how large the pieces are.
#include "scanners/internal/imap_response.h"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"

namespace {

using namespace muniment::scanners;

struct Reading {
  std::string lines;
  std::string bytes;
  bool refused = false;
  bool operator==(const Reading&) const = default;
};

Reading read(std::span<const std::byte> received, std::size_t piece) {
  Reading reading;
  ImapResponseStream stream({[&](const std::string& line) {
                               parse_imap_response(line);
                               reading.lines += line + "\n";
                             },
                             [](std::string_view before, std::uint64_t) { parse_imap_response(before); },
                             [&](std::span<const std::byte> bytes) {
                               reading.bytes.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                             }});
  try {
    for (; !received.empty(); received = received.subspan(std::min(piece, received.size()))) {
      stream.add(received.first(std::min(piece, received.size())));
    }
  } catch (const muniment::core::Error&) {
    reading.refused = true;
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const auto received = std::as_bytes(std::span(data + 1, size - 1));
  // Where the network cuts makes no difference.
  if (read(received, data[0] + 1U) != read(received, size)) std::abort();
  imap_folder({reinterpret_cast<const char*>(data + 1), size - 1});
  return 0;
}
