// Devices that may scan and nothing else.
#include <set>

#include <gtest/gtest.h>

#include "storage/scan_stations.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

class ScanStationTest : public ::testing::Test {
 protected:
  ScanStationTest() : admin_(server_.person("chief", Role::admin)) {}

  json made(const std::string& name) {
    const auto response = server_.ask(admin_, "POST", "/api/v1/scan-stations", json{{"name", name}}.dump(), kJson);
    EXPECT_EQ(response.status, 201) << response.body;
    return json::parse(response.body);
  }

  RunningServer server_;
  const std::string admin_;
};

TEST_F(ScanStationTest, MayScanAndNothingElse) {
  const std::string secret = made("Reception")["secret"];
  std::set<std::string> open;
  for (const auto& route : server_.server->router().routes()) {
    if (std::holds_alternative<webui::Anyone>(route.needs)) continue;
    std::string target = route.pattern;
    for (auto brace = target.find('{'); brace != std::string::npos; brace = target.find('{')) {
      target.replace(brace, target.find('}') - brace + 1, "999999");
    }
    const bool looks = route.method == "GET" || route.method == "HEAD";
    if (server_.ask(secret, route.method, target, "", looks ? Headers{} : kJson).status != 403) {
      open.insert(route.method + " " + route.pattern);
    }
  }
  EXPECT_EQ(open,
            (std::set<std::string>{
                "DELETE /api/v1/scans/{id}", "DELETE /api/v1/scans/{id}/pages/{page}", "DELETE /api/v1/session",
                "GET /api/v1/scan-profiles", "GET /api/v1/scan-profiles/{id}", "GET /api/v1/scanners",
                "GET /api/v1/scanners/capabilities", "GET /api/v1/scans", "GET /api/v1/scans/{id}",
                "GET /api/v1/scans/{id}/pages/{page}/image", "GET /api/v1/session",
                "PATCH /api/v1/scans/{id}/pages/{page}", "POST /api/v1/scanners/preview", "POST /api/v1/scans",
                "POST /api/v1/scans/{id}/continue", "POST /api/v1/scans/{id}/file", "POST /api/v1/scans/{id}/order",
                "POST /api/v1/scans/{id}/pages/{page}/rescan", "POST /api/v1/scans/{id}/stop"}));
  // The contract describes no WebDAV, so it is asked as it is.
  RawClient files(server_.server->port());
  files.send("PROPFIND /dav/ HTTP/1.1\r\nHost: test\r\nDepth: 0\r\nAuthorization: Bearer " + secret + "\r\n\r\n");
  EXPECT_EQ(files.receive_until("\r\n").substr(9, 3), "401") << "nor through file managers";
}

TEST_F(ScanStationTest, AnAddressThatIsTooLongMakesNone) {
  const json wanted{{"name", "Reception"}, {"page", "https://" + std::string(500, 'a')}};
  EXPECT_EQ(server_.ask(admin_, "POST", "/api/v1/scan-stations", wanted.dump(), kJson).status, 422);
  EXPECT_TRUE(server_.get(admin_, "/api/v1/scan-stations")["items"].empty());
}

TEST_F(ScanStationTest, ABrowserBecomesOneAndItsPersonIsSignedOut) {
  constexpr const char* kSecret = "a long enough secret";
  server_.password_person("anna", Role::staff, kSecret);
  const auto signed_in =
      server_.ask("", "POST", "/api/v1/session", json{{"name", "anna"}, {"password", kSecret}}.dump(), kJson);
  const std::string person = signed_in.header("set-cookie").substr(0, signed_in.header("set-cookie").find(';'));
  const json station = made("Reception");
  const auto opened =
      server_.ask("", "POST", "/api/v1/scan-stations/session", json{{"secret", station["secret"]}}.dump(),
                  {{"Content-Type", "application/json"}, {"Cookie", person}});
  ASSERT_EQ(opened.status, 204) << opened.body;
  EXPECT_NE(opened.header("set-cookie").find("; HttpOnly; SameSite=Strict"), std::string::npos);
  const std::string cookie = opened.header("set-cookie").substr(0, opened.header("set-cookie").find(';'));
  EXPECT_EQ(server_.ask("", "GET", "/api/v1/session", "", {{"Cookie", person}}).status, 401);

  const json session =
      json::parse(server_.ask("", "GET", "/api/v1/session", "", {{"Cookie", person + "; " + cookie}}).body);
  EXPECT_EQ(session["scan_station"], true);
  EXPECT_EQ(session["permissions"], json({"add_documents"}));
  Headers change = kJson;
  change.emplace_back("Cookie", cookie);
  EXPECT_EQ(server_.ask("", "POST", "/api/v1/scans/999999/stop", "", change).status, 403) << "without its token";
  change.emplace_back("X-CSRF-Token", session["csrf_token"]);
  EXPECT_EQ(server_.ask("", "POST", "/api/v1/scans/999999/stop", "", change).status, 404);

  const std::string one = "/api/v1/scan-stations/" + std::to_string(station["id"].get<int>());
  EXPECT_EQ(server_.ask(admin_, "DELETE", one, "", kJson).status, 204);
  EXPECT_EQ(server_.ask("", "GET", "/api/v1/session", "", {{"Cookie", cookie}}).status, 401);
  EXPECT_EQ(server_.ask(station["secret"], "GET", "/api/v1/scans").status, 401);
  EXPECT_EQ(server_.ask(admin_, "DELETE", one, "", kJson).status, 404);
}

TEST_F(ScanStationTest, ItsScansAreItsOwn) {
  const std::string secret = made("Reception")["secret"];
  const std::string other = made("Post room")["secret"];
  const std::string scan = [&] {
    auto session = server_.archive.database.read();
    const auto owner = storage::find_scan_station(session, secret, server_.archive.clock.now()).value();
    auto tx = server_.archive.database.begin({owner.account_id, "test"});
    const auto id = storage::create_scan(tx, "scanner", scanners::to_json(scanners::ScanPlan()));
    tx.commit();
    return "/api/v1/scans/" + std::to_string(id);
  }();
  EXPECT_EQ(server_.ask(secret, "GET", scan).status, 200);
  EXPECT_EQ(server_.ask(other, "GET", scan).status, 404);
  EXPECT_EQ(server_.ask(server_.person("staff", Role::staff), "GET", scan).status, 404);
}

}  // namespace
}  // namespace muniment::testing
