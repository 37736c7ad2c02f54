// What becomes of what a scanner delivers: how it is scanned, parted into documents, and filed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/barcode_rules.h"
#include "scanners/scan_settings.h"
#include "storage/scans.h"

namespace muniment::scanners {

enum class Parting {
  none,   // at separator sheets alone, as with the others (docs/capture.md)
  count,  // each so many pages
  blank,  // at each blank page, which is left out
};
std::string_view parting_name(Parting parting);  // "blank"
std::optional<Parting> parse_parting(std::string_view name);

struct ScanPlan {
  ScanSettings settings;
  Parting parting = Parting::none;
  int pages_per_document = 1;      // with Parting::count; blank pages count
  bool drop_blank = false;         // leave blank pages out
  bool backs_upside_down = false;  // of a stack that was turned over its short edge
  bool file_at_once = false;       // documents are filed as they are complete, while the scanner runs
  std::optional<std::int64_t> class_id, folder_id, type_id;
  std::vector<std::int64_t> tag_ids;
  bool operator==(const ScanPlan&) const = default;
};
// Error(invalid_argument) that says what would be right.
void require_sound(const ScanPlan& plan);
std::string to_json(const ScanPlan& plan);
// Error(bad_file) for anything that to_json did not write.
ScanPlan plan_from_json(std::string_view json);

struct DocumentPages {
  std::vector<storage::ScanPage> pages;  // never empty
  std::vector<std::int64_t> spent;       // identifiers of all pages that go with it, those that are left out too
  bool parted_by_hand = false;           // a person joined pages of it, put some back, or said where it begins
};
// What the pages are parted into, in order: by hand, else as the plan says, and by separator sheets and serial numbers
// as when they are read (ingest/barcode_rules.h). `all_there`: no more pages come. Else the last document, which may
// still grow, is not among them.
std::vector<DocumentPages> documents_of(std::span<const storage::ScanPage> pages, const ScanPlan& plan,
                                        const ingest::BarcodeRules& rules, bool all_there);

// The order of the sheets of a stack whose fronts came first, from first to last, and then its backs, from last to
// first. More backs than fronts stay as they came. Identifiers of pages.
std::vector<std::int64_t> collated(std::span<const storage::ScanPage> pages);

}  // namespace muniment::scanners
