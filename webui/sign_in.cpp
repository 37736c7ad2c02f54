#include "webui/sign_in.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <openssl/crypto.h>

#include "core/error.h"
#include "core/text.h"
#include "storage/roles.h"
#include "storage/scan_stations.h"
#include "storage/second_factor.h"
#include "storage/sign_in_throttle.h"
#include "webui/dav/headers.h"

namespace muniment::webui {

using core::Error;
using core::ErrorCode;
using storage::Actor;

namespace {

constexpr std::chrono::minutes kTouchAfter{1};
constexpr std::chrono::minutes kKnownFor{10};
constexpr std::size_t kMostKnown = 10'000;
constexpr std::chrono::minutes kRefusedTogether{10};
constexpr std::chrono::seconds kStationCookie = std::chrono::days(400);  // the longest that browsers keep one
constexpr std::string_view kStationToken = "Bearer mus_";

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// The prefix that only TLS allows; plain HTTP on a local network must work too.
const char* cookie_name(bool secure) {
  return secure ? "__Host-sid" : "sid";
}

std::string set_cookie(const Exchange& exchange, const std::string& value, bool expire) {
  const bool secure = exchange.is_secure();
  std::string header = std::string(cookie_name(secure)) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax";
  if (secure) header += "; Secure";
  if (expire) header += "; Max-Age=0";
  return header;
}

const char* station_cookie_name(bool secure) {
  return secure ? "__Host-station" : "station";
}

std::string set_station_cookie(const Exchange& exchange, const std::string& secret) {
  const bool secure = exchange.is_secure();
  std::string header = std::string(station_cookie_name(secure)) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) header += "; Secure";
  return header + "; Max-Age=" + std::to_string(secret.empty() ? 0 : kStationCookie.count());
}

// Whoever has the cookie's secret knows it, and nobody else.
std::string station_csrf_token(const std::string& secret) {
  return core::Sha256::of("csrf " + secret).hex();
}

// One household or office often shares a prefix, and an attacker has all of it.
std::string network_of(const std::string& address) {
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return inet_ntop(AF_INET, &parsed.s6_addr[12], text.data(), text.size());
  std::fill(std::begin(parsed.s6_addr) + 8, std::end(parsed.s6_addr), 0);
  return inet_ntop(AF_INET6, &parsed, text.data(), text.size()) + std::string("/64");
}

void require_patience_in(storage::Session& session, Exchange& exchange, const std::string& subject, core::Time now) {
  const auto wait = storage::sign_in_wait(session, subject, now);
  if (!wait) return;
  exchange.set_header("Retry-After", std::to_string(wait->count()));
  throw Error(ErrorCode::too_many_requests,
              "too many failed attempts; try again in " + std::to_string(wait->count()) + " seconds");
}

Identity nobody(std::string client) {
  Identity identity;
  identity.who.account_id = -1;  // not 0: that is the system itself
  identity.who.role = storage::Role::reader;
  identity.who.client = std::move(client);
  return identity;
}

}  // namespace

SignIn::SignIn(storage::Database& database, storage::PasswordHasher& passwords, core::Random& random,
               const storage::SealingKey& sealing_key, SignInOptions options)
    : database_(database),
      passwords_(passwords),
      random_(random),
      sealing_key_(sealing_key),
      options_(std::move(options)),
      known_salt_(random.token(32)) {}

void SignIn::require_same_site(const Exchange& exchange) const {
  const auto site = exchange.header("Sec-Fetch-Site");
  const auto origin = exchange.header("Origin");  // "null", of a page that hides where it is, is no page of ours
  const bool another = (site && *site != "same-origin" && *site != "none") ||
                       (origin && !options_.addresses.is_own_origin(*origin, exchange.host().value_or("")));
  if (another) throw Error(ErrorCode::forbidden, "a change must come from the archive's own pages");
}

Identity SignIn::identify(const Exchange& exchange) {
  const std::string client = exchange.client_address();
  if (const auto authorization = exchange.header("Authorization")) {
    if (!authorization->starts_with(kStationToken)) return by_token(*authorization, client);
    return by_station(exchange, authorization->substr(std::string_view("Bearer ").size()), false);
  }
  for (const bool secure : {true, false}) {
    if (const auto cookie = exchange.cookie(cookie_name(secure))) {
      Identity person = by_cookie(exchange, *cookie, client);
      if (person.signed_in) return person;
    }
  }
  for (const bool secure : {true, false}) {
    if (const auto cookie = exchange.cookie(station_cookie_name(secure))) return by_station(exchange, *cookie, true);
  }
  return nobody(client);
}

Identity SignIn::identify_by_password(Exchange& exchange) {
  const auto authorization = exchange.header("Authorization");
  if (!authorization) throw Error(ErrorCode::unauthenticated, "sign in with name and password, or a token");
  const std::string client = exchange.client_address();
  const auto given = dav::parse_basic(*authorization);
  if (!given) return by_token(*authorization, client);
  if (given->password.starts_with("mun_")) {
    Identity identity = by_token("Bearer " + given->password, client);
    if (core::fold_case(identity.who.name) == core::fold_case(given->user)) return identity;
    throw Error(ErrorCode::unauthenticated, "this token belongs to another account than the name");
  }
  const core::Sha256 key = core::Sha256::of(known_salt_ + '\0' + given->user + '\0' + given->password);
  auto account = known(key, given->user);
  if (!account) {
    const storage::PasswordRecord right = check_password(exchange, given->user, given->password);
    account = right.account_id;
    remember(key, right.hash);
  }
  auto session = database_.read();
  auto who = storage::load_principal(session, *account, client);
  if (!who) throw Error(ErrorCode::unauthenticated, "this account cannot be used any more");
  if (storage::find_second_factor(session, *account) || must_have_second_factor(who->role)) {
    throw Error(ErrorCode::unauthenticated,
                "this account signs in with a second factor; here, send a token as password");
  }
  return {std::move(*who), true, ""};
}

void SignIn::log_refused_token(const std::string& client) {
  const core::Time now = database_.clock().now();
  {
    const std::lock_guard lock(refused_mutex_);
    std::erase_if(refused_, [&](const auto& entry) { return entry.second + kRefusedTogether <= now; });
    if (refused_.size() >= kMostKnown || !refused_.emplace(network_of(client), now).second) return;
  }
  auto tx = database_.begin({0, client});
  storage::AuditEvent event{"session.refused", "account", 0, "", R"({"with":"token"})"};
  event.succeeded = false;
  tx.audit(event);
  tx.commit();
}

std::optional<std::int64_t> SignIn::known(const core::Sha256& key, const std::string& name) {
  std::string hash;
  {
    const std::lock_guard lock(known_mutex_);
    const auto found = known_.find(key);
    if (found == known_.end() || found->second.until < database_.clock().now()) return std::nullopt;
    hash = found->second.password_hash;
  }
  auto session = database_.read();
  const storage::PasswordRecord record = storage::find_password(session, name);
  if (record.account_id == 0 || record.hash != hash) return std::nullopt;
  return record.account_id;
}

void SignIn::remember(const core::Sha256& key, const std::string& password_hash) {
  const core::Time now = database_.clock().now();
  const std::lock_guard lock(known_mutex_);
  if (known_.size() >= kMostKnown) {
    std::erase_if(known_, [&](const auto& entry) { return entry.second.until < now; });
  }
  if (known_.size() < kMostKnown) known_[key] = {password_hash, now + kKnownFor};
}

Identity SignIn::by_token(const std::string& authorization, const std::string& client) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view secret = authorization.starts_with(kScheme)
                                      ? core::trim(std::string_view(authorization).substr(kScheme.size()))
                                      : std::string_view();
  if (!options_.local_token.empty() && same_secret(secret, options_.local_token)) {
    auto session = database_.read();
    return {storage::system_principal(session, "command line"), true, ""};
  }
  std::optional<storage::TokenOwner> owner;
  std::optional<storage::Principal> who;
  if (!secret.empty()) {
    auto session = database_.read();
    owner = storage::find_token(session, secret, database_.clock().now());
    if (owner) who = storage::load_principal(session, owner->account_id, client);
    if (who) who->scopes = owner->scopes;
    if (who && owner->issued_by) {
      who->represented = true;
      // The audit log tells who may have acted in whose name.
      who->client +=
          ", token " + std::to_string(owner->token_id) + " issued by account " + std::to_string(*owner->issued_by);
    }
  }
  if (!who) {
    log_refused_token(client);
    throw Error(ErrorCode::unauthenticated, "this token is unknown, revoked or expired; issue another");
  }
  if (owner->use_is_due && database_.keeps_changes()) {
    auto tx = database_.begin(Actor::system("token use"));
    storage::note_token_use(tx, owner->token_id);
    tx.commit();
  }
  return {std::move(*who), true, ""};
}

Identity SignIn::by_cookie(const Exchange& exchange, const std::string& cookie, const std::string& client) {
  std::optional<storage::BrowserSession> found;
  std::optional<storage::Principal> who;
  const core::Time now = database_.clock().now();
  {
    auto session = database_.read();
    found = storage::find_session(session, cookie, now, options_.limits);
    if (found) who = storage::load_principal(session, found->account_id, client);
  }
  if (!who) return nobody(client);
  if (!is_safe_method(exchange.method())) {
    require_same_site(exchange);
    if (!same_secret(exchange.header("X-CSRF-Token").value_or(""), found->csrf_token)) {
      throw Error(ErrorCode::forbidden, "the page is out of date; load it again");
    }
  }
  if (now - found->last_seen_at > kTouchAfter && database_.keeps_changes()) {
    auto tx = database_.begin(Actor::system("session"));
    storage::touch_session(tx, cookie);
    tx.commit();
  }
  return {std::move(*who), true, cookie};
}

Identity SignIn::by_station(const Exchange& exchange, const std::string& secret, bool cookie) {
  const std::string client = exchange.client_address();
  std::optional<storage::StationOwner> owner;
  std::optional<storage::Principal> who;
  {
    auto session = database_.read();
    owner = storage::find_scan_station(session, secret, database_.clock().now());
    if (owner) who = storage::load_principal(session, owner->account_id, client);
  }
  if (!who && cookie) return nobody(client);
  if (!who) throw Error(ErrorCode::unauthenticated, "this station is unknown or revoked; make another");
  if (cookie && !is_safe_method(exchange.method())) {
    require_same_site(exchange);
    if (!same_secret(exchange.header("X-CSRF-Token").value_or(""), station_csrf_token(secret))) {
      throw Error(ErrorCode::forbidden, "the page is out of date; load it again");
    }
  }
  if (owner->use_is_due && database_.keeps_changes()) {
    auto tx = database_.begin(Actor::system("station use"));
    storage::note_station_use(tx, owner->account_id);
    tx.commit();
  }
  who->represented = true;
  return {std::move(*who), true, "", secret};
}

void SignIn::open_station(Exchange& exchange, const std::string& secret) {
  const std::string by_network = network_subject(exchange);
  require_patience(exchange, by_network);
  std::optional<storage::StationOwner> owner;
  {
    auto session = database_.read();
    owner = storage::find_scan_station(session, secret, database_.clock().now());
  }
  auto tx = database_.begin({owner ? owner->account_id : 0, exchange.client_address()});
  if (!owner) {
    storage::note_sign_in_failure(tx, by_network);
    tx.commit();
    throw Error(ErrorCode::unauthenticated, "this station is unknown or revoked; make another");
  }
  tx.audit({"scan_station.opened", "account", owner->account_id});
  for (const bool secure : {true, false}) {
    if (const auto cookie = exchange.cookie(cookie_name(secure))) storage::end_session(tx, *cookie);
  }
  tx.commit();
  exchange.set_header("Set-Cookie", set_station_cookie(exchange, secret));
}

std::string SignIn::renew_station(Exchange& exchange, const std::string& secret) {
  exchange.set_header("Set-Cookie", set_station_cookie(exchange, secret));
  return station_csrf_token(secret);
}

void SignIn::close_station(Exchange& exchange) {
  exchange.set_header("Set-Cookie", set_station_cookie(exchange, ""));
}

std::string SignIn::network_subject(const Exchange& exchange) {
  return "network:" + network_of(exchange.client_address());
}

void SignIn::require_patience(Exchange& exchange, const std::string& subject) {
  auto session = database_.read();
  require_patience_in(session, exchange, subject, database_.clock().now());
}

storage::PasswordRecord SignIn::check_password(Exchange& exchange, const std::string& name,
                                               const std::string& password) {
  const std::string client = exchange.client_address();
  const std::string by_account = "account:" + core::fold_case(core::collapse_space(name));
  const std::string by_network = network_subject(exchange);
  require_patience(exchange, by_account);
  require_patience(exchange, by_network);
  storage::PasswordRecord record;
  {
    auto session = database_.read();
    record = storage::find_password(session, name);
  }
  if (!passwords_.verify(password, record.hash)) {
    auto tx = database_.begin({0, client});
    storage::note_sign_in_failure(tx, by_account);
    storage::note_sign_in_failure(tx, by_network);
    storage::AuditEvent event{"session.refused", "account", record.account_id};
    event.succeeded = false;
    tx.audit(event);
    tx.commit();
    throw Error(ErrorCode::unauthenticated, "the name or the password is wrong");
  }
  std::string anew;
  if (passwords_.is_outdated(record.hash) && database_.keeps_changes()) anew = passwords_.hash(password);
  auto tx = database_.begin({record.account_id, client});
  // Guesses side by side have all been let in before the first of them had failed: the right one among them is no
  // better.
  for (const std::string& subject : {by_account, by_network}) require_patience_in(tx, exchange, subject, tx.now());
  storage::forget_sign_in_failures(tx, by_account);
  if (!anew.empty()) storage::renew_password_hash(tx, record, anew);
  tx.commit();
  if (!anew.empty()) record.hash = std::move(anew);
  return record;
}

std::optional<SignedInSession> SignIn::sign_in(Exchange& exchange, const std::string& name, const std::string& password,
                                               const std::string& code) {
  const std::int64_t account = check_password(exchange, name, password).account_id;
  bool asked = false;
  {
    auto session = database_.read();
    asked = storage::find_second_factor(session, account).has_value();
  }
  if (asked && code.empty()) return std::nullopt;
  if (asked) check_code(exchange, account, code);
  return open(exchange, account);
}

void SignIn::check_code(Exchange& exchange, std::int64_t account_id, const std::string& code) {
  // Not the subject of passwords: a right password would make wrong codes forgotten.
  const std::string by_account = "code:" + std::to_string(account_id);
  const std::string by_network = network_subject(exchange);
  auto tx = database_.begin({account_id, exchange.client_address()});
  for (const std::string& subject : {by_account, by_network}) require_patience_in(tx, exchange, subject, tx.now());
  if (storage::take_second_factor_code(tx, sealing_key_, account_id, code)) {
    storage::forget_sign_in_failures(tx, by_account);
    tx.commit();
    return;
  }
  storage::note_sign_in_failure(tx, by_account);
  storage::note_sign_in_failure(tx, by_network);
  storage::AuditEvent event{"session.refused", "account", account_id};
  event.succeeded = false;
  tx.audit(event);
  tx.commit();
  throw Error(ErrorCode::unauthenticated, "this code is wrong, or was used already");
}

bool SignIn::must_have_second_factor(storage::Role role) const {
  // A composed role is asked what the standing role is that it comes nearest to.
  return std::find(options_.second_factor_roles.begin(), options_.second_factor_roles.end(),
                   storage::least_standing_role(role)) != options_.second_factor_roles.end();
}

bool SignIn::lacks_second_factor(std::int64_t account_id, storage::Role role) {
  if (!must_have_second_factor(role)) return false;
  auto session = database_.read();
  return !storage::find_second_factor(session, account_id);
}

SignedInSession SignIn::open(Exchange& exchange, std::int64_t account_id) {
  const std::string client = exchange.client_address();
  auto tx = database_.begin({account_id, client});
  const storage::OpenedSession opened = storage::open_session(
      tx, random_, account_id, client + " " + std::string(core::cut(exchange.header("User-Agent").value_or(""), 200)));
  tx.audit({"session.opened", "account", account_id});
  const SignedInSession session{storage::find_account(tx, account_id).value(), opened.csrf_token,
                                tx.now() + options_.limits.idle};
  tx.commit();
  exchange.set_header("Set-Cookie", set_cookie(exchange, opened.cookie, false));
  return session;
}

void SignIn::sign_out(Exchange& exchange, const std::string& cookie) {
  std::optional<storage::BrowserSession> found;
  {
    auto session = database_.read();
    found = storage::find_session(session, cookie, database_.clock().now(), options_.limits);
  }
  if (found) {
    auto tx = database_.begin({found->account_id, exchange.client_address()});
    storage::end_session(tx, cookie);
    tx.audit({"session.ended", "account", found->account_id});
    tx.commit();
  }
  exchange.set_header("Set-Cookie", set_cookie(exchange, "", true));
}

std::optional<SignedInSession> SignIn::current(const std::string& session_cookie) {
  if (session_cookie.empty()) return std::nullopt;
  auto session = database_.read();
  const core::Time now = database_.clock().now();
  const auto found = storage::find_session(session, session_cookie, now, options_.limits);
  if (!found) return std::nullopt;
  const auto account = storage::find_account(session, found->account_id);
  if (!account) return std::nullopt;
  return SignedInSession{*account, found->csrf_token,
                         std::min(now + options_.limits.idle, found->created_at + options_.limits.absolute)};
}

}  // namespace muniment::webui
