#include "core/csv.h"

#include "core/text.h"

namespace muniment::core {

namespace {

std::string field_of(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos &&
                       !parse_integer(text);
  if (!formula && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string field = formula ? "\"'" : "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + '"';
}

}  // namespace

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += field_of(field);
  }
  return line + "\r\n";
}

}  // namespace muniment::core
