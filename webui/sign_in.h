// Who sends a request: a bearer token for programs, a cookie session for browsers; and how people sign in.
#pragma once

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/random.h"
#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/database.h"
#include "storage/sessions.h"
#include "webui/exchange.h"

namespace muniment::webui {

struct Identity {
  storage::Principal who;
  bool signed_in = false;
  std::string session_cookie;
};

struct SignInOptions {
  storage::SessionLimits limits;
  std::string local_token;  // of the owner of the data directory (DATA/service.json); empty: none
};

struct SignedInSession {
  storage::Account account;
  std::string csrf_token;
};

// Thread-safe.
class SignIn {
 public:
  SignIn(storage::Database& database, storage::PasswordHasher& passwords, core::Random& random, SignInOptions options);

  // With an Authorization header cookies are ignored. Nobody, when neither says anything. Error(unauthenticated) for a token
  // that is not good; Error(forbidden) for a change by cookie without the session's CSRF token, or from another site.
  Identity identify(const Exchange& exchange);

  // Sets the session's cookie. Error(unauthenticated) for a wrong name or password, which take equally long;
  // Error(too_many_requests) with Retry-After after too many of them.
  SignedInSession sign_in(Exchange& exchange, const std::string& name, const std::string& password);
  // For an account that was just made.
  SignedInSession open(Exchange& exchange, std::int64_t account_id);
  void sign_out(Exchange& exchange, const std::string& cookie);
  // Of the session that the request came with.
  std::optional<SignedInSession> current(const Identity& identity);

 private:
  Identity by_token(const std::string& authorization, const std::string& client);
  Identity by_cookie(const Exchange& exchange, const std::string& cookie, const std::string& client);

  storage::Database& database_;
  storage::PasswordHasher& passwords_;
  core::Random& random_;
  SignInOptions options_;
};

}  // namespace muniment::webui
