// Waiting that ends at once when it is to stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace muniment::scanners {

// False when it was stopped meanwhile.
inline bool pause(const std::stop_token& stop, std::chrono::milliseconds duration) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  return !std::condition_variable_any().wait_for(lock, stop, duration, [&] { return stop.stop_requested(); });
}

}  // namespace muniment::scanners
