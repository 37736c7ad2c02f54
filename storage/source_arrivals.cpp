#include "storage/source_arrivals.h"

namespace muniment::storage {

namespace {

constexpr std::chrono::days kLately{7};
constexpr std::chrono::days kInUse{30};

// The first of so many days that end with today.
std::string first_of(std::chrono::days days, core::Time now) {
  const core::Date first = std::chrono::sys_days(core::civil_date(now)) - days + std::chrono::days(1);
  return core::to_iso(first);
}

}  // namespace

void record_arrival(Transaction& tx, std::string_view source, std::string_view name) {
  tx.execute(
      "INSERT INTO source_arrival (source, name, day, arrived, last_at) VALUES ($1, $2, $3, 1, $4) "
      "ON CONFLICT (source, name, day) DO UPDATE SET arrived = source_arrival.arrived + 1, last_at = excluded.last_at",
      source, name, core::to_iso(core::civil_date(tx.now())), tx.now());
  // Nobody asks for more of one from which something has come now; of one that is silent the last is told forever.
  tx.execute("DELETE FROM source_arrival WHERE source = $1 AND name = $2 AND day < $3", source, name,
             first_of(kInUse, tx.now()));
}

Arrivals arrivals_of(Session& session, std::string_view source, std::string_view name, core::Time now) {
  Arrivals arrivals;
  arrivals.last = session.value<core::Time>(
      "SELECT last_at FROM source_arrival WHERE source = $1 AND name = $2 ORDER BY day DESC LIMIT 1", source, name);
  arrivals.lately = session
                        .value<std::int64_t>(
                            "SELECT coalesce(sum(arrived), 0) FROM source_arrival WHERE source = $1 AND name = $2 "
                            "AND day >= $3",
                            source, name, first_of(kLately, now))
                        .value_or(0);
  return arrivals;
}

std::vector<std::string> names_in_use(Session& session, std::string_view source, core::Time now) {
  std::vector<std::string> names;
  for (const auto& [name] : session.rows<std::string>(
           "SELECT DISTINCT name FROM source_arrival WHERE source = $1 AND day >= $2 ORDER BY name", source,
           first_of(kInUse, now))) {
    names.push_back(name);
  }
  return names;
}

}  // namespace muniment::storage
