// Packages of other archives: zip files, METS and ERMS.
#include "ingest/worker/package.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "ingest/worker/package_catalogue.h"

using namespace muniment::ingest;

namespace {

void read_zip(std::string_view bytes) {
  worker::ZipLimits limits;
  limits.least_total = 1 << 20;
  const worker::Package package(bytes, limits);
  package.check([](const ListedFile&) {});
  package.unpack([](const std::string&) {}, [](std::string_view) {}, [] {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 3 == 0) {
      worker::read_mets(bytes);
    } else if (data[0] % 3 == 1) {
      worker::read_erms(bytes);
    } else {
      read_zip(bytes);
    }
  } catch (const muniment::core::Error&) {
    // Refused in words, as it should be.
    return 0;
  }
  return 0;
}
