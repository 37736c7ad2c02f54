// A record that leaves its batch before it is carried out: it is active again, its outcome is skipped and says why, and
// a batch in which nothing is left to be done ends.
#pragma once

#include <cstdint>
#include <string_view>

#include "storage/database.h"

namespace muniment::records {

// Nothing for what is not proposed.
void leave_batch(storage::Transaction& tx, std::int64_t document_id, std::string_view why);
// The same for what would not be proposed any more on the day for which it was, or that another schedule decides on
// now: others approved something else.
void leave_batch_unless_due(storage::Transaction& tx, std::int64_t document_id);
// Whether it still waits in this batch to be carried out.
bool waits_in_batch(storage::Session& session, std::int64_t batch_id, std::int64_t document_id);

}  // namespace muniment::records
