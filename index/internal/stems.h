// Stemming by language: Snowball's algorithms through Xapian.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <xapian.h>

namespace muniment::index {

// Not thread-safe: one for each thread.
class Stems {
 public:
  // ISO 639-3 as Tesseract names them; those without a stemmer are left out.
  explicit Stems(const std::vector<std::string>& languages);

  // The term (with prefix) of a word in a language; empty when there is no stemmer, or the word has a digit and so no
  // stem.
  std::string term(std::string_view language, const std::string& word);
  // In every language: what a query must look for, since it does not say in which language it is.
  std::vector<std::string> terms(const std::string& word);
  // The same stem as a term of titles.
  static std::string of_title(const std::string& term);

 private:
  struct Stemmer {
    Xapian::Stem stem;
    std::unordered_map<std::string, std::string> known;  // words come again and again
  };
  std::map<std::string, Stemmer, std::less<>> stemmers_;
};

}  // namespace muniment::index
