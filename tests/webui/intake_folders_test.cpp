// Watched folders, drop folders and the rules for barcodes over the API.
#include <gtest/gtest.h>

#include "storage/accounts.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;
using storage::Role;

namespace {

struct Answer {
  int status = 0;
  json body;
};

Answer ask(RunningServer& server, const std::string& as, const std::string& method, const std::string& target,
           const json& body = nullptr, std::int64_t version = 0) {
  Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
  if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
  const auto response =
      server.ask(as, method, "/api/v1" + target, body.is_null() ? std::string() : body.dump(), headers);
  return {response.status, json::parse(response.body, nullptr, false)};
}

std::string path_of(const json& folder) {
  return "/intake-folders/" + std::to_string(folder["id"].get<std::int64_t>());
}

class IntakeFoldersTest : public ::testing::Test {
 protected:
  Answer ask(const std::string& method, const std::string& target, const json& body = nullptr,
             std::int64_t version = 0) {
    return testing::ask(server_, admin_, method, target, body, version);
  }
  std::string incoming(const std::string& name) const {
    return (std::filesystem::canonical(server_.archive.data.root()) / "incoming" / name).string();
  }

  RunningServer server_;
  std::string admin_ = server_.person("admin", Role::admin);
};

}  // namespace

void tour_intake_folders(RunningServer& server, const std::string& admin) {
  const std::string root = ask(server, admin, "GET", "/admin/sources/configured").body["watch_roots"][0];
  const json made = ask(server, admin, "POST", "/intake-folders", {{"kind", "watch"}, {"name", root + "/post"}}).body;
  EXPECT_EQ(made["name"], root + "/post");
  EXPECT_EQ(ask(server, admin, "GET", "/intake-folders").body["items"], json::array({made}));
  EXPECT_EQ(ask(server, admin, "GET", path_of(made)).body, made);
  const json changed = ask(server, admin, "PATCH", path_of(made), {{"enabled", false}}, 1).body;
  EXPECT_EQ(changed["enabled"], false);
  EXPECT_EQ(ask(server, admin, "DELETE", path_of(made), nullptr, 2).status, 204);
  const json rules = ask(server, admin, "GET", "/barcode-rules").body;
  EXPECT_EQ(rules["configured"], true);
  const json set = ask(server, admin, "PATCH", "/barcode-rules", {{"separators", {"NEXT"}}}, 1).body;
  EXPECT_EQ(set["separators"], json::array({"NEXT"}));
  EXPECT_EQ(ask(server, admin, "POST", "/barcode-rules/try", {{"barcode", "NEXT"}}).body["separates"], true);
  EXPECT_EQ(ask(server, admin, "DELETE", "/barcode-rules", nullptr, 2).status, 204);
}

namespace {

TEST_F(IntakeFoldersTest, AWatchedFolderLiesOnlyWhereTheConfigurationSays) {
  for (const std::string& path : {std::string("/etc"), server_.archive.data.blobs().string(), incoming("../blobs"),
                                  std::string("incoming/post")}) {
    const Answer refused = ask("POST", "/intake-folders", {{"kind", "watch"}, {"name", path}});
    EXPECT_EQ(refused.status, 422) << path;
    EXPECT_EQ(refused.body["errors"][0]["pointer"], "/name") << path;
  }
  const json made = ask("POST", "/intake-folders", {{"kind", "watch"}, {"name", incoming("post/")}}).body;
  EXPECT_EQ(made["name"], incoming("post"));
  EXPECT_EQ(ask("PATCH", path_of(made), {{"name", "/etc"}}, 1).status, 422);
  EXPECT_EQ(ask("POST", "/intake-folders", {{"kind", "watch"}, {"name", incoming("post/deep")}}).status, 409);
  EXPECT_EQ(ask("PATCH", path_of(made), {{"enabled", false}}).status, 428);
}

TEST_F(IntakeFoldersTest, WhoManagesFoldersFilesOnlyWhereTheyMay) {
  const std::string staff = server_.person("staff", Role::staff);
  const json wanted{{"kind", "drop"}, {"name", "copier"}};
  EXPECT_EQ(testing::ask(server_, staff, "POST", "/intake-folders", wanted).status, 403);
  EXPECT_EQ(testing::ask(server_, staff, "GET", "/barcode-rules").status, 403);
  for (const char* name : {"inbox", " inbox "}) {
    EXPECT_EQ(ask("POST", "/intake-folders", {{"kind", "drop"}, {"name", name}}).status, 409)
        << "the configuration has it";
  }
  const json missing{{"class_id", 99}, {"type_id", 99}, {"correspondent_id", 99}, {"tag_ids", json::array({99})}};
  for (const auto& [field, value] : missing.items()) {
    const Answer refused = ask("POST", "/intake-folders", {{"kind", "drop"}, {"name", "copier"}, {field, value}});
    EXPECT_EQ(refused.status, 422) << field;
    EXPECT_EQ(refused.body["errors"][0]["pointer"], "/" + field);
  }
}

TEST_F(IntakeFoldersTest, WhatOthersFiledIsNotToldAndMayBeSwitchedOff) {
  const std::string other = server_.person("other", Role::admin);
  const std::int64_t me = [&] {
    auto session = server_.archive.database.read();
    return storage::find_account(session, "admin").value().id;
  }();
  const json list = ask("POST", "/access-lists",
                        {{"name", "Mine"}, {"entries", {{{"subject", "account"}, {"id", me}, {"may_change", true}}}}})
                        .body;
  const json place = ask("POST", "/classes", {{"code", "7"}, {"title", "Staff matters"}}).body;
  const json file = ask("POST", "/folders", {{"class", place["id"]}, {"title", "A secret name"}}).body;
  const std::string id = std::to_string(file["id"].get<std::int64_t>());
  ASSERT_EQ(ask("PUT", "/folders/" + id + "/access-list", {{"access_list", list["id"]}}, file["version"]).status, 200);
  const json made =
      ask("POST", "/intake-folders", {{"kind", "drop"}, {"name", "copier"}, {"folder_id", file["id"]}}).body;
  EXPECT_EQ(made["file_folder"]["name"], "A secret name");
  const auto as_other = [&](const json& change, std::int64_t version) {
    return testing::ask(server_, other, "PATCH", path_of(made), change, version);
  };
  const json seen = testing::ask(server_, other, "GET", path_of(made)).body;
  EXPECT_EQ(seen["file_folder"], (json{{"id", file["id"]}, {"name", ""}}));
  EXPECT_EQ(testing::ask(server_, other, "GET", "/intake-folders").body["items"], json::array({seen}));
  EXPECT_EQ(as_other({{"name", "elsewhere"}}, 1).status, 403);
  const Answer off = as_other({{"enabled", false}}, 1);
  EXPECT_EQ(off.status, 200);
  EXPECT_EQ(off.body["file_folder"]["name"], "");
  EXPECT_EQ(as_other({{"enabled", true}}, 2).status, 403);
  EXPECT_EQ(as_other({{"folder_id", nullptr}, {"class_id", nullptr}, {"enabled", true}}, 2).status, 200);
}

TEST_F(IntakeFoldersTest, ADropFolderFilesWhatComesAndEndsAtOnce) {
  const json type = ask("POST", "/types", {{"name", "Invoice"}}).body;
  const json made =
      ask("POST", "/intake-folders", {{"kind", "drop"}, {"name", "invoices"}, {"type_id", type["id"]}}).body;
  EXPECT_EQ(made["type"]["name"], "Invoice");
  const std::string staff = server_.person("staff", Role::staff);
  const auto put = [&](const std::string& name) {
    RawClient client(server_.server->port());
    client.send("PUT /dav/drop/invoices/" + name + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + staff +
                "\r\nContent-Length: " + std::to_string(name.size()) + "\r\n\r\n" + name);
    return client.receive().value().status;
  };
  EXPECT_EQ(put("one.pdf"), 201);
  server_.settle();
  const json found = server_.get(admin_, "/api/v1/documents")["items"];
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["type"]["name"], "Invoice");
  EXPECT_EQ(ask("PATCH", path_of(made), {{"enabled", false}}, 1).status, 200);
  EXPECT_EQ(put("two.pdf"), 404);
  const json sources = server_.get(admin_, "/api/v1/admin/sources")["items"];
  const auto source = std::ranges::find_if(sources, [](const json& each) { return each["name"] == "invoices"; });
  ASSERT_NE(source, sources.end());
  EXPECT_EQ((*source)["state"], "off");
  EXPECT_EQ((*source)["last_week"], 1);
  EXPECT_EQ((*source)["intake_folder"], made["id"]);
}

TEST_F(IntakeFoldersTest, RulesForBarcodesAreTriedBeforeTheyHold) {
  const json draft{{"tags", {"T-*"}}, {"fields", {"CC-* > cost-centre"}}, {"tags_start_documents", true}};
  const auto effect = [&](const std::string& barcode) {
    return ask("POST", "/barcode-rules/try", {{"barcode", barcode}, {"rules", draft}}).body;
  };
  EXPECT_EQ(effect("T-tax,2026")["tags"], json::array({"tax", "2026"}));
  EXPECT_EQ(effect("T-tax")["starts_document"], true);
  EXPECT_EQ(effect("CC-4711")["fields"], json::array({{{"key", "cost-centre"}, {"value", "4711"}}}));
  EXPECT_EQ(effect("PATCHT")["separates"], true);
  EXPECT_EQ(effect("ASN0017")["serial_number"], 17);
  EXPECT_EQ(effect("ASN0017")["serial_number_too_large"], false);
  EXPECT_EQ(effect("ASN99999999999")["serial_number_too_large"], true);
  EXPECT_EQ(ask("GET", "/barcode-rules").body["configured"], true) << "nothing was set";
  const Answer refused = ask("PATCH", "/barcode-rules", {{"types", {"nothing"}}}, 1);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body["errors"][0]["pointer"], "/types");
  const Answer set = ask("PATCH", "/barcode-rules", {{"separators", {" NEXT "}}, {"serial_prefix", "NR "}}, 1);
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.body["separators"], json::array({"NEXT"})) << "as barcodes are read";
  EXPECT_EQ(set.body["serial_prefix"], "NR");
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/separator-sheets.pdf?code=NEXT").status, 200);
  EXPECT_EQ(server_.ask(admin_, "GET", "/api/v1/separator-sheets.pdf?code=PATCHT").status, 422);
  EXPECT_EQ(ask("DELETE", "/barcode-rules", nullptr, 1).status, 412);
}

}  // namespace
}  // namespace muniment::testing
