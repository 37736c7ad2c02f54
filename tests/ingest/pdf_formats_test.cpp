// PDFs of every kind through the whole of it: client, program, child.
#include <cstdio>

#include <gmock/gmock.h>
#include <leptonica/allheaders.h>
#include <webp/decode.h>

#include "core/error.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/pdf_file.h"
#include "tests/ingest/formats_fixture.h"

namespace muniment::ingest {
namespace {

using core::ErrorCode;
using storage::TextSource;
using ::testing::HasSubstr;
using worker::PixPointer;

class PdfFormatsTest : public FormatsTest {};

std::string jpeg_dictionary(Pix* pix) {
  return "<< /Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Width " +
         std::to_string(pixGetWidth(pix)) + " /Height " + std::to_string(pixGetHeight(pix)) + " >>";
}

TEST_F(PdfFormatsTest, ABornDigitalPdfKeepsItsTextAndNeedsNoArchive) {
  const std::string pdf = pdf_with("BT /F 12 Tf 72 700 Td (Fakturan f\\366r \\345ret) Tj 0 -14 Td (andra raden) Tj ET");
  const auto pages = read(pdf);
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].text(), "Fakturan för året\nandra raden");
  EXPECT_EQ(pages[0].source, TextSource::native);
  EXPECT_EQ(pages[0].width, 5950);
  const auto& word = pages[0].lines[0].words[0];
  EXPECT_NEAR(word.box.left, 720, 10);
  EXPECT_NEAR(word.box.top + word.box.height, 1420, 40);
  EXPECT_EQ(archive_of(pdf), "");
}

TEST_F(PdfFormatsTest, APageOfMoreTextThanIsKeptSaysSoAndTheNextIsReadToo) {
  std::string drawing = "BT /F 1 Tf ";
  const int lines = static_cast<int>(storage::kMaxWordsPerPage) / 500 + 2;
  for (int line = 0; line < lines; ++line) {
    drawing += "0.75 0 0 0.75 20 " + std::to_string(830 - 2 * line) + " Tm (";
    for (int word = 0; word < 500; ++word) drawing += "ab ";
    drawing += ") Tj ";
  }
  const auto output = memory_file();
  worker::PdfFile pdf(output);
  const int font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  const std::string resources = "<< /Font << /F " + std::to_string(font) + " 0 R >> >>";
  pdf.add_page(595, 842, resources, drawing + "ET");
  pdf.add_page(595, 842, resources, "BT /F 12 Tf 72 700 Td (the next) Tj ET");
  pdf.finish();
  const File file(content(output));
  std::vector<FileReader::ReadPage> pages;
  extractor_->read_pages(file.source, 1, 2, {}, {[&](FileReader::ReadPage page) { pages.push_back(std::move(page)); }},
                         {});
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_THAT(pages[0].problem, HasSubstr("more text than is kept"));
  std::size_t words = 0;
  for (const auto& line : pages[0].layer.lines) words += line.words.size();
  EXPECT_EQ(words, storage::kMaxWordsPerPage);
  EXPECT_EQ(pages[1].problem, "");
  EXPECT_EQ(pages[1].layer.text(), "the next");
}

TEST_F(PdfFormatsTest, AnEmptyPdfPageIsBlankWithoutOcr) {
  EXPECT_EQ(read(pdf_with("1 g 0 0 595 842 re f")).at(0).source, TextSource::blank);
}

TEST_F(PdfFormatsTest, AScannedPdfGetsAnInvisibleTextThatLiesOnTheWords) {
  const PixPointer pix = picture_of(kWords);
  const std::string jpeg = encoded(pix.get(), IFF_JFIF_JPEG);
  const std::string pdf = pdf_with("q 595 0 0 252 0 300 cm /Im Do Q", "", jpeg, jpeg_dictionary(pix.get()));
  const auto scanned = read(pdf).at(0);
  EXPECT_EQ(scanned.source, TextSource::ocr);
  EXPECT_THAT(scanned.text(), HasSubstr("Harbour and Sons"));

  const std::string archive = archive_of(pdf);
  EXPECT_EQ(archive.substr(0, pdf.size()), pdf) << "the original's bytes stay as they are";
  EXPECT_LT(archive.size(), pdf.size() + 5000);
  const auto layered = read(archive).at(0);
  EXPECT_EQ(layered.source, TextSource::native) << "the text layer is used, not OCR";
  ASSERT_EQ(layered.text(), scanned.text());
  for (std::size_t line = 0; line < scanned.lines.size(); ++line) {
    for (std::size_t i = 0; i < scanned.lines[line].words.size(); ++i) {
      const auto& expected = scanned.lines[line].words[i].box;
      const auto& actual = layered.lines[line].words[i].box;
      EXPECT_NEAR(actual.left, expected.left, 15);
      EXPECT_NEAR(actual.left + actual.width, expected.left + expected.width, 15);
      EXPECT_NEAR(actual.top, expected.top, 60);
    }
  }
  // Adding it once more adds nothing.
  EXPECT_EQ(archive_of(archive), "");
}

TEST_F(PdfFormatsTest, AMixedPageGetsBoth) {
  const PixPointer pix = picture_of(kWords);
  const std::string pdf =
      pdf_with("BT /F 12 Tf 72 780 Td (Covering letter above the scan) Tj ET q 595 0 0 252 0 300 cm /Im Do Q", "",
               encoded(pix.get(), IFF_JFIF_JPEG), jpeg_dictionary(pix.get()));
  const auto page = read(pdf).at(0);
  EXPECT_THAT(page.text(), HasSubstr("Covering letter above the scan"));
  EXPECT_THAT(page.text(), HasSubstr("Harbour and Sons"));
  const auto layered = read(archive_of(pdf)).at(0);
  EXPECT_THAT(layered.text(), HasSubstr("Harbour and Sons"));
  const std::string text = layered.text();
  EXPECT_EQ(text.find("Covering"), text.rfind("Covering")) << "the page's own text is not written again";
}

TEST_F(PdfFormatsTest, AGarbageTextLayerOverAScanIsReadAgain) {
  const PixPointer pix = picture_of(kWords);
  std::string garbage;
  for (int i = 0; i < 40; ++i) garbage += "\\001\\002\\003\\200 ";
  const std::string pdf = pdf_with("q 595 0 0 252 0 300 cm /Im Do Q BT 3 Tr /F 12 Tf 72 400 Td (" + garbage + ") Tj ET",
                                   "", encoded(pix.get(), IFF_JFIF_JPEG), jpeg_dictionary(pix.get()));
  const auto page = read(pdf).at(0);
  EXPECT_EQ(page.source, TextSource::ocr);
  EXPECT_THAT(page.text(), HasSubstr("Harbour"));
}

TEST_F(PdfFormatsTest, OcrCanBeForced) {
  const std::string pdf = pdf_with("BT /F 24 Tf 72 700 Td (Harbour) Tj ET");
  EXPECT_EQ(read(pdf).at(0).source, TextSource::native);
  EXPECT_EQ(read(pdf, {.force_ocr = true}).at(0).source, TextSource::ocr);
}

TEST_F(PdfFormatsTest, ADamagedPdfIsRepairedAndSaysSo) {
  std::string pdf = pdf_with("BT /F 12 Tf 72 700 Td (still here) Tj ET");
  pdf.resize(pdf.rfind("xref\n0"));
  const File file(pdf);
  EXPECT_TRUE(extractor_->inspect(file.source).repaired);
  EXPECT_EQ(read(file.source).at(0).text(), "still here");
  const File hopeless("%PDF-1.7\nnothing of it is left\n");
  EXPECT_THROW(extractor_->inspect(hopeless.source), core::Error);
}

// Encrypted by MuPDF with a user password.
std::string locked_pdf() {
  const std::string plain = pdf_with("BT /F 12 Tf 72 700 Td (hemligt) Tj ET");
  const worker::MupdfContext mupdf;
  fz_context* context = mupdf.get();
  fz_stream* stream = fz_open_memory(context, reinterpret_cast<const unsigned char*>(plain.data()), plain.size());
  pdf_document* document = pdf_open_document_with_stream(context, stream);
  fz_buffer* buffer = fz_new_buffer(context, 4096);
  fz_output* output = fz_new_output_with_buffer(context, buffer);
  pdf_write_options options = pdf_default_write_options;
  options.do_encrypt = PDF_ENCRYPT_AES_256;
  options.permissions = ~0;
  std::snprintf(options.upwd_utf8, sizeof options.upwd_utf8, "nyckel");
  std::snprintf(options.opwd_utf8, sizeof options.opwd_utf8, "mästare");
  pdf_write_document(context, document, output, &options);
  fz_close_output(context, output);
  unsigned char* data = nullptr;
  const std::size_t size = fz_buffer_storage(context, buffer, &data);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  fz_drop_output(context, output);
  fz_drop_buffer(context, buffer);
  pdf_drop_document(context, document);
  fz_drop_stream(context, stream);
  return bytes;
}

TEST_F(PdfFormatsTest, AnEncryptedPdfNeedsItsPasswordAndIsNeverRewritten) {
  const File file(locked_pdf());
  const auto locked = extractor_->inspect(file.source);
  EXPECT_TRUE(locked.needs_password);
  EXPECT_EQ(locked.media_type, "application/pdf");
  try {
    read(file.source);
    FAIL() << "was read";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::password_needed);
  }
  const Source wrong{file.descriptor, file.source.size, "file", "fel"};
  EXPECT_TRUE(extractor_->inspect(wrong).needs_password);
  const Source right{file.descriptor, file.source.size, "file", "nyckel"};
  const auto opened = extractor_->inspect(right);
  EXPECT_FALSE(opened.needs_password);
  EXPECT_TRUE(opened.encrypted);
  EXPECT_EQ(read(right).at(0).text(), "hemligt");
  EXPECT_EQ(archive_of(right), "");
}

// With a field and a signature in it, added behind the file's own bytes as programs that sign do. Whether a signature
// is a true one is not looked at.
std::string signed_pdf(const std::string& plain) {
  const auto number_after = [&](std::string_view words) {
    return std::stoul(plain.substr(plain.rfind(words) + words.size()));
  };
  const std::size_t catalogue = number_after("/Root ");
  const std::string field = std::to_string(catalogue + 1);
  const std::string first = std::to_string(catalogue) +
                            " 0 obj\n<< /Type /Catalog /Pages 1 0 R /AcroForm << /SigFlags 3 "
                            "/Fields [" +
                            field + " 0 R] >> >>\nendobj\n";
  const std::string second = field +
                             " 0 obj\n<< /FT /Sig /T (Signature) /V << /Type /Sig /Filter /Adobe.PPKLite "
                             "/SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <30> >> >>\nendobj\n";
  const std::size_t table = plain.size() + first.size() + second.size();
  char entries[64];
  std::snprintf(entries, sizeof entries, "%010zu 00000 n \n%010zu 00000 n \n", plain.size(),
                plain.size() + first.size());
  return plain + first + second + "xref\n" + std::to_string(catalogue) + " 2\n" + entries + "trailer\n<< /Size " +
         std::to_string(catalogue + 2) + " /Root " + std::to_string(catalogue) + " 0 R /Prev " +
         std::to_string(number_after("startxref\n")) + " >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

TEST_F(PdfFormatsTest, ASignedPdfIsToldAsSuchReadAndNeverRewritten) {
  const PixPointer pix = picture_of(kWords);
  const std::string plain =
      pdf_with("q 595 0 0 252 0 300 cm /Im Do Q", "", encoded(pix.get(), IFF_JFIF_JPEG), jpeg_dictionary(pix.get()));
  const File unsigned_file(plain);
  EXPECT_FALSE(extractor_->inspect(unsigned_file.source).has_signature);
  EXPECT_NE(archive_of(unsigned_file.source), "") << "a scan like this one gets a copy with its text";

  const std::string bytes = signed_pdf(plain);
  const File file(bytes);
  const auto told = extractor_->inspect(file.source);
  EXPECT_TRUE(told.has_signature);
  EXPECT_FALSE(told.repaired);
  EXPECT_THAT(read(file.source).at(0).text(), HasSubstr("Harbour and Sons"));
  EXPECT_EQ(archive_of(file.source), "");
  EXPECT_EQ(content(file.descriptor), bytes);
}

TEST_F(PdfFormatsTest, PagesAreDrawnAndTurned) {
  const File file(pdf_with("0 g 0 0 595 100 re f"));
  const auto size = [&](const RenderOptions& options) {
    int width = 0, height = 0;
    const std::string webp = extractor_->render_page(file.source, 1, options);
    EXPECT_TRUE(WebPGetInfo(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height));
    return std::pair(width, height);
  };
  EXPECT_EQ(size({.width = 595}), std::pair(595, 842));
  EXPECT_EQ(size({.width = 842, .rotation = 90}), std::pair(842, 595));
  // Black lies at the bottom; turned clockwise it lies on the left.
  const std::string webp = extractor_->render_page(file.source, 1, {.width = 842, .rotation = 90});
  int width = 0, height = 0;
  const std::unique_ptr<std::uint8_t, void (*)(void*)> pixels(
      WebPDecodeRGB(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height), WebPFree);
  ASSERT_NE(pixels, nullptr);
  EXPECT_LT(pixels.get()[3 * (300 * width + 20)], 50);
  EXPECT_GT(pixels.get()[3 * (300 * width + 700)], 200);
}

}  // namespace
}  // namespace muniment::ingest
