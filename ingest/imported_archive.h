// What another archive has exported, told in one way: files with a list of what is known of them, or what
// paperless-ngx's document_exporter writes. Pure: whoever has the files gives their names and the texts that tell of
// them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/hash.h"

namespace muniment::ingest {

// The files of an export, by their paths in it.
struct ExportContents {
  struct File {
    std::uint64_t size = 0;
    core::Sha256 hash;
  };
  std::map<std::string, File> files;
  std::map<std::string, std::string> texts;  // of those that may_describe, whole
};

// Whether the file may tell of the others, from its path and how it begins: a manifest, or CSV whose first line has the
// column "file".
bool may_describe(std::string_view path, std::string_view head);

// A field of the organisation's own (storage/custom_fields.h), to be there before its values are.
struct ImportedField {
  std::string key;
  std::string name;
  std::string kind;
  std::vector<std::string> choices = {};
};

struct ImportedDocument {
  std::string where;      // "line 7", "document 12": for telling what is wrong
  std::string file = {};  // its path in the export
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
  std::string problem = {};                                      // why it can never be taken in; empty: it can
};

struct ImportedArchive {
  bool from_paperless = false;
  std::vector<std::string> columns = {};          // of a list, those that are understood
  std::vector<std::string> unknown_columns = {};  // and those that are not
  std::vector<ImportedField> fields = {};
  std::vector<ImportedDocument> documents = {};
  std::vector<std::string> left_out = {};  // what the other archive has and this one does not take over, in words
};

// What lies highest up counts: a manifest.json, else the list; of several lists there the one called list.csv or
// metadata.csv. `list`, unless it is empty, is the list's path.
//
// A list has the columns `file` (relative to the list's folder), and any of title, date, type, correspondent, tags
// (separated by ";"), class (its code), folder, language, serial_number, note and field.KEY. Files beside it that no
// line names are left out. An export of paperless-ngx has one manifest or many (--split-manifest).
//
// Error(invalid_argument) for what is no such export. What is wrong with one document is its `problem`.
ImportedArchive read_export(const ExportContents& contents, const std::string& list = {});

// What is kept of a document until it is taken in, without `where`, `file`, `number` and `problem`.
std::string to_json(const ImportedDocument& document);
ImportedDocument imported_document(std::string_view json);

}  // namespace muniment::ingest
