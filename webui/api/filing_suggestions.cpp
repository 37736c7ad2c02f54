// How a document might be filed, and filing it so.
#include <algorithm>

#include "core/error.h"
#include "ingest/rule_matching.h"
#include "storage/filing_rules.h"
#include "storage/pages.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::FilingField;
using storage::Permission;

namespace {

struct Suggestion {
  FilingField field = FilingField::type;
  storage::NamedEntry value;
  double confidence = 0;
  std::optional<std::string> rule;
  std::vector<std::string> words;
};

Json suggestion_json(const Suggestion& suggestion) {
  return {{"field", storage::field_name(suggestion.field)},
          {"value", named_json(suggestion.value.id, suggestion.value.name)},
          {"confidence", suggestion.confidence},
          {"rule", nullable(suggestion.rule)},
          {"words", suggestion.words}};
}

std::string text_for_rules(storage::Session& session, const Document& document) {
  std::string text;
  for (std::int32_t number = 1; number <= document.page_count && number <= ingest::kPagesForRules; ++number) {
    if (text.size() > ingest::kMostRuleText) break;
    if (const auto page = storage::find_page(session, document, number)) text += page->text() + "\n";
  }
  return text;
}

// Whether the asker could fill this in now.
bool is_open(storage::Session& session, const storage::Principal& who, const Document& document, FilingField field,
             std::int64_t value) {
  switch (field) {
    case FilingField::type:
      return !document.type;
    case FilingField::correspondent:
      return !document.correspondent;
    case FilingField::tag:
      return std::none_of(document.tags.begin(), document.tags.end(),
                          [&](const storage::NamedEntry& tag) { return tag.id == value; });
    case FilingField::class_:
      return !document.class_id && !document.is_record &&
             who.may_change(storage::inherited_access_list(session, std::nullopt, value));
    case FilingField::folder:
      return !document.folder_id && !document.is_record &&
             who.may_change(storage::inherited_access_list(session, value, std::nullopt));
  }
  return false;
}

void add_of_rules(storage::Session& session, const storage::Principal& who, const Document& document,
                  const std::string& text, std::vector<Suggestion>& suggestions) {
  for (const storage::FilingRule& rule : ingest::matching_rules(storage::list_filing_rules(session), text)) {
    const auto& [field, value, kind, words, applied] = rule.terms;
    if (!rule.usable || !is_open(session, who, document, field, value)) continue;
    const bool said = std::any_of(suggestions.begin(), suggestions.end(), [&](const Suggestion& other) {
      return other.field == rule.terms.field && other.value.id == rule.terms.value;
    });
    if (!said) suggestions.push_back({field, {value, rule.name}, 1, words, {}});
  }
}

std::vector<Suggestion> suggestions_for(storage::Session& session, const storage::Principal& who,
                                        const Document& document) {
  std::vector<Suggestion> suggestions;
  const bool may = who.may(Permission::edit_documents) && who.may_change(document.access_list) && !document.held &&
                   !document.trashed_at && document.state == storage::DocumentState::ready;
  if (!may) return suggestions;
  add_of_rules(session, who, document, text_for_rules(session, document), suggestions);
  return suggestions;
}

void list_suggestions(Call& call, Api& api) {
  auto session = api.services.database.read();
  Json items = Json::array();
  for (const Suggestion& suggestion : suggestions_for(session, call.who, require_document(session, call))) {
    items.push_back(suggestion_json(suggestion));
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

storage::DocumentChange change_of(const Document& before, Fields& body) {
  storage::DocumentChange change;
  for (Fields& item : body.objects("items")) {
    const auto field = storage::parse_filing_field(item.text("field"));
    const std::int64_t value = item.number("value");
    item.finish();
    if (!field) {
      throw Error(ErrorCode::invalid_argument, "there is no such field",
                  {{"/items", "a field is type, correspondent, tag, class or folder"}});
    }
    switch (*field) {
      case FilingField::type:
        change.type_id = value;
        break;
      case FilingField::correspondent:
        change.correspondent_id = value;
        break;
      case FilingField::tag:
        if (!change.tag_ids) {
          change.tag_ids.emplace();
          for (const storage::NamedEntry& tag : before.tags) change.tag_ids->push_back(tag.id);
        }
        change.tag_ids->push_back(value);
        break;
      case FilingField::class_:
        change.class_id = value;
        break;
      case FilingField::folder:
        change.folder_id = value;
        break;
    }
  }
  body.finish();
  return change;
}

void accept_suggestions(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  {
    auto tx = api.services.database.begin(call.who.actor());
    const Document before = require_document(tx, call);
    const storage::DocumentChange change = change_of(before, body);
    if (change.class_id || change.folder_id) {
      require_may_file_in(tx, call.who, change.folder_id.value_or(before.folder_id),
                          change.class_id.value_or(before.class_id));
    }
    storage::change_document(tx, call.who, before.id, version, change);
    tx.commit();
  }
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  send_versioned(call.http, 200, document.version,
                 DocumentView(session, call.who).whole(document, api.services.renditions));
}

}  // namespace

void add_filing_suggestions(Router& router, Api& api) {
  const std::string path = "/api/v1/documents/{id}/suggestions";
  router.add("GET", path, Permission::read_documents, [&api](Call& call) { list_suggestions(call, api); });
  router.add("POST", path, Permission::edit_documents, [&api](Call& call) { accept_suggestions(call, api); });
}

}  // namespace muniment::webui::api
