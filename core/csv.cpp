#include "core/csv.h"

#include <limits>

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

[[noreturn]] void refuse_csv(const std::string& why) {
  throw Error(ErrorCode::invalid_argument, why, {{"/csv", why}});
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

void each_csv_row(std::string_view text, std::size_t most_fields,
                  const std::function<void(const std::vector<std::string>& row)>& each) {
  std::vector<std::string> row(1);
  std::size_t line = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = row.back();
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
      if (row.size() == most_fields)
        refuse_csv("line " + std::to_string(line) + ": it has more than " + std::to_string(most_fields) + " fields");
      row.emplace_back();
    } else if (c == '\n') {
      each(row);
      row.assign(1, "");
      ++line;
    } else if (c != '\r') {
      field += c;
    }
  }
  if (quoted) refuse_csv("line " + std::to_string(line) + ": a quotation mark is not closed");
  each(row);
}

std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  each_csv_row(text, std::numeric_limits<std::size_t>::max(),
               [&](const std::vector<std::string>& row) { rows.push_back(row); });
  return rows;
}

}  // namespace muniment::core
