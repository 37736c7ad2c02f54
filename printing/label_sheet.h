// Labels for paper files and for the places where they stand: a PDF to print on a sheet of labels or a label printer.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::printing {

// Where the labels are on a page, in millimetres.
struct LabelSheet {
  std::string_view name;  // "a4-3x8"
  double page_width = 0;
  double page_height = 0;
  std::size_t columns = 0;
  std::size_t rows = 0;
  double label_width = 0;
  double label_height = 0;
  double left = 0;  // from the page's edge to the first label
  double top = 0;
  double column_pitch = 0;  // from the left edge of a label to that of the next
  double row_pitch = 0;

  std::size_t per_page() const { return columns * rows; }
};

// A4 with 24 and with 14 labels (the common sizes, 63.5 x 33.9 and 99.1 x 38.1 mm), and single labels of 62 x 29 mm
// for a label printer.
std::span<const LabelSheet> label_sheets();
std::optional<LabelSheet> find_label_sheet(std::string_view name);

enum class Symbol { code128, qr };

struct Label {
  std::string code;    // printed as the symbol and, below it, in letters: 1 to 40 printable ASCII characters
  std::string title;   // one line; what does not fit is cut with an ellipsis
  std::string detail;  // one line in smaller letters; may be empty
};

// A PDF. The first `skip` places of the first page stay empty: those that were used before. Error(invalid_argument) for
// no labels, a code that cannot be printed, or `skip` beyond the page.
std::string print_labels(const std::vector<Label>& labels, const LabelSheet& sheet, Symbol symbol, std::size_t skip);

}  // namespace muniment::printing
