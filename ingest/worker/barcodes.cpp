#include "ingest/worker/barcodes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <leptonica/allheaders.h>

#include "core/text.h"
#include "ingest/barcode_search.h"
#include "ingest/worker/pix.h"

namespace muniment::ingest::worker {

namespace {

// A4 at 200 dpi: more pixels cost time and find nothing more on paper.
constexpr double kEnoughPixels = 4'000'000;
// Below this a module may be a single pixel, which ZXing does not read.
constexpr std::int32_t kSmallSide = 300;

PixPointer grey(Pix* picture) {
  const double pixels = static_cast<double>(pixGetWidth(picture)) * pixGetHeight(picture);
  PixPointer source(pixClone(picture));
  if (pixels > kEnoughPixels) {
    const double factor = std::sqrt(kEnoughPixels / pixels);
    source =
        scaled_to_width(picture, std::max(1, static_cast<std::int32_t>(std::lround(pixGetWidth(picture) * factor))));
  }
  return owned(pixConvertTo8(source.get(), 0), "read the picture's barcodes");
}

std::vector<storage::Barcode> found_in(Pix* grey) {
  GreyPicture picture{pixGetWidth(grey), pixGetHeight(grey), {}};
  picture.pixels.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  const l_uint32* data = pixGetData(grey);
  const int words = pixGetWpl(grey);
  auto pixel = picture.pixels.begin();
  for (int y = 0; y < picture.height; ++y) {
    const l_uint32* line = data + static_cast<std::ptrdiff_t>(y) * words;
    for (int x = 0; x < picture.width; ++x) *pixel++ = static_cast<std::uint8_t>(GET_DATA_BYTE(line, x));
  }
  std::vector<storage::Barcode> barcodes;
  for (FoundBarcode& found : find_barcodes(std::move(picture), storage::kMaxBarcodesPerPage)) {
    barcodes.push_back({std::move(found.format), std::string(core::cut(found.text, storage::kMaxBarcodeBytes))});
  }
  return barcodes;
}

}  // namespace

void add_barcodes(std::vector<storage::Barcode>& barcodes, std::vector<storage::Barcode> more) {
  for (storage::Barcode& barcode : more) {
    if (barcodes.size() >= storage::kMaxBarcodesPerPage) return;
    if (std::ranges::find(barcodes, barcode) == barcodes.end()) barcodes.push_back(std::move(barcode));
  }
}

std::vector<storage::Barcode> read_barcodes(Pix* picture) {
  constexpr std::int32_t kLeastSide = 8;
  if (std::min(pixGetWidth(picture), pixGetHeight(picture)) < kLeastSide) return {};
  const PixPointer page = grey(picture);
  std::vector<storage::Barcode> barcodes;
  add_barcodes(barcodes, found_in(page.get()));
  // Fewer pixels even out what distorts a code; more of them keep the modules of a tiny picture apart.
  const std::int32_t side = std::min(pixGetWidth(page.get()), pixGetHeight(page.get()));
  const float factor = side < kSmallSide ? 3.0F : 0.5F;
  const PixPointer other = owned(pixScale(page.get(), factor, factor), "read the picture's barcodes");
  add_barcodes(barcodes, found_in(other.get()));
  return barcodes;
}

}  // namespace muniment::ingest::worker
