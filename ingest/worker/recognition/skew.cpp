#include "ingest/worker/recognition/skew.h"

#include <cmath>
#include <numbers>

#include "ingest/worker/recognition/leptonica.h"
#include "ingest/worker/recognition/page_picture.h"

namespace muniment::ingest::worker {

double skew_of(Pix* ink) {
  constexpr int kSweepReduction = 4;
  constexpr int kSearchReduction = 2;
  constexpr float kRange = 12;  // degrees
  constexpr float kStep = 1;
  constexpr float kPrecision = 0.02F;
  constexpr float kLeastConfidence = 3;
  constexpr float kLevel = 0.4F;  // Tesseract reads lines that lean less as well as level ones
  const QuietLeptonica quiet;     // complains of pages without lines
  float degrees = 0;
  float confidence = 0;
  if (pixFindSkewSweepAndSearch(ink, &degrees, &confidence, kSweepReduction, kSearchReduction, kRange, kStep,
                                kPrecision) != 0) {
    return 0;
  }
  if (confidence < kLeastConfidence || std::fabs(degrees) < kLevel) return 0;
  return degrees * std::numbers::pi / 180;
}

void make_level(PagePicture& page, double skew) {
  if (skew == 0) return;
  PixPointer grey = pixGetDepth(page.pixels.get()) == 1
                        ? owned(pixConvert1To8(nullptr, page.pixels.get(), 255, 0), "turn the page grey")
                        : PixPointer(pixClone(page.pixels.get()));
  page.pixels = owned(pixRotate(grey.get(), static_cast<float>(skew), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE,
                                pixGetWidth(grey.get()), pixGetHeight(grey.get())),
                      "make the page level");
  page.ink = ink_of(page.pixels.get());
}

}  // namespace muniment::ingest::worker
