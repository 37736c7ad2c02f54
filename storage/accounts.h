// The people who use the service: accounts, their passwords, groups and API tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "storage/access.h"
#include "storage/database.h"
#include "storage/validity.h"

namespace muniment::storage {

// Argon2id (RFC 9106, t = 3, m = 64 MiB, through libsodium). Thread-safe; at most two passwords are hashed at once, so
// that a flood of sign-ins cannot take all memory.
class PasswordHasher {
 public:
  struct Cost {
    unsigned long long operations;
    std::size_t memory_bytes;
  };
  static constexpr Cost kProductionCost{3, 64 * 1024 * 1024};

  explicit PasswordHasher(Cost cost = kProductionCost);
  ~PasswordHasher();

  // Throws Error(invalid_argument) for a password that is too short, too long or soon guessed by somebody who knows the
  // `names`: of the person whom it is for.
  static void require_acceptable(std::string_view password, std::span<const std::string> names = {});
  std::string hash(std::string_view password);
  // Takes as long for an empty `hash` (an unknown account) as for a wrong password.
  bool verify(std::string_view password, const std::string& hash);
  // Whether `hash` was made at another cost than that of this one.
  bool is_outdated(const std::string& hash) const;

  // What was hashed and compared so far.
  struct Work {
    std::int64_t done = 0;
    int most_at_once = 0;
  };
  Work work() const;

 private:
  struct State;
  class Place;
  std::unique_ptr<State> state_;
};

struct Account {
  std::int64_t id = 0;
  std::string name;
  std::string display_name;
  Role role = Role::reader;
  std::int64_t clearance = 0;  // the highest level (levels.h) of what it can read
  std::string language;
  bool disabled = false;
  bool has_password = false;
  core::Time created_at;
  std::int64_t version = 0;
  std::vector<std::int64_t> groups;  // that it is in today
};

struct NewAccount {
  std::string name;          // 1 to 100 bytes, no white space around, unique when case-folded
  std::string display_name;  // empty: the name
  Role role = Role::reader;
  std::string password_hash;  // empty: cannot sign in with a password
};

std::int64_t account_count(Session& session);
std::vector<Account> list_accounts(Session& session);
std::optional<Account> find_account(Session& session, std::int64_t id);
std::optional<Account> find_account(Session& session, std::string_view name);
// Error(conflict) when the name is taken, Error(invalid_argument) for a bad name.
std::int64_t create_account(Transaction& tx, const NewAccount& account);

struct AccountChange {
  std::optional<std::string> display_name;
  std::optional<Role> role;
  std::optional<std::int64_t> clearance;
  std::optional<std::string> language;
  std::optional<bool> disabled;
  std::optional<std::string> password_hash;
};
// Error(stale), Error(not_found), Error(invalid_argument) for an unknown clearance; Error(conflict) when nobody would
// be left who may manage accounts. A changed password, role or disabled flag ends the account's sessions; disabling
// also revokes its tokens.
void change_account(Transaction& tx, std::int64_t id, std::int64_t expected_version, const AccountChange& change);
// Whoever could change the account of somebody who may do or see more could sign in as that somebody. Error(forbidden).
void require_no_less_than(const Principal& who, const Account& account);
// The stored hash, or empty for an unknown or disabled account; for PasswordHasher::verify.
struct PasswordRecord {
  std::int64_t account_id = 0;  // 0: unknown
  std::string hash;
};
PasswordRecord find_password(Session& session, std::string_view name);
// The same password, hashed anew; nothing else changes. Without effect when the password has been changed since.
void renew_password_hash(Transaction& tx, const PasswordRecord& before, std::string_view hash);

struct Membership {
  std::int64_t account_id = 0;
  Validity validity = {};  // an ended membership stays and gives nothing
  bool operator==(const Membership&) const = default;
};
struct Group {
  std::int64_t id = 0;
  std::string name;
  std::int64_t version = 0;
  std::vector<Membership> members;  // by account id, ascending
};
std::vector<Group> list_groups(Session& session);
std::optional<Group> find_group(Session& session, std::int64_t id);
std::int64_t create_group(Transaction& tx, std::string_view name, const std::vector<std::int64_t>& members);
void rename_group(Transaction& tx, std::int64_t id, std::int64_t expected_version, std::string_view name);
// Doing it twice is not an error; a member is given another time to be one. Error(not_found) for an unknown group or
// account, Error(invalid_argument) for days in the wrong order.
void add_member(Transaction& tx, std::int64_t group, std::int64_t account, const Validity& validity = {});
void remove_member(Transaction& tx, std::int64_t group, std::int64_t account);
// Error(conflict) while an access list names the group.
void delete_group(Transaction& tx, std::int64_t id);

// How long a token works at most: to the end of that day. The same day of the next year is 366 days ahead where a 29
// February lies between.
inline constexpr std::chrono::days kLongestTokenLife{366};

struct ApiToken {
  std::int64_t id = 0;
  std::string name;
  TokenScopes scopes;
  core::Time created_at;
  std::optional<core::Time> expires_at;  // empty: one of an older version, until limit_token_lives
  std::optional<core::Time> last_used_at;
};
std::vector<ApiToken> list_tokens(Session& session, std::int64_t account_id);
struct IssuedToken {
  std::int64_t id = 0;
  std::string secret;  // "mun_..." : shown once, only its SHA-256 is kept
};
// Error(invalid_argument) for a bad name, or an end that is past or later than the longest life, which a token has
// without.
IssuedToken issue_token(Transaction& tx, core::Random& random, std::int64_t account_id, std::string_view name,
                        std::optional<core::Time> expires_at, TokenScopes scopes = TokenScopes::all());
// Gives what older versions issued with a longer life, or an endless one, the longest from now on. Writes nothing when
// there is none.
void limit_token_lives(Transaction& tx);
// False when the account has no such token.
bool revoke_token(Transaction& tx, std::int64_t account_id, std::int64_t token_id);
struct TokenOwner {
  std::int64_t token_id = 0;
  std::int64_t account_id = 0;
  TokenScopes scopes;
  bool use_is_due = false;  // note_token_use would write
  // Another account than its own: it approves nothing then (Principal::represented).
  std::optional<std::int64_t> issued_by;
};
// Empty for an unknown, revoked or expired token.
std::optional<TokenOwner> find_token(Session& session, std::string_view secret, core::Time now);
// Notes the use, at most once an hour.
void note_token_use(Transaction& tx, std::int64_t token_id);

}  // namespace muniment::storage
