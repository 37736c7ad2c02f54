#include "index/indexer.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/index_queue.h"
#include "storage/jobs.h"

namespace muniment::index {

using std::chrono::milliseconds;

namespace {

// One commit for so many: a bulk load needs large groups; a single document must not wait for others.
constexpr std::size_t kGroup = 4000;
// Pages of one group, so that a few huge documents do not fill the memory.
constexpr std::int64_t kGroupPages = 20'000;
constexpr milliseconds kLookEvery{500};
constexpr milliseconds kAfterError{5000};
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
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Indexer::stop() {
  thread_.request_stop();
  wake();
  if (thread_.joinable()) thread_.join();
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
  wake();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return idle_; });
}

void Indexer::reconcile() {
  if (index_.is_new()) {
    auto tx = database_.begin(storage::Actor::system("indexer"));
    const std::int64_t queued = storage::queue_everything_for_indexing(tx);
    tx.commit();
    if (queued > 0) log_.info("index_rebuild", {{"documents", queued}});
    return;
  }
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
      if (index_some()) continue;
      if (since_spelling_ >= kLearnSpellingAfter ||
          (since_spelling_ > 0 && index_.document_count() < kLearnSpellingAfter)) {
        since_spelling_ = 0;
        index_.learn_spelling();
      }
    } catch (const core::Error& error) {
      log_.error("indexing_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      pause = kAfterError;
    } catch (const std::filesystem::filesystem_error& error) {
      // Somebody took the index away under our feet; the next start makes it anew.
      log_.error("indexing_failed", {{"code", "io"}, {"cause", error.code().message()}});
      pause = kAfterError;
    }
    std::unique_lock lock(mutex_);
    if (!woken_) {
      idle_ = true;
      changed_.notify_all();
    }
    changed_.wait_for(lock, stop, pause, [&] { return woken_; });
    woken_ = false;
  }
}

bool Indexer::index_some() {
  std::vector<storage::ChangedDocument> taken;
  std::vector<SearchIndex::Change> changes;
  {
    auto session = database_.read();
    std::int64_t pages = 0;
    for (const storage::ChangedDocument& changed : storage::changed_documents(session, kGroup)) {
      auto document = storage::load_indexable(session, changed.document_id);
      if (document) pages += static_cast<std::int64_t>(document->pages.size());
      taken.push_back(changed);
      changes.push_back({changed.document_id, std::move(document)});
      if (pages >= kGroupPages) break;
    }
  }
  if (taken.empty()) return false;
  std::vector<std::pair<std::int64_t, std::int64_t>> indexed;  // document and access list
  for (const SearchIndex::Change& change : changes) {
    if (change.document) indexed.emplace_back(change.document_id, change.document->access_list);
  }
  const core::Stopwatch watch;
  index_.apply(std::move(changes));
  auto tx = database_.begin(storage::Actor::system("indexer"));
  const auto finished = storage::mark_indexed(tx, taken);
  tx.commit();
  since_spelling_ += static_cast<std::int64_t>(taken.size());
  log_.debug("indexed", {{"documents", taken.size()}, {"microseconds", watch.elapsed().count()}});
  for (const auto& [id, access_list] : indexed) {
    core::Event event;
    event.topic = "document";
    event.access_list = access_list;
    event.data = nlohmann::json{{"id", id}, {"indexed", true}}.dump();
    events_.publish(std::move(event));
  }
  for (const storage::Job& job : finished) {
    core::Event event;
    event.topic = "job";
    const auto found = std::find_if(indexed.begin(), indexed.end(),
                                    [&](const auto& entry) { return entry.first == job.document_id.value_or(0); });
    event.access_list = found == indexed.end() ? 0 : found->second;
    event.account = job.created_by;
    event.data = nlohmann::json{{"id", job.id},       {"document_id", job.document_id.value_or(0)},
                                {"state", "done"},    {"stage", ""},
                                {"page", job.page},   {"pages", job.pages},
                                {"problem_code", ""}, {"problem", ""}}
                     .dump();
    events_.publish(std::move(event));
  }
  return true;
}

}  // namespace muniment::index
