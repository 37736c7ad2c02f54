#include "index/search_index.h"

#include <algorithm>

#include "core/error.h"
#include "index/internal/document_terms.h"
#include "index/internal/errors.h"
#include "index/internal/query_builder.h"
#include "index/internal/questions.h"
#include "index/internal/shards.h"
#include "index/internal/spelling.h"

namespace muniment::index {

namespace {

constexpr std::int64_t kPagesLookedAt = 2000;

// Words that alone find nothing are likely slips.
std::string corrected(Reader& reader, Spelling& spelling, const SearchRequest& request) {
  std::string query;
  bool changed = false;
  for (const QueryChip& chip : request.query.chips) {
    std::string text = chip.text;
    const auto parsed = parse_query(chip.text);
    const bool plain = parsed.root && parsed.root->kind == QueryNode::Kind::words &&
                       parsed.root->field == QueryField::none && parsed.root->words.size() == 1 &&
                       !parsed.root->quoted && !chip.negated;
    if (plain) {
      const std::string word = spelling.suggest(parsed.root->words.front());
      Xapian::Enquire enquire(reader.database);
      enquire.set_weighting_scheme(Xapian::BoolWeight());
      const auto hits_of = [&](const ParsedQuery& of) {
        enquire.set_query(under_access(build_query(of, reader.stems, Implicit::all), request.readable));
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
  IndexOptions options;
  Shards shards;
  mutable Readers readers;
  mutable Spelling spelling;
  std::vector<std::unique_ptr<Stems>> stems;  // one for each writing thread

  State(const std::filesystem::path& directory, IndexOptions wanted)
      : options(std::move(wanted)),
        shards(directory / "documents", options.threads),
        readers(shards, options.languages),
        spelling(directory / "spelling") {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options.threads); ++i) {
      stems.push_back(std::make_unique<Stems>(options.languages));
    }
  }

  template <typename Use>
  auto ask(Use use) const {
    try {
      return readers.with(use);
    } catch (const Xapian::Error& error) {
      throw translated(error);
    }
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

bool SearchIndex::is_new() const {
  return state_->shards.is_new();
}

const std::vector<std::string>& SearchIndex::languages() const {
  return state_->options.languages;
}

void SearchIndex::apply(std::vector<Change> changes) {
  std::vector<Shards::Change> wanted;
  for (const Change& change : changes) {
    wanted.push_back({static_cast<Xapian::docid>(change.document_id), !change.document.has_value()});
  }
  const std::string first_language = state_->options.languages.empty() ? "" : state_->options.languages.front();
  state_->shards.apply(wanted, [&](std::size_t change, std::size_t thread) {
    return index_document(*changes[change].document, *state_->stems[thread], first_language);
  });
}

SearchAnswer SearchIndex::search(const SearchRequest& request, const PageText& page_text) const {
  return state_->ask([&](Reader& reader) {
    SearchAnswer answer = ask(reader, request);
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
                                              std::size_t limit) const {
  return state_->ask([&](Reader& reader) { return suggestions(reader, typed, readable, limit); });
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
  return state_->ask([](Reader& reader) { return static_cast<std::int64_t>(reader.database.get_doccount()); });
}

void SearchIndex::learn_spelling() {
  state_->ask([&](Reader& reader) {
    state_->spelling.learn(reader.database);
    return 0;
  });
}

}  // namespace muniment::index
