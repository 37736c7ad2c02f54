// Where the words of a query stand in a text: for snippets, and for drawing hits on the page's picture.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "index/query.h"

namespace muniment::index {

struct TextHit {
  std::size_t begin = 0;  // bytes in the text, [begin, end)
  std::size_t end = 0;
};

struct SnippetPart {
  std::string text;
  bool hit = false;
};

// Agrees with the search about what a word matches: folding, stems of the languages, prefixes, phrases and codes.
// Conditions on other fields, and what a query excludes, match nothing. Not thread-safe.
class WordMatcher {
 public:
  WordMatcher(const ParsedQuery& query, const std::vector<std::string>& languages);
  ~WordMatcher();
  WordMatcher(WordMatcher&&) noexcept;

  // True when there is nothing to look for.
  bool empty() const;
  // In order, not overlapping.
  std::vector<TextHit> hits(std::string_view text);
  // About `length` bytes around the densest hits; nothing where there are none.
  std::vector<SnippetPart> snippet(std::string_view text, std::size_t length);
  // How many different words of the query the text has: what makes one page better than another.
  std::size_t distinct(std::string_view text);
  // The exact words looked for, folded: for finding pages by positions.
  std::vector<std::string> words() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::index
