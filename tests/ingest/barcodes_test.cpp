// Barcodes on pictures and PDF pages, and pages put together, through client, program and child.
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <gmock/gmock.h>
#include <leptonica/allheaders.h>

#include "core/error.h"
#include "printing/separator_sheet.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using storage::Barcode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using worker::owned;
using worker::PixPointer;

class BarcodesTest : public FormatsTest {
 protected:
  static ReadOptions looking() {
    ReadOptions options;
    options.barcodes = true;
    return options;
  }

  static ZXing::BitMatrix modules(ZXing::BarcodeFormat format, const std::wstring& text) {
    const bool square = format == ZXing::BarcodeFormat::QRCode || format == ZXing::BarcodeFormat::DataMatrix;
    return ZXing::MultiFormatWriter(format).setMargin(0).encode(text, square ? 200 : 600, square ? 200 : 120);
  }

  static void draw(Pix* page, const ZXing::BitMatrix& bars, int left, int top) {
    for (int y = 0; y < bars.height(); ++y) {
      for (int x = 0; x < bars.width(); ++x) pixSetPixel(page, left + x, top + y, bars.get(x, y) ? 0 : 255);
    }
  }

  // A page of words with a barcode in the middle.
  static PixPointer page_with(ZXing::BarcodeFormat format, const std::wstring& text) {
    PixPointer page = picture_of(kWords);
    draw(page.get(), modules(format, text), 400, 420);
    return page;
  }

  static PixPointer patch_t() { return page_with(ZXing::BarcodeFormat::Code39, L"PATCHT"); }

  static std::string assembled(std::span<const Source> files, std::span<const PageChoice> pages) {
    const core::FileDescriptor output = memory_file();
    extractor_->assemble(files, pages, output);
    return content(output);
  }
};

TEST_F(BarcodesTest, AreReadFromPicturesHoweverTheyStand) {
  using ZXing::BarcodeFormat;
  for (const BarcodeFormat format :
       {BarcodeFormat::Code39, BarcodeFormat::Code128, BarcodeFormat::QRCode, BarcodeFormat::PDF417}) {
    SCOPED_TRACE(ZXing::ToString(format));
    const PixPointer page = page_with(format, L"ASN00123");
    const auto upright = read(encoded(page.get(), IFF_PNG), looking());
    EXPECT_THAT(upright.at(0).barcodes, ElementsAre(Barcode{ZXing::ToString(format), "ASN00123"}));
    if (format == BarcodeFormat::QRCode) {
      EXPECT_THAT(upright.at(0).text(), HasSubstr("Harbour"));
    }
    const PixPointer turned = owned(pixRotateOrth(page.get(), 1), "turn");
    EXPECT_THAT(read(encoded(turned.get(), IFF_PNG), looking()).at(0).barcodes,
                ElementsAre(Barcode{ZXing::ToString(format), "ASN00123"}));
  }
  EXPECT_THAT(read(encoded(patch_t().get(), IFF_PNG)).at(0).barcodes, IsEmpty()) << "nobody asked";
  EXPECT_THAT(read(encoded(picture_of(kWords).get(), IFF_PNG), looking()).at(0).barcodes, IsEmpty());
}

TEST_F(BarcodesTest, TheSameOneTwiceOnAPageIsReadOnce) {
  using ZXing::BarcodeFormat;
  for (const BarcodeFormat format : {BarcodeFormat::Code39, BarcodeFormat::Code128, BarcodeFormat::QRCode}) {
    SCOPED_TRACE(ZXing::ToString(format));
    const PixPointer page = owned(pixCreate(1240, 1754, 8), "create");
    pixSetAll(page.get());
    draw(page.get(), modules(format, L"ASN00123"), 300, 100);
    draw(page.get(), modules(format, L"ASN00123"), 300, 1500);
    EXPECT_THAT(read(encoded(page.get(), IFF_PNG), looking()).at(0).barcodes,
                ElementsAre(Barcode{ZXing::ToString(format), "ASN00123"}));
    // Others beside it are found as well, also on a page that lies a little aslant.
    draw(page.get(), modules(BarcodeFormat::Code39, L"PATCHT"), 300, 800);
    draw(page.get(), modules(BarcodeFormat::Code128, L"TAG URGENT"), 300, 1000);
    const PixPointer aslant = owned(pixRotate(page.get(), 0.03F, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0), "turn");
    for (Pix* each : {page.get(), aslant.get()}) {
      EXPECT_THAT(read(encoded(each, IFF_PNG), looking()).at(0).barcodes,
                  UnorderedElementsAre(Barcode{ZXing::ToString(format), "ASN00123"}, Barcode{"Code39", "PATCHT"},
                                       Barcode{"Code128", "TAG URGENT"}));
    }
  }
}

TEST_F(BarcodesTest, TheProgramsOwnSeparatorSheetIsRead) {
  const std::string sheet = printing::print_separator_sheets({"PATCHT", "Separator", "Lay it between two."}, 1);
  EXPECT_THAT(read(sheet, looking()).at(0).barcodes,
              UnorderedElementsAre(Barcode{"Code128", "PATCHT"}, Barcode{"QRCode", "PATCHT"}));
}

TEST_F(BarcodesTest, AreReadFromPdfPagesThatHaveTextToo) {
  // As a picture beside text of the page's own.
  const PixPointer page = patch_t();
  const std::string text = "BT /F 12 Tf 50 780 Td (Words enough to be a text of its own on this page.) Tj ET ";
  const auto pictured =
      read(pdf_with(text + "q 500 0 0 212 50 300 cm /Im Do Q", "", encoded(page.get(), IFF_JFIF_JPEG),
                    "<< /Type /XObject /Subtype /Image /Width " + std::to_string(pixGetWidth(page.get())) +
                        " /Height " + std::to_string(pixGetHeight(page.get())) +
                        " /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode >>"),
           looking());
  ASSERT_EQ(pictured.size(), 1U);
  EXPECT_THAT(pictured[0].barcodes, ElementsAre(Barcode{"Code39", "PATCHT"}));

  // Drawn, as a program prints it.
  const ZXing::BitMatrix bars = modules(ZXing::BarcodeFormat::QRCode, L"PATCHT");
  std::string drawing = text;
  for (int y = 0; y < bars.height(); ++y) {
    for (int x = 0; x < bars.width(); ++x) {
      if (bars.get(x, y)) {
        drawing += std::to_string(100 + x) + " " + std::to_string(600 - y) + " 1 1 re\n";
      }
    }
  }
  const auto drawn = read(pdf_with(drawing + "f"), looking());
  EXPECT_THAT(drawn.at(0).barcodes, ElementsAre(Barcode{"QRCode", "PATCHT"}));
  EXPECT_THAT(read(pdf_with(text), looking()).at(0).barcodes, IsEmpty());
}

TEST_F(BarcodesTest, PagesArePutTogetherAsTheyAre) {
  const auto page = [](const std::string& words) { return pdf_with("BT /F 12 Tf 50 780 Td (" + words + ") Tj ET"); };
  const File first(page("The first file has one page of many words."));
  const File second(page("The second file has one page of other words."));
  const Source files[] = {first.source, second.source};
  const PageChoice choices[] = {{1, 1, 0}, {0, 1, 0}, {1, 1, 90}};
  const std::string both = assembled(files, choices);
  const auto pages = read(both);
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_THAT(pages[0].text(), HasSubstr("second file"));
  EXPECT_THAT(pages[1].text(), HasSubstr("first file"));
  EXPECT_THAT(pages[2].text(), HasSubstr("second file"));
  EXPECT_EQ(pages[0].width, pages[2].rotation % 180 == 0 ? pages[2].height : pages[2].width) << "the page was turned";
  EXPECT_NE(pages[2].rotation, 0);

  const PageChoice missing[] = {{0, 2, 0}};
  EXPECT_THROW(assembled(files, missing), core::Error);
  EXPECT_THROW(assembled(files, {}), core::Error);
  const File nonsense("%PDF-1.7\nnothing");
  const PageChoice one[] = {{0, 1, 0}};
  EXPECT_THROW(assembled(std::span(&nonsense.source, 1), one), core::Error);
}

}  // namespace
}  // namespace muniment::ingest
