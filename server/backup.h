// Copies that can be restored: database, originals and keys (but the one that signs audit checkpoints). The index and
// the renditions are made again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "records/disposal.h"
#include "records/tombstones.h"
#include "server/stage_report.h"
#include "storage/blob_store.h"
#include "storage/data_directory.h"
#include "storage/database.h"

namespace muniment::server {

struct BackupResult {
  std::int64_t blobs = 0;         // in the backup
  std::int64_t blobs_copied = 0;  // that were not there from an earlier one
};

// Into a new or empty directory, or over an earlier backup of the same archive, of which only what is missing is
// copied. The service need not stop; nothing is destroyed meanwhile, so that what the copied database names is there to
// be copied. Every byte is hashed on its way. The backup is whole when its manifest is there. Originals that are
// missing or damaged here, and not there from an earlier one, are listed in it; all else is copied. Stages: database,
// originals (counted). Error(conflict) for
// a directory that holds something else, Error(corrupt) when it was made without some originals.
BackupResult back_up(const storage::DataDirectory& data, storage::Database& database, const storage::BlobStore& blobs,
                     records::Disposal& disposal, const std::filesystem::path& target, const StageReport& report);

struct RestoreResult {
  records::KnownDestroyed destroyed;
  std::int64_t missing = 0;  // originals that the backup was made without
};

// Into a data directory that holds nothing but a configuration, or what a restore left that did not come to its end.
// Hashes are checked before anything is taken for good. Error(conflict) when an archive or anything else is there,
// Error(unavailable) when another process uses it, Error(corrupt) when the backup is not whole or not sound: then there
// is no archive. An original that the backup was made without is not there afterwards either. The audit log of what is
// restored says so. `tombstones` is a tombstones.jsonl that is newer than the
// backup; empty: none. What it, the backup's own or one that is in the directory already names is destroyed again
// before the archive serves anybody; that is returned.
RestoreResult restore(const std::filesystem::path& backup, const std::filesystem::path& data,
                      const std::filesystem::path& tombstones,
                      const std::function<void(std::int64_t done, std::int64_t of)>& progress);

}  // namespace muniment::server
