#include "storage/restored_access.h"

#include <nlohmann/json.hpp>

#include "storage/scan_stations.h"

namespace muniment::storage {

namespace {

void log(Transaction& tx, const char* action, const SuspendedAccess& what) {
  tx.audit({action, "archive", 0, "",
            nlohmann::ordered_json{
                {"tokens", what.tokens}, {"share_links", what.share_links}, {"scan_stations", what.scan_stations}}
                .dump()});
}

}  // namespace

void suspend_restored_access(Transaction& tx) {
  tx.execute("DELETE FROM browser_session");
  tx.execute("UPDATE api_token SET suspended_at = $1 WHERE suspended_at IS NULL", tx.now());
  tx.execute("UPDATE share_link SET suspended_at = $1 WHERE suspended_at IS NULL AND revoked_at IS NULL", tx.now());
  tx.execute("UPDATE scan_station SET suspended_at = $1 WHERE suspended_at IS NULL", tx.now());
}

SuspendedAccess suspended_access(Session& session) {
  return {session.value<std::int64_t>("SELECT count(*) FROM api_token WHERE suspended_at IS NOT NULL").value(),
          session.value<std::int64_t>("SELECT count(*) FROM share_link WHERE suspended_at IS NOT NULL").value(),
          session.value<std::int64_t>("SELECT count(*) FROM scan_station WHERE suspended_at IS NOT NULL").value()};
}

SuspendedAccess resume_restored_access(Transaction& tx, const Principal& who) {
  who.require(Permission::manage_accounts);
  const SuspendedAccess before = suspended_access(tx);
  tx.execute("UPDATE api_token SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE share_link SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE scan_station SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  log(tx, "archive.access_resumed", before);
  return before;
}

SuspendedAccess revoke_restored_access(Transaction& tx, const Principal& who) {
  who.require(Permission::manage_accounts);
  const SuspendedAccess before = suspended_access(tx);
  tx.execute("DELETE FROM api_token WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE share_link SET revoked_at = $1, suspended_at = NULL WHERE suspended_at IS NOT NULL", tx.now());
  for (const auto& [station] :
       tx.rows<std::int64_t>("SELECT account_id FROM scan_station WHERE suspended_at IS NOT NULL")) {
    revoke_scan_station(tx, station);
  }
  log(tx, "archive.access_revoked", before);
  return before;
}

}  // namespace muniment::storage
