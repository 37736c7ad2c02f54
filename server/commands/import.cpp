// muniment import
#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/archive_import.h"
#include "server/commands/command.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using nlohmann::json;

namespace {

constexpr int kTries = 5;

// Brings into this archive what another has exported. Repeating it changes nothing: a file that is there already keeps
// what people have said of it since.
class Import {
 public:
  explicit Import(Archive& archive) : archive_(archive) {}

  void prepare(const ImportedArchive& imported) {
    for (const json& field : archive_.ask_all("/api/v1/custom-fields")) known_fields_.insert(field.at("key"));
    for (const ImportedField& field : imported.fields) {
      if (!known_fields_.insert(field.key).second) continue;
      archive_.ask("POST", "/api/v1/custom-fields",
                   {{"key", field.key},
                    {"name", field.name},
                    {"kind", field.kind},
                    {"choices", field.choices},
                    {"uses", {{{"type", nullptr}}}}});
    }
    for (const json& node : archive_.ask_all("/api/v1/classes")) classes_[node.at("code")] = node.at("id");
  }

  // What the service answered for its file: {"id", "duplicate", "problem"}.
  json take_in(const ImportedDocument& document) {
    json body{{"paths", {document.file.string()}}};
    if (!document.title.empty()) body["title"] = document.title;
    if (document.date) body["document_date"] = core::to_iso(*document.date);
    if (!document.language.empty()) body["language"] = document.language;
    if (!document.type.empty()) body["type"] = entry("types", document.type);
    if (!document.correspondent.empty()) body["correspondent"] = entry("correspondents", document.correspondent);
    if (document.serial_number) body["serial_number"] = *document.serial_number;
    if (!document.class_code.empty()) body["class"] = class_of(document);
    if (!document.folder.empty()) body["folder"] = folder(class_of(document), document.folder);
    json tags = json::array();
    for (const std::string& tag : document.tags) tags.push_back(entry("tags", tag));
    body["tags"] = std::move(tags);
    json receipt = archive_.ask("POST", "/api/v1/local/documents", body).at("items").at(0);
    if (receipt.at("id").is_number()) numbers_[document.number] = receipt.at("id");
    return receipt;
  }

  // What the intake does not take: values of fields, and notes.
  void complete(const ImportedDocument& document, std::int64_t id) {
    json values = json::array();
    for (const auto& [key, value] : document.fields) values.push_back({{"key", key}, {"value", value}});
    set(id, values);
    if (document.notes.empty()) return;
    const std::string path = document_path(id) + "/notes";
    json present = archive_.ask("GET", path).at("items");
    for (const std::string& note : document.notes) {
      const bool there = std::any_of(present.begin(), present.end(),
                                     [&](const json& one) { return one.at("text") == core::trim(note); });
      if (!there) archive_.ask("POST", path, {{"text", note}});
    }
  }

  // When all documents have their numbers here. Of several links in one field, the first.
  void link(const ImportedDocument& document, std::int64_t id) {
    std::map<std::string, std::int64_t> first;
    for (const auto& [key, other] : document.links) {
      if (const auto found = numbers_.find(other); found != numbers_.end()) first.emplace(key, found->second);
    }
    json values = json::array();
    for (const auto& [key, other] : first) values.push_back({{"key", key}, {"value", std::to_string(other)}});
    set(id, values);
  }

 private:
  static std::string document_path(std::int64_t id) { return "/api/v1/documents/" + std::to_string(id); }

  // Those of the values that the document does not have yet. The service may be changing it at the same time.
  void set(std::int64_t id, const json& values) {
    for (int attempt = 1; !values.empty(); ++attempt) {
      const json document = archive_.ask("GET", document_path(id));
      json missing = json::array();
      for (const json& value : values) {
        const auto& present = document.at("custom_fields");
        const bool has = std::any_of(present.begin(), present.end(), [&](const json& one) {
          return one.at("key") == value.at("key") && !one.at("value").is_null();
        });
        if (!has) missing.push_back(value);
      }
      if (missing.empty()) return;
      try {
        archive_.change("PATCH", document_path(id), {{"custom_fields", missing}}, document.at("version"));
        return;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::stale || attempt == kTries) throw;
      }
    }
  }

  // The number of a type, correspondent or tag, made when it is missing.
  std::int64_t entry(const std::string& vocabulary, const std::string& name) {
    auto& known = names_[vocabulary];
    const std::string folded = core::fold_case(core::collapse_space(name));
    if (const auto found = known.find(folded); found != known.end()) return found->second;
    for (const json& one : archive_.ask_all("/api/v1/" + vocabulary + "?q=" + encoded(name))) {
      known[core::fold_case(one.at("name").get<std::string>())] = one.at("id");
    }
    if (!known.contains(folded)) {
      known[folded] = archive_.ask("POST", "/api/v1/" + vocabulary, {{"name", name}}).at("id");
    }
    return known.at(folded);
  }

  std::int64_t class_of(const ImportedDocument& document) {
    const auto found = classes_.find(document.class_code);
    if (found != classes_.end()) return found->second;
    throw Error(ErrorCode::invalid_argument, "there is no class " + document.class_code + "; make it first");
  }

  std::int64_t folder(std::int64_t node, const std::string& title) {
    auto& known = folders_[node];
    if (known.empty()) {
      for (const json& one : archive_.ask_all("/api/v1/folders?class=" + std::to_string(node))) {
        known[one.at("title")] = one.at("id");
      }
    }
    if (!known.contains(title)) {
      known[title] = archive_.ask("POST", "/api/v1/folders", {{"class", node}, {"title", title}}).at("id");
    }
    return known.at(title);
  }

  Archive& archive_;
  std::set<std::string> known_fields_;
  std::map<std::string, std::map<std::string, std::int64_t>> names_;
  std::map<std::string, std::int64_t> classes_;
  std::map<std::int64_t, std::map<std::string, std::int64_t>> folders_;
  std::map<std::int64_t, std::int64_t> numbers_;  // of the other archive to this one's
};

struct Counts {
  std::size_t taken_in = 0;
  std::size_t there_already = 0;
  std::size_t refused = 0;
};

void tell(const Arguments& arguments, const ImportedDocument& document, const json& id, const std::string& problem) {
  if (arguments.has("--json")) {
    std::cout << json{{"file", document.file.string()}, {"id", id}, {"problem", problem}}.dump() << "\n";
  } else if (!problem.empty()) {
    std::cerr << document.where << " (" << document.file.string() << "): " << problem << "\n";
  }
}

Counts bring_in(const Arguments& arguments, Archive& archive, const ImportedArchive& imported) {
  Import import(archive);
  import.prepare(imported);
  Counts counts;
  std::vector<std::pair<const ImportedDocument*, std::int64_t>> linked;
  Progress progress("imported");
  for (const ImportedDocument& document : imported.documents) {
    json id;
    std::string problem;
    try {
      const json receipt = import.take_in(document);
      id = receipt.at("id");
      problem = receipt.at("problem");
      if (id.is_number()) {
        ++(receipt.at("duplicate").get<bool>() ? counts.there_already : counts.taken_in);
        import.complete(document, id);
        if (!document.links.empty()) linked.emplace_back(&document, id);
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      problem = error.message();
    }
    if (!problem.empty()) ++counts.refused;
    tell(arguments, document, id, problem);
    progress.at(static_cast<std::int64_t>(&document - imported.documents.data()) + 1,
                static_cast<std::int64_t>(imported.documents.size()));
  }
  for (const auto& [document, id] : linked) import.link(*document, id);
  return counts;
}

}  // namespace

int run_import(const Arguments& arguments) {
  const auto list = arguments.value("--list");
  const auto paperless = arguments.value("--paperless");
  if (list.has_value() == paperless.has_value()) throw UsageError{"name either --list FILE or --paperless DIRECTORY"};
  const ImportedArchive imported = list ? read_listed_archive(*list) : read_paperless_export(*paperless);
  for (const std::string& what : imported.left_out) std::cerr << "not taken over: " << what << "\n";
  if (arguments.has("--check")) {
    std::cout << imported.documents.size() << " documents can be read\n";
    return kDone;
  }
  Archive archive(arguments.data, arguments.configuration);
  const Counts counts = bring_in(arguments, archive, imported);
  if (!arguments.has("--json")) {
    std::cout << counts.taken_in << " taken in, " << counts.there_already << " there already, " << counts.refused
              << " with a problem\n";
  }
  return counts.refused > 0 ? kFailed : kDone;
}

}  // namespace muniment::server
