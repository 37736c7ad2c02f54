#include "index/search_index.h"

#include <algorithm>
#include <atomic>

#include "core/error.h"
#include "index/internal/document_terms.h"
#include "index/internal/errors.h"
#include "index/internal/facet_columns.h"
#include "index/internal/query_builder.h"
#include "index/internal/questions.h"
#include "index/internal/shards.h"
#include "index/internal/spelling.h"
#include "index/internal/unweighted.h"

namespace muniment::index {

namespace {

constexpr std::int64_t kPagesLookedAt = 2000;
constexpr char kBeingMade[] = "the search index is being made anew; everything is there, and can be searched for soon";

// Words that alone find nothing are likely slips.
std::string corrected(Reader& reader, Spelling& spelling, const SearchRequest& request) {
  std::string query;
  bool changed = false;
  const Readable readable(reader, request.readable, request.hidden);
  for (const QueryChip& chip : request.query.chips) {
    std::string text = chip.text;
    const auto parsed = parse_query(chip.text);
    const bool plain = parsed.root && parsed.root->kind == QueryNode::Kind::words &&
                       parsed.root->field == QueryField::none && parsed.root->words.size() == 1 &&
                       !parsed.root->quoted && !chip.negated;
    if (plain) {
      const std::string word = spelling.suggest(parsed.root->words.front());
      Xapian::Enquire enquire(reader.database);
      enquire.set_weighting_scheme(Unweighted());
      const auto hits_of = [&](const ParsedQuery& of) {
        enquire.set_query(readable.among(build_query(of, reader.stems, Implicit::all, request.readable)));
        return enquire.get_mset(0, 1).get_matches_estimated();
      };
      // Only a word that the asker can find is offered.
      if (!word.empty() && hits_of(parse_query(word)) > hits_of(parsed)) {
        text = word;
        changed = true;
      }
    }
    query += (query.empty() ? "" : " ") + text;
  }
  return changed ? query : "";
}

}  // namespace

struct SearchIndex::State {
  std::filesystem::path directory;
  IndexOptions options;
  mutable Shards shards;
  mutable Readers readers;
  mutable FacetColumns columns;
  mutable Spelling spelling;
  std::vector<std::unique_ptr<Stems>> stems;  // one for each writing thread

  std::unique_ptr<Shards> rebuilt;
  std::int64_t rebuilt_through = 0;  // documents up to here are in `rebuilt`
  mutable std::atomic<bool> damaged = false;
  std::atomic<bool> interrupted;  // an earlier process did not end its rebuild
  std::atomic<bool> answers = true;

  State(const std::filesystem::path& where, IndexOptions wanted)
      : directory(where),
        options(std::move(wanted)),
        shards(directory / "documents", options.threads, options.on_problem),
        readers(shards, options.languages),
        columns(shards.directory()),
        spelling(directory / "spelling"),
        interrupted(std::filesystem::exists(directory / "rebuilt")) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i) {
      stems.push_back(std::make_unique<Stems>(options.languages));
    }
  }

  template <typename Use>
  auto ask(Use use) const {
    if (!answers || damaged) throw core::Error(core::ErrorCode::unavailable, kBeingMade);
    try {
      return readers.with(use);
    } catch (const Xapian::Error& error) {
      core::Error problem = translated(error);
      if (problem.code() != core::ErrorCode::corrupt) throw problem;
      damaged = true;
      if (options.on_problem) options.on_problem(problem);
      throw core::Error(core::ErrorCode::unavailable, kBeingMade).because(problem.cause());
    }
  }

  void write(Shards& into, const std::vector<Change>& changes, std::int64_t through) {
    std::vector<Shards::Change> wanted;
    std::vector<const Change*> given;
    for (const Change& change : changes) {
      if (change.document_id > through) continue;
      wanted.push_back({static_cast<Xapian::docid>(change.document_id), !change.document.has_value()});
      given.push_back(&change);
    }
    const std::string first_language = options.languages.empty() ? "" : options.languages.front();
    into.apply(wanted, [&](std::size_t change, std::size_t thread) {
      return index_document(*given[change]->document, *stems[thread], first_language);
    });
  }
};

SearchIndex::SearchIndex(std::filesystem::path directory, IndexOptions options) {
  try {
    state_ = std::make_unique<State>(directory, std::move(options));
  } catch (const Xapian::Error& error) {
    throw translated(error);
  }
}

SearchIndex::~SearchIndex() = default;

bool SearchIndex::needs_rebuild() const {
  return state_->damaged || state_->interrupted || state_->shards.is_new();
}

const std::vector<std::string>& SearchIndex::languages() const {
  return state_->options.languages;
}

void SearchIndex::apply(std::vector<Change> changes) {
  try {
    if (!state_->damaged) state_->write(state_->shards, changes, INT64_MAX);
  } catch (const core::Error& error) {
    if (error.code() == core::ErrorCode::corrupt) state_->damaged = true;
    throw;
  }
  if (state_->rebuilt) state_->write(*state_->rebuilt, changes, state_->rebuilt_through);
}

void SearchIndex::begin_rebuild() {
  const std::filesystem::path beside = state_->directory / "rebuilt";
  state_->rebuilt.reset();
  std::error_code ignored;
  std::filesystem::remove_all(beside, ignored);
  state_->rebuilt = std::make_unique<Shards>(beside, state_->options.threads, state_->options.on_problem);
  state_->rebuilt_through = 0;
  const auto shards = state_->shards.layout().shards;
  const bool empty = std::all_of(shards.begin(), shards.end(), [](const auto& shard) { return shard.documents == 0; });
  if (empty) state_->answers = false;
}

void SearchIndex::add_to_rebuilt(std::vector<Change> changes) {
  if (changes.empty()) return;
  state_->write(*state_->rebuilt, changes, INT64_MAX);
  state_->rebuilt_through = changes.back().document_id;
}

void SearchIndex::finish_rebuild() {
  state_->shards.replace_with(std::move(state_->rebuilt));
  state_->damaged = false;
  state_->interrupted = false;
  state_->answers = true;
}

void SearchIndex::abandon_rebuild() {
  state_->rebuilt.reset();
  state_->answers = true;
  std::error_code ignored;  // what stays behind is removed before the next one
  std::filesystem::remove_all(state_->directory / "rebuilt", ignored);
}

void SearchIndex::purge(const std::vector<std::int64_t>& documents) {
  std::vector<Xapian::docid> ids;
  for (const std::int64_t id : documents) ids.push_back(static_cast<Xapian::docid>(id));
  state_->shards.rewrite_without(ids);
  learn_spelling();
}

SearchAnswer SearchIndex::search(const SearchRequest& request, const PageText& page_text) const {
  return state_->ask([&](Reader& reader) {
    const auto columns = request.facets.empty() ? FacetColumns::Held() : state_->columns.of(reader);
    SearchAnswer answer = ask(reader, request, columns);
    if (request.snippets && request.query.root) {
      WordMatcher matcher(request.query, state_->options.languages);
      for (SearchHit& hit : answer.hits) {
        if (matcher.empty()) break;
        if (auto snippet = best_snippet(reader, hit.document_id, matcher, page_text)) {
          hit.snippets.push_back(std::move(*snippet));
        }
      }
    }
    if (request.query.root && (answer.total == 0 || answer.any_word)) {
      answer.did_you_mean = corrected(reader, state_->spelling, request);
    }
    return answer;
  });
}

std::vector<std::string> SearchIndex::suggest(const std::string& typed, const std::vector<std::int64_t>& readable,
                                              std::size_t limit, const std::vector<std::int64_t>& hidden) const {
  return state_->ask(
      [&](Reader& reader) { return suggestions(reader, typed, Readable(reader, readable, hidden), limit); });
}

std::vector<SearchHit> SearchIndex::similar(std::int64_t document_id, const std::vector<std::int64_t>& readable,
                                            std::size_t limit) const {
  return state_->ask([&](Reader& reader) { return similar_documents(reader, document_id, readable, limit); });
}

std::vector<std::pair<std::int64_t, std::int64_t>> SearchIndex::hit_pages(std::int64_t document_id,
                                                                          const ParsedQuery& query,
                                                                          const PageText& page_text) const {
  std::vector<std::pair<std::int64_t, std::int64_t>> pages;
  WordMatcher matcher(query, state_->options.languages);
  if (matcher.empty()) return pages;
  for (std::int64_t page = 1; page <= kPagesLookedAt; ++page) {
    const auto text = page_text(document_id, page);
    if (!text) break;
    const auto hits = matcher.hits(*text);
    if (!hits.empty()) pages.emplace_back(page, static_cast<std::int64_t>(hits.size()));
  }
  return pages;
}

std::vector<std::int64_t> SearchIndex::documents(std::int64_t after, std::size_t limit) const {
  return state_->ask([&](Reader& reader) {
    std::vector<std::int64_t> ids;
    auto posting = reader.database.postlist_begin("");
    const auto end = reader.database.postlist_end("");
    if (after > 0) {
      posting.skip_to(static_cast<Xapian::docid>(static_cast<std::uint64_t>(after) * reader.shards + 1));
    }
    for (; posting != end && ids.size() < limit; ++posting) ids.push_back(reader.document_id(*posting));
    return ids;
  });
}

std::int64_t SearchIndex::document_count() const {
  std::int64_t count = 0;
  for (const ShardRange& shard : state_->shards.layout().shards) count += shard.documents;
  return count;
}

std::vector<std::string> SearchIndex::damage() const {
  return state_->shards.damage();
}

bool SearchIndex::holds_text_of(const storage::IndexableDocument& document) const {
  return state_->ask([&](Reader& reader) { return holds_text(reader, document); });
}

void SearchIndex::learn_spelling() {
  state_->ask([&](Reader& reader) {
    state_->spelling.learn(reader.database);
    return 0;
  });
}

}  // namespace muniment::index
