#include "printing/internal/symbols.h"

#include <algorithm>
#include <stdexcept>

#include <ZXing/MultiFormatWriter.h>

#include "core/error.h"

namespace muniment::printing {

using core::Error;
using core::ErrorCode;

void require_printable_code(const std::string& code) {
  constexpr std::size_t kLongestCode = 40;
  const bool good = !code.empty() && code.size() <= kLongestCode &&
                    std::all_of(code.begin(), code.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (good) return;
  throw Error(ErrorCode::invalid_argument, "a barcode has 1 to 40 printable ASCII characters without spaces");
}

ZXing::BitMatrix encode_symbol(const std::string& code, Symbol symbol) {
  using ZXing::BarcodeFormat;
  try {
    // Of size 0 it has one point a module, and the quiet zone that its standard asks for.
    return ZXing::MultiFormatWriter(symbol == Symbol::qr ? BarcodeFormat::QRCode : BarcodeFormat::Code128)
        .encode(code, 0, symbol == Symbol::qr ? 0 : 1);
  } catch (const std::exception& failed) {
    throw Error(ErrorCode::invalid_argument, "this code cannot be printed: " + std::string(failed.what()));
  }
}

// As rectangles and not as a picture, so that every printer draws the edges where its dots allow.
void draw_symbol(cairo_t* context, const ZXing::BitMatrix& modules, const Area& area, bool square) {
  double module_width = area.width / modules.width();
  double module_height = area.height / modules.height();
  if (square) module_width = module_height = std::min(module_width, module_height);
  const double left = area.x + (area.width - module_width * modules.width()) / 2;
  const double top = area.y + (area.height - module_height * modules.height()) / 2;
  for (int row = 0; row < modules.height(); ++row) {
    for (int column = 0; column < modules.width();) {
      int end = column;
      while (end < modules.width() && modules.get(end, row)) ++end;
      if (end > column) {
        cairo_rectangle(context, left + column * module_width, top + row * module_height, (end - column) * module_width,
                        module_height);
      }
      column = std::max(end, column + 1);
    }
  }
  cairo_fill(context);
}

}  // namespace muniment::printing
