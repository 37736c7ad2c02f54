// What keeps a document from being changed and passed on: GDPR art. 18, placed and lifted by records/privacy.h, and
// that it is under hold or has been handed over.
#pragma once

#include "storage/documents.h"

namespace muniment::storage {

bool is_restricted(Session& session, std::int64_t document_id);
// Error(conflict) when the processing of the document is restricted. The database's triggers say the same.
void require_not_restricted(Session& session, std::int64_t document_id);

// Error(conflict) while its receipt is waited for: what was handed over stays as its package tells it.
void require_not_handed_over(Session& session, const Document& document);
// Error(conflict) while it is under hold, restricted, or handed over.
void require_free_to_change(Session& session, const Document& document);

// Why nothing of the document may be shown to other people by a link, a mail, a web hook or a request to approve; empty
// when it may.
std::string obstacle_to_passing_on(Session& session, const Document& document);

}  // namespace muniment::storage
