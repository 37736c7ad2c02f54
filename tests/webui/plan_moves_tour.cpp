// Moving classes and folders over the API, and looking for people.
#include <gtest/gtest.h>

#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

json send(RunningServer& server, const std::string& as, const std::string& method, const std::string& target,
          const json& body, const json& version = nullptr) {
  Headers headers = kJson;
  if (!version.is_null()) headers.emplace_back("If-Match", "\"" + version.dump() + "\"");
  const auto response = server.ask(as, method, target, body.dump(), headers);
  json answer = json::parse(response.body, nullptr, false);
  answer["status_code"] = response.status;
  return answer;
}

json a_class(RunningServer& server, const std::string& as, const std::string& code) {
  return send(server, as, "POST", "/api/v1/classes", {{"parent", nullptr}, {"code", code}, {"title", "Class " + code}});
}

}  // namespace

void tour_plan_moves(RunningServer& server, const std::string& admin) {
  const json above = a_class(server, admin, "M1");
  const json node = a_class(server, admin, "M2");
  const std::string parent = "/api/v1/classes/" + node["id"].dump() + "/parent";
  EXPECT_EQ(above["below"], 0);
  const std::string preview = "/api/v1/classes/" + node["id"].dump() + "/preview";
  EXPECT_EQ(send(server, admin, "POST", preview, {{"parent", above["id"]}})["moved"], 0);
  EXPECT_EQ(send(server, admin, "POST", preview, {{"parent", node["id"]}})["status_code"], 422) << "below itself";
  EXPECT_EQ(send(server, admin, "POST", preview, {{"parent", nullptr}, {"schedule", nullptr}})["status_code"], 422);
  EXPECT_EQ(send(server, admin, "PUT", parent, {{"parent", above["id"]}}, node["version"])["parent"], above["id"]);
  EXPECT_EQ(send(server, admin, "PUT", parent, {{"parent", nullptr}}, node["version"])["status_code"], 412);
  EXPECT_EQ(server.get(admin, "/api/v1/classes/" + above["id"].dump())["below"], 1);
  EXPECT_EQ(send(server, admin, "PUT", "/api/v1/classes/" + above["id"].dump() + "/parent", {{"parent", node["id"]}},
                 above["version"])["status_code"],
            422);
  const json folder =
      send(server, admin, "POST", "/api/v1/folders", {{"class", above["id"]}, {"title", "To be moved"}});
  const std::string place = "/api/v1/folders/" + folder["id"].dump() + "/class";
  EXPECT_EQ(send(server, admin, "PUT", place, {{"class", node["id"]}}, folder["version"])["class"]["id"], node["id"]);
  const json mistake = a_class(server, admin, "M3");
  const json empty = send(server, admin, "POST", "/api/v1/folders", {{"class", mistake["id"]}, {"title", "Mistake"}});
  const auto remove = [&](const std::string& what, const json& one) {
    const Headers version{{"If-Match", "\"" + one["version"].dump() + "\""}};
    return server.ask(admin, "DELETE", "/api/v1/" + what + "/" + one["id"].dump(), "", version).status;
  };
  EXPECT_EQ(remove("classes", mistake), 409) << "a folder is in it";
  EXPECT_EQ(remove("folders", empty), 204);
  EXPECT_EQ(remove("folders", empty), 404);
  EXPECT_EQ(remove("classes", mistake), 204);
  EXPECT_EQ(server.get(admin, "/api/v1/subjects?q=admin&subject=group")["items"].size(), 0U);
  EXPECT_GE(server.get(admin, "/api/v1/subjects?q=admin&subject=account")["items"].size(), 1U);
}

TEST(PlanMoves, AreForThoseWhoManageThePlan) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  const std::string staff = server.person("anna", storage::Role::staff);
  const json from = a_class(server, admin, "1");
  const json to = a_class(server, admin, "2");
  const json folder = send(server, staff, "POST", "/api/v1/folders", {{"class", from["id"]}, {"title", "2026"}});
  const std::string place = "/api/v1/folders/" + folder["id"].dump() + "/class";
  EXPECT_EQ(send(server, staff, "PUT", place, {{"class", to["id"]}}, folder["version"])["status_code"], 403);
  EXPECT_EQ(send(server, admin, "PUT", place, {{"class", to["id"]}}, folder["version"])["status_code"], 200);
}

}  // namespace muniment::testing
