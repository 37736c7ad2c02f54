#include "printing/separator_sheet.h"

#include <algorithm>

#include "core/error.h"
#include "printing/internal/drawing.h"
#include "printing/internal/symbols.h"

namespace muniment::printing {

std::string print_separator_sheets(const SeparatorSheet& sheet, std::size_t count) {
  constexpr std::size_t kMostSheets = 100;
  if (count == 0 || count > kMostSheets) {
    throw core::Error(core::ErrorCode::invalid_argument, "1 to 100 sheets can be printed at once");
  }
  require_printable_code(sheet.code);
  const ZXing::BitMatrix bars = encode_symbol(sheet.code, Symbol::code128);
  const ZXing::BitMatrix square = encode_symbol(sheet.code, Symbol::qr);
  constexpr double kWidth = 210, kHeight = 297, kMargin = 30, kBarHeight = 35, kSide = 80;
  constexpr double kTitleSize = 28, kTextSize = 12;
  const auto points = [](double millimetres) { return millimetres * kPointsPerMillimetre; };
  const double inner = points(kWidth - 2 * kMargin);
  Pdf pdf(points(kWidth), points(kHeight));
  for (std::size_t i = 0; i < count; ++i) {
    cairo_t* context = pdf.context();
    draw_symbol(context, bars, {points(kMargin), points(kMargin), inner, points(kBarHeight)}, false);
    const double middle = points((kHeight - kSide) / 2);
    draw_symbol(context, square, {points((kWidth - kSide) / 2), middle, points(kSide), points(kSide)}, true);
    double y = middle - points(30);
    y += draw_line(context, sheet.title, points(kMargin), y, inner, kTitleSize, true, PANGO_ALIGN_CENTER);
    draw_line(context, sheet.explanation, points(kMargin), y, inner, kTextSize, false, PANGO_ALIGN_CENTER);
    draw_line(context, sheet.code, points(kMargin), middle + points(kSide + 5), inner, kTextSize, false,
              PANGO_ALIGN_CENTER);
    draw_symbol(context, bars, {points(kMargin), points(kHeight - kMargin - kBarHeight), inner, points(kBarHeight)},
                false);
    pdf.end_page();
  }
  return pdf.finish();
}

}  // namespace muniment::printing
