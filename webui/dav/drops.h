// The drop folders: addresses at which devices put files that then belong to the archive. Nothing comes out of them;
// whoever has just put a file only sees that its name is there, because clients look whether it arrived.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace muniment::webui::dav {

// What was put there of late. Thread-safe. What it remembers does not last over a restart.
class Drops {
 public:
  struct Dropped {
    std::string name;
    std::uint64_t size = 0;
    core::Time at;
  };
  void remember(std::int64_t account, std::string_view drop, Dropped dropped);
  void forget(std::int64_t account, std::string_view drop, std::string_view name);
  // What this account put there within the last ten minutes, by name.
  std::vector<Dropped> recent(std::int64_t account, std::string_view drop, core::Time now) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::int64_t, std::string>, std::map<std::string, Dropped, std::less<>>> dropped_;
};

struct Request;
// Any method at or below /dav/drop.
void answer_drop(Request& request);

}  // namespace muniment::webui::dav
