// The TIFF files that Leptonica does not read (tiles, separate planes, CMYK with transparency, unusual depths), by
// libtiff's own conversion to colour.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "ingest/worker/pix.h"

namespace muniment::ingest::worker {

// Width and height of a page, from 1; empty when libtiff cannot tell.
std::optional<std::pair<std::int32_t, std::int32_t>> tiff_size(std::string_view file, std::int32_t page);

// The page in 32 bits, upright, transparent parts white; null when libtiff cannot read it either. The caller has
// checked the size.
PixPointer tiff_pixels(std::string_view file, std::int32_t page);

}  // namespace muniment::ingest::worker
