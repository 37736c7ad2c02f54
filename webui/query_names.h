// What a request's query may name. A misspelt name would be answered with what was not asked for: it is refused.
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
class QueryNames {
 public:
  // From the API's description: openapi.yaml as JSON.
  explicit QueryNames(std::string_view description);

  // Error(invalid_argument) that names what the operation does not have, and what it has. Outside of /api anything may
  // be asked: what carries a link adds to it.
  void require_known(const Router::Route& route, const std::vector<std::pair<std::string, std::string>>& query) const;

 private:
  std::map<std::string, std::set<std::string, std::less<>>> names_;  // by "GET /api/v1/documents"
};

}  // namespace muniment::webui
