// Inventories: what is scanned in a place, compared with what the catalogue says stands there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/physical_items.h"

namespace muniment::records {

struct Inventory {
  std::int64_t id = 0;
  Place location;
  core::Time started_at;
  std::string started_by_name;
  std::optional<core::Time> finished_at;
  std::int64_t scanned = 0;  // different codes
};

enum class FindingKind {
  missing,    // belongs there by the catalogue, and was not scanned
  misplaced,  // the catalogue has it elsewhere
  lent,       // is out by the catalogue, and yet was scanned
  unknown,    // nothing wears this code, or nothing that the asker may know of
};
std::string_view finding_kind_name(FindingKind kind);

struct Finding {
  std::int64_t id = 0;  // 0 while the inventory lasts
  FindingKind kind = FindingKind::unknown;
  std::string code;
  std::optional<std::int64_t> document_id;
  std::optional<std::int64_t> location_id;  // a place that stands elsewhere
  std::optional<Place> expected;
  std::optional<Place> found;
  std::optional<core::Time> accepted_at;
};

// All that change something need Permission::manage_paper, and only concern what `who` may read.

// Of the place and all that stands in it. Error(conflict) when one is under way there.
std::int64_t start_inventory(storage::Transaction& tx, const storage::Principal& who, std::int64_t location_id);
// In any order, as often as one likes. The code of a place says where what the same person scans next is; before the
// first, that is just the place of the inventory, or anywhere in it. At most 10000 at once. Returns how many were new.
std::size_t scan(storage::Transaction& tx, const storage::Principal& who, std::int64_t inventory_id,
                 const std::vector<std::string>& codes);
// Writes down the findings. Error(conflict) when it is finished.
void finish_inventory(storage::Transaction& tx, const storage::Principal& who, std::int64_t inventory_id);
// Makes the catalogue agree: what is missing has no place any more, what was found is where it was found, what was out
// has come back. Accepting twice is not an error. Error(conflict) when there is no room where it was found.
void accept_findings(storage::Transaction& tx, const storage::Principal& who, std::int64_t inventory_id,
                     const std::vector<std::int64_t>& findings);

std::vector<Inventory> list_inventories(storage::Session& session);  // newest first
std::optional<Inventory> find_inventory(storage::Session& session, std::int64_t id);
// While it lasts, as it would be if it ended now.
std::vector<Finding> findings_of(storage::Session& session, const storage::Principal& who, std::int64_t inventory_id);

}  // namespace muniment::records
