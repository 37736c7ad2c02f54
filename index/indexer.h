// Keeps the index in step with the catalogue: a thread that takes what changed, in small groups, and tells when it can
// be found.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/event_stream.h"
#include "core/log.h"
#include "index/search_index.h"
#include "storage/database.h"

namespace muniment::index {

// Alone it calls SearchIndex::apply.
class Indexer {
 public:
  // Everything outlives the indexer.
  Indexer(SearchIndex& index, storage::Database& database, core::EventStream& events, core::Log& log);
  // Stops; what is being indexed is finished first.
  ~Indexer();

  // Compares the index with the catalogue, queues what differs, and begins. Without it nothing happens.
  void start();
  void stop();
  // Something changed: look now rather than in half a second. From any thread.
  void wake();
  // Blocks until nothing is left to index; for tests and the command line.
  void wait_until_idle();

 private:
  void run(std::stop_token stop);
  void reconcile();
  // False when there was nothing to do.
  bool index_some();

  SearchIndex& index_;
  storage::Database& database_;
  core::EventStream& events_;
  core::Log& log_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  bool idle_ = false;
  std::int64_t since_spelling_ = 0;
  std::jthread thread_;
};

}  // namespace muniment::index
