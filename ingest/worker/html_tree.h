// HTML as a tree, by libxml2: nothing that it refers to is loaded, nothing in it is run.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <libxml/tree.h>

namespace muniment::ingest::worker {

using HtmlTree = std::unique_ptr<xmlDoc, void (*)(xmlDoc*)>;

// `html` is UTF-8; Error(bad_file) when nothing of it can be read. A tree has some 250 levels at most, so that
// recursion is no danger.
HtmlTree parse_html(const std::string& html);

std::string_view name_of(const xmlNode* node);
// In the tree's encoding (UTF-8); empty when there is none.
std::string attribute_of(const xmlNode* node, const char* name);

// Of elements, by their names: what readers never see, and what begins a line of its own.
bool is_unseen(std::string_view name);
bool is_block(std::string_view name);

}  // namespace muniment::ingest::worker
