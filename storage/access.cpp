#include "storage/access.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/day.h"
#include "storage/index_queue.h"
#include "storage/levels.h"
#include "storage/roles.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

std::string_view subject_name(AccessEntry::Subject subject) {
  switch (subject) {
    case AccessEntry::Subject::everyone:
      return "everyone";
    case AccessEntry::Subject::account:
      return "account";
    case AccessEntry::Subject::group:
      return "group";
  }
  return "everyone";
}

AccessEntry::Subject parse_subject(std::string_view name) {
  if (name == "account") return AccessEntry::Subject::account;
  if (name == "group") return AccessEntry::Subject::group;
  return AccessEntry::Subject::everyone;
}

// In the value of a Role that is composed; the other bits say of which permissions.
constexpr int kComposed = 1 << 30;

constexpr int bit_of(Permission permission) {
  return 1 << static_cast<int>(permission);
}

std::string_view permission_words(Permission permission) {
  switch (permission) {
    case Permission::read_documents:
      return "read documents";
    case Permission::capture:
      return "bring in documents";
    case Permission::edit_documents:
      return "change documents";
    case Permission::share_documents:
      return "share documents by a link";
    case Permission::manage_file_plan:
      return "change the file plan";
    case Permission::declare_records:
      return "declare records";
    case Permission::manage_records:
      return "change how records are classified and kept";
    case Permission::manage_schedules:
      return "change retention schedules";
    case Permission::handle_privacy:
      return "answer what people ask about themselves";
    case Permission::manage_holds:
      return "place and release holds";
    case Permission::propose_disposition:
      return "propose dispositions";
    case Permission::approve_disposition:
      return "approve dispositions";
    case Permission::lend_paper:
      return "lend and move paper files";
    case Permission::manage_paper:
      return "manage places and paper files";
    case Permission::transfer_records:
      return "make packages of records or take them in";
    case Permission::manage_access:
      return "change access lists";
    case Permission::manage_accounts:
      return "manage accounts";
    case Permission::read_audit:
      return "read the audit log";
    case Permission::operate:
      return "operate the service";
  }
  return "do this";
}

std::string as_json(const AccessList& list) {
  nlohmann::ordered_json json{{"name", list.name}, {"level", list.level}, {"entries", nlohmann::ordered_json::array()}};
  for (const AccessEntry& entry : list.entries) {
    nlohmann::ordered_json one{
        {"subject", subject_name(entry.subject)}, {"subject_id", entry.subject_id}, {"may_change", entry.may_change}};
    if (entry.validity.first_day) one["first_day"] = core::to_iso(*entry.validity.first_day);
    if (entry.validity.last_day) one["last_day"] = core::to_iso(*entry.validity.last_day);
    json["entries"].push_back(std::move(one));
  }
  return json.dump();
}

void write_entries(Transaction& tx, std::int64_t list, const std::vector<AccessEntry>& entries) {
  tx.execute("DELETE FROM access_entry WHERE access_list_id = $1", list);
  for (const AccessEntry& entry : entries) {
    const bool known = entry.subject == AccessEntry::Subject::everyone
                           ? entry.subject_id == 0
                           : tx.value<std::int64_t>(entry.subject == AccessEntry::Subject::account
                                                        ? "SELECT id FROM account WHERE id = $1"
                                                        : "SELECT id FROM account_group WHERE id = $1",
                                                    entry.subject_id)
                                 .has_value();
    if (!known) {
      throw Error(ErrorCode::invalid_argument,
                  "there is no " + std::string(subject_name(entry.subject)) + " " + std::to_string(entry.subject_id),
                  {{"/entries", "each entry names everyone (subject_id 0), an existing account or an existing group"}});
    }
    require_in_order(entry.validity, "/entries");
    tx.execute(
        "INSERT INTO access_entry (access_list_id, subject, subject_id, may_change, first_day, last_day) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (access_list_id, subject, subject_id) DO UPDATE SET "
        "may_change = excluded.may_change, first_day = excluded.first_day, last_day = excluded.last_day",
        list, subject_name(entry.subject), entry.subject_id, entry.may_change, entry.validity.first_day,
        entry.validity.last_day);
  }
}

std::string checked_name(Session& session, std::string_view name, std::int64_t except) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (clean.empty() || clean.size() > 200) {
    throw Error(ErrorCode::invalid_argument, "an access list needs a name of 1 to 200 bytes",
                {{"/name", "1 to 200 bytes"}});
  }
  const auto taken = session.value<std::int64_t>("SELECT id FROM access_list WHERE name = $1", clean);
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "there is already an access list with that name", {{"/name", "choose another"}});
  }
  return clean;
}

// That an entry names the account of that parameter, is in force on the day of that one, and stands on a list that its
// clearance is enough for.
std::string named_on(const std::string& account, const std::string& day) {
  return "access_list_id IN (SELECT l.id FROM access_list l JOIN account a ON a.clearance >= l.level WHERE a.id = " +
         account + ") AND (subject = 'everyone' OR (subject = 'account' AND subject_id = " + account +
         ") OR (subject = 'group' AND subject_id IN (SELECT group_id FROM group_member WHERE account_id = " + account +
         " AND " + in_force_on(day) + "))) AND " + in_force_on(day);
}

std::string among(std::string_view column, int first, std::string_view entries) {
  const std::string account = "$" + std::to_string(first);
  return std::string(column) + " IN (SELECT id FROM access_list WHERE " + account +
         " = 0 UNION SELECT access_list_id FROM access_entry WHERE " + std::string(entries) +
         named_on(account, "$" + std::to_string(first + 1)) + ")";
}

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::reader:
      return "reader";
    case Role::staff:
      return "staff";
    case Role::records_manager:
      return "records-manager";
    case Role::admin:
      return "admin";
  }
  return "composed";
}

std::optional<Role> parse_role(std::string_view name) {
  for (const Role role : {Role::reader, Role::staff, Role::records_manager, Role::admin}) {
    if (role_name(role) == name) return role;
  }
  return std::nullopt;
}

Role composed_of(const std::vector<Permission>& permissions) {
  int bits = kComposed | bit_of(Permission::read_documents);
  for (const Permission permission : permissions) bits |= bit_of(permission);
  return static_cast<Role>(bits);
}

bool is_composed(Role role) {
  return (static_cast<int>(role) & kComposed) != 0;
}

bool allows(Role role, Permission permission) {
  if (is_composed(role)) return (static_cast<int>(role) & bit_of(permission)) != 0;
  switch (permission) {
    case Permission::read_documents:
      return true;
    case Permission::capture:
    case Permission::edit_documents:
    case Permission::share_documents:
    case Permission::declare_records:
    case Permission::lend_paper:
      return role != Role::reader;
    case Permission::manage_file_plan:
    case Permission::manage_records:
    case Permission::manage_schedules:
    case Permission::handle_privacy:
    case Permission::manage_holds:
    case Permission::propose_disposition:
    case Permission::approve_disposition:
    case Permission::manage_paper:
    case Permission::transfer_records:
    case Permission::manage_access:
    case Permission::read_audit:
      return role == Role::records_manager || role == Role::admin;
    case Permission::manage_accounts:
    case Permission::operate:
      return role == Role::admin;
  }
  return false;
}

Permission Principal::first_of(std::span<const Permission> permissions) const {
  const auto found = std::ranges::find_if(permissions, [this](Permission permission) { return may(permission); });
  return found == permissions.end() ? permissions.front() : *found;
}

bool Principal::may_read(std::int64_t access_list) const {
  return may(Permission::read_documents) && std::binary_search(readable.begin(), readable.end(), access_list);
}

bool Principal::may_change(std::int64_t access_list, Permission by) const {
  return may(by) && std::binary_search(changeable.begin(), changeable.end(), access_list);
}

void Principal::require(TokenScope scope) const {
  if (scopes.has(scope)) return;
  throw Error(ErrorCode::forbidden,
              "this token has not the scope " + std::string(scope_name(scope)) + "; make one that has it");
}

void Principal::require(Permission permission) const {
  if (may(permission)) return;
  if (is_system() || allows(role, permission)) require(scope_of(permission));
  if (represented && allows(role, permission)) {
    throw Error(ErrorCode::forbidden, "a token that somebody else issued may not " +
                                          std::string(permission_words(permission)) +
                                          "; sign in, or issue one yourself");
  }
  const std::string named = is_composed(role) ? "" : " (" + std::string(role_name(role)) + ")";
  throw Error(ErrorCode::forbidden,
              "your role" + named + " may not " + std::string(permission_words(permission)) + "; ask an administrator");
}

std::optional<Principal> load_principal(Session& session, std::int64_t account_id, std::string client) {
  const auto account = session.row<std::string, std::string, std::string, std::optional<std::int64_t>, std::int64_t>(
      "SELECT name, display_name, role, composed_role_id, clearance FROM account WHERE id = $1 AND disabled = 0",
      account_id);
  if (!account) return std::nullopt;
  const auto& [name, display_name, standing, composed, clearance] = *account;
  const Role role = composed ? find_composed_role(session, *composed).value().role : parse_role(standing).value();
  Principal principal{account_id,        name, display_name, role,
                      std::move(client), {},   {},           today(session, session.clock().now()),
                      clearance,         false};
  const auto lists =
      session.rows<std::int64_t, bool>("SELECT access_list_id, max(may_change) FROM access_entry WHERE " +
                                           named_on("$1", "$2") + " GROUP BY access_list_id ORDER BY access_list_id",
                                       account_id, principal.day);
  for (const auto& [list, may_change] : lists) {
    principal.readable.push_back(list);
    if (may_change) principal.changeable.push_back(list);
  }
  return principal;
}

std::optional<Principal> with_rights_of_now(Session& session, const Principal& who) {
  auto now =
      who.is_system() ? system_principal(session, who.client) : load_principal(session, who.account_id, who.client);
  if (!now) return std::nullopt;
  now->represented = who.represented;
  now->scopes = who.scopes;
  return now;
}

Principal system_principal(Session& session, std::string client) {
  Principal principal{0,
                      "system",
                      "System",
                      Role::admin,
                      std::move(client),
                      {},
                      {},
                      today(session, session.clock().now()),
                      kHighestLevel,
                      false};
  for (const auto& [list] : session.rows<std::int64_t>("SELECT id FROM access_list ORDER BY id")) {
    principal.readable.push_back(list);
  }
  principal.changeable = principal.readable;
  return principal;
}

std::vector<AccessList> list_access_lists(Session& session) {
  std::vector<AccessList> lists;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM access_list ORDER BY name, id")) {
    if (auto list = find_access_list(session, id)) lists.push_back(std::move(*list));
  }
  return lists;
}

std::optional<AccessList> find_access_list(Session& session, std::int64_t id) {
  const auto found = session.row<std::string, std::int64_t, std::int64_t>(
      "SELECT name, version, level FROM access_list WHERE id = $1", id);
  if (!found) return std::nullopt;
  AccessList list{id, std::get<0>(*found), std::get<1>(*found), {}, std::get<2>(*found)};
  const auto entries = session.rows<std::string, std::int64_t, bool, std::optional<std::string>,
                                    std::optional<core::Date>, std::optional<core::Date>>(
      "SELECT e.subject, e.subject_id, e.may_change, coalesce(a.display_name, g.name), e.first_day, e.last_day "
      "FROM access_entry e "
      "LEFT JOIN account a ON e.subject = 'account' AND a.id = e.subject_id "
      "LEFT JOIN account_group g ON e.subject = 'group' AND g.id = e.subject_id "
      "WHERE e.access_list_id = $1 ORDER BY e.subject, e.subject_id",
      id);
  for (const auto& [subject, subject_id, may_change, name, first_day, last_day] : entries) {
    list.entries.push_back({parse_subject(subject), subject_id, may_change, name.value_or(""), {first_day, last_day}});
  }
  return list;
}

std::int64_t create_access_list(Transaction& tx, std::string_view name, const std::vector<AccessEntry>& entries,
                                std::int64_t level) {
  AccessList list{0, checked_name(tx, name, 0), 1, entries, level};
  require_level(tx, level, "/level");
  list.id = tx.insert("INSERT INTO access_list (name, level) VALUES ($1, $2)", list.name, level);
  write_entries(tx, list.id, entries);
  tx.audit({"access_list.created", "access_list", list.id, "", as_json(list)});
  return list.id;
}

void change_access_list(Transaction& tx, std::int64_t id, std::int64_t expected_version, std::string_view name,
                        const std::vector<AccessEntry>& entries, std::optional<std::int64_t> level) {
  const auto before = require_as_seen(find_access_list(tx, id), expected_version, "access list");
  const AccessList after{id, checked_name(tx, name, id), before.version + 1, entries, level.value_or(before.level)};
  require_level(tx, after.level, "/level");
  if (id == kEveryoneList && after.level > 0) {
    throw Error(ErrorCode::conflict, "this list holds where nothing else is said, and stays at the lowest level",
                {{"/level", "give classes a list of their own"}});
  }
  tx.execute("UPDATE access_list SET name = $1, level = $2, version = version + 1 WHERE id = $3", after.name,
             after.level, id);
  write_entries(tx, id, entries);
  tx.audit({"access_list.changed", "access_list", id, as_json(before), as_json(after)});
}

void delete_access_list(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const auto before = require_as_seen(find_access_list(tx, id), expected_version, "access list");
  const bool used =
      id == kEveryoneList || tx.value<std::int64_t>(
                                   "SELECT count(*) FROM (SELECT 1 FROM document WHERE access_list_id = $1 "
                                   "OR own_access_list_id = $1 UNION ALL SELECT 1 FROM class WHERE access_list_id = $1 "
                                   "UNION ALL SELECT 1 FROM folder WHERE access_list_id = $1 "
                                   "UNION ALL SELECT 1 FROM tombstone WHERE access_list_id = $1) AS uses",
                                   id)
                                     .value() > 0;
  if (used) {
    throw Error(ErrorCode::conflict,
                "this access list is in use; give what uses it another one first (what was destroyed keeps its own)");
  }
  tx.execute("DELETE FROM access_list WHERE id = $1", id);
  tx.audit({"access_list.deleted", "access_list", id, as_json(before), ""});
}

std::string readable(std::string_view column, int first) {
  return among(column, first, "");
}

std::string changeable(std::string_view column, int first) {
  return among(column, first, "may_change = 1 AND ");
}

bool reads_everything(Session& session, const Principal& who) {
  return who.may(Permission::read_documents) &&
         session.value<std::int64_t>("SELECT count(*) FROM access_list") == std::ssize(who.readable);
}

std::int64_t inherited_access_list(Session& session, std::optional<std::int64_t> folder_id,
                                   std::optional<std::int64_t> class_id) {
  if (folder_id) {
    const auto folder = session.row<std::optional<std::int64_t>, std::int64_t>(
        "SELECT access_list_id, class_id FROM folder WHERE id = $1", *folder_id);
    if (folder && std::get<0>(*folder)) return *std::get<0>(*folder);
    if (folder) class_id = std::get<1>(*folder);
  }
  if (!class_id) return kEveryoneList;
  const auto list = session.value<std::int64_t>(
      "WITH RECURSIVE line (id, parent_id, list, depth) AS ("
      "  SELECT id, parent_id, access_list_id, 0 FROM class WHERE id = $1"
      "  UNION ALL SELECT c.id, c.parent_id, c.access_list_id, depth + 1 FROM class c JOIN line ON c.id = "
      "line.parent_id)"
      "SELECT list FROM line WHERE list IS NOT NULL ORDER BY depth LIMIT 1",
      *class_id);
  return list.value_or(kEveryoneList);
}

void require_may_file_in(Session& session, const Principal& who, std::optional<std::int64_t> folder_id,
                         std::optional<std::int64_t> class_id, Permission by) {
  if (who.may_change(inherited_access_list(session, folder_id, class_id), by)) return;
  throw Error(ErrorCode::forbidden, "you may not file documents there");
}

void refresh_inherited_access(Transaction& tx) {
  const auto places = tx.rows<std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT DISTINCT folder_id, class_id FROM document WHERE own_access_list_id IS NULL");
  for (const auto& [folder_id, class_id] : places) {
    const std::int64_t list = inherited_access_list(tx, folder_id, class_id);
    const auto changed = tx.rows<std::int64_t, std::int64_t>(
        "SELECT id, access_list_id FROM document WHERE own_access_list_id IS NULL AND folder_id IS NOT DISTINCT FROM "
        "$1 AND class_id IS NOT DISTINCT FROM $2 AND access_list_id <> $3",
        folder_id, class_id, list);
    for (const auto& [id, before] : changed) {
      tx.execute("UPDATE document SET access_list_id = $1, version = version + 1 WHERE id = $2", list, id);
      queue_for_indexing(tx, id);
      const auto described = [](std::int64_t one) {
        return nlohmann::ordered_json{{"inherited_access_list", one}}.dump();
      };
      tx.audit({"document.access_inherited", "document", id, described(before), described(list)});
    }
  }
}

}  // namespace muniment::storage
