// What is laid out of a mail's HTML: its structure, its text, and the pictures that came with it. Of everything else
// (scripts, styles, addresses of any kind, forms) nothing is left, so that whatever lays it out has nothing to load.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// The picture (PNG, JPEG or GIF) with this Content-ID, in lower case; empty when there is none. Asked once for each.
using ShownPicture = std::function<std::string(std::string_view content_id)>;

// Elements to stand in a <body>, well-formed, black on white. Of tables those stay that have rows and columns of their
// own; what stands in the cells of others, which only place things on a screen, follows one upon the other.
// A picture is shown once, and described where it stands again.
// `html` is UTF-8; Error(bad_file) when it cannot be read.
std::string reduced_html(const std::string& html, const ShownPicture& picture);

// The media type of a picture, when it is of a kind that is shown; else empty.
std::string_view shown_type(std::string_view picture);

// How long such elements are, in bytes, pictures aside.
std::size_t size_without_pictures(std::string_view markup);

// Plain text as such elements, its lines and spaces kept.
std::string html_of_text(std::string_view text);

}  // namespace muniment::ingest::worker
