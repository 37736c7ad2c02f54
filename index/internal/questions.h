// Asking one reader: what SearchIndex's calls are made of.
#pragma once

#include <xapian.h>

#include "index/internal/facet_columns.h"
#include "index/internal/readers.h"
#include "index/search_index.h"

namespace muniment::index {

// The documents that an asker may read, as the index stands for this reader.
class Readable {
 public:
  // Those on the lists, without the hidden ones.
  Readable(Reader& reader, std::vector<std::int64_t> access_lists, const std::vector<std::int64_t>& hidden);
  Xapian::Query among(const Xapian::Query& query) const;

 private:
  Xapian::Query lists_;
  Xapian::Query hidden_;     // matches nothing when none is
  bool everything_ = false;  // is on the lists
};

// The query under filters; `without` leaves one facet's filter out.
Xapian::Query filtered(Xapian::Query query, const std::vector<FacetFilter>& filters, const std::string& without);

// Totals, counts and hits without snippets. `columns` are of this reader, or empty: the counts are the same.
SearchAnswer ask(Reader& reader, const SearchRequest& request, const FacetColumns::Held& columns);

// The best page of a hit, with its snippet; nothing when only the metadata matched.
std::optional<Snippet> best_snippet(Reader& reader, std::int64_t document_id, WordMatcher& matcher,
                                    const PageText& page_text);

std::vector<std::string> suggestions(Reader& reader, const std::string& typed, const Readable& readable,
                                     std::size_t limit);
std::vector<SearchHit> similar_documents(Reader& reader, std::int64_t document_id,
                                         const std::vector<std::int64_t>& readable, std::size_t limit);

// Whether every word of the document's pages is in its entry at least as often, in each table that says so.
bool holds_text(Reader& reader, const storage::IndexableDocument& document);

}  // namespace muniment::index
