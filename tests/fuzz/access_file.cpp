// Access databases.
#include "ingest/worker/access_file.h"

#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!ingest::worker::is_access(bytes)) return 0;
  try {
    if (!core::is_utf8(ingest::worker::access_text(bytes))) std::abort();
  } catch (const core::Error& error) {
    if (error.code() != core::ErrorCode::bad_file) std::abort();
  }
  return 0;
}
