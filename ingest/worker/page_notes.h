// What people noted on a page of a PDF, as an office file's comments are in the PDF that is made of it: text that the
// page has, but does not show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/files.h"
#include "ingest/worker/mupdf.h"
#include "storage/page_layer.h"

namespace muniment::ingest::worker {

struct PageNote {
  std::string text;  // not empty
  storage::Box box;  // of its mark on the page as it is stored, in units of 1/720 inch
};

std::vector<PageNote> notes_on(fz_context* context, fz_page* page, fz_rect bounds);

// Adds them to what was read of the page (1/720 inch), behind all else: each is a paragraph whose words stand where its
// mark does. A layer that ends with them already stays as it is.
void add_notes(storage::PageLayer& layer, const std::vector<PageNote>& notes);

// Adds notes that no page shows to the PDF that `file` holds, of which `pdf` are the bytes: the first text, where it is
// not empty, at the foot of the first page, and so on. Where there are not as many texts as pages nobody knows which
// belongs where, and all go to the last page. Throws core::Error(bad_file), after which `file` may be longer.
void append_notes(fz_context* context, std::string_view pdf, const std::vector<std::string>& texts,
                  const core::FileDescriptor& file);

}  // namespace muniment::ingest::worker
