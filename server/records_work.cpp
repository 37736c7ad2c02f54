#include "server/records_work.h"

#include <algorithm>

#include "core/error.h"
#include "records/bulk_changes.h"
#include "records/calculation.h"
#include "records/holds.h"
#include "records/loans.h"
#include "records/privacy.h"
#include "records/purge_day.h"
#include "records/records.h"
#include "records/report.h"
#include "storage/index_queue.h"
#include "storage/notifications.h"
#include "storage/workflows.h"
#include "webui/view_news.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::chrono::seconds kLookForDatesEvery{10};
constexpr std::size_t kRecordsAtOnce = 2000;
constexpr std::size_t kMatchesAtOnce = 1000;
// As long as people ask what a workflow did; what it sent and changed stays in the audit log.
constexpr std::chrono::hours kRunsKept{24 * 365};
constexpr std::size_t kRunsAtOnce = 1000;
constexpr std::chrono::milliseconds kIndexLookedAt{50};
// Then other work has its turn, and the purge is tried again.
constexpr std::chrono::seconds kLongestWaitForIndex{20};

// Everything, and list 0 with what is in the trash or withdrawn.
std::vector<std::int64_t> every_list(storage::Session& session) {
  std::vector<std::int64_t> lists{0};
  for (const std::int64_t list : storage::system_principal(session, "hold").readable) lists.push_back(list);
  return lists;
}

}  // namespace

ArchiveSurroundings::ArchiveSurroundings(storage::Database& database, index::SearchIndex& index,
                                         index::Indexer& indexer, ingest::Renditions& renditions,
                                         ingest::Passwords& passwords)
    : database_(database), index_(index), indexer_(indexer), renditions_(renditions), passwords_(passwords) {}

bool ArchiveSurroundings::matches(const std::string& query, std::int64_t document_id) {
  index::SearchRequest request;
  {
    auto session = database_.read();
    if (storage::is_queued_for_indexing(session, document_id)) {
      throw Error(ErrorCode::unavailable, "the index does not know this record's present state yet; try again soon");
    }
    request.readable = every_list(session);
  }
  request.query = index::parse_query(query);
  request.only_document = document_id;
  request.limit = 1;
  request.snippets = false;
  const auto answer = index_.search(request, [](std::int64_t, std::int64_t) { return std::nullopt; });
  return !answer.hits.empty() && !answer.any_word;
}

std::vector<std::int64_t> ArchiveSurroundings::all_matching(const std::string& query) {
  index::SearchRequest request;
  {
    auto session = database_.read();
    request.readable = every_list(session);
  }
  request.query = index::parse_query(query);
  request.order = index::SortOrder::added_oldest;
  request.snippets = false;
  request.limit = kMatchesAtOnce;
  std::vector<std::int64_t> documents;
  for (;;) {
    const auto answer = index_.search(request, [](std::int64_t, std::int64_t) { return std::nullopt; });
    if (answer.any_word) return documents;  // only parts of the query were found
    for (const auto& hit : answer.hits) documents.push_back(hit.document_id);
    if (answer.hits.size() < kMatchesAtOnce) return documents;
    request.offset += kMatchesAtOnce;
  }
}

void ArchiveSurroundings::remove_derived(std::int64_t document_id, const std::vector<core::Sha256>& components) {
  for (const core::Sha256& component : components) renditions_.forget(component);
  passwords_.forget(document_id);
}

std::vector<std::string> ArchiveSurroundings::derived_remains(std::int64_t document_id,
                                                              const std::vector<core::Sha256>& components) {
  std::vector<std::string> remains;
  for (const core::Sha256& component : components) {
    if (renditions_.has(component)) remains.push_back("what was made of the file " + component.hex());
  }
  if (passwords_.knows(document_id)) remains.emplace_back("its password");
  return remains;
}

void ArchiveSurroundings::purge_from_index(const std::vector<std::int64_t>& documents) {
  const core::Deadline deadline(kLongestWaitForIndex);
  const auto taken_out = [&] {
    if (indexer_.rebuild_progress().under_way) return false;
    auto session = database_.read();
    return std::ranges::none_of(documents,
                                [&](std::int64_t id) { return storage::is_queued_for_indexing(session, id); });
  };
  while (!taken_out()) {
    if (deadline.passed()) {
      throw Error(ErrorCode::unavailable, "the index has not taken out yet what was destroyed; it is tried again");
    }
    std::this_thread::sleep_for(kIndexLookedAt);
  }
  index_.purge(documents);
}

std::optional<core::FileDescriptor> ArchiveSurroundings::searchable_pdf(const storage::Document& document) {
  return renditions_.archive(document);
}

RecordsWork::RecordsWork(storage::Database& database, records::Disposal& disposal, ArchiveSurroundings& surroundings,
                         CertificateFiling& certificates, webui::Search& search, core::Log& log,
                         std::chrono::hours trash_kept, std::chrono::hours subject_kept,
                         std::chrono::hours notifications_kept, std::int64_t hold_reminder_days)
    : database_(database),
      disposal_(disposal),
      surroundings_(surroundings),
      certificates_(certificates),
      search_(search),
      log_(log),
      trash_kept_(trash_kept),
      subject_kept_(subject_kept),
      notifications_kept_(notifications_kept),
      hold_reminder_days_(hold_reminder_days) {}

RecordsWork::~RecordsWork() {
  stop();
}

void RecordsWork::start() {
  const auto begin = [this](std::int64_t RecordsWork::*calls, void (RecordsWork::*work)(const std::stop_token&)) {
    return std::jthread([this, calls, work](const std::stop_token& stop) { run(stop, calls, work); });
  };
  // Whatever is filed, or has been read, is indexed anew.
  documents_changed_ = database_.on_index_queued([this] {
    {
      const std::lock_guard lock(mutex_);
      ++changes_;
    }
    changed_.notify_all();
  });
  declaring_ = begin(&RecordsWork::changes_, &RecordsWork::keep_declared);
  current_ = begin(&RecordsWork::wakings_, &RecordsWork::keep_current);
  disposing_ = begin(&RecordsWork::wakings_, &RecordsWork::dispose);
  changing_ = begin(&RecordsWork::wakings_, &RecordsWork::change_in_bulk);
}

void RecordsWork::stop() {
  documents_changed_.reset();
  const auto threads = {&declaring_, &current_, &disposing_, &changing_};
  for (std::jthread* thread : threads) thread->request_stop();
  changed_.notify_all();
  for (std::jthread* thread : threads) {
    if (thread->joinable()) thread->join();
  }
}

void RecordsWork::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakings_;
    ++changes_;
  }
  changed_.notify_all();
}

void RecordsWork::execute(const storage::Principal& who, std::int64_t batch_id, std::int64_t expected_version) {
  disposal_.begin(who, batch_id, expected_version);
  {
    const std::lock_guard lock(mutex_);
    executions_.push_back({who, batch_id});
    ++wakings_;
  }
  changed_.notify_all();
}

void RecordsWork::run(const std::stop_token& stop, std::int64_t RecordsWork::*calls,
                      void (RecordsWork::*work)(const std::stop_token&)) {
  while (!stop.stop_requested()) {
    std::int64_t seen = 0;
    {
      const std::lock_guard lock(mutex_);
      seen = this->*calls;
    }
    attempt([&] { (this->*work)(stop); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, kLookForDatesEvery, [&] { return this->*calls != seen; });
  }
}

void RecordsWork::attempt(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    log_.error("records_work_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
  } catch (const std::exception& error) {
    log_.error("records_work_failed", {{"code", "internal"}, {"cause", error.what()}});
  }
}

void RecordsWork::keep_declared(const std::stop_token& stop) {
  while (!stop.stop_requested() && declare_some() + records::recalculate(database_, kRecordsAtOnce) > 0) continue;
}

std::size_t RecordsWork::declare_some() {
  {
    auto session = database_.read();
    if (!records::declarations_are_due(session)) return 0;
  }
  auto tx = database_.begin(storage::Actor::system("filing"));
  const std::size_t looked_at = records::declare_what_was_filed(tx, kRecordsAtOnce);
  tx.commit();
  return looked_at;
}

void RecordsWork::keep_current(const std::stop_token& stop) {
  // Holds come first, and none of these keeps the others from their turn.
  attempt([&] { match_holds(); });
  attempt([&] { records::note_overdue_loans(database_, today()); });
  attempt([&] { records::remind_custodians(database_, today(), hold_reminder_days_); });
  // By turns with the queries of holds, which must not wait for what is only news.
  if (!stop.stop_requested() && webui::tell_of_new_in_views(database_, search_)) wake();
}

void RecordsWork::dispose(const std::stop_token& stop) {
  execute_next(stop);
  if (!stop.stop_requested()) finish_purges();
  if (!stop.stop_requested()) certificates_.file_complete();
  if (!stop.stop_requested()) forget_subjects();
  if (!stop.stop_requested()) forget_notifications();
  if (!stop.stop_requested()) forget_runs();
}

void RecordsWork::change_in_bulk(const std::stop_token& stop) {
  while (records::perform_bulk_change(database_, [&] { return stop.stop_requested(); })) continue;
}

void RecordsWork::match_holds() {
  std::vector<records::HoldQuery> queries;
  std::int64_t sequence = 0;
  bool up_to_date = false;
  {
    auto session = database_.read();
    sequence = storage::last_index_sequence(session);
    up_to_date = storage::changed_document_count(session) == 0;
    queries = records::hold_queries(session);
  }
  for (const records::HoldQuery& asked : queries) {
    if (asked.matched_sequence == sequence) continue;
    try {
      const auto documents = surroundings_.all_matching(asked.query);
      auto tx = database_.begin(storage::Actor::system("hold query"));
      records::hold_matches(tx, asked, documents);
      if (up_to_date) records::set_hold_matched(tx, asked, sequence);
      tx.commit();
    } catch (const Error& error) {
      // The other holds are asked all the same; this one again the next time.
      log_.error("hold_not_matched", {{"hold", asked.hold_id}, {"cause", error.what()}});
    }
  }
}

void RecordsWork::execute_next(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Execution next;
    {
      const std::lock_guard lock(mutex_);
      if (executions_.empty()) return;
      next = executions_.front();
      executions_.pop_front();
    }
    if (!disposal_.execute(next.who, next.batch_id, today(), [&] { return stop.stop_requested(); })) {
      // The index cannot tell yet of some records: the batch goes on the next time.
      const std::lock_guard lock(mutex_);
      executions_.push_back(next);
      return;
    }
    log_.info("disposition_executed", {{"batch", next.batch_id}});
  }
}

bool RecordsWork::may_purge(core::Date day) {
  auto tx = database_.begin(storage::Actor::system("disposition"));
  const bool credible = records::is_credible_for_purging(tx, day);
  const bool postponed = records::is_purging_postponed(tx, day);
  tx.commit();
  const bool paused = !credible || postponed;
  if (paused && !purging_paused_) {
    log_.error("purging_paused",
               {{"today", core::to_iso(day)}, {"cause", credible ? "a backup was restored" : "the clock has jumped"}});
  }
  purging_paused_ = paused;
  return !paused;
}

void RecordsWork::finish_purges() {
  const core::Date day = today();
  if (const std::size_t gone = disposal_.let_go(day); gone > 0) log_.info("transferred", {{"records", gone}});
  if (may_purge(day)) {
    destroy("records", [&] { return disposal_.purge(day); });
    destroy("from_trash", [&] { return disposal_.empty_trash(database_.clock().now() - trash_kept_); });
  }
  for (const std::string& finding : disposal_.verify_purged()) log_.error("purge_incomplete", {{"finding", finding}});
}

// What is wrong with one document keeps neither the next step nor the verification of the others.
void RecordsWork::destroy(std::string_view what, const std::function<std::size_t()>& step) {
  try {
    if (const std::size_t destroyed = step(); destroyed > 0) log_.info("purged", {{what, destroyed}});
  } catch (const Error& error) {
    log_.error("not_purged", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
  }
}

void RecordsWork::forget_subjects() {
  auto tx = database_.begin(storage::Actor::system("privacy"));
  if (records::erase_subjects(tx, tx.now() - subject_kept_) == 0) return;
  tx.commit();
  database_.checkpoint();  // out of the database's own log file too
}

void RecordsWork::forget_notifications() {
  auto tx = database_.begin(storage::Actor::system("notifications"));
  if (storage::remove_notifications_before(tx, tx.now() - notifications_kept_) > 0) tx.commit();
}

void RecordsWork::forget_runs() {
  auto tx = database_.begin(storage::Actor::system("workflows"));
  if (storage::forget_runs_before(tx, tx.now() - kRunsKept, kRunsAtOnce) > 0) tx.commit();
}

core::Date RecordsWork::today() {
  auto session = database_.read();
  return records::today(session, database_.clock().now());
}

}  // namespace muniment::server
