// What Tesseract read, as a page layer.
#pragma once

#include "storage/page_layer.h"

namespace tesseract {
class TessBaseAPI;
}

namespace muniment::ingest::worker {

// Where the picture that was read lies on the upright page: scaled, turned by `skew` about the common centre, squeezed.
struct Placement {
  double scale = 1;
  double skew = 0;     // radians, clockwise
  double squeeze = 1;  // of the width; the sizes are before it
  int picture_width = 0;
  int picture_height = 0;
  int page_width = 0;
  int page_height = 0;

  storage::Box on_page(int left, int top, int right, int bottom) const;
};

// Lines and mean confidence of the last recognition, boxes on the page and within it.
storage::PageLayer words_of(tesseract::TessBaseAPI& api, const Placement& placement);

// How far the picture must be turned clockwise for most of what was read to be upright: Tesseract reads lines that go
// up or down the page as well.
int turn_of(tesseract::TessBaseAPI& api);

}  // namespace muniment::ingest::worker
