// Comma-separated values as RFC 4180 has them, for figures and lists that people open in a spreadsheet.
#pragma once

#include <string>
#include <vector>

namespace muniment::core {

// One line with its end (CR LF). A field that a spreadsheet would take for a formula (it begins with = + - @ or a tab,
// and is no number) gets an apostrophe before it: texts in an archive come from strangers.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace muniment::core
