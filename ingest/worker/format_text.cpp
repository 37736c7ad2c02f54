// Plain text, Markdown and CSV, in any encoding.
#include <array>
#include <string>

#include "core/text.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

std::string_view type_by_name(std::string_view filename) {
  const std::string name = core::fold_case(filename);
  if (name.ends_with(".md") || name.ends_with(".markdown")) return "text/markdown";
  if (name.ends_with(".csv") || name.ends_with(".tsv")) return "text/csv";
  return "text/plain";
}

std::string_view recognise(const Input& input) {
  if (media_type_of_other(input.bytes) != "application/octet-stream") return {};
  return text_encoding(input.bytes).empty() ? std::string_view() : type_by_name(input.filename);
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<LaidOutDocument>(
      media_type, "", decode_text(input.bytes, text_encoding(input.bytes), kMaxTextBytes), tools.mupdf);
}

}  // namespace

const Format kTextFormat{recognise, open};

}  // namespace muniment::ingest::worker
