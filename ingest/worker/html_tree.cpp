#include "ingest/worker/html_tree.h"

#include <algorithm>
#include <array>

#include <libxml/HTMLparser.h>

#include "core/error.h"

namespace muniment::ingest::worker {

HtmlTree parse_html(const std::string& html) {
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                           HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC;
  HtmlTree tree(htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions), xmlFreeDoc);
  if (tree == nullptr) throw core::Error(core::ErrorCode::bad_file, "the HTML cannot be read");
  return tree;
}

std::string_view name_of(const xmlNode* node) {
  return node->name == nullptr ? std::string_view() : reinterpret_cast<const char*>(node->name);
}

std::string attribute_of(const xmlNode* node, const char* name) {
  const std::unique_ptr<xmlChar, void (*)(void*)> value(
      xmlGetProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>(name)), xmlFree);
  return value == nullptr ? std::string() : reinterpret_cast<const char*>(value.get());
}

bool is_unseen(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"script",   "style",  "template", "head",
                                                      "noscript", "object", "svg"};
  return std::ranges::find(kNames, name) != kNames.end();
}

bool is_block(std::string_view name) {
  constexpr std::array<std::string_view, 33> kNames = {
      "p",  "div", "h1",  "h2",    "h3",    "h4",      "h5",      "h6",         "ul",       "ol",         "li",
      "dl", "dt",  "dd",  "tr",    "table", "section", "article", "header",     "footer",   "blockquote", "pre",
      "hr", "br",  "nav", "aside", "main",  "form",    "figure",  "figcaption", "fieldset", "address",    "body"};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace muniment::ingest::worker
