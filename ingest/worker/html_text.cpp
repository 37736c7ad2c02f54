#include "ingest/worker/html_text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <libxml/HTMLparser.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest::worker {

namespace {

template <std::size_t size>
bool is_one_of(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_unseen(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"script",   "style",  "template", "head",
                                                      "noscript", "object", "svg"};
  return is_one_of(name, kNames);
}

bool is_block(std::string_view name) {
  constexpr std::array<std::string_view, 33> kNames = {
      "p",  "div", "h1",  "h2",    "h3",    "h4",      "h5",      "h6",         "ul",       "ol",         "li",
      "dl", "dt",  "dd",  "tr",    "table", "section", "article", "header",     "footer",   "blockquote", "pre",
      "hr", "br",  "nav", "aside", "main",  "form",    "figure",  "figcaption", "fieldset", "address",    "body"};
  return is_one_of(name, kNames);
}

bool is_paragraph(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {"p",  "h1", "h2", "h3",    "h4",        "h5",
                                                       "h6", "ul", "ol", "table", "blockquote"};
  return is_one_of(name, kNames);
}

std::string_view name_of(const xmlNode* node) {
  return node->name == nullptr ? std::string_view() : reinterpret_cast<const char*>(node->name);
}

class Walker {
 public:
  // The parser allows some 250 levels, so recursion is no danger.
  void walk(const xmlNode* node, bool preformatted) {
    for (; node != nullptr; node = node->next) {
      if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        if (node->content != nullptr) add(reinterpret_cast<const char*>(node->content), preformatted);
      } else if (node->type == XML_ELEMENT_NODE) {
        element(node, preformatted);
      }
    }
  }

  HtmlText take() { return {core::collapse_space(title_), std::move(text_)}; }

 private:
  void element(const xmlNode* node, bool preformatted) {
    const auto name = name_of(node);
    if (name == "head") return find_title(node->children);
    if (is_unseen(name)) return;
    if (is_block(name)) break_line(is_paragraph(name));
    if (name == "td" || name == "th") add("\t", true);
    if (name == "img") {
      const std::unique_ptr<xmlChar, void (*)(void*)> alternative(
          xmlGetProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>("alt")), xmlFree);
      if (alternative != nullptr) add(reinterpret_cast<const char*>(alternative.get()), false);
    }
    walk(node->children, preformatted || name == "pre" || name == "textarea");
    if (is_block(name)) break_line(is_paragraph(name));
  }

  void find_title(const xmlNode* node) {
    for (; node != nullptr; node = node->next) {
      if (name_of(node) != "title" || node->children == nullptr || node->children->content == nullptr) continue;
      title_ = reinterpret_cast<const char*>(node->children->content);
    }
  }

  void break_line(bool paragraph) {
    if (text_.empty()) return;
    if (text_.back() != '\n') text_ += '\n';
    if (paragraph && !text_.ends_with("\n\n")) text_ += '\n';
  }

  void add(std::string_view text, bool preformatted) {
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
      if (preformatted || !space) {
        text_ += c;
      } else if (!text_.empty() && text_.back() != ' ' && text_.back() != '\n' && text_.back() != '\t') {
        text_ += ' ';
      }
    }
  }

  std::string text_;
  std::string title_;
};

}  // namespace

HtmlText html_text(const std::string& html) {
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                           HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC;
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions), xmlFreeDoc);
  if (document == nullptr) throw core::Error(core::ErrorCode::bad_file, "the HTML cannot be read");
  Walker walker;
  walker.walk(document->children, false);
  return walker.take();
}

}  // namespace muniment::ingest::worker
