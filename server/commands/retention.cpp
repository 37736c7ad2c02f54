// muniment retention due, muniment retention explain
#include <iostream>

#include "core/clock.h"
#include "core/text.h"
#include "server/archive.h"
#include "server/commands/command.h"

namespace muniment::server {

using nlohmann::json;

namespace {

// "?on=DATE" or nothing.
std::string day_of(const Arguments& arguments) {
  const auto day = arguments.value("--on");
  if (!day) return "";
  if (!core::parse_iso_date(*day)) throw UsageError{"--on takes a date, YYYY-MM-DD"};
  return "?on=" + *day;
}

}  // namespace

int run_retention_due(const Arguments& arguments) {
  Archive archive(arguments.data, arguments.configuration);
  std::string query = day_of(arguments);
  if (arguments.has("--overdue")) query += query.empty() ? "?overdue=true" : "&overdue=true";
  const json all = archive.ask_all("/api/v1/retention/due" + query);
  if (arguments.has("--json")) {
    std::cout << json{{"due", all}}.dump() << "\n";
    return kDone;
  }
  for (const json& item : all) {
    std::cout << item.at("id") << "  " << item.value("eligible_from", "") << "  " << item.value("action", "") << "  "
              << item.value("class", "") << "  " << item.value("title", "") << "\n    kept through "
              << item.value("retain_through", "") << " by schedule " << item.value("schedule", "") << ", "
              << item.value("authority", "");
    if (item.value("holds", 0) > 0) std::cout << "; under hold";
    if (item.value("standing", "") == "contradictory") std::cout << "; its rules contradict each other";
    std::cout << "\n";
  }
  std::cout << all.size() << " records\n";
  return kDone;
}

int run_retention_explain(const Arguments& arguments) {
  const std::string& id = arguments.word(0, "the number of a document");
  if (!core::parse_integer(id)) throw UsageError{"\"" + id + "\" is not the number of a document"};
  Archive archive(arguments.data, arguments.configuration);
  const json answer = archive.ask("GET", "/api/v1/documents/" + id + "/retention" + day_of(arguments));
  if (arguments.has("--json")) {
    std::cout << answer.dump() << "\n";
    return kDone;
  }
  for (const json& sentence : answer.at("sentences")) std::cout << sentence.get<std::string>() << "\n";
  return kDone;
}

}  // namespace muniment::server
