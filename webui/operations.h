// What the service as a whole can tell and do, as seen from the API; the server implements it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/access.h"

namespace muniment::webui {

// Thread-safe.
class Operations {
 public:
  virtual ~Operations() = default;

  // Why the service cannot do its work now, in words; empty when it can.
  virtual std::vector<std::string> complaints() = 0;
  // One JSON object: documents, queue, quarantine, index lag, disk, sandbox, version.
  virtual std::string status_json() = 0;
  // Prometheus' text format.
  virtual std::string metrics_text() = 0;
  // Each begins a job and returns its identifier.
  virtual std::int64_t start_reindex(const storage::Principal& who) = 0;
  virtual std::int64_t start_verify(const storage::Principal& who) = 0;
  virtual std::int64_t start_backup(const storage::Principal& who, const std::string& directory) = 0;
};

}  // namespace muniment::webui
