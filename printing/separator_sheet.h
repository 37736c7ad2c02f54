// Sheets to put between documents in a scanner's feeder: a PDF to print.
#pragma once

#include <cstddef>
#include <string>

namespace muniment::printing {

struct SeparatorSheet {
  std::string code;         // 1 to 40 printable ASCII characters
  std::string title;        // "Separator sheet"
  std::string explanation;  // one line
};

// A4, `count` pages (1 to 100), with the code as QR and twice as Code 128, so that a fold or a stain spoils no reading.
// Error(invalid_argument).
std::string print_separator_sheets(const SeparatorSheet& sheet, std::size_t count);

}  // namespace muniment::printing
