#include "ingest/worker/page_notes.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/pdf_output.h"

namespace muniment::ingest::worker {

namespace {

constexpr float kUnits = 10;  // of a point
constexpr std::size_t kMostBytesOfAWord = 4096;
constexpr std::size_t kMostBytesOfANote = 1 << 20;  // of those that are added

// Text in a box, fields and links are shown by the page itself.
bool may_be_note(enum pdf_annot_type type) {
  switch (type) {
    case PDF_ANNOT_TEXT:
    case PDF_ANNOT_LINE:
    case PDF_ANNOT_SQUARE:
    case PDF_ANNOT_CIRCLE:
    case PDF_ANNOT_POLYGON:
    case PDF_ANNOT_POLY_LINE:
    case PDF_ANNOT_HIGHLIGHT:
    case PDF_ANNOT_UNDERLINE:
    case PDF_ANNOT_SQUIGGLY:
    case PDF_ANNOT_STRIKE_OUT:
    case PDF_ANNOT_CARET:
    case PDF_ANNOT_INK:
    case PDF_ANNOT_FILE_ATTACHMENT:
      return true;
    default:
      return false;
  }
}

storage::Box box_on(fz_rect mark, fz_rect bounds) {
  const auto unit = [](float at, float from, float to) {
    return static_cast<std::int32_t>(std::lround((std::clamp(at, from, to) - from) * kUnits));
  };
  const std::int32_t left = unit(mark.x0, bounds.x0, bounds.x1);
  const std::int32_t top = unit(mark.y0, bounds.y0, bounds.y1);
  return {left, top, unit(mark.x1, bounds.x0, bounds.x1) - left, unit(mark.y1, bounds.y0, bounds.y1) - top};
}

// Where it is in the layer's page, which is turned.
storage::Box box_in_turned(storage::Box box, const storage::PageLayer& layer) {
  const bool lies = layer.rotation % 180 != 0;
  std::int32_t width = lies ? layer.height : layer.width;
  std::int32_t height = lies ? layer.width : layer.height;
  for (std::int32_t turn = 0; turn < layer.rotation; turn += 90) {
    box = {height - box.top - box.height, box.left, box.height, box.width};
    std::swap(width, height);
  }
  return box;
}

void put_note(fz_context* context, pdf_document* document, int number, const std::string& text) {
  constexpr float kFoot = 20;  // points
  constexpr int kHidden = 2;   // ISO 32000-1 table 165
  guarded(context, "add a note to a page", [&] {
    pdf_obj* page = pdf_lookup_page_obj(context, document, number);
    fz_rect foot = pdf_to_rect(context, pdf_dict_get_inheritable(context, page, PDF_NAME(MediaBox)));
    foot.y1 = std::min(foot.y1, foot.y0 + kFoot);
    pdf_obj* annotations = pdf_dict_get(context, page, PDF_NAME(Annots));
    if (annotations == nullptr) annotations = pdf_dict_put_array(context, page, PDF_NAME(Annots), 1);
    pdf_obj* note = pdf_new_dict(context, document, 5);
    pdf_array_push_drop(context, annotations, pdf_add_object_drop(context, document, note));
    pdf_dict_put(context, note, PDF_NAME(Type), PDF_NAME(Annot));
    pdf_dict_put(context, note, PDF_NAME(Subtype), PDF_NAME(Text));
    pdf_dict_put_int(context, note, PDF_NAME(F), kHidden);
    pdf_dict_put_rect(context, note, PDF_NAME(Rect), foot);
    pdf_dict_put_text_string(context, note, PDF_NAME(Contents), text.c_str());
  });
}

}  // namespace

std::vector<PageNote> notes_on(fz_context* context, fz_page* page, fz_rect bounds) {
  std::vector<PageNote> notes;
  constexpr const char* kDoing = "read a page's notes";
  pdf_annot* note = nullptr;
  guarded(context, kDoing, [&] { note = pdf_first_annot(context, reinterpret_cast<pdf_page*>(page)); });
  while (note != nullptr) {
    const char* said = nullptr;
    fz_rect mark{};
    guarded(context, kDoing, [&] {
      if (may_be_note(pdf_annot_type(context, note))) said = pdf_annot_contents(context, note);
      if (said != nullptr) mark = pdf_bound_annot(context, note);
      note = pdf_next_annot(context, note);
    });
    std::string text = said == nullptr ? std::string() : core::collapse_space(core::to_nfc(said));
    if (!text.empty()) notes.push_back({std::move(text), box_on(mark, bounds)});
  }
  return notes;
}

void add_notes(storage::PageLayer& layer, const std::vector<PageNote>& notes) {
  if (notes.empty()) return;
  std::vector<storage::Line> lines;
  for (const PageNote& note : notes) {
    storage::Line& line = lines.emplace_back();
    line.starts_paragraph = true;
    for (const std::string_view word : core::split(note.text, ' ')) {
      if (word.empty()) continue;
      line.words.push_back({box_in_turned(note.box, layer), 100, std::string(core::cut(word, kMostBytesOfAWord))});
    }
  }
  const bool are_there = layer.lines.size() >= lines.size() &&
                         std::equal(lines.begin(), lines.end(), layer.lines.end() - std::ssize(lines));
  if (are_there) return;
  layer.lines.insert(layer.lines.end(), lines.begin(), lines.end());
  if (layer.source != storage::TextSource::none && layer.source != storage::TextSource::blank) return;
  layer.source = storage::TextSource::native;
  layer.mean_confidence = 100;
}

void append_notes(fz_context* context, std::string_view pdf, const std::vector<std::string>& texts,
                  const core::FileDescriptor& file) {
  StreamHandle stream(context);
  PdfHandle document(context);
  int pages = 0;
  bool may_grow = false;
  guarded(context, "read the PDF's structure", [&] {
    *stream.out() = fz_open_memory(context, reinterpret_cast<const unsigned char*>(pdf.data()), pdf.size());
    *document.out() = pdf_open_document_with_stream(context, stream.get());
    pages = pdf_count_pages(context, document.get());
    may_grow = pdf_can_be_saved_incrementally(context, document.get()) != 0;
  });
  if (pages < 1 || !may_grow) throw core::Error(core::ErrorCode::bad_file, "nothing can be added to the PDF");
  const auto add = [&](int page, std::string_view text) {
    if (!text.empty()) put_note(context, document.get(), page, std::string(core::cut(text, kMostBytesOfANote)));
  };
  if (texts.size() == static_cast<std::size_t>(pages)) {
    for (int page = 0; page < pages; ++page) add(page, texts[static_cast<std::size_t>(page)]);
  } else {
    std::string all;
    for (const std::string& text : texts) all += text + ' ';
    add(pages - 1, all);
  }
  pdf_write_options options = pdf_default_write_options;
  options.do_incremental = 1;
  save_pdf(context, document.get(), options, file);
}

}  // namespace muniment::ingest::worker
