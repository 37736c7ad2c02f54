#include "records/purge_day.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "records/report.h"
#include "storage/settings.h"

namespace muniment::records {

using core::Date;
using storage::find_setting;
using storage::forget_setting;
using storage::put_setting;
using storage::Transaction;

namespace {

constexpr std::string_view kLastPurgeDay = "disposition.last_purge_day";
constexpr std::string_view kJumpSeen = "disposition.clock_jump_seen";  // microseconds since 1970
constexpr std::string_view kRestoredOn = "disposition.restored_on";    // the day of the last restore
// Set when the clock was behind what was restored: restored_on is the last day of that until the clock is right.
constexpr std::string_view kRestoredBehind = "disposition.restored_with_clock_behind";

void believe(Transaction& tx, Date day) {
  put_setting(tx, kLastPurgeDay, core::to_iso(day));
  forget_setting(tx, kJumpSeen);
}

void audit(Transaction& tx, std::string_view action, std::string_view what, Date day) {
  tx.audit({std::string(action), "setting", 0, "", nlohmann::ordered_json{{what, core::to_iso(day)}}.dump()});
}

void audit(Transaction& tx, std::string_view action, Date last, Date day) {
  tx.audit({std::string(action), "setting", 0, "",
            nlohmann::ordered_json{{"last_day", core::to_iso(last)}, {"today", core::to_iso(day)}}.dump()});
}

// The last day on which something is known to have been done.
std::optional<Date> last_known_day(Transaction& tx) {
  const auto stored = find_setting(tx, kLastPurgeDay);
  auto last = stored ? core::parse_iso_date(*stored) : std::nullopt;
  if (const auto at = tx.value<core::Time>("SELECT at FROM audit ORDER BY sequence DESC LIMIT 1")) {
    last = std::max(last, std::optional(core::civil_date(*at)));
  }
  return last;
}

// Whether the clock can be right: the day is believed, and none before the restored archive's last.
bool is_right_again(Transaction& tx, Date day, Date restored_on) {
  return day >= restored_on && find_setting(tx, kLastPurgeDay) == core::to_iso(day);
}

}  // namespace

bool is_credible_for_purging(Transaction& tx, Date day) {
  if (demonstration_day(tx)) return true;
  const auto stored = find_setting(tx, kLastPurgeDay);
  const auto last = stored ? core::parse_iso_date(*stored) : std::nullopt;
  if (!last || *last == day) {
    if (!last) believe(tx, day);
    return true;
  }
  if (day < *last) return false;
  if (std::chrono::sys_days(day) - std::chrono::sys_days(*last) <= kCredibleStep) {
    believe(tx, day);
    return true;
  }
  const auto seen = find_setting(tx, kJumpSeen);
  const std::int64_t now = core::to_microseconds(tx.now());
  if (!seen) {
    put_setting(tx, kJumpSeen, std::to_string(now));
    audit(tx, "disposition.purging_paused", *last, day);
    return false;
  }
  if (std::chrono::microseconds(now - core::parse_integer(*seen).value_or(now)) < kJumpStandsFor) return false;
  believe(tx, day);
  audit(tx, "disposition.purging_resumed", *last, day);
  return true;
}

void postpone_purging(Transaction& tx) {
  const Date today = core::civil_date(tx.now());
  const Date day = std::max(today, last_known_day(tx).value_or(today));
  put_setting(tx, kRestoredOn, core::to_iso(day));
  forget_setting(tx, kRestoredBehind);
  if (today < day) put_setting(tx, kRestoredBehind, "1");
  audit(tx, "disposition.purging_paused", "restored_on", day);
}

std::optional<Date> purging_postponed_through(storage::Session& session) {
  const auto stored = find_setting(session, kRestoredOn);
  const auto restored = stored ? core::parse_iso_date(*stored) : std::nullopt;
  if (!restored || demonstration_day(session)) return std::nullopt;
  return Date(std::chrono::sys_days(*restored) + kWaitsAfterRestore);
}

bool is_purging_postponed(Transaction& tx, Date day) {
  const auto last = purging_postponed_through(tx);
  if (!last) return false;
  if (find_setting(tx, kRestoredBehind)) {
    if (!is_right_again(tx, day, Date(std::chrono::sys_days(*last) - kWaitsAfterRestore))) return true;
    put_setting(tx, kRestoredOn, core::to_iso(day));
    forget_setting(tx, kRestoredBehind);
    return true;
  }
  if (day <= *last) return true;
  forget_setting(tx, kRestoredOn);
  audit(tx, "disposition.purging_resumed", "waited_through", *last);
  return false;
}

}  // namespace muniment::records
