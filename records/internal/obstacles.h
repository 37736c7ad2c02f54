// What stands against disposing of a record where holds are the reason, and who is told so; what against keeping a
// copy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "records/retention.h"
#include "storage/database.h"

namespace muniment::records {

struct BatchItem;

inline constexpr std::string_view kUnderHold = "it is under hold";
inline constexpr std::string_view kStackUnderHold = "the stack that its pages came from is under hold";
inline constexpr std::string_view kQueryMatches = "a hold's query matches it";
inline constexpr std::string_view kQueryUnanswered =
    "nobody can tell yet whether a hold's query matches it: it is still being indexed";
inline constexpr std::string_view kQueryPlaced = "a hold with a query was placed meanwhile";
// What is said of a hold that not everybody may know of.
inline constexpr std::string_view kNotNow = "it cannot be disposed of now";
// Before the obstacle, where disposing of it is tried again.
inline constexpr std::string_view kWaits = "it waits: ";
// Before the reason that somebody gave for taking it out of its batch.
inline constexpr std::string_view kTakenOut = "it was taken out: ";

// Why this schedule cannot keep copies of what is transferred, in words; empty: it can.
std::optional<std::string> obstacle_to_keeping_copies(storage::Session& session, std::int64_t schedule);
// Why a copy of this record would be due for transfer again, whatever schedule of its own it has; empty: it would not.
std::optional<std::string> obstacle_to_a_copy(storage::Session& session, std::int64_t document_id, Date today);

// What is said where a hold's query could not be asked: what the index says of itself tells of the query.
std::string as_obstacle(const core::Error& error);

// The obstacle in the words that may be told to somebody who does, or does not, know of every hold: of confidential
// ones, and of queries, which may be those of one, the words tell nothing.
std::string as_told(storage::Session& session, bool knows_every_hold, std::int64_t document_id,
                    std::string_view obstacle);
// The same for the reason of an outcome; where the words tell nothing, when it came is not told either: that is when
// the hold was placed.
void tell_outcome(storage::Session& session, bool knows_every_hold, BatchItem& item);

}  // namespace muniment::records
