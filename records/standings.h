// The records behind the figures of the report, and those that a batch may take at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

// As they are counted by retention_report.
enum class ListedStanding { overdue, unscheduled, contradictory, permanent };
// "overdue", "unscheduled", "contradictory", "permanent".
std::optional<ListedStanding> parse_listed_standing(std::string_view name);

struct StandingRecord {
  std::int64_t document_id = 0;
  std::string title;
  std::string class_code;
  std::string folder;
  std::string schedule_code;  // of the one that decides; empty: none does
  Date declared_on;
  std::optional<Date> deadline;  // the last day by which it is to be gone
};
struct StandingRecords {
  std::vector<StandingRecord> records;  // the overdue longest first, others in the order of their numbers
  std::int64_t total = 0;
};
// Of what `who` may read, in this class and below it (empty: in all).
StandingRecords list_standing(storage::Session& session, const storage::Principal& who, Date on,
                              ListedStanding standing, std::optional<std::int64_t> class_id, std::size_t offset,
                              std::size_t limit);

// What may be proposed for that action (destroy or transfer) on that day: due, under no hold, in no batch, changeable
// by `who`; in this class and below it (empty: in all). In the order in which they became due, at most `limit`.
std::vector<std::int64_t> free_records(storage::Session& session, const storage::Principal& who, Date on, Action action,
                                       std::optional<std::int64_t> class_id, std::size_t limit);

}  // namespace muniment::records
