// Files with a list: one half of imported_archive.h.
#include <algorithm>
#include <array>
#include <set>

#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/export_readers.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kMostUnlisted = 100;
constexpr std::size_t kMostColumns = 1000;
constexpr std::string_view kFieldColumn = "field.";
constexpr std::array<std::string_view, 11> kColumns = {
    "file", "title", "date", "type", "correspondent", "tags", "class", "folder", "language", "serial_number", "note"};

[[noreturn]] void refuse_list(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, path + ": " + why);
}

std::vector<std::string> columns_of(const std::string& path, const std::vector<std::string>& line,
                                    ImportedArchive& archive) {
  std::vector<std::string> columns;
  for (const std::string& named : line) {
    std::string column(core::trim(named));
    const bool known = std::ranges::find(kColumns, column) != kColumns.end() ||
                       (column.starts_with(kFieldColumn) && column.size() > kFieldColumn.size());
    if (known && std::ranges::find(columns, column) != columns.end()) {
      refuse_list(path, "the column " + column + " is there twice");
    }
    (known ? archive.columns : archive.unknown_columns).push_back(column);
    columns.push_back(std::move(column));
  }
  if (std::ranges::find(columns, "file") == columns.end()) refuse_list(path, "the column file is missing");
  return columns;
}

void take(ImportedDocument& document, const std::string& column, const std::string& text, KeptText& kept) {
  if (text.empty()) return;
  kept.add(text.size());
  if (column == "title") document.title = text;
  if (column == "type") document.type = text;
  if (column == "correspondent") document.correspondent = text;
  if (column == "class") document.class_code = text;
  if (column == "folder") document.folder = text;
  if (column == "language") document.language = text;
  if (column == "note") document.notes.push_back(text);
  if (column.starts_with(kFieldColumn)) {
    kept.add(sizeof(document.fields.front()) + column.size());
    document.fields.emplace_back(column.substr(kFieldColumn.size()), text);
  }
  if (column == "tags") {
    for (const std::string_view tag : core::split(text, ';')) {
      if (core::trim(tag).empty()) continue;
      kept.add(sizeof(std::string));
      document.tags.emplace_back(core::trim(tag));
    }
  }
  if (column == "date") {
    document.date = core::parse_iso_date(text);
    if (!document.date) document.problem = "date must be like 2026-11-28";
  }
  if (column == "serial_number") {
    document.serial_number = core::parse_integer(text);
    if (!document.serial_number || *document.serial_number < 0)
      document.problem = "serial_number must be a whole number";
  }
}

class List {
 public:
  List(const ExportContents& contents, std::string path)
      : contents_(contents), path_(std::move(path)), folder_(folder_of_path(path_)) {}

  ImportedArchive read() {
    const auto found = contents_.texts.find(path_);
    if (found == contents_.texts.end()) refuse_list(path_, "the column file is missing");
    std::string_view text = found->second;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!core::is_utf8(text)) refuse_list(path_, "must be UTF-8");
    std::vector<std::string> columns;
    std::size_t line = 0;
    core::each_csv_row(text, kMostColumns, [&](const std::vector<std::string>& row) {
      if (++line == 1) {
        columns = columns_of(path_, row, archive_);
      } else if (row.size() > 1 || !row.front().empty()) {
        archive_.documents.push_back(document_of("line " + std::to_string(line), columns, row));
        kept_.add(archive_.documents.back().file.size() + archive_.documents.back().problem.size());
      }
    });
    find_unlisted();
    return std::move(archive_);
  }

 private:
  ImportedDocument document_of(std::string where, const std::vector<std::string>& columns,
                               const std::vector<std::string>& row) {
    kept_.add(sizeof(ImportedDocument));
    ImportedDocument document;
    document.where = std::move(where);
    if (row.size() != columns.size()) {
      document.problem =
          std::to_string(row.size()) + " fields stand under " + std::to_string(columns.size()) + " columns";
      return document;
    }
    for (std::size_t at = 0; at < row.size(); ++at) {
      const std::string value(core::trim(row[at]));
      if (columns[at] == "file") {
        document.file = file_below(contents_, folder_, value, document.problem);
      } else {
        take(document, columns[at], value, kept_);
      }
    }
    if (!document.file.empty() && !listed_.insert(document.file).second) {
      document.problem = "a line before this one names the same file";
    }
    if (!document.folder.empty() && document.class_code.empty()) {
      document.problem = "a folder stands in a class: fill in class too";
    }
    return document;
  }

  // As somebody may believe that they came along.
  void find_unlisted() {
    std::size_t count = 0;
    for (const auto& [path, file] : contents_.files) {
      if (path == path_ || listed_.contains(path)) continue;
      if (++count > kMostUnlisted) continue;
      archive_.left_out.push_back(path + ", which is not on the list");
    }
    if (count > kMostUnlisted) {
      archive_.left_out.push_back(std::to_string(count - kMostUnlisted) + " more files that are not on the list");
    }
  }

  const ExportContents& contents_;
  const std::string path_;
  const std::string folder_;
  std::set<std::string> listed_;
  KeptText kept_;
  ImportedArchive archive_;
};

}  // namespace

ImportedArchive read_listed_archive(const ExportContents& contents, const std::string& path) {
  return List(contents, path).read();
}

}  // namespace muniment::ingest
