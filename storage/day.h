// The day on which something is asked.
#pragma once

#include <optional>

#include "storage/database.h"

namespace muniment::storage {

// The day that counts as today: the machine's civil date, or the one set for a demonstration.
core::Date today(Session& session, core::Time now);
std::optional<core::Date> demonstration_day(Session& session);
// For demonstrations only; the caller has checked that this archive is one. Empty: the real day again.
void set_demonstration_day(Transaction& tx, std::optional<core::Date> day);

}  // namespace muniment::storage
