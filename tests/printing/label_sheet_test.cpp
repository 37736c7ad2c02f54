#include "printing/label_sheet.h"

#define ZX_USE_UTF8 1  // text as std::string
#include <ZXing/ReadBarcode.h>
#include <gtest/gtest.h>
#include <mupdf/fitz.h>

#include "core/error.h"
#include "printing/separator_sheet.h"

namespace muniment::printing {
namespace {

// What a scanner reads at each label's place on a page of the PDF, printed with 300 dots an inch; empty: no symbol.
std::vector<std::string> scan(const std::string& pdf, int page, const LabelSheet& sheet, Symbol symbol) {
  constexpr double kDotsPerMillimetre = 300 / 25.4;
  const auto dots_of = [](double millimetres) { return static_cast<int>(millimetres * kDotsPerMillimetre); };
  fz_context* context = fz_new_context(nullptr, nullptr, FZ_STORE_DEFAULT);
  fz_register_document_handlers(context);
  fz_stream* stream = fz_open_memory(context, reinterpret_cast<const unsigned char*>(pdf.data()), pdf.size());
  fz_document* document = fz_open_document_with_stream(context, "application/pdf", stream);
  std::vector<std::string> codes;
  if (page < fz_count_pages(context, document)) {
    fz_pixmap* dots = fz_new_pixmap_from_page_number(context, document, page, fz_scale(300 / 72.0F, 300 / 72.0F),
                                                     fz_device_gray(context), 0);
    const ZXing::ImageView image(fz_pixmap_samples(context, dots), fz_pixmap_width(context, dots),
                                 fz_pixmap_height(context, dots), ZXing::ImageFormat::Lum,
                                 static_cast<int>(fz_pixmap_stride(context, dots)));
    const auto hints = ZXing::DecodeHints().setFormats(symbol == Symbol::qr ? ZXing::BarcodeFormat::QRCode
                                                                            : ZXing::BarcodeFormat::Code128);
    for (std::size_t place = 0; place < sheet.per_page(); ++place) {
      const double x = sheet.left + static_cast<double>(place % sheet.columns) * sheet.column_pitch;
      const double y = sheet.top + static_cast<double>(place / sheet.columns) * sheet.row_pitch;
      const auto result = ZXing::ReadBarcode(
          image.cropped(dots_of(x), dots_of(y), dots_of(sheet.label_width), dots_of(sheet.label_height)), hints);
      codes.push_back(result.isValid() ? result.text() : "");
    }
    fz_drop_pixmap(context, dots);
  }
  fz_drop_document(context, document);
  fz_drop_stream(context, stream);
  fz_drop_context(context);
  return codes;
}

std::vector<Label> labels(std::size_t count) {
  std::vector<Label> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back({"M" + std::to_string(10000000 + i), "Personalakt Åsa Öberg, a title that is longer than its label",
                   "2.1 Anställningar · Källaren / Hylla 3"});
  }
  return all;
}

TEST(LabelSheet, EveryCodeOfEverySheetIsReadBackAtItsPlace) {
  for (const LabelSheet& sheet : label_sheets()) {
    for (const Symbol symbol : {Symbol::code128, Symbol::qr}) {
      const auto printed = labels(sheet.per_page());
      std::vector<std::string> expected;
      for (const Label& label : printed) expected.push_back(label.code);
      EXPECT_EQ(scan(print_labels(printed, sheet, symbol, 0), 0, sheet, symbol), expected)
          << sheet.name << (symbol == Symbol::qr ? " qr" : " code128");
    }
  }
}

TEST(LabelSheet, BeginsWhereItIsToldAndGoesOnOnTheNextPage) {
  const LabelSheet sheet = find_label_sheet("a4-3x8").value();
  const std::string pdf = print_labels(labels(2), sheet, Symbol::code128, 23);
  std::vector<std::string> first(24), second(24);
  first.back() = "M10000000";
  second.front() = "M10000001";
  EXPECT_EQ(scan(pdf, 0, sheet, Symbol::code128), first);
  EXPECT_EQ(scan(pdf, 1, sheet, Symbol::code128), second);
  EXPECT_TRUE(scan(pdf, 2, sheet, Symbol::code128).empty());
}

TEST(LabelSheet, RefusesWhatCannotBePrinted) {
  const LabelSheet sheet = find_label_sheet("a4-2x7").value();
  EXPECT_THROW(print_labels({}, sheet, Symbol::code128, 0), core::Error);
  EXPECT_THROW(print_labels(labels(1), sheet, Symbol::code128, 14), core::Error);
  EXPECT_THROW(print_labels({{"Å1", "", ""}}, sheet, Symbol::code128, 0), core::Error);
  EXPECT_THROW(print_labels({{std::string(41, 'A'), "", ""}}, sheet, Symbol::qr, 0), core::Error);
  EXPECT_FALSE(find_label_sheet("a5").has_value());
}

TEST(SeparatorSheet, IsReadOnEveryPageByEitherSymbol) {
  const LabelSheet whole{"", 210, 297, 1, 1, 210, 297, 0, 0, 210, 297};
  const std::string pdf = print_separator_sheets({"PATCHT", "Skiljeblad", "Mellan två dokument"}, 2);
  for (const int page : {0, 1}) {
    for (const Symbol symbol : {Symbol::code128, Symbol::qr}) {
      EXPECT_EQ(scan(pdf, page, whole, symbol), std::vector<std::string>{"PATCHT"});
    }
  }
  EXPECT_TRUE(scan(pdf, 2, whole, Symbol::qr).empty()) << "two were asked for";
  EXPECT_THROW(print_separator_sheets({"PATCHT", "", ""}, 0), core::Error);
  EXPECT_THROW(print_separator_sheets({"", "", ""}, 1), core::Error);
}

}  // namespace
}  // namespace muniment::printing
