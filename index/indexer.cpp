#include "index/indexer.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/priority.h"
#include "storage/index_queue.h"
#include "storage/jobs.h"

namespace muniment::index {

using std::chrono::milliseconds;

namespace {

// One commit for so many: a bulk load needs large groups; a single document must not wait long for others.
constexpr std::size_t kGroup = 2000;
// Pages of one group, so that a few huge documents do not fill the memory.
constexpr std::int64_t kGroupPages = 20'000;
constexpr milliseconds kLookEvery{500};
constexpr milliseconds kAfterError{5000};
// A document that is being read is found by its metadata after so long at the latest: soon when there are few, for what
// is indexed now must be indexed again.
constexpr std::size_t kFewPostponed = 64;
constexpr std::chrono::seconds kPostponedWhenFew{1};
constexpr std::chrono::seconds kPostponedWhenMany{60};
// During a bulk load, groups smaller than this wait for more, though not for long.
constexpr std::size_t kWorthwhileGroup = 1000;
constexpr milliseconds kGatherFor{400};
constexpr milliseconds kGatherPause{50};
constexpr std::int64_t kLearnSpellingAfter = 2000;
constexpr std::size_t kReconcileStep = 10'000;

}  // namespace

Indexer::Indexer(SearchIndex& index, storage::Database& database, core::EventStream& events, core::Log& log)
    : index_(index), database_(database), events_(events), log_(log) {}

Indexer::~Indexer() {
  stop();
}

void Indexer::start() {
  reconcile();
  queued_ = database_.on_index_queued([this] { wake(); });
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Indexer::stop() {
  queued_.reset();
  thread_.request_stop();
  wake();
  if (thread_.joinable()) thread_.join();
  if (spelling_.joinable()) spelling_.join();
}

void Indexer::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    idle_ = false;
  }
  changed_.notify_all();
}

void Indexer::wait_until_idle() {
  {
    const std::lock_guard lock(mutex_);
    ++waiting_;
  }
  wake();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return idle_; });
  --waiting_;
}

void Indexer::rebuild() {
  {
    const std::lock_guard lock(mutex_);
    rebuild_wanted_ = true;
    rebuild_stopped_ = false;
    rebuild_ = {true, 0, 0};
  }
  wake();
}

bool Indexer::stop_rebuild() {
  if (index_.needs_rebuild()) return false;
  {
    const std::lock_guard lock(mutex_);
    rebuild_stopped_ = true;
    rebuild_wanted_ = false;
    rebuild_.under_way = false;
  }
  wake();
  return true;
}

Indexer::RebuildProgress Indexer::rebuild_progress() const {
  const std::lock_guard lock(mutex_);
  return rebuild_;
}

void Indexer::reconcile() {
  try {
    if (!index_.needs_rebuild()) queue_differences();
  } catch (const core::Error& error) {
    // Found damaged while looking.
    if (!index_.needs_rebuild()) throw;
    log_.error("index_damaged", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
  }
  if (!index_.needs_rebuild()) return;
  begin_rebuild_if_needed();
  // An archive without documents has its index at once.
  if (rebuild_progress().of == 0) rebuild_some();
}

void Indexer::queue_differences() {
  std::int64_t missing = 0, surplus = 0;
  std::int64_t after = 0;
  for (;;) {
    std::vector<std::int64_t> wanted;
    {
      auto session = database_.read();
      wanted = storage::indexable_documents(session, after, kReconcileStep);
    }
    const std::int64_t through = wanted.size() == kReconcileStep ? wanted.back() : INT64_MAX;
    std::vector<std::int64_t> present;
    for (const std::int64_t id : index_.documents(after, kReconcileStep * 2)) {
      if (id <= through) present.push_back(id);
    }
    std::vector<std::int64_t> different;
    std::set_symmetric_difference(wanted.begin(), wanted.end(), present.begin(), present.end(),
                                  std::back_inserter(different));
    if (!different.empty()) {
      auto tx = database_.begin(storage::Actor::system("indexer"));
      for (const std::int64_t id : different) {
        storage::queue_for_indexing(tx, id);
        ++(std::binary_search(wanted.begin(), wanted.end(), id) ? missing : surplus);
      }
      tx.commit();
    }
    if (through == INT64_MAX) break;
    after = through;
  }
  if (missing + surplus > 0) log_.info("index_reconciled", {{"missing", missing}, {"surplus", surplus}});
}

void Indexer::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    milliseconds pause = kLookEvery;
    try {
      begin_rebuild_if_needed();
      const bool indexed = index_some();
      if (rebuild_some() || indexed) continue;
      learn_spelling_if_due();
      if (!ready_.empty()) pause = kGatherPause;
    } catch (const core::Error& error) {
      log_.error("indexing_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      start_over_looking();
      pause = kAfterError;
    } catch (const std::exception& error) {
      // Somebody took the index away under our feet, say.
      log_.error("indexing_failed", {{"code", "internal"}, {"cause", error.what()}});
      start_over_looking();
      pause = kAfterError;
    }
    std::unique_lock lock(mutex_);
    if (!woken_ && ready_.empty() && postponed_.empty()) {
      idle_ = true;
      changed_.notify_all();
    }
    changed_.wait_for(lock, stop, pause, [&] { return woken_; });
    woken_ = false;
  }
}

// What was looked at and not indexed is still in the queue.
void Indexer::start_over_looking() {
  looked_through_ = 0;
  ready_.clear();
  postponed_.clear();
  const std::lock_guard lock(mutex_);
  if (rebuild_.under_way) rebuild_wanted_ = true;
}

void Indexer::learn_spelling_if_due() {
  if (since_spelling_ == 0) return;
  const bool small = index_.document_count() < kLearnSpellingAfter;
  if (small) {
    since_spelling_ = 0;
    index_.learn_spelling();
    return;
  }
  // Not between two groups of a bulk load, which would change the index too much meanwhile.
  if (since_spelling_ < kLearnSpellingAfter || postponed_.size() > kFewPostponed) return;
  since_spelling_ = 0;
  // It takes seconds, in which new documents must not wait.
  spelling_ = std::jthread([this] {
    core::give_way();
    try {
      index_.learn_spelling();
    } catch (const core::Error& error) {
      log_.error("spelling_not_learnt", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    } catch (const std::exception& error) {
      log_.error("spelling_not_learnt", {{"code", "internal"}, {"cause", error.what()}});
    }
  });
}

// Queue --------------------------------------------------------------------------------------------------------------

std::vector<storage::ChangedDocument> Indexer::take() {
  bool hurried = false;
  {
    const std::lock_guard lock(mutex_);
    hurried = waiting_ > 0;
  }
  auto session = database_.read();
  look_at_queue(session);
  if (hurried) {
    for (const Postponed& postponed : postponed_) {
      if (storage::is_still_queued(session, postponed.document)) ready_.push_back(postponed.document);
    }
    postponed_.clear();
  } else if (ready_.empty()) {
    take_postponed(session);
  }
  const bool bulk = postponed_.size() > kWorthwhileGroup;
  if (bulk && !hurried && ready_.size() < kWorthwhileGroup &&
      std::chrono::steady_clock::now() - ready_since_ < kGatherFor) {
    return {};
  }
  // Of a document that changed twice the later entry counts.
  std::vector<storage::ChangedDocument> taken;
  std::set<std::int64_t> seen;
  for (auto entry = ready_.rbegin(); entry != ready_.rend(); ++entry) {
    if (seen.insert(entry->document_id).second) taken.push_back(*entry);
  }
  ready_.clear();
  std::reverse(taken.begin(), taken.end());
  return taken;
}

void Indexer::look_at_queue(storage::Session& session) {
  const auto now = std::chrono::steady_clock::now();
  while (ready_.size() < kGroup) {
    const std::size_t wanted = kGroup - ready_.size();
    const auto changed = storage::changed_documents(session, wanted, looked_through_);
    for (const storage::ChangedDocument& document : changed) {
      looked_through_ = document.sequence;
      if (document.being_read) {
        postponed_.push_back({document, now});
      } else {
        if (ready_.empty()) ready_since_ = now;
        ready_.push_back(document);
      }
    }
    if (changed.size() < wanted) break;
  }
}

void Indexer::take_postponed(storage::Session& session) {
  const auto now = std::chrono::steady_clock::now();
  while (!postponed_.empty() && ready_.size() < kGroup) {
    const Postponed& first = postponed_.front();
    if (storage::is_still_queued(session, first.document)) {
      const auto patience = postponed_.size() <= kFewPostponed ? kPostponedWhenFew : kPostponedWhenMany;
      if (now - first.since < patience) return;
      ready_.push_back(first.document);
      ready_since_ = now - kGatherFor;
    }
    postponed_.pop_front();
  }
}

bool Indexer::index_some() {
  std::vector<storage::ChangedDocument> taken = take();
  if (taken.empty()) return false;
  std::vector<SearchIndex::Change> changes;
  {
    auto session = database_.read();
    std::int64_t pages = 0;
    for (const storage::ChangedDocument& changed : taken) {
      auto document = storage::load_indexable(session, changed.document_id);
      if (document) pages += static_cast<std::int64_t>(document->pages.size());
      changes.push_back({changed.document_id, std::move(document)});
      if (pages >= kGroupPages) break;
    }
  }
  ready_.assign(taken.begin() + static_cast<std::ptrdiff_t>(changes.size()), taken.end());
  taken.resize(changes.size());
  const core::Stopwatch watch;
  index_.apply(changes);
  auto tx = database_.begin(storage::Actor::system("indexer"));
  const auto finished = storage::mark_indexed(tx, taken);
  tx.commit();
  since_spelling_ += static_cast<std::int64_t>(taken.size());
  log_.debug("indexed", {{"documents", taken.size()}, {"microseconds", watch.elapsed().count()}});
  announce(changes, finished);
  return true;
}

void Indexer::announce(const std::vector<SearchIndex::Change>& changes, const std::vector<storage::Job>& finished) {
  std::map<std::int64_t, std::int64_t> access_lists;
  for (const SearchIndex::Change& change : changes) {
    if (!change.document) continue;
    access_lists[change.document_id] = change.document->told_list;
    core::Event event;
    event.topic = "document";
    event.access_list = change.document->told_list;
    event.data = nlohmann::json{{"id", change.document_id}, {"indexed", true}}.dump();
    events_.publish(std::move(event));
  }
  for (const storage::Job& job : finished) {
    core::Event event;
    event.topic = "job";
    const auto found = access_lists.find(job.document_id.value_or(0));
    event.access_list = found == access_lists.end() ? 0 : found->second;
    event.account = job.created_by;
    event.data = nlohmann::json{{"id", job.id},       {"document_id", job.document_id.value_or(0)},
                                {"state", "done"},    {"stage", ""},
                                {"page", job.page},   {"pages", job.pages},
                                {"problem_code", ""}, {"problem", ""}}
                     .dump();
    events_.publish(std::move(event));
  }
}

// Rebuilding ---------------------------------------------------------------------------------------------------------

void Indexer::begin_rebuild_if_needed() {
  {
    const std::lock_guard lock(mutex_);
    if (!rebuild_wanted_ && !(index_.needs_rebuild() && !rebuild_.under_way)) return;
  }
  index_.begin_rebuild();
  rebuilt_through_ = 0;
  std::int64_t documents = 0;
  {
    auto session = database_.read();
    documents = storage::indexable_document_count(session);
  }
  if (documents > 0) log_.info("index_rebuild", {{"documents", documents}});
  const std::lock_guard lock(mutex_);
  rebuild_wanted_ = false;
  rebuild_ = {!rebuild_stopped_, 0, documents};
}

bool Indexer::rebuild_some() {
  bool stopped = false;
  {
    const std::lock_guard lock(mutex_);
    stopped = std::exchange(rebuild_stopped_, false);
    if (!rebuild_.under_way && !stopped) return false;
    if (stopped) rebuild_.under_way = rebuild_wanted_;  // it may have begun since it was stopped
  }
  if (stopped) {
    index_.abandon_rebuild();
    log_.info("index_rebuild_stopped", {});
    return true;
  }
  std::vector<SearchIndex::Change> changes;
  std::int64_t through = rebuilt_through_;
  {
    auto session = database_.read();
    std::int64_t pages = 0;
    for (const std::int64_t id : storage::indexable_documents(session, rebuilt_through_, kGroup)) {
      through = id;
      auto document = storage::load_indexable(session, id);
      if (!document) continue;  // put in the trash this moment
      pages += static_cast<std::int64_t>(document->pages.size());
      changes.push_back({id, std::move(document)});
      if (pages >= kGroupPages) break;
    }
  }
  if (through > rebuilt_through_) {
    const auto count = static_cast<std::int64_t>(changes.size());
    index_.add_to_rebuilt(std::move(changes));
    rebuilt_through_ = through;
    const std::lock_guard lock(mutex_);
    rebuild_.done += count;
    return true;
  }
  index_.finish_rebuild();
  since_spelling_ = kLearnSpellingAfter;
  const std::lock_guard lock(mutex_);
  if (rebuild_.done > 0) log_.info("index_rebuilt", {{"documents", rebuild_.done}});
  rebuild_ = {rebuild_wanted_, rebuild_.done, rebuild_.done};
  return true;
}

}  // namespace muniment::index
