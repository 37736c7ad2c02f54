// Workflows over the API: each operation once, and that what was asked for is there.
#include <gtest/gtest.h>

#include "storage/workflows.h"
#include "tests/webui/running_server.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

constexpr const char* kSecret = "a secret that nobody is told";

json send(RunningServer& server, const std::string& as, const std::string& method, const std::string& target,
          const json& body, std::int64_t version = 0) {
  Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
  if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
  const auto response = server.ask(as, method, target, body.is_null() ? "" : body.dump(), headers);
  EXPECT_LT(response.status, 400) << method << " " << target << " " << response.body;
  EXPECT_EQ(response.body.find(kSecret), std::string::npos);
  return response.body.empty() ? json() : json::parse(response.body, nullptr, false);
}

// As the service does it a moment later: the run of the newest document waits for its approver.
void begin_run(RunningServer& server) {
  auto tx = server.archive.database.begin(storage::Actor::system("test"));
  const auto events = storage::workflow_events(tx, 10);
  ASSERT_FALSE(events.empty());
  storage::begin_runs(tx, events.back(), storage::list_workflows(tx));
  const auto runs = storage::next_runs(tx, tx.now(), 10);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_TRUE(storage::record_step(tx, runs[0], storage::StepOutcome::waits, ""));
  tx.commit();
}

}  // namespace

void tour_workflows(RunningServer& server, const std::string& admin) {
  const std::string all = "/api/v1/workflows";
  const auto me = server.get(admin, "/api/v1/session")["account"]["id"];
  const json tag = send(server, admin, "POST", "/api/v1/tags", {{"name", "flowing"}});
  const json ask{{"kind", "approve"}, {"account_id", me}};
  const json set{{"kind", "set"}, {"tag_ids", {tag["id"]}}};
  const json hook{{"kind", "webhook"}, {"url", "https://example.org/hook"}};
  const json tell{{"kind", "mail"}, {"to_account_ids", {me}}, {"subject", "{title}"}};
  const json telling = send(server, admin, "POST", all, {{"name", "Telling"}, {"actions", {tell}}});
  EXPECT_EQ(telling["actions"][0]["to_accounts"][0]["id"], me);
  EXPECT_TRUE(telling["rests_because"].is_null());
  send(server, admin, "DELETE", all + "/" + std::to_string(telling["id"].get<int>()), nullptr, telling["version"]);
  json workflow = send(server, admin, "POST", all,
                       {{"name", "Invoices"}, {"enabled", true}, {"actions", {ask, set, hook}}, {"secret", kSecret}});
  EXPECT_EQ(workflow["actions"][1]["tags"][0]["name"], "flowing");
  const std::string one = all + "/" + std::to_string(workflow["id"].get<int>());
  EXPECT_EQ(server.get(admin, all)["total"], 1);
  EXPECT_EQ(server.get(admin, one)["has_secret"], true);

  for (const char* query : {"type:", "-", "(((", "\"", "NOT", "*", "a*", "rent tag:", "rent tag:*", "rent tag:\"\"",
                            "field.nosuch:x", "nosuchfield:1", "date:>zz", "created:>soon", "a OR (b"}) {
    const json odd{{"name", "Odd"}, {"query", query}, {"actions", {set}}};
    EXPECT_EQ(server.ask(admin, "POST", "/api/v1/workflow-trials", odd.dump(), kJson).status, 422) << query;
    EXPECT_EQ(server.ask(admin, "POST", all, odd.dump(), kJson).status, 422) << query;
  }
  const json inner{{"name", "Odd"}, {"actions", {{{"kind", "webhook"}, {"url", "http://127.0.0.1/"}}}}};
  const auto refused = server.ask(admin, "POST", "/api/v1/workflow-trials", inner.dump(), kJson);
  EXPECT_EQ(refused.status, 403);

  const std::int64_t document = server.add(admin, "flow.txt", "a document that flows");
  const json trial = send(server, admin, "POST", "/api/v1/workflow-trials",
                          {{"name", "Invoices"}, {"query", "id:" + std::to_string(document)}, {"actions", {set}}});
  EXPECT_EQ(trial["total"], 1);
  EXPECT_EQ(trial["documents"][0]["steps"][0]["outcome"], "done");
  const std::string path = "/api/v1/documents/" + std::to_string(document);
  EXPECT_TRUE(server.get(admin, path)["tags"].empty()) << "it was only tried";

  begin_run(server);
  const json waiting = server.get(admin, "/api/v1/approvals");
  ASSERT_EQ(waiting["total"], 1);
  const std::string approval = "/api/v1/approvals/" + std::to_string(waiting["items"][0]["id"].get<int>());
  send(server, admin, "POST", approval, {{"approve", false}, {"comment", "not ours"}});
  EXPECT_EQ(server.ask(admin, "POST", approval, R"({"approve":true})", kJson).status, 404) << "it is decided";
  const json runs = server.get(admin, one + "/runs");
  EXPECT_EQ(runs["items"][0]["state"], "refused");
  EXPECT_EQ(runs["items"][0]["log"].size(), 2U);
  server.add(admin, "flow2.txt", "another document that flows");
  begin_run(server);
  const json next = server.get(admin, "/api/v1/approvals")["items"][0];
  const std::string end = "/api/v1/workflow-runs/" + std::to_string(next["id"].get<int>()) + "/end";
  send(server, admin, "POST", end, {{"comment", "no longer needed"}});
  EXPECT_EQ(server.ask(admin, "POST", end, "{}", kJson).status, 409) << "it has ended";

  json moved = hook;
  moved["url"] = "https://example.com/hook";
  EXPECT_EQ(server
                .ask(admin, "PATCH", one, json{{"actions", {moved}}}.dump(),
                     {{"Content-Type", "application/merge-patch+json"},
                      {"If-Match", "\"" + std::to_string(workflow["version"].get<int>()) + "\""}})
                .status,
            422)
      << "the secret is not sent elsewhere";
  workflow = send(server, admin, "PATCH", one, {{"enabled", false}}, workflow["version"]);
  EXPECT_EQ(workflow["enabled"], false);
  send(server, admin, "DELETE", one, nullptr, workflow["version"]);
}

}  // namespace muniment::testing
