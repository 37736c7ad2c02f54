// How Tesseract is told to look for lines, and where to look for a sample of them.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/worker/pix.h"

namespace muniment::ingest::worker {

struct PagePicture;

// Tall and narrow: a till's receipt. One block of text read line by line; looking for columns tears prices from goods.
bool is_single_column(const PagePicture& page);

// Up to `most` pieces of two or three whole lines each, where the page has most ink; the fullest first.
std::vector<PixPointer> samples_of(const PagePicture& page, std::size_t most);

// The middle of the page, a quarter of its height: enough to judge how well it reads.
PixPointer middle_of(const PagePicture& page);

}  // namespace muniment::ingest::worker
