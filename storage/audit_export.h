// The audit log as a file of its own: lines of JSON that can be checked without the archive (docs/audit.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/audit_verifier.h"
#include "storage/database.h"
#include "storage/signed_note.h"

namespace muniment::storage {

// Entries 1 to `entries` with their checkpoints, line by line, each ended by a line feed; of each entry as much as
// `who` may see (audit_sight.h), and of what is left out that it is. `write` returns false when nobody listens any
// more. The export verifies when `entries` is the size of a checkpoint.
void export_audit(Session& session, const Principal& who, std::int64_t entries, const std::vector<PublicKey>& keys,
                  const std::function<bool(std::string_view line)>& write);

// Reads an export, in pieces of any size. Any input is safe. Not thread-safe.
class AuditExportVerifier {
 public:
  struct Checkpoint {
    std::string name;  // what findings call it
    std::string note;
  };
  // Without keys those in the export are taken, which proves only that it agrees with itself.
  AuditExportVerifier(std::vector<PublicKey> trusted, std::vector<Checkpoint> checkpoints);

  void add(std::string_view piece);
  AuditVerdict finish();

 private:
  void add_line(std::string_view line);
  void start(std::string_view line);

  std::vector<PublicKey> trusted_;
  std::vector<Checkpoint> checkpoints_;
  std::string rest_;
  std::optional<AuditVerifier> verifier_;  // once the header is read
  std::int64_t lines_ = 0;
  std::int64_t announced_ = 0;  // entries, by the header
  std::int64_t announced_checkpoints_ = 0;
  std::int64_t checkpoint_lines_ = 0;
};

}  // namespace muniment::storage
