// Which pages of a document are still to be read, and in what portions. Pure bookkeeping; not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace muniment::ingest {

struct PageRun {
  std::int32_t first = 1;
  std::int32_t count = 0;
};

class PagePlan {
 public:
  PagePlan() = default;
  // `done` are pages that were read before, ascending.
  PagePlan(std::int32_t page_count, std::span<const std::int64_t> done);

  // The next pages to be read together: one at first, then as many as were read in half a second so far, or in the time
  // that opening the file takes where that is longer; at most 64.
  std::optional<PageRun> take();
  // What opening the file cost, which every run does once.
  void opened(std::chrono::microseconds took) { opening_ = took; }
  // What a task did not get to.
  void give_back(PageRun run);
  // A page is over, read or not; `took` is what it cost in an opened file.
  void finish(bool read, std::chrono::microseconds took);

  bool has_work() const { return !open_.empty(); }
  // Every page is over.
  bool complete() const { return done_ == page_count_; }
  std::int32_t page_count() const { return page_count_; }
  std::int32_t done() const { return done_; }
  std::int32_t failed() const { return failed_; }
  // Enough pages failed, and none was ever read, that the file itself must be bad.
  bool hopeless() const;

 private:
  std::map<std::int32_t, std::int32_t> open_;  // first page -> count, disjoint
  std::int32_t page_count_ = 0;
  std::int32_t done_ = 0;
  std::int32_t failed_ = 0;
  std::int32_t timed_ = 0;
  std::chrono::microseconds spent_{0};
  std::chrono::microseconds opening_{0};
};

}  // namespace muniment::ingest
