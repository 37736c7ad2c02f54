// How many pixels are handled, checked before any of them is decoded: a picture of a few kilobytes can announce a
// hundred thousand pixels a side.
#pragma once

#include <cstdint>

namespace muniment::ingest::worker {

// A page given to the recogniser is at most this large: A4 at 600 dpi is 35 million. Larger ones are scaled down.
inline constexpr std::int64_t kMaxRecognisedPixels = 40'000'000;
// Decoding needs this much memory at most, so that a copy fits beside it.
inline constexpr std::int64_t kMaxDecodedBytes = 512LL << 20;

inline bool fits_in_memory(std::int64_t width, std::int64_t height, std::int64_t bits_per_pixel) {
  constexpr std::int64_t kMaxSide = 200'000;
  return width > 0 && height > 0 && width <= kMaxSide && height <= kMaxSide &&
         width * height <= kMaxDecodedBytes * 8 / bits_per_pixel;
}

}  // namespace muniment::ingest::worker
