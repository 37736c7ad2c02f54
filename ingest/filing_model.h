// Learns from what people have filed, and says how a text would be filed by them. Only sums are kept, apart for each
// access list, so that what is learned can be forgotten again exactly, and that a suggestion rests on nothing but
// documents that its reader may read.
//
// The score of a label is 20 times the cosine between the text and the sum of its documents (Rocchio), and twice what
// complement naive Bayes says; docs/benchmarks.md has what that is worth.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/filing_examples.h"

namespace muniment::ingest {

// The first words of a text that differ from each other, as the model sees them.
inline constexpr std::size_t kMostFeatures = 200;
struct TextFeatures {
  storage::FilingFeatures counts;  // ascending
  std::vector<std::string> words;  // of each, as they are shown
};
TextFeatures features_of(std::string_view text);

struct LearnedSuggestion {
  storage::FilingLabel label;
  double confidence = 0;           // 0 to 1
  std::vector<std::string> words;  // of the text, that speak for it, the weightiest first
};

// Thread-safe.
class FilingModel {
 public:
  FilingModel();
  ~FilingModel();

  void learn(const storage::FilingExample& example);
  // What was learned, exactly as it was given then.
  void forget(const storage::FilingExample& example);

  // The likeliest labels of each field, three at most, the likeliest first, from the examples on these access lists
  // alone. Tags are judged one by one, the other fields' labels against each other.
  std::vector<LearnedSuggestion> suggest(const TextFeatures& text, std::span<const std::int64_t> readable) const;

  std::size_t examples() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muniment::ingest
