#include "storage/roles.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/sessions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kLongestRoleName = 100;
constexpr std::size_t kLongestRoleDescription = 1000;

void require_free_role_name(Session& session, const std::string& name, std::int64_t except) {
  const auto taken = find_composed_role(session, name);
  if (parse_role(core::fold_case(name)) || (taken && taken->id != except)) {
    throw Error(ErrorCode::conflict, "there is already a role with that name", {{"/name", "choose another"}});
  }
}

ComposedRole checked_role(Session& session, const RoleContent& content, std::int64_t except) {
  ComposedRole role;
  role.name = core::collapse_space(core::to_nfc(content.name));
  role.description = core::to_nfc(content.description);
  role.role = composed_of(content.permissions);
  if (role.name.empty() || role.name.size() > kLongestRoleName) {
    throw Error(ErrorCode::invalid_argument, "a role needs a name of 1 to 100 bytes", {{"/name", "1 to 100 bytes"}});
  }
  if (role.description.size() > kLongestRoleDescription) {
    throw Error(ErrorCode::invalid_argument, "a role's description may have at most 1000 bytes",
                {{"/description", "at most 1000 bytes"}});
  }
  require_free_role_name(session, role.name, except);
  return role;
}

std::string role_json(const ComposedRole& role) {
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (const Permission permission : permissions_of(role.role)) names.push_back(permission_name(permission));
  return nlohmann::ordered_json{
      {"name", role.name}, {"description", role.description}, {"permissions", std::move(names)}}
      .dump();
}

void write_permissions(Transaction& tx, std::int64_t id, Role role) {
  tx.execute("DELETE FROM composed_role_permission WHERE role_id = $1", id);
  for (const Permission permission : permissions_of(role)) {
    tx.execute("INSERT INTO composed_role_permission (role_id, permission) VALUES ($1, $2)", id,
               permission_name(permission));
  }
}

}  // namespace

std::string_view permission_name(Permission permission) {
  switch (permission) {
    case Permission::read_documents:
      return "read_documents";
    case Permission::capture:
      return "add_documents";
    case Permission::edit_documents:
      return "change_documents";
    case Permission::share_documents:
      return "share_documents";
    case Permission::manage_file_plan:
      return "manage_file_plan";
    case Permission::declare_records:
      return "declare_records";
    case Permission::manage_records:
      return "manage_records";
    case Permission::manage_schedules:
      return "manage_schedules";
    case Permission::handle_privacy:
      return "handle_privacy";
    case Permission::manage_holds:
      return "manage_holds";
    case Permission::propose_disposition:
      return "propose_disposition";
    case Permission::approve_disposition:
      return "approve_disposition";
    case Permission::lend_paper:
      return "lend_paper";
    case Permission::manage_paper:
      return "manage_paper";
    case Permission::transfer_records:
      return "transfer_records";
    case Permission::manage_access:
      return "manage_access";
    case Permission::manage_accounts:
      return "manage_accounts";
    case Permission::read_audit:
      return "read_audit";
    case Permission::operate:
      return "operate";
  }
  throw Error(ErrorCode::internal, "a permission has no name");
}

std::optional<Permission> parse_permission(std::string_view name) {
  for (const Permission permission : kPermissions) {
    if (permission_name(permission) == name) return permission;
  }
  return std::nullopt;
}

std::vector<Permission> permissions_of(Role role) {
  std::vector<Permission> permissions;
  for (const Permission permission : kPermissions) {
    if (allows(role, permission)) permissions.push_back(permission);
  }
  return permissions;
}

Role least_standing_role(Role role) {
  const std::vector<Permission> permissions = permissions_of(role);
  for (const Role standing : {Role::reader, Role::staff, Role::records_manager}) {
    const auto allowed = [&](Permission permission) { return allows(standing, permission); };
    if (std::all_of(permissions.begin(), permissions.end(), allowed)) return standing;
  }
  return Role::admin;
}

void require_all_of(const Principal& who, Role role) {
  for (const Permission permission : permissions_of(role)) {
    if (!who.may(permission)) {
      throw Error(ErrorCode::forbidden, "that role has a permission that you have not (" +
                                            std::string(permission_name(permission)) + "); ask somebody who has it");
    }
  }
}

std::vector<ComposedRole> list_composed_roles(Session& session) {
  std::vector<ComposedRole> roles;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM composed_role ORDER BY folded_name")) {
    if (auto role = find_composed_role(session, id)) roles.push_back(std::move(*role));
  }
  return roles;
}

std::optional<ComposedRole> find_composed_role(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::int64_t>(
      "SELECT version, name, description, (SELECT count(*) FROM account a WHERE a.composed_role_id = r.id) "
      "FROM composed_role r WHERE id = $1",
      id);
  if (!found) return std::nullopt;
  ComposedRole role;
  role.id = id;
  std::tie(role.version, role.name, role.description, role.accounts) = *found;
  std::vector<Permission> permissions;
  for (const auto& [name] :
       session.rows<std::string>("SELECT permission FROM composed_role_permission WHERE role_id = $1", id)) {
    // One that this version does not know allows nothing.
    if (const auto permission = parse_permission(name)) permissions.push_back(*permission);
  }
  role.role = composed_of(permissions);
  return role;
}

std::optional<ComposedRole> find_composed_role(Session& session, std::string_view name) {
  const auto id = session.value<std::int64_t>("SELECT id FROM composed_role WHERE folded_name = $1",
                                              core::fold_case(core::collapse_space(core::to_nfc(name))));
  return id ? find_composed_role(session, *id) : std::nullopt;
}

std::int64_t create_role(Transaction& tx, const Principal& who, const RoleContent& content) {
  const ComposedRole role = checked_role(tx, content, 0);
  require_all_of(who, role.role);
  const std::int64_t id = tx.insert("INSERT INTO composed_role (name, folded_name, description) VALUES ($1, $2, $3)",
                                    role.name, core::fold_case(role.name), role.description);
  write_permissions(tx, id, role.role);
  tx.audit({"role.created", "role", id, "", role_json(role)});
  return id;
}

void change_role(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                 const RoleContent& content) {
  const ComposedRole before = require_as_seen(find_composed_role(tx, id), expected_version, "role");
  const ComposedRole after = checked_role(tx, content, id);
  require_all_of(who, before.role);
  require_all_of(who, after.role);
  tx.execute(
      "UPDATE composed_role SET name = $1, folded_name = $2, description = $3, version = version + 1 WHERE id = $4",
      after.name, core::fold_case(after.name), after.description, id);
  if (after.role != before.role) {
    write_permissions(tx, id, after.role);
    for (const auto& [account] : tx.rows<std::int64_t>("SELECT id FROM account WHERE composed_role_id = $1", id)) {
      end_sessions_of(tx, account);
    }
  }
  tx.audit({"role.changed", "role", id, role_json(before), role_json(after)});
}

void delete_role(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  const ComposedRole before = require_as_seen(find_composed_role(tx, id), expected_version, "role");
  require_all_of(who, before.role);
  if (before.accounts > 0) {
    throw Error(ErrorCode::conflict, "accounts have this role (" + std::to_string(before.accounts) +
                                         ", disabled ones counted); give them another one first");
  }
  tx.execute("DELETE FROM composed_role WHERE id = $1", id);
  tx.audit({"role.deleted", "role", id, role_json(before), ""});
}

std::string role_name_of(Session& session, std::int64_t account_id) {
  return session
      .value<std::string>(
          "SELECT coalesce(r.name, a.role) FROM account a LEFT JOIN composed_role r ON r.id = a.composed_role_id "
          "WHERE a.id = $1",
          account_id)
      .value_or("");
}

}  // namespace muniment::storage
