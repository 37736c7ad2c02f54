// Groups of people, for access lists.
#include <algorithm>

#include "core/error.h"
#include "storage/accounts.h"
#include "storage/as_seen.h"
#include "webui/api/validity_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Group;
using storage::Permission;

namespace {

Json group_json(storage::Session& session, const Call& call, const Group& group) {
  Json members = Json::array();
  for (const storage::Membership& member : group.members) {
    const auto account = storage::find_account(session, member.account_id);
    if (!account) continue;
    Json json = named_json(account->id, account->display_name);
    add_validity(json, member.validity, call.who.day);
    members.push_back(std::move(json));
  }
  return {{"id", group.id}, {"version", group.version}, {"name", group.name}, {"members", std::move(members)}};
}

Group require_group(storage::Session& session, std::int64_t id) {
  auto group = storage::find_group(session, id);
  if (!group) throw Error(ErrorCode::not_found, "there is no such group");
  return std::move(*group);
}

void create_group(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Group group = require_group(tx, storage::create_group(tx, name, {}));
  const Json json = group_json(tx, call, group);
  tx.commit();
  send_created(call.http, "/api/v1/groups/" + std::to_string(group.id), group.version, json);
}

void rename_group(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const auto name = body.maybe_text("name");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Group before = require_group(tx, call.number("id"));
  storage::rename_group(tx, before.id, version, name.value_or(before.name));
  const Group group = require_group(tx, before.id);
  const Json json = group_json(tx, call, group);
  tx.commit();
  send_versioned(call.http, 200, group.version, json);
}

void add_member(Call& call, Api& api) {
  Fields body = call.http.content_length() == 0 ? Fields("{}") : Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t account = call.number("account");
  const Group group = require_group(tx, call.number("id"));
  const auto before = std::ranges::find(group.members, account, &storage::Membership::account_id);
  // What is not said stays as it is.
  const storage::Validity validity =
      validity_of(body, before == group.members.end() ? storage::Validity{} : before->validity);
  body.finish();
  storage::add_member(tx, group.id, account, validity);
  tx.commit();
  call.http.send_empty(204);
}

void remove_member(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  storage::remove_member(tx, call.number("id"), call.number("account"));
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_groups(Router& router, Api& api) {
  const std::string one = "/api/v1/groups/{id}";
  router.add("GET", "/api/v1/groups", Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    send_matching(call, storage::list_groups(session),
                  [&](const Group& group) { return group_json(session, call, group); });
  });
  router.add("POST", "/api/v1/groups", Permission::manage_accounts, [&api](Call& call) { create_group(call, api); });
  router.add("GET", one, Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    const Group group = require_group(session, call.number("id"));
    send_as_of_now(call.http, 200, group.version, group_json(session, call, group));
  });
  router.add("PATCH", one, Permission::manage_accounts, [&api](Call& call) { rename_group(call, api); });
  router.add("DELETE", one, Permission::manage_accounts, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    storage::require_as_seen(require_group(tx, call.number("id")).version, version, "group");
    storage::delete_group(tx, call.number("id"));
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("PUT", one + "/members/{account}", Permission::manage_accounts,
             [&api](Call& call) { add_member(call, api); });
  router.add("DELETE", one + "/members/{account}", Permission::manage_accounts,
             [&api](Call& call) { remove_member(call, api); });
}

}  // namespace muniment::webui::api
