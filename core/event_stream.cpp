#include "core/event_stream.h"

#include <algorithm>

namespace muniment::core {

void EventStream::publish(Event event) {
  {
    const std::lock_guard lock(mutex_);
    event.id = ++last_id_;
    events_.push_back(std::move(event));
    if (events_.size() > capacity_) events_.pop_front();
  }
  changed_.notify_all();
}

std::uint64_t EventStream::last_id() const {
  const std::lock_guard lock(mutex_);
  return last_id_;
}

EventStream::Batch EventStream::wait_after(std::uint64_t after, std::chrono::milliseconds timeout,
                                           std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, timeout, [&] { return last_id_ > after; });
  Batch batch;
  batch.gap = after > last_id_ || (!events_.empty() && events_.front().id > after + 1);
  const auto first = std::find_if(events_.begin(), events_.end(), [&](const Event& e) { return e.id > after; });
  batch.events.assign(first, events_.end());
  return batch;
}

}  // namespace muniment::core
