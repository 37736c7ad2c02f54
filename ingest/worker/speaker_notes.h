// What stands under the slides of a presentation for who speaks. LibreOffice's PDF has the slides only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muniment::ingest::worker {

// One line for each slide, in their order and with hidden ones; empty for a slide without notes. `bytes` are a .pptx,
// its template or one with macros, or an .odp; anything else has no slides. Numbers of slides, dates, headers and
// footers are left out. A part that has a document type is taken for empty. Throws core::Error: bad_file for a damaged
// package, too_large.
std::vector<std::string> speaker_notes(std::string_view bytes);

}  // namespace muniment::ingest::worker
