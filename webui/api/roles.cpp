// The roles that a person can have: the four standing ones, and those that an administrator composed of permissions.
#include "storage/roles.h"

#include <algorithm>

#include "core/error.h"
#include "storage/accounts.h"
#include "webui/api/roles.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::ComposedRole;
using storage::Permission;
using storage::RoleContent;

namespace {

// Schema Role; of a standing one, without identifier and version.
struct ListedRole {
  std::optional<std::int64_t> id;
  std::optional<std::int64_t> version;
  std::string name;
  std::string description;
  storage::Role role;
  std::int64_t accounts;
};

std::vector<ListedRole> list_roles(storage::Session& session) {
  const std::vector<storage::Account> accounts = storage::list_accounts(session);
  std::vector<ListedRole> roles;
  for (const storage::Role role :
       {storage::Role::reader, storage::Role::staff, storage::Role::records_manager, storage::Role::admin}) {
    const auto has_it = [&](const storage::Account& account) { return account.role == role; };
    const std::int64_t having = std::count_if(accounts.begin(), accounts.end(), has_it);
    roles.push_back({std::nullopt, std::nullopt, std::string(storage::role_name(role)), "", role, having});
  }
  for (const ComposedRole& role : storage::list_composed_roles(session)) {
    roles.push_back({role.id, role.version, role.name, role.description, role.role, role.accounts});
  }
  return roles;
}

Json role_json(const ListedRole& role) {
  return {{"id", nullable(role.id)},         {"version", nullable(role.version)},          {"name", role.name},
          {"description", role.description}, {"permissions", permissions_json(role.role)}, {"accounts", role.accounts}};
}

Json composed_json(storage::Session&, const ComposedRole& role) {
  return role_json({role.id, role.version, role.name, role.description, role.role, role.accounts});
}

ComposedRole require_role(storage::Session& session, std::int64_t id) {
  auto role = storage::find_composed_role(session, id);
  if (!role) throw Error(ErrorCode::not_found, "there is no such role");
  return std::move(*role);
}

std::vector<Permission> permissions_named(const std::vector<std::string>& names) {
  std::vector<Permission> permissions;
  for (const std::string& name : names) {
    const auto permission = storage::parse_permission(name);
    if (!permission) {
      throw Error(ErrorCode::invalid_argument, "there is no permission " + name,
                  {{"/permissions", "must be names of permissions, as the role admin lists them"}});
    }
    permissions.push_back(*permission);
  }
  return permissions;
}

void create_role(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  RoleContent content;
  content.name = body.text("name");
  content.description = body.maybe_text("description").value_or("");
  content.permissions = permissions_named(body.texts("permissions"));
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const ComposedRole role = require_role(tx, storage::create_role(tx, call.who, content));
  const Json json = composed_json(tx, role);
  tx.commit();
  send_created(call.http, "/api/v1/roles/" + std::to_string(role.id), role.version, json);
}

void change_role(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const auto name = body.maybe_text("name");
  const auto description = body.maybe_text("description");
  std::optional<std::vector<Permission>> permissions;
  if (body.has("permissions")) permissions = permissions_named(body.texts("permissions"));
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const ComposedRole before = require_role(tx, call.number("id"));
  RoleContent content{before.name, before.description, storage::permissions_of(before.role)};
  if (name) content.name = *name;
  if (description) content.description = *description;
  if (permissions) content.permissions = *permissions;
  storage::change_role(tx, call.who, before.id, version, content);
  const ComposedRole role = require_role(tx, before.id);
  const Json json = composed_json(tx, role);
  tx.commit();
  send_versioned(call.http, 200, role.version, json);
}

void delete_role(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  storage::delete_role(tx, call.who, call.number("id"), version);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

Json permissions_json(storage::Role role) {
  Json names = Json::array();
  for (const Permission permission : storage::permissions_of(role)) {
    names.push_back(storage::permission_name(permission));
  }
  return names;
}

Json permissions_json(const storage::Principal& who) {
  Json names = Json::array();
  for (const Permission permission : storage::kPermissions) {
    if (who.may(permission)) names.push_back(storage::permission_name(permission));
  }
  return names;
}

void add_roles(Router& router, Api& api) {
  const std::string one = "/api/v1/roles/{id}";
  router.add("GET", "/api/v1/roles", Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    send_matching(call, list_roles(session), role_json);
  });
  router.add("POST", "/api/v1/roles", Permission::manage_accounts, [&api](Call& call) { create_role(call, api); });
  router.add("GET", one, Permission::manage_accounts,
             [&api](Call& call) { send_one(call, api, require_role, composed_json); });
  router.add("PATCH", one, Permission::manage_accounts, [&api](Call& call) { change_role(call, api); });
  router.add("DELETE", one, Permission::manage_accounts, [&api](Call& call) { delete_role(call, api); });
}

}  // namespace muniment::webui::api
