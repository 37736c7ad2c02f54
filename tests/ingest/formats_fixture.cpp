#include "tests/ingest/formats_fixture.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <sys/mman.h>

#include "ingest/worker/mupdf.h"
#include "ingest/worker/pdf_file.h"
#include "ingest/worker/sandbox.h"
#include "ingest/worker/text_layout.h"

namespace muniment::ingest {

using storage::PageLayer;
using worker::PixPointer;

core::FileDescriptor memory_file(std::string_view bytes) {
  core::FileDescriptor file(::memfd_create("test", MFD_CLOEXEC));
  core::write_all(file, bytes);
  return file;
}

std::string content(const core::FileDescriptor& file) {
  std::string bytes(core::size_of(file), '\0');
  core::read_at(file, 0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

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

std::string encoded(Pix* pix, int format) {
  l_uint8* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(pixWriteMem(&data, &size, pix, format), 0);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  lept_free(data);
  return bytes;
}

std::string pdf_with(const std::string& drawing, const std::string& more_resources,
                     const std::optional<std::string>& image, const std::string& image_dictionary) {
  const auto output = memory_file();
  worker::PdfFile pdf(output);
  const int font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  std::string resources = "<< /Font << /F " + std::to_string(font) + " 0 R >> " + more_resources;
  if (image) resources += " /XObject << /Im " + std::to_string(pdf.add(image_dictionary, image)) + " 0 R >>";
  pdf.add_page(595, 842, resources + " >>", drawing);
  pdf.finish();
  return content(output);
}

std::unique_ptr<core::SystemClock> FormatsTest::clock_;
std::unique_ptr<std::ostringstream> FormatsTest::printed_;
std::unique_ptr<core::Log> FormatsTest::log_;
std::unique_ptr<Extractor> FormatsTest::extractor_;

void FormatsTest::SetUpTestSuite() {
  clock_ = std::make_unique<core::SystemClock>();
  printed_ = std::make_unique<std::ostringstream>();
  log_ = std::make_unique<core::Log>(*clock_, *printed_);
  ExtractorOptions options;
  options.program = MUNIMENT_EXTRACT;
  options.languages = {"eng", "swe"};
  options.minimum_level = worker::kSanitized ? SandboxLevel::none : SandboxLevel::limits;
  extractor_ = std::make_unique<Extractor>(options, *log_);
}

void FormatsTest::TearDownTestSuite() {
  extractor_.reset();
  log_.reset();
  printed_.reset();
  clock_.reset();
}

std::vector<PageLayer> FormatsTest::read(const Source& source, const ReadOptions& options) {
  std::vector<PageLayer> pages;
  extractor_->read_pages(source, 1, 1000, options,
                         {[&](ingest::FileReader::ReadPage page) { pages.push_back(std::move(page.layer)); }});
  return pages;
}

std::vector<PageLayer> FormatsTest::read(std::string_view bytes, const ReadOptions& options) {
  const File file(bytes);
  return read(file.source, options);
}

std::string FormatsTest::type_of(std::string_view bytes, std::string name) {
  const File file(bytes, std::move(name));
  return extractor_->inspect(file.source).media_type;
}

std::string FormatsTest::archive_of(const Source& source) {
  const auto pages = read(source);
  const auto output = memory_file();
  const auto result = extractor_->write_archive(
      source, [&](std::int32_t number) { return std::optional(pages.at(static_cast<std::size_t>(number - 1))); },
      output);
  return result == Extractor::Archive::written ? content(output) : std::string();
}

std::string FormatsTest::archive_of(std::string_view bytes) {
  const File file(bytes);
  return archive_of(file.source);
}

}  // namespace muniment::ingest
