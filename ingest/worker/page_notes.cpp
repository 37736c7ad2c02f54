#include "ingest/worker/page_notes.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

constexpr float kUnits = 10;  // of a point
constexpr std::size_t kMostBytesOfAWord = 4096;

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

}  // namespace muniment::ingest::worker
