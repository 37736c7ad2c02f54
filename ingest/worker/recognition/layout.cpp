#include "ingest/worker/recognition/layout.h"

#include <algorithm>
#include <vector>

#include "ingest/worker/recognition/leptonica.h"
#include "ingest/worker/recognition/page_picture.h"

namespace muniment::ingest::worker {

bool is_single_column(const PagePicture& page) {
  constexpr double kReceipt = 1.68;  // A4 is 1.41, US legal 1.65, a folio 1.63
  return pixGetHeight(page.pixels.get()) >= kReceipt * pixGetWidth(page.pixels.get());
}

PixPointer sample_of(const PagePicture& page) {
  constexpr int kHeights = 6;          // of letters: two or three lines
  constexpr double kTooMuchInk = 0.5;  // of a row: a picture or a black edge
  const int width = pixGetWidth(page.ink.get());
  const int height = pixGetHeight(page.ink.get());
  const int band = std::min(height, std::max(70, kHeights * page.text_height));
  const NumbersPointer rows(pixCountByRow(page.ink.get(), nullptr));
  std::vector<double> ink_above(static_cast<std::size_t>(height) + 1, 0);
  for (int y = 0; y < height; ++y) {
    float ink = 0;
    numaGetFValue(rows.get(), y, &ink);
    ink_above[y + 1] = ink_above[y] + (ink < kTooMuchInk * width ? ink : 0);
  }
  int best = 0;
  for (int y = 0; y + band <= height; y += std::max(1, band / 4)) {
    if (ink_above[y + band] - ink_above[y] > ink_above[best + band] - ink_above[best]) best = y;
  }
  const BoxPointer box(boxCreate(0, best, width, band));
  return owned(pixClipRectangle(page.pixels.get(), box.get(), nullptr), "take a sample of the page");
}

PixPointer middle_of(const PagePicture& page) {
  const int width = pixGetWidth(page.pixels.get());
  const int height = pixGetHeight(page.pixels.get());
  const BoxPointer box(boxCreate(width / 10, height * 3 / 8, width * 8 / 10, height / 4));
  return owned(pixClipRectangle(page.pixels.get(), box.get(), nullptr), "take a part of the page");
}

}  // namespace muniment::ingest::worker
