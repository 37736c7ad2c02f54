// The search index: what changed goes in, questions come out. It holds nothing that the catalogue does not, and can be
// thrown away at any time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "index/query.h"
#include "index/word_matcher.h"
#include "storage/index_queue.h"

namespace muniment::index {

struct IndexOptions {
  std::vector<std::string> languages = {"eng",
                                        "swe"};  // of stemming; the first is assumed where a document's is unknown
  std::size_t threads = 2;                       // for bulk loads
  // What goes wrong in the background, from any thread: nothing is lost by it.
  std::function<void(const core::Error&)> on_problem = {};
};

enum class SortOrder { relevance, added_newest, added_oldest, date_newest, date_oldest, title, title_descending };

// "type", "tag", "correspondent", "year", "language", "class"; for filtering also "folder" and "state", and for
// counting "month", of the one year that is filtered by, in its order.
struct FacetFilter {
  std::string facet;
  std::vector<std::string> include;  // any of these
  std::vector<std::string> exclude;  // none of these
};

struct SearchRequest {
  ParsedQuery query;
  std::vector<std::int64_t> readable;     // access lists: nothing outside them is found, counted or suggested
  std::vector<std::int64_t> hidden = {};  // documents: nor are these, whatever list they are on here
  std::vector<FacetFilter> filters;
  SortOrder order = SortOrder::relevance;
  std::size_t offset = 0;
  std::size_t limit = 50;
  std::vector<std::string> facets;  // to count
  bool snippets = true;
  std::int64_t only_document = 0;  // 0: any
};

struct Snippet {
  std::int64_t page = 0;
  std::vector<SnippetPart> parts;
};

struct SearchHit {
  std::int64_t document_id = 0;
  double score = 0;               // comparable within one answer only
  std::vector<Snippet> snippets;  // of the best page; empty when only the metadata matched
};

struct FacetCount {
  std::string value;
  std::int64_t count = 0;
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::int64_t total = 0;
  bool total_exact = true;                                // beyond some thousands totals and counts are estimates
  std::map<std::string, std::vector<FacetCount>> facets;  // most frequent first; without the facet's own filter
  std::string did_you_mean;                               // a query that finds more; empty: none
  bool any_word = false;                                  // no document has all the words, so these have some of them
};

// Gives the text of one page, or nothing.
using PageText = std::function<std::optional<std::string>(std::int64_t document_id, std::int64_t page)>;

// `apply` and the rebuilding calls are for one thread; everything else is thread-safe and never waits for it. What is
// asked answers Error(unavailable) while there is no whole and sound index to answer from.
class SearchIndex {
 public:
  // Opens or makes it. Error(unavailable) while another process writes it.
  SearchIndex(std::filesystem::path directory, IndexOptions options);
  ~SearchIndex();

  // Nothing usable was there, what is there was found to be damaged, or an earlier rebuild did not end: rebuild it.
  bool needs_rebuild() const;
  const std::vector<std::string>& languages() const;

  struct Change {
    std::int64_t document_id = 0;
    std::optional<storage::IndexableDocument> document;  // empty: take it out
  };
  // Durable and visible to new questions on return. Error(io), Error(storage_full), Error(corrupt): try again or
  // rebuild.
  void apply(std::vector<Change> changes);

  // Makes the index anew beside the one that answers: `begin_rebuild`, then every document by `add_to_rebuilt` in
  // ascending order, then `finish_rebuild`, which puts it in the place of the old one in one step. What `apply` is
  // given meanwhile goes into both. Errors as of `apply`; after them, begin again.
  void begin_rebuild();
  void add_to_rebuilt(std::vector<Change> changes);
  void finish_rebuild();
  // Or gives it up, and the old one stays.
  void abandon_rebuild();

  // Leaves nothing in the files of documents that `apply` took out before: what held them is written anew, and the
  // words for "did you mean" are learnt anew. Returns when that is durable. Not while it is being rebuilt. Errors as of
  // `apply`; Error(conflict) when one of them is there again.
  void purge(const std::vector<std::int64_t>& documents);

  SearchAnswer search(const SearchRequest& request, const PageText& page_text) const;
  // Words of readable documents that begin as the last word of `typed` does, as whole queries; the most frequent first.
  std::vector<std::string> suggest(const std::string& typed, const std::vector<std::int64_t>& readable,
                                   std::size_t limit, const std::vector<std::int64_t>& hidden = {}) const;
  // Documents with the same unusual words.
  std::vector<SearchHit> similar(std::int64_t document_id, const std::vector<std::int64_t>& readable,
                                 std::size_t limit) const;
  // The pages of a document on which the query hits, with how often; at most the first 2000 pages are looked at.
  std::vector<std::pair<std::int64_t, std::int64_t>> hit_pages(std::int64_t document_id, const ParsedQuery& query,
                                                               const PageText& page_text) const;

  // For reconciling: the identifiers that it holds, ascending, after `after`.
  std::vector<std::int64_t> documents(std::int64_t after, std::size_t limit) const;
  std::int64_t document_count() const;

  // For verifying: what is wrong with its files, in words. Reads all of them; the database's own check, which does not
  // notice every altered byte.
  std::vector<std::string> damage() const;
  // And whether every word of a document's pages is found in it, as often as it stands there.
  bool holds_text_of(const storage::IndexableDocument& document) const;

  // Learns the words for "did you mean" anew from what is indexed. Seconds for a large index.
  void learn_spelling();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::index
