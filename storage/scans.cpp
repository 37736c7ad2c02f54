#include "storage/scans.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/accounts.h"
#include "storage/as_seen.h"
#include "storage/restored_access.h"
#include "storage/roles.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kScanStates{"scanning", "turn", "paused", "ready", "filed"};
constexpr std::size_t kLongestProfileName = 100;

ScanState state_named(const std::string& name) {
  return static_cast<ScanState>(std::find(kScanStates.begin(), kScanStates.end(), name) - kScanStates.begin());
}

std::vector<Scan> read_scans(Session& session, std::string_view condition, std::int64_t value) {
  std::vector<Scan> scans;
  for (const auto& [id, version, account, scanner, plan, state, problem, pass, collated, next_number, created_at,
                    replaces, before] :
       session.rows<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, int,
                    bool, std::int64_t, core::Time, std::optional<std::int64_t>, std::optional<std::string>>(
           "SELECT id, version, account_id, scanner, plan, state, problem, pass, collated, next_number, created_at, "
           "replaces, state_before FROM scan WHERE " +
               std::string(condition) + " ORDER BY id DESC",
           value)) {
    Scan scan;
    scan.id = id;
    scan.version = version;
    scan.account_id = account;
    scan.scanner = scanner;
    scan.plan = plan;
    scan.state = state_named(state);
    scan.problem = problem;
    scan.pass = pass;
    scan.collated = collated;
    scan.next_number = next_number;
    scan.created_at = created_at;
    scan.replaces = replaces;
    if (before) scan.state_before = state_named(*before);
    scans.push_back(std::move(scan));
  }
  return scans;
}

std::vector<ScanPage> pages_of(Session& session, std::int64_t scan_id) {
  std::vector<ScanPage> pages;
  for (const auto& [id, pass, number, extension, width, height, resolution, blank, barcodes, turn, starts, kept] :
       session.rows<std::int64_t, int, std::int64_t, std::string, int, int, int, bool, std::string, int,
                    std::optional<bool>, std::optional<bool>>(
           "SELECT id, pass, number, extension, width, height, resolution, blank, barcodes, turn, starts, kept "
           "FROM scan_page WHERE scan_id = $1 ORDER BY position, id",
           scan_id)) {
    pages.push_back({id, pass, number, extension, width, height, resolution, blank,
                     Json::parse(barcodes).get<std::vector<std::string>>(), turn, starts, kept});
  }
  return pages;
}

// Whoever looks at the scan sees that it has changed.
void touch(Transaction& tx, std::int64_t scan_id) {
  tx.execute("UPDATE scan SET version = version + 1 WHERE id = $1", scan_id);
}

void require_changed(std::int64_t rows) {
  if (rows == 0) throw Error(ErrorCode::not_found, "the scan has no such page");
}

std::string checked_name(const std::string& name) {
  std::string trimmed{core::trim(core::to_nfc(name))};
  if (trimmed.empty() || trimmed.size() > kLongestProfileName) {
    throw Error(ErrorCode::invalid_argument, "a profile has a name", {{"/name", "must have 1 to 100 bytes"}});
  }
  return trimmed;
}

void require_free_profile_name(Session& session, const std::string& name, std::int64_t except) {
  if (session.value<std::int64_t>("SELECT id FROM scan_profile WHERE name = $1 AND id <> $2", name, except)) {
    throw Error(ErrorCode::conflict, "another profile has this name");
  }
}

// As it is kept.
std::string checked_button(Session& session, const Actor& actor, const ScanProfile& wanted) {
  std::string button{core::trim(wanted.button)};
  if (button.empty()) return button;
  if (button.size() > kLongestProfileName) {
    throw Error(ErrorCode::invalid_argument, "a button has a name", {{"/button", "must have at most 100 bytes"}});
  }
  if (wanted.scanner.empty()) {
    throw Error(ErrorCode::invalid_argument, "a button is on a scanner",
                {{"/button", "must be empty unless the profile names its scanner"}});
  }
  if (actor.account_id == 0) {
    throw Error(ErrorCode::forbidden, "a button scans with the rights of an account; ask as one");
  }
  if (session.value<std::int64_t>("SELECT id FROM scan_profile WHERE scanner = $1 AND button = $2 AND id <> $3",
                                  wanted.scanner, button, wanted.id)) {
    throw Error(ErrorCode::conflict, "another profile has this button", {{"/button", "choose another"}});
  }
  return button;
}

std::optional<std::int64_t> button_account(const Actor& actor, const std::string& button) {
  return button.empty() ? std::nullopt : std::optional(actor.account_id);
}

ScanProfile require_profile(Session& session, std::int64_t id, std::int64_t expected_version) {
  return require_as_seen(find_scan_profile(session, id), expected_version, "profile");
}

// In their order; `id` 0: all.
std::vector<ScanProfile> read_profiles(Session& session, std::int64_t id) {
  std::vector<ScanProfile> profiles;
  for (const auto& [number, version, name, scanner, plan, button, account] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
                    std::optional<std::int64_t>>(
           "SELECT id, version, name, scanner, plan, button, button_account_id FROM scan_profile "
           "WHERE $1 = 0 OR id = $1 ORDER BY position, name",
           id)) {
    profiles.push_back({number, version, name, scanner, plan, button, account});
  }
  return profiles;
}

std::string described(const ScanProfile& profile) {
  return Json{{"name", profile.name},
              {"scanner", profile.scanner},
              {"plan", Json::parse(profile.plan)},
              {"button", profile.button}}
      .dump();
}

// What somebody left who is disabled now falls to whoever could have disabled them.
bool may_see_to(Session& session, const Principal& who, const Scan& scan) {
  if (who.is_system() || scan.account_id == who.account_id) return true;
  if (!who.may(Permission::manage_accounts)) return false;
  const auto owner = find_account(session, scan.account_id);
  return owner && owner->disabled && !is_suspended(session, owner->id) && owner->clearance <= who.clearance &&
         std::ranges::all_of(permissions_of(owner->role), [&](Permission one) { return who.may(one); });
}

}  // namespace

std::string_view scan_state_name(ScanState state) {
  return kScanStates[static_cast<std::size_t>(state)];
}

std::int64_t create_scan(Transaction& tx, std::string_view scanner, std::string_view plan) {
  return tx.insert(
      "INSERT INTO scan (account_id, scanner, plan, state, created_at) VALUES ($1, $2, $3, 'scanning', $4)",
      tx.actor().account_id, scanner, plan, tx.now());
}

std::optional<Scan> find_scan(Session& session, const Principal& who, std::int64_t id) {
  auto found = read_scans(session, "id = $1", id);
  if (found.empty() || !may_see_to(session, who, found.front())) return std::nullopt;
  Scan& scan = found.front();
  scan.pages = pages_of(session, id);
  for (const auto& [document] : session.rows<std::int64_t>(
           "SELECT document_id FROM scan_document WHERE scan_id = $1 ORDER BY document_id", id)) {
    scan.documents.push_back(document);
  }
  return std::move(scan);
}

std::vector<Scan> list_scans(Session& session, const Principal& who) {
  if (who.is_system()) return read_scans(session, "state <> 'filed' AND account_id >= $1", 0);
  auto scans = read_scans(session,
                          "state <> 'filed' AND (account_id = $1 OR account_id IN "
                          "(SELECT id FROM account WHERE disabled = 1))",
                          who.account_id);
  std::erase_if(scans, [&](const Scan& scan) { return !may_see_to(session, who, scan); });
  return scans;
}

void set_scan_state(Transaction& tx, std::int64_t id, ScanState state, std::string_view problem, int pass) {
  tx.execute(
      "UPDATE scan SET state = $1, problem = $2, pass = $3, replaces = NULL, state_before = NULL, "
      "version = version + 1 WHERE id = $4",
      scan_state_name(state), problem, pass, id);
}

void begin_replacement(Transaction& tx, std::int64_t id, std::int64_t page_id, ScanState state_before) {
  tx.execute(
      "UPDATE scan SET state = 'scanning', problem = '', replaces = $1, state_before = $2, "
      "version = version + 1 WHERE id = $3",
      page_id, scan_state_name(state_before), id);
}

void set_scan_plan(Transaction& tx, std::int64_t id, std::string_view plan) {
  tx.execute("UPDATE scan SET plan = $1, version = version + 1 WHERE id = $2", plan, id);
}

void discard_scan(Transaction& tx, std::int64_t id) {
  const auto pages = tx.value<std::int64_t>("SELECT count(*) FROM scan_page WHERE scan_id = $1", id).value_or(0);
  tx.execute("DELETE FROM scan WHERE id = $1", id);
  tx.audit({"scan.discarded", "scan", id, "", Json{{"pages", pages}}.dump()});
}

std::int64_t record_scan_page(Transaction& tx, std::int64_t scan_id, const ScanPage& page,
                              std::optional<std::int64_t> replaces) {
  std::int64_t position = 0;
  if (replaces) {
    const auto place =
        tx.value<std::int64_t>("SELECT position FROM scan_page WHERE scan_id = $1 AND id = $2", scan_id, *replaces);
    if (!place) throw Error(ErrorCode::not_found, "the page that was to be scanned anew is gone");
    position = *place;
    tx.execute("DELETE FROM scan_page WHERE id = $1", *replaces);
  } else {
    position =
        tx.value<std::int64_t>("SELECT coalesce(max(position), 0) + 1 FROM scan_page WHERE scan_id = $1", scan_id)
            .value_or(1);
  }
  const std::int64_t id = tx.insert(
      "INSERT INTO scan_page (scan_id, position, pass, number, extension, width, height, resolution, blank, "
      "barcodes, turn, starts, kept) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      scan_id, position, page.pass, page.number, page.extension, page.width, page.height, page.resolution, page.blank,
      Json(page.barcodes).dump(), page.turn, page.starts, page.kept);
  tx.execute("UPDATE scan SET next_number = $1, version = version + 1 WHERE id = $2", page.number + 1, scan_id);
  return id;
}

void change_scan_page(Transaction& tx, std::int64_t scan_id, const ScanPage& page) {
  require_changed(tx.execute("UPDATE scan_page SET turn = $1, starts = $2, kept = $3 WHERE scan_id = $4 AND id = $5",
                             page.turn, page.starts, page.kept, scan_id, page.id));
  touch(tx, scan_id);
}

void delete_scan_page(Transaction& tx, std::int64_t scan_id, std::int64_t page_id) {
  const auto number =
      tx.value<std::int64_t>("SELECT number FROM scan_page WHERE scan_id = $1 AND id = $2", scan_id, page_id);
  require_changed(tx.execute("DELETE FROM scan_page WHERE scan_id = $1 AND id = $2", scan_id, page_id));
  touch(tx, scan_id);
  tx.audit({"scan.page_removed", "scan", scan_id, Json{{"page", number.value_or(0)}}.dump()});
}

void order_scan_pages(Transaction& tx, std::int64_t scan_id, std::span<const std::int64_t> pages) {
  std::set<std::int64_t> present;
  for (const ScanPage& page : pages_of(tx, scan_id)) present.insert(page.id);
  if (std::set(pages.begin(), pages.end()) != present || pages.size() != present.size()) {
    throw Error(ErrorCode::invalid_argument, "the order must name each page of the scan once",
                {{"/order", "must be all of the scan's pages"}});
  }
  std::int64_t position = 0;
  for (const std::int64_t page : pages) {
    tx.execute("UPDATE scan_page SET position = $1 WHERE id = $2", ++position, page);
  }
  touch(tx, scan_id);
}

void collate_scan_pages(Transaction& tx, std::int64_t scan_id, std::span<const std::int64_t> pages) {
  order_scan_pages(tx, scan_id, pages);
  tx.execute("UPDATE scan SET collated = 1 WHERE id = $1", scan_id);
}

void file_scan_pages(Transaction& tx, std::int64_t scan_id, std::int64_t expected_version,
                     std::span<const std::int64_t> pages, std::int64_t document_id) {
  if (!tx.value<std::int64_t>("SELECT id FROM scan WHERE id = $1 AND version = $2", scan_id, expected_version)) {
    throw Error(ErrorCode::stale, "the scan has been changed meanwhile; look at it again");
  }
  for (const std::int64_t page : pages) {
    require_changed(tx.execute("DELETE FROM scan_page WHERE scan_id = $1 AND id = $2", scan_id, page));
  }
  tx.execute("INSERT INTO scan_document (scan_id, document_id) VALUES ($1, $2)", scan_id, document_id);
  touch(tx, scan_id);
}

std::vector<ScanProfile> list_scan_profiles(Session& session) {
  return read_profiles(session, 0);
}

std::optional<ScanProfile> find_scan_profile(Session& session, std::int64_t id) {
  if (id == 0) return std::nullopt;
  auto found = read_profiles(session, id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::int64_t create_scan_profile(Transaction& tx, const ScanProfile& wanted) {
  const std::string name = checked_name(wanted.name);
  require_free_profile_name(tx, name, 0);
  const std::string button = checked_button(tx, tx.actor(), wanted);
  const std::int64_t id = tx.insert(
      "INSERT INTO scan_profile (name, scanner, plan, button, button_account_id, position) VALUES ($1, $2, $3, $4, $5, "
      "(SELECT coalesce(max(position), 0) + 1 FROM scan_profile))",
      name, wanted.scanner, wanted.plan, button, button_account(tx.actor(), button));
  tx.audit({"scan_profile.created", "scan_profile", id, "", described(wanted)});
  return id;
}

void change_scan_profile(Transaction& tx, const ScanProfile& wanted, std::int64_t expected_version) {
  const ScanProfile before = require_profile(tx, wanted.id, expected_version);
  const std::string name = checked_name(wanted.name);
  require_free_profile_name(tx, name, wanted.id);
  const std::string button = checked_button(tx, tx.actor(), wanted);
  tx.execute(
      "UPDATE scan_profile SET name = $1, scanner = $2, plan = $3, button = $4, button_account_id = $5, "
      "version = version + 1 WHERE id = $6",
      name, wanted.scanner, wanted.plan, button, button_account(tx.actor(), button), wanted.id);
  tx.audit({"scan_profile.changed", "scan_profile", wanted.id, described(before), described(wanted)});
}

void delete_scan_profile(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const ScanProfile before = require_profile(tx, id, expected_version);
  tx.execute("DELETE FROM scan_profile WHERE id = $1", id);
  tx.audit({"scan_profile.deleted", "scan_profile", id, described(before), ""});
}

void order_scan_profiles(Transaction& tx, std::span<const std::int64_t> profiles) {
  std::vector<std::int64_t> before;
  for (const ScanProfile& profile : list_scan_profiles(tx)) before.push_back(profile.id);
  if (!std::is_permutation(before.begin(), before.end(), profiles.begin(), profiles.end())) {
    throw Error(ErrorCode::invalid_argument, "the order must name each profile once",
                {{"/profiles", "must be all profiles"}});
  }
  std::int64_t position = 0;
  for (const std::int64_t id : profiles) {
    tx.execute("UPDATE scan_profile SET position = $1 WHERE id = $2", ++position, id);
  }
  const std::vector<std::int64_t> after(profiles.begin(), profiles.end());
  tx.audit({"scan_profile.ordered", "scan_profile", 0, Json(before).dump(), Json(after).dump()});
}

}  // namespace muniment::storage
