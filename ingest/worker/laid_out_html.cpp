#include "ingest/worker/laid_out_html.h"

#include <utility>

#include "core/error.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/text_layout.h"

namespace muniment::ingest::worker {

namespace {

using DocumentHandle = Dropped<fz_document, fz_drop_document>;
using OutputHandle = Dropped<fz_output, fz_drop_output>;
using WriterHandle = Dropped<fz_document_writer, fz_drop_document_writer>;

constexpr int kMostPages = 400;
constexpr float kFontSize = 10;  // points
constexpr const char* kStart =
    "<html><head><meta charset=\"utf-8\"/><style>@page{margin:50pt}body{margin:0;font-family:sans-serif}"
    "h1{font-size:1.4em}h2{font-size:1.2em}h3,h4,h5,h6{font-size:1em}</style></head><body>";

std::string pdf_of(fz_context* context, const std::string& html) {
  StreamHandle stream(context);
  DocumentHandle document(context);
  BufferHandle buffer(context);
  int pages = 0;
  guarded(context, "lay the HTML out", [&] {
    *stream.out() = fz_open_memory(context, reinterpret_cast<const unsigned char*>(html.data()), html.size());
    *document.out() = fz_open_document_with_stream(context, "text/html", stream.get());
    fz_layout_document(context, document.get(), kTextPageWidth, kTextPageHeight, kFontSize);
    pages = fz_count_pages(context, document.get());
  });
  if (pages > kMostPages) throw core::Error(core::ErrorCode::too_large, "the HTML has too many pages");
  guarded(context, "lay the HTML out", [&] { *buffer.out() = fz_new_buffer(context, html.size()); });
  OutputHandle output(context);
  guarded(context, "lay the HTML out", [&] { *output.out() = fz_new_output_with_buffer(context, buffer.get()); });
  WriterHandle writer(context);
  guarded(context, "lay the HTML out", [&] {
    // The writer takes the output over, also when it fails.
    *writer.out() = fz_new_pdf_writer_with_output(context, std::exchange(*output.out(), nullptr), "");
    for (int number = 0; number < pages; ++number) {
      fz_page* page = fz_load_page(context, document.get(), number);
      fz_try(context) {
        fz_device* device = fz_begin_page(context, writer.get(), fz_bound_page(context, page));
        fz_run_page(context, page, device, fz_identity, nullptr);
        fz_end_page(context, writer.get());
      }
      fz_always(context) fz_drop_page(context, page);
      fz_catch(context) fz_rethrow(context);
    }
    fz_close_document_writer(context, writer.get());
  });
  unsigned char* data = nullptr;
  const std::size_t size = fz_buffer_storage(context, buffer.get(), &data);
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

LaidOutHtml::LaidOutHtml(std::string_view media_type, std::string title, const std::string& body, const Tools& tools)
    : media_type_(media_type), title_(std::move(title)) {
  pdf_ = pdf_of(tools.mupdf, kStart + body + "</body></html>");
  pages_ = kPdfFormat.open({.bytes = pdf_, .filename = "", .password = {}}, "application/pdf", tools);
}

Inspection LaidOutHtml::inspect() {
  Inspection inspection;
  inspection.media_type = media_type_;
  inspection.kind = FileKind::text;
  inspection.page_count = page_count();
  inspection.title = title_;
  return inspection;
}

// Its pictures are few and small, and those who read many text files in one go know of no pages read before.
storage::PageLayer LaidOutHtml::read_page(std::int32_t number, const ReadOptions& options, const KnownPage&) {
  return pages_->read_page(number, options, [](const core::Sha256&) { return std::nullopt; });
}

PixPointer LaidOutHtml::render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) {
  return pages_->render_page(number, width, rotation);
}

bool LaidOutHtml::write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) {
  if (!pages_->write_archive(layers, output)) core::write_all(output, pdf_);
  return true;
}

}  // namespace muniment::ingest::worker
