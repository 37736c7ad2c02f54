// What another archive has exported, told in one way: a folder of files with a list of what is known of them, or what
// paperless-ngx's document_exporter writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace muniment::server {

// A field of the organisation's own (storage/custom_fields.h), to be there before its values are.
struct ImportedField {
  std::string key;
  std::string name;
  std::string kind;
  std::vector<std::string> choices = {};
};

struct ImportedDocument {
  std::string where;  // "line 7", "document 12": for telling what is wrong
  std::filesystem::path file;
  std::string title = {};
  std::optional<core::Date> date = {};
  std::string type = {};  // names and codes; empty: none
  std::string correspondent = {};
  std::vector<std::string> tags = {};
  std::string class_code = {};
  std::string folder = {};  // its title; needs a class
  std::string language = {};
  std::optional<std::int64_t> serial_number = {};
  std::vector<std::string> notes = {};
  std::vector<std::pair<std::string, std::string>> fields = {};  // key and value
  std::int64_t number = 0;                                       // in the other archive; 0: it has none
  std::vector<std::pair<std::string, std::int64_t>> links = {};  // key, and the other document's number there
};

struct ImportedArchive {
  std::vector<ImportedField> fields = {};
  std::vector<ImportedDocument> documents = {};
  std::vector<std::string> left_out = {};  // what the other archive has and this one does not take over, in words
};

// A list beside the files: the columns `file` (relative to the list's folder), and any of title, date, type,
// correspondent, tags (separated by ";"), class (its code), folder, language, serial_number, note and field.KEY.
// Error(invalid_argument) that names line and column; every file must be there. Files beside them that no line names
// are left out.
ImportedArchive read_listed_archive(const std::filesystem::path& list);

// The folder that document_exporter filled, not zipped, with one manifest or many (--split-manifest).
// Error(invalid_argument).
ImportedArchive read_paperless_export(const std::filesystem::path& directory);

}  // namespace muniment::server
