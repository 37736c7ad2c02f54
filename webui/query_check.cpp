#include "webui/query_check.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

using Description = nlohmann::json;

const Description& resolved(const Description& root, const Description& described) {
  const auto reference = described.find("$ref");
  if (reference == described.end()) return described;
  return root.at(Description::json_pointer(reference->get<std::string>().substr(1)));
}

void add_parameters(const Description& root, const Description& described, QueryCheck::Parameters& parameters) {
  for (const Description& each : described.value("parameters", Description::array())) {
    const Description& parameter = resolved(root, each);
    if (parameter.at("in") != "query") continue;
    const Description& schema = resolved(root, parameter.at("schema"));
    QueryCheck::Parameter known;
    known.repeats = schema.value("type", Description()) == "array";
    if (const auto values = schema.find("enum"); values != schema.end()) {
      known.values = values->get<std::vector<std::string>>();
    } else if (schema.value("type", Description()) == "boolean") {
      known.values = {"true", "false"};
    }
    parameters.emplace(parameter.at("name").get<std::string>(), std::move(known));
  }
}

[[noreturn]] void refuse_unknown(const std::string& name, const QueryCheck::Parameters& known) {
  std::vector<std::string> names;
  for (const auto& [each, parameter] : known) names.push_back(each);
  throw Error(ErrorCode::bad_request,
              "there is no parameter \"" + name + "\" here; " +
                  (names.empty() ? "this operation has none" : "there are " + core::joined(names, ", ")),
              {{name, "is no parameter of this operation"}});
}

void require_value(const std::string& name, const std::string& value, const std::vector<std::string>& values) {
  if (values.empty() || std::ranges::find(values, value) != values.end()) return;
  const std::string right = "must be one of " + core::joined(values, ", ");
  throw Error(ErrorCode::bad_request, name + " " + right, {{name, right}});
}

}  // namespace

QueryCheck::QueryCheck(std::string_view description) {
  const auto root = Description::parse(description);
  for (const auto& [path, item] : root.at("paths").items()) {
    if (!path.starts_with("/api/")) continue;
    for (const auto& [method, operation] : item.items()) {
      if (!operation.is_object()) continue;
      std::string key = method;
      std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::toupper(c); });
      Parameters& parameters = operations_[key + ' ' + path];
      add_parameters(root, item, parameters);
      add_parameters(root, operation, parameters);
    }
  }
}

void QueryCheck::require_described(const Router::Route& route,
                                   const std::vector<std::pair<std::string, std::string>>& query) const {
  const auto operation = operations_.find(route.method + ' ' + route.pattern);
  if (operation == operations_.end()) return;
  std::set<std::string_view> given;
  for (const auto& [name, value] : query) {
    const auto known = operation->second.find(name);
    if (known == operation->second.end()) refuse_unknown(name, operation->second);
    require_value(name, value, known->second.values);
    if (given.insert(name).second || known->second.repeats) continue;
    throw Error(ErrorCode::bad_request, "the parameter \"" + name + "\" is there twice; say it once",
                {{name, "is there twice"}});
  }
}

}  // namespace muniment::webui
