// Compiled HTML help.
#include "ingest/worker/html_help.h"

#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  try {
    const auto help = ingest::worker::read_html_help({reinterpret_cast<const char*>(data), size});
    if (!core::is_utf8(help.title) || !core::is_utf8(help.text)) std::abort();
  } catch (const core::Error& error) {
    if (error.code() != core::ErrorCode::bad_file) std::abort();
  }
  return 0;
}
