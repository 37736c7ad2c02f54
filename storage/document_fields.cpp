#include "storage/document_fields.h"

#include <array>

#include "core/error.h"
#include "storage/internal/named_values.h"

namespace muniment::storage {

namespace {

constexpr std::array<std::pair<FieldKind, std::string_view>, 9> kNames{
    {{FieldKind::due_date, "due_date"},
     {FieldKind::amount, "amount"},
     {FieldKind::organisation_number, "organisation_number"},
     {FieldKind::invoice_number, "invoice_number"},
     {FieldKind::reference, "reference"},
     {FieldKind::ocr_number, "ocr_number"},
     {FieldKind::bankgiro, "bankgiro"},
     {FieldKind::plusgiro, "plusgiro"},
     {FieldKind::iban, "iban"}}};

FieldKind stored_kind(std::string_view name) {
  if (const auto kind = parse_field_kind(name)) return *kind;
  throw core::Error(core::ErrorCode::corrupt, "the database holds an unknown kind of field");
}

}  // namespace

std::string_view field_kind_name(FieldKind kind) {
  return name_in(kNames, kind);
}

std::optional<FieldKind> parse_field_kind(std::string_view name) {
  return value_in(kNames, name);
}

std::vector<DocumentField> document_fields(Session& session, std::int64_t document_id) {
  std::vector<DocumentField> fields;
  for (const auto& [kind, value, text, page, left, top, width, height] :
       session.rows<std::string, std::string, std::string, std::int64_t, std::int32_t, std::int32_t, std::int32_t,
                    std::int32_t>(
           "SELECT kind, value, text, page, box_left, box_top, box_width, box_height FROM document_field "
           "WHERE document_id = $1 ORDER BY position",
           document_id)) {
    fields.push_back({stored_kind(kind), value, text, page, {left, top, width, height}});
  }
  return fields;
}

void store_document_fields(Transaction& tx, std::int64_t document_id, const std::vector<DocumentField>& fields) {
  tx.execute("DELETE FROM document_field WHERE document_id = $1", document_id);
  std::int64_t position = 0;
  for (const DocumentField& field : fields) {
    tx.execute(
        "INSERT INTO document_field (document_id, position, kind, value, text, page, box_left, box_top, box_width, "
        "box_height) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        document_id, ++position, field_kind_name(field.kind), field.value, field.text, field.page, field.box.left,
        field.box.top, field.box.width, field.box.height);
  }
}

}  // namespace muniment::storage
