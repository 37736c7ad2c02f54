#include "printing/label_sheet.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "printing/internal/drawing.h"
#include "printing/internal/symbols.h"

namespace muniment::printing {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array<LabelSheet, 3> kSheets{{
    {"a4-3x8", 210, 297, 3, 8, 63.5, 33.9, 7.2, 12.9, 66.0, 33.9},
    {"a4-2x7", 210, 297, 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1},
    {"label-62x29", 62, 29, 1, 1, 62, 29, 0, 0, 62, 29},
}};
constexpr double kPadding = 2.5 * kPointsPerMillimetre;  // printers do not hit a label to the millimetre
constexpr double kTitleSize = 9;
constexpr double kDetailSize = 7;
constexpr double kCodeSize = 8;

void draw_label(cairo_t* context, const Label& label, const Area& area, Symbol symbol) {
  const ZXing::BitMatrix modules = encode_symbol(label.code, symbol);
  if (symbol == Symbol::qr) {
    const double side = std::min(area.height, area.width / 2);
    draw_symbol(context, modules, {area.x, area.y + (area.height - side) / 2, side, side}, true);
    const double x = area.x + side + kPadding / 2;
    const double width = area.x + area.width - x;
    double y = area.y + kPadding / 2;
    y += draw_line(context, label.title, x, y, width, kTitleSize, true);
    if (!label.detail.empty()) y += draw_line(context, label.detail, x, y, width, kDetailSize, false);
    draw_line(context, label.code, x, y, width, kCodeSize, false);
    return;
  }
  double y = area.y + draw_line(context, label.title, area.x, area.y, area.width, kTitleSize, true);
  if (!label.detail.empty()) y += draw_line(context, label.detail, area.x, y, area.width, kDetailSize, false);
  const double code_height = kCodeSize * 1.4;
  const double bottom = area.y + area.height - code_height;
  draw_symbol(context, modules, {area.x, y + 2, area.width, bottom - y - 3}, false);
  draw_line(context, label.code, area.x, bottom, area.width, kCodeSize, false, PANGO_ALIGN_CENTER);
}

}  // namespace

std::span<const LabelSheet> label_sheets() {
  return kSheets;
}

std::optional<LabelSheet> find_label_sheet(std::string_view name) {
  const auto found =
      std::find_if(kSheets.begin(), kSheets.end(), [&](const auto& sheet) { return sheet.name == name; });
  return found == kSheets.end() ? std::nullopt : std::optional(*found);
}

std::string print_labels(const std::vector<Label>& labels, const LabelSheet& sheet, Symbol symbol, std::size_t skip) {
  if (labels.empty()) throw Error(ErrorCode::invalid_argument, "there is nothing to print");
  if (skip >= sheet.per_page()) {
    throw Error(ErrorCode::invalid_argument,
                "this sheet has " + std::to_string(sheet.per_page()) + " labels; start at one of them");
  }
  for (const Label& label : labels) require_printable_code(label.code);
  Pdf pdf(sheet.page_width * kPointsPerMillimetre, sheet.page_height * kPointsPerMillimetre);
  std::size_t place = skip;
  for (const Label& label : labels) {
    if (place == sheet.per_page()) {
      pdf.end_page();
      place = 0;
    }
    const double x = sheet.left + static_cast<double>(place % sheet.columns) * sheet.column_pitch;
    const double y = sheet.top + static_cast<double>(place / sheet.columns) * sheet.row_pitch;
    draw_label(pdf.context(), label,
               {x * kPointsPerMillimetre + kPadding, y * kPointsPerMillimetre + kPadding,
                sheet.label_width * kPointsPerMillimetre - 2 * kPadding,
                sheet.label_height * kPointsPerMillimetre - 2 * kPadding},
               symbol);
    ++place;
  }
  pdf.end_page();
  return pdf.finish();
}

}  // namespace muniment::printing
