// A folder that people and machines drop files into. Each file is taken in once it has stopped growing, and removed
// only after it is safely kept; what cannot be taken in is moved to `failed/` beside a text that says why.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "core/files.h"
#include "core/log.h"
#include "ingest/intake.h"
#include "storage/access.h"

namespace muniment::scanners {

struct WatchFolderOptions {
  std::filesystem::path folder;
  // A file must not have changed for so long; also after the writer has closed it, because some copy in pieces.
  std::chrono::milliseconds settle{2000};
  // The folder is looked through anew this often, should the system have failed to tell of a file (network file
  // systems).
  std::chrono::milliseconds rescan{60'000};
};

// Watches one folder, sub-folders included, on a thread of its own from construction to destruction. Files whose names
// begin with a dot or "~", or end like a download in progress (.part, .tmp, .crdownload, .filepart), are left alone.
//
// When the archive's disk is full, files wait where they are. A file whose bytes are in the archive already is removed.
class WatchFolder {
 public:
  // Documents belong to the system itself: `database` gives the principal. Everything outlives this object.
  // Error(io) when the folder cannot be made or watched.
  WatchFolder(WatchFolderOptions options, storage::Database& database, const ingest::Intake& intake, core::Log& log);
  ~WatchFolder();

 private:
  struct Pending {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed;
    std::chrono::steady_clock::time_point stable_since;
  };

  void run(std::stop_token stop);
  void rescan();
  void watch(const std::filesystem::path& directory);
  // False when events were lost.
  bool read_events();
  void note(const std::filesystem::path& file);
  // Takes in what has settled. How long until the next may have.
  std::chrono::milliseconds take_settled();
  void take_in(const std::filesystem::path& file);
  void set_aside(const std::filesystem::path& file, const core::Error& why);

  WatchFolderOptions options_;
  storage::Database& database_;
  const ingest::Intake& intake_;
  core::Log& log_;
  core::FileDescriptor inotify_;
  core::FileDescriptor wake_;  // an eventfd that ends the wait for events
  std::map<int, std::filesystem::path> directories_;
  std::map<std::filesystem::path, Pending> pending_;
  std::jthread thread_;
};

}  // namespace muniment::scanners
