// Reading a document's rows without asking who wants to know: for storage's own work only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/documents.h"

namespace muniment::storage {

// SQL, to go on after a condition: that no disposition has the document d on its way out. What comes in again meanwhile
// is not here already: it would be destroyed with it.
inline constexpr std::string_view kIsNotDisposedOf =
    " AND NOT EXISTS (SELECT 1 FROM record l WHERE l.document_id = d.id AND l.stage <> 'active')";

std::optional<Document> read_document(Session& session, std::int64_t id);
std::int64_t current_version(Session& session, std::int64_t document_id);

// What never changes of a component.
struct CapturedComponent {
  std::int64_t position = 0;
  std::string filename;
  core::Sha256 hash;
};
// SHA-256 over what never changes of a document, as lower-case hexadecimal digits.
std::string capture_hash(std::int64_t id, core::Time added_at, std::optional<std::int64_t> added_by,
                         std::string_view source, const std::vector<CapturedComponent>& components);
// The same, from what is stored now.
std::string capture_hash(Session& session, std::int64_t document_id);

}  // namespace muniment::storage
