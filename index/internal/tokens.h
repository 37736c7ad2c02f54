// Words as the index knows them: the same folding for documents, queries and highlighting.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::index {

struct Token {
  std::string word;       // folded: lower case, without accents but å ä ö æ ø, compatibility forms resolved
  std::size_t begin = 0;  // bytes in the text that it came from, [begin, end)
  std::size_t end = 0;
  // Hangs on to the token before it without white space, by one of - / . , : _ + or an apostrophe ("INV-2024/0042"); or
  // it is a group of three digits one space after a number ("1 234,50").
  bool joined = false;
};

// The words of a text, in order. A word that a hyphen breaks at a line's end is one word; soft hyphens vanish.
std::vector<Token> tokenise(std::string_view text);

// Runs of joined tokens with a digit in them, as one word: "inv20240042" for the example above. Calls
// `each(first, last, word)` with the run's first and last token.
void for_each_code(const std::vector<Token>& tokens,
                   const std::function<void(std::size_t first, std::size_t last, const std::string& word)>& each);

// A name as a whole value: folded, its words separated by single spaces, at most kLongestValue bytes.
std::string folded_value(std::string_view name);

bool has_digit(std::string_view word);

}  // namespace muniment::index
