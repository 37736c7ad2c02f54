#include "storage/accounts.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <semaphore>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/check_outs.h"
#include "storage/day.h"
#include "storage/guessable_passwords.h"
#include "storage/levels.h"
#include "storage/restored_access.h"
#include "storage/roles.h"
#include "storage/sessions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kShortestPassword = 12;
constexpr std::size_t kLongestPassword = 128;
constexpr std::chrono::hours kTokenUseEvery{1};

std::string checked_name(std::string_view name, std::string_view what) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (clean.empty() || clean.size() > 100) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " needs a name of 1 to 100 bytes",
                {{"/name", "1 to 100 bytes"}});
  }
  return clean;
}

// A station's secret lets a device scan, and nobody sign in as it.
void require_no_station(Session& session, std::int64_t account_id) {
  if (session.value<std::int64_t>("SELECT count(*) FROM scan_station WHERE account_id = $1", account_id).value() > 0) {
    throw Error(ErrorCode::conflict, "this account is a scan station's; a person needs an account of their own");
  }
}

std::string token_hash(std::string_view secret) {
  return core::Sha256::of(secret).hex();
}

nlohmann::ordered_json as_json(const Account& account, const std::string& role) {
  return {{"name", account.name},           {"display_name", account.display_name}, {"role", role},
          {"clearance", account.clearance}, {"language", account.language},         {"disabled", account.disabled}};
}

Account require_version_of_account(Session& session, std::int64_t id, std::int64_t expected_version) {
  return require_as_seen(find_account(session, id), expected_version, "account");
}

void require_an_administrator(Session& session) {
  const auto left =
      session.value<std::int64_t>("SELECT count(*) FROM account WHERE role = 'admin' AND disabled = 0").value();
  if (left == 0) {
    throw Error(ErrorCode::conflict, "this is the last administrator; make somebody else an administrator first");
  }
}

std::string group_json(std::string_view name, const std::vector<Membership>& members) {
  nlohmann::ordered_json json{{"name", name}, {"members", nlohmann::ordered_json::array()}};
  for (const Membership& member : members) {
    json["members"].push_back(member.account_id);
    if (!member.validity.is_limited()) continue;
    nlohmann::ordered_json limited{{"account_id", member.account_id}};
    if (member.validity.first_day) limited["first_day"] = core::to_iso(*member.validity.first_day);
    if (member.validity.last_day) limited["last_day"] = core::to_iso(*member.validity.last_day);
    json["limited"].push_back(std::move(limited));
  }
  return json.dump();
}

std::string checked_group_name(Session& session, std::string_view name, std::int64_t except) {
  std::string clean = checked_name(name, "a group");
  const auto taken =
      session.value<std::int64_t>("SELECT id FROM account_group WHERE folded_name = $1", core::fold_case(clean));
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "there is already a group with that name", {{"/name", "choose another"}});
  }
  return clean;
}

void audit_group(Transaction& tx, const Group& before) {
  const Group after = find_group(tx, before.id).value();
  tx.audit({"group.changed", "group", before.id, group_json(before.name, before.members),
            group_json(after.name, after.members)});
}

}  // namespace

struct PasswordHasher::State {
  explicit State(Cost of) : cost(of) {}
  Cost cost;
  std::counting_semaphore<2> places{2};
  std::string nobody;  // the hash that no password has, at this cost
  mutable std::mutex work_mutex;
  int at_work = 0;
  Work work;
};

// A place among those that hash, for as long as it lives.
class PasswordHasher::Place {
 public:
  explicit Place(State& state) : state_(state) {
    state_.places.acquire();
    const std::lock_guard lock(state_.work_mutex);
    state_.work.most_at_once = std::max(state_.work.most_at_once, ++state_.at_work);
  }
  ~Place() {
    {
      const std::lock_guard lock(state_.work_mutex);
      --state_.at_work;
      ++state_.work.done;
    }
    state_.places.release();
  }
  Place(const Place&) = delete;

 private:
  State& state_;
};

PasswordHasher::PasswordHasher(Cost cost) : state_(std::make_unique<State>(cost)) {
  if (sodium_init() < 0) throw Error(ErrorCode::internal, "libsodium could not be started");
  // Salt and hash are zeros, so that no start waits for a hash to be made.
  state_->nobody = "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
                   ",t=" + std::to_string(cost.operations) + ",p=1$" + std::string(22, 'A') + "$" +
                   std::string(43, 'A');
  if (is_outdated(state_->nobody)) throw Error(ErrorCode::internal, "libsodium writes hashes of passwords otherwise");
}

PasswordHasher::~PasswordHasher() = default;

void PasswordHasher::require_acceptable(std::string_view password, std::span<const std::string> names) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, why, {{"/password", why}});
  };
  if (password.size() < kShortestPassword)
    refuse("a password needs at least 12 characters; a few words make a good one");
  if (password.size() > kLongestPassword) refuse("a password may have at most 128 bytes");
  if (is_guessable(password, names)) {
    refuse("this password is soon guessed: common words, names, years, keys side by side; choose another");
  }
}

std::string PasswordHasher::hash(std::string_view password) {
  const Place place(*state_);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), state_->cost.operations,
                        state_->cost.memory_bytes) != 0) {
    throw Error(ErrorCode::unavailable, "too little memory to check a password; try again");
  }
  return out.data();
}

bool PasswordHasher::verify(std::string_view password, const std::string& hash) {
  const Place place(*state_);
  const std::string& against = hash.empty() ? state_->nobody : hash;
  const bool same = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

bool PasswordHasher::is_outdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), state_->cost.operations, state_->cost.memory_bytes) != 0;
}

PasswordHasher::Work PasswordHasher::work() const {
  const std::lock_guard lock(state_->work_mutex);
  return state_->work;
}

std::int64_t account_count(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM account").value();
}

std::vector<Account> list_accounts(Session& session) {
  std::vector<Account> accounts;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM account ORDER BY folded_name")) {
    accounts.push_back(find_account(session, id).value());
  }
  return accounts;
}

std::optional<Account> find_account(Session& session, std::int64_t id) {
  const auto found = session.row<std::string, std::string, std::string, std::optional<std::int64_t>, std::int64_t,
                                 std::string, bool, bool, core::Time, std::int64_t>(
      "SELECT name, display_name, role, composed_role_id, clearance, language, disabled, password_hash IS NOT NULL, "
      "created_at, version FROM account WHERE id = $1",
      id);
  if (!found) return std::nullopt;
  Account account;
  std::string role;
  std::optional<std::int64_t> composed;
  account.id = id;
  std::tie(account.name, account.display_name, role, composed, account.clearance, account.language, account.disabled,
           account.has_password, account.created_at, account.version) = *found;
  account.role = composed ? find_composed_role(session, *composed).value().role : parse_role(role).value();
  for (const auto& [group] : session.rows<std::int64_t>(
           "SELECT group_id FROM group_member WHERE account_id = $1 AND " + in_force_on("$2") + " ORDER BY group_id",
           id, today(session, session.clock().now()))) {
    account.groups.push_back(group);
  }
  return account;
}

std::optional<Account> find_account(Session& session, std::string_view name) {
  const auto id = session.value<std::int64_t>("SELECT id FROM account WHERE folded_name = $1",
                                              core::fold_case(core::collapse_space(core::to_nfc(name))));
  return id ? find_account(session, *id) : std::nullopt;
}

std::int64_t create_account(Transaction& tx, const NewAccount& account) {
  const std::string name = checked_name(account.name, "an account");
  if (find_account(tx, name)) {
    throw Error(ErrorCode::conflict, "there is already an account with that name", {{"/name", "choose another"}});
  }
  const std::string display_name = core::collapse_space(core::to_nfc(account.display_name));
  const std::int64_t id = tx.insert(
      "INSERT INTO account (name, folded_name, display_name, role, password_hash, created_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      name, core::fold_case(name), display_name.empty() ? name : display_name, role_name(account.role),
      account.password_hash.empty() ? std::nullopt : std::optional(account.password_hash), tx.now());
  tx.audit({"account.created", "account", id, "", as_json(find_account(tx, id).value(), role_name_of(tx, id)).dump()});
  return id;
}

void change_account(Transaction& tx, std::int64_t id, std::int64_t expected_version, const AccountChange& change) {
  const Account before = require_version_of_account(tx, id, expected_version);
  if (change.password_hash) require_no_station(tx, id);
  Account after = before;
  if (change.display_name) after.display_name = core::collapse_space(core::to_nfc(*change.display_name));
  if (after.display_name.empty()) after.display_name = after.name;
  if (change.role) after.role = *change.role;
  if (change.clearance) after.clearance = *change.clearance;
  if (change.clearance) require_level(tx, after.clearance, "/clearance");
  if (change.language) after.language = *change.language;
  if (change.disabled) after.disabled = *change.disabled;
  const bool still_suspended = !change.disabled && is_suspended(tx, id);
  const std::string role_before = role_name_of(tx, id);
  tx.execute(
      "UPDATE account SET display_name = $1, clearance = $2, language = $3, disabled = $4, "
      "suspended_at = CASE WHEN $5 THEN suspended_at ELSE NULL END, version = version + 1 WHERE id = $6",
      after.display_name, after.clearance, after.language, after.disabled, still_suspended, id);
  if (change.role) {
    tx.execute("UPDATE account SET role = $1, composed_role_id = NULL WHERE id = $2", role_name(*change.role), id);
  }
  if (change.password_hash)
    tx.execute("UPDATE account SET password_hash = $1 WHERE id = $2", *change.password_hash, id);
  if (change.password_hash || after.role != before.role || after.disabled != before.disabled) {
    end_sessions_of(tx, id);
  }
  if (after.disabled && !still_suspended) {
    tx.execute("DELETE FROM api_token WHERE account_id = $1", id);
    tx.execute("DELETE FROM scan_station WHERE account_id = $1", id);
    end_check_outs_of(tx, id);
  }
  const bool was_administrator = before.role == Role::admin && !before.disabled;
  if (was_administrator && (after.role != Role::admin || after.disabled)) require_an_administrator(tx);
  auto json = as_json(after, role_name_of(tx, id));
  if (change.password_hash) json["password"] = "changed";
  tx.audit({"account.changed", "account", id, as_json(before, role_before).dump(), json.dump()});
}

void require_no_less_than(const Principal& who, const Account& account) {
  require_all_of(who, account.role);
  require_cleared(who, account.clearance);
}

void give_composed_role(Transaction& tx, std::int64_t account_id, std::int64_t expected_version, std::int64_t role_id) {
  if (!find_composed_role(tx, role_id)) throw Error(ErrorCode::not_found, "there is no such role");
  const Account before = require_version_of_account(tx, account_id, expected_version);
  const auto json_before = as_json(before, role_name_of(tx, account_id));
  tx.execute("UPDATE account SET role = 'reader', composed_role_id = $1, version = version + 1 WHERE id = $2", role_id,
             account_id);
  end_sessions_of(tx, account_id);
  if (before.role == Role::admin && !before.disabled) require_an_administrator(tx);
  const Account after = find_account(tx, account_id).value();
  tx.audit({"account.changed", "account", account_id, json_before.dump(),
            as_json(after, role_name_of(tx, account_id)).dump()});
}

PasswordRecord find_password(Session& session, std::string_view name) {
  const auto found = session.row<std::int64_t, std::optional<std::string>>(
      "SELECT id, password_hash FROM account WHERE folded_name = $1 AND disabled = 0",
      core::fold_case(core::collapse_space(core::to_nfc(name))));
  if (!found) return {};
  return {std::get<0>(*found), std::get<1>(*found).value_or("")};
}

void renew_password_hash(Transaction& tx, const PasswordRecord& before, std::string_view hash) {
  tx.execute("UPDATE account SET password_hash = $1 WHERE id = $2 AND password_hash = $3", hash, before.account_id,
             before.hash);
}

std::vector<Group> list_groups(Session& session) {
  std::vector<Group> groups;
  for (const auto& [id] : session.rows<std::int64_t>("SELECT id FROM account_group ORDER BY folded_name")) {
    if (auto group = find_group(session, id)) groups.push_back(std::move(*group));
  }
  return groups;
}

std::optional<Group> find_group(Session& session, std::int64_t id) {
  const auto found =
      session.row<std::string, std::int64_t>("SELECT name, version FROM account_group WHERE id = $1", id);
  if (!found) return std::nullopt;
  Group group{id, std::get<0>(*found), std::get<1>(*found), {}};
  for (const auto& [account, first_day, last_day] :
       session.rows<std::int64_t, std::optional<core::Date>, std::optional<core::Date>>(
           "SELECT account_id, first_day, last_day FROM group_member WHERE group_id = $1 ORDER BY account_id", id)) {
    group.members.push_back({account, {first_day, last_day}});
  }
  return group;
}

std::int64_t create_group(Transaction& tx, std::string_view name, const std::vector<std::int64_t>& members) {
  const std::string clean = checked_group_name(tx, name, 0);
  const std::int64_t id =
      tx.insert("INSERT INTO account_group (name, folded_name) VALUES ($1, $2)", clean, core::fold_case(clean));
  for (const std::int64_t member : members) {
    if (!find_account(tx, member)) {
      throw Error(ErrorCode::invalid_argument, "there is no account " + std::to_string(member),
                  {{"/members", "identifiers of existing accounts"}});
    }
    tx.execute("INSERT INTO group_member (group_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, member);
  }
  tx.audit({"group.created", "group", id, "", group_json(clean, find_group(tx, id).value().members)});
  return id;
}

void rename_group(Transaction& tx, std::int64_t id, std::int64_t expected_version, std::string_view name) {
  const auto before = require_as_seen(find_group(tx, id), expected_version, "group");
  const std::string clean = checked_group_name(tx, name, id);
  tx.execute("UPDATE account_group SET name = $1, folded_name = $2, version = version + 1 WHERE id = $3", clean,
             core::fold_case(clean), id);
  audit_group(tx, before);
}

void add_member(Transaction& tx, std::int64_t group, std::int64_t account, const Validity& validity) {
  const auto before = find_group(tx, group);
  if (!before || !find_account(tx, account)) throw Error(ErrorCode::not_found, "there is no such group or account");
  require_in_order(validity, "/last_day");
  if (std::ranges::find(before->members, Membership{account, validity}) != before->members.end()) return;
  tx.execute(
      "INSERT INTO group_member (group_id, account_id, first_day, last_day) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (group_id, account_id) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day",
      group, account, validity.first_day, validity.last_day);
  tx.execute("UPDATE account_group SET version = version + 1 WHERE id = $1", group);
  audit_group(tx, *before);
}

void remove_member(Transaction& tx, std::int64_t group, std::int64_t account) {
  const auto before = find_group(tx, group);
  if (!before) throw Error(ErrorCode::not_found, "there is no such group");
  if (tx.execute("DELETE FROM group_member WHERE group_id = $1 AND account_id = $2", group, account) == 0) return;
  tx.execute("UPDATE account_group SET version = version + 1 WHERE id = $1", group);
  audit_group(tx, *before);
}

void delete_group(Transaction& tx, std::int64_t id) {
  const auto before = find_group(tx, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such group");
  const auto list = tx.value<std::string>(
      "SELECT l.name FROM access_entry e JOIN access_list l ON l.id = e.access_list_id "
      "WHERE e.subject = 'group' AND e.subject_id = $1 LIMIT 1",
      id);
  if (list) {
    throw Error(ErrorCode::conflict, "the access list \"" + *list + "\" names this group; take it off the list first");
  }
  tx.execute("DELETE FROM account_group WHERE id = $1", id);
  tx.audit({"group.deleted", "group", id, group_json(before->name, before->members), ""});
}

std::vector<ApiToken> list_tokens(Session& session, std::int64_t account_id) {
  std::vector<ApiToken> tokens;
  for (const auto& [id, name, scopes, created_at, expires_at, last_used_at] :
       session.rows<std::int64_t, std::string, std::string, core::Time, std::optional<core::Time>,
                    std::optional<core::Time>>(
           "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_token WHERE account_id = $1 "
           "ORDER BY id",
           account_id)) {
    tokens.push_back({id, name, TokenScopes::parse(scopes), created_at, expires_at, last_used_at});
  }
  return tokens;
}

IssuedToken issue_token(Transaction& tx, core::Random& random, std::int64_t account_id, std::string_view name,
                        std::optional<core::Time> expires_at, TokenScopes scopes) {
  const std::string clean = checked_name(name, "a token");
  require_no_station(tx, account_id);
  const core::Time latest = core::end_of_day(tx.now(), kLongestTokenLife);
  if (expires_at && (*expires_at <= tx.now() || *expires_at > latest)) {
    throw Error(ErrorCode::invalid_argument, "a token ends at a time to come, within a year",
                {{"/expires_at", "must be a time to come, within a year"}});
  }
  const core::Time ends = expires_at.value_or(latest);
  IssuedToken issued;
  issued.secret = "mun_" + random.token(32);
  const std::int64_t issuer = tx.actor().account_id;
  issued.id = tx.insert(
      "INSERT INTO api_token (account_id, name, token_hash, scopes, created_at, expires_at, issued_by) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      account_id, clean, token_hash(issued.secret), scopes.text(), tx.now(), ends,
      issuer == 0 || issuer == account_id ? std::nullopt : std::optional(issuer));
  tx.audit(
      {"token.issued", "account", account_id, "",
       nlohmann::ordered_json{
           {"token_id", issued.id}, {"name", clean}, {"scopes", scopes.names()}, {"expires_at", core::to_rfc3339(ends)}}
           .dump()});
  return issued;
}

void limit_token_lives(Transaction& tx) {
  const core::Time latest = core::end_of_day(tx.now(), kLongestTokenLife);
  for (const auto& [id, account_id, before] : tx.rows<std::int64_t, std::int64_t, std::optional<core::Time>>(
           "SELECT id, account_id, expires_at FROM api_token WHERE expires_at IS NULL OR expires_at > $1 ORDER BY id",
           latest)) {
    tx.execute("UPDATE api_token SET expires_at = $1 WHERE id = $2", latest, id);
    const auto described = [token = id](const std::optional<core::Time>& ends) {
      return nlohmann::ordered_json{{"token_id", token},
                                    {"expires_at", ends ? nlohmann::ordered_json(core::to_rfc3339(*ends)) : nullptr}}
          .dump();
    };
    tx.audit({"token.limited", "account", account_id, described(before), described(latest)});
  }
}

bool revoke_token(Transaction& tx, std::int64_t account_id, std::int64_t token_id) {
  if (tx.execute("DELETE FROM api_token WHERE id = $1 AND account_id = $2", token_id, account_id) == 0) return false;
  tx.audit({"token.revoked", "account", account_id, nlohmann::ordered_json{{"token_id", token_id}}.dump(), ""});
  return true;
}

std::optional<TokenOwner> find_token(Session& session, std::string_view secret, core::Time now) {
  const auto found =
      session.row<std::int64_t, std::int64_t, std::string, std::optional<core::Time>, std::optional<std::int64_t>>(
          "SELECT id, account_id, scopes, last_used_at, issued_by FROM api_token WHERE token_hash = $1 "
          "AND (expires_at IS NULL OR expires_at > $2) AND suspended_at IS NULL",
          token_hash(secret), now);
  if (!found) return std::nullopt;
  const auto& [id, account_id, scopes, last_used_at, issued_by] = *found;
  return TokenOwner{id, account_id, TokenScopes::parse(scopes), !last_used_at || *last_used_at < now - kTokenUseEvery,
                    issued_by};
}

void note_token_use(Transaction& tx, std::int64_t token_id) {
  tx.execute("UPDATE api_token SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)",
             tx.now(), token_id, tx.now() - kTokenUseEvery);
}

}  // namespace muniment::storage
