// Sections of OneNote: their text.
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/onenote_text.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "application/onenote";

std::string_view recognise(const Input& input) {
  return is_onenote(input.bytes) ? kMediaType : std::string_view();
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<LaidOutDocument>(media_type, "", onenote_text(input.bytes), tools.mupdf);
}

}  // namespace

const Format kOneNoteFormat{recognise, open};

}  // namespace muniment::ingest::worker
