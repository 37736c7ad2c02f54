#include "ingest/worker/recognition/page_picture.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <leptonica/allheaders.h>

#include "core/error.h"
#include "ingest/worker/recognition/leptonica.h"

namespace muniment::ingest::worker {

namespace {

constexpr int kMiddleGrey = 128;

struct Marks {
  int text_height = 0;
  std::size_t letters = 0;
  std::size_t specks = 0;
};

// Connected components, sorted into letters, specks and everything else (lines, pictures, joined words).
Marks marks_in(Pix* ink) {
  constexpr int kSpeck = 3;
  constexpr int kLowestLetter = 5;
  constexpr int kHighestLetter = 150;
  const BoxesPointer boxes(pixConnCompBB(ink, 8));
  Marks marks;
  std::vector<int> heights;
  long total = 0;
  for (int i = 0; i < (boxes == nullptr ? 0 : boxaGetCount(boxes.get())); ++i) {
    int width = 0, height = 0;
    boxaGetBoxGeometry(boxes.get(), i, nullptr, nullptr, &width, &height);
    if (width <= kSpeck && height <= kSpeck) {
      ++marks.specks;
    } else if (height >= kLowestLetter && height <= kHighestLetter && width >= 2 && width <= 4 * height) {
      heights.push_back(height);
      total += height;
    }
  }
  marks.letters = heights.size();
  std::ranges::sort(heights);
  long sum = 0;
  for (const int height : heights) {
    sum += height;
    marks.text_height = height;
    if (sum * 2 >= total) break;
  }
  return marks;
}

PixPointer grey(PixPointer picture) {
  if (pixGetDepth(picture.get()) != 1) return picture;
  return owned(pixConvert1To8(nullptr, picture.get(), 255, 0), "turn the page grey");
}

// Tesseract brings every line to 36 or 48 pixels with a margin of 4 around it. Letters of 16 (by Marks::text_height)
// come out right: larger ones cost a tenth to a third more time and are read no better, smaller ones are read worse
// (sixteen pages of 100 to 200 dpi: 14.6 % wrong as they are, 10.9 % enlarged to 16, 11.5 % enlarged to 24).
double best_scale(int text_height, double pixels) {
  constexpr int kTooLow = 15;
  constexpr int kTooHigh = 18;
  constexpr double kBest = 16;
  constexpr double kMostEnlarged = 4;
  constexpr double kMostPixels = 24e6;
  double scale = 1;
  if (text_height > 0 && text_height < kTooLow) scale = std::min(kMostEnlarged, kBest / text_height);
  if (text_height > kTooHigh) scale = kBest / text_height;
  return std::min(scale, std::max(1.0, std::sqrt(kMostPixels / pixels)));
}

// How much darker than the paper around it each place of `small` is at its darkest, in the picture at four times its
// scale: there thin strokes are as dark as they were drawn.
PixPointer deepest(Pix* picture, Pix* small, int pen) {
  constexpr int kReduction = 4;
  const PixPointer darkest =
      owned(pixScaleGrayMinMax(picture, kReduction, kReduction, L_CHOOSE_MIN), "look for marks on the page");
  const PixPointer paper = owned(pixCloseGray(small, pen, pen), "look for marks on the page");
  return owned(pixSubtractGray(nullptr, paper.get(), darkest.get()), "look for marks on the page");
}

// 1 where `levels` is at least `least`.
PixPointer at_least(Pix* levels, int least) {
  // pixThresholdToBinary sets what is below.
  const PixPointer below = owned(pixThresholdToBinary(levels, least), "look for marks on the page");
  return owned(pixInvert(nullptr, below.get()), "look for marks on the page");
}

}  // namespace

PixPointer without_colour(Pix* page) {
  PixPointer plain = owned(pixRemoveColormap(page, REMOVE_CMAP_BASED_ON_SRC), "read the page's colours");
  if (pixGetDepth(plain.get()) == 1) return plain;
  if (pixGetSpp(plain.get()) == 4) {
    plain = owned(pixAlphaBlendUniform(plain.get(), 0xffffff00), "read the page's colours");
  }
  return owned(pixConvertTo8(plain.get(), 0), "turn the page grey");
}

bool is_blank(Pix* picture) {
  constexpr float kQuarter = 0.25F;
  constexpr int kPen = 15;      // wider than a pen's stroke at this scale
  constexpr int kVisible = 24;  // darker than its surroundings by this
  // At its full scale. Print on the other side shows through some 10 to 50 levels darker than the paper, everywhere; a
  // hard pencil's strokes are 70 and more, thin as they are.
  constexpr int kInk = 58;
  constexpr int kLeastSide = 3;   // of a letter at this scale
  constexpr int kLargeSide = 12;  // no speck is as large
  constexpr int kFewMarks = 3;
  constexpr int kEdge = 50;  // one part in so many is the scanner's edge
  constexpr int kNoRoomForLetters = 6;
  constexpr int kTooSmallToJudge = 64;
  const int shorter_side = std::min(pixGetWidth(picture), pixGetHeight(picture));
  if (shorter_side < kTooSmallToJudge) return shorter_side < kNoRoomForLetters;
  const PixPointer small =
      owned(pixGetDepth(picture) == 1 ? pixScaleToGray4(picture) : pixScaleAreaMap(picture, kQuarter, kQuarter),
            "scale the page");
  const PixPointer dark = owned(pixTophat(small.get(), kPen, kPen, L_TOPHAT_BLACK), "look for marks on the page");
  PixPointer marks = at_least(dark.get(), kVisible);
  if (pixGetDepth(picture) == 8) {
    const PixPointer ink = at_least(deepest(picture, small.get(), kPen).get(), kInk);
    marks = owned(pixSeedfillBinary(nullptr, ink.get(), marks.get(), 8), "look for marks on the page");
  }
  const int edge = std::max(pixGetWidth(marks.get()), pixGetHeight(marks.get())) / kEdge;
  const BoxesPointer boxes(pixConnCompBB(marks.get(), 8));
  int count = 0;
  for (int i = 0; i < (boxes == nullptr ? 0 : boxaGetCount(boxes.get())); ++i) {
    int left = 0, top = 0, width = 0, height = 0;
    boxaGetBoxGeometry(boxes.get(), i, &left, &top, &width, &height);
    const bool at_edge = left < edge || top < edge || left + width > pixGetWidth(marks.get()) - edge ||
                         top + height > pixGetHeight(marks.get()) - edge;
    if (at_edge || std::min(width, height) < kLeastSide) continue;
    if (std::max(width, height) >= kLargeSide || ++count >= kFewMarks) return false;
  }
  return true;
}

PixPointer ink_of(Pix* picture) {
  if (pixGetDepth(picture) == 1) return PixPointer(pixClone(picture));
  constexpr int kTile = 400;
  constexpr float kScoreFraction = 0.1F;
  const PixPointer even = with_even_background(PixPointer(pixClone(picture)));
  Pix* ink = nullptr;
  const QuietLeptonica quiet;
  pixOtsuAdaptiveThreshold(even.get(), kTile, kTile, 0, 0, kScoreFraction, nullptr, &ink);
  if (ink != nullptr) return PixPointer(ink);
  return owned(pixThresholdToBinary(even.get(), kMiddleGrey), "tell ink from paper");
}

PixPointer with_even_background(PixPointer picture) {
  if (pixGetDepth(picture.get()) == 1) return picture;
  const QuietLeptonica quiet;  // says so where it finds no background, as in a photograph
  PixPointer even(pixBackgroundNormSimple(picture.get(), nullptr, nullptr));
  return even != nullptr ? std::move(even) : std::move(picture);
}

void PagePicture::turn(int rotation) {
  pixels = turned(pixels.get(), rotation);
  ink = turned(ink.get(), rotation);
}

PagePicture legible(PixPointer picture) {
  constexpr std::size_t kSpecksALetter = 3;
  constexpr std::size_t kEnoughLetters = 50;
  constexpr double kNotWorthIt = 0.08;
  PagePicture page;
  page.two_tone = pixGetDepth(picture.get()) == 1;
  page.ink = ink_of(picture.get());
  Marks marks = marks_in(page.ink.get());
  if (marks.letters > kEnoughLetters && marks.specks > kSpecksALetter * marks.letters && !page.two_tone) {
    picture = owned(pixMedianFilter(picture.get(), 3, 3), "take specks away");
    page.ink = ink_of(picture.get());
    marks = marks_in(page.ink.get());
  }
  const double scale =
      best_scale(marks.text_height, double{1} * pixGetWidth(picture.get()) * pixGetHeight(picture.get()));
  if (std::fabs(scale - 1) > kNotWorthIt) {
    const auto factor = static_cast<float>(scale);
    picture = grey(std::move(picture));
    picture = owned(scale > 1 ? pixScaleGrayLI(picture.get(), factor, factor) : pixScale(picture.get(), factor, factor),
                    "scale the page");
    page.scale = scale;
    page.ink = page.two_tone ? owned(pixThresholdToBinary(picture.get(), kMiddleGrey), "tell ink from paper")
                             : ink_of(picture.get());
  }
  page.text_height = static_cast<int>(std::lround(marks.text_height * page.scale));
  page.letters = marks.letters;
  page.pixels = std::move(picture);
  return page;
}

double squeeze_of(const PagePicture& page) {
  // Reading takes time by the width of the lines. 1-bit pages are print that was scanned well enough: twelve of them
  // were read as well squeezed as not (grey typescripts were not), in 0.9 of the time.
  constexpr double kSqueeze = 0.85;
  return page.two_tone && page.scale <= 1 ? kSqueeze : 1;
}

PixPointer ready_to_read(const PagePicture& page, PixPointer part) {
  if (!page.two_tone) return with_even_background(std::move(part));
  const auto squeeze = static_cast<float>(squeeze_of(page));
  if (squeeze == 1) return part;
  part = grey(std::move(part));
  return owned(pixScaleGrayLI(part.get(), squeeze, 1), "make the page narrower");
}

}  // namespace muniment::ingest::worker
