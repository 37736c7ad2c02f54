// The second factor of signing in: one's own, and taking away somebody's who has lost theirs.
#include "storage/second_factor.h"

#include "core/error.h"
#include "core/totp.h"
#include "printing/qr_code.h"
#include "storage/accounts.h"
#include "storage/roles.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

constexpr const char* kIssuer = "Muniment";

// 401 would say that nobody is signed in.
template <typename Check>
void require_proof(const std::string& field, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unauthenticated) throw;
    throw Error(ErrorCode::forbidden, error.message(), {{"/" + field, "is wrong"}});
  }
}

// The code that the body consists of.
void require_code(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string code = body.text("code");
  body.finish();
  require_proof("code", [&] { api.sign_in.check_code(call.http, own_account(call, api).id, code); });
}

void send_second_factor(Call& call, Api& api) {
  const storage::Account account = own_account(call, api);
  const bool required = api.sign_in.lacks_second_factor(account.id, account.role);
  auto session = api.services.database.read();
  const auto factor = storage::find_second_factor(session, account.id);
  send_json(call.http, 200,
            {{"on", factor.has_value()},
             {"since", factor ? time_json(factor->since) : Json()},
             {"recovery_codes_left", factor ? factor->recovery_codes_left : 0},
             {"required", required}});
}

// With the password, so that an open session alone can lock nobody out.
void begin_second_factor(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string password = body.text("current_password");
  body.finish();
  const storage::Account account = own_account(call, api);
  require_proof("current_password", [&] { api.sign_in.check_password(call.http, account.name, password); });
  std::string secret;
  {
    auto tx = api.services.database.begin(call.who.actor());
    secret = storage::begin_second_factor(tx, api.services.random, api.services.sealing_key, account.id);
    tx.commit();
  }
  const std::string uri = core::otpauth_uri(secret, kIssuer, account.name);
  send_json(call.http, 201, {{"secret", core::to_base32(secret)}, {"uri", uri}, {"qr_code", printing::qr_code(uri)}});
}

void confirm_second_factor(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string code = body.text("code");
  body.finish();
  const storage::Account account = own_account(call, api);
  auto tx = api.services.database.begin(call.who.actor());
  const auto codes = storage::confirm_second_factor(tx, api.services.random, api.services.sealing_key, account.id, code,
                                                    call.session_cookie);
  if (!codes) {
    const std::string right = "this is not the code that the application shows now; is the clock of the device right?";
    throw Error(ErrorCode::invalid_argument, right, {{"/code", right}});
  }
  tx.commit();
  send_json(call.http, 200, {{"recovery_codes", *codes}});
}

void renew_codes(Call& call, Api& api) {
  require_code(call, api);
  auto tx = api.services.database.begin(call.who.actor());
  const auto codes = storage::renew_recovery_codes(tx, api.services.random, call.who.account_id);
  tx.commit();
  send_json(call.http, 200, {{"recovery_codes", codes}});
}

void turn_off(Call& call, Api& api) {
  require_code(call, api);
  auto tx = api.services.database.begin(call.who.actor());
  storage::remove_second_factor(tx, call.who.account_id, call.session_cookie);
  tx.commit();
  call.http.send_empty(204);
}

void reset(Call& call, Api& api) {
  // A session that somebody else got hold of would need no code.
  if (call.number("id") == call.who.account_id) {
    throw Error(ErrorCode::forbidden, "turn your own second factor off with a code, or ask another administrator");
  }
  auto tx = api.services.database.begin(call.who.actor());
  const auto account = storage::find_account(tx, call.number("id"));
  if (!account) throw Error(ErrorCode::not_found, "there is no such account");
  storage::require_no_less_than(call.who, *account);
  storage::remove_second_factor(tx, account->id);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_second_factor(Router& router, Api& api) {
  const std::string own = "/api/v1/account/second-factor";
  router.add("GET", own, SignedIn{}, [&api](Call& call) { send_second_factor(call, api); });
  router.add("POST", own, SignedIn{}, [&api](Call& call) { begin_second_factor(call, api); });
  router.add("POST", own + "/confirm", SignedIn{}, [&api](Call& call) { confirm_second_factor(call, api); });
  router.add("POST", own + "/recovery-codes", SignedIn{}, [&api](Call& call) { renew_codes(call, api); });
  router.add("POST", own + "/turn-off", SignedIn{}, [&api](Call& call) { turn_off(call, api); });
  router.add("DELETE", "/api/v1/accounts/{id}/second-factor", Permission::manage_accounts,
             [&api](Call& call) { reset(call, api); });
}

}  // namespace muniment::webui::api
