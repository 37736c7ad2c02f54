// A page's picture made legible: no colour, no specks, letters of the height that the models were trained with.
#pragma once

#include <cstddef>

#include "ingest/worker/pix.h"

namespace muniment::ingest::worker {

// Black on white: 1-bit stays 1-bit, everything else becomes 8-bit grey; transparent turns white.
PixPointer without_colour(Pix* page);

// Whether nothing on the page could be a letter: judged at a quarter of the scale, a few milliseconds a page. Specks,
// show-through and the scanner's edges do not count. `picture` is what without_colour() gave.
bool is_blank(Pix* picture);

// What is ink and what is paper, 1-bit. Serves to measure the page; Tesseract does its own thresholding.
PixPointer ink_of(Pix* picture);

// Grey with light and shadow of the background taken away, the picture itself where that is impossible or needless.
PixPointer with_even_background(PixPointer picture);

struct PagePicture {
  PixPointer pixels;    // 1-bit or grey
  PixPointer ink;       // ink_of(pixels)
  int text_height = 0;  // pixels; half of all ink that is letters is in lower ones. 0 = no letters
  std::size_t letters = 0;
  double scale = 1;       // pixels a pixel of the page
  bool two_tone = false;  // came as 1-bit: print on an even background

  void turn(int rotation);  // clockwise by 0, 90, 180 or 270 degrees
};

PagePicture legible(PixPointer picture);

// How much narrower a page is read than it is: 1 = not.
double squeeze_of(const PagePicture& page);

// What Tesseract is given of the page or a part of it: the background made even, squeezed.
PixPointer ready_to_read(const PagePicture& page, PixPointer part);

}  // namespace muniment::ingest::worker
