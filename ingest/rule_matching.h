// Whether a rule (storage/filing_rules.h) agrees with a text. Pure functions; letter case and punctuation do not count,
// but for patterns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/filing_rules.h"

namespace muniment::ingest {

// The first pages of a document are what rules look at, and no more than so many bytes of them.
inline constexpr std::int32_t kPagesForRules = 20;
inline constexpr std::size_t kMostRuleText = 256 * 1024;

// Throws Error(invalid_argument) that says what is wrong with a regular expression. RE2 takes time in proportion to the
// text whatever the expression, so that none can hang the service; it therefore has no back references and no
// look-around.
void require_pattern(std::string_view pattern);

// A text, prepared for many rules.
class RuleText {
 public:
  explicit RuleText(std::string_view text);
  bool agrees(const storage::FilingRuleTerms& rule) const;

 private:
  bool has_words(std::string_view words) const;
  bool has_nearly(std::string_view words) const;
  bool has_pattern(const std::string& pattern) const;

  std::string text_;   // as it is
  std::string words_;  // " folded words with one space around each "
};

// Those that agree, in the same order.
std::vector<storage::FilingRule> matching_rules(const std::vector<storage::FilingRule>& rules, std::string_view text);

}  // namespace muniment::ingest
