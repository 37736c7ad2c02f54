// Which side of a page is up.
#pragma once

#include <optional>

struct Pix;

namespace muniment::ingest::worker {

// How far the page must be turned clockwise to be upright: 0, 90, 180 or 270 degrees; nothing when letters do not tell.
// Latin letters reach above their line more often than below it (Bloomberg, "Page orientation", leptonica.org), which
// takes a hundredth of the time of reading the page. Text in capitals and digits does not tell. `ink` is 1-bit.
std::optional<int> orientation_of(Pix* ink);

}  // namespace muniment::ingest::worker
