// The text of office files where LibreOffice is not to be had: what people wrote, in its order, without looks.
#pragma once

#include <string>
#include <string_view>

namespace muniment::ingest::worker {

// `bytes` are of one of the types of ingest/office_types.h. UTF-8, a line for every paragraph or table row. Throws
// core::Error: bad_file for what is damaged, unsupported_type for formats that only LibreOffice reads.
std::string office_text(std::string_view bytes, std::string_view media_type);

// The text of Rich Text (RTF 1.9.1). Accepts any bytes.
std::string rtf_text(std::string_view bytes);

}  // namespace muniment::ingest::worker
