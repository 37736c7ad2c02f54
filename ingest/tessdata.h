#pragma once

namespace muniment::ingest {

// Where Debian puts Tesseract's models.
inline constexpr char kUsualTessdata[] = "/usr/share/tesseract-ocr/5/tessdata";

}  // namespace muniment::ingest
