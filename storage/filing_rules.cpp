#include "storage/filing_rules.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/catalogue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/named_values.h"
#include "storage/levels.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;
using Identifier = std::optional<std::int64_t>;

// As the pipeline calls itself in the log; what else account 0 does is done by the owner of the machine.
constexpr std::string_view kPipelineClient = "pipeline";
constexpr std::array kFields{std::pair{FilingField::type, std::string_view("type")},
                             std::pair{FilingField::correspondent, std::string_view("correspondent")},
                             std::pair{FilingField::tag, std::string_view("tag")},
                             std::pair{FilingField::class_, std::string_view("class")},
                             std::pair{FilingField::folder, std::string_view("folder")}};
constexpr std::array kRuleKinds{
    std::pair{RuleKind::any, std::string_view("any")}, std::pair{RuleKind::all, std::string_view("all")},
    std::pair{RuleKind::exact, std::string_view("exact")}, std::pair{RuleKind::pattern, std::string_view("pattern")},
    std::pair{RuleKind::fuzzy, std::string_view("fuzzy")}};

bool exists(Session& session, FilingField field, std::int64_t id) {
  switch (field) {
    case FilingField::type:
      return find_name(session, Vocabulary::type, id).has_value();
    case FilingField::correspondent:
      return find_name(session, Vocabulary::correspondent, id).has_value();
    case FilingField::tag:
      return find_name(session, Vocabulary::tag, id).has_value();
    case FilingField::class_:
      return session.value<std::int64_t>("SELECT id FROM class WHERE id = $1", id).has_value();
    case FilingField::folder:
      return false;
  }
  return false;
}

FilingRuleTerms checked(Session& session, FilingRuleTerms terms) {
  terms.text = core::trim(core::to_nfc(terms.text));
  if (terms.text.empty() || terms.text.size() > kLongestRule) {
    throw Error(ErrorCode::invalid_argument, "the text of a rule must have 1 to 500 bytes",
                {{"/text", "1 to 500 bytes"}});
  }
  if (!exists(session, terms.field, terms.value)) {
    throw Error(ErrorCode::invalid_argument, "a rule is for a type, correspondent, tag or class that there is",
                {{"/value", "there is none with this number"}});
  }
  return terms;
}

Identifier value_of(const FilingRuleTerms& terms, FilingField field) {
  return terms.field == field ? Identifier(terms.value) : std::nullopt;
}

std::string described(const FilingRuleTerms& terms) {
  return Json{{"field", field_name(terms.field)},
              {"value", terms.value},
              {"kind", rule_kind_name(terms.kind)},
              {"text", terms.text},
              {"applied", terms.applied}}
      .dump();
}

FilingRule require_rule(Session& session, std::int64_t id, std::int64_t expected_version) {
  auto rule = find_filing_rule(session, id);
  if (!rule) throw Error(ErrorCode::not_found, "there is no rule " + std::to_string(id));
  require_as_seen(rule->version, expected_version, "rule");
  return std::move(*rule);
}

// `id` 0: all.
std::vector<FilingRule> read_rules(Session& session, std::int64_t id) {
  std::vector<FilingRule> rules;
  for (const auto& [number, version, type, correspondent, tag, class_id, kind, text, applied, name] :
       session.rows<std::int64_t, std::int64_t, Identifier, Identifier, Identifier, Identifier, std::string,
                    std::string, bool, std::string>(
           "SELECT r.id, r.version, r.type_id, r.correspondent_id, r.tag_id, r.class_id, r.kind, r.text, r.applied, "
           "coalesce(t.name, p.name, g.name, c.code || ' ' || c.title) "
           "FROM filing_rule r LEFT JOIN document_type t ON t.id = r.type_id "
           "LEFT JOIN correspondent p ON p.id = r.correspondent_id LEFT JOIN tag g ON g.id = r.tag_id "
           "LEFT JOIN class c ON c.id = r.class_id WHERE r.id = $1 OR $1 = 0 ORDER BY r.id",
           id)) {
    FilingRule rule{number, version, {}, name, !class_id || class_accepts(session, *class_id)};
    const std::array<std::pair<FilingField, Identifier>, 4> values{{{FilingField::type, type},
                                                                    {FilingField::correspondent, correspondent},
                                                                    {FilingField::tag, tag},
                                                                    {FilingField::class_, class_id}}};
    for (const auto& [field, value] : values) {
      if (!value) continue;
      rule.terms.field = field;
      rule.terms.value = *value;
    }
    rule.terms.kind = value_in(kRuleKinds, kind).value();
    rule.terms.text = text;
    rule.terms.applied = applied;
    rules.push_back(std::move(rule));
  }
  return rules;
}

// They were matched before this transaction began.
std::vector<FilingRule> still_in_force(Session& session, const std::vector<FilingRule>& matching) {
  std::vector<FilingRule> rules;
  for (const FilingRule& rule : matching) {
    auto now = find_filing_rule(session, rule.id);
    if (now && now->version == rule.version) rules.push_back(std::move(*now));
  }
  return rules;
}

// What the rules fill in of a document that is as `before`, and which rules those are.
struct Filing {
  DocumentChange change;
  std::vector<std::int64_t> rules;
};

Filing filing_of(const Document& before, const std::set<FilingField>& decided, const std::vector<FilingRule>& rules) {
  Filing filing;
  std::vector<std::int64_t> tags;
  for (const NamedEntry& tag : before.tags) tags.push_back(tag.id);
  const std::size_t had = tags.size();
  const auto fill = [&](std::optional<std::optional<std::int64_t>>& place, bool empty, const FilingRule& rule) {
    if (!empty || place) return;
    place = rule.terms.value;
    filing.rules.push_back(rule.id);
  };
  for (const FilingRule& rule : rules) {
    if (!rule.terms.applied || !rule.usable || decided.contains(rule.terms.field)) continue;
    switch (rule.terms.field) {
      case FilingField::type:
        fill(filing.change.type_id, !before.type, rule);
        break;
      case FilingField::correspondent:
        fill(filing.change.correspondent_id, !before.correspondent, rule);
        break;
      case FilingField::tag:
        if (std::find(tags.begin(), tags.end(), rule.terms.value) != tags.end()) break;
        tags.push_back(rule.terms.value);
        filing.rules.push_back(rule.id);
        break;
      case FilingField::class_:
        if (!decided.contains(FilingField::folder)) fill(filing.change.class_id, !before.class_id, rule);
        break;
      case FilingField::folder:
        break;
    }
  }
  if (tags.size() > had) filing.change.tag_ids = std::move(tags);
  return filing;
}

}  // namespace

std::string_view field_name(FilingField field) {
  return name_in(kFields, field);
}

std::optional<FilingField> parse_filing_field(std::string_view name) {
  return value_in(kFields, name);
}

std::string_view rule_kind_name(RuleKind kind) {
  return name_in(kRuleKinds, kind);
}

std::optional<RuleKind> parse_rule_kind(std::string_view name) {
  return value_in(kRuleKinds, name);
}

std::vector<FilingRule> list_filing_rules(Session& session) {
  return read_rules(session, 0);
}

std::optional<FilingRule> find_filing_rule(Session& session, std::int64_t id) {
  if (id <= 0) return std::nullopt;
  auto found = read_rules(session, id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::int64_t create_filing_rule(Transaction& tx, const FilingRuleTerms& wanted) {
  const FilingRuleTerms terms = checked(tx, wanted);
  const std::int64_t id = tx.insert(
      "INSERT INTO filing_rule (type_id, correspondent_id, tag_id, class_id, kind, text, applied, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      value_of(terms, FilingField::type), value_of(terms, FilingField::correspondent),
      value_of(terms, FilingField::tag), value_of(terms, FilingField::class_), rule_kind_name(terms.kind), terms.text,
      terms.applied, tx.now());
  tx.audit({"filing_rule.created", "filing_rule", id, "", described(terms)});
  return id;
}

void change_filing_rule(Transaction& tx, std::int64_t id, std::int64_t expected_version,
                        const FilingRuleTerms& wanted) {
  const FilingRule before = require_rule(tx, id, expected_version);
  const FilingRuleTerms terms = checked(tx, wanted);
  tx.execute(
      "UPDATE filing_rule SET type_id = $1, correspondent_id = $2, tag_id = $3, class_id = $4, kind = $5, text = $6, "
      "applied = $7, version = version + 1 WHERE id = $8",
      value_of(terms, FilingField::type), value_of(terms, FilingField::correspondent),
      value_of(terms, FilingField::tag), value_of(terms, FilingField::class_), rule_kind_name(terms.kind), terms.text,
      terms.applied, id);
  tx.audit({"filing_rule.changed", "filing_rule", id, described(before.terms), described(terms)});
}

void delete_filing_rule(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const FilingRule before = require_rule(tx, id, expected_version);
  tx.execute("DELETE FROM filing_rule WHERE id = $1", id);
  tx.audit({"filing_rule.deleted", "filing_rule", id, described(before.terms), ""});
}

FieldsFiled fields_filed(Session& session, std::int64_t document_id) {
  constexpr std::array kLogged{std::pair{FilingField::type, "type"},
                               std::pair{FilingField::correspondent, "correspondent"},
                               std::pair{FilingField::tag, "tags"}, std::pair{FilingField::class_, "class_id"},
                               std::pair{FilingField::folder, "folder_id"}};
  FieldsFiled filed;
  for (const auto& [account, detail] : session.rows<std::int64_t, std::string>(
           "SELECT a.account_id, coalesce(d.detail, '') FROM audit a JOIN audit_detail d ON d.sequence = a.sequence "
           "WHERE a.object = 'document' AND a.object_id = $1 AND a.action = 'document.changed' ORDER BY a.sequence",
           document_id)) {
    const Json entry = detail.empty() ? Json() : Json::parse(detail);
    const bool service = account == 0 && (entry.is_null() || entry.value("client", "") == kPipelineClient);
    for (const auto& [field, name] : kLogged) {
      // What an erased entry told is not known: then it may have been any field.
      if (!entry.is_null() && !entry.at("after").contains(name)) continue;
      (service ? filed.by_service : filed.by_people).insert(field);
      (service ? filed.by_people : filed.by_service).erase(field);
    }
  }
  return filed;
}

void apply_filing_rules(Transaction& tx, std::int64_t document_id, const std::vector<FilingRule>& matching) {
  if (matching.empty()) return;
  const auto before = read_document(tx, document_id);
  if (!before || before->trashed_at || before->is_record || before->held || is_restricted(tx, document_id)) return;
  const auto rules = still_in_force(tx, matching);
  auto decided = fields_filed(tx, document_id).by_people;
  Filing filing = filing_of(*before, decided, rules);
  if (filing.change.class_id && before->own_access_list &&
      level_of(tx, *before->own_access_list) <
          level_of(tx, inherited_access_list(tx, std::nullopt, *filing.change.class_id))) {
    decided.insert(FilingField::class_);  // its own list may not stand there
    filing = filing_of(*before, decided, rules);
  }
  if (filing.rules.empty()) return;
  change_document(tx, system_principal(tx, tx.actor().client), document_id, before->version, filing.change);
  tx.audit({"document.filed_by_rule", "document", document_id, "", Json{{"rules", filing.rules}}.dump()});
}

}  // namespace muniment::storage
