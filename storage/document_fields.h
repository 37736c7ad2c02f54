// What a document says that offices ask for: when and what to pay, to whom, with which number. Found in its text
// (ingest/field_extraction.h), each with its place on the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/page_layer.h"

namespace muniment::storage {

enum class FieldKind {
  due_date,             // "2026-03-31"
  amount,               // "1234.50 SEK"
  organisation_number,  // "556016-0680"
  invoice_number,
  reference,
  ocr_number,  // the reference of a Swedish payment, with its check digit
  bankgiro,    // "5050-1055"
  plusgiro,    // "410 54-68" as "4105468" with a hyphen before the check digit: "410546-8"
  iban,        // without spaces
};
std::string_view field_kind_name(FieldKind kind);  // "organisation_number"
std::optional<FieldKind> parse_field_kind(std::string_view name);

struct DocumentField {
  FieldKind kind = FieldKind::amount;
  std::string value;  // in the form that the kind says
  std::string text;   // as it stands on the page
  std::int64_t page = 0;
  Box box;  // of the page's layer
  bool operator==(const DocumentField&) const = default;
};

// In the order of the text. Having a document is the proof that its reader may read it.
std::vector<DocumentField> document_fields(Session& session, std::int64_t document_id);
// Puts these in the place of what was found before.
void store_document_fields(Transaction& tx, std::int64_t document_id, const std::vector<DocumentField>& fields);

}  // namespace muniment::storage
