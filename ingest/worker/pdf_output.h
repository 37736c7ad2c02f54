// Writing a PDF that MuPDF holds.
#pragma once

#include "core/files.h"
#include "ingest/worker/mupdf.h"

namespace muniment::ingest::worker {

// To the front of `output`, or behind what is there with `options.do_incremental`.
void save_pdf(fz_context* context, pdf_document* document, pdf_write_options options,
              const core::FileDescriptor& output);

}  // namespace muniment::ingest::worker
