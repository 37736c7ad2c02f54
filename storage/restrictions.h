// What GDPR art. 18 keeps from being changed and passed on. It is placed and lifted by records/privacy.h.
#pragma once

#include "storage/documents.h"

namespace muniment::storage {

bool is_restricted(Session& session, std::int64_t document_id);
// Error(conflict) when the processing of the document is restricted. The database's triggers say the same.
void require_not_restricted(Session& session, std::int64_t document_id);

// Why nothing of the document may be shown to other people by a link, a mail, a web hook or a request to approve; empty
// when it may.
std::string obstacle_to_passing_on(Session& session, const Document& document);

}  // namespace muniment::storage
