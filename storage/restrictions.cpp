#include "storage/restrictions.h"

#include "core/error.h"

namespace muniment::storage {

bool is_restricted(Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT document_id FROM restriction WHERE document_id = $1", document_id)
      .has_value();
}

void require_not_restricted(Session& session, std::int64_t document_id) {
  if (!is_restricted(session, document_id)) return;
  throw core::Error(core::ErrorCode::conflict,
                    "the processing of this document is restricted; it cannot be changed until that is lifted");
}

void require_not_handed_over(Session& session, const Document& document) {
  if (!document.is_record) return;
  const auto stage = session.value<std::string>("SELECT stage FROM record WHERE document_id = $1", document.id);
  if (stage != "transferring") return;
  throw core::Error(
      core::ErrorCode::conflict,
      "this record has been handed over; it cannot be changed until its receipt is recorded or the transfer is "
      "cancelled");
}

void require_free_to_change(Session& session, const Document& document) {
  require_not_held(document);
  require_not_restricted(session, document.id);
  require_not_handed_over(session, document);
}

std::string obstacle_to_passing_on(Session& session, const Document& document) {
  if (document.withdrawn) return "this document has been disposed of";
  if (document.trashed_at) return "this document is in the trash; restore it to pass it on";
  if (document.replaced_at) return "this document's pages went into others; pass those on";
  if (is_restricted(session, document.id)) {
    return "the processing of this document is restricted; it is not passed on until that is lifted";
  }
  return "";
}

}  // namespace muniment::storage
