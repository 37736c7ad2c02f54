// Signing in as browsers do: cookies, CSRF, throttling, the first account.
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "storage/sign_in_throttle.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

constexpr const char* kPassword = "a long enough secret";

class SessionTest : public ::testing::Test {
 protected:
  struct Browser {
    std::string cookie;
    std::string csrf;
  };

  RawResponse sign_in(const std::string& name, const std::string& password, Headers headers = kJson) {
    return server_.ask("", "POST", "/api/v1/session", json{{"name", name}, {"password", password}}.dump(), headers);
  }
  Browser browser_of(const RawResponse& response) {
    const std::string cookie = response.header("set-cookie");
    return {cookie.substr(0, cookie.find(';')), json::parse(response.body)["csrf_token"]};
  }
  RawResponse ask(const Browser& browser, const std::string& method, const std::string& target,
                  const std::string& body = "", Headers extra = {}) {
    Headers headers = kJson;
    headers.emplace_back("Cookie", browser.cookie);
    for (auto& header : extra) headers.push_back(header);
    return server_.ask("", method, target, body, headers);
  }

  RunningServer server_;
};

TEST_F(SessionTest, TheFirstAccountNeedsTheCodeFromTheConsole) {
  EXPECT_EQ(server_.get("", "/api/v1/setup")["needed"], true);
  const auto set_up = [&](const char* code, const char* password) {
    return server_.ask("", "POST", "/api/v1/setup",
                       json{{"code", code}, {"name", "anna"}, {"password", password}}.dump(), kJson);
  };
  EXPECT_EQ(set_up("0000", kPassword).status, 403);
  EXPECT_EQ(set_up("1234-5678", "short").status, 422);
  const auto made = set_up("1234-5678", kPassword);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json::parse(made.body)["account"]["role"], "admin");
  EXPECT_EQ(set_up("1234-5678", kPassword).status, 409);
  EXPECT_EQ(server_.get("", "/api/v1/setup")["needed"], false);
  EXPECT_EQ(ask(browser_of(made), "GET", "/api/v1/session").status, 200);
}

TEST_F(SessionTest, ACookieIsEnoughToLookAndNotToChange) {
  server_.password_person("anna", Role::staff, kPassword);
  const auto response = sign_in("Anna", kPassword);
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_NE(response.header("set-cookie").find("; HttpOnly; SameSite=Lax"), std::string::npos);
  const Browser anna = browser_of(response);
  EXPECT_EQ(ask(anna, "GET", "/api/v1/session").status, 200);
  const std::string tag = R"({"name":"urgent"})";
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag).status, 403);
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag, {{"X-CSRF-Token", "guessed"}}).status, 403);
  const std::pair<std::string, std::string> csrf{"X-CSRF-Token", anna.csrf};
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag, {csrf, {"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag, {csrf, {"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag, {csrf, {"Origin", "null"}}).status, 403);
  EXPECT_EQ(ask(anna, "POST", "/api/v1/tags", tag, {csrf, {"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://test"}})
                .status,
            201);
  EXPECT_EQ(ask(anna, "DELETE", "/api/v1/session", "", {csrf}).status, 204);
  EXPECT_EQ(ask(anna, "GET", "/api/v1/session").status, 401);
}

// The same browser would send its cookie to a name that somebody else has let lead here.
TEST(PublicNames, UnderAnotherNameNothingIsAnswered) {
  RunningServer server(false, {}, webui::PublicAddresses({"http://test", "https://archive.example.org"}));
  server.password_person("anna", Role::staff, kPassword);
  const std::string body = json{{"name", "anna"}, {"password", kPassword}}.dump();
  const auto ask = [&](const std::string& host, const std::string& origin) {
    RawClient client(server.server->port());
    client.send("POST /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin +
                "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body);
    return client.receive().value();
  };
  const auto refused = ask("evil.example", "http://evil.example");
  EXPECT_EQ(refused.status, 421);
  EXPECT_EQ(json::parse(refused.body)["code"], "misdirected_request");
  for (const char* path : {"/", "/healthz", "/api/v1/session", "/dav/", "/share/x"}) {
    RawClient client(server.server->port());
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_EQ(client.receive().value().status, 421) << path;
    client.send("GET http://evil.example" + std::string(path) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.receive().value().status, 421) << path;
  }
  // No browser leaves out the name; what looks whether the service is up may.
  RawClient probe(server.server->port());
  probe.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(probe.receive().value().status, 200);
  EXPECT_EQ(ask("test", "http://evil.example").status, 403);
  EXPECT_EQ(ask("test", "http://test").status, 201);
  EXPECT_EQ(ask("archive.example.org", "https://archive.example.org").status, 201);
  EXPECT_EQ(ask("127.0.0.1:8420", "https://archive.example.org").status, 201) << "as a proxy sends it on";
}

TEST_F(SessionTest, AnotherSiteCannotSignSomebodyIn) {
  server_.password_person("anna", Role::staff, kPassword);
  Headers headers = kJson;
  headers.emplace_back("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(sign_in("anna", kPassword, headers).status, 403);
}

TEST_F(SessionTest, WithATokenCookiesAreIgnored) {
  const std::string reader = server_.person("reader", Role::reader);
  server_.password_person("anna", Role::admin, kPassword);
  const Browser anna = browser_of(sign_in("anna", kPassword));
  const auto asked = server_.ask(reader, "GET", "/api/v1/accounts", "", {{"Cookie", anna.cookie}});
  EXPECT_EQ(asked.status, 403);
  EXPECT_EQ(server_.ask("wrong", "GET", "/api/v1/session", "", {{"Cookie", anna.cookie}}).status, 401);
}

TEST(PublicNames, FilesAreMovedToThemThoughAProxySendsOnAnotherHost) {
  RunningServer server(false, {}, webui::PublicAddresses({"https://archive.example.org"}));
  const std::string anna = server.person("anna", Role::staff);
  const auto move_to = [&](const std::string& destination) {
    RawClient client(server.server->port());
    client.send("MOVE /dav/work/none.txt HTTP/1.1\r\nHost: 127.0.0.1:8420\r\nAuthorization: Bearer " + anna +
                "\r\nDestination: " + destination + "\r\n\r\n");
    return client.receive().value().status;
  };
  EXPECT_EQ(move_to("https://archive.example.org/dav/work/other.txt"), 404) << "there is no such file";
  EXPECT_EQ(move_to("http://127.0.0.1:8420/dav/work/other.txt"), 404);
  EXPECT_EQ(move_to("https://elsewhere.example/dav/work/other.txt"), 502);
  EXPECT_EQ(move_to("https://archive.example.org"), 502);
}

TEST_F(SessionTest, ATokenMakesNoneWithMoreScopes) {
  server_.person("anna", Role::admin);
  const auto token = [&](const std::vector<std::string>& names) {
    return server_.token_of("anna", storage::TokenScopes::of(names));
  };
  const auto make = [&](const std::string& as, const json& scopes) {
    json body{{"name", "made by a token"}};
    if (!scopes.is_null()) body["scopes"] = scopes;
    return server_.ask(as, "POST", "/api/v1/tokens", body.dump(), kJson);
  };
  const auto refused = make(token({"read", "records"}), json::array({"read"}));
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("administer"), std::string::npos) << refused.body;
  const std::string administers = token({"read", "administer"});
  EXPECT_EQ(make(administers, json::array({"read", "records"})).status, 403);
  const auto made = make(administers, nullptr);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json::parse(made.body)["scopes"], json::array({"read", "administer"}));
  for (const json& bad :
       {json::array(), json::array({"read", "write"}), json::array({"change"}), json::array({"add", "records"})}) {
    EXPECT_EQ(make(administers, bad).status, 422) << bad;
  }
  EXPECT_EQ(server_.get(token({"read"}), "/api/v1/session")["permissions"], json::array({"read_documents"}));
}

TEST_F(SessionTest, ATokenThatOnlyAddsReadsNothing) {
  server_.person("anna", Role::admin);
  const std::string reader = server_.token_of("anna", storage::TokenScopes::of({"read"}));
  const std::string device = server_.token_of("anna", storage::TokenScopes::of({"add"}));
  const std::int64_t id = server_.add(device, "letter.txt", "the quick brown fox");
  const std::string target = "/api/v1/documents/" + std::to_string(id);
  EXPECT_EQ(server_.ask(device, "GET", target).status, 403);
  EXPECT_EQ(server_.ask(device, "GET", "/api/v1/documents?q=quick").status, 403);
  const auto document = server_.ask(reader, "GET", target);
  EXPECT_EQ(document.status, 200);
  Headers headers = kJson;
  headers.emplace_back("If-Match", document.header("etag"));
  EXPECT_EQ(server_.ask(reader, "PATCH", target, R"({"title":"Another"})", headers).status, 403);
  EXPECT_EQ(server_.ask(reader, "POST", "/api/v1/documents", multipart("other.txt", "other"), kMultipart).status, 403);
}

TEST_F(SessionTest, OverTlsTheCookieIsBoundToTheHost) {
  server_.password_person("anna", Role::staff, kPassword);
  Headers headers = kJson;
  headers.emplace_back("X-Forwarded-Proto", "https");
  const std::string cookie = sign_in("anna", kPassword, headers).header("set-cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-sid=")) << cookie;
  EXPECT_NE(cookie.find("; Secure"), std::string::npos);
}

TEST_F(SessionTest, SessionsEndWhenIdleAndAfterTwelveHours) {
  server_.password_person("anna", Role::staff, kPassword);
  const Browser idle = browser_of(sign_in("anna", kPassword));
  server_.archive.clock.advance(std::chrono::minutes(31));
  EXPECT_EQ(ask(idle, "GET", "/api/v1/session").status, 401);
  const Browser busy = browser_of(sign_in("anna", kPassword));
  for (int i = 0; i < 28; ++i) {
    server_.archive.clock.advance(std::chrono::minutes(25));
    ASSERT_EQ(ask(busy, "GET", "/api/v1/session").status, 200) << i;
  }
  server_.archive.clock.advance(std::chrono::minutes(25));
  EXPECT_EQ(ask(busy, "GET", "/api/v1/session").status, 401);
}

TEST_F(SessionTest, GuessingIsSlowedDownForKnownAndUnknownNames) {
  server_.password_person("anna", Role::staff, kPassword);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("anna", "wrong password").status, 401);
  sign_in("anna", "wrong password");
  const auto throttled = sign_in("anna", kPassword);
  EXPECT_EQ(throttled.status, 429);
  EXPECT_FALSE(throttled.header("retry-after").empty());
  server_.archive.clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(sign_in("anna", kPassword).status, 201);
}

// Guesses side by side are all let in before the first has failed; the right one among them must be no better.
TEST_F(SessionTest, PatienceIsAskedForAgainWhenThePasswordWasRight) {
  server_.password_person("anna", Role::staff, kPassword);
  const std::int64_t before = server_.passwords.work().done;
  std::future<RawResponse> right;
  {
    // While this is open nobody else writes: whoever signs in has been let in, and waits to be signed in.
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    right = std::async(std::launch::async, [&] { return sign_in("anna", kPassword); });
    const core::Deadline deadline(std::chrono::seconds(60));
    while (server_.passwords.work().done == before && !deadline.passed()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (int i = 0; i < 7; ++i) storage::note_sign_in_failure(tx, "account:anna");
    tx.commit();
  }
  const RawResponse answer = right.get();
  EXPECT_EQ(answer.status, 429) << answer.body;
  EXPECT_EQ(answer.header("set-cookie"), "");
}

TEST_F(SessionTest, APasswordIsHashedAnewWhenTheCostHasChanged) {
  storage::PasswordHasher earlier({1, 8 * 1024});
  std::int64_t id = 0;
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    id = storage::create_account(tx, {"anna", "", Role::staff, earlier.hash(kPassword)});
    tx.commit();
  }
  const auto stored = [&] {
    auto session = server_.archive.database.read();
    return storage::find_password(session, "anna").hash;
  };
  const std::string first = stored();
  EXPECT_EQ(sign_in("anna", "a wrong long password").status, 401);
  EXPECT_EQ(stored(), first);
  const auto response = sign_in("anna", kPassword);
  ASSERT_EQ(response.status, 201) << response.body;
  const std::string renewed = stored();
  EXPECT_NE(renewed, first);
  EXPECT_FALSE(server_.passwords.is_outdated(renewed));
  EXPECT_EQ(ask(browser_of(response), "GET", "/api/v1/session").status, 200) << "it ends nothing";
  EXPECT_EQ(sign_in("anna", kPassword).status, 201);
  EXPECT_EQ(stored(), renewed);
  auto session = server_.archive.database.read();
  EXPECT_EQ(storage::find_account(session, id)->version, 1);
}

TEST_F(SessionTest, ANetworkIsSlowedDownHoweverItsAddressesAreWritten) {
  server_.password_person("anna", Role::staff, kPassword);
  const auto from = [&](const char* address, const std::string& name, const std::string& password) {
    Headers headers = kJson;
    headers.emplace_back("X-Forwarded-For", address);
    return sign_in(name, password, headers).status;
  };
  int guess = 0;
  for (const char* address : {"2001:db8::1", "2001:db8:0::2", "2001:db8:0:0:1::3", "2001:db8::4:5:6:7", "2001:0db8::8",
                              "2001:db8:0:0:ffff:0:0:9"}) {
    EXPECT_EQ(from(address, "nobody" + std::to_string(++guess), "wrong password"), 401) << address;
  }
  EXPECT_EQ(from("2001:db8::a", "anna", kPassword), 429);
  EXPECT_EQ(from("2001:db8:0:1::a", "anna", kPassword), 201) << "another network";
  // What a client wrote there itself stands before what the proxy says of it.
  EXPECT_EQ(from("2001:db8:0:1::a, 2001:db8::b", "anna", kPassword), 429);
}

TEST_F(SessionTest, ANewPasswordEndsTheOtherSessions) {
  server_.password_person("anna", Role::staff, kPassword);
  const Browser here = browser_of(sign_in("anna", kPassword));
  const Browser there = browser_of(sign_in("anna", kPassword));
  const auto change = [&](const char* current) {
    return ask(here, "PUT", "/api/v1/account/password",
               json{{"current_password", current}, {"password", "another long secret"}}.dump(),
               {{"X-CSRF-Token", here.csrf}});
  };
  EXPECT_EQ(change("not the password").status, 403);
  const auto changed = change(kPassword);
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(ask(there, "GET", "/api/v1/session").status, 401);
  EXPECT_EQ(ask(here, "GET", "/api/v1/session").status, 401);
  EXPECT_EQ(ask(browser_of(changed), "GET", "/api/v1/session").status, 200);
  EXPECT_EQ(sign_in("anna", "another long secret").status, 201);
}

TEST_F(SessionTest, SessionsCanBeListedAndEnded) {
  server_.password_person("anna", Role::staff, kPassword);
  const Browser here = browser_of(sign_in("anna", kPassword));
  const Browser there = browser_of(sign_in("anna", kPassword));
  const auto list = json::parse(ask(here, "GET", "/api/v1/account/sessions").body)["items"];
  ASSERT_EQ(list.size(), 2U);
  for (const auto& open : list) {
    if (open["current"] == false) {
      EXPECT_EQ(ask(here, "DELETE", "/api/v1/account/sessions/" + open["id"].get<std::string>(), "",
                    {{"X-CSRF-Token", here.csrf}})
                    .status,
                204);
    }
  }
  EXPECT_EQ(ask(there, "GET", "/api/v1/session").status, 401);
  EXPECT_EQ(ask(here, "GET", "/api/v1/session").status, 200);
}

}  // namespace
}  // namespace muniment::testing
