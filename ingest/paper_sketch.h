// Whether two scans are of the same paper, from what was read of them: recognition makes mistakes, so the words need
// not all be the same. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace muniment::ingest {

// MinHash over the words, four hashes a band: texts that share seven words in ten share a band in 99 of 100 cases,
// those that share a quarter in 6. Empty for a text with too few words to tell papers apart.
std::vector<std::uint32_t> paper_sketch(std::string_view text);

// How much two texts have in common: words, and words with digits, by which this month's invoice differs from the last.
struct Resemblance {
  double words = 0;    // common to both, of all that either has
  double numbers = 0;  // the same; 1 when neither has any
  bool same_paper() const;
};
Resemblance resemblance(std::string_view text, std::string_view other);

}  // namespace muniment::ingest
