// Which metadata of a destroyed document can be kept, beside what always is (records/tombstones.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace muniment::records {

// Nothing else of a document outlives it.
enum class TombstoneField {
  title,          // one that a person gave; a guessed one is text of the document
  date,           // of the document
  type,           // of the document
  correspondent,  // by name
  folder,         // by title
  identifiers,    // the code and the serial number on its paper
  custom_fields,  // the values of the organisation's own fields
};
std::string_view tombstone_field_name(TombstoneField field);
std::optional<TombstoneField> parse_tombstone_field(std::string_view name);
// "title, date, ...": all of them, for messages.
std::string tombstone_field_names();

// As they are stored: names with spaces between. What this version does not know is left out.
std::string tombstone_fields_text(const std::set<TombstoneField>& fields);
std::set<TombstoneField> parse_tombstone_fields(std::string_view text);

}  // namespace muniment::records
