// The register of what was destroyed, over the API.
#include <gtest/gtest.h>

#include "tests/webui/running_server.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

void tour_tombstones(RunningServer& server, const std::string& admin) {
  const std::string fields = "/api/v1/tombstone-fields";
  EXPECT_EQ(server.get(admin, fields)["fields"], json({"title", "date", "type"}));
  const auto choose = [&](const json& wanted) {
    return server.ask(admin, "PUT", fields, json{{"fields", wanted}}.dump(), kJson);
  };
  EXPECT_EQ(choose({"colour"}).status, 422);
  EXPECT_EQ(choose({"title", "identifiers"}).status, 200);
  EXPECT_EQ(server.get(admin, fields)["fields"], json({"title", "identifiers"}));

  // A schedule may say otherwise.
  json schedule = server.get(admin, "/api/v1/schedules")["items"][0];
  const std::string path = "/api/v1/schedules/" + std::to_string(schedule["id"].get<std::int64_t>());
  EXPECT_EQ(schedule["terms"]["tombstone_fields"], nullptr);
  const auto change = [&](const json& stays) {
    json terms = schedule["terms"];
    terms.erase("tombstone_fields");
    if (!stays.is_object()) terms["tombstone_fields"] = stays;
    terms["reason"] = "As decided";
    const Headers headers{{"Content-Type", "application/merge-patch+json"},
                          {"If-Match", "\"" + schedule["version"].dump() + "\""}};
    const auto answer = server.ask(admin, "PATCH", path, terms.dump(), headers);
    EXPECT_EQ(answer.status, 200) << answer.body;
    schedule = json::parse(answer.body);
    return schedule["terms"]["tombstone_fields"];
  };
  EXPECT_EQ(change({"date", "custom_fields"}), json({"date", "custom_fields"}));
  EXPECT_EQ(change(json::object()), json({"date", "custom_fields"})) << "what is not told stays";
  EXPECT_EQ(change(nullptr), nullptr);

  const json all = server.get(admin, "/api/v1/tombstones");
  ASSERT_GT(all["total"], 0) << "the tour of the records destroyed some";
  const json first = all["items"][0];
  const std::string number = std::to_string(first["id"].get<std::int64_t>());
  EXPECT_EQ(server.get(admin, "/api/v1/tombstones/" + number), first);
  const json found = server.get(admin, "/api/v1/tombstones?q=" + number);
  EXPECT_EQ(found["items"][0]["id"], first["id"]);
  EXPECT_EQ(server.get(admin, "/api/v1/tombstones?class=" + first["class"].get<std::string>() +
                                  "&from=2020-01-01")["items"][0],
            first);
  EXPECT_EQ(server.get(admin, "/api/v1/tombstones?through=1999-12-31")["total"], 0);
  EXPECT_EQ(server.ask(admin, "GET", "/api/v1/tombstones?from=yesterday").status, 422);
  const auto csv = server.ask(admin, "GET", "/api/v1/tombstones?format=csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_NE(csv.body.find("verified_at"), std::string::npos);
}

void tour_restored_access(RunningServer& server, const std::string& admin) {
  const std::string path = "/api/v1/admin/restored-access";
  EXPECT_EQ(server.get(admin, path), json({{"accounts", 0}, {"tokens", 0}, {"share_links", 0}, {"scan_stations", 0}}));
  EXPECT_EQ(server.ask(admin, "POST", path, R"({"decision": "perhaps"})", kJson).status, 422);
  EXPECT_EQ(server.ask(admin, "POST", path, R"({"decision": "resume"})", kJson).status, 200);
}

}  // namespace muniment::testing
