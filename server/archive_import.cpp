#include "server/archive_import.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/csv.h"
#include "core/error.h"
#include "core/files.h"
#include "core/text.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

constexpr std::uint64_t kLargestList = 256ULL << 20;
constexpr std::size_t kMostUnlisted = 100;
constexpr std::string_view kFieldColumn = "field.";
constexpr std::array<std::string_view, 11> kColumns = {
    "file", "title", "date", "type", "correspondent", "tags", "class", "folder", "language", "serial_number", "note"};

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, where + ": " + why);
}

void check_columns(const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    const bool known = std::ranges::find(kColumns, column) != kColumns.end() ||
                       (column.starts_with(kFieldColumn) && column.size() > kFieldColumn.size());
    if (!known) {
      refuse("line 1", "there is no column \"" + column +
                           "\"; there may be file, title, date, type, correspondent, tags, class, folder, language, "
                           "serial_number, note and field.KEY");
    }
    if (std::ranges::count(columns, column) > 1) refuse("line 1", "the column " + column + " is there twice");
  }
  if (std::ranges::find(columns, "file") == columns.end()) refuse("line 1", "the column file is missing");
}

// A name in the list stands for a file below the list's folder and nowhere else.
fs::path file_below(const fs::path& folder, const std::string& name, const std::string& where) {
  const fs::path relative = fs::path(name).lexically_normal();
  if (name.empty() || relative.is_absolute() || *relative.begin() == "..") {
    refuse(where, "\"" + name + "\" must name a file below " + folder.string());
  }
  const fs::path file = folder / relative;
  if (!fs::is_regular_file(file)) refuse(where, "there is no file " + file.string());
  return file;
}

void take(ImportedDocument& document, const std::string& column, const std::string& text) {
  if (text.empty() || column == "file") return;
  if (column == "title") document.title = text;
  if (column == "type") document.type = text;
  if (column == "correspondent") document.correspondent = text;
  if (column == "class") document.class_code = text;
  if (column == "folder") document.folder = text;
  if (column == "language") document.language = text;
  if (column == "note") document.notes.push_back(text);
  if (column.starts_with(kFieldColumn)) document.fields.emplace_back(column.substr(kFieldColumn.size()), text);
  if (column == "tags") {
    for (const std::string_view tag : core::split(text, ';')) {
      if (!core::trim(tag).empty()) document.tags.emplace_back(core::trim(tag));
    }
  }
  if (column == "date") {
    document.date = core::parse_iso_date(text);
    if (!document.date) refuse(document.where, "date must be like 2026-11-28");
  }
  if (column == "serial_number") {
    document.serial_number = core::parse_integer(text);
    if (!document.serial_number || *document.serial_number < 0) {
      refuse(document.where, "serial_number must be a whole number");
    }
  }
}

// What lies below the folder and stands on no line, as somebody may believe that it came along. What cannot be looked
// into is passed by.
std::vector<std::string> unlisted(const fs::path& list, const ImportedArchive& archive) {
  std::set<fs::path> listed{fs::absolute(list).lexically_normal()};
  for (const ImportedDocument& document : archive.documents) listed.insert(document.file.lexically_normal());
  std::vector<std::string> files;
  const fs::path folder = fs::absolute(list).parent_path();
  std::error_code failed;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && entry != fs::end(entry); entry.increment(failed)) {
    std::error_code unknown;
    if (!entry->is_regular_file(unknown) || listed.contains(entry->path().lexically_normal())) continue;
    if (files.size() == kMostUnlisted) {
      files.emplace_back("more files that are not on the list");
      break;
    }
    files.push_back(core::collapse_space(core::to_utf8(entry->path().lexically_relative(folder).string())) +
                    ", which is not on the list");
  }
  return files;
}

}  // namespace

ImportedArchive read_listed_archive(const fs::path& list) {
  const fs::path folder = fs::absolute(list).parent_path();
  std::string text = core::read_file(list, kLargestList);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (!core::is_utf8(text)) refuse(list.string(), "must be UTF-8");
  const auto rows = core::parse_csv(text);
  std::vector<std::string> columns;
  for (const std::string& column : rows.front()) columns.emplace_back(core::trim(column));
  check_columns(columns);
  ImportedArchive archive;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (row.size() == 1 && row.front().empty()) continue;
    ImportedDocument document;
    document.where = "line " + std::to_string(i + 1);
    if (row.size() != columns.size()) {
      refuse(document.where,
             std::to_string(row.size()) + " fields stand under " + std::to_string(columns.size()) + " columns");
    }
    for (std::size_t at = 0; at < row.size(); ++at) {
      const std::string value(core::trim(row[at]));
      if (columns[at] == "file") document.file = file_below(folder, value, document.where);
      take(document, columns[at], value);
    }
    if (!document.folder.empty() && document.class_code.empty()) {
      refuse(document.where, "a folder stands in a class: fill in class too");
    }
    archive.documents.push_back(std::move(document));
  }
  archive.left_out = unlisted(list, archive);
  return archive;
}

}  // namespace muniment::server
