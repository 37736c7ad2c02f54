// One change of many documents over the API: what the query finds is changed, and nothing else.
#include <gtest/gtest.h>

#include "records/bulk_changes.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

json send(RunningServer& server, const std::string& as, const std::string& target, const json& body) {
  const auto response = server.ask(as, "POST", target, body.dump(), kJson);
  json answer = json::parse(response.body, nullptr, false);
  answer["status"] = response.status;
  return answer;
}

void perform(RunningServer& server) {
  while (records::perform_bulk_change(server.archive.database, [] { return false; })) continue;
  server.pipeline.wake();
  server.settle();
}

std::string bulk(const json& begun, const std::string& rest = "") {
  return "/api/v1/documents/bulk/" + begun["job"].dump() + rest;
}

}  // namespace

void tour_bulk_changes(RunningServer& server, const std::string& admin) {
  server.add(admin, "bulk.pdf", "bulk\nthe zeppelin flies");
  const json begun = send(server, admin, "/api/v1/documents/bulk?q=zeppelin", {{"trash", true}});
  ASSERT_EQ(begun.value("documents", 0), 1) << begun;
  perform(server);
  EXPECT_EQ(server.get(admin, bulk(begun))["changed"], 1);
  EXPECT_EQ(server.ask(admin, "POST", bulk(begun, "/undo"), "", kJson).status, 202);
  perform(server);
  EXPECT_EQ(server.get(admin, "/api/v1/documents?q=zeppelin")["total"], 1);

  server.add(admin, "spoilt.pdf", "spoilt crash\nx");
  const auto again = server.ask(admin, "POST", "/api/v1/quarantine/retry");
  ASSERT_EQ(again.status, 202) << again.body;
  perform(server);
  EXPECT_GE(server.get(admin, bulk(json::parse(again.body)))["changed"], 1);
}

namespace {

class BulkTest : public ::testing::Test {
 protected:
  RunningServer server_;
  std::string anna_ = server_.person("anna", storage::Role::staff);
  std::string bo_ = server_.person("bo", storage::Role::staff);
};

TEST_F(BulkTest, AQueryIsNeededOrAWordThatEverythingIsMeant) {
  server_.add(anna_, "one.pdf", "one\npaper");
  server_.add(anna_, "two.pdf", "two\npapers");
  const json tag = send(server_, anna_, "/api/v1/tags", {{"name", "Old"}});
  const json change{{"add_tags", {tag["id"]}}};
  EXPECT_EQ(send(server_, anna_, "/api/v1/documents/bulk", change)["status"], 422);
  EXPECT_EQ(send(server_, anna_, "/api/v1/documents/bulk?q=nowhere", change)["status"], 422);
  json all = change;
  all["everything"] = true;
  EXPECT_EQ(send(server_, anna_, "/api/v1/documents/bulk", all)["documents"], 2);
  const json one = send(server_, anna_, "/api/v1/documents/bulk?q=two", change);
  perform(server_);
  EXPECT_EQ(server_.get(anna_, bulk(one))["unchanged"], 1) << "the first change came before it";
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=tag:old")["total"], 2);
}

TEST_F(BulkTest, AKeyIsForOneQuery) {
  server_.add(anna_, "one.pdf", "one\npaper");
  server_.add(anna_, "two.pdf", "two\npaper");
  Headers headers = kJson;
  headers.emplace_back("Idempotency-Key", "away with it");
  const auto begin = [&](const std::string& query) {
    return server_.ask(anna_, "POST", "/api/v1/documents/bulk?q=" + query, R"({"trash":true})", headers);
  };
  const auto first = begin("one");
  ASSERT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(begin("one").body, first.body);
  EXPECT_EQ(begin("two").status, 422) << "not what came of the other";
}

TEST_F(BulkTest, AllThatCouldNotBeReadIsTriedAgain) {
  EXPECT_EQ(server_.ask(anna_, "POST", "/api/v1/quarantine/retry").status, 409) << "there is nothing";
  for (const char* name : {"one", "two"}) {
    server_.add(anna_, std::string(name) + ".pdf", std::string(name) + " crash\nx");
  }
  server_.add(anna_, "locked.pdf", "locked encrypted\nhidden");
  server_.archive.clock.advance(std::chrono::hours(3));
  const auto begun = server_.ask(anna_, "POST", "/api/v1/quarantine/retry");
  ASSERT_EQ(begun.status, 202) << begun.body;
  const json job = json::parse(begun.body);
  EXPECT_EQ(job["documents"], 2) << "a password is nothing that trying again would find";
  perform(server_);
  const json report = server_.get(anna_, bulk(job));
  EXPECT_EQ(report["changed"], 2) << report;
  EXPECT_EQ(report["undoable"], false);
  const std::string now = core::to_rfc3339(server_.archive.clock.now());
  const json list = server_.get(anna_, "/api/v1/quarantine");
  ASSERT_EQ(list["total"], 3);
  for (const json& item : list["items"]) {
    EXPECT_EQ(item["since"] == now, item["document"]["state"] == "quarantined") << item;
  }
}

TEST_F(BulkTest, TheDateOfAllThatMatchIsSetAndTakenBack) {
  server_.add(anna_, "one.pdf", "one\npaper");
  const json begun = send(server_, anna_, "/api/v1/documents/bulk?q=one", {{"document_date", "2019-05-17"}});
  perform(server_);
  EXPECT_EQ(server_.get(anna_, bulk(begun))["changed"], 1);
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=created:2019")["total"], 1);
  EXPECT_EQ(server_.ask(anna_, "POST", bulk(begun, "/undo"), "", kJson).status, 202);
  perform(server_);
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=created:2019")["total"], 0);
}

TEST_F(BulkTest, TheAccessListOfAllThatMatchTakesTheRightToManageAccess) {
  server_.add(anna_, "one.pdf", "one\npaper");
  const std::string admin = server_.person("eva", storage::Role::admin);
  const std::string target = "/api/v1/documents/bulk?q=one";
  const json inherit{{"access_list", nullptr}};
  EXPECT_EQ(send(server_, anna_, target, inherit)["status"], 403);
  EXPECT_EQ(send(server_, admin, target, {{"access_list", 9999}})["status"], 422);
  const json everyone{{"subject", "everyone"}, {"may_change", true}};
  const json list =
      send(server_, admin, "/api/v1/access-lists", {{"name", "All"}, {"entries", json::array({everyone})}});
  ASSERT_EQ(list["status"], 201) << list;
  const json begun = send(server_, admin, target, {{"access_list", list["id"]}});
  perform(server_);
  EXPECT_EQ(server_.get(admin, bulk(begun))["changed"], 1);
  const json found = server_.get(admin, "/api/v1/documents?q=one")["items"][0];
  EXPECT_EQ(found["access_list"]["id"], list["id"]) << found;
}

TEST_F(BulkTest, IsItsBeginnersAlone) {
  server_.add(anna_, "one.pdf", "one\npaper");
  const json begun = send(server_, anna_, "/api/v1/documents/bulk?q=one", {{"trash", true}});
  EXPECT_EQ(server_.ask(bo_, "GET", bulk(begun)).status, 404);
  EXPECT_EQ(server_.ask(bo_, "POST", bulk(begun, "/undo"), "", kJson).status, 404);
  const std::string job = "/api/v1/jobs/" + begun["job"].dump();
  EXPECT_EQ(server_.ask(bo_, "DELETE", job).status, 404);
  EXPECT_EQ(server_.ask(anna_, "DELETE", job).status, 204);
  perform(server_);
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=one")["total"], 1);
}

TEST_F(BulkTest, ATagFindsWhatCarriesOneBelowIt) {
  const json money = send(server_, anna_, "/api/v1/tags", {{"name", "Money"}});
  const json rent = send(server_, anna_, "/api/v1/tags", {{"name", "Rent"}, {"parent", money["id"]}});
  EXPECT_EQ(rent["path"], "Money / Rent");
  server_.add(anna_, "one.pdf", "one\npaper");
  send(server_, anna_, "/api/v1/documents/bulk?q=one", {{"add_tags", {rent["id"]}}});
  perform(server_);
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=tag:money")["total"], 1);
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?f.tag=" + money["id"].dump())["total"], 1);
  EXPECT_EQ(server_.get(anna_, "/api/v1/tags?parent=" + money["id"].dump())["items"][0]["name"], "Rent");
  const Headers patch{{"Content-Type", "application/merge-patch+json"}};
  const std::string path = "/api/v1/tags/" + money["id"].dump();
  EXPECT_EQ(server_.ask(anna_, "PATCH", path, json{{"parent", rent["id"]}}.dump(), patch).status, 422);
  EXPECT_EQ(server_.ask(anna_, "PATCH", "/api/v1/tags/" + rent["id"].dump(), R"({"parent":null})", patch).status, 200);
  server_.settle();
  EXPECT_EQ(server_.get(anna_, "/api/v1/documents?q=tag:money")["total"], 0);
}

}  // namespace

}  // namespace muniment::testing
