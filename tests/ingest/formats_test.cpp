// Sound files of every format through the whole of it: client, program, child. The inputs are made here.
#include <cstdio>
#include <deque>
#include <sstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <leptonica/allheaders.h>
#include <sys/mman.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "core/clock.h"
#include "core/error.h"
#include "ingest/extractor.h"
#include "ingest/worker/mupdf.h"
#include "ingest/worker/pdf_file.h"
#include "ingest/worker/pdf_text_layer.h"
#include "ingest/worker/pix.h"
#include "ingest/worker/sandbox.h"
#include "ingest/worker/text_layout.h"

namespace muniment::ingest {
namespace {

using core::ErrorCode;
using storage::PageLayer;
using storage::TextSource;
using testing::HasSubstr;
using worker::owned;
using worker::PixPointer;

std::string content(const core::FileDescriptor& file) {
  std::string bytes(core::size_of(file), '\0');
  core::read_at(file, 0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

core::FileDescriptor memory_file(std::string_view bytes = {}) {
  core::FileDescriptor file(::memfd_create("test", MFD_CLOEXEC));
  core::write_all(file, bytes);
  return file;
}

struct File {
  core::FileDescriptor descriptor;
  Source source;
  explicit File(std::string_view bytes, std::string name = "file")
      : descriptor(memory_file(bytes)), source{descriptor, bytes.size(), std::move(name)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

// A picture of some words, as a scanner would make it: 8 bits, 200 dpi.
PixPointer picture_of(const std::string& text) {
  const worker::MupdfContext mupdf;
  const worker::TextLayout layout(text);
  constexpr float kScale = 200.0F / 72;
  constexpr int kWidth = 1653, kHeight = 700;
  worker::PixmapHandle pixmap(mupdf.get());
  *pixmap.out() =
      fz_new_pixmap_with_bbox(mupdf.get(), fz_device_gray(mupdf.get()), {0, 0, kWidth, kHeight}, nullptr, 0);
  fz_clear_pixmap_with_value(mupdf.get(), pixmap.get(), 0xFF);
  const worker::DeviceHandle device(mupdf.get(),
                                    fz_new_draw_device(mupdf.get(), fz_scale(kScale, kScale), pixmap.get()));
  worker::draw_text_page(mupdf.get(), device.get(), layout.page(1));
  fz_close_device(mupdf.get(), device.get());
  PixPointer pix = worker::to_pix(mupdf.get(), pixmap.get());
  pixSetResolution(pix.get(), 200, 200);
  return pix;
}

constexpr const char* kWords = "Invoice number 12345 from\nthe company Harbour and Sons\n";

std::string encoded(Pix* pix, int format) {
  l_uint8* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(pixWriteMem(&data, &size, pix, format), 0);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  lept_free(data);
  return bytes;
}

// A PDF of one A4 page with this content; object 4 is its /Helvetica.
std::string pdf_with(const std::string& drawing, const std::string& more_resources = "",
                     const std::optional<std::string>& image = {}, const std::string& image_dictionary = "") {
  const auto output = memory_file();
  worker::PdfFile pdf(output);
  const int font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  std::string resources = "<< /Font << /F " + std::to_string(font) + " 0 R >> " + more_resources;
  if (image) resources += " /XObject << /Im " + std::to_string(pdf.add(image_dictionary, image)) + " 0 R >>";
  pdf.add_page(595, 842, resources + " >>", drawing);
  pdf.finish();
  return content(output);
}

std::string jpeg_dictionary(Pix* pix) {
  return "<< /Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Width " +
         std::to_string(pixGetWidth(pix)) + " /Height " + std::to_string(pixGetHeight(pix)) + " >>";
}

class FormatsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    clock_ = std::make_unique<core::SystemClock>();
    printed_ = std::make_unique<std::ostringstream>();
    log_ = std::make_unique<core::Log>(*clock_, *printed_);
    ExtractorOptions options;
    options.program = MUNIMENT_EXTRACT;
    options.languages = {"eng", "swe"};
    options.minimum_level = worker::kSanitized ? SandboxLevel::none : SandboxLevel::limits;
    extractor_ = std::make_unique<Extractor>(options, *log_);
  }
  static void TearDownTestSuite() {
    extractor_.reset();
    log_.reset();
    printed_.reset();
    clock_.reset();
  }

  static std::vector<PageLayer> read(const Source& source, const ReadOptions& options = {}) {
    std::vector<PageLayer> pages;
    extractor_->read_pages(source, 1, 1000, options,
                           [&](std::int32_t, PageLayer layer) { pages.push_back(std::move(layer)); });
    return pages;
  }
  static std::vector<PageLayer> read(std::string_view bytes, const ReadOptions& options = {}) {
    const File file(bytes);
    return read(file.source, options);
  }
  static std::string type_of(std::string_view bytes, std::string name = "file") {
    const File file(bytes, std::move(name));
    return extractor_->inspect(file.source).media_type;
  }
  // The archive of a file made of what reading it gives; empty when the original is enough.
  static std::string archive_of(const Source& source) {
    const auto pages = read(source);
    const auto output = memory_file();
    const auto result = extractor_->write_archive(
        source, [&](std::int32_t number) { return std::optional(pages.at(static_cast<std::size_t>(number - 1))); },
        output);
    return result == Extractor::Archive::written ? content(output) : std::string();
  }
  static std::string archive_of(std::string_view bytes) {
    const File file(bytes);
    return archive_of(file.source);
  }

  static std::unique_ptr<core::SystemClock> clock_;
  static std::unique_ptr<std::ostringstream> printed_;
  static std::unique_ptr<core::Log> log_;
  static std::unique_ptr<Extractor> extractor_;
};

std::unique_ptr<core::SystemClock> FormatsTest::clock_;
std::unique_ptr<std::ostringstream> FormatsTest::printed_;
std::unique_ptr<core::Log> FormatsTest::log_;
std::unique_ptr<Extractor> FormatsTest::extractor_;

TEST_F(FormatsTest, TextInManyEncodings) {
  const std::string utf8 = "Räksmörgås på ön kostar 10\n";
  const std::string latin1 = "R\xE4ksm\xF6rg\xE5s p\xE5 \xF6n kostar 10\n";
  const std::string dos = "R\x84ksm\x94rg\x86s p\x86 \x94n kostar 10\n";
  std::string utf16;
  std::string utf32;
  for (const char32_t c : U"Räksmörgås på ön kostar 10\n") {
    if (c == 0) continue;
    utf16 += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
    utf32 += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8), '\0', '\0'};
  }
  for (const auto& bytes : {utf8, "\xEF\xBB\xBF" + utf8, latin1, dos, "\xFF\xFE" + utf16, utf16, utf32}) {
    const auto pages = read(bytes);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_EQ(pages[0].text(), "Räksmörgås på ön kostar 10");
    EXPECT_EQ(pages[0].source, TextSource::native);
  }
}

TEST_F(FormatsTest, TextIsToldFromBytesThatAreNot) {
  EXPECT_EQ(type_of("a,b\n1,2\n", "tabell.csv"), "text/csv");
  EXPECT_EQ(type_of("# Rubrik\n", "README.md"), "text/markdown");
  EXPECT_EQ(type_of("hej\n", "virus.exe"), "text/plain");
  EXPECT_EQ(type_of(std::string("hej\0\1\2\3", 7), "brev.txt"), "application/octet-stream");
  EXPECT_EQ(type_of("BMW kostar mycket, och det visste vi redan.\n"), "text/plain");
  EXPECT_EQ(type_of("<!DOCTYPE html><p>hej"), "text/html");
}

TEST_F(FormatsTest, LongTextBecomesPagesWithBoxesInside) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "rad nummer " + std::to_string(i) + (i % 10 == 0 ? "\n\n" : "\n");
  text += std::string(300, 'x') + "\n";
  const auto pages = read(text);
  EXPECT_GT(pages.size(), 5U);
  std::size_t words = 0;
  for (const auto& page : pages) {
    for (const auto& line : page.lines) {
      for (const auto& word : line.words) {
        ++words;
        EXPECT_GE(word.box.left, 0);
        EXPECT_LE(word.box.left + word.box.width, page.width);
        EXPECT_LE(word.box.top + word.box.height, page.height);
      }
    }
  }
  EXPECT_EQ(words, 500U * 3 + 4);  // the long one in four pieces
}

TEST_F(FormatsTest, HtmlGivesItsTextAndLoadsNothing) {
  const File file(
      "<html><head><meta charset=iso-8859-1><title>Om \xF6n</title><script>var hemligt</script></head><body><h1>P\xE5 "
      "\xF6n</h1>"
      "<p>Ett &amp; tv\xE5<br>tre</p><style>p{}</style><img src='http://127.0.0.1:9/x' alt='en "
      "bild'><table><tr><td>a<td>b</table>");
  const auto inspection = extractor_->inspect(file.source);
  EXPECT_EQ(inspection.title, "Om ön");
  EXPECT_EQ(inspection.media_type, "text/html");
  EXPECT_EQ(read(file.source).at(0).text(), "På ön\n\nEtt & två\ntre\n\nen bild\n\na b");
}

TEST_F(FormatsTest, PicturesOfEveryKindAreRead) {
  const PixPointer grey = picture_of(kWords);
  const PixPointer black = owned(pixThresholdToBinary(grey.get(), 128), "threshold");
  const std::pair<std::string, std::string> files[] = {
      {"image/png", encoded(grey.get(), IFF_PNG)},
      {"image/jpeg", encoded(grey.get(), IFF_JFIF_JPEG)},
      {"image/tiff", encoded(black.get(), IFF_TIFF_G4)},
      {"image/tiff", encoded(black.get(), IFF_TIFF_G3)},
      {"image/tiff", encoded(grey.get(), IFF_TIFF_LZW)},
      {"image/bmp", encoded(grey.get(), IFF_BMP)},
      {"image/gif", encoded(grey.get(), IFF_GIF)},
      {"image/jp2", encoded(grey.get(), IFF_JP2)},
      {"image/x-portable-anymap", encoded(grey.get(), IFF_PNM)},
      {"image/webp", worker::to_webp(grey.get())},
  };
  for (const auto& [type, bytes] : files) {
    SCOPED_TRACE(type);
    EXPECT_EQ(type_of(bytes), type);
    const auto pages = read(bytes);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_THAT(pages[0].text(), HasSubstr("Harbour"));
    EXPECT_EQ(pages[0].source, TextSource::ocr);
    EXPECT_EQ(pages[0].width, 1653);
  }
}

// An EXIF segment that says only how the picture must be turned.
std::string with_exif_orientation(std::string jpeg, char orientation) {
  const std::string tiff =
      std::string("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) + orientation + std::string(6, '\0');
  const std::string body = std::string("Exif\0\0", 6) + tiff;
  jpeg.insert(2, std::string("\xFF\xE1\0", 3) + static_cast<char>(body.size() + 2) + body);
  return jpeg;
}

TEST_F(FormatsTest, ExifOrientationIsRespected) {
  const PixPointer upright = picture_of(kWords);
  const PixPointer turned = owned(pixRotateOrth(upright.get(), 3), "turn");  // must be turned clockwise once
  const std::string jpeg = with_exif_orientation(encoded(turned.get(), IFF_JFIF_JPEG), 6);
  const auto pages = read(jpeg);
  EXPECT_THAT(pages.at(0).text(), HasSubstr("Harbour"));
  EXPECT_EQ(pages[0].width, 1653);
  EXPECT_EQ(pages[0].rotation, 0);
  const File file(jpeg);
  int width = 0, height = 0;
  const std::string webp = extractor_->render_page(file.source, 1, {.width = 400});
  ASSERT_TRUE(WebPGetInfo(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height));
  EXPECT_EQ(width, 400);
  EXPECT_LT(height, width);
  // The archive shows it upright too, and its text is where the words are.
  const auto again = read(archive_of(jpeg));
  EXPECT_EQ(again.at(0).source, TextSource::native);
  EXPECT_THAT(again[0].text(), HasSubstr("Harbour"));
  EXPECT_GT(again[0].width, again[0].height);
}

TEST_F(FormatsTest, APictureThatAnnouncesTooManyPixelsIsRefusedBeforeDecoding) {
  const PixPointer small = owned(pixCreate(8, 8, 8), "make");
  std::string png = encoded(small.get(), IFF_PNG);
  for (const std::size_t at : {16U, 20U}) png.replace(at, 4, std::string("\0\x04\0\0", 4));  // 262144 a side
  const File file(png);
  try {
    read(file.source);
    FAIL() << "was read";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_file);
    EXPECT_THAT(error.message(), HasSubstr("too many pixels"));
  }
}

TEST_F(FormatsTest, ABornDigitalPdfKeepsItsTextAndNeedsNoArchive) {
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

TEST_F(FormatsTest, TheLanguageOfAFilesOwnTextIsFoundOrTold) {
  const std::string swedish = "Hyresavtalet gäller tills vidare och kan sägas upp av båda parter.\n";
  const std::string english = "The lease runs until further notice and may be ended by both parties.\n";
  EXPECT_EQ(read(swedish).at(0).language, "swe");
  EXPECT_EQ(read(english).at(0).language, "eng");
  EXPECT_EQ(read("<html><body><p>" + english).at(0).language, "eng");
  EXPECT_EQ(read("17 4,50\n").at(0).language, "");
  EXPECT_EQ(read(pdf_with("BT /F 12 Tf 70 700 Td (" + english + ") Tj ET")).at(0).language, "eng");
  EXPECT_EQ(read(english, {.language = "swe"}).at(0).language, "swe");
}

TEST_F(FormatsTest, AnEmptyPdfPageIsBlankWithoutOcr) {
  EXPECT_EQ(read(pdf_with("1 g 0 0 595 842 re f")).at(0).source, TextSource::blank);
}

TEST_F(FormatsTest, AScannedPdfGetsAnInvisibleTextThatLiesOnTheWords) {
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

TEST_F(FormatsTest, AMixedPageGetsBoth) {
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

TEST_F(FormatsTest, AGarbageTextLayerOverAScanIsReadAgain) {
  const PixPointer pix = picture_of(kWords);
  std::string garbage;
  for (int i = 0; i < 40; ++i) garbage += "\\001\\002\\003\\200 ";
  const std::string pdf = pdf_with("q 595 0 0 252 0 300 cm /Im Do Q BT 3 Tr /F 12 Tf 72 400 Td (" + garbage + ") Tj ET",
                                   "", encoded(pix.get(), IFF_JFIF_JPEG), jpeg_dictionary(pix.get()));
  const auto page = read(pdf).at(0);
  EXPECT_EQ(page.source, TextSource::ocr);
  EXPECT_THAT(page.text(), HasSubstr("Harbour"));
}

TEST_F(FormatsTest, OcrCanBeForced) {
  const std::string pdf = pdf_with("BT /F 24 Tf 72 700 Td (Harbour) Tj ET");
  EXPECT_EQ(read(pdf).at(0).source, TextSource::native);
  EXPECT_EQ(read(pdf, {.force_ocr = true}).at(0).source, TextSource::ocr);
}

TEST_F(FormatsTest, ADamagedPdfIsRepairedAndSaysSo) {
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

TEST_F(FormatsTest, AnEncryptedPdfNeedsItsPasswordAndIsNeverRewritten) {
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

TEST_F(FormatsTest, ArchivesOfPicturesStaySmallAndCanBeSearched) {
  const PixPointer grey = picture_of(kWords);
  const PixPointer black = owned(pixThresholdToBinary(grey.get(), 128), "threshold");
  const std::string files[] = {encoded(grey.get(), IFF_PNG),      encoded(grey.get(), IFF_JFIF_JPEG),
                               encoded(black.get(), IFF_TIFF_G4), encoded(black.get(), IFF_PNG),
                               encoded(grey.get(), IFF_JP2),      worker::to_webp(grey.get()),
                               encoded(grey.get(), IFF_TIFF_LZW)};
  for (const auto& file : files) {
    const std::string archive = archive_of(file);
    const auto page = read(archive).at(0);
    EXPECT_EQ(page.source, TextSource::native);
    EXPECT_THAT(page.text(), HasSubstr("Harbour and Sons"));
    if (!file.starts_with("RIFF")) {
      EXPECT_LT(archive.size(), file.size() * 12 / 10 + 6000);
    }
    // The picture in it is the one that was put in.
    EXPECT_THAT(read(archive, {.force_ocr = true}).at(0).text(), HasSubstr("Harbour and Sons"));
  }
}

TEST_F(FormatsTest, ATiffOfManyPages) {
  std::string tiff;
  {
    const auto file = memory_file();
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    for (int i = 0; i < 3; ++i) {
      const PixPointer page = picture_of("page number " + std::to_string(i) + " of the file\n");
      const PixPointer black = owned(pixThresholdToBinary(page.get(), 128), "threshold");
      ASSERT_EQ(pixWriteTiff(path.c_str(), black.get(), IFF_TIFF_G4, i == 0 ? "w" : "a"), 0);
    }
    tiff = content(file);
  }
  const auto pages = read(tiff);
  ASSERT_EQ(pages.size(), 3U);
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(pages[static_cast<std::size_t>(i)].text(), HasSubstr("number " + std::to_string(i)));
  EXPECT_EQ(read(archive_of(tiff)).size(), 3U);
}

// An uncompressed TIFF of one strip, in this machine's byte order: CMYK, 16 bits a sample, which Leptonica does not
// read.
std::string cmyk_tiff(Pix* grey) {
  const auto width = static_cast<std::uint32_t>(pixGetWidth(grey));
  const auto height = static_cast<std::uint32_t>(pixGetHeight(grey));
  std::string tiff("II*\0\0\0\0\0", 8);
  const auto put = [&tiff](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) tiff += static_cast<char>(value >> (8 * i));
  };
  const auto bits_at = static_cast<std::uint32_t>(tiff.size());
  for (int i = 0; i < 4; ++i) put(16, 2);
  const auto data_at = static_cast<std::uint32_t>(tiff.size());
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      l_uint32 value = 0;
      pixGetPixel(grey, static_cast<l_int32>(x), static_cast<l_int32>(y), &value);
      for (int i = 0; i < 3; ++i) put(0, 2);
      put((255 - value) * 257, 2);
    }
  }
  const auto directory = static_cast<std::uint32_t>(tiff.size());
  struct Entry {
    std::uint32_t tag, type, count, value;
  };
  const Entry entries[] = {{256, 4, 1, width}, {257, 4, 1, height}, {258, 3, 4, bits_at},
                           {259, 3, 1, 1},     {262, 3, 1, 5},      {273, 4, 1, data_at},
                           {277, 3, 1, 4},     {278, 4, 1, height}, {279, 4, 1, directory - data_at}};
  put(std::size(entries), 2);
  for (const auto& entry : entries) {
    put(entry.tag, 2);
    put(entry.type, 2);
    put(entry.count, 4);
    put(entry.value, 4);
  }
  put(0, 4);
  for (int i = 0; i < 4; ++i) tiff[static_cast<std::size_t>(4 + i)] = static_cast<char>(directory >> (8 * i));
  return tiff;
}

TEST_F(FormatsTest, ATiffThatLeptonicaDoesNotReadIsReadAnyway) {
  const PixPointer grey = picture_of(kWords);
  const std::string tiff = cmyk_tiff(grey.get());
  EXPECT_EQ(type_of(tiff), "image/tiff");
  EXPECT_THAT(read(tiff).at(0).text(), HasSubstr("Harbour and Sons"));
  EXPECT_THAT(read(archive_of(tiff)).at(0).text(), HasSubstr("Harbour and Sons"));
}

TEST_F(FormatsTest, TheArchiveOfATextHoldsTheText) {
  const auto page = read(archive_of("Räksmörgås (10 kr) \\ 20\n")).at(0);
  EXPECT_EQ(page.text(), "Räksmörgås (10 kr) \\ 20");
}

TEST_F(FormatsTest, PagesAreDrawnAndTurned) {
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
