// Text without pages, laid out on A4 in a font of fixed pitch, so that it has page images and boxes like everything
// else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/worker/mupdf.h"
#include "storage/page_layer.h"

namespace muniment::ingest::worker {

class TextLayout {
 public:
  // `text` is UTF-8; line feeds and form feeds divide it, tabs go to every eighth column. Long lines are broken between
  // words, words longer than a line within. Of more than a kilobyte of marks on one character the rest is left out.
  explicit TextLayout(std::string text);

  // At least one: an empty text has one blank page.
  std::int32_t page_count() const { return static_cast<std::int32_t>(pages_.size()); }
  storage::PageLayer page(std::int32_t number) const;

 private:
  std::string text_;
  std::vector<std::size_t> pages_;  // where each page begins
};

// The columns of 6 points that a character takes: none for marks that combine, two for East Asian ones.
std::int32_t text_columns(std::int32_t character);

// The size of its pages, in points.
inline constexpr float kTextPageWidth = 595;
inline constexpr float kTextPageHeight = 842;

// Draws a page of `layer`, made by TextLayout, on a device whose unit is a point.
void draw_text_page(fz_context* context, fz_device* device, const storage::PageLayer& layer);

}  // namespace muniment::ingest::worker
