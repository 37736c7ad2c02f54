// Barcodes on a picture in memory, through ZXing: what both muniment-extract and muniment-scan look with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace muniment::ingest {

struct FoundBarcode {
  std::string format;  // as ZXing names it: "Code39", "QRCode"
  std::string text;    // sound UTF-8, never empty
  bool operator==(const FoundBarcode&) const = default;
};

// Grey values, rows from the top without gaps; 255 is white.
struct GreyPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

// Each one once, `most` at the most, whatever its kind and however it stands. Looks once where there is none, and once
// more for each one that there is. ZXing ends the process when one of its own assertions fails.
std::vector<FoundBarcode> find_barcodes(GreyPicture picture, std::size_t most);

}  // namespace muniment::ingest
