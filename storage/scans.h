// Pages on their way from a scanner to documents: what of them is durable in the database. Their pictures are files
// (docs/formats.md), which scanners/ writes before and removes after the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class ScanState {
  scanning,
  turn,    // the fronts are in: the stack is to be turned over
  paused,  // something came between; `problem` says what
  ready,   // the stack is through
  filed,   // every page is in a document, or was thrown away
};
std::string_view scan_state_name(ScanState state);

struct ScanPage {
  std::int64_t id = 0;
  int pass = 1;
  std::int64_t number = 0;  // of its files
  std::string extension;
  int width = 0, height = 0;
  int resolution = 0;
  bool blank = false;
  std::vector<std::string> barcodes;  // what those on it say
  int turn = 0;                       // clockwise: 0, 90, 180 or 270
  std::optional<bool> starts;         // by hand: whether a document begins here
  std::optional<bool> kept;           // by hand: whether it goes into a document
};

struct Scan {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::int64_t account_id = 0;
  std::string scanner;
  std::string plan;  // JSON
  ScanState state = ScanState::scanning;
  std::string problem;
  int pass = 1;
  bool collated = false;  // fronts and backs are in order: whatever comes now comes behind them
  std::int64_t next_number = 1;
  // While a page is scanned anew: which, and the state to which the scan returns.
  std::optional<std::int64_t> replaces;
  std::optional<ScanState> state_before;
  core::Time created_at;
  std::vector<ScanPage> pages;          // in order; those that are not filed yet
  std::vector<std::int64_t> documents;  // that were made of its pages
};

std::int64_t create_scan(Transaction& tx, std::string_view scanner, std::string_view plan);
// Empty when there is none that `who` may see: one's own, for whoever manages accounts those of a disabled one (of no
// more rights and no higher clearance than their own), and for the system all.
std::optional<Scan> find_scan(Session& session, const Principal& who, std::int64_t id);
// Those of them that are not filed, the newest first; without their pages.
std::vector<Scan> list_scans(Session& session, const Principal& who);
void set_scan_state(Transaction& tx, std::int64_t id, ScanState state, std::string_view problem, int pass);
// It scans, to put a page in the place of `page_id`, until set_scan_state says what came of that.
void begin_replacement(Transaction& tx, std::int64_t id, std::int64_t page_id, ScanState state_before);
void set_scan_plan(Transaction& tx, std::int64_t id, std::string_view plan);
// The scan and what is known of its pages. It is audited how many pages were thrown away.
void discard_scan(Transaction& tx, std::int64_t id);

// A page whose files are durable, as the last one, or in the place of the page `replaces`, which must be there. Its id.
std::int64_t record_scan_page(Transaction& tx, std::int64_t scan_id, const ScanPage& page,
                              std::optional<std::int64_t> replaces = std::nullopt);
// How it lies, and what was decided by hand. Error(not_found).
void change_scan_page(Transaction& tx, std::int64_t scan_id, const ScanPage& page);
void delete_scan_page(Transaction& tx, std::int64_t scan_id, std::int64_t page_id);
// Error(invalid_argument) unless `pages` are all of the scan's pages.
void order_scan_pages(Transaction& tx, std::int64_t scan_id, std::span<const std::int64_t> pages);
// As above, and the fronts and backs of the scan are collated from now on.
void collate_scan_pages(Transaction& tx, std::int64_t scan_id, std::span<const std::int64_t> pages);
// In the transaction that makes the document. Error(stale) when the scan has changed since it was of that version,
// which is one more afterwards.
void file_scan_pages(Transaction& tx, std::int64_t scan_id, std::int64_t expected_version,
                     std::span<const std::int64_t> pages, std::int64_t document_id);

// A ready-made way to scan, for everybody.
struct ScanProfile {
  std::int64_t id = 0;
  std::int64_t version = 0;
  std::string name;
  std::string scanner;  // empty: the one that is chosen
  std::string plan;     // JSON
  // The button on that scanner that scans so, as SANE names it ("scan", "button-1"), for that account; empty: none.
  std::string button = {};
  std::optional<std::int64_t> button_account_id = {};
};
std::vector<ScanProfile> list_scan_profiles(Session& session);  // in their order
std::optional<ScanProfile> find_scan_profile(Session& session, std::int64_t id);
// The last in order. A button scans for whoever set the profile up last, not for whom `profile` names.
// Error(invalid_argument) for a name without letters or too long, a button of no scanner or of no account;
// Error(conflict) when name or button is taken.
std::int64_t create_scan_profile(Transaction& tx, const ScanProfile& profile);
// Error(not_found), (stale) too.
void change_scan_profile(Transaction& tx, const ScanProfile& profile, std::int64_t expected_version);
void delete_scan_profile(Transaction& tx, std::int64_t id, std::int64_t expected_version);
// Error(invalid_argument) unless `profiles` are all there are.
void order_scan_profiles(Transaction& tx, std::span<const std::int64_t> profiles);

}  // namespace muniment::storage
