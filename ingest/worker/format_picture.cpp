// PNG, JPEG, TIFF, WebP, GIF, BMP, JPEG 2000, PNM and HEIC: a page is a picture.
#include <algorithm>
#include <cmath>

#include <leptonica/allheaders.h>

#include "core/error.h"
#include "ingest/worker/barcodes.h"
#include "ingest/worker/format.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/picture_archive.h"
#include "ingest/worker/picture_decoder.h"
#include "ingest/worker/picture_limits.h"
#include "ingest/worker/recogniser.h"

namespace muniment::ingest::worker {

namespace {

using storage::PageLayer;

// Boxes found in a picture that was scaled down, in the pixels of the file's own.
void to_full_size(PageLayer& layer, const DecodedPicture& picture) {
  std::int32_t width = picture.width;
  std::int32_t height = picture.height;
  if (layer.rotation % 180 != 0) std::swap(width, height);
  const double x = layer.width > 0 ? static_cast<double>(width) / layer.width : 1;
  const double y = layer.height > 0 ? static_cast<double>(height) / layer.height : 1;
  const auto scaled = [](std::int32_t value, double factor) {
    return static_cast<std::int32_t>(std::lround(value * factor));
  };
  for (auto& line : layer.lines) {
    for (auto& word : line.words) {
      const auto& b = word.box;
      word.box = {scaled(b.left, x), scaled(b.top, y), scaled(b.width, x), scaled(b.height, y)};
    }
  }
  layer.width = width;
  layer.height = height;
}

// What decides about a page's layer beside the picture that is recognised.
std::string circumstances_of(const DecodedPicture& picture, const ReadOptions& options) {
  std::string all = "picture " + std::to_string(picture.width) + ' ' + std::to_string(picture.height) + ' ' +
                    std::to_string(picture.resolution);
  if (options.barcodes) all += " barcodes";
  return all;
}

class PictureDocument final : public Document {
 public:
  PictureDocument(const Input& input, std::string_view media_type, const Tools& tools)
      : bytes_(input.bytes),
        media_type_(media_type),
        decoder_(input.bytes, media_type, tools.mupdf),
        recogniser_(tools.recogniser),
        page_count_(decoder_.page_count()) {}

  Inspection inspect() override {
    Inspection inspection;
    inspection.media_type = media_type_;
    inspection.kind = FileKind::picture;
    inspection.page_count = page_count_;
    return inspection;
  }

  std::int32_t page_count() override { return page_count_; }

  PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override {
    const DecodedPicture picture = decoder_.decode(number, kMaxRecognisedPixels);
    const double reduction = static_cast<double>(pixGetWidth(picture.pix.get())) / std::max(1, picture.width);
    RecogniseOptions recognise;
    recognise.resolution = static_cast<int>(std::lround(picture.resolution * reduction));
    recognise.language = options.language;
    recognise.expected = language_before_;
    recognise.circumstances = circumstances_of(picture, options);
    auto [layer, is_known] = recogniser_.recognise(picture.pix.get(), recognise, known);
    language_before_ = layer.language;
    if (is_known) return std::move(layer);
    to_full_size(layer, picture);
    if (options.barcodes) layer.barcodes = read_barcodes(picture.pix.get());
    layer.units_per_inch = picture.resolution > 0 ? picture.resolution : 72;
    return std::move(layer);
  }

  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override {
    constexpr std::int64_t kEnoughForScreens = 24'000'000;
    const DecodedPicture picture = decoder_.decode(number, kEnoughForScreens);
    const PixPointer upright = turned(picture.pix.get(), rotation);
    return scaled_to_width(upright.get(), width);
  }

  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override {
    PictureArchive archive(bytes_, media_type_, decoder_, output);
    for (std::int32_t number = 1; number <= page_count_; ++number) archive.add_page(number, layers(number));
    archive.finish();
    return true;
  }

 private:
  std::string_view bytes_;
  std::string media_type_;
  PictureDecoder decoder_;
  Recogniser& recogniser_;
  std::string language_before_;  // of the page read before
  std::int32_t page_count_;
};

std::string_view recognise(const Input& input) {
  return picture_media_type(input.bytes);
}

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<PictureDocument>(input, media_type, tools);
}

}  // namespace

const Format kPictureFormat{recognise, open};

}  // namespace muniment::ingest::worker
