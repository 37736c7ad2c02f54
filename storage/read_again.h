// Reading a document anew, from its original.
#pragma once

#include <cstdint>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

// Queues a document that is in quarantine, or was read before, to be read anew: what was read of it is forgotten, but
// for corrections by people. `priority` as in storage/jobs.h. Returns the job. Error(not_found) for a document that
// `who` may not read, (forbidden) for one they may not change, (conflict) while it is being read or waits for its
// password.
std::int64_t read_again(Transaction& tx, const Principal& who, std::int64_t document_id, int priority);

}  // namespace muniment::storage
