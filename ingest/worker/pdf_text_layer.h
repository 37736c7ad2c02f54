// Invisible text over a page's picture, so that a scan can be searched and copied from in any PDF viewer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/files.h"
#include "ingest/worker/mupdf.h"
#include "storage/page_layer.h"

namespace muniment::ingest::worker {

// Adds an indirect object to a PDF: a dictionary's text, and a stream that it describes (without /Length) or none. Its
// number.
using AddObject = std::function<int(const std::string& dictionary, const std::optional<std::string>& stream)>;

// A font without shapes, whose character codes are UTF-16: the object's number.
int add_invisible_font(const AddObject& add);

inline constexpr std::string_view kInvisibleFontName = "MunimentText";

// The content stream that writes a layer's words invisibly, each filling its box. `to_user` maps the upright page in
// points, origin at the bottom left, to the user space that the stream is run in.
std::string invisible_text(const storage::PageLayer& layer, const fz_matrix& to_user);

// From the upright page in points, origin at the bottom left, to the stored page in points, origin at the top left.
fz_matrix upright_to_stored(const storage::PageLayer& layer);

// `layer` without the words that lie where `other` has words.
storage::PageLayer without_words_of(const storage::PageLayer& layer, const storage::PageLayer& other);

// zlib (RFC 1950).
std::string deflated(std::string_view bytes);

// Adds text layers to an existing PDF.
class PdfTextLayer {
 public:
  PdfTextLayer(fz_context* context, pdf_document* document) : context_(context), document_(document) {}
  void add(pdf_page* page, const storage::PageLayer& layer);
  int pages() const { return pages_; }
  // Appended to the original's bytes, which stay as they are (ISO 32000-1, 7.5.6), unless they are damaged: then the
  // PDF is written anew.
  void save(std::string_view original, const core::FileDescriptor& output);

 private:
  int add_object(const std::string& dictionary, const std::optional<std::string>& stream);
  fz_context* context_;
  pdf_document* document_;
  int font_ = 0;
  int pages_ = 0;
};

}  // namespace muniment::ingest::worker
