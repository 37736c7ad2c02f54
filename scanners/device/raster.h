// The picture of one page in memory, and the files that are made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace muniment::scanners::device {

struct Raster {
  int width = 0, height = 0;
  int channels = 1;                  // 1: grey; 3: red, green, blue
  bool black_white = false;          // every value is 0 or 255
  std::vector<std::uint8_t> pixels;  // rows from the top, without gaps; 255 is white
};

// Each pixel the mean of `factor` by `factor`; what is left at the right and lower edge is dropped.
Raster reduced(const Raster& picture, int factor);

// What is darker than half is black.
Raster black_and_white(const Raster& picture);

// Whether the paper bears nothing. What shows through from the other side, the shadow at an edge, and a few specks of
// dust do not count. `resolution` is that of `picture`.
bool is_blank(const Raster& picture, int resolution);

std::string jpeg_of(const Raster& picture, int resolution, int quality);
// Of one that is black and white: one bit a pixel.
std::string png_of(const Raster& picture, int resolution);

}  // namespace muniment::scanners::device
