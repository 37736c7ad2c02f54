// What just happened, for whoever watches: a bounded memory of events that can be replayed. Nothing relies on it; the
// database is the truth.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace muniment::core {

struct Event {
  std::uint64_t id = 0;          // rises by one; starts anew with the process, so clients also compare `stream`
  std::string topic;             // "job", "document"
  std::int64_t access_list = 0;  // who may see it: readers of this access list; 0 = only `account`
  std::int64_t account = 0;      // whose action it was; 0 = the system's
  std::string data;              // one JSON object, no line breaks
};

// Thread-safe.
class EventStream {
 public:
  explicit EventStream(std::size_t capacity) : capacity_(capacity) {}

  void publish(Event event);
  std::uint64_t last_id() const;

  struct Batch {
    std::vector<Event> events;
    bool gap = false;  // events after `after` were forgotten: the reader must reload its state
  };
  // Events later than `after`; waits up to `timeout` when there are none. Returns at once, empty, on a stop request.
  Batch wait_after(std::uint64_t after, std::chrono::milliseconds timeout, std::stop_token stop) const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::deque<Event> events_;
  std::uint64_t last_id_ = 0;
};

}  // namespace muniment::core
