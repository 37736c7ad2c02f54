// Comma-separated values as RFC 4180 has them, for figures and lists that people open in a spreadsheet.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

// A field that a spreadsheet would take for a formula begins with = + - @ or a tab, and is no number. Defused it has an
// apostrophe before it: texts in an archive come from strangers. Kept, it comes back from parse_csv as it was.
enum class Formulas { defused, kept };

// One line with its end (CR LF).
std::string csv_line(const std::vector<std::string>& fields, Formulas formulas = Formulas::defused);

// Lines of fields; a field in quotes may hold line ends. The first is of the line that has it, so an empty text is one
// line with one empty field. Error(invalid_argument) for a quotation mark that is not closed.
std::vector<std::vector<std::string>> parse_csv(std::string_view text);
// The same, line by line, for text that strangers may have made: so much of it that all its fields have no room at
// once. Error(invalid_argument) for a line of more than `most_fields`, too.
void each_csv_row(std::string_view text, std::size_t most_fields,
                  const std::function<void(const std::vector<std::string>& row)>& each);

}  // namespace muniment::core
