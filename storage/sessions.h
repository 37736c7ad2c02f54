// Browser sessions. The cookie is a secret of 256 random bits; only its SHA-256 is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "storage/database.h"

namespace muniment::storage {

struct SessionLimits {
  std::chrono::minutes idle{30};
  std::chrono::minutes absolute{12 * 60};
};

struct OpenedSession {
  std::string cookie;      // the only time that it is known
  std::string csrf_token;  // to be sent in X-CSRF-Token with every change
};

struct BrowserSession {
  std::string id;  // for naming it; tells nothing of the cookie
  std::int64_t account_id = 0;
  std::string csrf_token;
  core::Time created_at;
  core::Time last_seen_at;
  std::string client;
};

OpenedSession open_session(Transaction& tx, core::Random& random, std::int64_t account_id, std::string_view client);
// Empty when unknown, idle for too long or too old.
std::optional<BrowserSession> find_session(Session& session, std::string_view cookie, core::Time now,
                                           const SessionLimits& limits);
// To be called when a session that find_session returned was last seen more than a minute ago.
void touch_session(Transaction& tx, std::string_view cookie);
void end_session(Transaction& tx, std::string_view cookie);
// By its `id`; false when the account has no such session.
bool end_session_of(Transaction& tx, std::int64_t account_id, std::string_view id);
void end_sessions_of(Transaction& tx, std::int64_t account_id);
std::vector<BrowserSession> list_sessions(Session& session, std::int64_t account_id);
// Forgets what find_session would no longer return.
void remove_expired_sessions(Transaction& tx, const SessionLimits& limits);

}  // namespace muniment::storage
