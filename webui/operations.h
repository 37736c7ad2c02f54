// What the service as a whole can tell and do, as seen from the API; the server implements it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/clock.h"
#include "storage/access.h"

namespace muniment::webui {

struct ServiceStatus {
  std::string version;
  core::Time started_at;
  std::int64_t documents = 0;  // not in the trash
  std::map<std::string, std::int64_t> documents_by_state;
  std::int64_t in_trash = 0;
  std::int64_t pages = 0;
  std::int64_t queued = 0, running = 0, waiting = 0, failed = 0;  // jobs
  std::int64_t index_documents = 0;
  std::int64_t index_pending = 0;  // changed documents that the index does not have yet
  std::uint64_t disk_total_bytes = 0, disk_free_bytes = 0, disk_floor_bytes = 0;
  // Why files in watched folders wait, with their names, and what the last verification found, in words: for
  // administrators only.
  std::vector<std::string> problems;
};

struct SandboxState {
  int level = 0;  // 3: namespaces, Landlock, seccomp and limits ... 0: none
  int required_level = 0;
  bool processing = false;  // false: documents are stored and held, not parsed
  struct Attempt {
    std::string name;
    bool blocked = false;
  };
  std::vector<Attempt> attempts;  // what the attack probe tried
};

// Thread-safe.
class Operations {
 public:
  virtual ~Operations() = default;

  // Why the service cannot do its work now, in words that name no file, for anyone; empty when it can.
  virtual std::vector<std::string> complaints() = 0;
  virtual ServiceStatus status() = 0;
  virtual SandboxState sandbox() = 0;
  // Prometheus' text format.
  virtual std::string metrics_text() = 0;
  // Each begins a job and returns its identifier. Error(conflict) while one of its kind runs; the backup's directory
  // must be new or empty, Error(invalid_argument) otherwise.
  virtual std::int64_t start_reindex(const storage::Principal& who) = 0;
  virtual std::int64_t start_verify(const storage::Principal& who) = 0;
  virtual std::int64_t start_sweep(const storage::Principal& who) = 0;
  virtual std::int64_t start_backup(const storage::Principal& who, const std::string& directory) = 0;
  // Begins to execute an approved batch, in the background. Error(conflict) unless it is approved, Error(stale).
  virtual void start_disposition(const storage::Principal& who, std::int64_t batch_id,
                                 std::int64_t expected_version) = 0;
  // Holds, schedules, the file plan or the day that counts as today have changed: what follows from that is seen to
  // soon. Of documents it is heard by itself.
  virtual void records_changed() = 0;
  // Mailboxes have changed, or one is to be visited now.
  virtual void mailboxes_changed() = 0;
  // Folders that people set up have changed.
  virtual void intake_folders_changed() = 0;
  // Error(invalid_argument) or (forbidden) for an address to which no web hook would be sent, as far as it says so
  // itself: what its name leads to is seen when it is called.
  virtual void require_callable(const std::string& url) = 0;
};

}  // namespace muniment::webui
