// Moving parts of the file plan, with all that is in them.
#pragma once

#include <cstdint>
#include <optional>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// Error(invalid_argument) for a class above that is closed, not there, or the class itself or one below it.
void require_place_for_class(storage::Session& session, std::int64_t id, std::optional<std::int64_t> parent_id);

// Both that follow need Permission::manage_access where another access list is inherited in the new place:
// Error(forbidden).

// Below another class, or to the top. What inherits has its access list and, where it is a record, its schedule from
// the new place at once. Error(not_found), (stale), (invalid_argument) for a class that is closed or stands below this
// one.
void move_class(storage::Transaction& tx, const storage::Principal& who, std::int64_t id, std::int64_t expected_version,
                std::optional<std::int64_t> parent_id);

// To another class, with its documents. Error(not_found) also for a folder that `who` may not read, (stale),
// (invalid_argument) for a class that is closed, (conflict) while one of the documents is a record, under hold or
// restricted, or is one that `who` neither may change nor could, for lack of Permission::manage_access, get to change:
// then none moves, and which of these it is, of how many and of which, is not told.
void move_folder(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                 std::int64_t expected_version, std::int64_t class_id);

// How many classes are directly below one.
std::int64_t count_classes_below(storage::Session& session, std::int64_t id);

}  // namespace muniment::records
