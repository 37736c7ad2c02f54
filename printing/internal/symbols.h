// Barcodes to print.
#pragma once

#include <string>

#include <ZXing/BitMatrix.h>
#include <cairo.h>

#include "printing/label_sheet.h"

namespace muniment::printing {

// In points from the top left corner.
struct Area {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

// Error(invalid_argument) unless it has 1 to 40 printable ASCII characters.
void require_printable_code(const std::string& code);
// One point a module, with the quiet zone that its standard asks for. Error(invalid_argument).
ZXing::BitMatrix encode_symbol(const std::string& code, Symbol symbol);
// Fills the area; `square` keeps its modules square, in the middle.
void draw_symbol(cairo_t* context, const ZXing::BitMatrix& modules, const Area& area, bool square);

}  // namespace muniment::printing
