// The mail listener over the API: what is told of it, who may change it, and that a change holds at once.
#include <stdexcept>

#include <gtest/gtest.h>

#include "storage/audit.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;
using storage::Role;

namespace {

constexpr const char* kListener = "/api/v1/admin/mail-listener";

struct ListenerAnswer {
  int status = 0;
  json body;
  // The field that a refusal names.
  std::string pointer() const { return body.contains("errors") ? body["errors"][0]["pointer"] : json(""); }
};

ListenerAnswer send_listener(RunningServer& server, const std::string& as, const std::string& method,
                             const json& body = nullptr, std::int64_t version = 0) {
  Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
  if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
  const auto response = server.ask(as, method, kListener, body.is_null() ? "" : body.dump(), headers);
  return {response.status, json::parse(response.body, nullptr, false)};
}

// Who listens there greets as mail servers do.
std::string greeting_at(const json& listening) {
  const std::string address = listening;
  try {
    RawClient client(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    return client.receive_until("\r\n").substr(0, 4);
  } catch (const std::runtime_error&) {
    return "";
  }
}

class MailListenerTest : public ::testing::Test {
 protected:
  ListenerAnswer change(const json& body, std::int64_t version) {
    return send_listener(server_, admin_, "PATCH", body, version);
  }

  RunningServer server_;
  std::string admin_ = server_.person("admin", Role::admin);
};

}  // namespace

void tour_mail_listener(RunningServer& server, const std::string& admin) {
  const json before = server.get(admin, kListener);
  EXPECT_EQ(before["enabled"], false);
  EXPECT_EQ(before["listening"], json());
  const json on = send_listener(server, admin, "PATCH", {{"enabled", true}, {"port", 0}}, 1).body;
  EXPECT_EQ(greeting_at(on["listening"]), "220 ");
  EXPECT_EQ(send_listener(server, admin, "DELETE", nullptr, 2).status, 204);
  EXPECT_EQ(server.get(admin, kListener)["enabled"], false);
}

namespace {

TEST_F(MailListenerTest, WhatIsSetHoldsAtOnceAndIsTold) {
  const json type = json::parse(server_.ask(admin_, "POST", "/api/v1/types", R"({"name": "Scan"})", kJson).body);
  const json wanted{{"enabled", true},
                    {"address", " 127.0.0.1 "},
                    {"port", 0},
                    {"networks", {"127.0.0.1", "10.0.0.0/8"}},
                    {"senders", {"*@example.org"}},
                    {"recipients", {"scan@archive"}},
                    {"max_bytes", 20000},
                    {"connections", 3},
                    {"takes", "joined"},
                    {"type_id", type["id"]}};
  const ListenerAnswer set = change(wanted, 1);
  ASSERT_EQ(set.status, 200) << set.body;
  for (const char* same :
       {"enabled", "port", "networks", "senders", "recipients", "max_bytes", "connections", "takes"}) {
    EXPECT_EQ(set.body[same], wanted[same]) << same;
  }
  EXPECT_EQ(set.body["address"], "127.0.0.1");
  EXPECT_EQ(set.body["type"]["name"], "Scan");
  EXPECT_EQ(set.body["configured"], false);
  EXPECT_EQ(set.body["problem"], json());
  const json sources = server_.get(admin_, "/api/v1/admin/sources")["items"];
  const auto source = std::ranges::find_if(sources, [](const json& each) { return each["kind"] == "smtp"; });
  ASSERT_NE(source, sources.end());
  EXPECT_EQ((*source)["name"], set.body["listening"]);
  const json less = change({{"senders", json::array()}}, 2).body;
  EXPECT_EQ(less["senders"], json::array());
  EXPECT_EQ(less["networks"], wanted["networks"]) << "what is not said stays";
  EXPECT_EQ(less["listening"], set.body["listening"]);
  EXPECT_EQ(change({{"enabled", false}}, 3).body["listening"], json());
  EXPECT_EQ(greeting_at(set.body["listening"]), "");
  EXPECT_EQ(change({{"enabled", true}}, 3).status, 412);
  EXPECT_EQ(change({{"enabled", true}}, 0).status, 428);
}

TEST_F(MailListenerTest, WhatCannotBeIsRefusedAndTheEarlierOneGoesOn) {
  const json on = change({{"enabled", true}, {"port", 0}}, 1).body;
  for (const auto& [body, pointer] : std::vector<std::pair<json, std::string>>{
           {{{"address", "the office"}}, "/address"},
           {{{"port", 65536}}, "/port"},
           {{{"networks", json::array()}}, "/networks"},
           {{{"networks", {"office"}}}, "/networks"},
           {{{"address", "0.0.0.0"}, {"networks", {"0.0.0.0/0"}}}, "/networks"},
           {{{"max_bytes", 10}}, "/max_bytes"},
           {{{"connections", 0}}, "/connections"},
           {{{"takes", "nothing"}}, "/takes"},
           {{{"tag_ids", {99}}}, "/tag_ids"},
       }) {
    const ListenerAnswer refused = change(body, 2);
    EXPECT_EQ(refused.status, 422) << body;
    EXPECT_EQ(refused.pointer(), pointer) << refused.body;
  }
  const ListenerAnswer taken = change({{"port", server_.server->port()}}, 2);
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.pointer(), "/port");
  EXPECT_NE(taken.body["detail"].get<std::string>().find(":" + std::to_string(server_.server->port())),
            std::string::npos);
  const json now = server_.get(admin_, kListener);
  EXPECT_EQ(now["version"], 2);
  EXPECT_EQ(now["listening"], on["listening"]);
  EXPECT_EQ(greeting_at(on["listening"]), "220 ");
}

TEST_F(MailListenerTest, OnlyWhoOperatesTheArchiveHasItAndFilesWhereTheyMay) {
  const std::string staff = server_.person("staff", Role::staff);
  EXPECT_EQ(send_listener(server_, staff, "GET").status, 403);
  EXPECT_EQ(send_listener(server_, staff, "PATCH", {{"enabled", true}}, 1).status, 403);
  EXPECT_EQ(send_listener(server_, staff, "DELETE", nullptr, 1).status, 403);
  const auto made = [&](const std::string& path, const json& body) {
    return json::parse(server_.ask(admin_, "POST", path, body.dump(), kJson).body);
  };
  const json nobody = made("/api/v1/access-lists", {{"name", "Nobody"}, {"entries", json::array()}});
  const json place = made("/api/v1/classes", {{"code", "7"}, {"title", "Staff matters"}});
  const json open = made("/api/v1/classes", {{"code", "8"}, {"title", "Post"}});
  const std::string path = "/api/v1/classes/" + std::to_string(place["id"].get<std::int64_t>());
  const Headers seen{{"Content-Type", "application/json"},
                     {"If-Match", "\"" + std::to_string(place["version"].get<std::int64_t>()) + "\""}};
  ASSERT_EQ(server_.ask(admin_, "PUT", path + "/access-list", json{{"access_list", nobody["id"]}}.dump(), seen).status,
            200);
  EXPECT_EQ(change({{"class_id", place["id"]}}, 1).status, 403);
  EXPECT_EQ(change({{"class_id", open["id"]}}, 1).body["class"]["id"], open["id"]);
  const auto removed =
      server_.ask(admin_, "DELETE", "/api/v1/classes/" + std::to_string(open["id"].get<std::int64_t>()), "",
                  {{"If-Match", "\"1\""}});
  EXPECT_EQ(removed.status, 409);
  EXPECT_NE(removed.body.find("the mail listener"), std::string::npos) << removed.body;
}

}  // namespace
}  // namespace muniment::testing
