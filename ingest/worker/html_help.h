// Compiled HTML help (.chm), read by libmspack from memory: its pages of HTML, in the order of its table of contents.
#pragma once

#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// Whether the bytes begin as such a file does.
bool is_html_help(std::string_view bytes);

struct HtmlHelp {
  std::string title;
  std::string text;  // of all its pages, form feeds between them
};

// First the pages that the table of contents names, then the others. A page that is damaged is named in the text; what
// is behind the first 20 MiB of text is left out. Error(bad_file) when nothing can be read.
HtmlHelp read_html_help(std::string_view bytes);

}  // namespace muniment::ingest::worker
