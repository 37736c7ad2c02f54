// Compiled HTML help: a text of several pages.
#include <utility>

#include "ingest/worker/formats.h"
#include "ingest/worker/html_help.h"
#include "ingest/worker/laid_out_document.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "application/vnd.ms-htmlhelp";

std::string_view recognise(const Input& input) {
  return is_html_help(input.bytes) ? kMediaType : std::string_view();
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  HtmlHelp help = read_html_help(input.bytes);
  return std::make_unique<LaidOutDocument>(media_type, std::move(help.title), std::move(help.text), tools.mupdf);
}

}  // namespace

const Format kHtmlHelpFormat{recognise, open};

}  // namespace muniment::ingest::worker
