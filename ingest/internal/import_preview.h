// What would become of an export: what is there already, what would be made, and what cannot be.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/imported_archive.h"
#include "storage/access.h"
#include "storage/archive_imports.h"
#include "storage/custom_fields.h"
#include "storage/database.h"

namespace muniment::ingest {

struct ImportPreview {
  std::string
      summary;  // JSON, the ImportPreview of openapi.yaml with "fields" that have all that is needed to make them
  std::vector<storage::ImportItem> items;
};

// Nothing is changed. `languages` are those that are enabled; `max_bytes` what one file may have.
ImportPreview preview_import(storage::Session& session, const storage::Principal& who, ImportedArchive archive,
                             const ExportContents& contents, const std::vector<std::string>& languages,
                             std::uint64_t max_bytes);

// Where a document goes; the folder is empty where it would have to be made.
struct ImportPlace {
  std::optional<std::int64_t> class_id;
  std::optional<std::int64_t> folder_id;
  bool held = false;  // the folder: what is in it cannot be described any more
  std::string problem;
};
ImportPlace import_place(storage::Session& session, const storage::Principal& who, const ImportedDocument& document);

// Fields as `new_fields` of the preview has them: whether the one here has that name, and what they are kept as.
bool is_called(const storage::CustomField& field, std::string_view name);
storage::CustomFieldKind kind_of(std::string_view name);
// Gives the document's values and links other keys.
void rename_fields(ImportedDocument& document, const std::map<std::string, std::string>& names);

// Why the document's values cannot be its; empty: they can. Those of fields that do not exist, and are not `made`, are
// passed over.
std::string values_problem(storage::Session& session, const storage::Principal& who,
                           const std::vector<storage::CustomField>& fields, const ImportedDocument& document);

}  // namespace muniment::ingest
