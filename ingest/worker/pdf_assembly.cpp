#include "ingest/worker/pdf_assembly.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "ingest/worker/pdf_output.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;
using GraftMapHandle = Dropped<pdf_graft_map, pdf_drop_graft_map>;

struct OpenPdf {
  StreamHandle stream;
  PdfHandle document;
  int pages = 0;
};

OpenPdf open_pdf(fz_context* context, std::string_view bytes) {
  OpenPdf file{StreamHandle(context), PdfHandle(context)};
  int locked = 0;
  guarded(context, "read the PDF's structure", [&] {
    *file.stream.out() = fz_open_memory(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    *file.document.out() = pdf_open_document_with_stream(context, file.stream.get());
    locked = pdf_needs_password(context, file.document.get());
    if (locked == 0) file.pages = pdf_count_pages(context, file.document.get());
  });
  if (locked != 0) throw Error(ErrorCode::password_needed, "the PDF is encrypted; its pages stay where they are");
  return file;
}

bool is_seen(fz_context* context, pdf_obj* annotation) {
  constexpr int kHidden = 2, kNoView = 32;  // ISO 32000-1 table 165
  if ((pdf_to_int(context, pdf_dict_get(context, annotation, PDF_NAME(F))) & (kHidden | kNoView)) != 0) return false;
  return pdf_dict_get(context, annotation, PDF_NAME(AP)) != nullptr &&
         pdf_name_eq(context, pdf_dict_get(context, annotation, PDF_NAME(Subtype)), PDF_NAME(Popup)) == 0;
}

// What annotations and form fields show, as stamps: without the actions, and without what ties them to the rest of the
// file they come from.
void copy_looks(fz_context* context, pdf_graft_map* map, pdf_document* to, pdf_obj* from_page, pdf_obj* to_page) {
  pdf_obj* annotations = pdf_dict_get(context, from_page, PDF_NAME(Annots));
  pdf_obj* stamps = nullptr;
  for (int i = 0; i < pdf_array_len(context, annotations); ++i) {
    pdf_obj* annotation = pdf_array_get(context, annotations, i);
    if (!is_seen(context, annotation)) continue;
    if (stamps == nullptr) stamps = pdf_dict_put_array(context, to_page, PDF_NAME(Annots), 4);
    pdf_obj* stamp = pdf_new_dict(context, to, 6);
    pdf_array_push_drop(context, stamps, pdf_add_object_drop(context, to, stamp));
    pdf_dict_put(context, stamp, PDF_NAME(Type), PDF_NAME(Annot));
    pdf_dict_put(context, stamp, PDF_NAME(Subtype), PDF_NAME(Stamp));
    constexpr int kPrint = 4;
    pdf_dict_put_int(context, stamp, PDF_NAME(F), kPrint);
    for (pdf_obj* key : {PDF_NAME(Rect), PDF_NAME(AP), PDF_NAME(AS)}) {
      pdf_obj* value = pdf_dict_get(context, annotation, key);
      if (value != nullptr) pdf_dict_put_drop(context, stamp, key, pdf_graft_mapped_object(context, map, value));
    }
  }
}

}  // namespace

void assemble_pdf(fz_context* context, std::span<const std::string_view> files, std::span<const PageChoice> pages,
                  const core::FileDescriptor& output) {
  std::vector<OpenPdf> sources;
  for (const std::string_view file : files) sources.push_back(open_pdf(context, file));
  PdfHandle result(context);
  guarded(context, "write a PDF", [&] { *result.out() = pdf_create_document(context); });
  // A map for each source, so that what several pages share is copied once.
  std::vector<GraftMapHandle> maps;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    maps.emplace_back(context);
    guarded(context, "write a PDF", [&] { *maps.back().out() = pdf_new_graft_map(context, result.get()); });
  }
  int written = 0;
  for (const PageChoice& choice : pages) {
    if (choice.file >= sources.size() || choice.page < 1 || choice.page > sources[choice.file].pages) {
      throw Error(ErrorCode::invalid_argument, "there is no page " + std::to_string(choice.page));
    }
    pdf_document* source = sources[choice.file].document.get();
    pdf_graft_map* map = maps[choice.file].get();
    guarded(context, "copy a page", [&] {
      pdf_graft_mapped_page(context, map, -1, source, choice.page - 1);
      pdf_obj* from = pdf_lookup_page_obj(context, source, choice.page - 1);
      pdf_obj* to = pdf_lookup_page_obj(context, result.get(), written);
      const int turn = pdf_to_int(context, pdf_dict_get_inheritable(context, from, PDF_NAME(Rotate))) + choice.turn;
      pdf_dict_put_int(context, to, PDF_NAME(Rotate), ((turn % 360) + 360) % 360);
      copy_looks(context, map, result.get(), from, to);
    });
    ++written;
  }
  pdf_write_options options = pdf_default_write_options;
  options.do_compress = 1;
  options.do_garbage = 1;
  save_pdf(context, result.get(), options, output);
}

}  // namespace muniment::ingest::worker
