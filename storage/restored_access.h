// Ways in that a restored backup brings back. What was withdrawn after the backup was made is open again in it, and
// nobody can tell any more what that was: so all of it waits for a person.
#pragma once

#include <cstdint>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

struct SuspendedAccess {
  std::int64_t tokens = 0;
  std::int64_t share_links = 0;
  std::int64_t scan_stations = 0;
};

// Ends every browser session and suspends every token, open share link and scan station. To be called while restoring.
void suspend_restored_access(Transaction& tx);
SuspendedAccess suspended_access(Session& session);
// They work again, or are revoked for good. Needs Permission::manage_accounts. Returns how many.
SuspendedAccess resume_restored_access(Transaction& tx, const Principal& who);
SuspendedAccess revoke_restored_access(Transaction& tx, const Principal& who);

}  // namespace muniment::storage
