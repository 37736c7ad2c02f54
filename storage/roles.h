// Roles that are composed of permissions, beside the four standing ones, which nobody can alter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

// Every permission, in the order in which they are told.
inline constexpr std::array kPermissions = {Permission::read_documents,
                                            Permission::capture,
                                            Permission::edit_documents,
                                            Permission::share_documents,
                                            Permission::manage_file_plan,
                                            Permission::declare_records,
                                            Permission::manage_records,
                                            Permission::manage_schedules,
                                            Permission::handle_privacy,
                                            Permission::manage_holds,
                                            Permission::propose_disposition,
                                            Permission::approve_disposition,
                                            Permission::transfer_records,
                                            Permission::lend_paper,
                                            Permission::manage_paper,
                                            Permission::manage_access,
                                            Permission::manage_accounts,
                                            Permission::read_audit,
                                            Permission::operate};

std::string_view permission_name(Permission permission);  // "manage_holds"
std::optional<Permission> parse_permission(std::string_view name);

// A composed role as a Role, which is what allows() and Principal ask: its value is a set of permissions, and none of
// the named four. read_documents is always among them: every role reads what the access lists let it.
Role composed_of(const std::vector<Permission>& permissions);
bool is_composed(Role role);
std::vector<Permission> permissions_of(Role role);
// The first of reader, staff, records-manager and admin, each of which allows what those before it do, that allows all
// that `role` does.
Role least_standing_role(Role role);

// Error(forbidden) when `role` allows something that `who` may not: to be called before giving somebody a role, and
// before changing the account of somebody who has one. So nobody gives, or takes over, more than their own.
void require_all_of(const Principal& who, Role role);

struct RoleContent {
  std::string name;         // 1 to 100 bytes, unique when case-folded, and no standing role's
  std::string description;  // for whom and for what; at most 1000 bytes
  std::vector<Permission> permissions;
};

struct ComposedRole {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string name;
  std::string description;
  Role role = Role::reader;
  std::int64_t accounts = 0;  // how many have it, disabled ones too
};

std::vector<ComposedRole> list_composed_roles(Session& session);  // by name
std::optional<ComposedRole> find_composed_role(Session& session, std::int64_t id);
std::optional<ComposedRole> find_composed_role(Session& session, std::string_view name);

// Each of these is recorded in the audit log. Error(forbidden) when the role has, or is to have, a permission that
// `who` lacks; Error(conflict) when the name is taken; Error(invalid_argument) for a bad name or description.
std::int64_t create_role(Transaction& tx, const Principal& who, const RoleContent& content);
// Takes effect with the next request of everybody who has it; other permissions end their sessions. Error(stale),
// Error(not_found).
void change_role(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                 const RoleContent& content);
// Error(stale), Error(not_found); Error(conflict) while an account has it.
void delete_role(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version);

// Gives an account a composed role in place of what it had; change_account gives it a standing one again. Errors and
// what follows as with change_account; Error(not_found) for an unknown role.
void give_composed_role(Transaction& tx, std::int64_t account_id, std::int64_t expected_version, std::int64_t role_id);

// What is shown of an account's role.
std::string role_name_of(Session& session, std::int64_t account_id);

}  // namespace muniment::storage
