// The end of paper, which no program can carry out: a person destroys it and says so. Until then a record that has
// paper is not purged (records/disposal.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/physical_items.h"
#include "records/retention.h"

namespace muniment::records {

struct PaperDestruction {
  std::int64_t document_id = 0;
  std::optional<std::int64_t> batch_id;  // empty: its scan was checked and the paper discarded
  Date destroyed_on;
  std::string method;
  core::Time confirmed_at;
  std::int64_t confirmed_by = 0;
  std::string confirmed_by_name;
};
// Also of what is destroyed as a whole.
std::optional<PaperDestruction> find_paper_destruction(storage::Session& session, std::int64_t document_id);

// Paper of records whose restore window is over on `today`, or will be: to be fetched from its place and destroyed, or
// handed over where the record was transferred.
struct PaperToDestroy {
  std::int64_t document_id = 0;
  std::string title;
  std::string barcode;
  std::optional<Place> current;
  std::int64_t batch_id = 0;
  Date restorable_until;       // to be destroyed after that day
  bool held = false;           // a hold came meanwhile: not to be destroyed
  std::string transferred_to;  // the archive that has the record: to be handed over to it; empty: to be destroyed
};
std::vector<PaperToDestroy> paper_to_destroy(storage::Session& session, const storage::Principal& who);
// Needs Permission::manage_paper. Error(conflict) for what can still be restored, is held, or is not to be destroyed.
void confirm_paper_destroyed(storage::Transaction& tx, const storage::Principal& who,
                             const std::vector<std::int64_t>& documents, Date destroyed_on, std::string_view method,
                             Date today);

// "Scan and discard" (for Swedish accounts: Bokföringslagen 7:6): the scan is compared with the paper, and then the
// paper is destroyed, in two acts.
struct ScanCheck {
  std::int64_t id = 0;
  core::Time checked_at;
  std::string checked_by_name;
  std::int64_t pages_compared = 0;
  bool passed = false;
  std::string note;
};
std::vector<ScanCheck> scan_checks(storage::Session& session, std::int64_t document_id);  // newest first
// Both need Permission::manage_paper, and a document that is on paper and has a file. Error(conflict) otherwise.
std::int64_t record_scan_check(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                               std::int64_t pages_compared, bool passed, std::string_view note);
// The scan alone is the document from now on. Error(conflict) without a good last check, under hold, or while the paper
// is on loan.
void discard_paper(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id, Date destroyed_on,
                   std::string_view method, Date today);

}  // namespace muniment::records
