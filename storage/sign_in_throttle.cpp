#include "storage/sign_in_throttle.h"

#include <algorithm>

namespace muniment::storage {

namespace {

using std::chrono::seconds;

constexpr int kFreeFailures = 5;
constexpr seconds kLongestWait{15 * 60};
constexpr std::chrono::hours kForgottenAfter{1};

seconds wait_after(std::int64_t failures) {
  if (failures <= kFreeFailures) return seconds::zero();
  const auto doublings = std::min<std::int64_t>(failures - kFreeFailures - 1, 20);
  return std::min(kLongestWait, seconds(std::int64_t{1} << doublings));
}

}  // namespace

std::optional<seconds> sign_in_wait(Session& session, std::string_view subject, core::Time now) {
  const auto until = session.value<core::Time>("SELECT blocked_until FROM sign_in_failure WHERE subject = $1", subject);
  if (!until || *until <= now) return std::nullopt;
  return std::chrono::ceil<seconds>(*until - now);
}

void note_sign_in_failure(Transaction& tx, std::string_view subject) {
  const auto before =
      tx.row<std::int64_t, core::Time>("SELECT failures, last_at FROM sign_in_failure WHERE subject = $1", subject);
  const bool recent = before && std::get<1>(*before) > tx.now() - kForgottenAfter;
  const std::int64_t failures = (recent ? std::get<0>(*before) : 0) + 1;
  tx.execute(
      "INSERT INTO sign_in_failure (subject, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, "
      "blocked_until = excluded.blocked_until",
      subject, failures, tx.now(), tx.now() + wait_after(failures));
}

void remove_old_sign_in_failures(Transaction& tx) {
  tx.execute("DELETE FROM sign_in_failure WHERE last_at <= $1 AND blocked_until <= $2", tx.now() - kForgottenAfter,
             tx.now());
}

void forget_sign_in_failures(Transaction& tx, std::string_view subject) {
  tx.execute("DELETE FROM sign_in_failure WHERE subject = $1", subject);
}

}  // namespace muniment::storage
