// Bearer tokens for programs. A token is its owner's business; it never allows more than its owner may do at the
// moment, nor more than its scopes.
#include "core/error.h"
#include "storage/accounts.h"
#include "storage/roles.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;

namespace {

Json token_json(const storage::ApiToken& token, const Json& owner) {
  return {{"id", token.id},
          {"name", token.name},
          {"account", owner},
          {"scopes", token.scopes.names()},
          {"created_at", core::to_rfc3339(token.created_at)},
          {"expires_at", time_json(token.expires_at)},
          {"last_used_at", time_json(token.last_used_at)}};
}

std::optional<core::Time> expiry_of(Fields& body) {
  const auto text = body.nullable_text("expires_at").value_or(std::nullopt);
  if (!text) return std::nullopt;
  const auto time = core::parse_rfc3339(*text);
  if (!time) {
    throw Error(ErrorCode::invalid_argument, "expires_at is no time",
                {{"/expires_at", "must be a time to come, within a year"}});
  }
  return time;
}

// Without a word what the asker's own has: no token makes a wider one.
storage::TokenScopes scopes_of(Fields& body, const storage::Principal& who) {
  if (!body.has("scopes")) return who.scopes;
  const auto scopes = storage::TokenScopes::of(body.texts("scopes"));
  for (const storage::TokenScope scope : storage::kTokenScopes) {
    if (scopes.has(scope)) who.require(scope);
  }
  return scopes;
}

void create_token(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const std::int64_t owner_id = body.maybe_number("account").value_or(call.who.account_id);
  auto tx = api.services.database.begin(call.who.actor());
  const auto expires_at = expiry_of(body);
  const storage::TokenScopes scopes = scopes_of(body, call.who);
  body.finish();
  if (owner_id != call.who.account_id) call.who.require(storage::Permission::manage_accounts);
  const auto owner = storage::find_account(tx, owner_id);
  if (!owner || owner->disabled) {
    throw Error(ErrorCode::invalid_argument, "there is no such account", {{"/account", "must name an account in use"}});
  }
  if (owner_id != call.who.account_id) storage::require_no_less_than(call.who, *owner);
  const storage::IssuedToken issued = storage::issue_token(tx, api.services.random, owner_id, name, expires_at, scopes);
  Json json;
  for (const storage::ApiToken& token : storage::list_tokens(tx, owner_id)) {
    if (token.id == issued.id) json = token_json(token, named_json(owner->id, owner->display_name));
  }
  tx.commit();
  json["token"] = issued.secret;
  send_json(call.http, 201, json);
}

}  // namespace

void add_tokens(Router& router, Api& api) {
  router.add("GET", "/api/v1/tokens", SignedIn{}, [&api](Call& call) {
    auto session = api.services.database.read();
    Json items = Json::array();
    for (const storage::ApiToken& token : storage::list_tokens(session, call.who.account_id)) {
      items.push_back(token_json(token, named_json(call.who.account_id, call.who.display_name)));
    }
    send_items(call, std::move(items));
  });
  router.add("POST", "/api/v1/tokens", SignedIn{}, [&api](Call& call) { create_token(call, api); });
  router.add("DELETE", "/api/v1/tokens/{id}", SignedIn{}, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    const bool there_was = storage::revoke_token(tx, call.who.account_id, call.number("id"));
    tx.commit();
    if (!there_was) throw Error(ErrorCode::not_found, "you have no such token");
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
