// Fonts made of the outlines of just the characters that a text uses (Type 3, ISO 32000-1, 9.6.5), for what the fonts
// that every PDF viewer has cannot show.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/worker/mupdf.h"
#include "ingest/worker/pdf_file.h"

namespace muniment::ingest::worker {

class DrawnFont {
 public:
  explicit DrawnFont(fz_context* context) : context_(context) {}

  // First every text that will be shown,
  void add(std::string_view text);
  // then the fonts, as entries of a /Font resource dictionary,
  std::string write(PdfFile& pdf) const;
  // then each text, as operators that show it within a text object. They leave another font selected.
  std::string shown(std::string_view text, double points) const;

 private:
  // Up to 256 of characters_, from `first` on. The object's number.
  int write_font(PdfFile& pdf, std::size_t first) const;

  fz_context* context_;
  std::vector<int> characters_;  // 256 make a font, in which each has its place's last byte as its code
  std::map<int, std::size_t> places_;
};

}  // namespace muniment::ingest::worker
