#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "scanners/device/barcodes.h"

namespace muniment::scanners::device {
namespace {

// Code 39: nine bars and gaps a character, n narrow and w wide.
const std::map<char, std::string_view> kCode39{{'*', "nwnnwnwnn"}, {'A', "wnnnnwnnw"}, {'C', "wnwnnwnnn"},
                                               {'H', "wnnnnwwnn"}, {'P', "nnwnwnnwn"}, {'T', "nnnnwnwwn"}};

// Draws a barcode of an inch's height, so many inches from the top.
void draw(Raster& page, std::string_view text, int resolution, int top) {
  const int narrow = resolution / 40;
  const int channels = page.channels;
  int left = resolution;
  for (const char character : "*" + std::string(text) + "*") {
    bool bar = true;
    for (const char kind : kCode39.at(character)) {
      const int width = narrow * (kind == 'w' ? 3 : 1);
      for (int y = top * resolution; bar && y < (top + 1) * resolution; ++y) {
        for (int x = left * channels; x < (left + width) * channels; ++x) {
          page.pixels[static_cast<std::size_t>(y * page.width * channels + x)] = 20;
        }
      }
      left += width;
      bar = !bar;
    }
    left += narrow;
  }
}

// A4 with one barcode on it.
Raster sheet(std::string_view text, int resolution, int channels) {
  Raster page{resolution * 83 / 10, resolution * 117 / 10, channels, false, {}};
  page.pixels.assign(static_cast<std::size_t>(page.width * page.height * channels), 245);
  draw(page, text, resolution, 3);
  return page;
}

TEST(DeviceBarcodes, ASeparatorSheetIsKnownAtEveryResolution) {
  for (const int resolution : {75, 150, 300}) {
    EXPECT_EQ(read_barcodes(sheet("PATCHT", resolution, 1), resolution), std::vector<std::string>{"PATCHT"})
        << resolution;
  }
  EXPECT_EQ(read_barcodes(sheet("PATCHT", 150, 3), 150), std::vector<std::string>{"PATCHT"}) << "in colour";
}

TEST(DeviceBarcodes, TheSameOneTwiceOnAPageIsReadOnce) {
  for (const int resolution : {75, 150, 300}) {
    Raster page = sheet("PATCHT", resolution, 1);
    draw(page, "PATCHT", resolution, 9);
    EXPECT_EQ(read_barcodes(page, resolution), std::vector<std::string>{"PATCHT"}) << resolution;
  }
}

TEST(DeviceBarcodes, PaperWithoutOnesHasNone) {
  EXPECT_TRUE(read_barcodes({1, 1, 1, false, {0}}, 300).empty());
  EXPECT_TRUE(read_barcodes({100, 100, 1, false, std::vector<std::uint8_t>(10'000, 245)}, 300).empty());
}

}  // namespace
}  // namespace muniment::scanners::device
