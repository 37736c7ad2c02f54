// The orientation that a camera noted (Exif 2.32, tag 0x0112); decoders do not apply it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace muniment::ingest::worker {

// 1 to 8, 1 being upright. Looks into JPEG, PNG and WebP; 1 when there is none, or nothing sensible.
int exif_orientation(std::string_view file);

// The one number that a tag in a TIFF file's first directory holds (TIFF 6.0, section 2), if it holds just one.
std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint16_t tag);

}  // namespace muniment::ingest::worker
