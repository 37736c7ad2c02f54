// Holds answers against openapi.yaml.
#pragma once

#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/raw_client.h"

namespace muniment::testing {

class OpenApiCheck {
 public:
  OpenApiCheck();

  struct Operation {
    std::string method;  // "GET"
    std::string path;    // "/api/v1/documents/{id}"
    std::string permission;
    auto operator<=>(const Operation&) const = default;
  };
  std::set<Operation> operations() const;

  // What is wrong with this answer to a request for `path` (without its query); empty when it is as described.
  std::string fault(const std::string& method, const std::string& path, const RawResponse& response) const;
  // The operationId of the request; empty when nothing describes it.
  std::string operation_id(const std::string& method, const std::string& path) const;
  std::set<std::string> operation_ids() const;

 private:
  const nlohmann::json* operation(const std::string& method, const std::string& path) const;
  const nlohmann::json& resolved(const nlohmann::json& value) const;
  // JSON Schema as far as the description uses it. Appends what is wrong to `faults`.
  void validate(const nlohmann::json& schema, const nlohmann::json& value, const std::string& at,
                std::string& faults) const;

  nlohmann::json description_;
};

}  // namespace muniment::testing
