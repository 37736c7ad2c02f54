#include "ingest/daily_quota.h"

#include <string>

#include "core/error.h"
#include "storage/daily_intake.h"

namespace muniment::ingest {

using storage::Principal;
using storage::Session;

namespace {

core::Date today(Session& session) {
  return core::civil_date(session.clock().now());
}

core::Date tomorrow(Session& session) {
  return std::chrono::sys_days(today(session)) + std::chrono::days(1);
}

// "12 B", "1.5 MiB": rounded up, so that what together is too much looks so.
std::string in_words(std::uint64_t bytes) {
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {
      {" GiB", 1ULL << 30}, {" MiB", 1ULL << 20}, {" KiB", 1ULL << 10}};
  for (const auto& [name, unit] : kUnits) {
    if (bytes < unit) continue;
    const std::uint64_t rest = (bytes % unit * 10 + unit - 1) / unit;  // in tenths, 10 at most
    const std::uint64_t whole = bytes / unit + rest / 10;
    return std::to_string(whole) + (rest % 10 > 0 ? "." + std::to_string(rest % 10) : "") + std::string(name);
  }
  return std::to_string(bytes) + " B";
}

}  // namespace

std::uint64_t DailyQuota::used(Session& session, const Principal& who) const {
  return holds_for(who) ? storage::intake_on(session, who.account_id, today(session)) : 0;
}

std::uint64_t DailyQuota::left(Session& session, const Principal& who) const {
  if (!holds_for(who)) return UINT64_MAX;
  const std::uint64_t already = used(session, who);
  return already < bytes_ ? bytes_ - already : 0;
}

core::Time DailyQuota::ends(Session& session) {
  return core::start_of(tomorrow(session));
}

void DailyQuota::require(Session& session, const Principal& who, std::uint64_t bytes) const {
  if (bytes <= left(session, who)) return;
  throw core::Error(core::ErrorCode::quota_exceeded,
                    "one account may bring in " + in_words(bytes_) + " a day (intake.daily_quota); " +
                        in_words(used(session, who)) + " are used today, and this would be " + in_words(bytes) +
                        " more; the count starts again at midnight, on " + core::to_iso(tomorrow(session)));
}

void DailyQuota::charge(storage::Transaction& tx, const Principal& who, std::uint64_t bytes) const {
  if (!holds_for(who)) return;
  require(tx, who, bytes);
  storage::add_intake(tx, who.account_id, today(tx), bytes);
}

}  // namespace muniment::ingest
