#include "ingest/imported_archive.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/export_readers.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

namespace {

using nlohmann::json;

bool is_csv(std::string_view path) {
  return core::fold_case(path).ends_with(".csv");
}

bool is_manifest(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return name == "manifest.json" || name.ends_with("-manifest.json");
}

constexpr std::size_t kMostKept = 384ULL << 20;

// Of the paths that `wanted` takes, those that lie highest up.
template <typename Wanted>
std::vector<std::string> highest(const ExportContents& contents, const Wanted& wanted) {
  std::vector<std::string> found;
  std::ptrdiff_t depth = 0;
  for (const auto& [path, text] : contents.texts) {
    if (!wanted(path)) continue;
    const std::ptrdiff_t here = std::ranges::count(path, '/');
    if (!found.empty() && here > depth) continue;
    if (!found.empty() && here < depth) found.clear();
    depth = here;
    found.push_back(path);
  }
  return found;
}

std::string find_list(const ExportContents& contents) {
  const auto lists = highest(contents, is_csv);
  if (lists.size() == 1) return lists.front();
  std::string names;
  for (const std::string& path : lists) {
    const std::string name = core::fold_case(path.substr(path.find_last_of('/') + 1));
    if (name == "list.csv" || name == "metadata.csv") return path;
    names += (names.empty() ? "" : ", ") + path;
  }
  if (lists.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "neither a list of the files is in it (CSV with the column \"file\") nor a manifest.json of "
                "paperless-ngx");
  }
  throw Error(ErrorCode::invalid_argument, "several lists are in it: " + names + "; name the one list.csv");
}

}  // namespace

bool may_describe(std::string_view path, std::string_view head) {
  if (is_manifest(path)) return true;
  if (!is_csv(path)) return false;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  return std::ranges::any_of(core::split(line, ','), [](std::string_view column) {
    return core::trim(column) == "file" || core::trim(column) == "\"file\"";
  });
}

ImportedArchive read_export(const ExportContents& contents, const std::string& list) {
  if (!list.empty()) return read_listed_archive(contents, list);
  const auto manifests = highest(
      contents, [](std::string_view path) { return path == "manifest.json" || path.ends_with("/manifest.json"); });
  if (!manifests.empty()) return read_paperless_export(contents, manifests.front());
  return read_listed_archive(contents, find_list(contents));
}

void KeptText::add(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > kMostKept) {
    throw Error(ErrorCode::too_large,
                "it says too much of its documents to be brought in at once; bring it in in parts");
  }
}

std::string folder_of_path(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

std::string file_below(const ExportContents& contents, const std::string& folder, std::string_view name,
                       std::string& problem) {
  std::string plain = core::to_nfc(name);
  std::ranges::replace(plain, '\\', '/');
  while (plain.starts_with("./")) plain.erase(0, 2);
  const auto parts = core::split(plain, '/');
  const bool leads_out = plain.empty() || plain.starts_with('/') || std::ranges::find(parts, "..") != parts.end();
  if (leads_out) {
    problem = "\"" + plain + "\" must name a file below the list's folder";
    return "";
  }
  std::string path = folder + plain;
  if (!contents.files.contains(path)) {
    problem = "there is no file " + path;
    return "";
  }
  return path;
}

std::string to_json(const ImportedDocument& document) {
  json fields = json::array();
  for (const auto& [key, value] : document.fields) fields.push_back({key, value});
  json links = json::array();
  for (const auto& [key, number] : document.links) links.push_back({key, number});
  return json{{"title", document.title},
              {"date", document.date ? json(core::to_iso(*document.date)) : json()},
              {"type", document.type},
              {"correspondent", document.correspondent},
              {"tags", document.tags},
              {"class", document.class_code},
              {"folder", document.folder},
              {"language", document.language},
              {"serial_number", document.serial_number ? json(*document.serial_number) : json()},
              {"notes", document.notes},
              {"fields", std::move(fields)},
              {"links", std::move(links)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

ImportedDocument imported_document(std::string_view text) {
  const json from = json::parse(text);
  ImportedDocument document;
  document.title = from.at("title");
  if (from.at("date").is_string()) document.date = core::parse_iso_date(from["date"].get<std::string>());
  document.type = from.at("type");
  document.correspondent = from.at("correspondent");
  document.tags = from.at("tags");
  document.class_code = from.at("class");
  document.folder = from.at("folder");
  document.language = from.at("language");
  if (from.at("serial_number").is_number()) document.serial_number = from["serial_number"].get<std::int64_t>();
  document.notes = from.at("notes");
  for (const json& field : from.at("fields")) document.fields.emplace_back(field.at(0), field.at(1));
  for (const json& link : from.at("links")) document.links.emplace_back(link.at(0), link.at(1));
  return document;
}

}  // namespace muniment::ingest
