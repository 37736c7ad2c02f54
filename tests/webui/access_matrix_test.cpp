// Generated from the router's own table: every route as every kind of principal. A new route is in it without a word.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/webui/running_server.h"

namespace muniment::testing {
namespace {

using storage::Permission;
using storage::Role;
using webui::Router;

// A request that gets through the declaration and then fails, or answers, without doing harm: what it names is not
// there.
std::string target_of(const Router::Route& route) {
  std::string target;
  for (std::size_t i = 0; i < route.pattern.size(); ++i) {
    if (route.pattern[i] != '{') {
      target += route.pattern[i];
      continue;
    }
    target += "999999";
    i = route.pattern.find('}', i);
  }
  return target;
}

bool declared(const Router::Route& route, std::optional<Role> role) {
  if (std::holds_alternative<webui::Anyone>(route.needs)) return true;
  if (!role) return false;
  if (const auto* any = std::get_if<webui::AnyOf>(&route.needs)) {
    return std::ranges::any_of(any->permissions, [&](Permission one) { return storage::allows(*role, one); });
  }
  const auto* permission = std::get_if<Permission>(&route.needs);
  return permission == nullptr || storage::allows(*role, *permission);
}

// Of somebody who may do everything, with a token of these scopes.
bool in_scope(const Router::Route& route, storage::TokenScopes scopes) {
  if (std::holds_alternative<webui::Anyone>(route.needs)) return true;
  const auto covers = [&](Permission permission) { return scopes.has(storage::scope_of(permission)); };
  if (const auto* any = std::get_if<webui::AnyOf>(&route.needs)) return std::ranges::any_of(any->permissions, covers);
  const auto* permission = std::get_if<Permission>(&route.needs);
  if (permission && *permission != Permission::read_documents) return covers(*permission);
  const std::string& pattern = route.pattern;
  if (pattern == "/api/v1/session" || pattern == "/api/v1/limits") return true;
  if (route.method == "GET") return scopes.has(storage::TokenScope::read);
  const bool of_sign_in = pattern.starts_with("/api/v1/account") || pattern.starts_with("/api/v1/tokens");
  return scopes.has(of_sign_in ? storage::TokenScope::administer : storage::TokenScope::change);
}

class AccessMatrix : public ::testing::Test {
 protected:
  int status_of(const std::string& token, const Router::Route& route) {
    // The stream does not end by itself.
    const Headers headers = route.method == "GET" || route.method == "HEAD" ? Headers{} : kJson;
    if (route.pattern == "/api/v1/events") {
      RawClient client(server_.server->port());
      client.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\n" +
                  (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n");
      return std::stoi(client.receive_until("\r\n").substr(9, 3));
    }
    return server_.ask(token, route.method, target_of(route), "", headers).status;
  }

  RunningServer server_;
};

TEST_F(AccessMatrix, EveryRouteAnswersEveryPrincipalAsItDeclares) {
  std::map<std::string, std::pair<std::string, std::optional<Role>>> principals = {
      {"nobody", {"", std::nullopt}}, {"a made-up token", {"mun_1_made-up", std::nullopt}}};
  for (const Role role : {Role::reader, Role::staff, Role::records_manager, Role::admin}) {
    const std::string name(storage::role_name(role));
    principals[name] = {server_.person(name, role), role};
  }
  // A disabled account's token is as good as none.
  const std::string disabled = server_.person("disabled", Role::admin);
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto account = storage::find_account(tx, "disabled").value();
    storage::AccountChange change;
    change.disabled = true;
    storage::change_account(tx, account.id, account.version, change);
    tx.commit();
  }
  principals["disabled"] = {disabled, std::nullopt};

  ASSERT_GT(server_.server->router().routes().size(), 90U);
  for (const Router::Route& route : server_.server->router().routes()) {
    for (const auto& [name, principal] : principals) {
      const int status = status_of(principal.first, route);
      const std::string where = name + ": " + route.method + " " + route.pattern;
      EXPECT_LT(status, 500) << where;
      if (declared(route, principal.second)) {
        EXPECT_NE(status, 401) << where;
        // /setup is for anyone but refuses a wrong code; see setup tests.
        if (!std::holds_alternative<webui::Anyone>(route.needs)) {
          EXPECT_NE(status, 403) << where;
        }
      } else {
        EXPECT_EQ(status, principal.second ? 403 : 401) << where;
      }
    }
  }
}

TEST_F(AccessMatrix, EveryRouteAnswersTokensAsTheirScopesSay) {
  server_.person("owner", Role::admin);
  const std::vector<std::vector<std::string>> kinds = {
      {"read"}, {"add"}, {"read", "change"}, {"read", "records"}, {"read", "audit"}, {"read", "administer"}};
  for (const auto& names : kinds) {
    const auto scopes = storage::TokenScopes::of(names);
    const std::string token = server_.token_of("owner", scopes);
    int refused = 0;
    for (const Router::Route& route : server_.server->router().routes()) {
      if (route.method == "OPTIONS") continue;
      const int status = status_of(token, route);
      const std::string where = scopes.text() + ": " + route.method + " " + route.pattern;
      if (in_scope(route, scopes)) {
        // A handler may ask for more yet.
        EXPECT_NE(status, 401) << where;
        EXPECT_LT(status, 500) << where;
      } else {
        EXPECT_EQ(status, 403) << where;
        ++refused;
      }
    }
    EXPECT_GT(refused, 90) << scopes.text();
  }
}

// Somebody whose role allows everything that the routes ask for, but who is not on the document's access list.
TEST_F(AccessMatrix, ADocumentOfOthersIsNotThere) {
  const std::string admin = server_.person("owner", Role::admin);
  const std::string other = server_.person("other", Role::admin);
  const std::int64_t id = server_.add(admin, "secret.pdf", "secret\nthe quick brown fox");
  {
    auto tx = server_.archive.database.begin(storage::Actor::system("test"));
    const auto owner = storage::find_account(tx, "owner").value();
    const std::int64_t list = storage::create_access_list(
        tx, "Only the owner", {{storage::AccessEntry::Subject::account, owner.id, true, {}}});
    const auto who = storage::load_principal(tx, owner.id, "test").value();
    storage::DocumentChange change;
    change.own_access_list = list;
    const auto document = storage::find_document(tx, who, id).value();
    storage::change_document(tx, who, id, document.version, change);
    tx.commit();
  }
  server_.settle();
  int tried = 0;
  for (const Router::Route& route : server_.server->router().routes()) {
    if (!route.pattern.starts_with("/api/v1/documents/{id}")) continue;
    std::string target = route.pattern;
    target.replace(target.find("{id}"), 4, std::to_string(id));
    while (target.find('{') != std::string::npos) {
      target.replace(target.find('{'), target.find('}') - target.find('{') + 1, "1");
    }
    Headers headers = kJson;
    headers.emplace_back("If-Match", "\"1\"");
    const std::string body = route.pattern.ends_with("unlock")        ? R"({"password":"x"})"
                             : route.pattern.ends_with("access-list") ? R"({"access_list":null})"
                             : route.pattern.ends_with("labels")      ? R"({"label":"x"})"
                             : route.pattern.ends_with("notes") || route.pattern.ends_with("/text") ? R"({"text":"x"})"
                                                                                                    : "{}";
    const bool has_body = route.method == "POST" || route.method == "PUT" || route.method == "PATCH";
    EXPECT_EQ(server_.ask(other, route.method, target, has_body ? body : "", headers).status, 404)
        << route.method << " " << target;
    ++tried;
  }
  EXPECT_GT(tried, 20);
  EXPECT_EQ(server_.get(admin, "/api/v1/documents?q=quick")["total"], 1);
  const auto found = server_.get(other, "/api/v1/documents?q=quick&facets=type,tag,year,language");
  EXPECT_EQ(found["total"], 0);
  for (const auto& [facet, values] : found["facets"].items()) EXPECT_TRUE(values.empty()) << facet;
  EXPECT_TRUE(server_.get(other, "/api/v1/suggest?q=qui")["items"].empty());
  EXPECT_TRUE(server_.get(other, "/api/v1/jobs")["items"].empty());
}

}  // namespace
}  // namespace muniment::testing
