#include "webui/public_addresses.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;

namespace {

// "archive:8420" and "[::1]:8420" without the port.
std::string_view name_of(std::string_view host) {
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return host.substr(0, colon);
}

std::string_view host_of(std::string_view origin) {
  const auto scheme_end = origin.find("://");
  return scheme_end == std::string_view::npos ? origin : origin.substr(scheme_end + 3);
}

// Lower case, without a port that goes without saying: browsers leave it out, some programs do not.
std::string normal_origin(std::string_view origin) {
  std::string normal = core::fold_case(origin);
  for (const auto& [scheme, port] : {std::pair("http://", ":80"), std::pair("https://", ":443")}) {
    if (normal.starts_with(scheme) && normal.ends_with(port))
      normal.resize(normal.size() - std::string_view(port).size());
  }
  return normal;
}

bool is_this_machine(std::string_view name) {
  if (name == "localhost" || name == "[::1]") return true;
  // Digits only, else 127.example.org would be.
  return name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_host(std::string_view host) {
  const std::string_view name = name_of(host);
  const std::string_view port = host.substr(name.size());
  const bool bracketed = name.starts_with('[') && name.ends_with(']');
  const std::string_view inner = bracketed ? name.substr(1, name.size() - 2) : name;
  const std::string_view allowed = bracketed ? "0123456789abcdef:." : "abcdefghijklmnopqrstuvwxyz0123456789-._";
  if (inner.empty() || inner.find_first_not_of(allowed) != std::string_view::npos) return false;
  return port.empty() || core::parse_integer(port.substr(1)).has_value();
}

}  // namespace

PublicAddresses::PublicAddresses(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    std::string origin = normal_origin(address);
    const bool has_scheme = origin.starts_with("http://") || origin.starts_with("https://");
    if (!has_scheme || !is_host(host_of(origin))) {
      throw Error(ErrorCode::invalid_argument,
                  "\"" + address + "\" is no address; write it as https://archive.example.org, without a path");
    }
    names_.emplace_back(name_of(host_of(origin)));
    origins_.push_back(std::move(origin));
  }
}

bool PublicAddresses::is_ours(std::string_view host) const {
  const std::string folded = core::fold_case(host);
  const std::string_view name = name_of(folded);
  return names_.empty() || is_this_machine(name) || std::ranges::find(names_, name) != names_.end();
}

bool PublicAddresses::is_own_origin(std::string_view origin, std::string_view host) const {
  const std::string normal = normal_origin(origin);
  if (std::ranges::find(origins_, normal) != origins_.end()) return true;
  const std::string asked = core::fold_case(host);
  if (!names_.empty() && !is_this_machine(name_of(asked))) return false;
  return host_of(core::fold_case(origin)) == asked;
}

}  // namespace muniment::webui
