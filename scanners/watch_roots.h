// Which folders may be watched that people set up. Whoever names one has the service read and remove what lies there,
// so none may lead to what the service keeps, or to anything but what the configuration gives free for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace muniment::scanners {

// Thread-safe.
class WatchRoots {
 public:
  struct Places {
    std::filesystem::path incoming;  // DATA/incoming: within what the service keeps, and free all the same
    std::vector<std::filesystem::path> roots = {};  // watch.roots; none: `incoming`
    std::vector<std::filesystem::path> kept = {};   // DATA, and what else the service writes
    std::vector<std::filesystem::path> taken = {};  // watched already, because the configuration says so
  };
  explicit WatchRoots(Places places);

  const std::vector<std::filesystem::path>& roots() const { return places_.roots; }
  // The folder as it is meant: absolute, every link followed; it need not exist. Error(invalid_argument) at /name says
  // what would be right.
  std::filesystem::path resolve(const std::string& wanted) const;

 private:
  Places places_;
};

}  // namespace muniment::scanners
