// Events that start periods: named, dated, on a record or a folder. A wrong one is corrected by another; both are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/retention.h"
#include "storage/access.h"
#include "storage/database.h"

namespace muniment::records {

struct RetentionEvent {
  std::int64_t id = 0;
  std::string name;
  Date date;
  std::optional<std::int64_t> document_id;  // one of the two
  std::optional<std::int64_t> folder_id;
  core::Time recorded_at;
  std::int64_t recorded_by = 0;
  std::string recorded_by_name;
  std::optional<std::int64_t> corrects;    // the event in whose place this one stands
  std::optional<core::Time> corrected_at;  // when it ceased to hold
  std::string reason;                      // of the correction or withdrawal
};

struct EventTarget {
  std::optional<std::int64_t> document_id = {};
  std::optional<std::int64_t> folder_id = {};
};

// Of a record with those of its folder, or of a folder; the newest first, those that no longer hold too.
std::vector<RetentionEvent> list_events(storage::Session& session, const EventTarget& target);
// The names that schedules wait for, and those recorded before on what `who` may read; by name.
std::vector<std::string> event_names(storage::Session& session, const storage::Principal& who);

// In one line of NFC. Error(invalid_argument) for a name that is empty or over 200 bytes.
std::string checked_event_name(std::string_view name);
// Records it on every target and calculates what follows. Error(not_found), Error(invalid_argument) for a name that is
// empty or over 200 bytes, Error(conflict) for a record in a later stage of disposition.
std::vector<std::int64_t> record_event(storage::Transaction& tx, const storage::Principal& who, std::string_view name,
                                       Date date, const std::vector<EventTarget>& targets);
// The event did happen, on another day; or, without a date, it did not happen. Returns the event that holds now, if
// any. Error(conflict) when it was corrected before.
std::optional<std::int64_t> correct_event(storage::Transaction& tx, const storage::Principal& who, std::int64_t id,
                                          std::optional<Date> date, std::string_view reason);

}  // namespace muniment::records
