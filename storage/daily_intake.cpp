#include "storage/daily_intake.h"

namespace muniment::storage {

namespace {

constexpr std::chrono::days kKept{7};

}  // namespace

std::uint64_t intake_on(Session& session, std::int64_t account_id, core::Date day) {
  return session
      .value<std::uint64_t>("SELECT bytes FROM daily_intake WHERE account_id = $1 AND day = $2", account_id, day)
      .value_or(0);
}

void add_intake(Transaction& tx, std::int64_t account_id, core::Date day, std::uint64_t bytes) {
  tx.execute(
      "INSERT INTO daily_intake (account_id, day, bytes) VALUES ($1, $2, $3) "
      "ON CONFLICT (account_id, day) DO UPDATE SET bytes = daily_intake.bytes + excluded.bytes",
      account_id, day, bytes);
}

void forget_old_intake(Transaction& tx) {
  const core::Date first = std::chrono::sys_days(core::civil_date(tx.now())) - kKept;
  tx.execute("DELETE FROM daily_intake WHERE day < $1", first);
}

}  // namespace muniment::storage
