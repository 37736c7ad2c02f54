// How a document might be filed, and filing it so; and whether its paper has been scanned before.
#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "ingest/filing_learner.h"
#include "ingest/paper_sketch.h"
#include "ingest/rule_matching.h"
#include "records/file_plan.h"
#include "storage/filing_rules.h"
#include "storage/members.h"
#include "storage/pages.h"
#include "storage/same_paper.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::FilingField;
using storage::Permission;

namespace {

// What is less sure than this is not worth a look.
constexpr double kLeastConfidence = 0.25;
constexpr std::size_t kSimilarLookedAt = 50;
constexpr std::size_t kMostLikeThese = 3;
constexpr std::size_t kMostCompared = 10;
constexpr std::size_t kBytesCompared = 64 * 1024;
// Means of recognition that differ by less say nothing.
constexpr double kBetterBy = 2;

struct Suggestion {
  FilingField field = FilingField::type;
  storage::NamedEntry value;
  double confidence = 0;
  std::optional<std::string> rule;
  std::vector<std::string> words;
  std::vector<storage::NamedEntry> documents;
};

Json suggestion_json(const Suggestion& suggestion) {
  Json documents = Json::array();
  for (const auto& [id, title] : suggestion.documents) documents.push_back(named_json(id, title));
  return {{"field", storage::field_name(suggestion.field)},
          {"value", named_json(suggestion.value.id, suggestion.value.name)},
          {"confidence", suggestion.confidence},
          {"rule", nullable(suggestion.rule)},
          {"words", suggestion.words},
          {"documents", std::move(documents)}};
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
    if (!said) suggestions.push_back({field, {value, rule.name}, 1, words, {}, {}});
  }
}

// What a label is called; empty for one that is gone or takes nothing new.
std::optional<std::string> name_of(storage::Session& session, const storage::FilingLabel& label) {
  const auto entry = [&](storage::Vocabulary vocabulary) -> std::optional<std::string> {
    const auto found = storage::find_name(session, vocabulary, label.value);
    return found ? std::optional(found->name) : std::nullopt;
  };
  switch (label.field) {
    case FilingField::type:
      return entry(storage::Vocabulary::type);
    case FilingField::correspondent:
      return entry(storage::Vocabulary::correspondent);
    case FilingField::tag:
      return entry(storage::Vocabulary::tag);
    case FilingField::class_: {
      const auto found = records::find_class(session, label.value);
      return found && storage::class_accepts(session, found->id) ? std::optional(found->code + " " + found->title)
                                                                 : std::nullopt;
    }
    case FilingField::folder: {
      const auto found = records::find_folder(session, label.value);
      const bool is_open =
          found && found->status == records::Status::open && storage::class_accepts(session, found->class_id);
      return is_open ? std::optional(found->title) : std::nullopt;
    }
  }
  return std::nullopt;
}

bool carries(const Document& document, FilingField field, std::int64_t value) {
  switch (field) {
    case FilingField::type:
      return document.type && document.type->id == value;
    case FilingField::correspondent:
      return document.correspondent && document.correspondent->id == value;
    case FilingField::tag:
      return std::any_of(document.tags.begin(), document.tags.end(),
                         [&](const storage::NamedEntry& tag) { return tag.id == value; });
    case FilingField::class_:
      return document.class_id == value;
    case FilingField::folder:
      return document.folder_id == value;
  }
  return false;
}

// Of the documents like this one that the asker may read, the nearest first; none while the index is made anew.
std::vector<Document> similar_documents(storage::Session& session, const Call& call, Api& api, std::int64_t id) {
  try {
    return storage::load_documents(session, call.who, api.services.search.similar(call.who, id, kSimilarLookedAt));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    return {};
  }
}

void add_learned(storage::Session& session, const Call& call, Api& api, const Document& document,
                 std::vector<Suggestion>& suggestions) {
  std::optional<std::vector<Document>> similar;
  for (ingest::LearnedSuggestion& learned : api.services.filing.suggest(session, document, call.who.readable)) {
    const auto& [label, confidence, words] = learned;
    if (confidence < kLeastConfidence || !is_open(session, call.who, document, label.field, label.value)) continue;
    const bool said = std::any_of(suggestions.begin(), suggestions.end(), [&](const Suggestion& other) {
      return other.field == label.field && other.value.id == label.value;
    });
    const auto name = said ? std::nullopt : name_of(session, label);
    if (!name) continue;
    if (!similar) similar = similar_documents(session, call, api, document.id);
    Suggestion suggestion{label.field, {label.value, *name}, confidence, {}, words, {}};
    for (const Document& other : *similar) {
      if (suggestion.documents.size() == kMostLikeThese) break;
      if (carries(other, label.field, label.value)) suggestion.documents.push_back({other.id, other.title});
    }
    suggestions.push_back(std::move(suggestion));
  }
}

// The name before the address of "Anna Berg <anna@example.org>", and the last part but one of its domain.
struct Sender {
  std::string name;
  std::string domain;
};
Sender sender_of(const std::vector<storage::MessageHeader>& headers) {
  const auto from = std::find_if(headers.begin(), headers.end(),
                                 [](const storage::MessageHeader& header) { return header.name == "From"; });
  if (from == headers.end()) return {};
  Sender sender;
  const std::string& text = from->value;
  const auto address = text.find('<');
  sender.name = core::trim(std::string_view(text).substr(0, address == std::string::npos ? 0 : address));
  std::erase(sender.name, '"');
  const auto at = text.rfind('@');
  if (at == std::string::npos) return sender;
  const std::string domain = text.substr(at + 1, text.find_first_of("> ,", at) - at - 1);
  const auto labels = core::split(domain, '.');
  if (labels.size() > 1) sender.domain = core::fold_case(labels[labels.size() - 2]);
  return sender;
}

bool has_word(std::string_view name, std::string_view word) {
  const std::string folded = core::fold_case(name);
  const auto words = core::split(folded, ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Who sent the mail, or what came with it, among the correspondents that there are.
void add_of_sender(storage::Session& session, const storage::Principal& who, const Document& document,
                   std::vector<Suggestion>& suggestions) {
  constexpr double kSameName = 0.9, kSameDomain = 0.6;
  constexpr std::size_t kMostLookedAt = 50;
  constexpr std::size_t kTellingDomain = 4;  // bytes: "co" tells nothing
  const Sender sender = sender_of(storage::message_headers(session, document.id));
  const auto add = [&](const storage::NamedEntry& found, double confidence, const std::string& word) {
    const bool said = std::any_of(suggestions.begin(), suggestions.end(), [&](const Suggestion& other) {
      return other.field == FilingField::correspondent && other.value.id == found.id;
    });
    if (said || !is_open(session, who, document, FilingField::correspondent, found.id)) return;
    suggestions.push_back({FilingField::correspondent, found, confidence, {}, {word}, {}});
  };
  if (!sender.name.empty()) {
    const auto named = storage::find_named(session, storage::Vocabulary::correspondent, sender.name);
    if (named) add(*named, kSameName, sender.name);
  }
  if (sender.domain.size() < kTellingDomain) return;
  for (const storage::NamedEntry& entry :
       storage::list_names(session, storage::Vocabulary::correspondent, sender.domain, kMostLookedAt)) {
    if (has_word(entry.name, sender.domain)) add(entry, kSameDomain, sender.domain);
  }
}

void list_suggestions(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  std::vector<Suggestion> suggestions;
  if (call.who.may(Permission::edit_documents) && call.who.may_change(document.access_list) && !document.held &&
      !document.trashed_at && document.state == storage::DocumentState::ready) {
    add_of_rules(session, call.who, document, ingest::beginning_of(session, document, ingest::kMostRuleText),
                 suggestions);
    add_of_sender(session, call.who, document, suggestions);
    add_learned(session, call, api, document, suggestions);
  }
  Json items = Json::array();
  for (const Suggestion& suggestion : suggestions) items.push_back(suggestion_json(suggestion));
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
      storage::require_may_file_in(tx, call.who, change.folder_id.value_or(before.folder_id),
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

double mean_confidence(storage::Session& session, const Document& document) {
  double sum = 0;
  double pages = 0;
  for (const storage::PageSummary& page : storage::page_summaries(session, document)) {
    if (page.source == storage::TextSource::blank) continue;
    sum += page.confidence;
    ++pages;
  }
  return pages == 0 ? 0 : sum / pages;
}

void list_same_paper(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  const std::string text = ingest::beginning_of(session, document, kBytesCompared);
  const double own = mean_confidence(session, document);
  DocumentView view(session, call.who);
  Json items = Json::array();
  for (const Document& other : storage::sketch_neighbours(session, call.who, document, kMostCompared)) {
    const auto found = ingest::resemblance(text, ingest::beginning_of(session, other, kBytesCompared));
    if (!found.same_paper()) continue;
    const double lead = own - mean_confidence(session, other);
    items.push_back({{"document", view.item(other)},
                     {"resemblance", found.words},
                     {"better", lead >= kBetterBy    ? "this"
                                : lead <= -kBetterBy ? "other"
                                                     : "neither"}});
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

}  // namespace

void add_filing_suggestions(Router& router, Api& api) {
  const std::string path = "/api/v1/documents/{id}/suggestions";
  router.add("GET", path, Permission::read_documents, [&api](Call& call) { list_suggestions(call, api); });
  router.add("POST", path, Permission::edit_documents, [&api](Call& call) { accept_suggestions(call, api); });
  const std::string same = "/api/v1/documents/{id}/same-paper";
  router.add("GET", same, Permission::read_documents, [&api](Call& call) { list_same_paper(call, api); });
  router.add("PUT", same + "/{other}", Permission::edit_documents, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    storage::keep_both_scans(tx, call.who, call.number("id"), call.number("other"));
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
