#include "storage/day.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace muniment::storage {

using core::Date;

namespace {

constexpr std::string_view kDemonstrationDay = "retention.today";

}  // namespace

std::optional<Date> demonstration_day(Session& session) {
  const auto set = session.value<std::string>("SELECT value FROM setting WHERE name = $1", kDemonstrationDay);
  return set ? core::parse_iso_date(*set) : std::nullopt;
}

Date today(Session& session, core::Time now) {
  return demonstration_day(session).value_or(core::civil_date(now));
}

void set_demonstration_day(Transaction& tx, std::optional<Date> day) {
  const auto before = demonstration_day(tx);
  tx.execute("DELETE FROM setting WHERE name = $1", kDemonstrationDay);
  if (day) tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", kDemonstrationDay, core::to_iso(*day));
  const auto described = [](const std::optional<Date>& date) {
    return date ? nlohmann::ordered_json{{"today", core::to_iso(*date)}}.dump() : std::string();
  };
  tx.audit({"retention.today_set", "setting", 0, described(before), described(day)});
}

}  // namespace muniment::storage
