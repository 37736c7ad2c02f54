#include "webui/dav/properties.h"

#include <algorithm>
#include <array>

#include "webui/dav/request.h"

namespace muniment::webui::dav {

using storage::FileProperty;

namespace {

constexpr std::array<std::string_view, 9> kLive{"creationdate",   "displayname",   "getcontentlength",
                                                "getcontenttype", "getetag",       "getlastmodified",
                                                "resourcetype",   "lockdiscovery", "supportedlock"};

constexpr std::string_view kMuniment = "urn:muniment";
constexpr std::string_view kSupportedLock =
    "<D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>"
    "<D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>";

// The content of a live property; empty when the resource does not have it.
std::optional<std::string> live_value(const Resource& resource, std::string_view name, std::string_view discovery) {
  if (name == "displayname") return escaped(resource.name);
  if (name == "resourcetype") return resource.is_collection() ? "<D:collection/>" : "";
  if (name == "creationdate" && core::to_microseconds(resource.created_at) > 0) {
    return core::to_rfc3339(std::chrono::floor<std::chrono::seconds>(resource.created_at));
  }
  if (name == "lockdiscovery") return std::string(discovery);
  if (name == "supportedlock") return resource.thing() ? std::string(kSupportedLock) : std::string();
  if (name == "getlastmodified") {
    const core::Time changed = resource.is_file() ? resource.changed_at : resource.created_at;
    if (core::to_microseconds(changed) > 0) return http_date(changed);
  }
  if (!resource.is_file()) return std::nullopt;
  if (name == "getcontentlength") return std::to_string(resource.size);
  if (name == "getcontenttype") {
    return escaped(resource.media_type.empty() ? "application/octet-stream" : resource.media_type);
  }
  if (name == "getetag") return escaped(resource.etag());
  return std::nullopt;
}

std::string live_element(std::string_view name, std::string_view value) {
  const std::string tag = "D:" + std::string(name);
  return "<" + tag + ">" + std::string(value) + "</" + tag + ">";
}

std::string empty_element(std::string_view space, std::string_view name) {
  Xml element;
  element.space = space;
  element.name = name;
  return to_xml(element);
}

// The number by which the API knows a file.
std::optional<std::string> own_element(const Resource& resource, std::string_view space, std::string_view name) {
  if (space != kMuniment || name != "document" || resource.kind != Resource::Kind::document) return std::nullopt;
  return "<M:document xmlns:M=\"urn:muniment\">" + std::to_string(resource.id) + "</M:document>";
}

bool is_of(const FileProperty& property, std::string_view space, std::string_view name) {
  return property.space == space && property.name == name;
}

}  // namespace

std::string propstat(std::string_view properties, int status) {
  return "<D:propstat><D:prop>" + std::string(properties) + "</D:prop><D:status>" + status_line(status) +
         "</D:status></D:propstat>";
}

bool is_live_property(std::string_view space, std::string_view name) {
  return space == kMuniment || (space == kDav && std::ranges::find(kLive, name) != kLive.end());
}

std::optional<PropertyRequest> PropertyRequest::read(Exchange& http) {
  const std::string body = http.read_all(kMostXmlBytes);
  PropertyRequest request;
  if (body.empty()) return request;
  const auto xml = parse_xml(body);
  if (!xml || !xml->is("propfind")) return std::nullopt;
  if (xml->child("propname") != nullptr) {
    request.wish_ = Wish::names;
    return request;
  }
  const Xml* list = xml->child("prop");
  if (list != nullptr) {
    request.wish_ = Wish::some;
  } else {
    if (xml->child("allprop") == nullptr) return std::nullopt;
    list = xml->child("include");
  }
  if (list == nullptr) return request;
  for (const Xml& wanted : list->content) {
    if (!wanted.name.empty()) request.wanted_.emplace_back(wanted.space, wanted.name);
  }
  return request;
}

std::string PropertyRequest::all(const Resource& resource, const std::vector<FileProperty>& dead,
                                 std::string_view discovery) const {
  std::string found;
  for (const std::string_view name : kLive) {
    const auto value = live_value(resource, name, discovery);
    if (value) found += live_element(name, wish_ == Wish::names ? "" : *value);
  }
  for (const FileProperty& property : dead) {
    found += wish_ == Wish::names ? empty_element(property.space, property.name) : property.element;
  }
  return propstat(found, 200);
}

std::string PropertyRequest::answer(const Resource& resource, const std::vector<FileProperty>& dead,
                                    std::string_view discovery) const {
  // What `include` names beyond that, nothing here has.
  if (wish_ != Wish::some) return all(resource, dead, discovery);
  std::string found, missing;
  for (const auto& [space, name] : wanted_) {
    if (space == kDav) {
      if (const auto value = live_value(resource, name, discovery)) {
        found += live_element(name, *value);
        continue;
      }
    }
    if (const auto element = own_element(resource, space, name)) {
      found += *element;
      continue;
    }
    const auto own = std::ranges::find_if(dead, [&](const FileProperty& p) { return is_of(p, space, name); });
    if (own != dead.end()) {
      found += own->element;
    } else {
      missing += empty_element(space, name);
    }
  }
  std::string answer;
  if (!found.empty() || missing.empty()) answer += propstat(found, 200);
  if (!missing.empty()) answer += propstat(missing, 404);
  return answer;
}

}  // namespace muniment::webui::dav
