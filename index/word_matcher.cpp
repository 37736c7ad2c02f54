#include "index/word_matcher.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"
#include "index/internal/stems.h"
#include "index/internal/tokens.h"

namespace muniment::index {

namespace {

// One thing to look for.
struct Wanted {
  std::vector<std::string> words;  // one after the other
  std::string code;
  bool prefix = false;
  bool exact = false;
};

void collect(const QueryNode& node, std::vector<Wanted>& wanted) {
  switch (node.kind) {
    case QueryNode::Kind::none_of:
    case QueryNode::Kind::dates:
      return;
    case QueryNode::Kind::all_of:
    case QueryNode::Kind::any_of:
      for (const QueryNode& child : node.children) collect(child, wanted);
      return;
    case QueryNode::Kind::words:
    case QueryNode::Kind::prefix:
      if ((node.field != QueryField::none && node.field != QueryField::title) || node.common) return;
      wanted.push_back({node.words, node.code, node.kind == QueryNode::Kind::prefix, node.quoted});
  }
}

struct Range {
  std::size_t first = 0;  // tokens
  std::size_t last = 0;
  std::size_t what = 0;  // which of the wanted
};

}  // namespace

struct WordMatcher::State {
  std::vector<Wanted> wanted;
  Stems stems;
  std::unordered_map<std::string, std::vector<std::string>> stems_of_wanted;

  State(const ParsedQuery& query, const std::vector<std::string>& languages) : stems(languages) {
    if (query.root) collect(*query.root, wanted);
    for (const Wanted& entry : wanted) {
      for (const std::string& word : entry.words) stems_of_wanted[word] = stems.terms(word);
    }
  }

  bool same(const std::string& looked_for, const std::string& found, bool exact) {
    if (looked_for == found) return true;
    // Stemming changes the ends of words: what begins with another letter need not be stemmed to know.
    if (exact || looked_for.front() != found.front()) return false;
    const auto& wanted_stems = stems_of_wanted[looked_for];
    if (wanted_stems.empty() || has_digit(found)) return false;
    for (const std::string& stem : stems.terms(found)) {
      if (std::find(wanted_stems.begin(), wanted_stems.end(), stem) != wanted_stems.end()) return true;
    }
    return false;
  }

  bool matches_at(const Wanted& entry, const std::vector<Token>& tokens, std::size_t at) {
    if (entry.prefix) return tokens[at].word.starts_with(entry.words.front());
    if (at + entry.words.size() > tokens.size()) return false;
    const bool exact = entry.exact || entry.words.size() > 1;
    for (std::size_t i = 0; i < entry.words.size(); ++i) {
      if (!same(entry.words[i], tokens[at + i].word, exact)) return false;
    }
    return true;
  }

  std::vector<Range> ranges(const std::vector<Token>& tokens) {
    std::vector<Range> found;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      for (std::size_t what = 0; what < wanted.size(); ++what) {
        if (!matches_at(wanted[what], tokens, at)) continue;
        const std::size_t length = wanted[what].prefix ? 1 : wanted[what].words.size();
        found.push_back({at, at + length - 1, what});
      }
    }
    for_each_code(tokens, [&](std::size_t first, std::size_t last, const std::string& word) {
      for (std::size_t what = 0; what < wanted.size(); ++what) {
        const bool whole = wanted[what].words.size() == 1 && wanted[what].words.front() == word;
        if (whole || wanted[what].code == word) found.push_back({first, last, what});
      }
    });
    std::sort(found.begin(), found.end(),
              [](const Range& a, const Range& b) { return a.first != b.first ? a.first < b.first : a.last > b.last; });
    std::vector<Range> apart;
    for (const Range& range : found) {
      if (apart.empty() || range.first > apart.back().last) apart.push_back(range);
    }
    return apart;
  }
};

WordMatcher::WordMatcher(const ParsedQuery& query, const std::vector<std::string>& languages)
    : state_(std::make_unique<State>(query, languages)) {}
WordMatcher::~WordMatcher() = default;
WordMatcher::WordMatcher(WordMatcher&&) noexcept = default;

bool WordMatcher::empty() const {
  return state_->wanted.empty();
}

std::vector<TextHit> WordMatcher::hits(std::string_view text) {
  std::vector<TextHit> all;
  if (empty()) return all;
  const std::vector<Token> tokens = tokenise(text);
  for (const Range& range : state_->ranges(tokens)) all.push_back({tokens[range.first].begin, tokens[range.last].end});
  return all;
}

std::size_t WordMatcher::distinct(std::string_view text) {
  if (empty()) return 0;
  std::unordered_set<std::size_t> seen;
  for (const Range& range : state_->ranges(tokenise(text))) seen.insert(range.what);
  return seen.size();
}

std::vector<SnippetPart> WordMatcher::snippet(std::string_view text, std::size_t length) {
  const std::vector<TextHit> found = hits(text);
  if (found.empty()) return {};
  // The window that holds most hits; the earlier of equals.
  std::size_t best = 0, best_count = 0;
  for (std::size_t i = 0, end = 0; i < found.size(); ++i) {
    end = std::max(end, i);
    while (end < found.size() && found[end].end <= found[i].begin + length) ++end;
    if (end - i > best_count) {
      best = i;
      best_count = end - i;
    }
  }
  const std::size_t last = best + std::max<std::size_t>(best_count, 1) - 1;
  const std::size_t span = found[last].end - found[best].begin;
  const std::size_t margin = span < length ? (length - span) / 2 : 0;
  std::size_t begin = found[best].begin > margin ? found[best].begin - margin : 0;
  std::size_t end = std::min(text.size(), found[last].end + margin);
  const bool cut_before = begin > 0;
  const bool cut_after = end < text.size();
  const auto is_space = [&](std::size_t at) { return text[at] == ' ' || text[at] == '\n'; };
  while (cut_before && begin < found[best].begin && !is_space(begin)) ++begin;
  while (cut_after && end > found[last].end && !is_space(end - 1)) --end;

  std::vector<SnippetPart> parts;
  const auto add = [&](std::size_t from, std::size_t to, bool hit) {
    if (from >= to) return;
    std::string piece(text.substr(from, to - from));
    std::replace(piece.begin(), piece.end(), '\n', ' ');
    parts.push_back({std::move(piece), hit});
  };
  if (cut_before) parts.push_back({"… ", false});
  std::size_t at = begin;
  for (std::size_t i = best; i <= last; ++i) {
    add(at, found[i].begin, false);
    add(found[i].begin, found[i].end, true);
    at = found[i].end;
  }
  add(at, end, false);
  if (cut_after) parts.push_back({" …", false});
  return parts;
}

std::vector<std::string> WordMatcher::words() const {
  std::vector<std::string> all;
  for (const Wanted& entry : state_->wanted) {
    if (!entry.prefix) all.insert(all.end(), entry.words.begin(), entry.words.end());
  }
  return all;
}

}  // namespace muniment::index
