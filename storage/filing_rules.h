// Rules that tell from a document's text how it is to be filed: kept here, matched in ingest/rule_matching.h.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/documents.h"

namespace muniment::storage {

// What of a document is filled in.
enum class FilingField { type, correspondent, tag, class_, folder };
std::string_view field_name(FilingField field);  // "class"
std::optional<FilingField> parse_filing_field(std::string_view name);

enum class RuleKind {
  any,      // one of the words; "words in quotes" count as one
  all,      // every one of them
  exact,    // the words one after the other
  pattern,  // a regular expression in RE2's syntax
  fuzzy,    // nearly the words one after the other, as recognition may have misread them
};
std::string_view rule_kind_name(RuleKind kind);
std::optional<RuleKind> parse_rule_kind(std::string_view name);

struct FilingRuleTerms {
  FilingField field = FilingField::type;  // never folder
  std::int64_t value = 0;                 // the type, correspondent, tag or class
  RuleKind kind = RuleKind::any;
  std::string text;
  bool applied = false;  // filled in at once when a document has been read, rather than only suggested
};

struct FilingRule {
  std::int64_t id = 0;
  std::int64_t version = 0;
  FilingRuleTerms terms;
  std::string name;    // of the value
  bool usable = true;  // false: its class, or one above it, accepts nothing new
};

inline constexpr std::size_t kLongestRule = 500;  // bytes of its text

std::vector<FilingRule> list_filing_rules(Session& session);  // by identifier
std::optional<FilingRule> find_filing_rule(Session& session, std::int64_t id);
// Error(invalid_argument) for a value that does not exist, or a text that is empty or too long. Whether a pattern is
// one has been checked by the caller.
std::int64_t create_filing_rule(Transaction& tx, const FilingRuleTerms& terms);
// Error(not_found), (stale), (invalid_argument).
void change_filing_rule(Transaction& tx, std::int64_t id, std::int64_t expected_version, const FilingRuleTerms& terms);
void delete_filing_rule(Transaction& tx, std::int64_t id, std::int64_t expected_version);

// Who filled in, or cleared, what last, as far as it has been changed since the document came in.
struct FieldsFiled {
  std::set<FilingField> by_people;
  std::set<FilingField> by_service;
};
FieldsFiled fields_filed(Session& session, std::int64_t document_id);
// Files a document as the rules say, those of them that are to be applied: what is filled in already, or was decided by
// a person, stays as it is, and so does a document that is a record, held or restricted; one with a list of its own is
// not filed where that may not stand (levels.h). Of two rules for one field the older holds; one that was changed since
// it matched does nothing. The transaction's actor is the service.
void apply_filing_rules(Transaction& tx, std::int64_t document_id, const std::vector<FilingRule>& matching);

}  // namespace muniment::storage
