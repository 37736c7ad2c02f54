// The text of an HTML file as a reader would see it. Nothing that the file refers to is loaded, nothing in it is run.
#pragma once

#include <string>

namespace muniment::ingest::worker {

struct HtmlText {
  std::string title;
  std::string text;  // a line for every block
};

// `html` is UTF-8.
HtmlText html_text(const std::string& html);

}  // namespace muniment::ingest::worker
