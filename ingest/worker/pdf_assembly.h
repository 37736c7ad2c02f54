// A PDF made of pages of others.
#pragma once

#include <span>
#include <string_view>

#include "core/files.h"
#include "ingest/extraction.h"
#include "ingest/worker/mupdf.h"

namespace muniment::ingest::worker {

// Pages are taken as they are, with the looks of their annotations and form fields but nothing that acts. `output` is
// empty. Errors: password_needed, invalid_argument for a page that does not exist, bad_file.
void assemble_pdf(fz_context* context, std::span<const std::string_view> files, std::span<const PageChoice> pages,
                  const core::FileDescriptor& output);

}  // namespace muniment::ingest::worker
