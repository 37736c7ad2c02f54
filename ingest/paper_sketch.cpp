#include "ingest/paper_sketch.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string>

#include "core/text.h"

namespace muniment::ingest {

namespace {

constexpr std::size_t kBands = 16;
constexpr std::size_t kHashesPerBand = 4;
constexpr std::size_t kFewestWords = 15;
constexpr double kLeastWords = 0.6;
constexpr double kLeastNumbers = 0.5;

struct Words {
  std::set<std::string> plain;
  std::set<std::string> numbers;
};

// Case-folded words of three letters or more, and everything with digits; what recognition mixes up is one sign.
Words words_of(std::string_view text) {
  Words words;
  std::string word;
  bool digit = false;
  const auto take = [&] {
    if (digit) {
      words.numbers.insert(word);
    } else if (word.size() > 2) {
      std::replace(word.begin(), word.end(), 'l', 'i');
      words.plain.insert(word);
    }
    word.clear();
    digit = false;
  };
  for (const char c : core::fold_case(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_digit = byte >= '0' && byte <= '9';
    if (is_digit || byte >= 0x80 || (byte >= 'a' && byte <= 'z')) {
      word += c;
      digit = digit || is_digit;
    } else if (!word.empty()) {
      take();
    }
  }
  if (!word.empty()) take();
  return words;
}

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ULL;  // the finaliser of SplitMix64
  value = (value ^ value >> 27) * 0x94D049BB133111EBULL;
  return value ^ value >> 31;
}

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

double common(const std::set<std::string>& one, const std::set<std::string>& other) {
  const auto both = static_cast<std::size_t>(
      std::count_if(one.begin(), one.end(), [&](const std::string& word) { return other.contains(word); }));
  const std::size_t either = one.size() + other.size() - both;
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace

std::vector<std::uint32_t> paper_sketch(std::string_view text) {
  const Words words = words_of(text);
  if (words.plain.size() + words.numbers.size() < kFewestWords) return {};
  std::array<std::uint64_t, kBands * kHashesPerBand> least;
  least.fill(std::numeric_limits<std::uint64_t>::max());
  for (const auto* part : {&words.plain, &words.numbers}) {
    for (const std::string& word : *part) {
      const std::uint64_t hash = hash_of(word);
      for (std::size_t i = 0; i < least.size(); ++i) {
        least[i] = std::min(least[i], mixed(hash + (i + 1) * 0x9E3779B97F4A7C15ULL));
      }
    }
  }
  std::vector<std::uint32_t> bands;
  for (std::size_t band = 0; band < kBands; ++band) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < kHashesPerBand; ++i) all = mixed(all ^ least[band * kHashesPerBand + i]);
    bands.push_back(static_cast<std::uint32_t>(all));
  }
  return bands;
}

bool Resemblance::same_paper() const {
  return words >= kLeastWords && numbers >= kLeastNumbers;
}

Resemblance resemblance(std::string_view text, std::string_view other) {
  const Words one = words_of(text);
  const Words two = words_of(other);
  return {common(one.plain, two.plain), common(one.numbers, two.numbers)};
}

}  // namespace muniment::ingest
