// The query language, as people type it (docs/search.md). Nothing that anybody types is an error: what is not
// understood is taken for words, with a warning.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace muniment::index {

enum class QueryField {
  none,
  title,
  type,
  tag,
  correspondent,
  filename,
  label,  // of a version
  barcode,
  source,  // how it came in
  sender,  // of a mail
  serial_number,
  language,
  class_code,
  folder,
  id,
  related,  // to the document with that identifier
  has,
  is,
  created,
  added,
  custom,  // of the organisation's own: field.KEY:
};

// One condition or a combination of them.
struct QueryNode {
  enum class Kind { words, prefix, dates, all_of, any_of, none_of };
  Kind kind = Kind::words;
  QueryField field = QueryField::none;
  std::string key;  // of a custom field
  // words: one word, or several that must follow each other (a phrase, or a code like INV-2024/0042); prefix: one.
  std::vector<std::string> words;
  std::string code;     // the words of a code as one, may be empty
  bool quoted = false;  // exactly these word forms
  bool common = false;  // a function word in a sentence: not demanded, not highlighted, and of little weight
  std::string text;     // as typed, without the field
  // dates: both ends included; empty: open.
  // A custom field has them beside its words: it may hold dates, numbers, or neither.
  std::optional<core::Date> from;
  std::optional<core::Date> through;
  // Of a custom field: both ends included, as core::to_decimal gives them; empty: open.
  std::optional<std::string> least;
  std::optional<std::string> most;
  std::vector<QueryNode> children;  // of all_of, any_of; none_of has one
};

// What a person sees of how the query was understood.
struct QueryChip {
  std::string text;   // as typed
  std::string field;  // empty: none
  std::string value;
  bool negated = false;
};

struct ParsedQuery {
  std::optional<QueryNode> root;  // empty: nothing to search for, everything matches
  // Words without an operator between them, when there are several: they may be weakened from all to any.
  bool implicit_words = false;
  std::vector<QueryChip> chips;
  std::vector<std::string> warnings;  // stable codes: "unknown_field", "unknown_value" (of has:, is:, source: or
                                      // related:), "bad_date", "prefix_too_short", "unbalanced"
};

inline constexpr std::size_t kLongestQuery = 4000;  // bytes

// Pure. Cost grows with the length of the text; more than kLongestQuery or 64 words are cut with the warning
// "too_long".
ParsedQuery parse_query(std::string_view text);

}  // namespace muniment::index
