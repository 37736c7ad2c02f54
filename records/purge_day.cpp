#include "records/purge_day.h"

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "records/report.h"

namespace muniment::records {

using core::Date;
using storage::Transaction;

namespace {

constexpr std::string_view kLastPurgeDay = "disposition.last_purge_day";
constexpr std::string_view kJumpSeen = "disposition.clock_jump_seen";  // microseconds since 1970
constexpr std::string_view kRestoredOn = "disposition.restored_on";    // the day of the last restore

std::optional<std::string> setting(storage::Session& session, std::string_view name) {
  return session.value<std::string>("SELECT value FROM setting WHERE name = $1", name);
}

void set(Transaction& tx, std::string_view name, const std::string& value) {
  tx.execute(
      "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name,
      value);
}

void forget(Transaction& tx, std::string_view name) {
  tx.execute("DELETE FROM setting WHERE name = $1", name);
}

void believe(Transaction& tx, Date day) {
  set(tx, kLastPurgeDay, core::to_iso(day));
  forget(tx, kJumpSeen);
}

void audit(Transaction& tx, std::string_view action, std::string_view what, Date day) {
  tx.audit({std::string(action), "setting", 0, "", nlohmann::ordered_json{{what, core::to_iso(day)}}.dump()});
}

void audit(Transaction& tx, std::string_view action, Date last, Date day) {
  tx.audit({std::string(action), "setting", 0, "",
            nlohmann::ordered_json{{"last_day", core::to_iso(last)}, {"today", core::to_iso(day)}}.dump()});
}

}  // namespace

bool is_credible_for_purging(Transaction& tx, Date day) {
  if (demonstration_day(tx)) return true;
  const auto stored = setting(tx, kLastPurgeDay);
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
  const auto seen = setting(tx, kJumpSeen);
  const std::int64_t now = core::to_microseconds(tx.now());
  if (!seen) {
    set(tx, kJumpSeen, std::to_string(now));
    audit(tx, "disposition.purging_paused", *last, day);
    return false;
  }
  if (std::chrono::microseconds(now - core::parse_integer(*seen).value_or(now)) < kJumpStandsFor) return false;
  believe(tx, day);
  audit(tx, "disposition.purging_resumed", *last, day);
  return true;
}

void postpone_purging(Transaction& tx) {
  const Date day = core::civil_date(tx.now());
  set(tx, kRestoredOn, core::to_iso(day));
  audit(tx, "disposition.purging_paused", "restored_on", day);
}

std::optional<Date> purging_postponed_through(storage::Session& session) {
  const auto stored = setting(session, kRestoredOn);
  const auto restored = stored ? core::parse_iso_date(*stored) : std::nullopt;
  if (!restored || demonstration_day(session)) return std::nullopt;
  return Date(std::chrono::sys_days(*restored) + kWaitsAfterRestore);
}

bool is_purging_postponed(Transaction& tx, Date day) {
  const auto last = purging_postponed_through(tx);
  if (!last) return false;
  if (day <= *last) return true;
  forget(tx, kRestoredOn);
  audit(tx, "disposition.purging_resumed", "waited_through", *last);
  return false;
}

}  // namespace muniment::records
