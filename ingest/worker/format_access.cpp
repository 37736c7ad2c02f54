// Access databases: their tables as text.
#include "ingest/worker/access_file.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "application/vnd.ms-access";

std::string_view recognise(const Input& input) {
  return is_access(input.bytes) ? kMediaType : std::string_view();
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<LaidOutDocument>(media_type, "", access_text(input.bytes), tools.mupdf);
}

}  // namespace

const Format kAccessFormat{recognise, open};

}  // namespace muniment::ingest::worker
