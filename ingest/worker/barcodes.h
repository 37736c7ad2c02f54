// Barcodes on a page's picture.
#pragma once

#include <vector>

#include "storage/page_layer.h"

struct Pix;

namespace muniment::ingest::worker {

// Each one once, whatever its kind and however it stands, from about 1 mm a module on 100 dpi up. ZXing ends the
// process when one of its own assertions fails, as any parser here may.
std::vector<storage::Barcode> read_barcodes(Pix* picture);

// Adds those of `more` that are not there yet.
void add_barcodes(std::vector<storage::Barcode>& barcodes, std::vector<storage::Barcode> more);

}  // namespace muniment::ingest::worker
