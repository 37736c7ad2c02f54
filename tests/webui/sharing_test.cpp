// Links for people without an account, and the second factor of signing in: as strangers and browsers meet them.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "core/base64.h"
#include "core/totp.h"
#include "tests/webui/running_server.h"
#include "tests/webui/tours.h"
#include "webui/view_news.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

constexpr const char* kSharingPassword = "a long enough secret";
const Headers kForm{{"Content-Type", "application/x-www-form-urlencoded"}};

// As an application makes it of the Base32 text.
std::string code_of(const std::string& base32, core::Time now) {
  std::string bytes;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : base32) {
    pending = (pending << 5U) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    if ((bits += 5) >= 8) bytes += static_cast<char>((pending >> static_cast<unsigned>(bits -= 8)) & 0xFFU);
  }
  return core::totp_code(bytes, core::totp_step(now));
}

class SharingTest : public ::testing::Test {
 protected:
  std::string in_a_day() { return core::to_rfc3339(server_.archive.clock.now() + std::chrono::hours(24)); }
  // The link's path.
  std::string share(json terms) {
    terms["expires_at"] = in_a_day();
    const auto made = server_.ask(anna_, "POST", "/api/v1/documents/" + std::to_string(document_) + "/share-links",
                                  terms.dump(), kJson);
    EXPECT_EQ(made.status, 201) << made.body;
    return json::parse(made.body).value("path", "");
  }
  RawResponse take(const std::string& path, const std::string& password = "") {
    return server_.ask("", "POST", path, password.empty() ? "" : "password=" + password, kForm);
  }
  int count_audited(const std::string& action) {
    return static_cast<int>(server_.get(admin_, "/api/v1/audit?action=" + action)["items"].size());
  }

  RunningServer server_;
  std::string anna_ = server_.person("anna", Role::staff);
  std::string admin_ = server_.person("admin", Role::admin);
  std::int64_t document_ = server_.add(anna_, "letter.pdf", "letter\nthe quick brown fox");
};

TEST_F(SharingTest, AStrangerTakesTheFileAndLeavesATrace) {
  const std::string path = share({{"files", "original"}, {"label", "The buyer"}});
  const auto page = server_.ask("", "GET", path);
  ASSERT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("letter.pdf"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_EQ(page.header("referrer-policy"), "same-origin");
  EXPECT_NE(page.header("x-robots-tag").find("noindex"), std::string::npos);
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'; style-src 'sha256-"), std::string::npos);
  EXPECT_NE(server_.ask("", "GET", path, "", {{"Accept-Language", "sv-SE,en;q=0.5"}}).body.find("Länken"),
            std::string::npos);
  const auto file = take(path + "/original");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "letter\nthe quick brown fox");
  EXPECT_TRUE(file.header("content-disposition").starts_with("attachment"));
  EXPECT_EQ(file.header("referrer-policy"), "same-origin");
  EXPECT_EQ(take(path + "/archive").status, 404) << "it is not offered";
  EXPECT_EQ(server_.ask("", "GET", path + "/original").status, 405) << "what looks ahead counts nothing";
  EXPECT_EQ(count_audited("share_link.opened"), 1) << "twice by one address within ten minutes";
  server_.archive.clock.advance(std::chrono::minutes(11));
  server_.ask("", "GET", path);
  EXPECT_EQ(count_audited("share_link.opened"), 2);
  EXPECT_EQ(count_audited("share_link.downloaded"), 1);
  EXPECT_EQ(server_.get(anna_, "/api/v1/share-links")["items"][0]["downloads"], 1);
}

TEST_F(SharingTest, AReaderDoesNotLearnWhoOpensLinks) {
  const std::string path = share({{"files", "original"}, {"label", "The buyer"}});
  server_.ask("", "GET", path);
  take(path + "/original");
  const std::string history = "/api/v1/documents/" + std::to_string(document_) + "/history";
  const auto count = [&](const std::string& who) {
    const json items = server_.get(who, history)["items"];
    return std::count_if(items.begin(), items.end(),
                         [](const json& item) { return item["action"].get<std::string>().starts_with("share_link."); });
  };
  EXPECT_EQ(count(server_.person("rolf", Role::reader)), 0) << "the label says for whom it is";
  EXPECT_EQ(count(anna_), 1) << "that it was made";
  EXPECT_EQ(count(admin_), 3);
}

TEST_F(SharingTest, AnEndedLinkIsAsOneThatNeverWas) {
  const std::string path = share({{"files", "both"}});
  const std::string id = std::to_string(server_.get(anna_, "/api/v1/share-links")["items"][0]["id"].get<int>());
  EXPECT_EQ(server_.ask(anna_, "DELETE", "/api/v1/share-links/" + id).status, 204);
  for (const std::string& of : {std::string(), std::string("/original"), std::string("/archive")}) {
    const auto ask = [&](const std::string& link) {
      return of.empty() ? server_.ask("", "GET", link) : take(link + of, "whatever it was");
    };
    const auto ended = ask(path);
    const auto never = ask("/share/" + std::string(43, 'A'));
    EXPECT_EQ(ended.status, 404);
    EXPECT_EQ(never.status, 404);
    EXPECT_EQ(ended.body, never.body);
  }
}

TEST_F(SharingTest, APasswordIsAskedForAndCannotBeGuessed) {
  const std::string path = share({{"files", "original"}, {"password", "four words that fit"}, {"most_downloads", 2}});
  EXPECT_EQ(server_.ask("", "GET", path).body.find("letter"), std::string::npos) << "nothing is told before";
  const auto wrong = take(path + "/original", "wrong");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.body.find("letter"), std::string::npos);
  EXPECT_EQ(take(path + "/original", "four+words+that+fit").status, 200);
  EXPECT_EQ(take(path + "/original").status, 403);
  for (int i = 0; i < 5; ++i) take(path + "/original", "wrong");
  const auto throttled = take(path + "/original", "four+words+that+fit");
  EXPECT_EQ(throttled.status, 429);
  EXPECT_FALSE(throttled.header("retry-after").empty());
  EXPECT_GE(count_audited("share_link.refused"), 5);
  server_.archive.clock.advance(std::chrono::minutes(20));
  EXPECT_EQ(take(path + "/original", "four+words+that+fit").status, 200);
  EXPECT_EQ(take(path + "/original", "four+words+that+fit").status, 404) << "two were allowed";
}

TEST_F(SharingTest, AnotherSitesFormTakesNothing) {
  const std::string path = share({{"files", "original"}});
  Headers headers = kForm;
  headers.emplace_back("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(server_.ask("", "POST", path + "/original", "", headers).status, 403);
}

TEST_F(SharingTest, AnswersWithSecretsAreNotRemembered) {
  const std::string target = "/api/v1/documents/" + std::to_string(document_) + "/share-links";
  const std::string body = json{{"expires_at", in_a_day()}}.dump();
  Headers headers = kJson;
  headers.emplace_back("Idempotency-Key", "once");
  const auto made = server_.ask(anna_, "POST", target, body, headers);
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string token = json::parse(made.body)["path"].get<std::string>().substr(7);
  server_.archive.database.checkpoint();
  const std::string bytes = core::read_file(server_.archive.data.database(), 64 * 1024 * 1024);
  EXPECT_EQ(bytes.find(token), std::string::npos);
}

class FollowingTest : public ::testing::Test {
 protected:
  json send(const std::string& method, const std::string& target, const json& body, const Headers& headers = kJson) {
    const auto answer = server_.ask(admin_, method, target, body.dump(), headers);
    EXPECT_LT(answer.status, 300) << target << " " << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  json told(const std::string& who) { return server_.get(who, "/api/v1/notifications")["items"]; }

  RunningServer server_;
  std::string admin_ = server_.person("admin", Role::admin);
  std::string reader_ = server_.person("reader", Role::reader);
};

TEST_F(FollowingTest, AFolderTellsOfWhatComesIntoIt) {
  const json in = send("POST", "/api/v1/classes", {{"code", "1"}, {"title", "Economy"}});
  const json folder = send("POST", "/api/v1/folders", {{"class", in["id"]}, {"title", "2026"}});
  EXPECT_EQ(server_.ask(reader_, "PUT", "/api/v1/subscriptions/folder/" + folder["id"].dump()).status, 204);
  EXPECT_EQ(server_.ask(reader_, "PUT", "/api/v1/subscriptions/folder/999").status, 404);
  const std::string document = "/api/v1/documents/" + std::to_string(server_.add(admin_, "a.pdf", "a\ntext"));
  EXPECT_TRUE(told(reader_).empty()) << "it is in no folder yet";
  Headers headers{{"Content-Type", "application/merge-patch+json"}};
  headers.emplace_back("If-Match", "\"" + server_.get(admin_, document)["version"].dump() + "\"");
  send("PATCH", document, {{"folder", folder["id"]}}, headers);
  const json heard = told(reader_);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0]["kind"], "filed");
  EXPECT_EQ(heard[0]["by"]["name"], "admin");
}

TEST_F(FollowingTest, ASavedViewTellsOfNewDocumentsThatItFinds) {
  const json view = send("POST", "/api/v1/views", {{"name", "Leases"}, {"parameters", "q=lease"}, {"shared", true}});
  const json own = send("POST", "/api/v1/views", {{"name", "Of my own"}, {"parameters", "q=lease"}});
  const std::string followed = "/api/v1/subscriptions/saved-view/";
  server_.add(admin_, "old.pdf", "old\na lease of long ago");
  EXPECT_EQ(server_.ask(reader_, "PUT", followed + view["id"].dump()).status, 204);
  EXPECT_EQ(server_.ask(reader_, "PUT", followed + own["id"].dump()).status, 404) << "it is not theirs to see";
  EXPECT_EQ(server_.get(reader_, "/api/v1/views")["items"][0]["followed"], true);
  const std::int64_t lease = server_.add(admin_, "new.pdf", "new\nthe lease of a house");
  server_.add(admin_, "other.pdf", "other\nan invoice");
  while (webui::tell_of_new_in_views(server_.archive.database, server_.search)) continue;
  const json heard = told(reader_);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0]["kind"], "in-view");
  EXPECT_EQ(heard[0]["document"]["id"], lease);
  EXPECT_EQ(heard[0]["view"]["name"], "Leases");
  EXPECT_EQ(heard[0]["by"]["name"], "admin");
}

TEST_F(FollowingTest, AViewTellsOfADocumentOnceAndOfNoneThatTheFollowerMayNotRead) {
  const json type = send("POST", "/api/v1/types", {{"name", "Lease"}});
  const json view = send("POST", "/api/v1/views",
                         {{"name", "Others"}, {"parameters", "q=house&x.type=" + type["id"].dump()}, {"shared", true}});
  for (const std::string& who : {reader_, admin_}) {
    EXPECT_EQ(server_.ask(who, "PUT", "/api/v1/subscriptions/saved-view/" + view["id"].dump()).status, 204);
  }
  const auto look = [&] {
    server_.settle();
    while (webui::tell_of_new_in_views(server_.archive.database, server_.search)) continue;
  };
  const auto change = [&](std::int64_t id, const json& fields) {
    const std::string document = "/api/v1/documents/" + std::to_string(id);
    Headers headers{{"Content-Type", "application/merge-patch+json"}};
    headers.emplace_back("If-Match", "\"" + server_.get(admin_, document)["version"].dump() + "\"");
    send("PATCH", document, fields, headers);
  };
  const std::int64_t excluded = server_.add(admin_, "a.pdf", "a\nthe first house");
  change(excluded, {{"type", type["id"]}});
  look();
  EXPECT_TRUE(told(reader_).empty()) << "the view leaves out this type";
  change(excluded, {{"type", nullptr}});
  look();
  EXPECT_EQ(told(reader_).size(), 1U) << "it is found from now on";
  change(excluded, {{"title", "The house"}});
  look();
  EXPECT_EQ(told(reader_).size(), 1U) << "of each document once";
  EXPECT_TRUE(told(admin_).empty()) << "of what one takes in oneself nothing is said";
  const std::int64_t admin = server_.get(admin_, "/api/v1/account")["id"];
  const json entry{{"subject", "account"}, {"id", admin}, {"may_change", true}};
  const json kept = send("POST", "/api/v1/access-lists", {{"name", "Kept"}, {"entries", json::array({entry})}});
  const std::int64_t secret = server_.add(admin_, "b.pdf", "b\na secret house");
  const std::string list = "/api/v1/documents/" + std::to_string(secret) + "/access-list";
  Headers headers = kJson;
  headers.emplace_back(
      "If-Match", "\"" + server_.get(admin_, "/api/v1/documents/" + std::to_string(secret))["version"].dump() + "\"");
  send("PUT", list, {{"access_list", kept["id"]}}, headers);
  look();
  EXPECT_EQ(told(reader_).size(), 1U);
  EXPECT_EQ(server_.ask(reader_, "DELETE", "/api/v1/subscriptions/saved-view/" + view["id"].dump()).status, 204);
  server_.add(admin_, "c.pdf", "c\nanother house");
  look();
  EXPECT_EQ(told(reader_).size(), 1U);
}

TEST_F(FollowingTest, WhoMayApproveHearsOfADispositionThatSomebodyElseProposes) {
  const std::string manager = server_.person("manager", Role::records_manager);
  {
    auto session = server_.archive.database.read();
    const auto proposer = storage::find_account(session, "admin").value();
    auto tx = server_.archive.database.begin({proposer.id, "test"});
    tx.audit({"disposition.proposed", "disposition", 7});
    tx.commit();
  }
  const json heard = told(manager);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0]["kind"], "approval-asked");
  EXPECT_EQ(heard[0]["batch"], 7);
  EXPECT_TRUE(told(reader_).empty());
  EXPECT_TRUE(told(admin_).empty()) << "nobody approves their own";
}

class SecondFactorTest : public ::testing::Test {
 protected:
  RawResponse sign_in(const std::string& code = "") {
    json body{{"name", "anna"}, {"password", kSharingPassword}};
    if (!code.empty()) body["code"] = code;
    return server_.ask("", "POST", "/api/v1/session", body.dump(), kJson);
  }
  RawResponse ask(const RawResponse& signed_in, const std::string& method, const std::string& target,
                  const std::string& body = "") {
    const std::string cookie = signed_in.header("set-cookie");
    Headers headers = kJson;
    headers.emplace_back("Cookie", cookie.substr(0, cookie.find(';')));
    headers.emplace_back("X-CSRF-Token", json::parse(signed_in.body).value("csrf_token", ""));
    return server_.ask("", method, target, body, headers);
  }
  std::string code() { return code_of(secret_, server_.archive.clock.now()); }
  // Turned on by whoever asks; the recovery codes.
  json turn_on(const std::function<RawResponse(const std::string&, const std::string&)>& post) {
    const auto begun = post("/api/v1/account/second-factor", json{{"current_password", kSharingPassword}}.dump());
    EXPECT_EQ(begun.status, 201) << begun.body;
    const json parsed = json::parse(begun.body);
    secret_ = parsed["secret"];
    EXPECT_TRUE(parsed["uri"].get<std::string>().starts_with("otpauth://totp/Muniment:anna?secret=" + secret_));
    EXPECT_EQ(parsed["qr_code"].size(), parsed["qr_code"][0].get<std::string>().size()) << "it is square";
    const auto confirmed = post("/api/v1/account/second-factor/confirm", json{{"code", code()}}.dump());
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    server_.archive.clock.advance(std::chrono::seconds(30));
    return json::parse(confirmed.body)["recovery_codes"];
  }
  json turn_on() {
    return turn_on([&](const std::string& target, const std::string& body) {
      return server_.ask(anna_, "POST", target, body, kJson);
    });
  }
  static std::string problem(const RawResponse& response) { return json::parse(response.body).value("code", ""); }

  RunningServer server_{false, {Role::admin}};
  std::string anna_ = server_.password_person("anna", Role::staff, kSharingPassword);
  std::string secret_;
};

TEST_F(SecondFactorTest, IsAskedForAfterThePassword) {
  EXPECT_EQ(sign_in().status, 201);
  const json recovery = turn_on();
  const auto asked = sign_in();
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(problem(asked), "second_factor_needed");
  EXPECT_EQ(asked.header("set-cookie"), "");
  EXPECT_EQ(sign_in(code()).status, 201);
  EXPECT_EQ(sign_in(code()).status, 401) << "no step twice";
  EXPECT_EQ(sign_in(recovery[0]).status, 201);
  EXPECT_EQ(sign_in(recovery[0]).status, 401);
  EXPECT_EQ(server_.get(anna_, "/api/v1/account/second-factor")["recovery_codes_left"], 9)
      << "and tokens work as before";
}

TEST_F(SecondFactorTest, GuessingCodesIsSlowThoughThePasswordIsRight) {
  turn_on();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(sign_in("x").status, 401);
  EXPECT_EQ(sign_in(code()).status, 429);
  server_.archive.clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(sign_in(code()).status, 201);
}

TEST_F(SecondFactorTest, FileManagersNeedATokenThen) {
  const auto list = [&](const std::string& password) {
    const std::string pair = "anna:" + password;
    const std::string basic = core::to_base64({reinterpret_cast<const std::uint8_t*>(pair.data()), pair.size()});
    RawClient client(server_.server->port());
    client.send("PROPFIND /dav/ HTTP/1.1\r\nHost: test\r\nDepth: 0\r\nContent-Length: 0\r\nAuthorization: Basic " +
                basic + "\r\n\r\n");
    return client.receive()->status;
  };
  EXPECT_EQ(list(kSharingPassword), 207);
  turn_on();
  EXPECT_EQ(list(kSharingPassword), 401);
  EXPECT_EQ(list(anna_), 207);
}

TEST_F(SecondFactorTest, WhoMustHaveOneSetsItUpBeforeAnythingElse) {
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto account = storage::find_account(tx, "anna").value();
    storage::AccountChange change;
    change.role = Role::admin;
    storage::change_account(tx, account.id, account.version, change);
    tx.commit();
  }
  const auto session = sign_in();
  ASSERT_EQ(session.status, 201) << session.body;
  EXPECT_EQ(json::parse(session.body)["second_factor_required"], true);
  EXPECT_EQ(problem(ask(session, "GET", "/api/v1/documents")), "second_factor_required");
  EXPECT_EQ(problem(ask(session, "POST", "/api/v1/tokens", R"({"name":"around it"})")), "second_factor_required");
  EXPECT_EQ(problem(ask(session, "GET", "/api/v1/account/loans")), "second_factor_required") << "it tells titles";
  EXPECT_EQ(ask(session, "GET", "/api/v1/account/sessions").status, 200);
  turn_on([&](const std::string& target, const std::string& body) { return ask(session, "POST", target, body); });
  EXPECT_EQ(ask(session, "GET", "/api/v1/documents").status, 200);
  EXPECT_EQ(json::parse(ask(session, "GET", "/api/v1/session").body)["second_factor_required"], false);
}

TEST_F(SecondFactorTest, EndsTheSessionsOfWhoKnowsThePasswordOnly) {
  const auto theirs = sign_in();
  const auto own = sign_in();
  const auto status = [&](const RawResponse& session) { return ask(session, "GET", "/api/v1/account").status; };
  turn_on([&](const std::string& target, const std::string& body) { return ask(own, "POST", target, body); });
  EXPECT_EQ(status(own), 200);
  EXPECT_EQ(status(theirs), 401);
  const auto another = sign_in(code());
  ASSERT_EQ(another.status, 201);
  server_.archive.clock.advance(std::chrono::seconds(30));
  EXPECT_EQ(ask(own, "POST", "/api/v1/account/second-factor/turn-off", json{{"code", code()}}.dump()).status, 204);
  EXPECT_EQ(status(own), 200);
  EXPECT_EQ(status(another), 401);
}

TEST_F(SecondFactorTest, NoAdministratorTakesOffTheirOwnWithoutACode) {
  const std::string admin = server_.person("admin", Role::admin);
  const std::string id = server_.get(admin, "/api/v1/account")["id"].dump();
  EXPECT_EQ(server_.ask(admin, "DELETE", "/api/v1/accounts/" + id + "/second-factor").status, 403);
}

TEST_F(SecondFactorTest, AnAdministratorResetsIt) {
  turn_on();
  const auto session = sign_in(code());
  ASSERT_EQ(session.status, 201);
  const std::string id = std::to_string(server_.get(anna_, "/api/v1/account")["id"].get<int>());
  EXPECT_EQ(server_.ask(anna_, "DELETE", "/api/v1/accounts/" + id + "/second-factor").status, 403);
  const std::string admin = server_.person("admin", Role::admin);
  EXPECT_EQ(server_.ask(admin, "DELETE", "/api/v1/accounts/" + id + "/second-factor").status, 204);
  EXPECT_EQ(ask(session, "GET", "/api/v1/account").status, 401);
  EXPECT_EQ(sign_in().status, 201);
  const json entry = server_.get(admin, "/api/v1/audit?action=second_factor.turned_off")["items"][0];
  EXPECT_EQ(entry["object_id"].dump(), id);
  EXPECT_NE(entry["account"]["id"].dump(), id) << "who did it is told";
}

}  // namespace

void tour_sharing(RunningServer& server, const std::string& admin, std::int64_t document) {
  const std::string target = "/api/v1/documents/" + std::to_string(document) + "/share-links";
  const json terms{{"files", "both"},
                   {"expires_at", core::to_rfc3339(server.archive.clock.now() + std::chrono::hours(1))}};
  const json made = json::parse(server.ask(admin, "POST", target, terms.dump(), kJson).body);
  const std::string path = made.value("path", "");
  EXPECT_EQ(server.get(admin, target)["items"][0]["id"], made["id"]);
  EXPECT_EQ(server.get(admin, "/api/v1/share-links")["total"], 1);
  for (const auto& [method, link] :
       {std::pair("GET", path), {"POST", path + "/original"}, {"POST", path + "/archive"}}) {
    EXPECT_EQ(server.ask("", method, link, "", kForm).status, 200) << link;
  }
  EXPECT_EQ(server.ask(admin, "DELETE", "/api/v1/share-links/" + made["id"].dump()).status, 204);
}

void tour_second_factor(RunningServer& server, const std::string& admin) {
  const std::string person = server.password_person("fredrik", Role::reader, kSharingPassword);
  const std::string own = "/api/v1/account/second-factor";
  const auto post = [&](const std::string& target, const json& body) {
    const auto answer = server.ask(person, "POST", target, body.dump(), kJson);
    EXPECT_LT(answer.status, 300) << target << " " << answer.body;
    return json::parse(answer.body, nullptr, false);
  };
  EXPECT_EQ(server.get(person, own)["on"], false);
  const std::string secret = post(own, {{"current_password", kSharingPassword}})["secret"];
  const auto code = [&] {
    server.archive.clock.advance(std::chrono::seconds(30));
    return json{{"code", code_of(secret, server.archive.clock.now())}};
  };
  post(own + "/confirm", code());
  post(own + "/recovery-codes", code());
  post(own + "/turn-off", code());
  const std::int64_t id = server.get(person, "/api/v1/account")["id"];
  EXPECT_EQ(server.ask(admin, "DELETE", "/api/v1/accounts/" + std::to_string(id) + "/second-factor").status, 204);
}

void tour_notifications(RunningServer& server, const std::string& admin, std::int64_t document) {
  const std::string person = server.person("follower", Role::reader);
  const std::string followed = "/api/v1/subscriptions/document/" + std::to_string(document);
  EXPECT_EQ(server.ask(person, "PUT", followed).status, 204);
  EXPECT_EQ(server.get(person, followed)["following"], true);
  Headers headers{{"Content-Type", "application/merge-patch+json"}};
  const std::string target = "/api/v1/documents/" + std::to_string(document);
  headers.emplace_back("If-Match", "\"" + server.get(admin, target)["version"].dump() + "\"");
  EXPECT_EQ(server.ask(admin, "PATCH", target, R"({"title":"Heard of"})", headers).status, 200);
  EXPECT_EQ(server.get(person, "/api/v1/notifications/unread")["unread"], 1);
  const json told = server.get(person, "/api/v1/notifications")["items"];
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]["document"]["title"], "Heard of");
  EXPECT_EQ(told[0]["fields"], json({"title"}));
  EXPECT_EQ(
      server.ask(person, "POST", "/api/v1/notifications/read", json{{"up_to", told[0]["id"]}}.dump(), kJson).status,
      204);
  EXPECT_EQ(server.get(person, "/api/v1/notifications")["unread"], 0);
  EXPECT_EQ(server.ask(person, "DELETE", followed).status, 204);
}

}  // namespace muniment::testing
