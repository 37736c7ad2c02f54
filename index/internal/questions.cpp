#include "index/internal/questions.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <unordered_map>

#include "core/text.h"
#include "index/internal/document_terms.h"
#include "index/internal/query_builder.h"
#include "index/internal/tokens.h"
#include "index/internal/unweighted.h"
#include "index/terms.h"

namespace muniment::index {

using Xapian::Query;

namespace {

// Hits that are counted exactly; beyond, totals and facets are estimates (docs/search.md).
constexpr Xapian::doccount kCounted = 2000;
constexpr std::size_t kMostFacetValues = 50;
constexpr std::size_t kSnippetBytes = 220;
// Words from which a query is taken for a sentence, and the number of documents with all of them that are enough then.
constexpr std::size_t kSentenceWords = 4;
constexpr std::int64_t kEnoughForSentence = 10;
// Pages that are read to find the best one; a longer document's pages are found by the positions of the words.
constexpr std::size_t kPagesRead = 30;

struct Facet {
  std::string_view name;
  FacetField field;
  std::string_view term_prefix;
};

constexpr std::array<Facet, 6> kFacets = {{{"type", FacetField::type, prefix::kTypeValue},
                                           {"tag", FacetField::tag, prefix::kTagValue},
                                           {"correspondent", FacetField::correspondent, prefix::kCorrespondentValue},
                                           {"year", FacetField::year, prefix::kCreated},
                                           {"language", FacetField::language, prefix::kLanguage},
                                           {"class", FacetField::class_code, prefix::kClassCode}}};

const Facet* facet_named(std::string_view name) {
  for (const Facet& facet : kFacets) {
    if (facet.name == name) return &facet;
  }
  return nullptr;
}

Query value_query(const std::string& facet, const std::string& value) {
  if (facet == "folder") return Query(std::string(prefix::kFolderId) + value);
  if (facet == "state") return Query(std::string(prefix::kIs) + value);
  const Facet* known = facet_named(facet);
  if (!known) return Query::MatchAll;
  const bool verbatim = facet == "year" || facet == "language";
  return Query(std::string(known->term_prefix) + (verbatim ? value : folded_value(value)));
}

Query any_of(const std::string& facet, const std::vector<std::string>& values) {
  std::vector<Query> parts;
  for (const std::string& value : values) parts.push_back(value_query(facet, value));
  return Query(Query::OP_OR, parts.begin(), parts.end());
}

void set_order(Xapian::Enquire& enquire, SortOrder order, bool has_words) {
  switch (order) {
    case SortOrder::relevance:
      if (!has_words) {
        enquire.set_weighting_scheme(Unweighted());
        enquire.set_sort_by_value(slot::kAdded, true);
        return;
      }
      // k1 and b of the literature rather than Xapian's defaults; measured by tests/bench/index_relevance.
      enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0.5));
      enquire.set_sort_by_relevance();
      return;
    case SortOrder::added_newest:
      enquire.set_sort_by_value(slot::kAdded, true);
      break;
    case SortOrder::added_oldest:
      enquire.set_sort_by_value(slot::kAdded, false);
      break;
    case SortOrder::date_newest:
      enquire.set_sort_by_value(slot::kCreated, true);
      break;
    case SortOrder::date_oldest:
      enquire.set_sort_by_value(slot::kCreated, false);
      break;
    case SortOrder::title:
      enquire.set_sort_by_value(slot::kTitle, false);
      break;
    case SortOrder::title_descending:
      enquire.set_sort_by_value(slot::kTitle, true);
      break;
  }
  enquire.set_weighting_scheme(Unweighted());
}

// Counts the facets of the documents that a match looks at.
class FacetCounter : public Xapian::MatchSpy {
 public:
  FacetCounter(const Reader& reader, const FacetColumns::Held& columns)
      : reader_(reader), columns_(columns), seen_(reader.parts.size()) {}

  void operator()(const Xapian::Document& document, double /*weight*/) override {
    const Xapian::docid id = document.get_docid();  // its own, also where the match is of several shards
    if (!is_in(part_, id)) part_ = reader_.part_of(id);
    const FacetColumn* column = part_ < columns_.size() ? columns_[part_].get() : nullptr;
    if (!column) {
      ++lines_[document.get_value(slot::kFacets)];
      return;
    }
    std::vector<std::int64_t>& seen = seen_[part_];
    seen.resize(column->values().size());
    for (const std::uint32_t value : column->of(id)) ++seen[value];
  }

  using Fields = std::bitset<kFacetFields>;
  // Of these fields, by field, the most frequent first.
  std::array<std::vector<FacetCount>, kFacetFields> counts(const Fields& wanted) const {
    std::array<std::unordered_map<std::string_view, std::int64_t>, kFacetFields> sums;
    const auto add = [&](const FacetValue& value, std::int64_t count) {
      const auto field = static_cast<std::size_t>(value.field);
      if (count > 0 && wanted[field]) sums[field][value.name] += count;
    };
    for (std::size_t part = 0; part < seen_.size(); ++part) {
      for (std::size_t i = 0; i < seen_[part].size(); ++i) add(columns_[part]->values()[i], seen_[part][i]);
    }
    for (const auto& [line, count] : lines_) {
      for (const FacetValue& value : facet_values(line)) add(value, count);
    }
    std::array<std::vector<FacetCount>, kFacetFields> counts;
    for (std::size_t field = 0; field < kFacetFields; ++field) counts[field] = most_frequent(sums[field]);
    return counts;
  }

 private:
  bool is_in(std::size_t part, Xapian::docid id) const {
    const auto& parts = reader_.parts;
    return parts[part].shard.first <= id && (part + 1 == parts.size() || id < parts[part + 1].shard.first);
  }

  static std::vector<FacetCount> most_frequent(const std::unordered_map<std::string_view, std::int64_t>& sums) {
    std::vector<FacetCount> all;
    for (const auto& [value, count] : sums) all.push_back({std::string(value), count});
    std::sort(all.begin(), all.end(), [](const FacetCount& a, const FacetCount& b) {
      return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    if (all.size() > kMostFacetValues) all.resize(kMostFacetValues);
    return all;
  }

  const Reader& reader_;
  const FacetColumns::Held& columns_;
  std::size_t part_ = 0;                                 // of the last document: they come shard by shard
  std::vector<std::vector<std::int64_t>> seen_;          // by part, as its column's values; empty without one
  std::unordered_map<std::string, std::int64_t> lines_;  // of documents without a column
};

// Of the one year that is chosen; of none without one. Counted by the terms of the months and not by what was looked
// at: a year of a large archive has more documents than are.
std::vector<FacetCount> month_counts(Reader& reader, const Query& found, const std::vector<FacetFilter>& filters) {
  const auto years =
      std::find_if(filters.begin(), filters.end(), [](const FacetFilter& filter) { return filter.facet == "year"; });
  std::vector<FacetCount> counts;
  if (years == filters.end() || years->include.size() != 1) return counts;
  for (int month = 1; month <= 12; ++month) {
    const std::string digits = (month < 10 ? "0" : "") + std::to_string(month);
    const Query term(std::string(prefix::kCreated) + years->include.front() + digits);
    Xapian::Enquire enquire(reader.database);
    enquire.set_query(Query(Query::OP_FILTER, found, condition(term)));
    enquire.set_weighting_scheme(Unweighted());
    const std::int64_t count = enquire.get_mset(0, 0, kCounted).get_matches_estimated();
    if (count > 0) counts.push_back({years->include.front() + "-" + digits, count});
  }
  return counts;
}

// The documents of these numbers, ascending, those that there are. A term of each would be a list of each: of thousands
// a search took seconds.
class Numbered : public Xapian::PostingSource {
 public:
  explicit Numbered(std::shared_ptr<const std::vector<Xapian::docid>> ids) : ids_(std::move(ids)) {}

  Numbered* clone() const override { return new Numbered(ids_); }  // Xapian deletes it
  void init(const Xapian::Database& shard) override {
    at_ = ids_->begin();
    begun_ = false;
    const auto first = shard.postlist_begin("");
    if (first == shard.postlist_end("")) return;
    const auto here = std::lower_bound(ids_->begin(), ids_->end(), *first);
    const auto end = std::upper_bound(here, ids_->end(), shard.get_lastdocid());
    most_ = std::min(static_cast<Xapian::doccount>(end - here), shard.get_doccount());
  }
  Xapian::doccount get_termfreq_min() const override { return 0; }
  Xapian::doccount get_termfreq_est() const override { return most_; }
  Xapian::doccount get_termfreq_max() const override { return most_; }

  void next(double /*least_weight*/) override {
    if (begun_) ++at_;
    begun_ = true;
  }
  void skip_to(Xapian::docid id, double /*least_weight*/) override {
    begun_ = true;
    at_ = std::lower_bound(at_, ids_->end(), id);
  }
  bool at_end() const override { return at_ == ids_->end(); }
  Xapian::docid get_docid() const override { return *at_; }

 private:
  const std::shared_ptr<const std::vector<Xapian::docid>> ids_;
  std::vector<Xapian::docid>::const_iterator at_;
  bool begun_ = false;
  Xapian::doccount most_ = 0;
};

bool has_filter(const std::vector<FacetFilter>& filters, const std::string& facet) {
  return std::any_of(filters.begin(), filters.end(), [&](const FacetFilter& filter) { return filter.facet == facet; });
}

SearchAnswer ask_as(Reader& reader, const SearchRequest& request, const FacetColumns::Held& columns,
                    const Query& words) {
  SearchAnswer answer;
  Query allowed = Readable(reader, request.readable, request.hidden).among(words);
  if (request.only_document > 0) {
    const Query one(std::string(prefix::kId) + std::to_string(request.only_document));
    allowed = Query(Query::OP_FILTER, allowed, condition(one));
  }
  Xapian::Enquire enquire(reader.database);
  const Query found = filtered(allowed, request.filters, "");
  enquire.set_query(found);
  set_order(enquire, request.order, request.query.root.has_value());

  FacetCounter counter(reader, columns);
  if (!request.facets.empty()) enquire.add_matchspy(&counter);
  const Xapian::MSet hits = enquire.get_mset(static_cast<Xapian::doccount>(request.offset),
                                             static_cast<Xapian::doccount>(request.limit), kCounted);
  for (auto hit = hits.begin(); hit != hits.end(); ++hit) {
    answer.hits.push_back({reader.document_id(*hit), hit.get_weight(), {}});
  }
  answer.total = hits.get_matches_estimated();
  answer.total_exact = hits.get_matches_lower_bound() == hits.get_matches_upper_bound();

  FacetCounter::Fields unfiltered;
  for (const std::string& name : request.facets) {
    const Facet* facet = facet_named(name);
    if (facet && !has_filter(request.filters, name)) unfiltered.set(static_cast<std::size_t>(facet->field));
  }
  const auto counts = counter.counts(unfiltered);
  for (const std::string& name : request.facets) {
    if (name == "month") answer.facets[name] = month_counts(reader, found, request.filters);
    const Facet* facet = facet_named(name);
    if (!facet) continue;
    const auto field = static_cast<std::size_t>(facet->field);
    if (unfiltered[field]) {
      answer.facets[name] = counts[field];
      continue;
    }
    // Its own filter must not hide what else could be chosen.
    FacetCounter wider_counter(reader, columns);
    Xapian::Enquire wider(reader.database);
    wider.set_query(filtered(allowed, request.filters, name));
    wider.set_weighting_scheme(Unweighted());
    wider.add_matchspy(&wider_counter);
    wider.get_mset(0, 0, kCounted);
    answer.facets[name] = wider_counter.counts(FacetCounter::Fields().set(field))[field];
  }
  return answer;
}

bool finds_something(Reader& reader, const Query& query, const Readable& readable) {
  Xapian::Enquire enquire(reader.database);
  enquire.set_query(readable.among(query));
  enquire.set_weighting_scheme(Unweighted());
  return !enquire.get_mset(0, 1).empty();
}

// Nothing when the document is not in the index.
std::optional<Xapian::Document> find_document(Reader& reader, Xapian::docid merged) {
  try {
    return reader.database.get_document(merged);
  } catch (const Xapian::DocNotFoundError&) {
    return std::nullopt;
  }
}

// Pages on which the words of the query stand, those with most of them first.
std::vector<std::int64_t> pages_by_positions(Reader& reader, Xapian::docid merged, const PageTable& pages,
                                             const std::vector<std::string>& words) {
  std::unordered_map<std::int64_t, int> scores;
  for (const std::string& word : words) {
    std::int64_t last_page = 0;
    for (auto position = reader.database.positionlist_begin(merged, word);
         position != reader.database.positionlist_end(merged, word); ++position) {
      auto page = std::upper_bound(pages.begin(), pages.end(), *position,
                                   [](Xapian::termpos at, const PageStart& start) { return at <= start.position; });
      if (page == pages.begin()) continue;
      const std::int64_t number = std::prev(page)->number;
      if (number != last_page) ++scores[number];
      last_page = number;
    }
  }
  std::vector<std::int64_t> numbers;
  for (const auto& [number, score] : scores) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end(),
            [&](std::int64_t a, std::int64_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  return numbers;
}

}  // namespace

Readable::Readable(Reader& reader, std::vector<std::int64_t> access_lists, const std::vector<std::int64_t>& hidden) {
  std::sort(access_lists.begin(), access_lists.end());
  access_lists.erase(std::unique(access_lists.begin(), access_lists.end()), access_lists.end());
  std::vector<Query> lists;
  Xapian::doccount documents = 0;
  for (const std::int64_t list : access_lists) {
    const std::string term = std::string(prefix::kAccessList) + std::to_string(list);
    const Xapian::doccount on_this_list = reader.database.get_termfreq(term);
    if (on_this_list > 0) lists.emplace_back(term);
    documents += on_this_list;
  }
  lists_ = condition(Query(Query::OP_OR, lists.begin(), lists.end()));
  // Each document is on exactly one list. Asking for all lists cost mixed queries a fifth of their time.
  everything_ = documents == reader.database.get_doccount();
  if (hidden.empty()) return;
  std::vector<Xapian::docid> ids;
  for (const std::int64_t id : hidden) ids.push_back(static_cast<Xapian::docid>(id));
  std::sort(ids.begin(), ids.end());
  hidden_ = Query((new Numbered(std::make_shared<const std::vector<Xapian::docid>>(std::move(ids))))->release());
}

Query Readable::among(const Query& query) const {
  const Query listed = everything_ ? query : Query(Query::OP_FILTER, query, lists_);
  return hidden_.empty() ? listed : Query(Query::OP_AND_NOT, listed, hidden_);
}

Query filtered(Query query, const std::vector<FacetFilter>& filters, const std::string& without) {
  for (const FacetFilter& filter : filters) {
    if (filter.facet == without) continue;
    if (!filter.include.empty())
      query = Query(Query::OP_FILTER, query, condition(any_of(filter.facet, filter.include)));
    if (!filter.exclude.empty()) query = Query(Query::OP_AND_NOT, query, any_of(filter.facet, filter.exclude));
  }
  return query;
}

SearchAnswer ask(Reader& reader, const SearchRequest& request, const FacetColumns::Held& columns) {
  SearchAnswer answer =
      ask_as(reader, request, columns, build_query(request.query, reader.stems, Implicit::all, request.readable));
  if (!request.query.implicit_words) return answer;
  // A few words narrow the search, each of them; of a whole sentence some words are only manner of speaking.
  const bool sentence = request.query.chips.size() >= kSentenceWords && request.order == SortOrder::relevance;
  if (answer.total >= (sentence ? kEnoughForSentence : 1)) return answer;
  answer = ask_as(reader, request, columns, build_query(request.query, reader.stems, Implicit::any, request.readable));
  answer.any_word = answer.total > 0;
  return answer;
}

std::optional<Snippet> best_snippet(Reader& reader, std::int64_t document_id, WordMatcher& matcher,
                                    const PageText& page_text) {
  const Xapian::docid merged = reader.merged_id(document_id);
  const auto document = find_document(reader, merged);
  if (!document) return std::nullopt;
  const PageTable pages = decode_page_table(document->get_data());
  std::vector<std::int64_t> numbers;
  if (pages.size() > kPagesRead) numbers = pages_by_positions(reader, merged, pages, matcher.words());
  if (numbers.empty()) {
    for (const PageStart& page : pages) numbers.push_back(page.number);
  }
  if (numbers.size() > kPagesRead) numbers.resize(kPagesRead);
  std::optional<Snippet> best;
  std::size_t best_distinct = 0;
  for (const std::int64_t number : numbers) {
    const auto text = page_text(document_id, number);
    if (!text) continue;
    // Most documents have one page: its hits need not be counted first.
    const std::size_t distinct = numbers.size() == 1 ? 1 : matcher.distinct(*text);
    if (distinct <= best_distinct) continue;
    auto parts = matcher.snippet(*text, kSnippetBytes);
    if (parts.empty()) continue;
    best_distinct = distinct;
    best = Snippet{number, std::move(parts)};
  }
  return best;
}

std::vector<std::string> suggestions(Reader& reader, const std::string& typed, const Readable& readable,
                                     std::size_t limit) {
  constexpr std::size_t kScanned = 5000;
  constexpr std::size_t kTried = 40;
  const std::vector<Token> tokens = tokenise(typed);
  if (tokens.empty() || tokens.back().end != typed.size() || tokens.back().word.size() < 2) return {};
  const std::string& start = tokens.back().word;
  std::vector<std::pair<Xapian::doccount, std::string>> found;
  std::size_t scanned = 0;
  for (auto term = reader.database.allterms_begin(start); term != reader.database.allterms_end(start); ++term) {
    if (++scanned > kScanned) break;
    found.emplace_back(term.get_termfreq(), *term);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (found.size() > kTried) found.resize(kTried);
  std::vector<std::string> words;
  for (const auto& [frequency, word] : found) {
    if (words.size() >= limit) break;
    // How often a word stands in documents that the asker may not read must not show, nor that it does at all.
    if (finds_something(reader, Query(word), readable)) words.push_back(typed.substr(0, tokens.back().begin) + word);
  }
  return words;
}

std::vector<SearchHit> similar_documents(Reader& reader, std::int64_t document_id,
                                         const std::vector<std::int64_t>& readable, std::size_t limit) {
  constexpr Xapian::termcount kTerms = 20;
  const Xapian::docid merged = reader.merged_id(document_id);
  if (!find_document(reader, merged)) return {};
  Xapian::RSet examples;
  examples.add_document(merged);
  // Words of the text that another document has too; not stems, and nothing that stands for metadata.
  struct SharedWords : Xapian::ExpandDecider {
    const Xapian::Database& database;
    explicit SharedWords(const Xapian::Database& of) : database(of) {}
    bool operator()(const std::string& term) const override {
      return term.size() >= 3 && (term[0] < 'A' || term[0] > 'Z') && !has_digit(term) &&
             database.get_termfreq(term) > 1;
    }
  } words(reader.database);
  Xapian::Enquire enquire(reader.database);
  const Xapian::ESet terms = enquire.get_eset(kTerms, examples, &words);
  if (terms.empty()) return {};
  enquire.set_query(
      Readable(reader, readable, {}).among(Query(Query::OP_ELITE_SET, terms.begin(), terms.end(), kTerms)));
  enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0.5));
  std::vector<SearchHit> hits;
  const Xapian::MSet found = enquire.get_mset(0, static_cast<Xapian::doccount>(limit + 1));
  for (auto hit = found.begin(); hit != found.end() && hits.size() < limit; ++hit) {
    if (*hit != merged) hits.push_back({reader.document_id(*hit), hit.get_weight(), {}});
  }
  return hits;
}

bool holds_text(Reader& reader, const storage::IndexableDocument& document) {
  storage::IndexableDocument text;
  text.id = document.id;
  text.language = document.language;
  text.pages = document.pages;
  const Xapian::Document wanted = index_document(text, reader.stems, "");
  const Xapian::docid merged = reader.merged_id(document.id);
  const auto stored = find_document(reader, merged);
  if (!stored) return false;
  auto entry = stored->termlist_begin();
  for (auto word = wanted.termlist_begin(); word != wanted.termlist_end(); ++word) {
    if (word.positionlist_count() == 0) continue;  // stands for metadata, or is a stem
    entry.skip_to(*word);
    if (entry == stored->termlist_end() || *entry != *word || entry.get_wdf() < word.get_wdf()) return false;
    auto posting = reader.database.postlist_begin(*word);
    posting.skip_to(merged);
    if (posting == reader.database.postlist_end(*word) || *posting != merged || posting.get_wdf() < word.get_wdf()) {
      return false;
    }
    Xapian::termcount positions = 0;
    for (auto at = reader.database.positionlist_begin(merged, *word);
         at != reader.database.positionlist_end(merged, *word); ++at) {
      ++positions;
    }
    if (positions < word.positionlist_count()) return false;
  }
  return true;
}

}  // namespace muniment::index
