#include "webui/router.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string, std::less<>>& parameters) {
  const auto wanted = core::split(pattern, '/');
  const auto given = core::split(path, '/');
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (given[i].empty()) return false;
      parameters[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = given[i];
    } else if (wanted[i] != given[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::int64_t Call::number(std::string_view name) const {
  const auto value = core::parse_integer(text(name));
  if (!value || *value <= 0)
    throw Error(ErrorCode::not_found, "there is no such thing: identifiers are whole numbers from 1");
  return *value;
}

const std::string& Call::text(std::string_view name) const {
  const auto found = parameters.find(name);
  if (found == parameters.end()) throw Error(ErrorCode::internal, "a route has no parameter " + std::string(name));
  return found->second;
}

std::int64_t Call::expected_version() const {
  const auto header = http.header("If-Match");
  if (!header) {
    throw Error(ErrorCode::precondition_required,
                "say which version you mean to change: send If-Match with the ETag that you got");
  }
  std::string_view tag = core::trim(*header);
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    if (const auto version = core::parse_integer(tag.substr(1, tag.size() - 2))) return *version;
  }
  throw Error(ErrorCode::stale, "If-Match names no version of this; read it again and send its ETag");
}

std::int64_t Call::number_query(std::string_view name, std::int64_t fallback, std::int64_t least,
                                std::int64_t most) const {
  const auto text = http.query(name);
  if (!text) return fallback;
  const auto value = core::parse_integer(*text);
  if (value && *value >= least && *value <= most) return *value;
  const std::string right = "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  throw Error(ErrorCode::invalid_argument, std::string(name) + " " + right, {{std::string(name), right}});
}

bool Call::truth_query(std::string_view name) const {
  return http.query(name) == "true";
}

void Router::add(std::string method, std::string pattern, Needs needs, Handler handler) {
  for (const Route& route : routes_) {
    if (route.method == method && route.pattern == pattern) {
      throw Error(ErrorCode::internal, "the route " + method + " " + pattern + " is there twice");
    }
  }
  routes_.push_back({std::move(method), std::move(pattern), needs, std::move(handler)});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
  Match match;
  for (const Route& route : routes_) {
    std::map<std::string, std::string, std::less<>> parameters;
    if (!matches(route.pattern, path, parameters)) continue;
    // tus asks with HEAD for what GET does not answer.
    if (route.method == method || (route.method == wanted && !match.route)) {
      match.route = &route;
      match.parameters = std::move(parameters);
      if (route.method == method) return match;
    }
    match.allowed.push_back(route.method);
  }
  return match;
}

}  // namespace muniment::webui
