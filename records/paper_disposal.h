// The end of paper, which no program can carry out: a person destroys it and says so. Until then what has paper is not
// purged (records/disposal.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/holds.h"
#include "records/physical_items.h"
#include "records/retention.h"

namespace muniment::records {

struct PaperDestruction {
  std::int64_t document_id = 0;
  std::optional<std::int64_t> batch_id;  // empty: its scan was checked and the paper discarded, or it was in the trash
  Date destroyed_on;
  std::string method;
  core::Time confirmed_at;
  std::int64_t confirmed_by = 0;
  std::string confirmed_by_name;
};
// Also of what is destroyed as a whole.
std::optional<PaperDestruction> find_paper_destruction(storage::Session& session, std::int64_t document_id);

// Paper that only a person can destroy, to be fetched from its place: of records whose restore window is over, or will
// be, where it may be to be handed over instead, and of what has lain in the trash for long enough.
struct PaperToDestroy {
  std::int64_t document_id = 0;
  std::string title;
  std::string barcode;
  std::optional<Place> current;
  std::optional<std::int64_t> batch_id;  // that disposed of the record; empty: from the trash
  std::optional<Date> restorable_until;  // to be destroyed after that day; empty: now
  bool held = false;                     // not to be destroyed: a hold came meanwhile that the asker may know of
  std::string transferred_to;  // the archive that has the record: to be handed over to it; empty: to be destroyed
};
// What was put in the trash before `trashed_before` has lain there for long enough; what a person had erased always
// has.
std::vector<PaperToDestroy> paper_to_destroy(storage::Session& session, const storage::Principal& who,
                                             core::Time trashed_before);
struct PaperDay {
  Date today;
  core::Time trashed_before;
};
// Needs Permission::manage_paper, and `asked` what Disposal::ask_holds answered about all of them. Error(conflict) for
// what can still be restored, is held, has changed since the holds were asked, or is not to be destroyed. What lies in
// the trash cannot be restored any more, and leaves it when that is next emptied.
void confirm_paper_destroyed(storage::Transaction& tx, const storage::Principal& who,
                             const std::vector<std::int64_t>& documents, Date destroyed_on, std::string_view method,
                             const PaperDay& day, const HoldsAsked& asked);

// The scan alone is the document from now on. Needs Permission::manage_paper. Error(conflict) without a good last
// check, before as many pages were compared as the rule asks for (records/scan_checks.h), under hold, while the
// paper is on loan, and for what has changed since Disposal::ask_holds answered `asked`.
void discard_paper(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id, Date destroyed_on,
                   std::string_view method, Date today, const HoldsAsked& asked);

}  // namespace muniment::records
