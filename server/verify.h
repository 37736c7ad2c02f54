// Is everything still what it was? Reads every byte that must survive and compares it with what was recorded.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "index/search_index.h"
#include "storage/audit_checkpoint.h"
#include "storage/blob_store.h"
#include "storage/database.h"

namespace muniment::server {

struct Verification {
  std::vector<std::string> findings;  // empty: all is well
  std::int64_t blobs = 0;
  std::int64_t documents = 0;
  std::int64_t audit_entries = 0;
  std::int64_t unreferenced_blobs = 0;  // files that no row names; left by a crash, harmless
};

// `progress(done, of)` is called now and then. Only reads.
Verification verify(storage::Database& database, const storage::BlobStore& blobs, const index::SearchIndex& index,
                    storage::AuditCheckpoints& checkpoints,
                    const std::function<void(std::int64_t done, std::int64_t of)>& progress);

std::string to_json(const Verification& verification);

}  // namespace muniment::server
