#include "scanners/scan_desk.h"

#include <algorithm>
#include <functional>
#include <set>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "scanners/internal/pause.h"
#include "storage/preset_filing.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using storage::Principal;
using storage::Scan;
using storage::ScanPage;
using storage::ScanState;

namespace {

constexpr std::chrono::seconds kWhileBusy{20};
constexpr std::chrono::milliseconds kBetweenTries{500};
constexpr std::int64_t kMostPages = 10'000;  // of one run: a stack that never ends is a driver gone mad
constexpr std::uint64_t kLargestNote = 64 * 1024;
constexpr std::string_view kNote = ".json";
constexpr std::string_view kInterrupted = "interrupted";

ScanPage row_of(const ScannedPage& page, int pass, int turn) {
  ScanPage row;
  row.pass = pass;
  row.number = page.number;
  row.extension = page.extension;
  row.width = page.width;
  row.height = page.height;
  row.resolution = page.resolution;
  row.blank = page.blank;
  row.barcodes = page.barcodes;
  row.turn = turn;
  return row;
}

std::optional<std::int64_t> number_of(const fs::path& file) {
  return core::parse_integer(file.filename().string().substr(0, file.filename().string().find('.')));
}

// The same person with the rights of now; a scan may take an hour.
Principal anew(storage::Database& database, const Principal& who) {
  auto session = database.read();
  auto now = storage::with_rights_of_now(session, who);
  if (!now) throw Error(ErrorCode::forbidden, "whose scan it is may not scan any more");
  return std::move(*now);
}

// Whosever it is.
std::optional<Scan> find_any(storage::Session& session, std::int64_t scan_id) {
  return storage::find_scan(session, storage::system_principal(session, "scan"), scan_id);
}

// As many as can be told; none where there is no such folder.
std::vector<fs::path> entries_of(const fs::path& folder, core::Log& log) {
  std::vector<fs::path> entries;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed); !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    entries.push_back(entry->path());
  }
  if (failed && failed != std::errc::no_such_file_or_directory) {
    log.warning("scan_files_not_listed", {{"cause", failed.message()}});
  }
  return entries;
}

// Whether all of this side is in: the fronts whenever there are some, the backs once each front has its own. Of what
// comes behind a stack that is in order already there is no such end.
bool is_through(const Scan& scan) {
  const auto fronts = std::ranges::count(scan.pages, 1, &ScanPage::pass);
  const auto backs = std::ranges::count(scan.pages, 2, &ScanPage::pass);
  return !scan.collated && fronts > 0 && (scan.pass == 1 || backs >= fronts);
}

// The archive does not take documents filed as the plan has it, or from its owner: of a scanner there is no such thing.
bool is_refusal(ErrorCode code) {
  return code == ErrorCode::invalid_argument || code == ErrorCode::forbidden || code == ErrorCode::conflict;
}

ScanState resting_state(const ScanPlan& plan, const std::string& problem, int pass) {
  if (!problem.empty()) return ScanState::paused;
  return plan.settings.source == PaperSource::feeder_turned && pass == 1 ? ScanState::turn : ScanState::ready;
}

// It was scanning when the service ended, or its end could not be noted, on a full disk say. Where one page was scanned
// anew, a stack that was to be turned over still is.
void pause_interrupted(storage::Transaction& tx, const Scan& scan) {
  const ScanState state = scan.state_before == ScanState::turn ? ScanState::turn : ScanState::paused;
  storage::set_scan_state(tx, scan.id, state, kInterrupted, scan.pass);
}

// The page `row` takes the place of one of `pages`: what was decided by hand of that holds for it. False when it is not
// there any more.
bool take_place(ScanPage& row, const std::vector<ScanPage>& pages, std::int64_t replaced) {
  const auto before = std::ranges::find(pages, replaced, &ScanPage::id);
  if (before == pages.end()) return false;
  row.pass = before->pass;
  row.turn = before->turn;
  row.starts = before->starts;
  if (before->kept == true) row.kept = true;
  return true;
}

}  // namespace

// What one thread does.
struct ScanDesk::Task {
  std::int64_t scan_id;
  std::string scanner;
  ScanPlan plan;
  std::int64_t first_number;
  int pass;
  Principal who;
  std::optional<std::int64_t> replaces;  // a page: only that is scanned
  ScanState before;                      // in which the scan was, and why; where only a page is replaced, it stays so
  std::string problem_before;
};

ScanDesk::ScanDesk(fs::path folder, const ScanProgram& program, storage::Database& database,
                   const storage::BlobStore& blobs, const ingest::Intake& intake, ingest::BarcodeRules configured,
                   core::Log& log)
    : folder_(std::move(folder)),
      program_(program),
      database_(database),
      blobs_(blobs),
      intake_(intake),
      configured_(std::move(configured)),
      log_(log) {
  core::create_directories_durably(folder_);
  recover();
}

ScanDesk::~ScanDesk() {
  std::map<std::int64_t, Running> all;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    all.swap(running_);
  }
  for (auto& [id, each] : all) each.thread.request_stop();
}

void ScanDesk::recover() {
  std::set<std::int64_t> known;
  std::vector<Scan> scans;
  {
    auto session = database_.read();
    const Principal system = storage::system_principal(session, "scan");
    for (const Scan& listed : storage::list_scans(session, system)) {
      scans.push_back(storage::find_scan(session, system, listed.id).value());
    }
  }
  for (const Scan& scan : scans) {
    known.insert(scan.id);
    adopt(scan);
  }
  for (const fs::path& entry : entries_of(folder_, log_)) {
    const auto id = number_of(entry);
    if (!id || !known.contains(*id)) remove_all_of(entry);
  }
}

// Pages that were durable before the service could take note of them become the scan's; files of pages that it has no
// more are removed, and pages without files (of an archive that was restored) too.
void ScanDesk::adopt(const Scan& scan) {
  const fs::path folder = folder_of(scan.id);
  std::vector<ScanPage> pages = scan.pages;
  std::set<std::int64_t> numbers, fresh;
  for (const ScanPage& page : pages) numbers.insert(page.number);
  const std::vector<fs::path> entries = entries_of(folder, log_);
  for (const fs::path& entry : entries) {
    const auto number = number_of(entry);
    if (number && *number >= scan.next_number && entry.extension() == kNote) fresh.insert(*number);
  }
  for (const fs::path& entry : entries) {
    const auto number = number_of(entry);
    if (!number || (!numbers.contains(*number) && !fresh.contains(*number))) remove_all_of(entry);
  }
  auto tx = database_.begin(storage::Actor::system("scan"));
  std::erase_if(pages, [&](const ScanPage& page) {
    // One that cannot be looked for is not known to be gone.
    std::error_code unknown;
    if (fs::exists(folder / (std::to_string(page.number) + page.extension), unknown) || unknown) return false;
    storage::delete_scan_page(tx, scan.id, page.id);
    return true;
  });
  for (const std::int64_t number : fresh) {
    const fs::path note = folder / (std::to_string(number) + std::string(kNote));
    std::optional<ScanPage> row;
    try {
      row = row_of(page_from_json(core::read_file(note, kLargestNote)), scan.pass, 0);
    } catch (const Error& error) {
      log_.warning("scan_page_not_taken_up", {{"scan", scan.id}, {"page", number}, {"cause", error.what()}});
      continue;
    }
    const bool replaces = scan.replaces && take_place(*row, pages, *scan.replaces);
    storage::record_scan_page(tx, scan.id, *row, replaces ? scan.replaces : std::nullopt);
    if (replaces) std::erase_if(pages, [&](const ScanPage& page) { return page.id == *scan.replaces; });
  }
  if (scan.state == ScanState::scanning) {
    pause_interrupted(tx, scan);
    log_.warning("scan_interrupted", {{"scan", scan.id}, {"pages_taken_up", fresh.size()}});
  }
  tx.commit();
}

Scan ScanDesk::require_scan(const Principal& who, std::int64_t scan_id) const {
  auto session = database_.read();
  auto scan = storage::find_scan(session, who, scan_id);
  if (!scan) throw Error(ErrorCode::not_found, "there is no such scan");
  return std::move(*scan);
}

bool ScanDesk::running(std::int64_t scan_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = running_.find(scan_id);
  return found != running_.end() && !found->second.over;
}

void ScanDesk::require_resting(std::int64_t scan_id) const {
  if (running(scan_id)) throw Error(ErrorCode::conflict, "the scanner still runs; wait, or stop it first");
}

void require_may_file(storage::Session& session, const Principal& who, const ScanPlan& plan) {
  if (plan.class_id || plan.folder_id) {
    storage::require_may_file_in(session, who, plan.folder_id, plan.class_id, storage::Permission::capture);
  }
  storage::require_filing(
      session,
      {.type_id = plan.type_id, .tag_ids = plan.tag_ids, .class_id = plan.class_id, .folder_id = plan.folder_id});
}

std::int64_t ScanDesk::start(const Principal& who, const std::string& scanner, const ScanPlan& plan) {
  who.require(storage::Permission::capture);
  require_sound(plan);
  {
    // Now rather than when the pages are in.
    auto session = database_.read();
    require_may_file(session, who, plan);
  }
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, each] : running_) {
      if (!each.over && each.scanner == scanner) {
        throw Error(ErrorCode::conflict, "the scanner is busy with another scan; wait for its end");
      }
    }
  }
  auto tx = database_.begin(who.actor());
  const std::int64_t id = storage::create_scan(tx, scanner, to_json(plan));
  tx.commit();
  begin(require_scan(who, id), who, std::nullopt);
  return id;
}

void ScanDesk::resume(const Principal& who, std::int64_t scan_id) {
  require_resting(scan_id);
  Scan scan = require_scan(who, scan_id);
  if (scan.state == ScanState::filed) throw Error(ErrorCode::conflict, "the scan is filed; begin a new one");
  if (scan.state == ScanState::turn) scan.pass = 2;
  {
    auto tx = database_.begin(who.actor());
    storage::set_scan_state(tx, scan_id, ScanState::scanning, "", scan.pass);
    tx.commit();
  }
  begin(scan, who, std::nullopt);
}

void ScanDesk::rescan(const Principal& who, std::int64_t scan_id, std::int64_t page_id) {
  require_resting(scan_id);
  Scan scan = require_scan(who, scan_id);
  if (std::ranges::find(scan.pages, page_id, &ScanPage::id) == scan.pages.end()) {
    throw Error(ErrorCode::not_found, "the scan has no such page");
  }
  {
    auto tx = database_.begin(who.actor());
    if (scan.state == ScanState::scanning) {
      pause_interrupted(tx, scan);
      scan = storage::find_scan(tx, who, scan_id).value();
    }
    storage::begin_replacement(tx, scan_id, page_id, scan.state);
    tx.commit();
  }
  begin(scan, who, page_id);
}

void ScanDesk::begin(const Scan& scan, const Principal& who, std::optional<std::int64_t> replaces) {
  Task task{scan.id,    scan.scanner, plan_from_json(scan.plan), scan.next_number, scan.pass, who, replaces,
            scan.state, scan.problem};
  std::jthread earlier;  // which is over; joined outside the lock
  const std::scoped_lock lock(mutex_);
  const auto found = running_.find(scan.id);
  if (found != running_.end()) {
    if (!found->second.over) throw Error(ErrorCode::conflict, "the scanner still runs; wait, or stop it first");
    earlier = std::move(found->second.thread);
  }
  Running& entry = running_[scan.id];
  entry.scanner = scan.scanner;
  entry.over = false;
  entry.thread = std::jthread([this, task = std::move(task)](std::stop_token stop) { run(task, stop); });
}

void ScanDesk::run(const Task& task, std::stop_token stop) {
  // What is not noted because of a full disk, say, is seen to at the next start.
  const auto attempt = [&](const std::function<std::string()>& work) -> std::string {
    try {
      return work();
    } catch (const Error& error) {
      log_.error("scan_failed", {{"scan", task.scan_id}, {"cause", error.what()}});
      if (error.code() == ErrorCode::storage_full) return "storage_full";
      return is_refusal(error.code()) ? "not_filed" : "failed";
    }
  };
  const auto scan_once = [&](bool& any) {
    return attempt([&] {
      return program_.scan(
          task.scanner, task.plan.settings, folder_of(task.scan_id), task.first_number, task.replaces ? 1 : kMostPages,
          [&](const ScannedPage& page) {
            any = true;
            take_page(task, page);
            return true;
          },
          stop);
    });
  };
  bool any = false;
  std::string problem = attempt([&] {
    core::create_directories_durably(folder_of(task.scan_id));
    return scan_once(any);
  });
  // Whoever uses it, another program or machine say, is mostly through in a moment.
  const core::Deadline patience(kWhileBusy);
  while (problem == "busy" && !any && !patience.passed() && pause(stop, kBetweenTries)) problem = scan_once(any);
  if (problem == "busy" && stop.stop_requested()) problem = "stopped";
  if (!task.replaces) {
    // A feeder turned by hand may say only that its side is through, which nobody else can say after a jam on the last
    // sheet.
    if (problem == "no_paper" && task.plan.settings.source == PaperSource::feeder_turned) {
      problem = attempt([&] {
        auto session = database_.read();
        const auto scan = find_any(session, task.scan_id);
        return scan && is_through(*scan) ? std::string() : problem;
      });
    }
    if (problem.empty()) problem = attempt([&] { return complete(task); });
  }
  // In one step: whoever sees the scan at rest may go on with it at once.
  const std::scoped_lock lock(mutex_);
  attempt([&] { return rest(task, problem); });
  if (const auto found = running_.find(task.scan_id); found != running_.end()) found->second.over = true;
}

void ScanDesk::take_page(const Task& task, const ScannedPage& page) {
  std::optional<ScanPage> replaced;
  {
    auto tx = database_.begin(task.who.actor());
    const auto scan = find_any(tx, task.scan_id);
    if (!scan) throw Error(ErrorCode::not_found, "the scan was thrown away");
    const bool upside_down = task.plan.backs_upside_down && task.pass == 2 && !scan->collated;
    ScanPage row = row_of(page, task.pass, upside_down ? 180 : 0);
    if (task.replaces) {
      if (!take_place(row, scan->pages, *task.replaces)) {
        throw Error(ErrorCode::not_found, "the page that was to be scanned anew is gone");
      }
      replaced = *std::ranges::find(scan->pages, *task.replaces, &ScanPage::id);
    }
    storage::record_scan_page(tx, task.scan_id, row, task.replaces);
    tx.commit();
  }
  if (replaced) remove_files(task.scan_id, *replaced);
  if (task.plan.file_at_once && !task.replaces) {
    file_documents(anew(database_, task.who), task.scan_id, Coming::more);
  }
}

// The stack is through.
std::string ScanDesk::complete(const Task& task) {
  if (task.pass == 2) {
    auto tx = database_.begin(task.who.actor());
    const auto scan = find_any(tx, task.scan_id);
    // Only once: what is in order, by now perhaps by hand, stays so, and what comes later comes behind it.
    if (scan && !scan->collated) storage::collate_scan_pages(tx, task.scan_id, collated(scan->pages));
    tx.commit();
  }
  if (task.plan.file_at_once) file_documents(anew(database_, task.who), task.scan_id, Coming::none);
  return "";
}

std::string ScanDesk::rest(const Task& task, const std::string& problem) {
  bool filed = false;
  auto tx = database_.begin(task.who.actor());
  if (const auto scan = find_any(tx, task.scan_id)) {
    if (ending_ && problem == "stopped") {
      pause_interrupted(tx, *scan);
    } else if (task.replaces) {
      storage::set_scan_state(tx, task.scan_id, task.before, problem.empty() ? task.problem_before : problem,
                              task.pass);
    } else {
      filed = problem.empty() && scan->pages.empty() && !scan->documents.empty();
      storage::set_scan_state(tx, task.scan_id, filed ? ScanState::filed : resting_state(task.plan, problem, task.pass),
                              problem, task.pass);
    }
  }
  tx.commit();
  if (filed) remove_all_of(folder_of(task.scan_id));
  return "";
}

void ScanDesk::stop(const Principal& who, std::int64_t scan_id) {
  const Scan scan = require_scan(who, scan_id);
  {
    const std::scoped_lock lock(mutex_);
    const auto found = running_.find(scan_id);
    if (found != running_.end() && !found->second.over) {
      found->second.thread.request_stop();
      return;
    }
  }
  if (scan.state != ScanState::scanning) return;
  auto tx = database_.begin(who.actor());
  pause_interrupted(tx, scan);
  tx.commit();
}

void ScanDesk::remove_page(const Principal& who, std::int64_t scan_id, std::int64_t page_id) {
  const Scan scan = require_scan(who, scan_id);
  const auto page = std::ranges::find(scan.pages, page_id, &ScanPage::id);
  if (page == scan.pages.end()) throw Error(ErrorCode::not_found, "the scan has no such page");
  auto tx = database_.begin(who.actor());
  storage::delete_scan_page(tx, scan_id, page_id);
  tx.commit();
  remove_files(scan_id, *page);
}

void ScanDesk::discard(const Principal& who, std::int64_t scan_id) {
  require_scan(who, scan_id);
  require_resting(scan_id);
  {
    auto tx = database_.begin(who.actor());
    storage::discard_scan(tx, scan_id);
    tx.commit();
  }
  remove_all_of(folder_of(scan_id));
}

fs::path ScanDesk::picture(const Scan& scan, std::int64_t page_id, bool small) const {
  const auto page = std::ranges::find(scan.pages, page_id, &ScanPage::id);
  if (page == scan.pages.end()) throw Error(ErrorCode::not_found, "the scan has no such page");
  return folder_of(scan.id) / (std::to_string(page->number) + (small ? ".small.jpg" : page->extension));
}

void ScanDesk::remove_all_of(const fs::path& folder) const {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) log_.warning("scan_files_not_removed", {{"cause", failed.message()}});
}

void ScanDesk::remove_files(std::int64_t scan_id, const ScanPage& page) const {
  const std::string stem = (folder_of(scan_id) / std::to_string(page.number)).string();
  std::error_code failed;
  for (const std::string& ending : {page.extension, std::string(".small.jpg"), std::string(kNote)}) {
    std::error_code each;
    fs::remove(stem + ending, each);
    if (each) failed = each;
  }
  if (failed) log_.warning("scan_files_not_removed", {{"scan", scan_id}, {"cause", failed.message()}});
}

}  // namespace muniment::scanners
