#include "storage/scan_stations.h"

#include <chrono>

#include "core/error.h"
#include "core/hash.h"
#include "storage/accounts.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::chrono::hours kUseEvery{1};

std::string hash_of(std::string_view secret) {
  return core::Sha256::of(secret).hex();
}

}  // namespace

std::vector<ScanStation> list_scan_stations(Session& session) {
  std::vector<ScanStation> stations;
  for (const auto& [account, name, created_at, last_seen_at] :
       session.rows<std::int64_t, std::string, core::Time, std::optional<core::Time>>(
           "SELECT s.account_id, a.display_name, s.created_at, s.last_seen_at FROM scan_station s "
           "JOIN account a ON a.id = s.account_id ORDER BY a.folded_name")) {
    stations.push_back({account, name, created_at, last_seen_at});
  }
  return stations;
}

IssuedStation create_scan_station(Transaction& tx, core::Random& random, std::string_view name) {
  IssuedStation issued;
  issued.account_id = create_account(tx, {std::string(name), "", Role::staff, ""});
  issued.secret = "mus_" + random.token(32);
  tx.execute("INSERT INTO scan_station (account_id, secret_hash, created_at) VALUES ($1, $2, $3)", issued.account_id,
             hash_of(issued.secret), tx.now());
  tx.audit({"scan_station.created", "account", issued.account_id});
  return issued;
}

void revoke_scan_station(Transaction& tx, std::int64_t account_id) {
  if (tx.execute("DELETE FROM scan_station WHERE account_id = $1", account_id) == 0) {
    throw Error(ErrorCode::not_found, "there is no such station");
  }
  AccountChange change;
  change.disabled = true;
  change_account(tx, account_id, find_account(tx, account_id).value().version, change);
  tx.audit({"scan_station.revoked", "account", account_id});
}

std::optional<StationOwner> find_scan_station(Session& session, std::string_view secret, core::Time now) {
  const auto found = session.row<std::int64_t, std::optional<core::Time>>(
      "SELECT account_id, last_seen_at FROM scan_station WHERE secret_hash = $1 AND suspended_at IS NULL",
      hash_of(secret));
  if (!found) return std::nullopt;
  const auto& [account, last_seen_at] = *found;
  return StationOwner{account, !last_seen_at || *last_seen_at < now - kUseEvery};
}

void note_station_use(Transaction& tx, std::int64_t account_id) {
  tx.execute("UPDATE scan_station SET last_seen_at = $1 WHERE account_id = $2", tx.now(), account_id);
}

}  // namespace muniment::storage
