#include "ingest/barcode_search.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "core/text.h"

namespace muniment::ingest {

namespace {

constexpr std::uint8_t kPaper = 255;

struct Spot {
  double x = 0;
  double y = 0;
};

Spot spot_of(const ZXing::PointI& point) {
  return {static_cast<double>(point.x), static_cast<double>(point.y)};
}

std::uint8_t* pixel_at(GreyPicture& picture, Spot spot) {
  const auto x = std::lround(spot.x);
  const auto y = std::lround(spot.y);
  if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) return nullptr;
  return &picture.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                         static_cast<std::size_t>(x)];
}

// A line across all bars of a code, which can be moved along them.
class Crossing {
 public:
  Crossing(Spot from, Spot to) : from_(from) {
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    steps_ = static_cast<int>(std::lround(length));
    along_ = length > 0 ? Spot{(to.x - from.x) / length, (to.y - from.y) / length} : Spot{};
  }

  Spot at(int step, int aside) const {
    return {from_.x + along_.x * step - along_.y * aside, from_.y + along_.y * step + along_.x * aside};
  }
  int steps() const { return steps_; }

  // Between the darkest and the lightest of it: what parts bars from paper, however grey that is.
  int threshold(GreyPicture& picture) const {
    int darkest = kPaper, lightest = 0;
    for (int step = 0; step <= steps_; ++step) {
      const std::uint8_t* pixel = pixel_at(picture, at(step, 0));
      if (pixel == nullptr) continue;
      darkest = std::min<int>(darkest, *pixel);
      lightest = std::max<int>(lightest, *pixel);
    }
    return (darkest + lightest) / 2;
  }

  std::vector<bool> bars(GreyPicture& picture, int aside, int threshold) const {
    std::vector<bool> dark;
    for (int step = 0; step <= steps_; ++step) {
      const std::uint8_t* pixel = pixel_at(picture, at(step, aside));
      dark.push_back(pixel != nullptr && *pixel < threshold);
    }
    return dark;
  }

  void paint(GreyPicture& picture, int aside) const {
    // A little over its ends, and its neighbours too: what a tilted line passes by.
    constexpr int kOver = 2;
    for (int step = -kOver; step <= steps_ + kOver; ++step) {
      for (const int beside : {aside - 1, aside, aside + 1}) {
        if (std::uint8_t* pixel = pixel_at(picture, at(step, beside))) *pixel = kPaper;
      }
    }
  }

 private:
  Spot from_;
  Spot along_;
  int steps_ = 0;
};

// The same bars, which may stand aslant.
bool agree(const std::vector<bool>& one, const std::vector<bool>& other) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < one.size(); ++i) same += one[i] == other[i] ? 1U : 0U;
  return same * 10 >= one.size() * 8;
}

// ZXing tells only of the lines that it has read, not how far the bars go beside them.
void paint_bars(GreyPicture& picture, const Crossing& crossing) {
  const int threshold = crossing.threshold(picture);
  const std::vector<bool> found = crossing.bars(picture, 0, threshold);
  const auto inked = std::count(found.begin(), found.end(), true);
  std::vector<int> lines{0};
  for (const int direction : {-1, 1}) {
    std::vector<bool> last = found;
    const int furthest = picture.width + picture.height;
    for (int aside = direction; std::abs(aside) < furthest; aside += direction) {
      std::vector<bool> next = crossing.bars(picture, aside, threshold);
      if (!agree(last, next) || std::count(next.begin(), next.end(), true) * 2 < inked) break;
      lines.push_back(aside);
      last = std::move(next);
    }
  }
  for (const int aside : lines) crossing.paint(picture, aside);
}

void paint_square(GreyPicture& picture, const ZXing::Position& position) {
  // Each line between two points of opposite sides, so close that no pixel is left between them.
  const Spot top_left = spot_of(position.topLeft()), top_right = spot_of(position.topRight());
  const Spot low_left = spot_of(position.bottomLeft()), low_right = spot_of(position.bottomRight());
  const auto between = [](Spot from, Spot to, double part) {
    return Spot{from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part};
  };
  const double height = std::max(std::hypot(low_left.x - top_left.x, low_left.y - top_left.y),
                                 std::hypot(low_right.x - top_right.x, low_right.y - top_right.y));
  const int lines = std::max(1, static_cast<int>(std::ceil(height)));
  for (int line = 0; line <= lines; ++line) {
    const double part = static_cast<double>(line) / lines;
    Crossing(between(top_left, low_left, part), between(top_right, low_right, part)).paint(picture, 0);
  }
}

void paint_out(GreyPicture& picture, const ZXing::Result& result) {
  const ZXing::Position& position = result.position();
  if (ZXing::BarcodeFormats(ZXing::BarcodeFormat::LinearCodes).testFlag(result.format())) {
    paint_bars(picture, Crossing(spot_of(position.topLeft()), spot_of(position.topRight())));
  }
  paint_square(picture, position);
}

std::optional<ZXing::Result> find_one(const GreyPicture& picture) {
  ZXing::DecodeHints hints;
  // In version 1.4 a symbol that is found at two sizes violates an assertion, and so does a linear one that stands on a
  // page twice: it is asked for one symbol of one size, and whoever wants more asks again.
  hints.setTryDownscale(false);
  hints.setMaxNumberOfSymbols(1);
  auto results =
      ZXing::ReadBarcodes({picture.pixels.data(), picture.width, picture.height, ZXing::ImageFormat::Lum}, hints);
  if (results.empty()) return std::nullopt;
  return std::move(results.front());
}

}  // namespace

std::vector<FoundBarcode> find_barcodes(GreyPicture picture, std::size_t most) {
  std::vector<FoundBarcode> barcodes;
  // Looks, not barcodes: one that stands on the page a hundred times must have an end, too; one that cannot be painted
  // out is found again at each look, and others hardly behind it.
  constexpr int kLooksInVain = 3;
  int in_vain = 0;
  for (std::size_t look = 0; look < most && in_vain < kLooksInVain; ++look) {
    const auto found = find_one(picture);
    if (!found) break;
    FoundBarcode barcode{ZXing::ToString(found->format()), core::to_utf8(found->text())};
    ++in_vain;
    if (!barcode.text.empty() && std::find(barcodes.begin(), barcodes.end(), barcode) == barcodes.end()) {
      barcodes.push_back(std::move(barcode));
      in_vain = 0;
    }
    paint_out(picture, *found);
  }
  return barcodes;
}

}  // namespace muniment::ingest
