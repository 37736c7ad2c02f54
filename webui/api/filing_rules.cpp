// Rules that tell from a document's text how it is to be filed.
#include "storage/filing_rules.h"

#include "core/error.h"
#include "ingest/rule_matching.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::FilingField;
using storage::FilingRule;
using storage::FilingRuleTerms;
using storage::Permission;
using storage::RuleKind;

namespace {

Json filing_rule_json(storage::Session&, const FilingRule& rule) {
  return {{"id", rule.id},
          {"version", rule.version},
          {"field", storage::field_name(rule.terms.field)},
          {"value", named_json(rule.terms.value, rule.name)},
          {"kind", storage::rule_kind_name(rule.terms.kind)},
          {"text", rule.terms.text},
          {"applied", rule.terms.applied}};
}

FilingRule require_rule(storage::Session& session, std::int64_t id) {
  auto rule = storage::find_filing_rule(session, id);
  if (!rule) throw Error(ErrorCode::not_found, "there is no rule " + std::to_string(id));
  return std::move(*rule);
}

FilingField field_of(const std::string& name) {
  const auto field = storage::parse_filing_field(name);
  if (!field || *field == FilingField::folder) {
    throw Error(ErrorCode::invalid_argument, "a rule is for a type, correspondent, tag or class",
                {{"/field", "must be type, correspondent, tag or class"}});
  }
  return *field;
}

RuleKind kind_of(const std::string& name) {
  const auto kind = storage::parse_rule_kind(name);
  if (!kind) {
    throw Error(ErrorCode::invalid_argument, "there is no kind of rule " + name,
                {{"/kind", "must be any, all, exact, pattern or fuzzy"}});
  }
  return *kind;
}

// The rule of the body; what it does not name stays as in `terms`.
FilingRuleTerms filing_rule_terms(Fields& body, FilingRuleTerms terms) {
  if (const auto field = body.maybe_text("field")) terms.field = field_of(*field);
  if (const auto value = body.maybe_number("value")) terms.value = *value;
  if (const auto kind = body.maybe_text("kind")) terms.kind = kind_of(*kind);
  if (const auto text = body.maybe_text("text")) terms.text = *text;
  if (const auto applied = body.maybe_truth("applied")) terms.applied = *applied;
  body.finish();
  if (terms.kind == RuleKind::pattern) ingest::require_pattern(terms.text);
  return terms;
}

void create_rule(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  for (const char* name : {"field", "kind", "text"}) body.text(name);
  body.number("value");
  const FilingRuleTerms terms = filing_rule_terms(body, {});
  auto tx = api.services.database.begin(call.who.actor());
  const FilingRule rule = require_rule(tx, storage::create_filing_rule(tx, terms));
  const Json json = filing_rule_json(tx, rule);
  tx.commit();
  send_created(call.http, "/api/v1/filing-rules/" + std::to_string(rule.id), rule.version, json);
}

void change_rule(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const FilingRule before = require_rule(tx, call.number("id"));
  storage::change_filing_rule(tx, before.id, version, filing_rule_terms(body, before.terms));
  const FilingRule rule = require_rule(tx, before.id);
  const Json json = filing_rule_json(tx, rule);
  tx.commit();
  send_versioned(call.http, 200, rule.version, json);
}

}  // namespace

void add_filing_rules(Router& router, Api& api) {
  const std::string all = "/api/v1/filing-rules";
  const std::string one = all + "/{id}";
  router.add("GET", all, Permission::manage_file_plan, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_filing_rules(session),
                [&](const FilingRule& rule) { return filing_rule_json(session, rule); });
  });
  router.add("POST", all, Permission::manage_file_plan, [&api](Call& call) { create_rule(call, api); });
  router.add("GET", one, Permission::manage_file_plan,
             [&api](Call& call) { send_one(call, api, require_rule, filing_rule_json); });
  router.add("PATCH", one, Permission::manage_file_plan, [&api](Call& call) { change_rule(call, api); });
  router.add("DELETE", one, Permission::manage_file_plan, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    storage::delete_filing_rule(tx, call.number("id"), version);
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
