// What cannot be undone waits when the clock cannot be right: a machine whose clock has jumped would otherwise destroy
// at once what has months left.
#pragma once

#include "core/clock.h"
#include "storage/database.h"

namespace muniment::records {

inline constexpr std::chrono::days kCredibleStep{60};    // between two days on which the service ran
inline constexpr std::chrono::hours kJumpStandsFor{24};  // before a longer step is believed

// Whether windows that have ended by `day` may be acted on. False when an earlier day was seen as today before, or when
// more than kCredibleStep has passed since the last one, until that has been so for kJumpStandsFor. Remembers the day;
// the pause and its end are audited. A day that was set for a demonstration is always believed.
bool is_credible_for_purging(storage::Transaction& tx, core::Date day);

}  // namespace muniment::records
