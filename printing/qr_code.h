// A QR code for the page to draw.
#pragma once

#include <string>
#include <vector>

namespace muniment::printing {

// Its rows from the top, each module '1' for dark or '0', with the quiet zone. Error(invalid_argument) for a text that
// is too long.
std::vector<std::string> qr_code(const std::string& text);

}  // namespace muniment::printing
