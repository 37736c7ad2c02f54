// Foreign text: encodings, HTML, layout. A child would only take itself down, but our own code should not even do that.
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/exif.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/text_encoding.h"
#include "ingest/worker/text_layout.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace muniment;
  using namespace muniment::ingest::worker;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const int orientation = exif_orientation(bytes);
  if (orientation < 1 || orientation > 8) std::abort();
  const std::string encoding = text_encoding(bytes);
  if (encoding.empty()) return 0;
  try {
    std::string text = decode_text(bytes, encoding, size);
    if (!core::is_utf8(text)) std::abort();
    const std::string html = html_text(text).text;
    for (const std::string& laid_out : {text, html}) {
      const TextLayout layout(laid_out);
      for (std::int32_t number = 1; number <= layout.page_count(); ++number) {
        storage::decode_page_layer(storage::encode(layout.page(number)));
      }
    }
  } catch (const core::Error& error) {
    if (error.code() != core::ErrorCode::bad_file) std::abort();
  }
  return 0;
}
