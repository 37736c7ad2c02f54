// What the API asks of the search index. Everything answered is filtered by what `who` may read: counts, facets,
// suggestions and spelling too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/access.h"
#include "storage/documents.h"
#include "storage/page_layer.h"

namespace muniment::webui {

enum class SearchOrder {
  relevance,
  newest_first,
  oldest_first,
  date_newest_first,
  date_oldest_first,
  title,
  title_backwards
};

// One facet's choice: any of `included`, none of `excluded`. Fields: type, tag, correspondent, class and folder by
// identifier; year, language, state by value.
struct SearchFilter {
  std::string field;
  std::vector<std::string> included;
  std::vector<std::string> excluded;
};

struct SearchRequest {
  std::string query;  // as people type it; empty: everything
  SearchOrder order = SearchOrder::relevance;
  std::vector<SearchFilter> filters;
  std::vector<std::string> facets;  // to be counted
  bool snippets = true;
  std::size_t offset = 0;
  std::size_t limit = 50;
};

struct Snippet {
  struct Part {
    std::string text;
    bool hit = false;
  };
  std::int64_t page = 0;
  std::vector<Part> parts;
};

struct SearchHit {
  std::int64_t id = 0;
  double score = 0;  // comparable within one answer only; 0 unless the order is by relevance
  std::vector<Snippet> snippets;
};

struct FacetValue {
  std::string value;  // for SearchFilter
  std::string label;
  std::int64_t count = 0;
};

// A part of the query as it was understood.
struct QueryChip {
  std::string text;   // as typed
  std::string field;  // empty: plain words
  std::string value;
  bool negated = false;
};

struct SearchResult {
  std::vector<SearchHit> hits;
  std::int64_t total = 0;
  bool total_exact = true;
  std::map<std::string, std::vector<FacetValue>> facets;
  std::optional<std::string> did_you_mean;
  std::vector<QueryChip> chips;
  std::vector<std::string> warnings;
};

struct Suggestion {
  std::string text;
  std::string kind;  // "word", "type", "tag", "correspondent", "title"
};

// A run of words on a page, each as {line, word in the line}, counted from 0.
using PageHit = std::vector<std::pair<std::size_t, std::size_t>>;

// Thread-safe.
class Search {
 public:
  virtual ~Search() = default;

  // An odd query is never an error: what is not understood is searched for as plain words, with a warning.
  virtual SearchResult search(const storage::Principal& who, const SearchRequest& request) = 0;
  virtual std::vector<Suggestion> suggest(const storage::Principal& who, std::string_view query, std::size_t limit) = 0;
  // Nearest first.
  virtual std::vector<std::int64_t> similar(const storage::Principal& who, std::int64_t document_id,
                                            std::size_t limit) = 0;
  // Where the query's words stand on a page, stemmed as the index does it.
  virtual std::vector<PageHit> hits(std::string_view query, const storage::PageLayer& page) = 0;
};

}  // namespace muniment::webui
