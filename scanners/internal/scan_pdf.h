// A PDF whose pages are pictures that muniment-scan has made: their own compressed data, copied piece by piece.
#pragma once

#include <filesystem>
#include <span>

#include "core/files.h"

namespace muniment::scanners {

struct PdfPicture {
  std::filesystem::path file;  // .jpg, or .png of one bit a pixel
  int width = 0, height = 0;   // pixels
  int resolution = 0;          // dots per inch
  int turn = 0;                // clockwise: 0, 90, 180 or 270
};
// Appends to `output`, which is empty. No more of a page is in memory at once than its file. Error(corrupt) for a file
// that is not what muniment-scan wrote, those of reading and writing files.
void write_pdf(std::span<const PdfPicture> pages, core::TempFile& output);

}  // namespace muniment::scanners
