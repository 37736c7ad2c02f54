#include "ingest/worker/recognition/layout.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ingest/worker/recognition/leptonica.h"
#include "ingest/worker/recognition/page_picture.h"

namespace muniment::ingest::worker {

bool is_single_column(const PagePicture& page) {
  constexpr double kReceipt = 1.68;  // A4 is 1.41, US legal 1.65, a folio 1.63
  return pixGetHeight(page.pixels.get()) >= kReceipt * pixGetWidth(page.pixels.get());
}

namespace {

// Ink above each row of the page, rows left out that cannot be text.
std::vector<double> ink_above_rows(const PagePicture& page) {
  constexpr double kTooMuchInk = 0.5;  // of a row: a picture or a black edge
  const int width = pixGetWidth(page.ink.get());
  const int height = pixGetHeight(page.ink.get());
  const NumbersPointer rows(pixCountByRow(page.ink.get(), nullptr));
  std::vector<double> above(static_cast<std::size_t>(height) + 1, 0);
  for (int y = 0; y < height; ++y) {
    float ink = 0;
    numaGetFValue(rows.get(), y, &ink);
    above[y + 1] = above[y] + (ink < kTooMuchInk * width ? ink : 0);
  }
  return above;
}

}  // namespace

std::vector<PixPointer> samples_of(const PagePicture& page, std::size_t most) {
  constexpr int kHeights = 7;  // of letters: two or three lines
  const std::vector<double> above = ink_above_rows(page);
  const int height = static_cast<int>(above.size()) - 1;
  const int letter = std::max(12, page.text_height);
  const int band = std::min(height, kHeights * letter);
  const auto ink = [&](int top, int bottom) {
    return above[std::clamp(bottom, 0, height)] - above[std::clamp(top, 0, height)];
  };
  // The row nearest to a gap between lines, within a line of `y`.
  const auto gap_near = [&](int y) {
    const int half = std::max(1, letter / 6);
    int best = y;
    for (int row = std::max(0, y - 3 * letter / 2); row <= std::min(height, y + 3 * letter / 2); ++row) {
      if (ink(row - half, row + half) < ink(best - half, best + half)) best = row;
    }
    return best;
  };
  std::vector<int> tops;
  for (int y = 0; y + band <= height; y += std::max(1, band / 4)) tops.push_back(y);
  std::ranges::stable_sort(tops, [&](int one, int other) { return ink(one, one + band) > ink(other, other + band); });
  std::vector<PixPointer> samples;
  std::vector<int> taken;
  for (const int top : tops) {
    if (samples.size() == most) break;
    if (std::ranges::any_of(taken, [&](int other) { return std::abs(other - top) < band + 3 * letter; })) continue;
    taken.push_back(top);
    const int begin = gap_near(top);
    const int end = std::max(begin + 1, gap_near(top + band));
    const BoxPointer box(boxCreate(0, begin, pixGetWidth(page.ink.get()), end - begin));
    samples.push_back(owned(pixClipRectangle(page.pixels.get(), box.get(), nullptr), "take a sample of the page"));
  }
  return samples;
}

PixPointer middle_of(const PagePicture& page) {
  const int width = pixGetWidth(page.pixels.get());
  const int height = pixGetHeight(page.pixels.get());
  const BoxPointer box(boxCreate(width / 10, height * 3 / 8, width * 8 / 10, height / 4));
  return owned(pixClipRectangle(page.pixels.get(), box.get(), nullptr), "take a part of the page");
}

}  // namespace muniment::ingest::worker
