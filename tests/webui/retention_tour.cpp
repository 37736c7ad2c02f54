// The plan's previews, events of many records, and the lists that reports lead to, over the API.
#include <gtest/gtest.h>

#include "records/bulk_changes.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;

namespace {

const json kOtherTerms = {{"title", "Contracts"},     {"triggers", {{{"kind", "event"}, {"name", "contract ended"}}}},
                          {"combine", "all"},         {"cutoff", "none"},
                          {"fiscal_start", 1},        {"period", "2 years"},
                          {"action", "destroy"},      {"kind", "minimum"},
                          {"authority", "Decision 9"}};

class RetentionTour {
 public:
  RetentionTour(RunningServer& server, std::string who) : server_(server), who_(std::move(who)) {}

  json post(const std::string& target, const json& body) {
    const auto response = server_.ask(who_, "POST", target, body.dump(), kJson);
    EXPECT_LT(response.status, 400) << target << " " << response.body;
    return json::parse(response.body, nullptr, false);
  }
  json get(const std::string& target) { return server_.get(who_, target); }

  void previews();
  void events();
  void reports();

 private:
  RunningServer& server_;
  std::string who_;
  json schedule_;
  json node_;
  std::int64_t record_ = 0;
};

void RetentionTour::previews() {
  json wanted = kOtherTerms;
  wanted["code"] = "K1";
  schedule_ = post("/api/v1/schedules", wanted);
  node_ = post("/api/v1/classes", {{"code", "77"}, {"title", "Contracts"}, {"schedule", schedule_["id"]}});
  const json folder = post("/api/v1/folders", {{"class", node_["id"]}, {"title", "Harbour"}});
  record_ = server_.add(who_, "contract.pdf", "contract\nthe contract");
  const std::string document = "/api/v1/documents/" + std::to_string(record_);
  const auto filed = server_.ask(
      who_, "PATCH", document, json{{"folder", folder["id"]}}.dump(),
      {{"Content-Type", "application/merge-patch+json"}, {"If-Match", "\"" + get(document)["version"].dump() + "\""}});
  ASSERT_EQ(filed.status, 200) << filed.body;
  post("/api/v1/records", {{"documents", {record_}}});

  json other = kOtherTerms;
  other["triggers"] = {{{"kind", "captured"}}};
  const std::string of_schedule = "/api/v1/schedules/" + schedule_["id"].dump() + "/preview";
  json preview = post(of_schedule, other);
  EXPECT_EQ(preview["moved"], 1);
  ASSERT_EQ(preview["items"].size(), 1U);
  EXPECT_EQ(preview["items"][0]["id"], record_);
  EXPECT_EQ(preview["items"][0]["before"]["standing"], "waiting");
  preview = post(of_schedule + "?after=" + std::to_string(record_), other);
  EXPECT_TRUE(preview["moved"].is_null());
  EXPECT_TRUE(preview["items"].empty());
  const auto csv = server_.ask(who_, "POST", of_schedule + "?format=csv&language=sv", other.dump(), kJson);
  EXPECT_EQ(csv.status, 200);
  EXPECT_NE(csv.body.find("before.eligible_from"), std::string::npos) << csv.body;
  EXPECT_NE(csv.body.find("Nu: Regel K1"), std::string::npos) << csv.body;

  for (const std::string& path : {"/api/v1/classes/" + node_["id"].dump(), "/api/v1/folders/" + folder["id"].dump()}) {
    wanted = other;
    wanted["code"] = "K" + std::to_string(path.size()) + path.substr(8, 2);
    const json another = post("/api/v1/schedules", wanted);
    preview = post(path + "/preview", {{"schedule", another["id"]}});
    ASSERT_EQ(preview["items"].size(), 1U) << path;
    EXPECT_EQ(preview["items"][0]["after"]["standing"], "running");
    EXPECT_EQ(server_.ask(who_, "POST", path + "/preview", "{}", kJson).status, 422);
  }
}

void RetentionTour::events() {
  const std::string record = "/api/v1/documents/" + std::to_string(record_) + "/record";
  const std::string bulk = "/api/v1/documents/bulk";
  const json begun =
      post(bulk, {{"documents", {record_}}, {"event", {{"name", "contract ended"}, {"date", "2026-01-01"}}}});
  const auto perform = [&] {
    while (records::perform_bulk_change(server_.archive.database, [] { return false; })) continue;
  };
  perform();
  EXPECT_EQ(get(bulk + "/" + begun["job"].dump())["changed"], 1);
  EXPECT_EQ(get(record)["eligible_from"], "2028-01-02");
  post(bulk + "/" + begun["job"].dump() + "/undo", json::object());
  perform();
  EXPECT_TRUE(get(record)["eligible_from"].is_null()) << "it did not happen after all";
}

// While the record still waits.
void RetentionTour::reports() {
  const json waiting = get("/api/v1/reports/waiting");
  ASSERT_EQ(waiting["total"], 1);
  EXPECT_EQ(waiting["items"][0]["id"], record_);
  EXPECT_EQ(waiting["items"][0]["missing"][0]["name"], "contract ended");
  const auto csv = server_.ask(who_, "GET", "/api/v1/reports/waiting?format=csv");
  EXPECT_NE(csv.body.find("event contract ended"), std::string::npos) << csv.body;
  EXPECT_EQ(get("/api/v1/reports/loans")["out"], 0);
  EXPECT_EQ(get("/api/v1/paper/scan-rule")["percent"], 0);
  EXPECT_EQ(server_.ask(who_, "PUT", "/api/v1/paper/scan-rule", R"({"percent": 10})", kJson).status, 200);
  EXPECT_EQ(get("/api/v1/paper/scan-rule")["percent"], 10);
  EXPECT_EQ(server_.ask(who_, "PUT", "/api/v1/paper/scan-rule", R"({"percent": 0})", kJson).status, 200);
  EXPECT_TRUE(server_.ask(who_, "GET", "/api/v1/reports/loans.csv").body.starts_with("out,overdue,recalled,reserved"));
}

}  // namespace

void tour_retention(RunningServer& server, const std::string& admin) {
  RetentionTour tour(server, admin);
  tour.previews();
  tour.reports();
  tour.events();
}

}  // namespace muniment::testing
