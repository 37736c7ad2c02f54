#include "storage/day.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "storage/settings.h"

namespace muniment::storage {

using core::Date;

namespace {

constexpr std::string_view kDemonstrationDay = "retention.today";

}  // namespace

std::optional<Date> demonstration_day(Session& session) {
  const auto set = find_setting(session, kDemonstrationDay);
  return set ? core::parse_iso_date(*set) : std::nullopt;
}

Date today(Session& session, core::Time now) {
  return demonstration_day(session).value_or(core::civil_date(now));
}

void set_demonstration_day(Transaction& tx, std::optional<Date> day) {
  const auto before = demonstration_day(tx);
  forget_setting(tx, kDemonstrationDay);
  if (day) put_setting(tx, kDemonstrationDay, core::to_iso(*day));
  const auto described = [](const std::optional<Date>& date) {
    return date ? nlohmann::ordered_json{{"today", core::to_iso(*date)}}.dump() : std::string();
  };
  tx.audit({"retention.today_set", "setting", 0, described(before), described(day)});
}

}  // namespace muniment::storage
