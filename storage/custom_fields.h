// Fields that an organisation adds to its documents: typed, carried by documents of some types or of all, required or
// not, with values to begin with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/document_fields.h"
#include "storage/documents.h"

namespace muniment::storage {

// What the values look like. People may write numbers with spaces and a decimal comma.
enum class CustomFieldKind {
  text,      // up to 1000 bytes
  number,    // "-1234.5"
  amount,    // "1234.50 SEK"
  date,      // "2026-11-28"
  yes_no,    // "yes" or "no"
  choice,    // one of the field's choices
  document,  // the number of another document
  person,    // the number of an account; people may write its name
};
std::string_view custom_field_kind_name(CustomFieldKind kind);  // "yes_no"
std::optional<CustomFieldKind> parse_custom_field_kind(std::string_view name);
// Whether what is found of that kind on the pages of a document has the form of such a field's values: an amount for
// an amount, a due date for a date, each of the numbers for a text.
bool can_be_filled_from(CustomFieldKind kind, FieldKind found);

struct CustomFieldUse {
  std::optional<std::int64_t> type_id;  // documents of this type; empty: all documents
  bool required = false;                // without a value a document cannot be declared a record
  std::string preset = {};              // what a document that gets the type has, until somebody says otherwise
};

struct CustomFieldTerms {
  std::string name;
  std::vector<std::string> choices = {};  // of a choice, in order
  std::vector<CustomFieldUse> uses = {};
  bool closed = false;                      // keeps its values and takes no new ones
  std::optional<FieldKind> fill_from = {};  // what is found of this is suggested as its value, never filled in
};

struct CustomField {
  std::int64_t id = 0;
  std::int64_t version = 0;  // the ETag
  std::string key;           // lower-case letters, digits and hyphens, at most 40: for programs and queries
  CustomFieldKind kind = CustomFieldKind::text;
  CustomFieldTerms terms;
};

std::vector<CustomField> list_custom_fields(Session& session);  // by name
std::optional<CustomField> find_custom_field(Session& session, std::int64_t id);
// These need Permission::manage_file_plan. Error(conflict) for a name or key that is taken, Error(invalid_argument).
CustomField create_custom_field(Transaction& tx, const Principal& who, std::string_view key, CustomFieldKind kind,
                                const CustomFieldTerms& terms);
// Whether create_custom_field could make it, for anybody: its Error(conflict) and Error(invalid_argument).
void check_custom_field(Session& session, const Principal& who, std::string_view key, CustomFieldKind kind,
                        const CustomFieldTerms& terms);
// Error(conflict) for a choice that is taken away and that a document has; Error(stale), Error(not_found).
CustomField change_custom_field(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                                const CustomFieldTerms& terms);
// Error(conflict) when a document has a value of it.
void delete_custom_field(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version);

// A value as it is kept, or why it is none.
struct CheckedValue {
  std::string value;
  std::string problem;  // what would be right; empty: the value is
};
CheckedValue check_custom_value(Session& session, const Principal& who, const CustomField& field,
                                std::string_view text);

struct CustomValue {
  CustomField field;
  bool required = false;
  std::string value;    // empty: none
  std::string shown;    // the value, or the title or name of what it is the number of
  bool hidden = false;  // it refers to a document that `who` may not read: value and shown are empty
};
// What the document has of `fields` (list_custom_fields), and what documents of its type carry, in their order. Having
// a document is the proof that its reader may read it.
std::vector<CustomValue> custom_values(Session& session, const Principal& who, const Document& document,
                                       const std::vector<CustomField>& fields);
// The name of a field that the document must have and has not.
std::optional<std::string> missing_custom_field(Session& session, const Document& document);

// What people search for in a value: field.KEY:word, or a date, or a number.
struct SearchableValue {
  std::string key;
  std::string text;
  std::optional<core::Date> date;
  std::string number;  // as core::to_decimal gives it, of an amount without its currency; empty: none
};
std::vector<SearchableValue> searchable_values(Session& session, std::int64_t document_id);

// For change_document: writes values, and what a new type begins with. Returns what was there and what is now, by key,
// as JSON objects. Error(invalid_argument) that points at /custom_fields/KEY.
std::pair<std::string, std::string> write_custom_values(
    Transaction& tx, const Principal& who, const Document& document, bool new_type,
    const std::vector<std::pair<std::string, std::optional<std::string>>>& values);

}  // namespace muniment::storage
