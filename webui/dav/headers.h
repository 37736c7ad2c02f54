// The header values of WebDAV (RFC 4918, section 10): pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::webui::dav {

enum class Depth { zero, one, infinity };
// Without regard to case; empty for anything else.
std::optional<Depth> parse_depth(std::string_view header);

// If: what must hold of a resource for a request to be carried out.
struct Condition {
  bool negated = false;
  bool is_token = true;  // else an entity tag
  std::string value;     // "urn:uuid:..." without brackets, or the tag with its quotes
};
struct ConditionList {   // holds when all of its conditions do
  std::string resource;  // as in the header; empty: the request's own
  std::vector<Condition> conditions;
};
// Empty when it is malformed, or longer than anybody needs.
std::optional<std::vector<ConditionList>> parse_if(std::string_view header);

// The first of the wishes that can be met; never longer than `most`.
std::chrono::seconds parse_timeout(std::string_view header, std::chrono::seconds most);

// The decoded path of an absolute URI or path, without a query. Empty when it names another host, or nothing that can
// be a path: it must begin with "/", be UTF-8 without control characters and have no segments "." and "..".
std::optional<std::string> path_of(std::string_view uri, std::string_view host);

// A path as it stands in a URI: everything but letters, digits and "-._~/" is percent-encoded.
std::string encoded_path(std::string_view path);

// A lock token as Lock-Token has it: "<urn:uuid:...>".
std::optional<std::string> parse_lock_token(std::string_view header);

// User and password of "Basic ..." (RFC 7617).
struct BasicCredentials {
  std::string user;
  std::string password;
};
std::optional<BasicCredentials> parse_basic(std::string_view header);

}  // namespace muniment::webui::dav
