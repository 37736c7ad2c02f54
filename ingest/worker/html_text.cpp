#include "ingest/worker/html_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.h"
#include "ingest/worker/html_tree.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

bool is_paragraph(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {"p",  "h1", "h2", "h3",    "h4",        "h5",
                                                       "h6", "ul", "ol", "table", "blockquote"};
  return std::ranges::find(kNames, name) != kNames.end();
}

class Walker {
 public:
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
    if (name == "img") add(attribute_of(node, "alt"), false);
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

std::string declared_encoding(const std::string& start) {
  const auto at = start.find("charset=");
  if (at == std::string::npos) return "";
  std::string_view name = std::string_view(start).substr(at + 8);
  if (name.starts_with('"') || name.starts_with('\'')) name.remove_prefix(1);
  const auto end = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_:.");
  return std::string(name.substr(0, end));
}

}  // namespace

HtmlText html_text(const std::string& html) {
  const HtmlTree document = parse_html(html);
  Walker walker;
  walker.walk(document->children, false);
  return walker.take();
}

std::string start_of_html(std::string_view bytes) {
  std::string start;
  for (const char c : bytes.substr(0, 2048)) {
    if (c != '\0') start += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return start;
}

std::string utf8_html(std::string_view bytes) {
  const std::string encoding = text_encoding(bytes, declared_encoding(start_of_html(bytes)));
  return encoding.empty() ? std::string() : decode_text(bytes, encoding, kMaxTextBytes);
}

}  // namespace muniment::ingest::worker
