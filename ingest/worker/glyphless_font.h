// A TrueType font of one glyph that draws nothing: what a PDF needs embedded to hold text that is never drawn.
#pragma once

#include <string>

namespace muniment::ingest::worker {

// The font file. One em is 1000 units, ascent 800, descent -200, each character 500 wide.
std::string glyphless_font();

}  // namespace muniment::ingest::worker
