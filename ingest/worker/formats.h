// The list of formats; see format.h.
#pragma once

#include "ingest/worker/format.h"

namespace muniment::ingest::worker {

extern const Format kPdfFormat;
extern const Format kPictureFormat;
extern const Format kOfficeFormat;
extern const Format kArchiveFormat;
extern const Format kMboxFormat;
extern const Format kMailFormat;
extern const Format kHtmlFormat;
extern const Format kHtmlHelpFormat;
extern const Format kOneNoteFormat;
extern const Format kAccessFormat;
extern const Format kTextFormat;

}  // namespace muniment::ingest::worker
