// Filing by rules: what they suggest, what they fill in, and what they leave alone.
#include <gtest/gtest.h>

#include "storage/audit.h"
#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using nlohmann::json;
using storage::Role;

class FilingTest : public ::testing::Test {
 protected:
  std::string path(std::int64_t id, const std::string& rest = "") {
    return "/api/v1/documents/" + std::to_string(id) + rest;
  }
  json send(const std::string& as, const std::string& method, const std::string& target, const json& body,
            std::int64_t version = 0) {
    Headers headers = method == "PATCH" ? Headers{{"Content-Type", "application/merge-patch+json"}} : kJson;
    if (version != 0) headers.emplace_back("If-Match", "\"" + std::to_string(version) + "\"");
    return json::parse(server_.ask(as, method, target, body.dump(), headers).body, nullptr, false);
  }
  std::int64_t make(const std::string& vocabulary, const std::string& name) {
    return send(manager_, "POST", "/api/v1/" + vocabulary, {{"name", name}})["id"];
  }
  json rule(const std::string& field, std::int64_t value, const std::string& text, bool applied,
            const std::string& kind = "any") {
    return send(manager_, "POST", "/api/v1/filing-rules",
                {{"field", field}, {"value", value}, {"kind", kind}, {"text", text}, {"applied", applied}});
  }
  json suggestions(const std::string& as, std::int64_t id) {
    return server_.get(as, path(id, "/suggestions"))["items"];
  }
  void read_again(std::int64_t id) {
    server_.ask(staff_, "POST", path(id, "/retry"), "{}", kJson);
    server_.settle();
  }

  RunningServer server_;
  std::string staff_ = server_.person("staff", Role::staff);
  std::string manager_ = server_.person("manager", Role::records_manager);
};

TEST_F(FilingTest, AnAppliedRuleFilesWhatIsRead) {
  const std::int64_t type = make("types", "Lease");
  const std::int64_t tag = make("tags", "Storgatan");
  const json lease = rule("type", type, "rent", true);
  rule("tag", tag, "Storgatan 12", true, "exact");
  const std::int64_t id = server_.add(staff_, "a.pdf", "a\nThe RENT for Storgatan 12");
  const std::int64_t other = server_.add(staff_, "b.pdf", "b\nNothing of it");
  const std::int64_t small = server_.add(staff_, "c.txt", "c text\nThe rent is due");
  const json document = server_.get(staff_, path(id));
  EXPECT_EQ(document["type"]["name"], "Lease");
  ASSERT_EQ(document["tags"].size(), 1U);
  EXPECT_EQ(document["tags"][0]["name"], "Storgatan");
  EXPECT_TRUE(server_.get(staff_, path(other))["type"].is_null());
  EXPECT_EQ(server_.get(staff_, path(small))["type"]["name"], "Lease");

  auto session = server_.archive.database.read();
  storage::AuditFilter filter;
  filter.object_id = id;
  filter.action = "document.filed_by_rule";
  const auto entries = storage::list_audit(session, filter, 0, 10);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].account_id, 0);
  EXPECT_EQ(json::parse(entries[0].detail)["after"]["rules"][0], lease["id"]);
  filter.action = "document.changed";
  EXPECT_EQ(storage::list_audit(session, filter, 0, 10).size(), 1U);
}

TEST_F(FilingTest, APersonsValueStays) {
  const std::int64_t wanted = make("types", "Letter");
  const std::int64_t tag = make("tags", "rent");
  const std::int64_t id = server_.add(staff_, "a.pdf", "a\nthe rent");
  json document = server_.get(staff_, path(id));
  document = send(staff_, "PATCH", path(id), {{"type", wanted}}, document["version"]);
  // Given and taken away again: that too is what a person wants.
  document = send(staff_, "PATCH", path(id), {{"tags", {tag}}}, document["version"]);
  send(staff_, "PATCH", path(id), {{"tags", json::array()}}, document["version"]);
  rule("type", make("types", "Lease"), "rent", true);
  rule("tag", tag, "rent", true);
  rule("correspondent", make("correspondents", "The landlord"), "rent", true);
  read_again(id);
  document = server_.get(staff_, path(id));
  EXPECT_EQ(document["type"]["name"], "Letter");
  EXPECT_TRUE(document["tags"].empty());
  EXPECT_EQ(document["correspondent"]["name"], "The landlord");
}

TEST_F(FilingTest, ASuggestionIsAcceptedInOneCall) {
  rule("type", make("types", "Lease"), "rent", false);
  const std::int64_t tag = make("tags", "rent");
  rule("tag", tag, "r[ae]nt", false, "pattern");
  rule("tag", tag, "rent", false);
  const std::int64_t id = server_.add(staff_, "a.pdf", "a\nthe rent");
  EXPECT_TRUE(server_.get(staff_, path(id))["type"].is_null());
  const json suggested = suggestions(staff_, id);
  ASSERT_EQ(suggested.size(), 2U);  // the tag once
  EXPECT_EQ(suggested[0]["value"]["name"], "Lease");
  EXPECT_EQ(suggested[0]["confidence"], 1.0);
  EXPECT_EQ(suggested[0]["rule"], "rent");

  json accepted = {{"items", json::array()}};
  for (const json& item : suggested) {
    accepted["items"].push_back({{"field", item["field"]}, {"value", item["value"]["id"]}});
  }
  const std::int64_t version = server_.get(staff_, path(id))["version"];
  const json document = send(staff_, "POST", path(id, "/suggestions"), accepted, version);
  EXPECT_EQ(document["type"]["name"], "Lease");
  EXPECT_EQ(document["tags"][0]["name"], "rent");
  EXPECT_TRUE(suggestions(staff_, id).empty());
  EXPECT_EQ(send(staff_, "POST", path(id, "/suggestions"), accepted, version)["status"], 412);
}

TEST_F(FilingTest, TheSenderOfAMailIsSuggested) {
  const std::int64_t timber = make("correspondents", "Northern Timber");
  const std::int64_t harbour = make("correspondents", "Harbour office");
  make("correspondents", "Harbourmaster");
  const std::int64_t named = server_.add(staff_, "a.eml", "a\nFrom: Northern Timber <anna@mail.example>\nboards");
  json suggested = suggestions(staff_, named);
  ASSERT_EQ(suggested.size(), 1U);
  EXPECT_EQ(suggested[0]["field"], "correspondent");
  EXPECT_EQ(suggested[0]["value"]["id"], timber);
  EXPECT_TRUE(server_.get(staff_, path(named))["correspondent"].is_null()) << "nobody has said so";
  const std::int64_t of_domain = server_.add(staff_, "b.eml", "b\nFrom: Bo Ek <bo@post.harbour.example>\nmoorings");
  suggested = suggestions(staff_, of_domain);
  ASSERT_EQ(suggested.size(), 1U);
  EXPECT_EQ(suggested[0]["value"]["id"], harbour);
}

TEST_F(FilingTest, NothingIsSuggestedThatOneMayNotDo) {
  const auto only_manager = [&] {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto account = storage::find_account(tx, "manager").value();
    const auto list =
        storage::create_access_list(tx, "Manager", {{storage::AccessEntry::Subject::account, account.id, true, {}}});
    tx.commit();
    return list;
  }();
  const json node = send(manager_, "POST", "/api/v1/classes", {{"code", "7"}, {"title", "Staff matters"}});
  const json open = send(manager_, "POST", "/api/v1/classes", {{"code", "8"}, {"title", "Closed"}});
  send(server_.person("admin", Role::admin), "PUT",
       "/api/v1/classes/" + std::to_string(node["id"].get<std::int64_t>()) + "/access-list",
       {{"access_list", only_manager}}, node["version"]);
  rule("class", node["id"], "rent", false);
  rule("class", open["id"], "rent", false);
  send(manager_, "PATCH", "/api/v1/classes/" + std::to_string(open["id"].get<std::int64_t>()), {{"status", "closed"}},
       open["version"]);
  const std::int64_t id = server_.add(staff_, "a.pdf", "a\nthe rent");
  EXPECT_TRUE(suggestions(staff_, id).empty());
  ASSERT_EQ(suggestions(manager_, id).size(), 1U);
  EXPECT_EQ(suggestions(manager_, id)[0]["value"]["name"], "7 Staff matters");
  EXPECT_TRUE(suggestions(server_.person("reader", Role::reader), id).empty());
}

TEST_F(FilingTest, WhatPeopleFileIsLearned) {
  const std::int64_t lease = make("types", "Lease");
  const std::int64_t invoice = make("types", "Invoice");
  std::vector<std::int64_t> leases;
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::string(1, static_cast<char>('a' + i));
    leases.push_back(server_.add(staff_, name + ".pdf", name + "\nlease of an apartment by the landlord"));
    const std::int64_t bill = server_.add(staff_, "i" + name + ".pdf", "i" + name + "\ninvoice with an amount due");
    for (const auto& [id, type] : {std::pair(leases.back(), lease), std::pair(bill, invoice)}) {
      send(staff_, "PATCH", path(id), {{"type", type}}, server_.get(staff_, path(id))["version"]);
    }
  }
  server_.settle();
  server_.filing.catch_up();
  const std::int64_t id = server_.add(staff_, "new.pdf", "new\nOur landlord, our apartment");
  const json suggested = suggestions(staff_, id);
  ASSERT_GE(suggested.size(), 1U);
  EXPECT_EQ(suggested[0]["value"]["name"], "Lease");
  EXPECT_TRUE(suggested[0]["rule"].is_null());
  EXPECT_GT(suggested[0]["confidence"], 0.6);
  EXPECT_EQ(std::set<std::string>({suggested[0]["words"][0], suggested[0]["words"][1]}),
            (std::set<std::string>{"landlord", "apartment"}));
  ASSERT_FALSE(suggested[0]["documents"].empty());
  for (const json& like : suggested[0]["documents"]) {
    EXPECT_NE(std::find(leases.begin(), leases.end(), like["id"].get<std::int64_t>()), leases.end());
  }
  // What the examples are filed under is taken back, or they are gone: then nothing is known of it.
  for (const std::int64_t each : leases) {
    server_.ask(staff_, "DELETE", path(each), "",
                {{"If-Match", "\"" + std::to_string(server_.get(staff_, path(each))["version"].get<int>()) + "\""}});
  }
  server_.filing.catch_up();
  for (const json& left : suggestions(staff_, id)) EXPECT_NE(left["value"]["name"], "Lease");
}

TEST_F(FilingTest, TheServiceDoesNotLearnFromItself) {
  rule("type", make("types", "Lease"), "landlord", true);
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::string(1, static_cast<char>('a' + i));
    const std::int64_t id = server_.add(staff_, name + ".pdf", name + "\nlease by the landlord");
    EXPECT_EQ(server_.get(staff_, path(id))["type"]["name"], "Lease");
  }
  server_.filing.catch_up();
  EXPECT_TRUE(suggestions(staff_, server_.add(staff_, "new.pdf", "new\nlease of an apartment")).empty());
}

TEST_F(FilingTest, WhatOthersMayNotReadTeachesThemNothing) {
  const std::int64_t merger = make("types", "Merger");
  const auto only_manager = [&] {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto account = storage::find_account(tx, "manager").value();
    const auto list =
        storage::create_access_list(tx, "Manager", {{storage::AccessEntry::Subject::account, account.id, true, {}}});
    tx.commit();
    return list;
  }();
  for (int i = 0; i < 4; ++i) {
    const std::string name = std::string(1, static_cast<char>('a' + i));
    const std::int64_t id = server_.add(manager_, name + ".pdf", name + "\nmerger of the two harbours");
    const json changed =
        send(manager_, "PATCH", path(id), {{"type", merger}}, server_.get(manager_, path(id))["version"]);
    send(server_.person("admin" + name, Role::admin), "PUT", path(id, "/access-list"), {{"access_list", only_manager}},
         changed["version"]);
  }
  server_.settle();
  server_.filing.catch_up();
  const std::int64_t id = server_.add(staff_, "new.pdf", "new\nA merger of harbours");
  EXPECT_TRUE(suggestions(staff_, id).empty());
  const json known = suggestions(manager_, id);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0]["value"]["name"], "Merger");
}

TEST_F(FilingTest, WhatStandsOnThePagesIsFound) {
  const std::int64_t id = server_.add(staff_, "a.pdf", "a\nAtt betala 1250,00 kr\nBankgiro 5050-1055");
  const json fields = server_.get(staff_, path(id, "/fields"))["items"];
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0]["kind"], "amount");
  EXPECT_EQ(fields[0]["value"], "1250.00 SEK");
  EXPECT_EQ(fields[0]["page"], 1);
  EXPECT_EQ(fields[1]["kind"], "bankgiro");
  EXPECT_EQ(fields[1]["page"], 2);
  const json words = server_.get(staff_, path(id, "/pages/2/words"))["lines"][0];
  EXPECT_EQ(fields[1]["box"][0], words[1][0]);  // the number, without its label
  read_again(id);
  EXPECT_EQ(server_.get(staff_, path(id, "/fields"))["items"].size(), 2U);
  const std::int64_t small = server_.add(staff_, "c.txt", "c text\nIBAN SE45 5000 0000 0583 9825 7466");
  EXPECT_EQ(server_.get(staff_, path(small, "/fields"))["items"][0]["value"], "SE4550000000058398257466");
}

TEST_F(FilingTest, ASecondScanOfThePaperIsFound) {
  const std::string letter =
      "the rent for the apartment in harbour street 12 rises by 250 kronor from january 2027 and whoever does not "
      "agree "
      "writes to the landlord before november ends with kind regards from the housing company";
  std::string misread = letter;
  misread.replace(misread.find("landlord"), 8, "iandiord");
  const std::int64_t one = server_.add(staff_, "a.pdf", "a\n" + letter);
  const std::int64_t two = server_.add(staff_, "b.pdf", "b\n" + misread);
  server_.add(staff_, "c.pdf", "c\n" + letter + "\nand a second page");
  const json found = server_.get(staff_, path(two, "/same-paper"))["items"];
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["document"]["id"], one);
  EXPECT_GT(found[0]["resemblance"], 0.9);
  EXPECT_EQ(found[0]["better"], "neither");

  EXPECT_EQ(server_.ask(staff_, "PUT", path(two, "/same-paper/" + std::to_string(one))).status, 204);
  EXPECT_TRUE(server_.get(staff_, path(two, "/same-paper"))["items"].empty());
  EXPECT_TRUE(server_.get(staff_, path(one, "/same-paper"))["items"].empty());
  EXPECT_EQ(server_.ask(staff_, "PUT", path(two, "/same-paper/999999")).status, 404);
}

TEST_F(FilingTest, AScanOfOthersIsNotOffered) {
  const std::string letter =
      "the rent for the apartment in harbour street 12 rises by 250 kronor from january 2027 and whoever does not "
      "agree "
      "writes to the landlord before november ends with kind regards from the housing company";
  const std::int64_t hidden = server_.add(manager_, "a.pdf", "a\n" + letter);
  const std::string admin = server_.person("admin", Role::admin);
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto account = storage::find_account(tx, "manager").value();
    const auto list =
        storage::create_access_list(tx, "Manager", {{storage::AccessEntry::Subject::account, account.id, true, {}}});
    tx.commit();
    send(admin, "PUT", path(hidden, "/access-list"), {{"access_list", list}},
         server_.get(admin, path(hidden))["version"]);
  }
  const std::int64_t id = server_.add(staff_, "b.pdf", "b\n" + letter);
  EXPECT_TRUE(server_.get(staff_, path(id, "/same-paper"))["items"].empty());
  EXPECT_EQ(server_.get(manager_, path(id, "/same-paper"))["items"].size(), 1U);
  EXPECT_EQ(server_.ask(staff_, "PUT", path(id, "/same-paper/" + std::to_string(hidden))).status, 404);
}

TEST_F(FilingTest, ARuleIsChangedAndGoesWithItsValue) {
  const std::int64_t type = make("types", "Lease");
  EXPECT_EQ(rule("type", type, "(", false, "pattern")["status"], 422);
  EXPECT_EQ(rule("type", type + 9, "rent", false)["status"], 422);
  EXPECT_EQ(rule("folder", type, "rent", false)["status"], 422);
  const json made = rule("type", type, "rent", false);
  const std::string one = "/api/v1/filing-rules/" + std::to_string(made["id"].get<std::int64_t>());
  const json changed = send(manager_, "PATCH", one, {{"text", "lease"}, {"applied", true}}, made["version"]);
  EXPECT_EQ(changed["text"], "lease");
  EXPECT_EQ(changed["value"]["name"], "Lease");
  EXPECT_EQ(send(manager_, "PATCH", one, {{"text", "x"}}, made["version"])["status"], 412);
  server_.ask(manager_, "DELETE", "/api/v1/types/" + std::to_string(type));
  EXPECT_EQ(server_.get(manager_, "/api/v1/filing-rules")["total"], 0);
}

}  // namespace
}  // namespace muniment::testing
