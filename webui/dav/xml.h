// The XML of WebDAV: small bodies of strangers are read, answers are written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::webui::dav {

inline constexpr std::string_view kDav = "DAV:";
inline constexpr std::size_t kMostXmlBytes = 1024 * 1024;

struct Attribute {
  std::string space;
  std::string name;
  std::string value;
};

// An element, or, within one, a text.
struct Xml {
  std::string space;
  std::string name;  // empty: this is a text
  std::string text;
  std::vector<Attribute> attributes;
  std::vector<Xml> content;

  bool is(std::string_view wanted) const { return space == kDav && name == wanted; }
  // The first child of that name in DAV:; null when there is none.
  const Xml* child(std::string_view wanted) const;
};

// Empty for what is not well-formed, has a document type (no entity is ever resolved), is deeper than 64 elements or
// has more than 10 000 of them.
std::optional<Xml> parse_xml(std::string_view body);

// Text by itself: every namespace is declared where it is used.
std::string to_xml(const Xml& element);
// For text and attribute values; what XML has no way to write is left out.
std::string escaped(std::string_view text);

}  // namespace muniment::webui::dav
