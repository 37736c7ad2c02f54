#include "ingest/worker/recognition/uncompressed_lines.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>

namespace muniment::ingest::worker {

namespace {

thread_local bool uncompressed = false;

}  // namespace

UncompressedLines::UncompressedLines() {
  uncompressed = true;
}

UncompressedLines::~UncompressedLines() {
  uncompressed = false;
}

}  // namespace muniment::ingest::worker

// Comes before Leptonica's function of this name, in libtesseract's calls too.
extern "C" l_ok pixWriteMem(l_uint8** data, size_t* size, PIX* picture, l_int32 format) {
  if (muniment::ingest::worker::uncompressed && format == IFF_PNG) return pixWriteMemSpix(data, size, picture);
  static const auto leptonicas = reinterpret_cast<decltype(&pixWriteMem)>(::dlsym(RTLD_NEXT, "pixWriteMem"));
  return leptonicas(data, size, picture, format);
}
