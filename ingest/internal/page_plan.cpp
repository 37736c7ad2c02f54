#include "ingest/internal/page_plan.h"

#include <algorithm>

namespace muniment::ingest {

namespace {

constexpr std::chrono::microseconds kRunTakes = std::chrono::milliseconds(500);
constexpr std::int32_t kLongestRun = 64;
constexpr std::int32_t kHopelessAfter = 8;

}  // namespace

PagePlan::PagePlan(std::int32_t page_count, std::span<const std::int64_t> done) : page_count_(page_count) {
  std::int32_t next = 1;
  for (const std::int64_t number : done) {
    if (number < 1 || number > page_count) continue;
    ++done_;
    if (number > next) open_[next] = static_cast<std::int32_t>(number) - next;
    next = static_cast<std::int32_t>(number) + 1;
  }
  if (next <= page_count) open_[next] = page_count - next + 1;
}

std::optional<PageRun> PagePlan::take() {
  if (open_.empty()) return std::nullopt;
  std::int32_t wanted = 1;
  if (timed_ > 0) {
    const auto each = std::max(spent_ / timed_, std::chrono::microseconds(1));
    const std::int64_t in_time = std::max(kRunTakes, opening_) / each;
    wanted = static_cast<std::int32_t>(std::clamp<std::int64_t>(in_time, 1, kLongestRun));
  }
  const auto [first, available] = *open_.begin();
  const std::int32_t count = std::min(wanted, available);
  open_.erase(open_.begin());
  if (available > count) open_[first + count] = available - count;
  return PageRun{first, count};
}

void PagePlan::give_back(PageRun run) {
  if (run.count > 0) open_[run.first] = run.count;
}

void PagePlan::finish(bool read, std::chrono::microseconds took) {
  ++done_;
  if (!read) ++failed_;
  ++timed_;
  spent_ += took;
}

bool PagePlan::hopeless() const {
  return failed_ == done_ && failed_ >= std::min(page_count_, kHopelessAfter) && failed_ > 0;
}

}  // namespace muniment::ingest
