// A folder under hold holds what comes into it: the database sees to that (migration 0003), and this is what the audit
// log says of it.
#pragma once

#include <cstdint>

#include "storage/database.h"

namespace muniment::storage {

// After a document that was under no hold came into a folder: an entry for each hold that was extended to it.
void audit_holds_of_folder(Transaction& tx, std::int64_t document_id);

}  // namespace muniment::storage
