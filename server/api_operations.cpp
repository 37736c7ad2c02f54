#include "server/api_operations.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/files.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/commands/command.h"
#include "webui/openapi.h"

namespace muniment::server {

using nlohmann::json;

namespace {

constexpr std::uint64_t kMostBytes = 512ULL << 20;
constexpr const char* kMethods[][2] = {
    {"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}};

// Follows references within the description.
const json& resolved(const json& root, const json& node) {
  const auto reference = node.find("$ref");
  if (reference == node.end()) return node;
  return resolved(root, root.at(json::json_pointer(reference->get<std::string>().substr(1))));
}

void add_types(const json& root, const json& schema, ApiField& field) {
  const json& here = resolved(root, schema);
  for (const char* choice : {"oneOf", "anyOf"}) {
    for (const json& each : here.value(choice, json::array())) add_types(root, each, field);
  }
  const json type = here.value("type", json());
  if (type.is_string()) field.types.insert(type.get<std::string>());
  if (type.is_array()) field.types.insert(type.begin(), type.end());
  if (here.contains("items")) {
    const json& items = resolved(root, here.at("items"));
    field.item_type = items.value("type", "string");
  }
  for (const json& value : here.value("enum", json::array())) {
    if (value.is_string()) field.values.push_back(value.get<std::string>());
  }
}

ApiField field_of(const json& root, std::string name, ApiField::Place place, bool required, const json& schema,
                  const std::string& description) {
  ApiField field;
  field.name = std::move(name);
  field.place = place;
  field.required = required;
  field.description = description.empty() ? resolved(root, schema).value("description", "") : description;
  add_types(root, schema, field);
  return field;
}

// False when the body is neither JSON nor a form.
bool add_body(const json& root, const json& described, ApiOperation& operation) {
  const auto body = described.find("requestBody");
  if (body == described.end()) return true;
  const json& content = resolved(root, *body).at("content");
  for (const char* type : {"application/json", "application/merge-patch+json", "multipart/form-data"}) {
    const auto found = content.find(type);
    if (found == content.end()) continue;
    const json& schema = resolved(root, found->at("schema"));
    const json required = schema.value("required", json::array());
    const json properties = schema.value("properties", json::object());
    for (const auto& [name, property] : properties.items()) {
      const bool needed = std::find(required.begin(), required.end(), name) != required.end();
      const bool is_file = resolved(root, property).contains("contentMediaType");
      operation.fields.push_back(
          field_of(root, name, is_file ? ApiField::Place::file : ApiField::Place::body, needed, property, ""));
    }
    operation.has_body = true;
    operation.is_form = found.key() == "multipart/form-data";
    return true;
  }
  return false;
}

void add_parameters(const json& root, const json& described, ApiOperation& operation) {
  for (const json& each : described.value("parameters", json::array())) {
    const json& parameter = resolved(root, each);
    const std::string name = parameter.at("name"), in = parameter.at("in");
    if (in == "header") {
      operation.needs_version |= name == "If-Match";
      continue;
    }
    operation.fields.push_back(field_of(root, name, in == "path" ? ApiField::Place::path : ApiField::Place::query,
                                        parameter.value("required", false), parameter.at("schema"),
                                        parameter.value("description", "")));
  }
}

// False for an answer that never ends.
bool add_answer(const json& root, const json& described, ApiOperation& operation) {
  for (const auto& [status, response] : described.at("responses").items()) {
    if (!status.starts_with("2")) continue;
    const json& answer = resolved(root, response);
    operation.answers_version |= answer.value("headers", json::object()).contains("ETag");
    if (answer.value("content", json::object()).contains("text/event-stream")) return false;
  }
  return true;
}

std::vector<ApiOperation> read_operations() {
  const json root = json::parse(webui::openapi_json());
  std::vector<ApiOperation> all;
  for (const auto& [path, methods] : root.at("paths").items()) {
    for (const auto& [key, method] : kMethods) {
      const auto described = methods.find(key);
      if (described == methods.end()) continue;
      ApiOperation operation;
      operation.id = described->at("operationId");
      operation.subject = described->value("tags", json::array({"other"})).at(0);
      operation.method = method;
      operation.path = path;
      operation.summary = described->value("summary", "");
      add_parameters(root, *described, operation);
      if (operation.subject == "uploads" || !add_body(root, *described, operation) ||
          !add_answer(root, *described, operation)) {
        continue;
      }
      all.push_back(std::move(operation));
    }
  }
  return all;
}

json value_of(const ApiField& field, const std::string& type, const std::string& text);

json list_of(const ApiField& field, const std::string& text) {
  json list = json::array();
  for (const std::string_view piece : core::split(text, ',')) {
    if (!core::trim(piece).empty()) list.push_back(value_of(field, field.item_type, std::string(core::trim(piece))));
  }
  return list;
}

// Discarded when the text is not one of that type.
json value_of(const ApiField& field, const std::string& type, const std::string& text) {
  const json wrong = json::value_t::discarded;
  if (type == "integer") {
    const auto number = core::parse_integer(text);
    return number ? json(*number) : wrong;
  }
  if (type == "boolean") return text == "true" ? json(true) : text == "false" ? json(false) : wrong;
  if (type == "null") return text.empty() ? json() : wrong;
  if (type == "array" && field.item_type != "object" && !text.starts_with("[")) return list_of(field, text);
  if (type == "array" || type == "object") {
    json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return (type == "array" ? parsed.is_array() : parsed.is_object()) ? parsed : wrong;
  }
  return text;
}

}  // namespace

std::string what_it_takes(const ApiField& field) {
  if (field.place == ApiField::Place::file) return "@FILE";
  if (!field.values.empty()) return "one of " + core::joined(field.values, ", ");
  std::vector<std::string> kinds;
  for (const std::string& type : field.types) {
    if (type == "integer") kinds.emplace_back("a whole number");
    if (type == "boolean") kinds.emplace_back("true or false");
    if (type == "null") kinds.emplace_back("nothing");
    if (type == "string") kinds.emplace_back("text");
    if (type == "object") kinds.emplace_back("an object in JSON");
    if (type != "array") continue;
    kinds.emplace_back(field.item_type == "object"    ? "a list in JSON"
                       : field.item_type == "integer" ? "whole numbers with commas between"
                                                      : "texts with commas between");
  }
  return core::joined(kinds, " or ");
}

namespace {

json parsed(const ApiField& field, const std::string& text) {
  // The narrow types first: text takes anything.
  for (const char* type : {"null", "integer", "boolean", "array", "object", "string"}) {
    if (!field.types.contains(type)) continue;
    json value = value_of(field, type, text);
    const bool is_whole =
        std::none_of(value.begin(), value.end(), [](const json& each) { return each.is_discarded(); });
    if (!value.is_discarded() && is_whole) return value;
  }
  throw UsageError{field.name + " takes " + what_it_takes(field) + ", not \"" + text + "\""};
}

struct Word {
  std::string name;
  std::string value;
  std::string file;  // whose contents the value is
};
Word split_word(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0) throw UsageError{"\"" + word + "\" is not NAME=VALUE"};
  Word split{word.substr(0, equals), word.substr(equals + 1), ""};
  if (split.value.size() < 2 || split.value.front() != '@') return split;
  split.file = split.value.substr(1);
  split.value = core::read_file(split.file, kMostBytes);
  return split;
}

// The parts of a form (RFC 7578).
class Form {
 public:
  void add(const std::string& name, const Word& word) {
    std::string disposition = "form-data; name=\"" + name + "\"";
    if (!word.file.empty()) {
      std::string filename = std::filesystem::path(word.file).filename();
      std::ranges::replace_if(
          filename, [](char c) { return c == '"' || c == '\r' || c == '\n'; }, '_');
      disposition += "; filename=\"" + filename + "\"";
    }
    parts_.emplace_back("Content-Disposition: " + disposition + "\r\n\r\n" + word.value + "\r\n");
  }
  ApiRequest& write_to(ApiRequest& request) const {
    const std::string boundary = free_boundary();
    for (const std::string& part : parts_) request.body += "--" + boundary + "\r\n" + part;
    request.body += "--" + boundary + "--\r\n";
    request.content_type = "multipart/form-data; boundary=" + boundary;
    return request;
  }

 private:
  // One that no part has in it.
  std::string free_boundary() const {
    for (int i = 0;; ++i) {
      const std::string boundary = "muniment-" + std::to_string(i);
      if (std::ranges::none_of(parts_,
                               [&](const std::string& part) { return part.find(boundary) != std::string::npos; })) {
        return boundary;
      }
    }
  }

  std::vector<std::string> parts_;
};

}  // namespace

const std::vector<ApiOperation>& api_operations() {
  static const std::vector<ApiOperation> all = read_operations();
  return all;
}

const ApiOperation* find_api_operation(std::string_view id) {
  const auto& all = api_operations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ApiOperation& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::string versioned_path(const ApiOperation& operation) {
  for (std::string path = operation.path; path.find('{') != std::string::npos; path.resize(path.rfind('/'))) {
    for (const ApiOperation& one : api_operations()) {
      if (one.method == "GET" && one.path == path && one.answers_version) return path;
    }
  }
  return operation.path;
}

std::string filled_path(std::string_view path, const std::vector<std::string>& words) {
  std::string filled(path);
  for (const std::string& word : words) {
    const auto [name, value, file] = split_word(word);
    const auto place = filled.find("{" + name + "}");
    if (place != std::string::npos) filled.replace(place, name.size() + 2, encoded(value));
  }
  return filled;
}

ApiRequest api_request(const ApiOperation& operation, const std::vector<std::string>& words) {
  ApiRequest request{operation.method, filled_path(operation.path, words), "", ""};
  std::set<std::string> given;
  std::string query;
  json body = json::object();
  Form form;
  for (const std::string& text : words) {
    const Word word = split_word(text);
    const auto field = std::ranges::find(operation.fields, word.name, &ApiField::name);
    if (field == operation.fields.end()) {
      throw UsageError{operation.id + " has no field \"" + word.name + "\"; see muniment api " + operation.id +
                       " --help"};
    }
    given.insert(word.name);
    if (field->place == ApiField::Place::file && word.file.empty()) throw UsageError{word.name + " takes @FILE"};
    json value = field->place == ApiField::Place::file ? json() : parsed(*field, word.value);
    if (operation.is_form && field->place != ApiField::Place::path) form.add(word.name, word);
    if (field->place == ApiField::Place::body) body[word.name] = std::move(value);
    if (field->place == ApiField::Place::query)
      query += (query.empty() ? "?" : "&") + word.name + "=" + encoded(word.value);
  }
  for (const ApiField& field : operation.fields) {
    if (field.required && !given.contains(field.name)) {
      throw UsageError{operation.id + " needs " + field.name + "=, " + what_it_takes(field)};
    }
  }
  request.path += query;
  if (operation.is_form) return form.write_to(request);
  if (operation.has_body) {
    request.body = body.dump();
    request.content_type = "application/json";
  }
  return request;
}

}  // namespace muniment::server
