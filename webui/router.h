// Which function answers which request, and what its asker must be allowed. A route without a declared need does not
// compile; tests walk the table as every kind of person.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/access.h"
#include "webui/exchange.h"

namespace muniment::webui {

struct Anyone {};    // also without signing in
struct SignedIn {};  // any account
struct AnyOf {       // one of them is enough
  std::vector<storage::Permission> permissions;
};
using Needs = std::variant<Anyone, SignedIn, storage::Permission, AnyOf>;
// What the people of two offices read: who proposes a batch, and who approves it.
inline const AnyOf kOfBatches{{storage::Permission::propose_disposition, storage::Permission::approve_disposition}};

class KeyedRequest;

// A request on its way through a handler.
struct Call {
  Exchange& http;
  const storage::Principal& who;  // of a route for Anyone perhaps nobody: a reader of nothing
  bool signed_in = false;
  std::string session_cookie;  // empty for programs
  std::map<std::string, std::string, std::less<>> parameters;
  std::string station_secret = {};  // of a device that may scan and nothing else; empty for people and programs
  KeyedRequest* once = nullptr;     // of a request with an Idempotency-Key

  // A path parameter that is an identifier. Error(not_found) for what cannot be one.
  std::int64_t number(std::string_view name) const;
  const std::string& text(std::string_view name) const;

  // The version that a change is based on, from If-Match: "7". Error(precondition_required) without, Error(stale) for
  // "*" or anything that this server never gave out.
  std::int64_t expected_version() const;
  // A query parameter that is a whole number within the limits. Error(invalid_argument).
  std::int64_t number_query(std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) const;
  // A query parameter that the description says is a boolean; false without.
  bool truth_query(std::string_view name) const;
};

class Router {
 public:
  using Handler = std::function<void(Call&)>;
  struct Route {
    std::string method;
    std::string pattern;  // "/api/v1/documents/{id}"
    Needs needs;
    Handler handler;
  };

  // Error(internal) for a method and pattern that there are already: one of two handlers would never be asked.
  void add(std::string method, std::string pattern, Needs needs, Handler handler);
  const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::map<std::string, std::string, std::less<>> parameters;
    std::vector<std::string> allowed;  // methods that the path has, when the method was the fault
  };
  // HEAD is answered by GET's route.
  Match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace muniment::webui
