// The people who may use the archive.
#include "storage/accounts.h"

#include <array>

#include "core/error.h"
#include "storage/levels.h"
#include "storage/mail_addresses.h"
#include "storage/restored_access.h"
#include "storage/roles.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Account;
using storage::Permission;

namespace {

// A role by its name; `composed` is 0 for a standing one.
struct WantedRole {
  storage::Role role;
  std::int64_t composed = 0;
};

WantedRole role_to_give(storage::Session& session, const Call& call, const std::string& name) {
  WantedRole wanted{};
  if (const auto standing = storage::parse_role(name)) {
    wanted.role = *standing;
  } else if (const auto composed = storage::find_composed_role(session, name)) {
    wanted = {composed->role, composed->id};
  } else {
    throw Error(ErrorCode::invalid_argument, "there is no role " + name,
                {{"/role", "must be reader, staff, records-manager, admin or the name of a composed role"}});
  }
  storage::require_all_of(call.who, wanted.role);
  return wanted;
}

// For somebody who is called so.
std::string hashed_password(Api& api, const std::string& password, const std::string& name,
                            const std::string& display_name) {
  storage::PasswordHasher::require_acceptable(password, std::array{name, display_name});
  return api.services.passwords.hash(password);
}

Account require_account(storage::Session& session, std::int64_t id) {
  auto account = storage::find_account(session, id);
  if (!account) throw Error(ErrorCode::not_found, "there is no such account");
  return std::move(*account);
}

Account require_account_to_change(storage::Session& session, const Call& call) {
  Account account = require_account(session, call.number("id"));
  storage::require_no_less_than(call.who, account);
  return account;
}

void create_account(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  storage::NewAccount wanted;
  wanted.name = body.text("name");
  wanted.display_name = body.maybe_text("display_name").value_or("");
  const std::string role_name = body.text("role");
  const auto password = body.maybe_text("password");
  storage::AccountChange change;
  change.language = body.maybe_text("language");
  change.clearance = body.maybe_number("clearance");
  body.finish();
  if (change.clearance) storage::require_cleared(call.who, *change.clearance);
  if (password) wanted.password_hash = hashed_password(api, *password, wanted.name, wanted.display_name);
  auto tx = api.services.database.begin(call.who.actor());
  const WantedRole role = role_to_give(tx, call, role_name);
  if (role.composed == 0) wanted.role = role.role;
  const std::int64_t id = storage::create_account(tx, wanted);
  if (role.composed != 0) storage::give_composed_role(tx, id, require_account(tx, id).version, role.composed);
  if (change.language || change.clearance) {
    storage::change_account(tx, id, require_account(tx, id).version, change);
  }
  const Account account = require_account(tx, id);
  const Json json = account_json(tx, account);
  tx.commit();
  send_created(call.http, "/api/v1/accounts/" + std::to_string(id), account.version, json);
}

void change_account(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  storage::AccountChange change;
  change.display_name = body.maybe_text("display_name");
  const auto role_name = body.maybe_text("role");
  change.language = body.maybe_text("language");
  change.disabled = body.maybe_truth("disabled");
  change.clearance = body.maybe_number("clearance");
  body.finish();
  if (change.clearance) storage::require_cleared(call.who, *change.clearance);
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = require_account_to_change(tx, call).id;
  std::optional<WantedRole> role;
  if (role_name) role = role_to_give(tx, call, *role_name);
  if (role && role->composed == 0) change.role = role->role;
  storage::change_account(tx, id, version, change);
  if (role && role->composed != 0) {
    storage::give_composed_role(tx, id, require_account(tx, id).version, role->composed);
  }
  const Account account = require_account(tx, id);
  const Json json = account_json(tx, account);
  tx.commit();
  send_versioned(call.http, 200, account.version, json);
}

void set_password(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  storage::AccountChange change;
  const std::string password = body.text("password");
  body.finish();
  std::string name, display_name;
  {
    auto session = api.services.database.read();
    const Account account = require_account_to_change(session, call);
    name = account.name;
    display_name = account.display_name;
  }
  change.password_hash = hashed_password(api, password, name, display_name);
  auto tx = api.services.database.begin(call.who.actor());
  const Account account = require_account_to_change(tx, call);
  storage::change_account(tx, account.id, account.version, change);
  tx.commit();
  call.http.send_empty(204);
}

Json mail_json(const storage::MailAddress& mail) {
  return {{"address", mail.address}, {"notified", mail.notified}};
}

void send_mail_address(Call& call, Api& api, std::int64_t account) {
  auto session = api.services.database.read();
  send_json(call.http, 200, mail_json(storage::mail_address(session, account)));
}

void set_mail_address(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string address = body.text("address");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t account = require_account_to_change(tx, call).id;
  storage::change_mail_address(tx, account, address);
  const Json json = mail_json(storage::mail_address(tx, account));
  tx.commit();
  send_json(call.http, 200, json);
}

void choose_own_mail(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const storage::MailAddress wanted{body.text("address"), body.truth("notified")};
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  storage::choose_mail(tx, call.who, wanted);
  const Json json = mail_json(storage::mail_address(tx, call.who.account_id));
  tx.commit();
  send_json(call.http, 200, json);
}

}  // namespace

Json account_json(storage::Session& session, const Account& account) {
  Json groups = Json::array();
  for (const std::int64_t id : account.groups) {
    if (const auto group = storage::find_group(session, id)) groups.push_back(named_json(group->id, group->name));
  }
  return {{"id", account.id},
          {"version", account.version},
          {"name", account.name},
          {"display_name", account.display_name},
          {"role", storage::role_name_of(session, account.id)},
          {"clearance", level_json(session, account.clearance)},
          {"language", account.language},
          {"disabled", account.disabled},
          {"suspended", storage::is_suspended(session, account.id)},
          {"has_password", account.has_password},
          {"groups", std::move(groups)},
          {"created_at", core::to_rfc3339(account.created_at)}};
}

void add_accounts(Router& router, Api& api) {
  router.add("GET", "/api/v1/accounts", Permission::manage_accounts, [&api](Call& call) {
    auto session = api.services.database.read();
    const auto json = [&](const Account& account) { return account_json(session, account); };
    send_matching(call, storage::list_accounts(session), json, &Account::display_name);
  });
  router.add("POST", "/api/v1/accounts", Permission::manage_accounts,
             [&api](Call& call) { create_account(call, api); });
  router.add("GET", "/api/v1/accounts/{id}", Permission::manage_accounts,
             [&api](Call& call) { send_one(call, api, require_account, account_json); });
  router.add("PATCH", "/api/v1/accounts/{id}", Permission::manage_accounts,
             [&api](Call& call) { change_account(call, api); });
  router.add("GET", "/api/v1/accounts/{id}/mail", Permission::manage_accounts,
             [&api](Call& call) { send_mail_address(call, api, call.number("id")); });
  router.add("PUT", "/api/v1/accounts/{id}/mail", Permission::manage_accounts,
             [&api](Call& call) { set_mail_address(call, api); });
  router.add("GET", "/api/v1/account/mail", SignedIn{},
             [&api](Call& call) { send_mail_address(call, api, own_account(call, api).id); });
  router.add("PUT", "/api/v1/account/mail", SignedIn{}, [&api](Call& call) { choose_own_mail(call, api); });
  router.add("PUT", "/api/v1/accounts/{id}/password", Permission::manage_accounts,
             [&api](Call& call) { set_password(call, api); });
}

}  // namespace muniment::webui::api
