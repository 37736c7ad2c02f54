// Barcodes on a scanned page, so that separator sheets are known while the scanner runs.
#pragma once

#include <string>
#include <vector>

#include "scanners/device/raster.h"

namespace muniment::scanners::device {

// What they say, each once; at most 64 of 1000 bytes. ZXing ends its process when one of its own assertions fails, and
// may take long over a hostile picture: it runs in a process forked for it, for a few seconds at most, and what goes
// wrong there leaves nothing found. The reader of documents looks again, more closely.
std::vector<std::string> read_barcodes(const Raster& picture, int resolution);

}  // namespace muniment::scanners::device
