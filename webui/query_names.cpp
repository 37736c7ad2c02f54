#include "webui/query_names.h"

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

void add_names(const Description& root, const Description& described, std::set<std::string, std::less<>>& names) {
  for (const Description& each : described.value("parameters", Description::array())) {
    const auto reference = each.find("$ref");
    const Description& parameter =
        reference == each.end() ? each : root.at(Description::json_pointer(reference->get<std::string>().substr(1)));
    if (parameter.at("in") == "query") names.insert(parameter.at("name").get<std::string>());
  }
}

}  // namespace

QueryNames::QueryNames(std::string_view description) {
  const auto root = Description::parse(description);
  for (const auto& [path, item] : root.at("paths").items()) {
    if (!path.starts_with("/api/")) continue;
    for (const auto& [method, operation] : item.items()) {
      if (!operation.is_object()) continue;
      std::string key = method;
      std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::toupper(c); });
      auto& names = names_[key + ' ' + path];
      add_names(root, item, names);
      add_names(root, operation, names);
    }
  }
}

void QueryNames::require_known(const Router::Route& route,
                               const std::vector<std::pair<std::string, std::string>>& query) const {
  const auto found = names_.find(route.method + ' ' + route.pattern);
  if (found == names_.end()) return;
  const std::string known = core::joined(found->second, ", ");
  std::vector<core::FieldError> problems;
  for (const auto& [name, value] : query) {
    if (!found->second.contains(name)) problems.push_back({name, "is no parameter of this operation"});
  }
  if (problems.empty()) return;
  const std::string message = "there is no parameter \"" + problems.front().pointer + "\" here; " +
                              (known.empty() ? "this operation has none" : "there are " + known);
  throw Error(ErrorCode::invalid_argument, message, std::move(problems));
}

}  // namespace muniment::webui
