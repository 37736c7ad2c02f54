#include "webui/api/list_csv.h"

#include <algorithm>

#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;

namespace {

using Columns = std::vector<std::string>;
using Cells = std::map<std::string, std::string>;

std::string name_of(const Json& thing) {
  for (const char* name : {"name", "title"}) {
    if (!thing.contains(name) || !thing[name].is_string()) continue;
    const std::string code = thing.value("code", Json()).is_string() ? thing["code"].get<std::string>() + " " : "";
    return code + thing[name].get<std::string>();
  }
  return "";
}

std::string in_words(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) {
    const std::string name = name_of(value);
    return name.empty() ? value.dump(-1, ' ', false, Json::error_handler_t::replace) : name;
  }
  if (!value.is_array()) return value.dump();
  std::string all;
  for (const Json& one : value) all += (all.empty() ? "" : "; ") + in_words(one);
  return all;
}

void put(const std::string& column, const Json& value, Columns& columns, Cells& cells) {
  if (value.is_object() && !value.empty() && name_of(value).empty()) {
    for (const auto& [part, inner] : value.items()) put(column + "." + part, inner, columns, cells);
    return;
  }
  if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
  cells[column] = in_words(value);
}

}  // namespace

bool wants_csv(const Call& call) {
  return call.http.query("format") == "csv";
}

std::string list_as_csv(const Json& items) {
  Columns columns;
  std::vector<Cells> rows;
  for (const Json& item : items) {
    Cells cells;
    for (const auto& [name, value] : item.items()) put(name, value, columns, cells);
    rows.push_back(std::move(cells));
  }
  // Where another item says more, its parts have columns of their own.
  const Columns all = columns;
  std::erase_if(columns, [&](const std::string& column) {
    return std::ranges::any_of(all, [&](const std::string& other) { return other.starts_with(column + "."); }) &&
           std::ranges::all_of(rows, [&](const Cells& cells) {
             const auto cell = cells.find(column);
             return cell == cells.end() || cell->second.empty();
           });
  });
  std::string csv = core::csv_line(columns);
  for (Cells& cells : rows) {
    std::vector<std::string> line;
    for (const std::string& column : columns) line.push_back(std::move(cells[column]));
    csv += core::csv_line(line);
  }
  return csv;
}

void send_list_csv(Call& call, const Json& items, bool more) {
  if (more) throw Error(ErrorCode::too_large, "these are more than 100000; narrow the list down");
  const std::string path = call.http.path();
  send_attachment(call.http, "text/csv; charset=utf-8", path.substr(path.rfind('/') + 1) + ".csv", list_as_csv(items));
}

}  // namespace muniment::webui::api
