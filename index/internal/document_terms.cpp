#include "index/internal/document_terms.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/text.h"
#include "index/internal/number_terms.h"
#include "index/internal/tokens.h"
#include "index/terms.h"

namespace muniment::index {

namespace {

// A word in the title says more of a document than one in its text.
constexpr Xapian::termcount kTitleWeight = 5;
constexpr Xapian::termcount kNameWeight = 2;

std::string with(std::string_view prefix, std::string_view value) {
  return std::string(prefix) + std::string(value);
}

// Collects the stems of a document, whose postings have no positions, so that each is added once.
class Builder {
 public:
  Builder(Stems& stems, std::string language) : stems_(stems), language_(std::move(language)) {}

  // Words that are found without naming a field.
  void add_text(std::string_view text, Xapian::termcount weight) {
    const std::vector<Token> tokens = tokenise(text);
    for (const Token& token : tokens) {
      document_.add_posting(token.word, ++position_, weight);
      if (auto stem = stems_.term(language_, token.word); !stem.empty()) stem_weights_[stem] += weight;
    }
    const Xapian::termpos first = position_ + 1 - static_cast<Xapian::termpos>(tokens.size());
    for_each_code(tokens, [&](std::size_t begin, std::size_t, const std::string& word) {
      document_.add_posting(word, first + static_cast<Xapian::termpos>(begin), weight);
    });
    position_ += kPositionGap;
  }

  void add_page(const storage::IndexablePage& page) {
    pages_.push_back({page.number, position_});
    add_text(page.text, 1);
  }

  void add_title(std::string_view title) {
    for (const Token& token : tokenise(title)) {
      const std::string stem = stems_.term(language_, token.word);
      if (!stem.empty()) document_.add_term(Stems::of_title(stem));
    }
    add_field(prefix::kTitle, title, kTitleWeight);
  }

  // Words of one field: found with and without its name.
  void add_field(std::string_view prefix, std::string_view text, Xapian::termcount weight) {
    if (text.empty()) return;
    add_named(prefix, text);
    add_text(text, weight);
  }

  // Words that are found with the field's name: without it they are found elsewhere.
  void add_named(std::string_view prefix, std::string_view text) {
    Xapian::termpos position = position_;
    for (const Token& token : tokenise(text)) document_.add_posting(with(prefix, token.word), ++position, 1);
  }

  void add_value(std::string_view prefix, std::string_view name) {
    const std::string value = folded_value(name);
    if (!value.empty()) document_.add_boolean_term(with(prefix, value));
  }

  void add_flag(std::string_view prefix, std::string_view value, bool holds = true) {
    if (holds) document_.add_boolean_term(with(prefix, value));
  }

  void add_flags(const std::vector<std::string>& terms) {
    for (const std::string& term : terms) document_.add_boolean_term(term);
  }

  void set(Xapian::valueno slot, const std::string& value) {
    if (!value.empty()) document_.add_value(slot, value);
  }

  Xapian::Document finish() {
    for (const auto& [term, weight] : stem_weights_) document_.add_term(term, weight);
    document_.set_data(encode(pages_));
    return document_;
  }

 private:
  Stems& stems_;
  std::string language_;
  Xapian::Document document_;
  Xapian::termpos position_ = 0;
  PageTable pages_;
  std::unordered_map<std::string, Xapian::termcount> stem_weights_;
};

// One line of the language of slot::kFacets; what has a separator in it loses it.
std::string facets_of(const storage::IndexableDocument& document) {
  std::array<std::string, kFacetFields> fields;
  const auto field = [&](FacetField which) -> std::string& { return fields[static_cast<std::size_t>(which)]; };
  field(FacetField::type) = document.type;
  field(FacetField::correspondent) = document.correspondent;
  field(FacetField::language) = document.language;
  if (!document.class_codes.empty()) field(FacetField::class_code) = document.class_codes.front();
  if (document.document_date) field(FacetField::year) = core::to_iso(*document.document_date).substr(0, 4);
  field(FacetField::tag) = core::joined(document.tags, std::string_view(&kTagSeparator, 1));
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::erase(fields[i], kFacetSeparator);
    line += (i > 0 ? std::string(1, kFacetSeparator) : "") + fields[i];
  }
  return line;
}

// What has: and is: call it, seen from this end; empty for what only has to do with the other.
std::string_view relation_name(const storage::IndexableRelation& relation) {
  switch (relation.kind) {
    case storage::RelationKind::answers:
      return relation.reversed ? "answers" : "answer";
    case storage::RelationKind::supersedes:
      return relation.reversed ? "superseded" : "successor";
    case storage::RelationKind::belongs_to:
      return relation.reversed ? "parts" : "part";
    case storage::RelationKind::relates_to:
      return "";
  }
  return "";
}

void add_relations(Builder& builder, const std::vector<storage::IndexableRelation>& relations) {
  for (const storage::IndexableRelation& relation : relations) {
    std::vector<std::string> names{"relations", std::string(kOtherEnd) + std::to_string(relation.other_id)};
    if (const auto name = relation_name(relation); !name.empty()) names.emplace_back(name);
    for (const std::string& name : names) builder.add_flag("", relation_term(name, relation.access_list));
  }
}

void add_flags(Builder& builder, const storage::IndexableDocument& document) {
  builder.add_flag(prefix::kHas, "text", document.has_text);
  builder.add_flag(prefix::kHas, "notes", !document.notes.empty());
  builder.add_flag(prefix::kHas, "tags", !document.tags.empty());
  builder.add_flag(prefix::kHas, "type", !document.type.empty());
  builder.add_flag(prefix::kHas, "correspondent", !document.correspondent.empty());
  builder.add_flag(prefix::kHas, "date", document.document_date.has_value());
  builder.add_flag(prefix::kHas, "class", !document.class_codes.empty());
  builder.add_flag(prefix::kHas, "folder", document.folder_id != 0);
  builder.add_flag(prefix::kHas, "labels", !document.version_labels.empty());
  builder.add_flag(prefix::kHas, "paper", !document.barcode.empty());
  builder.add_flag(prefix::kIs, document.state);
  builder.add_flag(prefix::kIs, "encrypted", document.encrypted);
  builder.add_flag(prefix::kIs, "signed", document.is_signed);
  builder.add_flag(prefix::kIs, "record", document.is_record);
  builder.add_flag(prefix::kIs, "held", document.openly_held);
  builder.add_flag(prefix::kIs, "checked-out", document.checked_out);
  builder.add_flag(prefix::kIs, "low-confidence", document.low_confidence);
  builder.add_flag(prefix::kIs, "no-text", !document.has_text);
}

}  // namespace

std::string encode(const PageTable& pages) {
  std::string text;
  for (const PageStart& page : pages) {
    text += std::to_string(page.number) + ":" + std::to_string(page.position) + " ";
  }
  return text;
}

PageTable decode_page_table(std::string_view text) {
  PageTable pages;
  for (const std::string_view pair : core::split(text, ' ')) {
    const auto colon = pair.find(':');
    if (colon == std::string_view::npos) continue;
    const auto number = core::parse_integer(pair.substr(0, colon));
    const auto position = core::parse_integer(pair.substr(colon + 1));
    if (number && position) pages.push_back({*number, static_cast<Xapian::termpos>(*position)});
  }
  return pages;
}

std::string custom_field_prefix(std::string_view key) {
  return with(prefix::kCustomField, key) + ":";
}

std::string relation_term(std::string_view name, std::int64_t access_list) {
  return with(prefix::kRelation, name) + ":" + std::to_string(access_list);
}

std::vector<std::string> date_terms(std::string_view prefix, core::Date date) {
  const std::string iso = core::to_iso(date);
  const std::string year = iso.substr(0, 4);
  const std::string month = year + iso.substr(5, 2);
  return {with(prefix, year.substr(0, 3)), with(prefix, year), with(prefix, month),
          with(prefix, month + iso.substr(8, 2))};
}

Xapian::Document index_document(const storage::IndexableDocument& document, Stems& stems,
                                const std::string& default_language) {
  Builder builder(stems, document.language.empty() ? default_language : document.language);
  builder.add_flag(prefix::kId, std::to_string(document.id));
  builder.add_flag(prefix::kAccessList, std::to_string(document.access_list));
  builder.add_title(document.title);
  builder.add_field(prefix::kType, document.type, kNameWeight);
  builder.add_field(prefix::kCorrespondent, document.correspondent, kNameWeight);
  for (const std::string& tag : document.tags) {
    builder.add_field(prefix::kTag, tag, kNameWeight);
    builder.add_value(prefix::kTagValue, tag);
  }
  builder.add_field(prefix::kFilename, document.filename, 1);
  for (const std::string& label : document.version_labels) builder.add_field(prefix::kLabel, label, 1);
  builder.add_field(prefix::kBarcode, document.barcode, 1);
  if (document.serial_number) builder.add_flag(prefix::kSerialNumber, std::to_string(*document.serial_number));
  builder.add_field(prefix::kFolder, document.folder, 1);
  builder.add_named(prefix::kSender, document.sender);
  for (const std::string& note : document.notes) builder.add_text(note, 1);
  for (const storage::SearchableValue& value : document.custom) {
    const std::string own_prefix = custom_field_prefix(value.key);
    builder.add_field(own_prefix, value.text, 1);
    if (value.date) builder.add_flags(date_terms(with(own_prefix, prefix::kOwnDate), *value.date));
    if (!value.number.empty()) builder.add_flags(number_terms(own_prefix, value.number));
  }
  builder.add_value(prefix::kTypeValue, document.type);
  builder.add_value(prefix::kCorrespondentValue, document.correspondent);
  for (const std::string& code : document.class_codes) builder.add_value(prefix::kClassCode, code);
  if (document.folder_id != 0) builder.add_flag(prefix::kFolderId, std::to_string(document.folder_id));
  if (!document.language.empty()) builder.add_flag(prefix::kLanguage, document.language);
  builder.add_flag(prefix::kSource, document.source, !document.source.empty());
  add_flags(builder, document);
  add_relations(builder, document.relations);
  builder.set(slot::kFacets, facets_of(document));
  if (document.document_date) {
    const std::string iso = core::to_iso(*document.document_date);
    builder.add_flags(date_terms(prefix::kCreated, *document.document_date));
    builder.set(slot::kCreated, iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2));
  }
  builder.add_flags(date_terms(prefix::kAdded, core::date_of(document.added_at)));
  builder.set(slot::kAdded, Xapian::sortable_serialise(static_cast<double>(core::to_microseconds(document.added_at))));
  builder.set(slot::kTitle, std::string(core::cut(folded_value(document.title), 64)));
  builder.set(slot::kPages, std::to_string(document.pages.size()));
  for (const storage::IndexablePage& page : document.pages) builder.add_page(page);
  return builder.finish();
}

}  // namespace muniment::index
