#include "printing/qr_code.h"

#include "printing/internal/symbols.h"

namespace muniment::printing {

std::vector<std::string> qr_code(const std::string& text) {
  const ZXing::BitMatrix modules = encode_symbol(text, Symbol::qr);
  std::vector<std::string> rows;
  for (int y = 0; y < modules.height(); ++y) {
    std::string row;
    for (int x = 0; x < modules.width(); ++x) row += modules.get(x, y) ? '1' : '0';
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace muniment::printing
