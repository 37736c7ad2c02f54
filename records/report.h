// Figures for the records manager: how many stand where. Counts only what `who` may read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

struct ClassFigures {
  std::string code;
  std::string title;
  std::int64_t records = 0;
  std::int64_t due = 0;
  std::int64_t on_hold = 0;
};

struct RetentionReport {
  std::int64_t records = 0;
  std::int64_t due = 0;
  std::int64_t overdue = 0;  // past a maximum
  std::int64_t waiting = 0;  // for an event
  std::int64_t unscheduled = 0;
  std::int64_t permanent = 0;
  std::int64_t contradictory = 0;
  std::int64_t on_hold = 0;
  std::int64_t in_batches = 0;
  std::int64_t restorable = 0;
  std::int64_t destroyed = 0;   // tombstones of what was purged
  std::int64_t unfiled = 0;     // documents without a class
  std::int64_t undeclared = 0;  // documents with one that are not records
  std::vector<ClassFigures> by_class;
};
RetentionReport retention_report(storage::Session& session, const storage::Principal& who, Date on);

// The day that counts as today: the machine's civil date, or the one set for a demonstration.
Date today(storage::Session& session, core::Time now);
std::optional<Date> demonstration_day(storage::Session& session);
// For demonstrations only; the caller has checked that this archive is one. Empty: the real day again.
void set_demonstration_day(storage::Transaction& tx, std::optional<Date> day);

}  // namespace muniment::records
