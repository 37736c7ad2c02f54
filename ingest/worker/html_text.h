// The text of an HTML file as a reader would see it. Nothing that the file refers to is loaded, nothing in it is run.
#pragma once

#include <string>
#include <string_view>

namespace muniment::ingest::worker {

struct HtmlText {
  std::string title;
  std::string text;  // a line for every block
};

// `html` is UTF-8.
HtmlText html_text(const std::string& html);

// The start of a file in lower-case ASCII, whatever its encoding: enough to see tags.
std::string start_of_html(std::string_view bytes);

// HTML as UTF-8, from the encoding that it declares where its bytes allow that; empty when it is no text. At most
// kMaxTextBytes of it.
std::string utf8_html(std::string_view bytes);

}  // namespace muniment::ingest::worker
