#include "webui/catalogue_search.h"

#include <algorithm>

#include "core/text.h"
#include "records/file_plan.h"
#include "storage/catalogue.h"
#include "storage/index_queue.h"

namespace muniment::webui {

using storage::Vocabulary;

namespace {

index::SortOrder order_of(SearchOrder order) {
  switch (order) {
    case SearchOrder::relevance:
      return index::SortOrder::relevance;
    case SearchOrder::newest_first:
      return index::SortOrder::added_newest;
    case SearchOrder::oldest_first:
      return index::SortOrder::added_oldest;
    case SearchOrder::date_newest_first:
      return index::SortOrder::date_newest;
    case SearchOrder::date_oldest_first:
      return index::SortOrder::date_oldest;
    case SearchOrder::title:
      return index::SortOrder::title;
    case SearchOrder::title_backwards:
      return index::SortOrder::title_descending;
  }
  return index::SortOrder::relevance;
}

std::optional<Vocabulary> vocabulary_of(std::string_view facet) {
  if (facet == "type") return Vocabulary::type;
  if (facet == "tag") return Vocabulary::tag;
  if (facet == "correspondent") return Vocabulary::correspondent;
  return std::nullopt;
}

// The index knows names and codes, people's addresses hold identifiers. What does not exist matches nothing.
std::vector<std::string> index_values(storage::Session& session, const std::string& facet,
                                      const std::vector<std::string>& identifiers) {
  std::vector<std::string> values;
  for (const std::string& identifier : identifiers) {
    const std::int64_t id = core::parse_integer(identifier).value_or(0);
    if (const auto vocabulary = vocabulary_of(facet)) {
      const auto entry = storage::find_name(session, *vocabulary, id);
      values.push_back(entry ? entry->name : "\x01");
    } else if (facet == "class") {
      const auto node = records::find_class(session, id);
      values.push_back(node ? node->code : "\x01");
    } else {
      values.push_back(identifier);
    }
  }
  return values;
}

std::vector<FacetValue> facet_values(storage::Session& session, const std::string& facet,
                                     const std::vector<index::FacetCount>& counts) {
  std::vector<FacetValue> values;
  for (const auto& [value, count] : counts) {
    if (const auto vocabulary = vocabulary_of(facet)) {
      // A name that was removed since is on its way out of the index.
      if (const auto entry = storage::find_named(session, *vocabulary, value)) {
        values.push_back({std::to_string(entry->id), entry->name, count});
      }
    } else if (facet == "class") {
      if (const auto node = records::find_class(session, std::string_view(value))) {
        values.push_back({std::to_string(node->id), node->code + " " + node->title, count});
      }
    } else {
      values.push_back({value, value, count});
    }
  }
  return values;
}

}  // namespace

CatalogueSearch::CatalogueSearch(const index::SearchIndex& index, storage::Database& database)
    : index_(index), database_(database) {}

SearchResult CatalogueSearch::search(const storage::Principal& who, const SearchRequest& request) {
  index::SearchRequest question;
  question.query = index::parse_query(request.query);
  question.readable = who.readable;
  question.order = order_of(request.order);
  question.offset = request.offset;
  question.limit = request.limit;
  question.facets = request.facets;
  question.snippets = request.snippets;
  auto session = database_.read();
  question.hidden = storage::not_readable_any_more(session, who);
  for (const SearchFilter& filter : request.filters) {
    question.filters.push_back({filter.field, index_values(session, filter.field, filter.included),
                                index_values(session, filter.field, filter.excluded)});
  }
  const index::SearchAnswer answer = index_.search(question, [&](std::int64_t document, std::int64_t page) {
    return storage::load_page_text(session, document, page);
  });

  SearchResult result;
  result.total = answer.total;
  result.total_exact = answer.total_exact;
  for (const index::SearchHit& hit : answer.hits) {
    SearchHit shown{hit.document_id, hit.score, {}};
    for (const index::Snippet& snippet : hit.snippets) {
      Snippet copy{snippet.page, {}};
      for (const index::SnippetPart& part : snippet.parts) copy.parts.push_back({part.text, part.hit});
      shown.snippets.push_back(std::move(copy));
    }
    result.hits.push_back(std::move(shown));
  }
  for (const auto& [facet, counts] : answer.facets) result.facets[facet] = facet_values(session, facet, counts);
  if (!answer.did_you_mean.empty()) result.did_you_mean = answer.did_you_mean;
  for (const index::QueryChip& chip : question.query.chips) {
    result.chips.push_back({chip.text, chip.field, chip.value, chip.negated});
  }
  result.warnings = question.query.warnings;
  if (answer.any_word) result.warnings.push_back("any_word");
  return result;
}

std::vector<Suggestion> CatalogueSearch::suggest(const storage::Principal& who, std::string_view query,
                                                 std::size_t limit) {
  auto session = database_.read();
  const auto hidden = storage::not_readable_any_more(session, who);
  std::vector<Suggestion> suggestions;
  for (std::string& text : index_.suggest(std::string(query), who.readable, limit, hidden)) {
    suggestions.push_back({std::move(text), "word"});
  }
  return suggestions;
}

std::vector<std::int64_t> CatalogueSearch::similar(const storage::Principal& who, std::int64_t document_id,
                                                   std::size_t limit) {
  std::vector<std::int64_t> ids;
  for (const index::SearchHit& hit : index_.similar(document_id, who.readable, limit)) ids.push_back(hit.document_id);
  return ids;
}

std::vector<PageHit> CatalogueSearch::hits(std::string_view query, const storage::PageLayer& page) {
  index::WordMatcher matcher(index::parse_query(query), index_.languages());
  if (matcher.empty()) return {};
  // Where each word of the layer begins in the text that the matcher sees (PageLayer::text).
  struct Place {
    std::size_t begin, end, line, word;
  };
  std::vector<Place> places;
  std::string text;
  for (std::size_t line = 0; line < page.lines.size(); ++line) {
    if (!text.empty()) text += page.lines[line].starts_paragraph ? "\n\n" : "\n";
    for (std::size_t word = 0; word < page.lines[line].words.size(); ++word) {
      if (word > 0) text += ' ';
      const std::size_t begin = text.size();
      text += page.lines[line].words[word].text;
      places.push_back({begin, text.size(), line, word});
    }
  }
  std::vector<PageHit> hits;
  auto place = places.begin();
  for (const index::TextHit& hit : matcher.hits(text)) {
    while (place != places.end() && place->end <= hit.begin) ++place;
    PageHit words;
    for (auto at = place; at != places.end() && at->begin < hit.end; ++at) words.emplace_back(at->line, at->word);
    if (!words.empty()) hits.push_back(std::move(words));
  }
  return hits;
}

}  // namespace muniment::webui
