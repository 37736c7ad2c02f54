// What tells office files apart, the text of those that LibreOffice does not read, and the notes under slides.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "ingest/worker/office_text.h"
#include "ingest/worker/ole_storage.h"
#include "ingest/worker/speaker_notes.h"
#include "ingest/worker/zip_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muniment;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ingest::worker::names_in_root(bytes);
  ingest::worker::names_in_zip(bytes);
  for (const std::string_view type : {"application/rtf", "application/vnd.oasis.opendocument.text-flat-xml",
                                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}) {
    try {
      ingest::worker::office_text(bytes, type);
    } catch (const core::Error&) {
      // What is damaged is refused.
    }
  }
  try {
    ingest::worker::speaker_notes(bytes);
  } catch (const core::Error&) {
    // So is a damaged package.
  }
  return 0;
}
