#include "webui/dav/xml.h"

#include <memory>

#include <expat.h>

#include "core/text.h"

namespace muniment::webui::dav {

namespace {

constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostElements = 10'000;
// Cannot be part of a namespace's name.
constexpr char kSeparator = '\n';
constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

struct Reading {
  XML_Parser parser = nullptr;
  Xml root;                // its content is the document
  std::vector<Xml*> open;  // from the root to the element that is being read
  std::size_t elements = 0;
};

std::pair<std::string, std::string> split_name(const XML_Char* name) {
  const std::string_view whole(name);
  const auto at = whole.find(kSeparator);
  if (at == std::string_view::npos) return {"", std::string(whole)};
  return {std::string(whole.substr(0, at)), std::string(whole.substr(at + 1))};
}

void begin_element(void* user, const XML_Char* name, const XML_Char** attributes) {
  auto& reading = *static_cast<Reading*>(user);
  if (reading.open.size() > kMostDepth || ++reading.elements > kMostElements) {
    XML_StopParser(reading.parser, XML_FALSE);
    return;
  }
  Xml element;
  std::tie(element.space, element.name) = split_name(name);
  for (; *attributes != nullptr; attributes += 2) {
    auto [space, attribute] = split_name(attributes[0]);
    element.attributes.push_back({std::move(space), std::move(attribute), attributes[1]});
  }
  // Nothing is added to an element once its parent goes on, so the pointers stay good.
  reading.open.back()->content.push_back(std::move(element));
  reading.open.push_back(&reading.open.back()->content.back());
}

void end_element(void* user, const XML_Char*) {
  static_cast<Reading*>(user)->open.pop_back();
}

void take_text(void* user, const XML_Char* text, int length) {
  auto& reading = *static_cast<Reading*>(user);
  auto& content = reading.open.back()->content;
  if (content.empty() || !content.back().name.empty()) content.emplace_back();
  content.back().text.append(text, static_cast<std::size_t>(length));
}

void refuse_document_type(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

void write(const Xml& element, std::string& out) {
  if (element.name.empty()) {
    out += escaped(element.text);
    return;
  }
  const std::string tag = element.space.empty() ? element.name : "n:" + element.name;
  out += "<" + tag;
  out += element.space.empty() ? std::string(" xmlns=\"\"") : " xmlns:n=\"" + escaped(element.space) + "\"";
  int number = 0;
  for (const Attribute& attribute : element.attributes) {
    std::string prefix;
    if (attribute.space == kXmlNamespace) {
      prefix = "xml:";
    } else if (!attribute.space.empty()) {
      prefix = "a" + std::to_string(++number);
      out += " xmlns:" + prefix + "=\"" + escaped(attribute.space) + "\"";
      prefix += ':';
    }
    out += " " + prefix + attribute.name + "=\"" + escaped(attribute.value) + "\"";
  }
  if (element.content.empty()) {
    out += "/>";
    return;
  }
  out += ">";
  for (const Xml& part : element.content) write(part, out);
  out += "</" + tag + ">";
}

}  // namespace

const Xml* Xml::child(std::string_view wanted) const {
  for (const Xml& part : content) {
    if (part.is(wanted)) return &part;
  }
  return nullptr;
}

std::optional<Xml> parse_xml(std::string_view body) {
  if (body.size() > kMostXmlBytes) return std::nullopt;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreateNS(nullptr, kSeparator),
                                                                            &XML_ParserFree);
  if (!parser) return std::nullopt;
  Reading reading;
  reading.parser = parser.get();
  reading.open.push_back(&reading.root);
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), begin_element, end_element);
  XML_SetCharacterDataHandler(parser.get(), take_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), refuse_document_type);
  if (XML_Parse(parser.get(), body.data(), static_cast<int>(body.size()), XML_TRUE) != XML_STATUS_OK) {
    return std::nullopt;
  }
  for (Xml& part : reading.root.content) {
    if (!part.name.empty()) return std::move(part);
  }
  return std::nullopt;
}

std::string to_xml(const Xml& element) {
  std::string out;
  write(element, out);
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : core::to_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    }
  }
  return out;
}

}  // namespace muniment::webui::dav
