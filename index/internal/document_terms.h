// From a document of the catalogue to a document of the index.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <xapian.h>

#include "index/internal/stems.h"
#include "storage/index_queue.h"

namespace muniment::index {

// The index's document identifier is the catalogue's.
Xapian::Document index_document(const storage::IndexableDocument& document, Stems& stems,
                                const std::string& default_language);

// Where each page's positions begin: a document's data.
struct PageStart {
  std::int64_t number = 0;
  Xapian::termpos position = 0;  // of the word before its first one
};
using PageTable = std::vector<PageStart>;
std::string encode(const PageTable& pages);
PageTable decode_page_table(std::string_view text);

// Of the words and dates of a field of the organisation's own.
std::string custom_field_prefix(std::string_view key);
// Of a relation by its name, or of one to the document whose id follows kOtherEnd.
inline constexpr std::string_view kOtherEnd = "#";
std::string relation_term(std::string_view name, std::int64_t access_list);
// The terms of a day: decade, year, month, day.
std::vector<std::string> date_terms(std::string_view prefix, core::Date date);

}  // namespace muniment::index
