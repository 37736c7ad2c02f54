#include "ingest/internal/import_preview.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "ingest/intake.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "storage/catalogue.h"
#include "storage/documents.h"
#include "storage/page_origins.h"
#include "storage/serial_numbers.h"

namespace muniment::ingest {

using storage::Principal;
using storage::Session;
using storage::Vocabulary;

namespace {

using PreviewJson = nlohmann::ordered_json;

constexpr std::size_t kMostNamed = 200;
constexpr std::string_view kOwnField = "field.";

// Names that would be made, each once, whatever the case of its letters.
class NewNames {
 public:
  void add(const std::string& name) {
    const std::string clean = core::collapse_space(core::to_nfc(name));
    if (known_.insert(core::fold_case(clean)).second) names_.push_back(clean);
  }
  // The first few, and how many there are.
  PreviewJson json() const {
    PreviewJson names = PreviewJson::array();
    for (const std::string& name : names_) {
      if (names.size() < kMostNamed) names.push_back(name);
    }
    return {{"count", names_.size()}, {"names", std::move(names)}};
  }

 private:
  std::set<std::string> known_;
  std::vector<std::string> names_;
};

class Previewing {
 public:
  Previewing(Session& session, const Principal& who, ImportedArchive archive, const ExportContents& contents,
             const std::vector<std::string>& languages, std::uint64_t max_bytes)
      : session_(session),
        who_(who),
        archive_(std::move(archive)),
        contents_(contents),
        languages_(languages),
        max_bytes_(max_bytes),
        fields_(storage::list_custom_fields(session)) {}

  ImportPreview preview() {
    adopt_fields();
    leave_out_fields();
    drop_unknown_fields();
    ImportPreview preview;
    for (ImportedDocument& document : archive_.documents) {
      preview.items.push_back(item_of(document, static_cast<std::int64_t>(preview.items.size()) + 1));
    }
    preview.summary = summary();
    return preview;
  }

 private:
  bool is_known(const std::string& key) const {
    return std::ranges::any_of(fields_, [&](const auto& field) { return field.key == key; }) ||
           std::ranges::find(archive_.fields, key, &ImportedField::key) != archive_.fields.end();
  }

  // What is called the same here is the same field.
  void adopt_fields() {
    std::map<std::string, std::string> here_called;
    for (ImportedField& field : archive_.fields) {
      const auto here = std::ranges::find_if(
          fields_, [&](const auto& known) { return known.key == field.key || is_called(known, field.name); });
      if (here == fields_.end() || here->key == field.key) continue;
      here_called[field.key] = here->key;
      field.key = here->key;
    }
    for (ImportedDocument& document : archive_.documents) rename_fields(document, here_called);
  }

  // Those that could not be made.
  void leave_out_fields() {
    std::set<std::string> names;
    std::erase_if(archive_.fields, [&](const ImportedField& field) {
      if (std::ranges::find(fields_, field.key, &storage::CustomField::key) != fields_.end()) return false;
      std::string problem;
      try {
        storage::check_custom_field(session_, who_, field.key, kind_of(field.kind), {field.name, field.choices, {{}}});
        if (!names.insert(core::fold_case(core::collapse_space(core::to_nfc(field.name)))).second) {
          problem = "another one has the same name";
        }
      } catch (const core::Error& error) {
        problem = error.message();
      }
      if (!problem.empty()) archive_.left_out.push_back("the field \"" + field.name + "\": " + problem);
      return !problem.empty();
    });
  }

  // A list's columns of fields that do not exist say nothing.
  void drop_unknown_fields() {
    const auto unknown = [&](const std::string& column) {
      return column.starts_with(kOwnField) && !is_known(column.substr(kOwnField.size()));
    };
    std::ranges::copy_if(archive_.columns, std::back_inserter(archive_.unknown_columns), unknown);
    std::erase_if(archive_.columns, unknown);
    for (ImportedDocument& document : archive_.documents) {
      std::erase_if(document.fields, [&](const auto& field) { return !is_known(field.first); });
      std::erase_if(document.links, [&](const auto& link) { return !is_known(link.first); });
    }
  }

  storage::ImportItem item_of(ImportedDocument& document, std::int64_t position) {
    storage::ImportItem item;
    item.position = position;
    item.place = document.where;
    item.path = document.file;
    if (document.number != 0) item.number = document.number;
    if (const auto file = contents_.files.find(document.file); file != contents_.files.end()) {
      item.size = file->second.size;
      check_file(document, file->second);
    }
    item.problem = document.problem;
    if (!item.problem.empty()) {
      item.outcome = "refused";
      ++problems_;
      return item;
    }
    bytes_ += item.size;
    item.description = to_json(document);
    if (is_there(document)) {
      ++already_;
      return item;
    }
    item.problem = problem_as_things_stand(document);
    if (!item.problem.empty()) {
      ++problems_;
    } else {
      note_new(document);
    }
    return item;
  }

  void check_file(ImportedDocument& document, const ExportContents::File& file) const {
    if (file.size == 0) document.problem = "the file is empty";
    if (file.size > max_bytes_) {
      document.problem =
          "the file is larger than the " + std::to_string(max_bytes_ >> 20) + " MiB that may be (intake.max_file_size)";
    }
    if (document.serial_number && *document.serial_number > storage::kLargestSerialNumber) {
      document.problem = "a serial number is between 0 and 4294967295";
    }
  }

  bool is_there(const ImportedDocument& document) {
    const core::Sha256& hash = contents_.files.at(document.file).hash;
    return !hashes_.insert(hash.hex()).second ||
           storage::find_duplicate(session_, who_, hash, storage::is_out_of_trash).has_value();
  }

  std::string problem_as_things_stand(const ImportedDocument& document) {
    if (!document.language.empty() && std::ranges::find(languages_, document.language) == languages_.end()) {
      return "the language " + document.language + " is not enabled";
    }
    if (const ImportPlace place = place_of(document); !place.problem.empty()) return place.problem;
    return values_problem(session_, who_, fields_, document);
  }

  // Documents of one folder mostly come together.
  const ImportPlace& place_of(const ImportedDocument& document) {
    const auto [place, added] = places_.try_emplace({document.class_code, document.folder});
    if (added) place->second = import_place(session_, who_, document);
    return place->second;
  }

  void note_new(const ImportedDocument& document) {
    note_name(Vocabulary::type, document.type);
    note_name(Vocabulary::correspondent, document.correspondent);
    for (const std::string& tag : document.tags) note_name(Vocabulary::tag, tag);
    if (!document.folder.empty() && !place_of(document).folder_id) {
      new_folders_.add(document.class_code + " / " + document.folder);
    }
  }

  void note_name(Vocabulary vocabulary, const std::string& name) {
    if (name.empty()) return;
    const auto [known, added] = known_names_.try_emplace({vocabulary, name}, true);
    if (added) known->second = storage::find_named(session_, vocabulary, name).has_value();
    if (!known->second) new_names_[vocabulary].add(name);
  }

  std::string summary() {
    PreviewJson new_fields = PreviewJson::array();
    for (const ImportedField& field : archive_.fields) {
      if (std::ranges::any_of(fields_, [&](const auto& known) { return known.key == field.key; })) continue;
      new_fields.push_back(
          {{"key", field.key}, {"name", field.name}, {"kind", field.kind}, {"choices", field.choices}});
    }
    return PreviewJson{{"kind", archive_.from_paperless ? "paperless" : "list"},
                       {"documents", archive_.documents.size()},
                       {"bytes", bytes_},
                       {"there_already", already_},
                       {"problems", problems_},
                       {"columns", archive_.columns},
                       {"unknown_columns", archive_.unknown_columns},
                       {"new_types", new_names_[Vocabulary::type].json()},
                       {"new_correspondents", new_names_[Vocabulary::correspondent].json()},
                       {"new_tags", new_names_[Vocabulary::tag].json()},
                       {"new_folders", new_folders_.json()},
                       {"new_fields", std::move(new_fields)},
                       {"left_out", archive_.left_out}}
        .dump(-1, ' ', false, PreviewJson::error_handler_t::replace);
  }

  Session& session_;
  const Principal& who_;
  ImportedArchive archive_;
  const ExportContents& contents_;
  const std::vector<std::string>& languages_;
  const std::uint64_t max_bytes_;
  const std::vector<storage::CustomField> fields_;
  std::set<std::string> hashes_;
  std::map<std::pair<std::string, std::string>, ImportPlace> places_;
  std::map<std::pair<Vocabulary, std::string>, bool> known_names_;
  std::map<Vocabulary, NewNames> new_names_;
  NewNames new_folders_;
  std::uint64_t bytes_ = 0;
  std::int64_t already_ = 0;
  std::int64_t problems_ = 0;
};

// The first open one of that title, of those whose title `who` may know. Only closed ones: its problem.
void take_folder(Session& session, const Principal& who, std::int64_t class_id, const std::string& title,
                 ImportPlace& place) {
  for (const auto& folder : records::folders_titled(session, class_id, core::collapse_space(core::to_nfc(title)))) {
    if (!who.may_read(storage::inherited_access_list(session, folder.id, class_id))) continue;
    if (folder.status == records::Status::closed) {
      place.problem = "the folder " + title + " is closed";
      continue;
    }
    place.folder_id = folder.id;
    place.held = records::is_folder_held(session, folder.id);
    place.problem.clear();
    return;
  }
}

}  // namespace

ImportPreview preview_import(Session& session, const Principal& who, ImportedArchive archive,
                             const ExportContents& contents, const std::vector<std::string>& languages,
                             std::uint64_t max_bytes) {
  return Previewing(session, who, std::move(archive), contents, languages, max_bytes).preview();
}

ImportPlace import_place(Session& session, const Principal& who, const ImportedDocument& document) {
  ImportPlace place;
  if (document.class_code.empty()) return place;
  const auto node = records::find_class(session, document.class_code);
  if (!node) {
    place.problem = "there is no class " + document.class_code + "; make it first";
    return place;
  }
  place.class_id = node->id;
  if (!document.folder.empty()) {
    take_folder(session, who, node->id, document.folder, place);
  }
  if (node->status == records::Status::closed) place.problem = "the class " + document.class_code + " is closed";
  if (!who.may_change(storage::inherited_access_list(session, place.folder_id, place.class_id))) {
    place.problem = "you may not file documents in " + document.class_code;
  }
  return place;
}

bool is_called(const storage::CustomField& field, std::string_view name) {
  return core::fold_case(field.terms.name) == core::fold_case(core::collapse_space(core::to_nfc(name)));
}

storage::CustomFieldKind kind_of(std::string_view name) {
  return storage::parse_custom_field_kind(name).value_or(storage::CustomFieldKind::text);
}

void rename_fields(ImportedDocument& document, const std::map<std::string, std::string>& names) {
  const auto rename = [&](std::string& key) {
    if (const auto name = names.find(key); name != names.end()) key = name->second;
  };
  for (auto& field : document.fields) rename(field.first);
  for (auto& link : document.links) rename(link.first);
}

std::string values_problem(Session& session, const Principal& who, const std::vector<storage::CustomField>& fields,
                           const ImportedDocument& document) {
  for (const auto& [key, value] : document.fields) {
    const auto field = std::ranges::find(fields, key, &storage::CustomField::key);
    if (field == fields.end()) continue;
    if (field->terms.closed) return "the field " + key + " takes no new values";
    const auto checked = storage::check_custom_value(session, who, *field, value);
    if (!checked.problem.empty()) return "the field " + key + " " + checked.problem;
  }
  return "";
}

}  // namespace muniment::ingest
