#include "ingest/worker/reduced_html.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include <libxml/uri.h>

#include "core/base64.h"
#include "core/text.h"
#include "ingest/worker/html_tree.h"

namespace muniment::ingest::worker {

namespace {

// Longer words are broken, as TextLayout breaks them: they would run over the edge of the page.
constexpr std::size_t kLongestWord = 80;  // bytes
// With more, the columns of a table would be too narrow for words.
constexpr std::size_t kMostColumns = 8;

void add_escaped(std::string& markup, std::string_view text) {
  std::size_t word = 0;
  for (const char c : text) {
    const bool begins_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (word >= kLongestWord && begins_character) {
      markup += ' ';
      word = 0;
    }
    word = static_cast<unsigned char>(c) <= 0x20 ? 0 : word + 1;
    if (c == '&') {
      markup += "&amp;";
    } else if (c == '<') {
      markup += "&lt;";
    } else if (c == '>') {
      markup += "&gt;";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      markup += c;
    }
  }
}

// Elements that stay what they are.
bool is_kept(std::string_view name) {
  constexpr std::array<std::string_view, 27> kNames = {
      "p",   "div", "h1", "h2", "h3", "h4", "h5",     "h6",  "ul",  "ol",   "li",         "dl",    "dt",    "dd",
      "pre", "b",   "i",  "u",  "s",  "em", "strong", "sub", "sup", "code", "blockquote", "small", "center"};
  return std::ranges::find(kNames, name) != kNames.end();
}

// The value of a property in a style attribute; in lower case.
std::string property_of(std::string_view style, std::string_view wanted) {
  const std::string folded = core::fold_case(style);
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t end = std::min(folded.find(';', at), folded.size());
    const std::string_view declaration = std::string_view(folded).substr(at, end - at);
    const auto colon = declaration.find(':');
    if (colon != std::string_view::npos && core::trim(declaration.substr(0, colon)) == wanted) {
      return std::string(core::trim(declaration.substr(colon + 1)));
    }
    at = end + 1;
  }
  return "";
}

bool is_hidden(const xmlNode* node) {
  const std::string style = attribute_of(node, "style");
  return property_of(style, "display").starts_with("none") || property_of(style, "visibility").starts_with("hidden") ||
         xmlHasProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>("hidden")) != nullptr;
}

// What of an element's looks stays: how its text is written and where it stands.
std::string kept_style(const xmlNode* node) {
  const std::string style = attribute_of(node, "style");
  std::string kept;
  const std::string weight = property_of(style, "font-weight");
  if (weight.starts_with("bold") || weight.starts_with("6") || weight.starts_with("7") || weight.starts_with("8") ||
      weight.starts_with("9")) {
    kept += "font-weight:bold;";
  }
  if (property_of(style, "font-style").starts_with("italic")) kept += "font-style:italic;";
  std::string align = property_of(style, "text-align");
  if (align.empty()) align = core::fold_case(attribute_of(node, "align"));
  if (name_of(node) == "center") align = "center";
  for (const std::string_view side : {"right", "center"}) {
    if (align.starts_with(side)) kept += "text-align:" + std::string(side) + ";";
  }
  return kept;
}

// The Content-ID, in lower case, in an address of a picture that came with the HTML (RFC 2392); empty in any other.
std::string content_id_in(const std::string& address) {
  constexpr std::string_view kScheme = "cid:";
  if (!core::fold_case(address).starts_with(kScheme)) return "";
  const std::unique_ptr<char, void (*)(void*)> id(xmlURIUnescapeString(address.c_str() + kScheme.size(), 0, nullptr),
                                                  xmlFree);
  return id == nullptr ? "" : core::fold_case(id.get());
}

bool is_element(const xmlNode* node) {
  return node->type == XML_ELEMENT_NODE;
}

bool has_content(const xmlNode* node) {
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (is_element(child)) {
      if (name_of(child) == "img"
              ? !attribute_of(child, "alt").empty() || attribute_of(child, "src").starts_with("cid:")
              : !is_unseen(name_of(child)) && has_content(child)) {
        return true;
      }
    } else if (child->content != nullptr) {
      const std::string_view text = reinterpret_cast<const char*>(child->content);
      constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
      for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) <= 0x20) {
          ++at;
        } else if (text.substr(at).starts_with(kNoBreakSpace)) {
          at += kNoBreakSpace.size();
        } else {
          return true;
        }
      }
    }
  }
  return false;
}

// A table that shows something in rows and columns.
struct Grid {
  std::vector<std::vector<const xmlNode*>> rows;  // of cells
  std::size_t columns = 0;                        // in the longest row
  bool holds_table = false;
};

void find_rows(const xmlNode* node, Grid& grid, bool in_cell) {
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (!is_element(child)) continue;
    const auto name = name_of(child);
    if (name == "table") {
      grid.holds_table = true;
      continue;
    }
    if (in_cell) {
      find_rows(child, grid, true);
    } else if (name == "tr") {
      grid.rows.emplace_back();
      find_rows(child, grid, false);
    } else if ((name == "td" || name == "th") && !grid.rows.empty()) {
      grid.rows.back().push_back(child);
      find_rows(child, grid, true);
    } else {
      find_rows(child, grid, false);
    }
  }
}

// Without the columns in which nothing stands, unless cells that span several make them hard to tell.
Grid grid_of(const xmlNode* table) {
  Grid grid;
  find_rows(table, grid, false);
  bool spans = false;
  for (const auto& row : grid.rows) {
    grid.columns = std::max(grid.columns, row.size());
    for (const xmlNode* cell : row) spans = spans || !attribute_of(cell, "colspan").empty();
  }
  std::vector<bool> used(grid.columns, spans);
  for (const auto& row : grid.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) used[i] = used[i] || has_content(row[i]);
  }
  for (auto& row : grid.rows) {
    std::size_t column = 0;
    std::erase_if(row, [&](const xmlNode*) { return !used[column++]; });
  }
  grid.columns = static_cast<std::size_t>(std::ranges::count(used, true));
  return grid;
}

class Reducer {
 public:
  explicit Reducer(const ShownPicture& picture) : picture_(picture) {}

  void walk(const xmlNode* node) {
    for (; node != nullptr; node = node->next) {
      if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        if (node->content != nullptr) add_escaped(markup_, reinterpret_cast<const char*>(node->content));
      } else if (is_element(node)) {
        element(node);
      }
    }
  }

  std::string take() { return std::move(markup_); }

 private:
  void element(const xmlNode* node) {
    const auto name = name_of(node);
    if (is_unseen(name) || is_hidden(node)) return;
    if (name == "img") return picture(node);
    if (name == "table") return table(node);
    if (name == "br" || name == "hr") {
      markup_ += "<" + std::string(name) + "/>";
    } else if (name == "a") {
      within("u", node);
    } else if (is_kept(name) && name != "center") {
      within(std::string(name), node);
    } else {
      within(is_block(name) || name == "center" || name == "td" || name == "th" ? "div" : "span", node);
    }
  }

  void within(const std::string& name, const xmlNode* node) {
    const std::string style = kept_style(node);
    markup_ += "<" + name + (style.empty() ? "" : " style=\"" + style + "\"") + ">";
    walk(node->children);
    markup_ += "</" + name + ">";
  }

  void table(const xmlNode* node) {
    const Grid grid = grid_of(node);
    if (grid.holds_table || grid.columns < 2) return within("div", node);
    const bool wide = grid.columns > kMostColumns;
    markup_ += wide ? "<div>" : "<table>";
    for (const auto& row : grid.rows) {
      markup_ += wide ? "<div>" : "<tr>";
      for (const xmlNode* cell : row) {
        within(wide ? "span" : name_of(cell) == "th" ? "th" : "td", cell);
        if (wide) markup_ += " ";
      }
      markup_ += wide ? "</div>" : "</tr>";
    }
    markup_ += wide ? "</div>" : "</table>";
  }

  void picture(const xmlNode* node) {
    const std::string id = content_id_in(attribute_of(node, "src"));
    const std::string bytes = !id.empty() && asked_.insert(id).second ? picture_(id) : "";
    const std::string_view type = shown_type(bytes);
    if (type.empty()) return add_escaped(markup_, attribute_of(node, "alt"));
    markup_ += "<img";
    for (const char* side : {"width", "height"}) {
      constexpr int kMostPixels = 2000;
      const std::string written = attribute_of(node, side);
      int pixels = 0;
      const auto end = written.data() + written.size();
      const auto [read, error] = std::from_chars(written.data(), end, pixels);
      const bool plain = error == std::errc() && (read == end || std::string_view(read) == "px");
      if (plain && pixels > 0 && pixels <= kMostPixels) {
        markup_ += " " + std::string(side) + "=\"" + std::to_string(pixels) + "\"";
      }
    }
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    markup_ +=
        " src=\"data:" + std::string(type) + ";base64," + core::to_base64(std::span(data, bytes.size())) + "\"/>";
  }

  const ShownPicture& picture_;
  std::set<std::string> asked_;  // for pictures with these Content-IDs
  std::string markup_;
};

}  // namespace

std::string reduced_html(const std::string& html, const ShownPicture& picture) {
  const HtmlTree tree = parse_html(html);
  Reducer reducer(picture);
  reducer.walk(tree->children);
  return reducer.take();
}

std::string_view shown_type(std::string_view picture) {
  if (picture.starts_with("\x89PNG")) return "image/png";
  if (picture.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  return picture.starts_with("GIF8") ? "image/gif" : std::string_view();
}

// In text a "<" is escaped, and in a picture no ">" stands before its end.
std::size_t size_without_pictures(std::string_view markup) {
  std::size_t size = markup.size();
  for (std::size_t at = markup.find("<img"); at != std::string_view::npos; at = markup.find("<img", at)) {
    const std::size_t end = std::min(markup.find('>', at), markup.size());
    size -= end - at;
    at = end;
  }
  return size;
}

std::string html_of_text(std::string_view text) {
  std::string markup = "<div style=\"white-space:pre-wrap\">";
  add_escaped(markup, text);
  return markup + "</div>";
}

}  // namespace muniment::ingest::worker
