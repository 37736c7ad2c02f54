// Who may do what. A role says which actions a person may take at all; an access list says on which documents. A
// document has exactly one access list: its own, or its folder's, or the nearest one up its class's line, or the first
// one, "Everyone". A list has a classification level (levels.h) and gives nothing to whose clearance is lower.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/token_scopes.h"
#include "storage/validity.h"

namespace muniment::storage {

enum class Role { reader, staff, records_manager, admin };

std::string_view role_name(Role role);  // "records-manager"
std::optional<Role> parse_role(std::string_view name);

enum class Permission {
  read_documents,    // search, look, download: where an access list allows it
  capture,           // bring documents in
  edit_documents,    // metadata, notes, corrected text, trash, restore: where an access list allows it
  share_documents,   // links for people without an account: where an access list allows reading
  manage_file_plan,  // classes and folders
  declare_records,   // make documents records
  manage_records,    // classify records anew, give them schedules, record events
  manage_schedules,
  handle_privacy,       // what people ask about themselves: search for them, weigh, erase, restrict
  manage_holds,         // place and release; see confidential ones
  propose_disposition,  // see what is due, put together batches, execute what others have approved
  approve_disposition,  // of what somebody else has proposed
  lend_paper,           // lend, take back, recall and move paper files
  manage_paper,         // places, labels, inventories, and the end of paper
  transfer_records,     // make packages to take away, and take in those of other archives
  manage_access,        // access lists, and which documents have which
  manage_accounts,      // people, groups
  read_audit,
  operate,  // status, jobs of everybody, reindex, verify, backup
};

bool allows(Role role, Permission permission);

inline constexpr std::int64_t kEveryoneList = 1;

// Who asks, with everything that decides what they may see. Made for one request; not kept, because rights change.
struct Principal {
  std::int64_t account_id = 0;  // 0: the owner of the data directory on the command line, or a part of the service
  std::string name;
  std::string display_name;
  Role role = Role::reader;
  std::string client;                    // where from, for the audit log
  std::vector<std::int64_t> readable;    // access lists, ascending
  std::vector<std::int64_t> changeable;  // those of them that also allow changes
  core::Date day{};                      // on which all this is so: rights begin and end
  std::int64_t clearance = 0;            // the highest level of a list that can be in `readable`

  // With a token that another account issued: who proposed could otherwise approve as somebody else.
  bool represented = false;
  std::shared_ptr<const Actor::Along> along = {};
  // Of the token that the request came with; who signs in has all.
  TokenScopes scopes = TokenScopes::all();

  bool is_system() const { return account_id == 0; }
  bool may(Permission permission) const {
    if (represented && permission == Permission::approve_disposition) return false;
    return scopes.has(scope_of(permission)) && (is_system() || allows(role, permission));
  }
  // The first of these that they have, for what each of them is enough for; the first of all when they have none. Not
  // empty.
  Permission first_of(std::span<const Permission> permissions) const;
  // For the documents of an access list; false without the role's permission too. Each right to do something to
  // documents is had by itself: whoever declares records need not be allowed to edit them.
  bool may_read(std::int64_t access_list) const;
  bool may_change(std::int64_t access_list, Permission by = Permission::edit_documents) const;
  Actor actor() const { return {account_id, client, along}; }

  // Each throws Error(forbidden) that says what is missing.
  void require(Permission permission) const;
  void require(TokenScope scope) const;
};

// Empty when there is no such account or it is disabled.
std::optional<Principal> load_principal(Session& session, std::int64_t account_id, std::string client);
// The same asker, by the same token, with the rights of now; empty when the account has gone or is disabled.
std::optional<Principal> with_rights_of_now(Session& session, const Principal& who);
// May do and see everything: for the owner of the machine and for the service's own work.
Principal system_principal(Session& session, std::string client);

struct AccessEntry {
  enum class Subject { everyone, account, group };
  Subject subject = Subject::everyone;
  std::int64_t subject_id = 0;  // 0 for everyone
  bool may_change = false;
  std::string subject_name = {};  // filled on reading
  Validity validity = {};         // an ended entry stays and gives nothing
  bool operator==(const AccessEntry&) const = default;
};

struct AccessList {
  std::int64_t id = 0;
  std::string name;
  std::int64_t version = 0;
  std::vector<AccessEntry> entries;
  std::int64_t level = 0;
};

std::vector<AccessList> list_access_lists(Session& session);
std::optional<AccessList> find_access_list(Session& session, std::int64_t id);
// Error(conflict) when the name is taken; Error(invalid_argument) for an unknown account, group or level, or days in
// the wrong order.
std::int64_t create_access_list(Transaction& tx, std::string_view name, const std::vector<AccessEntry>& entries,
                                std::int64_t level = 0);
// Takes effect at once for every document of the list, without touching the index. Error(stale) when `expected_version`
// is not the present one, Error(not_found); Error(conflict) for a level that would be lower than that of a place where
// the list is used, or higher than that of a list in such a place, and for another level than the lowest of "Everyone".
// Without a level it keeps its own.
void change_access_list(Transaction& tx, std::int64_t id, std::int64_t expected_version, std::string_view name,
                        const std::vector<AccessEntry>& entries, std::optional<std::int64_t> level = std::nullopt);

// Error(not_found), Error(stale); Error(conflict) while anything uses it, and always for "Everyone".
void delete_access_list(Transaction& tx, std::int64_t id, std::int64_t expected_version);

// The condition, in SQL, that a column is an access list that somebody may read, for counting and listing what is not
// read one by one. Parameter `first` is Principal::account_id, the next one Principal::day; the caller has made sure
// that they may read documents at all. With "+column" no index is looked for, where others are better.
std::string readable(std::string_view column, int first = 1);
// Likewise, that somebody may change what has that list.
std::string changeable(std::string_view column, int first = 1);
// Every access list that there is.
bool reads_everything(Session& session, const Principal& who);

// The access list that a document in this folder or class inherits.
std::int64_t inherited_access_list(Session& session, std::optional<std::int64_t> folder_id,
                                   std::optional<std::int64_t> class_id);
// Error(forbidden) unless somebody may change what is in the folder or class, by this right.
void require_may_file_in(Session& session, const Principal& who, std::optional<std::int64_t> folder_id,
                         std::optional<std::int64_t> class_id, Permission by = Permission::edit_documents);
// To be called after the list of a class or folder, or its place, changed: gives every inheriting document its list
// anew, queues those that changed for indexing and tells it in the history of each.
void refresh_inherited_access(Transaction& tx);

}  // namespace muniment::storage
