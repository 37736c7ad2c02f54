// Receipts of other archives.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "records/transfer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    muniment::records::parse_receipt(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const muniment::core::Error&) {
    // Refused in words, as it should be.
    return 0;
  }
  return 0;
}
