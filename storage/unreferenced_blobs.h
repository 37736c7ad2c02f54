// Files of the blob store that no row names: an intake that a crash, a refusal or a full disk ended between the storing
// of a file and its commit leaves one. They are written down when they are found, and removed when nothing has come to
// refer to them for long enough. Their age counts from then, not from the file's own time, which says nothing in a
// directory that was copied, or beside a database that is older than its files.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/clock.h"
#include "core/hash.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace muniment::storage {

// Looks through the whole store. `progress` is called for each file, outside any transaction; what it throws ends this.
void note_unreferenced_blobs(Database& database, const BlobStore& blobs, const std::function<void()>& progress);

struct UnreferencedBlobs {
  std::int64_t count = 0;
  std::uint64_t bytes = 0;
};
// Those that are written down.
UnreferencedBlobs unreferenced_blobs(Session& session);

// Removes up to `limit` of those that were written down before `cutoff`, audited with their hashes in the transaction
// that forgets them. Returns how many were removed; what a crash interrupted is removed, and told, the next time. The
// caller sees to it that no backup is being made.
UnreferencedBlobs remove_unreferenced_blobs(Database& database, const BlobStore& blobs, core::Time cutoff,
                                            std::size_t limit);

// Of a directory that none of these files came into: while a backup is restored.
void forget_unreferenced_blobs(Transaction& tx);

}  // namespace muniment::storage
