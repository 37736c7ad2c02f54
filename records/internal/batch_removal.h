// A record that leaves its batch before it is carried out: it is active again, its outcome is skipped and says why, and
// a batch in which nothing is left to be done ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/retention.h"
#include "storage/database.h"

namespace muniment::records {

// Nothing for what is not proposed.
void leave_batch(storage::Transaction& tx, std::int64_t document_id, std::string_view why);
// The same for what would not be proposed any more on the day for which it was, or that another schedule decides on
// now: others approved something else.
void leave_batch_unless_due(storage::Transaction& tx, std::int64_t document_id);
// What stands against carrying it out as it was approved with this batch, in words; empty: nothing. That is what stands
// against its disposal, and that another schedule decides on it now.
std::optional<std::string> obstacle_as_approved(storage::Session& session, std::int64_t batch_id,
                                                std::int64_t document_id, Date today);
// Whether any of its records was disposed of; then it is certified, and never withdrawn.
bool has_disposed(storage::Session& session, std::int64_t batch_id);
// Ends a batch that is proposed or approved when none of its records waits any more. One that is being executed ends by
// itself.
void end_if_empty(storage::Transaction& tx, std::int64_t batch_id);
// Whether it still waits in this batch to be carried out.
bool waits_in_batch(storage::Session& session, std::int64_t batch_id, std::int64_t document_id);

}  // namespace muniment::records
