// All watched folders: those that the configuration names, and those that people set up, which begin, change and end
// while the service runs.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "scanners/watch_folder.h"
#include "scanners/watch_roots.h"

namespace muniment::scanners {

struct WatchFoldersOptions {
  bool with_set_up = true;  // else only those of the configuration are watched
  std::vector<std::filesystem::path> configured;
  WatchFolderOptions each;    // how every folder is watched; which one it is has no meaning here
  WatchRoots::Places places;  // for those that people set up; `taken` is found out here
};

// Thread-safe.
class WatchFolders {
 public:
  // Everything outlives this object.
  WatchFolders(WatchFoldersOptions options, storage::Database& database, const ingest::Intake& intake, core::Log& log);
  // Stops.
  ~WatchFolders();

  // Error(io) when a folder of the configuration cannot be made or watched.
  void start();
  // Each after its present file. Doing it twice is not an error.
  void stop();
  // People have changed theirs: that is seen to soon. Nothing comes in by one that ended, from the moment that it did.
  void wake();

  // Those that are watched now.
  std::vector<std::shared_ptr<const WatchFolder>> all() const;
  struct Trouble {
    std::string problem;
    core::Time at;  // since when
  };
  // Why one that people set up and switched on could not be begun; that is tried again each minute, and keeps no other
  // waiting. Empty: it is watched, or will be in a moment.
  std::optional<Trouble> trouble(std::int64_t id) const;
  const WatchRoots& roots() const { return roots_; }
  bool with_set_up() const { return options_.with_set_up; }
  // How long one side of a stack waits for the other, wherever it was put.
  std::chrono::milliseconds double_sided_wait() const { return options_.each.double_sided_wait; }

 private:
  using Folders = std::vector<std::shared_ptr<WatchFolder>>;

  void run(std::stop_token stop);
  // Begins and ends what the database says.
  void follow();
  // What went wrong, as people and the log are told; empty: nothing.
  std::string begin(const storage::IntakeFolder& wanted);

  const WatchFoldersOptions options_;
  storage::Database& database_;
  const ingest::Intake& intake_;
  core::Log& log_;
  const WatchRoots roots_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = true;
  Folders configured_;
  Folders set_up_;
  std::map<std::int64_t, Trouble> troubles_;
  std::jthread thread_;
};

}  // namespace muniment::scanners
