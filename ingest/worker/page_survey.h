// One pass over a PDF page's drawing operations: what text it shows, what text it hides, and what else there is.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/worker/mupdf.h"
#include "ingest/worker/page_notes.h"
#include "storage/page_layer.h"

namespace muniment::ingest::worker {

struct PagePicture {
  ImageHandle image;
  fz_matrix placement;  // from the unit square to the page, in points
  fz_rect area;         // on the page
  bool plain;           // opaque: it hides what was drawn before
};

struct PageSurvey {
  fz_rect bounds;             // of the page as it is shown, in points
  storage::PageLayer shown;   // text that one can see, units of 1/720 inch
  storage::PageLayer hidden;  // invisible text, or text under a picture: somebody's OCR
  std::vector<PagePicture> pictures;
  double picture_share = 0;  // of the page's area, 0 to 1; overlapping pictures count twice
  int drawings = 0;          // lines and areas that are not white
  int outlines = 0;          // of lines and areas: one may have many
  std::vector<PageNote> notes;
};

PageSurvey survey(fz_context* context, fz_page* page);

// Whether this is a text that people could read: not mostly characters without meaning, as fonts without a proper
// encoding give, nor, for hidden text, the debris of an OCR that failed.
bool is_readable(const storage::PageLayer& layer);

}  // namespace muniment::ingest::worker
