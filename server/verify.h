// Is everything still what it was? Reads every byte that must survive and compares it with what was recorded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/search_index.h"
#include "server/stage_report.h"
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

// Stages: database, catalogue, audit, originals (counted), index. Only reads.
Verification verify(storage::Database& database, const storage::BlobStore& blobs, const index::SearchIndex& index,
                    storage::AuditCheckpoints& checkpoints, const StageReport& report);

std::string to_json(const Verification& verification);

}  // namespace muniment::server
