// Which records have to be decided anew after a change, and doing so. The queue is a table: what a transaction does not
// finish is finished by the next (records/calculation.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "storage/database.h"

namespace muniment::records {

// A change that touches no more records than this is complete when its transaction commits.
inline constexpr std::size_t kRecalculatedAtOnce = 500;

// Everything to which the schedule applies: by class, by folder, beside another, or a record's own.
void queue_records_of_schedule(storage::Transaction& tx, std::int64_t schedule_id);
// Everything in the class and below it.
void queue_records_of_class(storage::Transaction& tx, std::int64_t class_id);
void queue_records_of_folder(storage::Transaction& tx, std::int64_t folder_id);
void queue_record(storage::Transaction& tx, std::int64_t document_id);

// The lowest `limit` of the queue. Returns how many were taken; fewer than `limit` when the queue is empty.
std::size_t recalculate_queued(storage::Transaction& tx, std::size_t limit);

}  // namespace muniment::records
