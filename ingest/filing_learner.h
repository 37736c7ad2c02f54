// Learns in the background from what people file, and answers from what is learned so far.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/log.h"
#include "ingest/filing_model.h"
#include "storage/documents.h"

namespace muniment::ingest {

// The beginning of a document's text, by which it is filed: of its first twenty pages, about so many bytes at most.
std::string beginning_of(storage::Session& session, const storage::Document& document, std::size_t bytes);

// Thread-safe.
class FilingLearner {
 public:
  // Both outlive it.
  FilingLearner(storage::Database& database, core::Log& log);
  ~FilingLearner();

  // Begins; what was learned before is there again after a moment.
  void start();
  void stop();
  // Learns all that waits, on the calling thread. Not beside start().
  void catch_up();

  // What is learned says of a document, for somebody who may read these access lists.
  std::vector<LearnedSuggestion> suggest(storage::Session& session, const storage::Document& document,
                                         const std::vector<std::int64_t>& readable) const;

 private:
  void recall(const std::stop_token& stop);
  // False when nothing waited.
  bool learn_some();

  storage::Database& database_;
  core::Log& log_;
  FilingModel model_;
  bool recalled_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace muniment::ingest
