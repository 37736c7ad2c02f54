#include "core/csv.h"

#include "core/error.h"
#include "core/text.h"

namespace muniment::core {

namespace {

std::string field_of(const std::string& text, Formulas formulas) {
  const bool formula = formulas == Formulas::defused && !text.empty() &&
                       std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos &&
                       !parse_integer(text);
  if (!formula && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string field = formula ? "\"'" : "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + '"';
}

}  // namespace

std::string csv_line(const std::vector<std::string>& fields, Formulas formulas) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += field_of(field, formulas);
  }
  return line + "\r\n";
}

std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.emplace_back(1);
    } else if (c != '\r') {
      field += c;
    }
  }
  if (quoted) {
    const std::string why = "line " + std::to_string(rows.size()) + ": a quotation mark is not closed";
    throw Error(ErrorCode::invalid_argument, why, {{"/csv", why}});
  }
  return rows;
}

}  // namespace muniment::core
