// Keeps the index in step with the catalogue: a thread that takes what changed, in small groups, and tells when it can
// be found.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/event_stream.h"
#include "core/log.h"
#include "index/search_index.h"
#include "storage/database.h"
#include "storage/index_queue.h"

namespace muniment::index {

// Alone it calls SearchIndex::apply and rebuilds it, which it also does by itself when the index is found damaged.
class Indexer {
 public:
  // Everything outlives the indexer.
  Indexer(SearchIndex& index, storage::Database& database, core::EventStream& events, core::Log& log);
  // Stops; what is being indexed is finished first.
  ~Indexer();

  // Compares the index with the catalogue, queues what differs, and begins. Without it nothing happens.
  void start();
  void stop();
  // Look now. The queue calls it by itself (Database::on_index_queued). From any thread.
  void wake();
  // Blocks until nothing is left to index; for tests and the command line.
  void wait_until_idle();

  // Makes the whole index anew while the present one answers. From any thread; one under way begins again.
  void rebuild();
  // The present index stays. False when there is none that answers: then a new one is needed.
  bool stop_rebuild();
  struct RebuildProgress {
    bool under_way = false;  // or wanted
    std::int64_t done = 0;
    std::int64_t of = 0;
  };
  RebuildProgress rebuild_progress() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Postponed {
    storage::ChangedDocument document;
    SteadyTime since;
  };

  void run(std::stop_token stop);
  void reconcile();
  void queue_differences();
  // Each is false when there was nothing to do.
  bool index_some();
  bool rebuild_some();
  void begin_rebuild_if_needed();
  std::vector<storage::ChangedDocument> take();
  void look_at_queue(storage::Session& session);
  void take_postponed(storage::Session& session);
  void announce(const std::vector<SearchIndex::Change>& changes, const std::vector<storage::Job>& finished);
  void learn_spelling_if_due();
  void start_over_looking();

  SearchIndex& index_;
  storage::Database& database_;
  core::EventStream& events_;
  core::Log& log_;

  // Of the indexing thread. Documents that are being read will change again: they are left for a while, so that a bulk
  // load is not indexed twice.
  std::int64_t looked_through_ = 0;  // sequence in the queue
  std::vector<storage::ChangedDocument> ready_;
  std::deque<Postponed> postponed_;
  SteadyTime ready_since_;
  std::int64_t since_spelling_ = 0;
  std::int64_t rebuilt_through_ = 0;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any changed_;
  bool woken_ = false;
  bool idle_ = false;
  int waiting_ = 0;  // for it to be idle: nothing is postponed then
  bool rebuild_wanted_ = false;
  bool rebuild_stopped_ = false;
  RebuildProgress rebuild_;

  storage::Database::Listener queued_;
  std::jthread spelling_;
  std::jthread thread_;
};

}  // namespace muniment::index
