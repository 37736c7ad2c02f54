// Devices that may scan and nothing else, as the tablet beside a scanner. Each has an account of its own, in whose name
// it files; nobody signs in with that. Its secret has 256 random bits; only its SHA-256 is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "storage/database.h"

namespace muniment::storage {

struct ScanStation {
  std::int64_t account_id = 0;  // names the station too
  std::string name;
  core::Time created_at;
  std::optional<core::Time> last_seen_at;  // to the hour
};
std::vector<ScanStation> list_scan_stations(Session& session);  // by name

struct IssuedStation {
  std::int64_t account_id = 0;
  std::string secret;  // "mus_...": shown once
};
// With an account of this name, of the role staff and without a password. Error(invalid_argument), (conflict) as
// create_account.
IssuedStation create_scan_station(Transaction& tx, core::Random& random, std::string_view name);
// From now on its secret is good for nothing; its account is disabled and stays, because it is named by what it filed.
// Error(not_found).
void revoke_scan_station(Transaction& tx, std::int64_t account_id);

struct StationOwner {
  std::int64_t account_id = 0;
  bool use_is_due = false;  // note_station_use would write
};
// Empty for a secret that is unknown or revoked.
std::optional<StationOwner> find_scan_station(Session& session, std::string_view secret, core::Time now);
// At most once an hour.
void note_station_use(Transaction& tx, std::int64_t account_id);

}  // namespace muniment::storage
