// Composing roles over the API, and what somebody with one may do and give.
#include <gtest/gtest.h>

#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

struct RoleAnswer {
  int status = 0;
  json body;
};

RoleAnswer ask_about_roles(RunningServer& server, const std::string& as, const std::string& method,
                           const std::string& target, const json& body, const json& version = nullptr) {
  Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
  if (!version.is_null()) headers.emplace_back("If-Match", "\"" + version.dump() + "\"");
  const auto response = server.ask(as, method, target, body.is_null() ? "" : body.dump(), headers);
  return {response.status, json::parse(response.body, nullptr, false)};
}

json compose(RunningServer& server, const std::string& as, const std::string& name, const json& permissions) {
  const RoleAnswer made =
      ask_about_roles(server, as, "POST", "/api/v1/roles", {{"name", name}, {"permissions", permissions}});
  EXPECT_EQ(made.status, 201) << made.body;
  return made.body;
}

std::string target_of_role(const json& role) {
  return "/api/v1/roles/" + role["id"].dump();
}

json account_with(RunningServer& server, const std::string& as, const std::string& name, const std::string& role) {
  const RoleAnswer made = ask_about_roles(server, as, "POST", "/api/v1/accounts", {{"name", name}, {"role", role}});
  EXPECT_EQ(made.status, 201) << made.body;
  return made.body;
}

std::string token_for(RunningServer& server, const std::string& name) {
  auto tx = server.archive.database.begin(storage::Actor::system("test"));
  const std::int64_t account = storage::find_account(tx, name).value().id;
  const std::string secret = storage::issue_token(tx, server.archive.random, account, "test", std::nullopt).secret;
  tx.commit();
  return secret;
}

}  // namespace

void tour_roles(RunningServer& server, const std::string& admin) {
  const json standing = server.get(admin, "/api/v1/roles?limit=4")["items"];
  ASSERT_EQ(standing.size(), 4U);
  EXPECT_EQ(standing[0]["name"], "reader");
  EXPECT_TRUE(standing[3]["id"].is_null());
  const json role = compose(server, admin, "Planner", {"manage_file_plan", "add_documents"});
  EXPECT_EQ(role["permissions"], json({"read_documents", "add_documents", "manage_file_plan"}));
  const RoleAnswer changed = ask_about_roles(
      server, admin, "PATCH", target_of_role(role),
      {{"name", "Plan keeper"}, {"description", "Keeps the plan"}, {"permissions", {"manage_file_plan"}}},
      role["version"]);
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(server.get(admin, target_of_role(role))["description"], "Keeps the plan");
  EXPECT_EQ(ask_about_roles(server, admin, "DELETE", target_of_role(role), nullptr, changed.body["version"]).status,
            204);
}

TEST(Roles, EachRightDoesItsOwnThingByItself) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  const auto with = [&](const std::string& permission) {
    compose(server, admin, permission, {permission});
    account_with(server, admin, "has." + permission, permission);
    return token_for(server, "has." + permission);
  };
  const auto post = [&](const std::string& as, const std::string& target, const json& body) {
    return ask_about_roles(server, as, "POST", "/api/v1" + target, body);
  };
  const json terms{{"title", "Kept"},     {"triggers", {{{"kind", "captured"}}}},
                   {"combine", "all"},    {"cutoff", "none"},
                   {"fiscal_start", 1},   {"period", "1 days"},
                   {"action", "destroy"}, {"kind", "minimum"},
                   {"authority", "Ours"}, {"code", "S"}};
  const json schedule = post(admin, "/schedules", terms).body["id"];
  const json node = post(admin, "/classes", {{"code", "1"}, {"title", "One"}, {"schedule", schedule}}).body["id"];
  const json other = post(admin, "/classes", {{"code", "2"}, {"title", "Two"}, {"schedule", schedule}}).body["id"];
  const json folder = post(admin, "/folders", {{"class", node}, {"title", "Case"}}).body["id"];

  const auto uploaded = server.ask(with("add_documents"), "POST", "/api/v1/documents",
                                   multipart("a.txt", "letter", {{"class", node.dump()}}), kMultipart);
  ASSERT_EQ(uploaded.status, 202) << uploaded.body;
  server.settle();
  const json id = json::parse(uploaded.body)["id"];
  const std::string document = "/documents/" + id.dump();
  const std::string privacy = with("handle_privacy");
  for (const bool restricted : {true, false}) {
    const auto answer = ask_about_roles(server, privacy, "PUT", "/api/v1" + document + "/restriction",
                                        {{"restricted", restricted}, {"reason", "asked for"}});
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  const auto declared = post(with("declare_records"), "/records", {{"documents", {id}}});
  EXPECT_TRUE(declared.body["items"][0]["declared"].get<bool>()) << declared.body;
  const std::string records = with("manage_records");
  const auto recorded = post(records, "/retention-events",
                             {{"name", "ended"}, {"date", "2026-01-01"}, {"documents", {id}}, {"folders", {folder}}});
  EXPECT_EQ(recorded.status, 201) << recorded.body;
  EXPECT_EQ(post(records, document + "/reclassify", {{"class", other}, {"reason", "wrong"}}).status, 200);
  server.archive.clock.advance(std::chrono::hours(24 * 10));
  const auto proposed = post(with("propose_disposition"), "/dispositions",
                             {{"title", "Batch"}, {"action", "destroy"}, {"documents", {id}}});
  EXPECT_EQ(proposed.status, 201) << proposed.body;
  const std::string holds = with("manage_holds");
  json hold{{"title", "Hold"}, {"reason", "claim"}};
  for (const char* query : {"\"unclosed AND (", "nothing:here", "created:soon"}) {
    hold["query"] = query;
    EXPECT_EQ(post(holds, "/holds", hold).status, 422) << query << ", which would hold other documents than it says";
  }
  hold["query"] = "\"closed\"";
  EXPECT_EQ(post(holds, "/holds", hold).status, 201);
  const std::string planner = with("manage_file_plan");
  const auto version_of = [&](const json& one) {
    return server.get(admin, "/api/v1/folders/" + one.dump())["version"];
  };
  EXPECT_EQ(ask_about_roles(server, planner, "PUT", "/api/v1/folders/" + folder.dump() + "/class", {{"class", other}},
                            version_of(folder))
                .status,
            200);

  const json opened = post(planner, "/folders", {{"class", node}, {"title", "Another case"}}).body["id"];
  const auto patch = [&](const std::string& as, const json& change) {
    return ask_about_roles(server, as, "PATCH", "/api/v1/folders/" + opened.dump(), change, version_of(opened)).status;
  };
  EXPECT_EQ(patch(planner, {{"title", "Renamed"}}), 200);
  EXPECT_EQ(patch(planner, {{"schedule", schedule}}), 403);
  EXPECT_EQ(patch(records, {{"schedule", schedule}}), 200);
  EXPECT_EQ(patch(records, {{"title", "Renamed again"}}), 403);
  EXPECT_EQ(patch(records, {{"status", "closed"}}), 403);
  EXPECT_EQ(patch(planner, {{"status", "closed"}}), 200);
  const auto refused = ask_about_roles(server, planner, "PATCH", "/api/v1/folders/" + opened.dump(),
                                       {{"status", "open"}, {"reason", "too early"}}, version_of(opened));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["detail"].get<std::string>().find("may not file"), std::string::npos) << "which they may";
  EXPECT_EQ(patch(records, {{"status", "open"}, {"reason", "too early"}}), 200);
  EXPECT_EQ(ask_about_roles(server, planner, "DELETE", "/api/v1/folders/" + opened.dump(), nullptr, version_of(opened))
                .status,
            204);

  const std::string paper = with("manage_paper");
  EXPECT_EQ(post(paper, "/paper-files", {{"title", "A binder"}, {"class", node}}).status, 201);
  EXPECT_EQ(post(planner, "/paper-files", {{"title", "A binder"}}).status, 403);
  const json beside = server.add(admin, "beside.txt", "a letter that is on paper too");
  server.settle();
  const std::string its_paper = "/documents/" + beside.dump() + "/paper";
  EXPECT_EQ(post(planner, its_paper, json::object()).status, 403);
  EXPECT_LT(post(paper, its_paper, json::object()).status, 300);
  EXPECT_LT(ask_about_roles(server, paper, "DELETE", "/api/v1" + its_paper, nullptr).status, 300);
}

TEST(Roles, AComposedOneAllowsWhatItNamesAndNothingElse) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  const json role = compose(server, admin, "Auditor", {"read_audit"});
  const json account = account_with(server, admin, "olle", "auditor");
  EXPECT_EQ(account["role"], "Auditor");
  const std::string olle = token_for(server, "olle");
  EXPECT_EQ(server.get(olle, "/api/v1/session")["permissions"], json({"read_documents", "read_audit"}));
  EXPECT_EQ(server.ask(olle, "GET", "/api/v1/audit").status, 200);
  EXPECT_EQ(ask_about_roles(server, olle, "POST", "/api/v1/classes", {{"code", "1"}, {"title", "A"}}).status, 403);
  EXPECT_EQ(server.ask(olle, "GET", "/api/v1/accounts").status, 403);

  // The next request asks anew what the role allows.
  ask_about_roles(server, admin, "PATCH", target_of_role(role), {{"permissions", {"manage_file_plan"}}},
                  role["version"]);
  EXPECT_EQ(server.ask(olle, "GET", "/api/v1/audit").status, 403);
  EXPECT_EQ(
      ask_about_roles(server, olle, "POST", "/api/v1/classes", {{"parent", nullptr}, {"code", "1"}, {"title", "A"}})
          .status,
      201);
  EXPECT_EQ(ask_about_roles(server, admin, "DELETE", target_of_role(role), nullptr, 2).status, 409) << "olle has it";
  const std::string target = "/api/v1/accounts/" + account["id"].dump();
  const json now = server.get(admin, target);
  EXPECT_EQ(ask_about_roles(server, admin, "PATCH", target, {{"role", "staff"}}, now["version"]).body["role"], "staff");
  EXPECT_EQ(ask_about_roles(server, admin, "DELETE", target_of_role(role), nullptr, 2).status, 204);
}

TEST(Roles, NobodyGivesOrTakesOverMoreThanTheirOwn) {
  RunningServer server;
  const std::string admin = server.person("admin", storage::Role::admin);
  const json office = compose(server, admin, "People's office", {"manage_accounts", "add_documents"});
  const json keeper = compose(server, admin, "Keeper", {"manage_holds"});
  account_with(server, admin, "petra", "People's office");
  const json holder = account_with(server, admin, "hilda", "Keeper");
  const std::string petra = token_for(server, "petra");
  const auto status = [&](const std::string& method, const std::string& target, const json& body,
                          const json& version = nullptr) {
    return ask_about_roles(server, petra, method, target, body, version).status;
  };

  EXPECT_EQ(status("POST", "/api/v1/roles", {{"name", "More"}, {"permissions", {"manage_holds"}}}), 403);
  EXPECT_EQ(status("POST", "/api/v1/roles", {{"name", "Less"}, {"permissions", {"add_documents"}}}), 201);
  EXPECT_EQ(status("PATCH", target_of_role(office), {{"permissions", {"manage_accounts", "manage_holds"}}}, 1), 403);
  EXPECT_EQ(status("PATCH", target_of_role(keeper), {{"permissions", json::array()}}, 1), 403);
  EXPECT_EQ(status("DELETE", target_of_role(keeper), nullptr, 1), 403);

  EXPECT_EQ(status("POST", "/api/v1/accounts", {{"name", "nils"}, {"role", "admin"}}), 403);
  EXPECT_EQ(status("POST", "/api/v1/accounts", {{"name", "nils"}, {"role", "Keeper"}}), 403);
  EXPECT_EQ(status("POST", "/api/v1/accounts", {{"name", "nils"}, {"role", "reader"}}), 201);
  const std::string hilda = "/api/v1/accounts/" + holder["id"].dump();
  const json version = server.get(admin, hilda)["version"];
  EXPECT_EQ(status("PATCH", hilda, {{"display_name", "Hilda H."}}, version), 403);
  EXPECT_EQ(status("PUT", hilda + "/password", {{"password", "a few quiet words"}}), 403);
  EXPECT_EQ(status("DELETE", hilda + "/second-factor", nullptr), 403);
  EXPECT_EQ(status("POST", "/api/v1/tokens", {{"name", "hers"}, {"account", holder["id"]}}), 403);
}

}  // namespace muniment::testing
