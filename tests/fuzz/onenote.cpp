// Sections of OneNote.
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text.h"
#include "ingest/worker/onenote_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  const std::string text = ingest::worker::onenote_text({reinterpret_cast<const char*>(data), size});
  if (!core::is_utf8(text)) std::abort();
  return 0;
}
