#include "ingest/worker/recognition/orientation.h"

#include <cmath>

#include "ingest/worker/recognition/leptonica.h"

namespace muniment::ingest::worker {

std::optional<int> orientation_of(Pix* ink) {
  constexpr float kSure = 5;        // standard deviations
  constexpr float kClearly = 1.6F;  // more than the other direction
  const QuietLeptonica quiet;
  float up = 0;
  float left = 0;
  if (pixOrientDetect(ink, &up, &left, 0, 0) != 0) return std::nullopt;
  if (std::fabs(up) >= kSure && std::fabs(up) > kClearly * std::fabs(left)) return up > 0 ? 0 : 180;
  if (std::fabs(left) >= kSure && std::fabs(left) > kClearly * std::fabs(up)) return left > 0 ? 90 : 270;
  return std::nullopt;
}

}  // namespace muniment::ingest::worker
