#include "storage/sessions.h"

#include "core/hash.h"

namespace muniment::storage {

namespace {

std::string hashed(std::string_view cookie) {
  return core::Sha256::of(cookie).hex();
}

// A session's name for people, made from the hash so that it needs no column.
std::string named(std::string_view token_hash) {
  return std::string(token_hash.substr(0, 16));
}

}  // namespace

OpenedSession open_session(Transaction& tx, core::Random& random, std::int64_t account_id, std::string_view client) {
  OpenedSession opened{random.token(32), random.token(32)};
  tx.execute(
      "INSERT INTO browser_session (token_hash, account_id, csrf_token, client, created_at, last_seen_at) "
      "VALUES ($1, $2, $3, $4, $5, $5)",
      hashed(opened.cookie), account_id, opened.csrf_token, client, tx.now());
  return opened;
}

std::optional<BrowserSession> find_session(Session& session, std::string_view cookie, core::Time now,
                                           const SessionLimits& limits) {
  const auto found = session.row<std::int64_t, std::string, core::Time, core::Time, std::string>(
      "SELECT account_id, csrf_token, created_at, last_seen_at, client FROM browser_session "
      "WHERE token_hash = $1 AND last_seen_at > $2 AND created_at > $3",
      hashed(cookie), now - limits.idle, now - limits.absolute);
  if (!found) return std::nullopt;
  const auto& [account_id, csrf_token, created_at, last_seen_at, client] = *found;
  return BrowserSession{named(hashed(cookie)), account_id, csrf_token, created_at, last_seen_at, client};
}

void touch_session(Transaction& tx, std::string_view cookie) {
  tx.execute("UPDATE browser_session SET last_seen_at = $1 WHERE token_hash = $2 AND last_seen_at < $1", tx.now(),
             hashed(cookie));
}

void end_session(Transaction& tx, std::string_view cookie) {
  tx.execute("DELETE FROM browser_session WHERE token_hash = $1", hashed(cookie));
}

bool end_session_of(Transaction& tx, std::int64_t account_id, std::string_view id) {
  return tx.execute("DELETE FROM browser_session WHERE account_id = $1 AND substr(token_hash, 1, 16) = $2", account_id,
                    id) > 0;
}

void end_sessions_of(Transaction& tx, std::int64_t account_id) {
  tx.execute("DELETE FROM browser_session WHERE account_id = $1", account_id);
}

std::vector<BrowserSession> list_sessions(Session& session, std::int64_t account_id) {
  std::vector<BrowserSession> sessions;
  for (const auto& [hash, csrf_token, created_at, last_seen_at, client] :
       session.rows<std::string, std::string, core::Time, core::Time, std::string>(
           "SELECT token_hash, csrf_token, created_at, last_seen_at, client FROM browser_session WHERE account_id = $1 "
           "ORDER BY last_seen_at DESC",
           account_id)) {
    sessions.push_back({named(hash), account_id, csrf_token, created_at, last_seen_at, client});
  }
  return sessions;
}

void remove_expired_sessions(Transaction& tx, const SessionLimits& limits) {
  tx.execute("DELETE FROM browser_session WHERE last_seen_at <= $1 OR created_at <= $2", tx.now() - limits.idle,
             tx.now() - limits.absolute);
}

}  // namespace muniment::storage
