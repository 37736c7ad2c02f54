// Who sends a request: a bearer token for programs, a cookie session for browsers; and how people sign in.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/hash.h"
#include "core/random.h"
#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/database.h"
#include "storage/sealing_key.h"
#include "storage/sessions.h"
#include "webui/exchange.h"
#include "webui/public_addresses.h"

namespace muniment::webui {

struct Identity {
  storage::Principal who;
  bool signed_in = false;
  std::string session_cookie;
  std::string station_secret = {};  // of a device that may scan and nothing else (storage/scan_stations.h)
};

struct SignInOptions {
  storage::SessionLimits limits;
  std::string local_token;  // of the owner of the data directory (DATA/service.json); empty: none
  std::vector<storage::Role> second_factor_roles;  // whose people must have a second factor
  PublicAddresses addresses = {};
};

struct SignedInSession {
  storage::Account account;
  std::string csrf_token;
  core::Time expires_at;  // when nothing more is heard from it
};

// Thread-safe.
class SignIn {
 public:
  SignIn(storage::Database& database, storage::PasswordHasher& passwords, core::Random& random,
         const storage::SealingKey& sealing_key, SignInOptions options);

  // Error(forbidden) for a request that a browser says another site's page has made.
  void require_same_site(const Exchange& exchange) const;

  // With an Authorization header cookies are ignored; a person's session counts before a station's. Nobody, when
  // neither says anything. Error(unauthenticated) for a token that is not good; Error(forbidden) for a change by cookie
  // without the session's CSRF token, or from another site.
  Identity identify(const Exchange& exchange);

  // For clients that send a name and a password, or an API token in its place, with every request (Basic), and for
  // programs with a token (Bearer). Cookies count for nothing. Errors as those of check_password. A password that was
  // right is known for some minutes without the work of comparing it, as long as it is not changed. With a second
  // factor only a token is good.
  Identity identify_by_password(Exchange& exchange);

  // Sets the session's cookie. Error(unauthenticated) for a wrong name or password, which take equally long;
  // Error(too_many_requests) with Retry-After after too many of them. Empty when all is right but the account has a
  // second factor and `code` is empty: then ask for it. A wrong code is answered, and has to wait, as a wrong password.
  std::optional<SignedInSession> sign_in(Exchange& exchange, const std::string& name, const std::string& password,
                                         const std::string& code);
  // Of the second factor. Error(unauthenticated) when it is wrong, Error(too_many_requests).
  void check_code(Exchange& exchange, std::int64_t account_id, const std::string& code);
  // Whether this person must have a second factor and has none: they can set it up, and nothing else.
  bool lacks_second_factor(std::int64_t account_id, storage::Role role);
  // The account, and the hash by which the password is right. Errors as those of sign_in; the right password makes
  // earlier failures forgotten.
  storage::PasswordRecord check_password(Exchange& exchange, const std::string& name, const std::string& password);
  // For an account that was just made, or has just shown its password.
  SignedInSession open(Exchange& exchange, std::int64_t account_id);
  void sign_out(Exchange& exchange, const std::string& cookie);
  // Makes the browser a scan station, by a cookie that lasts; a person's session in it ends. Error(unauthenticated) for
  // a secret that is not good, Error(too_many_requests).
  void open_station(Exchange& exchange, const std::string& secret);
  // Prolongs the cookie, and answers what a change by it must show in X-CSRF-Token.
  std::string renew_station(Exchange& exchange, const std::string& secret);
  void close_station(Exchange& exchange);
  // Of the session that the request came with.
  std::optional<SignedInSession> current(const std::string& session_cookie);
  // Error(too_many_requests) with Retry-After while `subject` has to wait after failures.
  void require_patience(Exchange& exchange, const std::string& subject);
  // The subject for failures that come from a network: an IPv4 address, an IPv6 /64.
  static std::string network_subject(const Exchange& exchange);

 private:
  Identity by_token(const std::string& authorization, const std::string& client);
  // In the audit log, once a network and ten minutes: a program whose token has expired asks again and again.
  void log_refused_token(const std::string& client);
  Identity by_cookie(const Exchange& exchange, const std::string& cookie, const std::string& client);
  Identity by_station(const Exchange& exchange, const std::string& secret, bool cookie);
  bool must_have_second_factor(storage::Role role) const;
  // The account, from what is known of its last requests; empty when the password has to be compared.
  std::optional<std::int64_t> known(const core::Sha256& key, const std::string& name);
  // For as long as the account has the password of this hash.
  void remember(const core::Sha256& key, const std::string& password_hash);

  struct Known {
    std::string password_hash;
    core::Time until;
  };
  storage::Database& database_;
  storage::PasswordHasher& passwords_;
  core::Random& random_;
  const storage::SealingKey& sealing_key_;
  SignInOptions options_;
  const std::string known_salt_;  // of this process only
  std::mutex known_mutex_;
  std::map<core::Sha256, Known> known_;  // by a salted hash of name and password
  std::mutex refused_mutex_;
  std::map<std::string, core::Time> refused_;  // tokens, by network: when that was logged last
};

}  // namespace muniment::webui
