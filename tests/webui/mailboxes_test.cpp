// Mailboxes over the API: what is told of them, what is refused, and that a password never comes out again.
#include "storage/mailboxes.h"

#include <gtest/gtest.h>

#include "storage/accounts.h"
#include "storage/audit.h"
#include "storage/mailbox_mails.h"
#include "tests/webui/tours.h"

namespace muniment::testing {

using nlohmann::json;
using storage::Role;

namespace {

constexpr const char* kMailboxPassword = "correct horse battery staple";

json send_mailbox(RunningServer& server, const std::string& as, const std::string& method, const std::string& target,
                  const json& body, std::int64_t version = 0) {
  Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
  if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
  const auto response = server.ask(as, method, target, body.is_null() ? "" : body.dump(), headers);
  return response.body.empty() ? json{{"status", response.status}} : json::parse(response.body, nullptr, false);
}

json terms(const std::string& name) {
  return {{"name", name}, {"host", "mail.example.org"}, {"login", "archive"}, {"password", kMailboxPassword}};
}

std::string path_of(const json& mailbox, const std::string& rest = "") {
  return "/api/v1/mailboxes/" + std::to_string(mailbox["id"].get<std::int64_t>()) + rest;
}

class MailboxesTest : public ::testing::Test {
 protected:
  json send_mailbox(const std::string& method, const std::string& target, const json& body, std::int64_t version = 0) {
    return testing::send_mailbox(server_, admin_, method, target, body, version);
  }
  json create(const json& body) { return send_mailbox("POST", "/api/v1/mailboxes", body); }
  // The field that a refusal names.
  static std::string pointer(const json& problem) {
    return problem.contains("errors") && !problem["errors"].empty() ? problem["errors"][0]["pointer"] : "";
  }

  RunningServer server_;
  std::string admin_ = server_.person("admin", Role::admin);
};

}  // namespace

void tour_mailboxes(RunningServer& server, const std::string& admin) {
  const json mailbox = send_mailbox(server, admin, "POST", "/api/v1/mailboxes", terms("Office"));
  EXPECT_EQ(server.get(admin, "/api/v1/mailboxes")["total"], 1);
  server.get(admin, path_of(mailbox));
  const json changed =
      send_mailbox(server, admin, "PATCH", path_of(mailbox), {{"name", "Invoices"}}, mailbox["version"]);
  EXPECT_EQ(changed["name"], "Invoices");
  send_mailbox(server, admin, "POST", path_of(mailbox, "/visits"), nullptr);
  {
    auto tx = server.archive.database.begin(storage::Actor::system("test"));
    for (const std::int64_t uid : {17, 18}) {
      storage::record_mail_failed(tx, {mailbox["id"], "INBOX", 5, uid}, "it is too large", true,
                                  {"Ann <ann@example.org>", "The minutes", "2026-11-20"});
    }
    tx.commit();
  }
  const json failed = server.get(admin, path_of(mailbox, "/failed-mails"));
  EXPECT_EQ(failed["items"][0]["subject"], "The minutes");
  const auto decide = [&](const char* decision, std::int64_t uid) {
    return send_mailbox(server, admin, "POST", path_of(mailbox, std::string("/failed-mails/") + decision),
                        {{"folder", "INBOX"}, {"uid_validity", 5}, {"uid", uid}})["status"];
  };
  EXPECT_EQ(decide("retry", 17), 204);
  EXPECT_EQ(decide("leave", 18), 204);
  EXPECT_EQ(decide("leave", 18), 404) << "it is no failure any more";
  EXPECT_EQ(server.get(admin, path_of(mailbox, "/failed-mails"))["total"], 1);
  const json retry{{"kind", "mailbox"}, {"name", "Invoices"}};
  EXPECT_EQ(send_mailbox(server, admin, "POST", "/api/v1/admin/sources/retry", retry)["status"], 204);
  const json sources = server.get(admin, "/api/v1/admin/sources")["items"];
  ASSERT_EQ(sources.size(), 3U) << sources;
  EXPECT_EQ(sources[0]["kind"], "watch");
  EXPECT_EQ(sources[1]["failures"][0]["sender"], "Ann <ann@example.org>");
  EXPECT_EQ(sources[1]["mailbox"], mailbox["id"]);
  EXPECT_EQ(sources[2]["name"], "inbox");
  send_mailbox(server, admin, "DELETE", path_of(mailbox), nullptr, changed["version"]);
}

namespace {

TEST_F(MailboxesTest, WhereOthersHadItFileItMayBeRenamedAndEndedButNotTurnedElsewhere) {
  const std::string other = server_.person("other", Role::admin);
  const std::int64_t me = [&] {
    auto session = server_.archive.database.read();
    return storage::find_account(session, "admin").value().id;
  }();
  const json list =
      send_mailbox("POST", "/api/v1/access-lists",
                   {{"name", "Mine"}, {"entries", {{{"subject", "account"}, {"id", me}, {"may_change", true}}}}});
  const json place = send_mailbox("POST", "/api/v1/classes", {{"code", "7"}, {"title", "Staff matters"}});
  const json file = send_mailbox("POST", "/api/v1/folders", {{"class", place["id"]}, {"title", "Salaries"}});
  send_mailbox("PUT", "/api/v1/folders/" + std::to_string(file["id"].get<std::int64_t>()) + "/access-list",
               {{"access_list", list["id"]}}, file["version"]);
  json wanted = terms("Salaries");
  wanted["rules"] = json::array({{{"subject", "salary"}, {"folder_id", file["id"]}}});
  const json mailbox = create(wanted);
  ASSERT_TRUE(mailbox.contains("id")) << mailbox;
  const auto as_other = [&](const json& change, std::int64_t version) {
    return testing::send_mailbox(server_, other, "PATCH", path_of(mailbox), change, version);
  };
  EXPECT_EQ(as_other({{"folders", {"INBOX", "Archive"}}}, 1)["status"], 403);
  json rules = wanted["rules"];
  rules[0]["subject"] = "";
  EXPECT_EQ(as_other({{"rules", rules}}, 1)["status"], 403);
  EXPECT_EQ(as_other({{"name", "Pay"}, {"interval_seconds", 600}}, 1)["name"], "Pay");
  EXPECT_EQ(as_other({{"enabled", false}}, 2)["enabled"], false);
  EXPECT_EQ(as_other({{"enabled", true}}, 3)["status"], 403);
}

TEST_F(MailboxesTest, APasswordNeverComesOut) {
  const json mailbox = create(terms("Office"));
  const json changed = send_mailbox("PATCH", path_of(mailbox), {{"password", "another one, as secret"}, {"port", 143}},
                                    mailbox["version"]);
  EXPECT_EQ(changed["port"], 143);
  create({{"name", "x"}, {"host", "no host"}, {"login", "a"}, {"password", kMailboxPassword}});
  std::string told = server_.get(admin_, "/api/v1/mailboxes").dump() + server_.log_text.str();
  auto session = server_.archive.database.read();
  for (const auto& entry : storage::list_audit(session, {}, 0, 100)) told += entry.entry + entry.detail;
  server_.archive.database.checkpoint();
  told += core::read_file(server_.archive.data.database(), 100'000'000);
  for (const char* secret : {kMailboxPassword, "another one, as secret"}) {
    EXPECT_EQ(told.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(told.find("mailbox.changed"), std::string::npos);
  const auto stored = storage::find_mailbox(session, mailbox["id"]).value();
  EXPECT_EQ(storage::mailbox_password(session, server_.sealing_key, stored), "another one, as secret");
}

TEST_F(MailboxesTest, APasswordIsNotSentToAnotherMachine) {
  const json mailbox = create(terms("Office"));
  for (const json& change : {json{{"host", "evil.example.org"}}, json{{"port", 143}}, json{{"security", "none"}},
                             json{{"login", "somebody"}}}) {
    EXPECT_EQ(pointer(send_mailbox("PATCH", path_of(mailbox), change, mailbox["version"])), "/password") << change;
  }
  // Nor by altering the database.
  auto tx = server_.archive.database.begin(storage::Actor::system("test"));
  auto altered = storage::find_mailbox(tx, mailbox["id"]).value();
  altered.terms.host = "evil.example.org";
  EXPECT_THROW(storage::mailbox_password(tx, server_.sealing_key, altered), core::Error);
}

TEST_F(MailboxesTest, WhatIsWrongIsNamed) {
  const auto refused = [&](const char* field, const json& value) {
    json body = terms("Office");
    body[field] = value;
    return pointer(create(body));
  };
  EXPECT_EQ(refused("name", " "), "/name");
  EXPECT_EQ(refused("host", "imap://mail.example.org"), "/host");
  EXPECT_EQ(refused("port", 0), "/port");
  EXPECT_EQ(refused("security", "ssl"), "/security");
  EXPECT_EQ(refused("login", "a\r\nA1 DELETE INBOX"), "/login");
  EXPECT_EQ(refused("password", "two\nlines"), "/password");
  EXPECT_EQ(refused("folders", json::array()), "/folders");
  EXPECT_EQ(refused("folders", {"IN\r\nBOX"}), "/folders");
  EXPECT_EQ(refused("interval_seconds", 0), "/interval_seconds");
  EXPECT_EQ(refused("afterwards", "burn"), "/afterwards");
  EXPECT_EQ(refused("afterwards", "move"), "/move_to");
  EXPECT_EQ(refused("rules", {{{"type_id", 99}}}), "/rules/0/type_id");
  EXPECT_EQ(refused("rules", {{{"correspondent_id", 99}}}), "/rules/0/correspondent_id");
  EXPECT_EQ(refused("rules", {{{"tag_ids", json::array({99})}}}), "/rules/0/tag_ids");
  EXPECT_EQ(refused("rules", {json::object(), {{"subject", "a\nb"}}}), "/rules/1/subject");
  json moves = terms("Office");
  moves["afterwards"] = "move";
  moves["move_to"] = "INBOX";
  EXPECT_EQ(pointer(create(moves)), "/move_to");
  EXPECT_EQ(server_.get(admin_, "/api/v1/mailboxes")["total"], 0);
  create(terms("Office"));
  EXPECT_EQ(create(terms("OFFICE"))["code"], "conflict");
}

TEST_F(MailboxesTest, RulesComeBackAsTheyWereGiven) {
  const std::int64_t type = send_mailbox("POST", "/api/v1/types", {{"name", "Invoice"}})["id"];
  const std::int64_t tag = send_mailbox("POST", "/api/v1/tags", {{"name", "by mail"}})["id"];
  json body = terms("Office");
  body["rules"] = {{{"sender", "@example.org"}, {"takes", "attachments"}, {"type_id", type}, {"tag_ids", {tag, tag}}},
                   {{"folder", "Spam"}, {"takes", "nothing"}}};
  const json mailbox = create(body);
  ASSERT_EQ(mailbox["rules"].size(), 2U);
  EXPECT_EQ(mailbox["rules"][0]["type"]["name"], "Invoice");
  EXPECT_EQ(mailbox["rules"][0]["tags"].size(), 1U);
  EXPECT_EQ(mailbox["rules"][1]["takes"], "nothing");
  EXPECT_TRUE(mailbox["rules"][1]["type"].is_null());
  // A rule outlives what it files under.
  send_mailbox("DELETE", "/api/v1/types/" + std::to_string(type), nullptr);
  EXPECT_TRUE(server_.get(admin_, path_of(mailbox))["rules"][0]["type"].is_null());
}

TEST_F(MailboxesTest, AVisitTriesFailedMailsAgain) {
  const json mailbox = create(terms("Office"));
  const storage::MailIdentity mail{mailbox["id"], "INBOX", 5, 17};
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    storage::record_mail_failed(tx, mail, "it is too large", true);
    tx.commit();
  }
  const json failed = server_.get(admin_, path_of(mailbox, "/failed-mails"))["items"][0];
  EXPECT_EQ(failed["uid"], 17);
  EXPECT_EQ(failed["problem"], "it is too large");
  EXPECT_TRUE(failed["retry_after"].is_null());
  EXPECT_EQ(server_.get(admin_, path_of(mailbox))["state"]["failed"], 1);
  EXPECT_EQ(send_mailbox("POST", path_of(mailbox, "/visits"), nullptr)["status"], 204);
  auto session = server_.archive.database.read();
  EXPECT_EQ(storage::mails_to_retry(session, mail.mailbox_id, "INBOX", 5, server_.archive.clock.now()),
            std::vector<std::int64_t>{17});
  const json off = send_mailbox("PATCH", path_of(mailbox), {{"enabled", false}}, mailbox["version"]);
  EXPECT_TRUE(off["state"]["next_visit_at"].is_null());
  EXPECT_EQ(send_mailbox("POST", path_of(mailbox, "/visits"), nullptr)["code"], "conflict");
}

}  // namespace
}  // namespace muniment::testing
