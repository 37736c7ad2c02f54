// Ways in that a restored backup brings back. What was withdrawn after the backup was made is open again in it, and
// nobody can tell any more what that was: so all of it waits for a person.
#pragma once

#include <cstdint>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

struct SuspendedAccess {
  std::int64_t accounts = 0;
  std::int64_t tokens = 0;
  std::int64_t share_links = 0;
  std::int64_t scan_stations = 0;
};

// Ends every browser session and suspends every token, open share link and scan station, and every account but those of
// administrators and stations: it is disabled like one that an administrator disables. To be called while restoring.
void suspend_restored_access(Transaction& tx);
SuspendedAccess suspended_access(Session& session);
// Whether the account is disabled only because nobody has decided on it.
bool is_suspended(Session& session, std::int64_t account_id);
// They work again, or are revoked for good; accounts stay disabled then, and can be enabled one by one. A suspended
// account that somebody enables or disables by itself (change_account) waits no more. Needs
// Permission::manage_accounts. Returns how many.
SuspendedAccess resume_restored_access(Transaction& tx, const Principal& who);
SuspendedAccess revoke_restored_access(Transaction& tx, const Principal& who);

}  // namespace muniment::storage
