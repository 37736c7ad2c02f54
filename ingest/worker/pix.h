// Pictures are Leptonica's Pix everywhere in muniment-extract; this is what every user of them needs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct Pix;

namespace muniment::ingest::worker {

struct PixDeleter {
  void operator()(Pix* pix) const;
};
using PixPointer = std::unique_ptr<Pix, PixDeleter>;

// The picture that a Leptonica call returned; Error(bad_file) when it returned none: "could not <doing>".
PixPointer owned(Pix* pix, const char* doing);

// Turned clockwise by 0, 90, 180 or 270 degrees; shares pixels where nothing changes.
PixPointer turned(Pix* pix, std::int32_t rotation);

// As wide as asked; a 1-bit picture that becomes smaller turns grey, so that thin lines stay.
PixPointer scaled_to_width(Pix* pix, std::int32_t width);

// Lossy WebP, quality for reading on a screen.
std::string to_webp(Pix* pix);

}  // namespace muniment::ingest::worker
