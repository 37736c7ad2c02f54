#include "ingest/rule_matching.h"

#include <algorithm>
#include <numeric>

#include <re2/re2.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::ingest {

using storage::RuleKind;

namespace {

constexpr std::int64_t kMostPatternMemory = 1 << 20;

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// Case-folded words with one space around each; what stands between them is left out.
std::string words_of(std::string_view text) {
  std::string words = " ";
  for (const char c : core::fold_case(text)) {
    if (is_letter(c)) {
      words += c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

// Words, and runs of words that stand in quotes.
std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms;
  bool quoted = false;
  for (const std::string_view part : core::split(text, '"')) {
    if (quoted) {
      terms.push_back(words_of(part));
    } else {
      const std::string words = words_of(part);
      for (const std::string_view word : core::split(words, ' ')) {
        if (!word.empty()) terms.push_back(" " + std::string(word) + " ");
      }
    }
    quoted = !quoted;
  }
  std::erase_if(terms, [](const std::string& term) { return term.size() < 3; });
  return terms;
}

RE2::Options pattern_options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(kMostPatternMemory);
  return options;
}

}  // namespace

void require_pattern(std::string_view pattern) {
  const RE2 expression(std::string(pattern), pattern_options());
  if (expression.ok()) return;
  throw core::Error(core::ErrorCode::invalid_argument, "this is not a regular expression: " + expression.error(),
                    {{"/text", expression.error()}});
}

RuleText::RuleText(std::string_view text)
    : text_(core::to_nfc(core::cut(text, kMostRuleText))), words_(words_of(text_)) {}

bool RuleText::agrees(const storage::FilingRuleTerms& rule) const {
  const auto has = [&](const std::string& term) { return has_words(term); };
  switch (rule.kind) {
    case RuleKind::any: {
      const auto terms = terms_of(rule.text);
      return std::any_of(terms.begin(), terms.end(), has);
    }
    case RuleKind::all: {
      const auto terms = terms_of(rule.text);
      return !terms.empty() && std::all_of(terms.begin(), terms.end(), has);
    }
    case RuleKind::exact:
      return has_words(words_of(rule.text));
    case RuleKind::fuzzy:
      return has_nearly(words_of(rule.text));
    case RuleKind::pattern:
      return has_pattern(rule.text);
  }
  return false;
}

bool RuleText::has_words(std::string_view words) const {
  return words.size() > 2 && words_.find(words) != std::string::npos;
}

// The least number of insertions and deletions (an exchanged letter is one of each) that turn the words into some
// stretch of the text, by Sellers' algorithm. A fifth of their length is a partial ratio of 90.
bool RuleText::has_nearly(std::string_view padded) const {
  const std::string_view words = core::trim(padded);
  if (words.empty()) return false;
  if (words_.find(words) != std::string::npos) return true;
  const std::size_t most = words.size() / 5;
  std::vector<std::size_t> column(words.size() + 1);
  std::iota(column.begin(), column.end(), 0);
  for (const char c : words_) {
    std::size_t diagonal = 0;  // a stretch begins anywhere
    for (std::size_t row = 1; row < column.size(); ++row) {
      const std::size_t left = column[row];
      column[row] = words[row - 1] == c ? diagonal : std::min(left, column[row - 1]) + 1;
      diagonal = left;
    }
    if (column.back() <= most) return true;
  }
  return false;
}

bool RuleText::has_pattern(const std::string& pattern) const {
  const RE2 expression(pattern, pattern_options());
  return expression.ok() && RE2::PartialMatch(text_, expression);
}

std::vector<storage::FilingRule> matching_rules(const std::vector<storage::FilingRule>& rules, std::string_view text) {
  std::vector<storage::FilingRule> matching;
  if (rules.empty()) return matching;
  const RuleText prepared(text);
  std::copy_if(rules.begin(), rules.end(), std::back_inserter(matching),
               [&](const storage::FilingRule& rule) { return prepared.agrees(rule.terms); });
  return matching;
}

}  // namespace muniment::ingest
