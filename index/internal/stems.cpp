#include "index/internal/stems.h"

#include <array>
#include <utility>

#include "index/internal/tokens.h"
#include "index/terms.h"

namespace muniment::index {

namespace {

constexpr std::size_t kMostKnown = 200'000;

// Snowball's name of a language.
std::string_view snowball_name(std::string_view language) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kNames = {{{"dan", "danish"},
                                                                                            {"deu", "german"},
                                                                                            {"eng", "english"},
                                                                                            {"fin", "finnish"},
                                                                                            {"fra", "french"},
                                                                                            {"hun", "hungarian"},
                                                                                            {"ita", "italian"},
                                                                                            {"nld", "dutch"},
                                                                                            {"nor", "norwegian"},
                                                                                            {"por", "portuguese"},
                                                                                            {"ron", "romanian"},
                                                                                            {"rus", "russian"},
                                                                                            {"spa", "spanish"},
                                                                                            {"swe", "swedish"},
                                                                                            {"tur", "turkish"}}};
  for (const auto& [code, name] : kNames) {
    if (code == language) return name;
  }
  return {};
}

}  // namespace

Stems::Stems(const std::vector<std::string>& languages) {
  for (const std::string& language : languages) {
    const std::string_view name = snowball_name(language);
    if (!name.empty()) stemmers_.emplace(language, Stemmer{Xapian::Stem(std::string(name)), {}});
  }
}

std::string Stems::term(std::string_view language, const std::string& word) {
  const auto found = stemmers_.find(language);
  if (found == stemmers_.end() || has_digit(word)) return {};
  auto& [stem, known] = found->second;
  const auto cached = known.find(word);
  if (cached != known.end()) return cached->second;
  if (known.size() > kMostKnown) known.clear();
  std::string term = std::string(prefix::kStem) + std::string(language) + ":" + stem(word);
  known.emplace(word, term);
  return term;
}

std::string Stems::of_title(const std::string& term) {
  return std::string(prefix::kTitleStem) + term.substr(prefix::kStem.size());
}

std::vector<std::string> Stems::terms(const std::string& word) {
  std::vector<std::string> all;
  for (auto& [language, stemmer] : stemmers_) {
    if (auto found = term(language, word); !found.empty()) all.push_back(std::move(found));
  }
  return all;
}

}  // namespace muniment::index
