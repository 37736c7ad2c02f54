// A request's query is as the API's description has it, or refused: what is misspelt, or said twice, would be answered
// with what was not asked for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webui/router.h"

namespace muniment::webui {

// Immutable, so thread-safe.
class QueryCheck {
 public:
  // From the API's description: openapi.yaml as JSON.
  explicit QueryCheck(std::string_view description);

  // Error(bad_request) that names what the operation does not have and what it has: a parameter, a value of one that
  // has only certain ones, or a second value of one that takes one. Outside of /api anything may be asked: what carries
  // a link adds to it.
  void require_described(const Router::Route& route,
                         const std::vector<std::pair<std::string, std::string>>& query) const;

  struct Parameter {
    bool repeats = false;             // a list, each of whose values comes by itself
    std::vector<std::string> values;  // that it may have; empty: any
  };
  using Parameters = std::map<std::string, Parameter, std::less<>>;

 private:
  std::map<std::string, Parameters> operations_;  // by "GET /api/v1/documents"
};

}  // namespace muniment::webui
