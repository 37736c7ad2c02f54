#include "storage/restored_access.h"

#include <nlohmann/json.hpp>

#include "storage/check_outs.h"
#include "storage/scan_stations.h"

namespace muniment::storage {

namespace {

void log(Transaction& tx, const char* action, const SuspendedAccess& what) {
  tx.audit({action, "archive", 0, "",
            nlohmann::ordered_json{{"accounts", what.accounts},
                                   {"tokens", what.tokens},
                                   {"share_links", what.share_links},
                                   {"scan_stations", what.scan_stations}}
                .dump()});
}

}  // namespace

void suspend_restored_access(Transaction& tx) {
  tx.execute("DELETE FROM browser_session");
  tx.execute("UPDATE api_token SET suspended_at = $1 WHERE suspended_at IS NULL", tx.now());
  tx.execute("UPDATE share_link SET suspended_at = $1 WHERE suspended_at IS NULL AND revoked_at IS NULL", tx.now());
  tx.execute("UPDATE scan_station SET suspended_at = $1 WHERE suspended_at IS NULL", tx.now());
  // Without an administrator nobody could decide.
  tx.execute(
      "UPDATE account SET disabled = 1, suspended_at = $1, version = version + 1 WHERE disabled = 0 AND role <> "
      "'admin' "
      "AND id NOT IN (SELECT account_id FROM scan_station)",
      tx.now());
}

SuspendedAccess suspended_access(Session& session) {
  return {session.value<std::int64_t>("SELECT count(*) FROM account WHERE suspended_at IS NOT NULL").value(),
          session.value<std::int64_t>("SELECT count(*) FROM api_token WHERE suspended_at IS NOT NULL").value(),
          session.value<std::int64_t>("SELECT count(*) FROM share_link WHERE suspended_at IS NOT NULL").value(),
          session.value<std::int64_t>("SELECT count(*) FROM scan_station WHERE suspended_at IS NOT NULL").value()};
}

bool is_suspended(Session& session, std::int64_t account_id) {
  return session.value<std::int64_t>("SELECT 1 FROM account WHERE id = $1 AND suspended_at IS NOT NULL", account_id)
      .has_value();
}

SuspendedAccess resume_restored_access(Transaction& tx, const Principal& who) {
  who.require(Permission::manage_accounts);
  const SuspendedAccess before = suspended_access(tx);
  tx.execute(
      "UPDATE account SET disabled = 0, suspended_at = NULL, version = version + 1 WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE api_token SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE share_link SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  tx.execute("UPDATE scan_station SET suspended_at = NULL WHERE suspended_at IS NOT NULL");
  log(tx, "archive.access_resumed", before);
  return before;
}

SuspendedAccess revoke_restored_access(Transaction& tx, const Principal& who) {
  who.require(Permission::manage_accounts);
  const SuspendedAccess before = suspended_access(tx);
  for (const auto& [account] : tx.rows<std::int64_t>("SELECT id FROM account WHERE suspended_at IS NOT NULL")) {
    end_check_outs_of(tx, account);
  }
  tx.execute("UPDATE account SET suspended_at = NULL, version = version + 1 WHERE suspended_at IS NOT NULL");
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
