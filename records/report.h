// Figures for the records manager: how many stand where. Counts only what `who` may read, and what is on hold only by
// holds that `who` may know of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"
#include "storage/day.h"

namespace muniment::records {

struct Figures {
  std::int64_t records = 0;
  std::int64_t due = 0;
  std::int64_t overdue = 0;  // past a maximum or fixed period
  std::int64_t waiting = 0;  // for an event
  std::int64_t unscheduled = 0;
  std::int64_t permanent = 0;
  std::int64_t contradictory = 0;
  std::int64_t on_hold = 0;
  std::int64_t in_batches = 0;
  std::int64_t restorable = 0;
  std::int64_t destroyed = 0;   // tombstones of what was purged
  std::int64_t undeclared = 0;  // documents that are filed and not records
};
struct ClassFigures : Figures {
  std::string code;
  std::string title;  // empty for a code that only tombstones still have
};
struct RetentionReport : Figures {
  std::int64_t unfiled = 0;               // documents without a class
  std::int64_t unfiled_certificates = 0;  // those of them that certify a destruction
  std::int64_t not_declared = 0;          // were to be declared by having been filed, and could not be
  std::vector<ClassFigures> by_class;     // in the order of their codes
};
// One pass over what `who` may read: about 4 s of processor time for 1 000 000 records.
RetentionReport retention_report(storage::Session& session, const storage::Principal& who, Date on);

struct YearFigures {
  int year = 0;
  std::int64_t to_destroy = 0;  // active records that may be disposed of from a day of this year on, by what is to be
  std::int64_t to_transfer = 0;
  std::int64_t to_review = 0;
  std::int64_t destroyed = 0;  // purged in this year
};
// Ascending; years of which there is nothing to tell are left out.
std::vector<YearFigures> year_report(storage::Session& session, const storage::Principal& who);

struct MonthFigures {
  int year = 0;
  unsigned month = 1;          // of the machine's time zone
  std::int64_t documents = 0;  // came in and are still there
  std::int64_t pages = 0;      // of these
  std::int64_t bytes = 0;      // of their files
  std::int64_t destroyed = 0;  // purged, from the trash too
};
struct GrowthReport {
  std::int64_t documents = 0;  // all that there are now
  std::int64_t pages = 0;
  std::vector<MonthFigures> months;  // the `months` up to the one of `on`, in order
};
GrowthReport growth_report(storage::Session& session, const storage::Principal& who, Date on, int months);

using storage::demonstration_day;
using storage::set_demonstration_day;
using storage::today;

}  // namespace muniment::records
