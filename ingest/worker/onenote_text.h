// The text of OneNote's sections (.one, [MS-ONESTORE]), in both ways in which they are packed.
#pragma once

#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// Whether the bytes begin as a section or a notebook's table of contents does.
bool is_onenote(std::string_view bytes);

// A line for every piece of text, in the order in which they were written, each once: a section holds its earlier
// revisions too. Accepts any bytes; what is behind the first 20 MiB of text is left out. UTF-8.
std::string onenote_text(std::string_view bytes);

}  // namespace muniment::ingest::worker
