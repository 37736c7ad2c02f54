// The values of custom fields: the other half of storage/custom_fields.h.
#include "storage/internal/custom_values.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "core/decimal.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/internal/refusal.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestValue = 1000;

// "1 234,5 sek" as "1234.50 SEK"; empty when it is no amount.
std::string amount(std::string_view text) {
  const std::string plain = core::collapse_space(text);
  const auto space = plain.rfind(' ');
  if (space == std::string::npos || plain.size() != space + 4) return "";
  std::string currency = plain.substr(space + 1);
  for (char& c : currency) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c < 'A' || c > 'Z') return "";
  }
  std::string number = core::to_decimal(plain.substr(0, space));
  if (number.empty()) return "";
  const auto point = number.find('.');
  if (point == std::string::npos) {
    number += ".00";
  } else if (number.size() - point == 2) {
    number += "0";
  } else if (number.size() - point > 3) {
    return "";
  }
  return number + " " + currency;
}

std::int64_t referred(std::string_view text) {
  return core::parse_integer(core::trim(text)).value_or(0);
}

// The use that counts for a document: that of its type, or else that of every document.
const CustomFieldUse* use_for(const CustomField& field, const Document& document) {
  const CustomFieldUse* found = nullptr;
  for (const CustomFieldUse& use : field.terms.uses) {
    if (!use.type_id && found == nullptr) found = &use;
    if (use.type_id && document.type && *use.type_id == document.type->id) return &use;
  }
  return found;
}

using StoredValues = std::map<std::int64_t, std::string>;  // by field

StoredValues stored_values(Session& session, std::int64_t document_id) {
  StoredValues values;
  for (const auto& [field, value] : session.rows<std::int64_t, std::string>(
           "SELECT field_id, value FROM custom_value WHERE document_id = $1", document_id)) {
    values.emplace(field, value);
  }
  return values;
}

// Empty: none.
std::string value_in(const StoredValues& values, std::int64_t field_id) {
  const auto found = values.find(field_id);
  return found == values.end() ? "" : found->second;
}

std::string person_named(Session& session, std::int64_t account) {
  return session.value<std::string>("SELECT display_name FROM account WHERE id = $1", account).value_or("");
}

void show(Session& session, const Principal& who, CustomValue& value) {
  value.shown = value.value;
  if (value.value.empty()) return;
  if (value.field.kind == CustomFieldKind::person) value.shown = person_named(session, referred(value.value));
  if (value.field.kind != CustomFieldKind::document) return;
  const auto other = find_document(session, who, referred(value.value));
  value.hidden = !other;
  value.shown = other ? other->title : "";
  if (!other) value.value.clear();
}

class Writer {
 public:
  Writer(Transaction& tx, const Principal& who, const Document& document)
      : tx_(tx), who_(who), document_(document), values_(stored_values(tx, document.id)) {}

  void set(const CustomField& field, const std::optional<std::string>& text) {
    const std::string pointer = "/custom_fields/" + field.key;
    const std::string before = value_in(values_, field.id);
    std::string after;
    if (text && !core::trim(*text).empty()) {
      if (field.terms.closed) refuse(pointer, "this field is closed and takes no new values");
      after = checked_custom_value(tx_, who_, field, *text, pointer);
    } else if (const CustomFieldUse* use = use_for(field, document_); use != nullptr && use->required) {
      refuse(pointer, "documents of this type must have this field");
    }
    write(field, before, after);
  }

  // A value that nobody has given yet.
  void begin_with(const CustomField& field) {
    const CustomFieldUse* use = use_for(field, document_);
    if (field.terms.closed || use == nullptr || use->preset.empty()) return;
    if (value_in(values_, field.id).empty()) write(field, "", use->preset);
  }

  std::pair<std::string, std::string> changes() const { return {before_.dump(), after_.dump()}; }

 private:
  void write(const CustomField& field, const std::string& before, const std::string& after) {
    if (before == after) return;
    if (after.empty()) {
      tx_.execute("DELETE FROM custom_value WHERE document_id = $1 AND field_id = $2", document_.id, field.id);
    } else {
      tx_.execute(
          "INSERT INTO custom_value (document_id, field_id, value) VALUES ($1, $2, $3) "
          "ON CONFLICT (document_id, field_id) DO UPDATE SET value = excluded.value",
          document_.id, field.id, after);
    }
    values_[field.id] = after;
    before_[field.key] = before.empty() ? Json() : Json(before);
    after_[field.key] = after.empty() ? Json() : Json(after);
  }

  Transaction& tx_;
  const Principal& who_;
  const Document& document_;
  StoredValues values_;
  Json before_ = Json::object();
  Json after_ = Json::object();
};

}  // namespace

CheckedValue check_custom_value(Session& session, const Principal& who, const CustomField& field,
                                std::string_view text) {
  const std::string clean = core::collapse_space(core::to_nfc(text));
  const auto only_if = [](bool right, const std::string& value, std::string_view rule) {
    return right ? CheckedValue{value, ""} : CheckedValue{"", std::string(rule)};
  };
  switch (field.kind) {
    case CustomFieldKind::text:
      return only_if(!clean.empty() && clean.size() <= kLongestValue, clean, "must have 1 to 1000 bytes");
    case CustomFieldKind::number:
      return only_if(!core::to_decimal(clean).empty(), core::to_decimal(clean),
                     "must be a number like 1234.5, of at most 15 digits and 6 decimals");
    case CustomFieldKind::amount:
      return only_if(!amount(clean).empty(), amount(clean), "must be an amount with its currency, like 1234.50 SEK");
    case CustomFieldKind::date:
      return only_if(core::parse_iso_date(clean).has_value(), clean, "must be a date like 2026-11-28");
    case CustomFieldKind::yes_no:
      return only_if(clean == "yes" || clean == "no", clean, "must be yes or no");
    case CustomFieldKind::choice:
      for (const std::string& choice : field.terms.choices) {
        if (core::fold_case(choice) == core::fold_case(clean)) return {choice, ""};
      }
      return {"", "must be one of the field's choices"};
    case CustomFieldKind::document:
      return only_if(find_document(session, who, referred(clean)).has_value(), std::to_string(referred(clean)),
                     "must be the number of a document");
    case CustomFieldKind::person:
      if (const auto named = session.value<std::int64_t>("SELECT id FROM account WHERE name = $1", clean)) {
        return {std::to_string(*named), ""};
      }
      return only_if(!person_named(session, referred(clean)).empty(), std::to_string(referred(clean)),
                     "must be the number or name of an account");
  }
  return {"", "has a kind that is not known"};
}

std::string checked_custom_value(Session& session, const Principal& who, const CustomField& field,
                                 std::string_view text, const std::string& pointer) {
  CheckedValue checked = check_custom_value(session, who, field, text);
  if (!checked.problem.empty()) refuse(pointer, checked.problem);
  return std::move(checked.value);
}

std::vector<CustomValue> custom_values(Session& session, const Principal& who, const Document& document,
                                       const std::vector<CustomField>& fields) {
  const StoredValues stored = stored_values(session, document.id);
  std::vector<CustomValue> values;
  for (const CustomField& field : fields) {
    CustomValue value;
    value.value = value_in(stored, field.id);
    const CustomFieldUse* use = use_for(field, document);
    if (value.value.empty() && (use == nullptr || field.terms.closed)) continue;
    value.required = use != nullptr && use->required && !field.terms.closed;
    value.field = field;
    show(session, who, value);
    values.push_back(std::move(value));
  }
  return values;
}

std::optional<std::string> missing_custom_field(Session& session, const Document& document) {
  const StoredValues stored = stored_values(session, document.id);
  for (const CustomField& field : list_custom_fields(session)) {
    const CustomFieldUse* use = use_for(field, document);
    if (field.terms.closed || use == nullptr || !use->required) continue;
    if (value_in(stored, field.id).empty()) return field.terms.name;
  }
  return std::nullopt;
}

std::vector<SearchableValue> searchable_values(Session& session, std::int64_t document_id) {
  std::vector<SearchableValue> values;
  for (const auto& [key, kind_name, value] : session.rows<std::string, std::string, std::string>(
           "SELECT f.key, f.kind, v.value FROM custom_value v JOIN custom_field f ON f.id = v.field_id "
           "WHERE v.document_id = $1 ORDER BY f.id",
           document_id)) {
    const CustomFieldKind kind = parse_custom_field_kind(kind_name).value();
    SearchableValue searchable{key, value, std::nullopt, ""};
    if (kind == CustomFieldKind::person) searchable.text = person_named(session, referred(value));
    if (kind == CustomFieldKind::date) searchable.date = core::parse_iso_date(value);
    if (kind == CustomFieldKind::number) searchable.number = value;
    if (kind == CustomFieldKind::amount) searchable.number = value.substr(0, value.find(' '));
    values.push_back(std::move(searchable));
  }
  return values;
}

std::pair<std::string, std::string> write_custom_values(
    Transaction& tx, const Principal& who, const Document& document, bool new_type,
    const std::vector<std::pair<std::string, std::optional<std::string>>>& values) {
  if (values.empty() && !new_type) return {"{}", "{}"};
  Writer writer(tx, who, document);
  const std::vector<CustomField> fields = list_custom_fields(tx);
  for (const auto& [key, text] : values) {
    const auto field = std::ranges::find(fields, key, &CustomField::key);
    if (field == fields.end()) refuse("/custom_fields/" + key, "there is no field with this key");
    writer.set(*field, text);
  }
  if (new_type) std::ranges::for_each(fields, [&](const CustomField& field) { writer.begin_with(field); });
  return writer.changes();
}

}  // namespace muniment::storage
