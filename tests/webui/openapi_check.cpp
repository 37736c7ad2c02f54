#include "tests/webui/openapi_check.h"

#include <algorithm>

#include "core/text.h"
#include "webui/openapi.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

bool is_of_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

bool fits(const std::string& pattern, const std::string& path) {
  const auto wanted = core::split(pattern, '/');
  const auto given = core::split(path, '/');
  return wanted.size() == given.size() &&
         std::equal(wanted.begin(), wanted.end(), given.begin(),
                    [](std::string_view w, std::string_view g) { return w.starts_with('{') || w == g; });
}

}  // namespace

OpenApiCheck::OpenApiCheck() : description_(json::parse(webui::openapi_json())) {}

std::set<OpenApiCheck::Operation> OpenApiCheck::operations() const {
  std::set<Operation> all;
  for (const auto& [path, methods] : description_["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      std::string upper = method;
      std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
      all.insert({upper, path, operation.at("x-permission")});
    }
  }
  return all;
}

std::set<std::string> OpenApiCheck::operation_ids() const {
  std::set<std::string> all;
  for (const auto& [path, methods] : description_["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) all.insert(operation.at("operationId"));
  }
  return all;
}

const json* OpenApiCheck::operation(const std::string& method, const std::string& path) const {
  std::string name = core::fold_case(method);
  const json* found = nullptr;
  for (const auto& [pattern, methods] : description_["paths"].items()) {
    if (!fits(pattern, path)) continue;
    if (methods.contains(name)) found = &methods[name];
    if (!found && name == "head" && methods.contains("get")) found = &methods["get"];
    if (found && pattern == path) break;
  }
  return found;
}

std::string OpenApiCheck::operation_id(const std::string& method, const std::string& path) const {
  const json* found = operation(method, path);
  return found ? found->at("operationId").get<std::string>() : "";
}

const json& OpenApiCheck::resolved(const json& value) const {
  if (!value.contains("$ref")) return value;
  return resolved(description_.at(json::json_pointer(value["$ref"].get<std::string>().substr(1))));
}

void OpenApiCheck::validate(const json& unresolved, const json& value, const std::string& at,
                            std::string& faults) const {
  const json& schema = resolved(unresolved);
  const auto fault = [&](const std::string& what) { faults += at + " " + what + "; "; };
  if (schema.contains("oneOf")) {
    const auto matches = std::count_if(schema["oneOf"].begin(), schema["oneOf"].end(), [&](const json& one) {
      std::string ignored;
      validate(one, value, at, ignored);
      return ignored.empty();
    });
    if (matches != 1) fault("fits " + std::to_string(matches) + " of its schemas: " + value.dump().substr(0, 100));
    return;
  }
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::none_of(types.begin(), types.end(), [&](const json& type) { return is_of_type(value, type); })) {
      return fault("is not " + types.dump() + " but " + value.dump().substr(0, 100));
    }
  }
  if (schema.contains("enum") && !value.is_null() &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
    fault("is not one of " + schema["enum"].dump() + " but " + value.dump());
  }
  if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) fault("is too small");
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool has_own = schema.contains("prefixItems") && i < schema["prefixItems"].size();
      if (has_own) {
        validate(schema["prefixItems"][i], value[i], at + "/" + std::to_string(i), faults);
      } else if (schema.contains("items")) {
        validate(schema["items"], value[i], at + "/" + std::to_string(i), faults);
      }
    }
  }
  if (!value.is_object()) return;
  for (const json& name : schema.value("required", json::array())) {
    if (!value.contains(name.get<std::string>())) fault("lacks " + name.dump());
  }
  const json properties = schema.value("properties", json::object());
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) {
      validate(properties[name], member, at + "/" + name, faults);
    } else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
      validate(schema["additionalProperties"], member, at + "/" + name, faults);
    } else if (schema.value("additionalProperties", json(true)) == json(false)) {
      fault("has " + name + ", which is not described");
    }
  }
}

std::string OpenApiCheck::fault(const std::string& method, const std::string& path, const RawResponse& response) const {
  const json* found = operation(method, path);
  const std::string where = method + " " + path + " -> " + std::to_string(response.status) + ": ";
  if (!found) return response.status == 404 || response.status == 405 ? "" : where + "nothing describes this request";
  const std::string status = std::to_string(response.status);
  if (!found->at("responses").contains(status))
    return where + "this status is not described; " + response.body.substr(0, 300);
  const json& described = resolved(found->at("responses")[status]);
  if (!described.contains("content")) return response.body.empty() ? "" : where + "no body is described";
  if (method == "HEAD") return "";
  const std::string type(core::trim(core::split(response.header("content-type"), ';').front()));
  const json& content = described["content"];
  if (!content.contains(type))
    return content.contains("*/*") ? "" : where + "content of type " + type + " is not described";
  if (type.find("json") == std::string::npos || !content[type].contains("schema")) return "";
  std::string faults;
  const json body = json::parse(response.body, nullptr, false);
  if (body.is_discarded()) return where + "the body is not JSON";
  validate(content[type]["schema"], body, "", faults);
  return faults.empty() ? "" : where + faults;
}

}  // namespace muniment::testing
