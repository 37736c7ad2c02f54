// Lines of text that are not level.
#pragma once

struct Pix;

namespace muniment::ingest::worker {

struct PagePicture;

// Radians, clockwise, by which the page must be turned to make its lines level; 0 when it is level or cannot be told.
// `ink` is 1-bit and roughly upright.
double skew_of(Pix* ink);

// The picture grows so that no corner is lost; its centre stays the page's.
void make_level(PagePicture& page, double skew);

}  // namespace muniment::ingest::worker
