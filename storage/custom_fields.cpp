#include "storage/custom_fields.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/internal/custom_values.h"
#include "storage/internal/named_values.h"
#include "storage/internal/refusal.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLongestFieldName = 100;
constexpr std::size_t kMostChoices = 500;

constexpr std::array<std::pair<CustomFieldKind, std::string_view>, 8> kFieldKinds = {
    {{CustomFieldKind::text, "text"},
     {CustomFieldKind::number, "number"},
     {CustomFieldKind::amount, "amount"},
     {CustomFieldKind::date, "date"},
     {CustomFieldKind::yes_no, "yes_no"},
     {CustomFieldKind::choice, "choice"},
     {CustomFieldKind::document, "document"},
     {CustomFieldKind::person, "person"}}};

std::string checked_key(std::string_view key) {
  const bool good = !key.empty() && key.size() <= kLongestKey && key.front() >= 'a' && key.front() <= 'z' &&
                    key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  if (!good)
    refuse("/key", "a key has 1 to 40 lower-case letters (a to z), digits and hyphens, and begins with a letter");
  return std::string(key);
}

std::string checked_line(std::string_view text, const std::string& pointer) {
  std::string clean = core::collapse_space(core::to_nfc(text));
  if (clean.empty() || clean.size() > kLongestFieldName) refuse(pointer, "must have 1 to 100 bytes");
  return clean;
}

std::vector<std::string> checked_choices(CustomFieldKind kind, const std::vector<std::string>& choices) {
  if (kind != CustomFieldKind::choice) {
    if (!choices.empty()) refuse("/choices", "only a field of the kind choice has choices");
    return {};
  }
  if (choices.empty() || choices.size() > kMostChoices) refuse("/choices", "a choice needs 1 to 500 of them");
  std::vector<std::string> clean;
  std::set<std::string> seen;
  for (const std::string& choice : choices) {
    clean.push_back(checked_line(choice, "/choices"));
    if (!seen.insert(core::fold_case(clean.back())).second) refuse("/choices", clean.back() + " is there twice");
  }
  return clean;
}

std::optional<FieldKind> checked_source(CustomFieldKind kind, std::optional<FieldKind> found) {
  if (found && !can_be_filled_from(kind, *found)) {
    refuse("/fill_from",
           "an amount is found for a field of amounts, a due_date for one of dates, a number for one of text; "
           "nothing for others");
  }
  return found;
}

CustomFieldTerms checked(Session& session, const Principal& who, CustomFieldKind kind, const CustomFieldTerms& terms,
                         std::int64_t except) {
  CustomFieldTerms clean;
  clean.name = checked_line(terms.name, "/name");
  const auto taken =
      session.value<std::int64_t>("SELECT id FROM custom_field WHERE folded_name = $1", core::fold_case(clean.name));
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "there is already a field with that name", {{"/name", "choose another"}});
  }
  clean.choices = checked_choices(kind, terms.choices);
  clean.closed = terms.closed;
  clean.fill_from = checked_source(kind, terms.fill_from);
  CustomField field;
  field.kind = kind;
  field.terms.choices = clean.choices;
  std::set<std::int64_t> types;
  for (const CustomFieldUse& use : terms.uses) {
    if (use.type_id && !find_name(session, Vocabulary::type, *use.type_id)) {
      refuse("/uses", "there is no document type " + std::to_string(*use.type_id));
    }
    if (!types.insert(use.type_id.value_or(0)).second) refuse("/uses", "a document type can be named once only");
    clean.uses.push_back({use.type_id, use.required,
                          use.preset.empty() ? "" : checked_custom_value(session, who, field, use.preset, "/uses")});
  }
  return clean;
}

// As it is stored; empty: none.
std::string_view source_name(const CustomFieldTerms& terms) {
  return terms.fill_from ? field_kind_name(*terms.fill_from) : std::string_view();
}

void write_terms(Transaction& tx, std::int64_t id, const CustomFieldTerms& terms) {
  tx.execute("DELETE FROM custom_choice WHERE field_id = $1", id);
  std::int64_t position = 0;
  for (const std::string& choice : terms.choices) {
    tx.execute("INSERT INTO custom_choice (field_id, position, name) VALUES ($1, $2, $3)", id, ++position, choice);
  }
  tx.execute("DELETE FROM custom_field_use WHERE field_id = $1", id);
  for (const CustomFieldUse& use : terms.uses) {
    tx.execute("INSERT INTO custom_field_use (field_id, type_id, required, preset) VALUES ($1, $2, $3, $4)", id,
               use.type_id, use.required, use.preset);
  }
}

std::string described(const CustomField& field) {
  Json uses = Json::array();
  for (const CustomFieldUse& use : field.terms.uses) {
    uses.push_back(
        {{"type_id", use.type_id ? Json(*use.type_id) : Json()}, {"required", use.required}, {"preset", use.preset}});
  }
  return Json{{"key", field.key},
              {"name", field.terms.name},
              {"kind", custom_field_kind_name(field.kind)},
              {"choices", field.terms.choices},
              {"uses", std::move(uses)},
              {"closed", field.terms.closed},
              {"fill_from", field.terms.fill_from ? Json(field_kind_name(*field.terms.fill_from)) : Json()}}
      .dump();
}

CustomField require_field(Session& session, std::int64_t id, std::int64_t expected_version) {
  auto field = find_custom_field(session, id);
  if (!field) throw Error(ErrorCode::not_found, "there is no field " + std::to_string(id));
  require_as_seen(field->version, expected_version, "field");
  return std::move(*field);
}

void require_choices_unused(Session& session, const CustomField& before, const std::vector<std::string>& choices) {
  for (const std::string& choice : before.terms.choices) {
    if (std::ranges::find(choices, choice) != choices.end()) continue;
    if (session.value<std::int64_t>("SELECT document_id FROM custom_value WHERE field_id = $1 AND value = $2 LIMIT 1",
                                    before.id, choice)) {
      throw Error(ErrorCode::conflict, "documents have the choice " + choice + "; give them another first",
                  {{"/choices", "must keep " + choice}});
    }
  }
}

}  // namespace

std::string_view custom_field_kind_name(CustomFieldKind kind) {
  return name_in(kFieldKinds, kind);
}

std::optional<CustomFieldKind> parse_custom_field_kind(std::string_view name) {
  return value_in(kFieldKinds, name);
}

bool can_be_filled_from(CustomFieldKind kind, FieldKind found) {
  switch (found) {
    case FieldKind::amount:
      return kind == CustomFieldKind::amount;
    case FieldKind::due_date:
      return kind == CustomFieldKind::date;
    case FieldKind::organisation_number:
    case FieldKind::invoice_number:
    case FieldKind::reference:
    case FieldKind::ocr_number:
    case FieldKind::bankgiro:
    case FieldKind::plusgiro:
    case FieldKind::iban:
      return kind == CustomFieldKind::text;
  }
  return false;
}

std::vector<CustomField> list_custom_fields(Session& session) {
  std::vector<CustomField> fields;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM custom_field ORDER BY folded_name")) {
    if (auto field = find_custom_field(session, id)) fields.push_back(std::move(*field));
  }
  return fields;
}

std::optional<CustomField> find_custom_field(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::string, bool, std::string>(
      "SELECT version, key, name, kind, closed, fill_from FROM custom_field WHERE id = $1", id);
  if (!found) return std::nullopt;
  CustomField field;
  field.id = id;
  std::string kind;
  std::string fill_from;
  std::tie(field.version, field.key, field.terms.name, kind, field.terms.closed, fill_from) = *found;
  field.kind = parse_custom_field_kind(kind).value();
  field.terms.fill_from = parse_field_kind(fill_from);
  for (const auto& [name] :
       session.rows<std::string>("SELECT name FROM custom_choice WHERE field_id = $1 ORDER BY position", id)) {
    field.terms.choices.push_back(name);
  }
  for (const auto& [type_id, required, preset] : session.rows<std::optional<std::int64_t>, bool, std::string>(
           "SELECT type_id, required, preset FROM custom_field_use WHERE field_id = $1 ORDER BY coalesce(type_id, 0)",
           id)) {
    field.terms.uses.push_back({type_id, required, preset});
  }
  return field;
}

void check_custom_field(Session& session, const Principal& who, std::string_view key, CustomFieldKind kind,
                        const CustomFieldTerms& terms) {
  const std::string clean_key = checked_key(key);
  if (session.value<std::int64_t>("SELECT id FROM custom_field WHERE key = $1", clean_key)) {
    throw Error(ErrorCode::conflict, "there is already a field with the key " + clean_key,
                {{"/key", "choose another"}});
  }
  checked(session, who, kind, terms, 0);
}

CustomField create_custom_field(Transaction& tx, const Principal& who, std::string_view key, CustomFieldKind kind,
                                const CustomFieldTerms& terms) {
  who.require(Permission::manage_file_plan);
  check_custom_field(tx, who, key, kind, terms);
  const CustomFieldTerms clean = checked(tx, who, kind, terms, 0);
  const std::int64_t id = tx.insert(
      "INSERT INTO custom_field (key, name, folded_name, kind, closed, fill_from) VALUES ($1, $2, $3, $4, $5, $6)", key,
      clean.name, core::fold_case(clean.name), custom_field_kind_name(kind), clean.closed, source_name(clean));
  write_terms(tx, id, clean);
  CustomField made = find_custom_field(tx, id).value();
  tx.audit({"custom_field.created", "custom_field", id, "", described(made)});
  return made;
}

CustomField change_custom_field(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                                const CustomFieldTerms& terms) {
  who.require(Permission::manage_file_plan);
  const CustomField before = require_field(tx, id, expected_version);
  const CustomFieldTerms clean = checked(tx, who, before.kind, terms, id);
  require_choices_unused(tx, before, clean.choices);
  tx.execute(
      "UPDATE custom_field SET name = $1, folded_name = $2, closed = $3, fill_from = $4, version = version + 1 WHERE "
      "id = $5",
      clean.name, core::fold_case(clean.name), clean.closed, source_name(clean), id);
  write_terms(tx, id, clean);
  CustomField after = find_custom_field(tx, id).value();
  tx.audit({"custom_field.changed", "custom_field", id, described(before), described(after)});
  return after;
}

void delete_custom_field(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  who.require(Permission::manage_file_plan);
  const CustomField before = require_field(tx, id, expected_version);
  const auto carriers = tx.value<std::int64_t>("SELECT count(*) FROM custom_value WHERE field_id = $1", id).value();
  if (carriers > 0) {
    throw Error(ErrorCode::conflict,
                std::to_string(carriers) + " documents have a value of this field; close it instead");
  }
  tx.execute("DELETE FROM custom_field WHERE id = $1", id);
  tx.audit({"custom_field.deleted", "custom_field", id, described(before), ""});
}

}  // namespace muniment::storage
