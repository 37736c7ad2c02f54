#include "scanners/device/raster.h"

#include <gtest/gtest.h>

namespace muniment::scanners::device {
namespace {

constexpr int kResolution = 150;

// A4 of one shade.
Raster paper(std::uint8_t shade = 250, int channels = 1) {
  Raster page{1240, 1754, channels, false, {}};
  page.pixels.assign(static_cast<std::size_t>(page.width * page.height * channels), shade);
  return page;
}

void fill(Raster& page, int left, int top, int width, int height, std::uint8_t shade) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left * page.channels; x < (left + width) * page.channels; ++x) {
      page.pixels[static_cast<std::size_t>(y * page.width * page.channels + x)] = shade;
    }
  }
}

TEST(Raster, PaperWithoutWordsIsBlank) {
  EXPECT_TRUE(is_blank(paper(), kResolution));
  EXPECT_TRUE(is_blank(paper(200, 3), kResolution)) << "grey paper, in colour";
}

TEST(Raster, WhatIsNotOnThePaperDoesNotCount) {
  Raster page = paper();
  fill(page, 0, 0, 10, 1754, 20);       // the shadow at an edge
  fill(page, 300, 300, 600, 800, 215);  // what shows through
  fill(page, 500, 1200, 4, 4, 0);       // dust
  fill(page, 900, 1500, 4, 4, 0);
  EXPECT_TRUE(is_blank(page, kResolution));
}

TEST(Raster, ALineOfWordsIsNotBlank) {
  Raster page = paper();
  for (int stroke = 0; stroke < 20; ++stroke) fill(page, 200 + stroke * 8, 400, 3, 18, 30);
  EXPECT_FALSE(is_blank(page, kResolution));
}

TEST(Raster, APageHalfBlackIsNotBlank) {
  Raster page = paper();
  fill(page, 0, 0, 1240, 1000, 60);
  EXPECT_FALSE(is_blank(page, kResolution));
}

TEST(Raster, DarkPaperIsAPicture) {
  EXPECT_FALSE(is_blank(paper(30), kResolution));
}

TEST(Raster, APageNarrowerThanTheMarginsIsNotLookedAtBeyondItsEnd) {
  Raster strip{20, 20, 1, false, std::vector<std::uint8_t>(400, 0)};
  is_blank(strip, kResolution);
  EXPECT_EQ(reduced(strip, 100).width, 1);
}

TEST(Raster, ReducingTakesTheMean) {
  Raster chess{4, 2, 1, false, {0, 255, 0, 255, 255, 0, 255, 0}};
  const Raster small = reduced(chess, 2);
  EXPECT_EQ(small.width, 2);
  EXPECT_EQ(small.height, 1);
  EXPECT_EQ(small.pixels, (std::vector<std::uint8_t>{127, 127}));
}

TEST(Raster, BlackAndWhiteIsDrawnWhereItIsDark) {
  const Raster drawn = black_and_white({2, 1, 3, false, {10, 20, 200, 130, 130, 130}});
  EXPECT_TRUE(drawn.black_white);
  EXPECT_EQ(drawn.pixels, (std::vector<std::uint8_t>{0, 255}));
}

TEST(Raster, PngSaysItsSizeAndResolution) {
  const std::string png = png_of(black_and_white(paper()), 300);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(png.substr(16, 8), std::string("\0\0\x04\xD8\0\0\x06\xDA", 8));
  EXPECT_NE(png.find(std::string("pHYs\0\0\x2E\x23", 8)), std::string::npos) << "11811 dots a metre";
}

}  // namespace
}  // namespace muniment::scanners::device
