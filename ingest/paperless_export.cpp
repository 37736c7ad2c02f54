// paperless-ngx's export: the other half of imported_archive.h. Its manifest is a list of {"model", "pk", "fields"}, as
// Django serialises its database.
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "ingest/internal/export_readers.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

constexpr std::size_t kLongestKey = 40;
constexpr int kDeepest = 64;
constexpr std::size_t kMostFields = 500;
// What a key or a value of the manifest takes in memory, roughly.
constexpr std::size_t kJsonValue = 48;
// Nothing else of the manifest is kept: above all not the texts of the documents, which are read anew.
constexpr std::array<std::string_view, 29> kKeys = {"model",
                                                    "pk",
                                                    "fields",
                                                    "__exported_file_name__",
                                                    "name",
                                                    "data_type",
                                                    "extra_data",
                                                    "id",
                                                    "select_options",
                                                    "label",
                                                    "title",
                                                    "created",
                                                    "document_type",
                                                    "tags",
                                                    "correspondent",
                                                    "archive_serial_number",
                                                    "document",
                                                    "note",
                                                    "field",
                                                    "value_text",
                                                    "value_long_text",
                                                    "value_bool",
                                                    "value_url",
                                                    "value_date",
                                                    "value_int",
                                                    "value_float",
                                                    "value_monetary",
                                                    "value_select",
                                                    "value_document_ids"};

bool is_needed(std::string_view key) {
  return std::ranges::find(kKeys, key) != kKeys.end();
}

[[noreturn]] void refuse_export(const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "this is no export of paperless-ngx that can be read: " + why);
}

// Lower-case letters, digits and hyphens, as the key of a field must be.
std::string key_of(const std::string& name) {
  std::string key;
  for (const char c : core::fold_case(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || core::is_digit(c);
    if (plain && (!key.empty() || !core::is_digit(c))) key += c;
    if (!plain && !key.empty() && key.back() != '-') key += '-';
  }
  if (key.size() > kLongestKey) key.resize(kLongestKey);
  while (!key.empty() && key.back() == '-') key.pop_back();
  return key.empty() ? "field" : key;
}

// What a number was in the other archive: text as it stands, whatever JSON type it has.
std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.is_null() || value.is_structured() ? "" : value.dump();
}

// "EUR12.50" and "12.50" as "12.50 EUR" and "12.50 XXX", ISO 4217's code for no currency.
std::string amount_of(const std::string& text) {
  const bool named =
      text.size() > 3 && std::all_of(text.begin(), text.begin() + 3, [](char c) { return c >= 'A' && c <= 'Z'; });
  return named ? text.substr(3) + " " + text.substr(0, 3) : text + " XXX";
}

class PaperlessReader {
 public:
  PaperlessReader(const ExportContents& contents, const std::string& path)
      : contents_(contents), folder_(folder_of_path(path)) {}

  ImportedArchive read() {
    archive_.from_paperless = true;
    read_manifests();
    for (const json& object : objects_) take_names(object);
    for (const json& object : objects_) {
      if (object.value("model", "") == "documents.document") take_document(object);
    }
    for (const json& object : objects_) take_what_belongs_to_documents(object);
    for (const auto& [what, count] : left_out_) {
      archive_.left_out.push_back(std::to_string(count) + " " + what);
    }
    return std::move(archive_);
  }

 private:
  void read_manifests() {
    for (const auto& [path, text] : contents_.texts) {
      if (!path.starts_with(folder_) || !path.ends_with("manifest.json")) continue;
      json manifest = parsed(path, text);
      if (!manifest.is_array()) refuse_export(path + " is no list");
      for (json& object : manifest) {
        if (!object.is_object() || !object.contains("fields") || !object["fields"].is_object()) {
          refuse_export(path + " holds something that is no object of the database");
        }
        objects_.push_back(std::move(object));
      }
    }
  }

  json parsed(const std::string& path, const std::string& text) {
    const auto keep = [&](int depth, json::parse_event_t event, json& value) {
      if (depth > kDeepest) refuse_export(path + " is nested too deeply");
      if (event == json::parse_event_t::key && !is_needed(value.get_ref<const std::string&>())) return false;
      kept_.add(kJsonValue);
      return true;
    };
    return json::parse(text, keep, false);
  }

  void take_names(const json& object) {
    const std::string model = object.value("model", "");
    const std::int64_t number = object.value("pk", std::int64_t{0});
    const json& fields = object["fields"];
    if (model == "documents.tag" || model == "documents.correspondent" || model == "documents.documenttype") {
      names_[model][number] = fields.value("name", "");
    } else if (model == "documents.customfield") {
      take_field(number, fields);
    } else if (model == "documents.storagepath" || model == "documents.workflow" || model == "documents.savedview" ||
               model == "paperless_mail.mailrule" || model == "documents.sharelink") {
      ++left_out_[model.substr(model.find('.') + 1)];
    }
  }

  void take_field(std::int64_t number, const json& fields) {
    static const std::map<std::string, std::string> kFieldKinds = {
        {"string", "text"},    {"longtext", "text"},        {"url", "text"},     {"date", "date"},
        {"boolean", "yes_no"}, {"integer", "number"},       {"float", "number"}, {"monetary", "amount"},
        {"select", "choice"},  {"documentlink", "document"}};
    const auto kind = kFieldKinds.find(fields.value("data_type", ""));
    if (kind == kFieldKinds.end())
      refuse_export("a custom field is of the kind \"" + fields.value("data_type", "") + "\"");
    if (archive_.fields.size() == kMostFields) refuse_export("it has more than 500 custom fields");
    ImportedField field{key_of(fields.value("name", "")), fields.value("name", ""), kind->second, {}};
    const json extra = fields.value("extra_data", json());
    if (extra.is_object() && extra.contains("select_options")) {
      for (const json& option : extra["select_options"]) {
        // Before version 2.15 an option was its label alone, and a value its place in the list.
        const std::string label = option.is_object() ? option.value("label", "") : text_of(option);
        const std::string id = option.is_object() ? option.value("id", "") : std::to_string(field.choices.size());
        options_[number][id] = label;
        field.choices.push_back(label);
      }
    }
    const std::string key = field.key;
    for (int at = 2; std::ranges::find(archive_.fields, field.key, &ImportedField::key) != archive_.fields.end();
         ++at) {
      const std::string ending = "-" + std::to_string(at);
      field.key = key.substr(0, kLongestKey - ending.size()) + ending;
    }
    field_at_[number] = archive_.fields.size();
    archive_.fields.push_back(std::move(field));
  }

  void take_document(const json& object) {
    const json& fields = object["fields"];
    kept_.add(sizeof(ImportedDocument));
    ImportedDocument document;
    document.number = object.value("pk", std::int64_t{0});
    document.where = "document " + std::to_string(document.number);
    document.file = file_below(contents_, folder_, object.value("__exported_file_name__", ""), document.problem);
    if (!document.file.empty() && !named_.insert(document.file).second) {
      document.problem = "another document has the same file";
    }
    kept_.add(document.file.size() + document.problem.size());
    document.title = fields.value("title", "");
    document.date = core::parse_iso_date(fields.value("created", "").substr(0, 10));
    document.type = named("documents.documenttype", fields.value("document_type", json()));
    document.correspondent = named("documents.correspondent", fields.value("correspondent", json()));
    for (const json& tag : fields.value("tags", json::array())) {
      kept_.add(sizeof(std::string));
      if (std::string name_of_tag = named("documents.tag", tag); !name_of_tag.empty()) {
        document.tags.push_back(std::move(name_of_tag));
      }
    }
    const json serial = fields.value("archive_serial_number", json());
    if (serial.is_number_integer()) document.serial_number = serial.get<std::int64_t>();
    document_at_[document.number] = archive_.documents.size();
    archive_.documents.push_back(std::move(document));
  }

  void take_what_belongs_to_documents(const json& object) {
    const std::string model = object.value("model", "");
    if (model != "documents.note" && model != "documents.customfieldinstance") return;
    const json& fields = object["fields"];
    const json of = fields.value("document", json());
    const auto at = of.is_number_integer() ? document_at_.find(of.get<std::int64_t>()) : document_at_.end();
    if (at == document_at_.end()) return;
    ImportedDocument& document = archive_.documents[at->second];
    if (model == "documents.note") {
      if (const std::string note = fields.value("note", ""); !note.empty()) document.notes.push_back(note);
    } else {
      take_value(document, fields);
    }
  }

  void take_value(ImportedDocument& document, const json& fields) {
    const json number = fields.value("field", json());
    const auto at = number.is_number_integer() ? field_at_.find(number.get<std::int64_t>()) : field_at_.end();
    if (at == field_at_.end()) return;
    const ImportedField& field = archive_.fields[at->second];
    if (field.kind == "document") {
      for (const json& other : fields.value("value_document_ids", json::array())) {
        kept_.add(sizeof(document.links.front()) + field.key.size());
        if (other.is_number_integer()) document.links.emplace_back(field.key, other.get<std::int64_t>());
      }
      return;
    }
    for (const char* column : {"value_text", "value_long_text", "value_bool", "value_url", "value_date", "value_int",
                               "value_float", "value_monetary", "value_select"}) {
      std::string value = text_of(fields.value(column, json()));
      if (value.empty()) continue;
      if (field.kind == "amount") value = amount_of(value);
      if (field.kind == "choice") value = options_[at->first][value];
      kept_.add(sizeof(document.fields.front()) + field.key.size() + value.size());
      if (!value.empty()) document.fields.emplace_back(field.key, std::move(value));
      return;
    }
  }

  std::string named(const std::string& model, const json& number) {
    if (!number.is_number_integer()) return "";
    const std::string& name = names_[model][number.get<std::int64_t>()];
    kept_.add(name.size());
    return name;
  }

  const ExportContents& contents_;
  const std::string folder_;
  std::set<std::string> named_;  // files
  std::vector<json> objects_;
  std::map<std::string, std::map<std::int64_t, std::string>> names_;
  std::map<std::int64_t, std::map<std::string, std::string>> options_;
  std::map<std::int64_t, std::size_t> field_at_;
  std::map<std::int64_t, std::size_t> document_at_;
  std::map<std::string, std::size_t> left_out_;
  KeptText kept_;
  ImportedArchive archive_;
};

}  // namespace

ImportedArchive read_paperless_export(const ExportContents& contents, const std::string& path) {
  try {
    return PaperlessReader(contents, path).read();
  } catch (const json::exception& error) {
    refuse_export(error.what());
  }
}

}  // namespace muniment::ingest
