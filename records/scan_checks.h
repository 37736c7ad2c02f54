// "Scan and discard" (for Swedish accounts: Bokföringslagen 7:6): before paper may be destroyed because its scan is
// kept (records/paper_disposal.h), somebody compares the two, and a rule says how many of the pages at least.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/documents.h"

namespace muniment::records {

// What somebody looked at: these pages, from 1, or only how many. Which ones is not known then, so that it counts
// towards the rule only where it is all of them.
struct PagesCompared {
  std::int64_t count = 0;  // without pages
  std::vector<std::int64_t> pages = {};
};

struct ScanCheck {
  std::int64_t id = 0;
  core::Time checked_at;
  std::string checked_by_name;
  std::int64_t pages_compared = 0;
  std::vector<std::int64_t> pages;  // ascending; empty where only their number is known
  bool passed = false;
  std::string note;
};
std::vector<ScanCheck> scan_checks(storage::Session& session, std::int64_t document_id);  // newest first

// Needs Permission::manage_paper, and a document that is on paper and has a file. Error(conflict) otherwise,
// Error(invalid_argument) for pages that it does not have.
std::int64_t record_scan_check(storage::Transaction& tx, const storage::Principal& who, std::int64_t document_id,
                               const PagesCompared& compared, bool passed, std::string_view note);

// How much of the present scan was found to be good since a check last failed.
struct ScanCoverage {
  std::vector<std::int64_t> pages;  // ascending
  std::int64_t of = 0;              // pages of the scan
  std::int64_t needed = 0;          // by the rule, before the paper may be discarded
  bool reached() const { return static_cast<std::int64_t>(pages.size()) >= needed; }
};
ScanCoverage scan_coverage(storage::Session& session, const storage::Document& document);

// The share of pages that the rule asks for, 0 to 100 per cent, of each document and rounded up to whole pages. 0, as
// long as nobody has set it: a good check is enough, whatever it looked at.
int scan_check_percent(storage::Session& session);
// Needs Permission::manage_schedules.
void set_scan_check_percent(storage::Transaction& tx, const storage::Principal& who, std::int64_t percent);

// The document, for somebody who may end its paper. Error(conflict) unless it is on paper and has a file.
storage::Document require_paper_and_scan(storage::Session& session, const storage::Principal& who,
                                         std::int64_t document_id);

}  // namespace muniment::records
