// Signing in and out, one's own account, and the first account of all.
#include <array>

#include "core/error.h"
#include "core/hash.h"
#include "storage/accounts.h"
#include "storage/roles.h"
#include "storage/sign_in_throttle.h"
#include "webui/api/roles.h"
#include "webui/problem.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

void send_session(Call& call, Api& api, int status, const storage::Account& account,
                  const std::optional<SignedInSession>& opened) {
  // Programs are not asked for a second factor.
  const bool lacks = opened && api.sign_in.lacks_second_factor(account.id, account.role);
  auto session = api.services.database.read();
  send_json(call.http, status,
            {{"account", account_json(session, account)},
             {"permissions", opened ? permissions_json(account.role) : permissions_json(call.who)},
             {"scan_station", false},
             {"second_factor_required", lacks},
             {"last_event", event_id(api, api.services.events.last_id())},
             {"csrf_token", opened ? Json(opened->csrf_token) : Json()},
             {"expires_at", opened ? Json(core::to_rfc3339(opened->expires_at)) : Json()}});
}

void send_station(Call& call, Api& api) {
  const storage::Account account = own_account(call, api);
  auto session = api.services.database.read();
  send_json(call.http, 200,
            {{"account", account_json(session, account)},
             {"permissions", {storage::permission_name(Permission::capture)}},
             {"scan_station", true},
             {"second_factor_required", false},
             {"last_event", nullptr},
             {"csrf_token", api.sign_in.renew_station(call.http, call.station_secret)},
             {"expires_at", nullptr}});
}

bool setup_is_needed(storage::Session& session) {
  return storage::account_count(session) == 0;
}

void require_setup_code(Call& call, Api& api, const std::string& code) {
  const std::string subject = SignIn::network_subject(call.http);
  api.sign_in.require_patience(call.http, subject);
  // Compared by hash, so that the time tells nothing of the code.
  if (!api.options.setup_code.empty() && core::Sha256::of(code) == core::Sha256::of(api.options.setup_code)) return;
  auto tx = api.services.database.begin({0, call.http.client_address()});
  storage::note_sign_in_failure(tx, subject);
  tx.commit();
  throw Error(ErrorCode::forbidden, "this is not the code that the console shows",
              {{"/code", "copy it from the console"}});
}

// The first account is an administrator's; only who has seen the console knows the code.
void set_up(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string code = body.text("code");
  storage::NewAccount first;
  first.name = body.text("name");
  first.display_name = body.maybe_text("display_name").value_or("");
  first.role = storage::Role::admin;
  const std::string password = body.text("password");
  storage::AccountChange change;
  change.language = body.maybe_text("language");
  body.finish();
  const char* const done = "the archive is set up already; sign in";
  {
    auto session = api.services.database.read();
    if (!setup_is_needed(session)) throw Error(ErrorCode::conflict, done);
  }
  require_setup_code(call, api, code);
  storage::PasswordHasher::require_acceptable(password, std::array{first.name, first.display_name});
  first.password_hash = api.services.passwords.hash(password);
  std::int64_t id = 0;
  {
    auto tx = api.services.database.begin({0, call.http.client_address()});
    if (!setup_is_needed(tx)) throw Error(ErrorCode::conflict, done);
    id = storage::create_account(tx, first);
    if (change.language) storage::change_account(tx, id, storage::find_account(tx, id).value().version, change);
    tx.commit();
  }
  const SignedInSession opened = api.sign_in.open(call.http, id);
  send_session(call, api, 201, opened.account, opened);
}

void sign_in(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const std::string password = body.text("password");
  const std::string code = body.maybe_text("code").value_or("");
  body.finish();
  const auto opened = api.sign_in.sign_in(call.http, name, password, code);
  if (!opened) return send_problem(call.http, "second_factor_needed", "send the code of the second factor too");
  send_session(call, api, 201, opened->account, opened);
}

void change_own_account(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  storage::AccountChange change;
  change.display_name = body.maybe_text("display_name");
  change.language = body.maybe_text("language");
  body.finish();
  const std::int64_t id = own_account(call, api).id;
  auto tx = api.services.database.begin(call.who.actor());
  storage::change_account(tx, id, version, change);
  const storage::Account account = storage::find_account(tx, id).value();
  const Json json = account_json(tx, account);
  tx.commit();
  send_versioned(call.http, 200, account.version, json);
}

void change_own_password(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string current = body.text("current_password");
  const std::string password = body.text("password");
  body.finish();
  const storage::Account account = own_account(call, api);
  storage::PasswordHasher::require_acceptable(password, std::array{account.name, account.display_name});
  try {
    api.sign_in.check_password(call.http, account.name, current);
  } catch (const Error& error) {
    // 401 would say that nobody is signed in.
    if (error.code() != ErrorCode::unauthenticated) throw;
    throw Error(ErrorCode::forbidden, "the present password is wrong", {{"/current_password", "is wrong"}});
  }
  storage::AccountChange change;
  change.password_hash = api.services.passwords.hash(password);
  {
    auto tx = api.services.database.begin(call.who.actor());
    storage::change_account(tx, account.id, account.version, change);
    tx.commit();
  }
  // That has ended every session; this browser gets a new one.
  std::optional<SignedInSession> opened;
  if (!call.session_cookie.empty()) opened = api.sign_in.open(call.http, account.id);
  send_session(call, api, 200, own_account(call, api), opened);
}

void list_own_sessions(Call& call, Api& api) {
  auto session = api.services.database.read();
  const auto present =
      storage::find_session(session, call.session_cookie, api.services.clock.now(), api.options.sessions);
  Json items = Json::array();
  for (const storage::BrowserSession& open : storage::list_sessions(session, call.who.account_id)) {
    items.push_back({{"id", open.id},
                     {"client", open.client},
                     {"created_at", core::to_rfc3339(open.created_at)},
                     {"last_seen_at", core::to_rfc3339(open.last_seen_at)},
                     {"current", present && present->id == open.id}});
  }
  send_items(call, std::move(items));
}

}  // namespace

void add_session(Router& router, Api& api) {
  router.add("GET", "/api/v1/setup", Anyone{}, [&api](Call& call) {
    auto session = api.services.database.read();
    send_json(call.http, 200, {{"needed", setup_is_needed(session)}});
  });
  router.add("POST", "/api/v1/setup", Anyone{}, [&api](Call& call) { set_up(call, api); });
  router.add("POST", "/api/v1/session", Anyone{}, [&api](Call& call) { sign_in(call, api); });
  router.add("GET", "/api/v1/session", SignedIn{}, [&api](Call& call) {
    if (!call.station_secret.empty()) return send_station(call, api);
    send_session(call, api, 200, own_account(call, api), api.sign_in.current(call.session_cookie));
  });
  router.add("DELETE", "/api/v1/session", SignedIn{}, [&api](Call& call) {
    if (call.station_secret.empty()) {
      api.sign_in.sign_out(call.http, call.session_cookie);
    } else {
      api.sign_in.close_station(call.http);
    }
    call.http.send_empty(204);
  });
  router.add("GET", "/api/v1/account", SignedIn{}, [&api](Call& call) {
    const storage::Account account = own_account(call, api);
    auto session = api.services.database.read();
    send_versioned(call.http, 200, account.version, account_json(session, account));
  });
  router.add("PATCH", "/api/v1/account", SignedIn{}, [&api](Call& call) { change_own_account(call, api); });
  router.add("PUT", "/api/v1/account/password", SignedIn{}, [&api](Call& call) { change_own_password(call, api); });
  router.add("GET", "/api/v1/account/sessions", SignedIn{}, [&api](Call& call) { list_own_sessions(call, api); });
  router.add("DELETE", "/api/v1/account/sessions/{session}", SignedIn{}, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    const bool there_was = storage::end_session_of(tx, call.who.account_id, call.text("session"));
    tx.commit();
    if (!there_was) throw Error(ErrorCode::not_found, "you have no such session");
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
