// The API's questions, put to the index and told in the catalogue's identifiers.
#pragma once

#include "index/search_index.h"
#include "storage/database.h"
#include "webui/search.h"

namespace muniment::webui {

class CatalogueSearch final : public Search {
 public:
  // Both outlive it.
  CatalogueSearch(const index::SearchIndex& index, storage::Database& database);

  SearchResult search(const storage::Principal& who, const SearchRequest& request) override;
  std::vector<Suggestion> suggest(const storage::Principal& who, std::string_view query, std::size_t limit) override;
  std::vector<std::int64_t> similar(const storage::Principal& who, std::int64_t document_id,
                                    std::size_t limit) override;
  std::vector<PageHit> hits(std::string_view query, const storage::PageLayer& page) override;

 private:
  const index::SearchIndex& index_;
  storage::Database& database_;
};

}  // namespace muniment::webui
