#include <thread>

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

namespace {

using nlohmann::json;

class Scanning {
 public:
  Scanning(RunningServer& server, std::string admin) : server_(server), admin_(std::move(admin)) {}

  json send(const std::string& method, const std::string& target, const json& body = nullptr,
            std::int64_t version = 0) {
    Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
    if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
    const auto response = server_.ask(admin_, method, target, body.is_null() ? "" : body.dump(), headers);
    EXPECT_LT(response.status, 400) << method << " " << target << " " << response.body;
    if (response.body.empty()) return nullptr;
    return json::parse(response.body, nullptr, false);
  }

  json get(const std::string& target) { return server_.get(admin_, target); }

  std::string raw(const std::string& method, const std::string& target, const json& body = nullptr) {
    return server_.ask(admin_, method, target, body.is_null() ? "" : body.dump(), kJson).body;
  }

  // The scan once the scanner is through with it.
  json rested(const json& scan) {
    const std::string path = path_of(scan);
    const core::Deadline deadline(std::chrono::seconds(60));
    json now = get(path);
    while (now["state"] == "scanning" && !deadline.passed()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      now = get(path);
    }
    return now;
  }

  static std::string path_of(const json& scan) { return "/api/v1/scans/" + std::to_string(scan["id"].get<int>()); }

 private:
  RunningServer& server_;
  const std::string admin_;
};

}  // namespace

void tour_scanning(RunningServer& server, const std::string& admin) {
  Scanning desk(server, admin);
  const std::string scanner = kTestScanner;
  EXPECT_EQ(desk.get("/api/v1/scanners?anew=yes")["items"].size(), 2U);
  EXPECT_EQ(desk.get("/api/v1/scanners/capabilities?scanner=" + scanner)["sources"],
            json({"flatbed", "feeder", "feeder_turned"}));
  EXPECT_TRUE(desk.raw("POST", "/api/v1/scanners/preview", {{"scanner", scanner}}).starts_with("\xFF\xD8"));

  const json named =
      desk.send("POST", "/api/v1/network-scanners", {{"protocol", "escl"}, {"name", "Hall"}, {"address", "192.0.2.1"}});
  EXPECT_EQ(desk.get("/api/v1/network-scanners")["items"], json::array({named}));
  EXPECT_EQ(named["address"], "http://192.0.2.1/eSCL");
  desk.send("DELETE", "/api/v1/network-scanners/" + std::to_string(named["id"].get<int>()));
  EXPECT_EQ(desk.get("/api/v1/network-scanners")["total"], 0);

  json profile = desk.send("POST", "/api/v1/scan-profiles",
                           {{"name", "Quick"}, {"source", "feeder"}, {"resolution", 75}, {"options", {"depth=8"}}});
  const std::string one = "/api/v1/scan-profiles/" + std::to_string(profile["id"].get<int>());
  profile = desk.send("PATCH", one, {{"parting", "count"}, {"pages_per_document", 4}}, profile["version"]);
  EXPECT_EQ(desk.get(one)["plan"]["source"], "feeder");
  const json other = desk.send("POST", "/api/v1/scan-profiles", {{"name", "Careful"}});
  profile = desk.send("PATCH", one, {{"scanner", scanner}, {"button", "scan"}}, profile["version"]);
  EXPECT_FALSE(profile["button_account"]["name"].get<std::string>().empty());
  profile = desk.send("PATCH", one, {{"button", ""}}, profile["version"]);
  EXPECT_TRUE(profile["button_account"].is_null());
  desk.send("PUT", "/api/v1/scan-profiles/order", {{"profiles", {other["id"], profile["id"]}}});
  EXPECT_EQ(desk.get("/api/v1/scan-profiles")["items"][0]["name"], "Careful") << "in the order that was chosen";
  desk.send("DELETE", "/api/v1/scan-profiles/" + std::to_string(other["id"].get<int>()), nullptr, other["version"]);
  EXPECT_EQ(desk.get("/api/v1/scan-profiles")["total"], 1);

  json scan = desk.send("POST", "/api/v1/scans", {{"scanner", scanner}, {"profile", profile["id"]}});
  EXPECT_EQ(desk.get("/api/v1/scans")["items"].size(), 1U);
  scan = desk.rested(scan);
  ASSERT_EQ(scan["state"], "ready") << scan;
  ASSERT_EQ(scan["pages"].size(), 10U);
  EXPECT_EQ(scan["pages"][9]["document"], 3) << "documents of four pages";
  const std::string path = Scanning::path_of(scan);
  std::vector<int> pages;
  for (const json& page : scan["pages"]) pages.insert(pages.begin(), page["id"].get<int>());
  const std::string first = path + "/pages/" + std::to_string(pages.front());
  EXPECT_TRUE(desk.raw("GET", first + "/image?size=full").starts_with("\xFF\xD8"));
  EXPECT_EQ(server.ask(admin, "GET", first + "/image").header("cache-control"), "no-store") << "a tablet is shared";
  EXPECT_EQ(desk.send("POST", path + "/order", {{"pages", pages}})["pages"][0]["id"], pages.front());
  scan = desk.send("PATCH", first, {{"turn", 90}});
  EXPECT_EQ(scan["pages"][0]["turn"], 90);
  desk.send("PATCH", path + "/pages/" + std::to_string(pages[1]), {{"starts", "yes"}});
  const std::string last = path + "/pages/" + std::to_string(pages.back());
  scan = desk.send("PATCH", last, {{"kept", "no"}});
  EXPECT_EQ(scan["pages"][9]["left_out"], "by_hand");
  EXPECT_TRUE(scan["pages"][9]["document"].is_null());
  EXPECT_TRUE(desk.send("PATCH", last, {{"kept", "by_plan"}})["pages"][9]["left_out"].is_null());
  desk.send("POST", first + "/rescan");
  scan = desk.rested(scan);
  EXPECT_NE(scan["pages"][0]["id"], pages.front()) << "another page stands there now";
  EXPECT_EQ(scan["pages"][0]["turn"], 90);
  desk.send("DELETE", path + "/pages/" + std::to_string(pages[2]));
  desk.send("POST", path + "/continue");
  desk.send("POST", path + "/stop");
  scan = desk.rested(scan);
  EXPECT_GE(scan["pages"].size(), 9U) << "what was there stays";
  EXPECT_EQ(server.ask(admin, "POST", path + "/file", R"({"type": 999})", kJson).status, 422);
  EXPECT_TRUE(desk.get(path)["plan"]["type"].is_null()) << "what is refused is not kept";
  const json filed = desk.send("POST", path + "/file", {{"parting", "none"}, {"tags", json::array()}});
  EXPECT_EQ(filed["documents"].size(), 2U) << "one begins by hand";
  EXPECT_EQ(desk.get(path)["state"], "filed");
  EXPECT_EQ(desk.get("/api/v1/documents/" + std::to_string(filed["documents"][0].get<int>()))["source"], "scan");

  scan = desk.rested(desk.send("POST", "/api/v1/scans", {{"scanner", scanner}, {"resolution", 75}}));
  EXPECT_EQ(scan["pages"].size(), 1U) << "the glass holds one";
  desk.send("DELETE", Scanning::path_of(scan));
  desk.send("DELETE", one, nullptr, profile["version"]);

  const json station =
      desk.send("POST", "/api/v1/scan-stations", {{"name", "Reception"}, {"page", "https://archive.example"}});
  EXPECT_EQ(station["address"], "https://archive.example/scan#station=" + station["secret"].get<std::string>());
  EXPECT_EQ(station["qr_code"].size(), station["qr_code"][0].get<std::string>().size()) << "it is square";
  EXPECT_EQ(desk.get("/api/v1/scan-stations")["items"][0]["name"], "Reception");
  EXPECT_EQ(
      server.ask("", "POST", "/api/v1/scan-stations/session", json{{"secret", station["secret"]}}.dump(), kJson).status,
      204);
  desk.send("DELETE", "/api/v1/scan-stations/" + std::to_string(station["id"].get<int>()));
}

}  // namespace muniment::testing
