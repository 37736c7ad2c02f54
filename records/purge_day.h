// What cannot be undone waits when the clock cannot be right: a machine whose clock has jumped would otherwise destroy
// at once what has months left. And it waits when a backup was restored: that knows nothing of the holds that were
// placed, and the records that were restored, after it was made.
#pragma once

#include <optional>

#include "core/clock.h"
#include "storage/database.h"

namespace muniment::records {

inline constexpr std::chrono::days kCredibleStep{60};    // between two days on which the service ran
inline constexpr std::chrono::hours kJumpStandsFor{24};  // before a longer step is believed
inline constexpr std::chrono::days kWaitsAfterRestore{30};

// Whether windows that have ended by `day` may be acted on. False when an earlier day was seen as today before, or when
// more than kCredibleStep has passed since the last one, until that has been so for kJumpStandsFor. Remembers the day;
// the pause and its end are audited. A day that was set for a demonstration is always believed.
bool is_credible_for_purging(storage::Transaction& tx, core::Date day);

// To be called while a backup is restored, before anything else of that is audited. Where the clock is behind what was
// restored, the wait begins on the first day that is_credible_for_purging believes and that is not.
void postpone_purging(storage::Transaction& tx);
// People have kWaitsAfterRestore to say anew what the backup does not know: the last day of that, for whoever is to be
// told. Empty for none, and while a day is set for a demonstration.
std::optional<core::Date> purging_postponed_through(storage::Session& session);
// Whether that is so on this day, which is_credible_for_purging was asked of before. Both ends are audited.
bool is_purging_postponed(storage::Transaction& tx, core::Date day);

}  // namespace muniment::records
