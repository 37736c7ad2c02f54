// What a hostile child of muniment-extract may send as a page layer: decoded or refused, and what is decoded survives.
#include "storage/page_layer.h"

#include <cstdlib>
#include <string_view>

#include <zstd.h>

#include "core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  // Compressed here, so that the fuzzer reaches the inner form and not only zstd.
  std::string bytes(ZSTD_compressBound(size) + 1, '\1');
  bytes.resize(ZSTD_compress(bytes.data() + 1, bytes.size() - 1, data, size, 1) + 1);
  for (const std::string_view input :
       {std::string_view(bytes), std::string_view(reinterpret_cast<const char*>(data), size)}) {
    try {
      const auto layer = muniment::storage::decode_page_layer(input);
      if (!(muniment::storage::decode_page_layer(encode(layer)) == layer)) std::abort();
    } catch (const muniment::core::Error& error) {
      if (error.code() != muniment::core::ErrorCode::corrupt) std::abort();
    }
  }
  return 0;
}
