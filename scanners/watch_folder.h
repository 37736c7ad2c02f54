// A folder that people and machines drop files into. Each file is taken in once nobody writes it any more, and removed
// only after all of it is safely kept; what cannot be taken in is moved to `failed/` beside a text that says why.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/files.h"
#include "core/log.h"
#include "ingest/intake.h"
#include "storage/access.h"
#include "storage/intake_folders.h"

namespace muniment::scanners {

class WatchRoots;

struct WatchFolderOptions {
  std::filesystem::path folder;
  // Of one that people set up: what comes in by it is filed as the database says at that moment, and nothing does
  // unless it says that it is switched on.
  std::optional<std::int64_t> id = {};
  // For such a one: it is watched only while it is the very folder that may be, and no link is followed to it.
  const WatchRoots* roots = nullptr;
  // A file must not have changed for so long; also after the writer has closed it, because some copy in pieces.
  std::chrono::milliseconds settle{2000};
  // The same for files of which it cannot be known whether somebody still has them open for writing: nobody was seen
  // closing them, and they lie on a network file system or belong to another account.
  std::chrono::milliseconds settle_unseen{300'000};
  // The folder is looked through anew this often, should the system have failed to tell of a file (network file
  // systems).
  std::chrono::milliseconds rescan{60'000};
  // What lies in its folder `double-sided` is one side of a stack, and waits so long for the other one.
  std::chrono::milliseconds double_sided_wait{30 * 60'000};
  // After a full disk, a busy database, or a file that cannot be read or removed; that file waits longer each time, up
  // to six times as long.
  std::chrono::milliseconds try_again{10'000};
};

// A file that lies in `failed/`.
struct RefusedFile {
  std::string name;
  std::string reason;
  core::Time at;
};

// A file in `double-sided/` whose other side has not come yet.
struct LoneSide {
  std::string name;
  core::Time until;  // it waits; then it is taken in as it is
};

struct WatchedFiles {
  std::int64_t waiting = 0;    // are there and not taken in yet
  std::int64_t troubled = 0;   // of them those that cannot be read or removed
  std::int64_t set_aside = 0;  // lie in `failed/`
  std::string problem;         // of the folder itself, else of the first file that waits, with its path; empty: none
  std::optional<core::Time> problem_since = {};
  std::optional<LoneSide> lone_side = {};
  std::vector<RefusedFile> refused = {};  // the newest that lie in `failed/`
};

class DroppedFile;
struct DropRoot;

// Watches one folder, sub-folders included, on a thread of its own. Files whose names begin with a dot or "~", or end
// like a download in progress (.part, .tmp, .crdownload, .filepart), are left alone; so are symbolic links and what
// they lead to. Thread-safe.
//
// A file that somebody has open for writing is left alone however long that takes. One that changes while it is taken
// in stays, and is taken in anew when it is whole. When the archive's disk is full, files wait where they are; one that
// cannot be read, or not be removed, keeps no other waiting and is tried again. A file whose bytes are in the archive
// already is removed.
//
// Files directly in the sub-folder `double-sided` are the two passes of a stack through a feeder that reads one side:
// the fronts, and then the stack turned over. Two and two, the older first, they come in in one transaction, to become
// one document when both are read (storage/stack_passes.h). One that stays alone is taken in as it is.
class WatchFolder {
 public:
  // Documents belong to the system itself: `database` gives the principal. Everything outlives this object.
  WatchFolder(WatchFolderOptions options, storage::Database& database, const ingest::Intake& intake, core::Log& log);
  // Stops.
  ~WatchFolder();

  // Error(io) when the folder of the configuration cannot be made or watched; one that people set up is tried again,
  // and `files` says why.
  void start();
  // After the present file. Doing it twice is not an error.
  void stop();

  const std::filesystem::path& folder() const { return options_.folder; }
  std::optional<std::int64_t> id() const { return options_.id; }
  // With at most so many refused ones, the newest first.
  WatchedFiles files(std::size_t most_refused = 0) const;
  // Has the files in `failed/` tried again, as if they were dropped anew. How many; Error(io).
  std::size_t try_refused_again() const;

 private:
  struct Pending {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed;
    std::chrono::steady_clock::time_point stable_since;
    bool closed = false;                               // as it is now, by its writer, or it was moved here
    std::string kept;                                  // DroppedFile::identity() of what only has to be removed
    bool is_new = false;                               // of one side: the archive has no such file yet
    std::string alone;                                 // of one side: why it is taken in without the other
    std::string problem;                               // why it was not taken in or removed when that was tried last
    int failures = 0;                                  // in a row
    std::chrono::steady_clock::time_point not_before;  // it is tried again
  };

  void run(std::stop_token stop);
  // Makes the folder when it is missing, and watches it. Error(io), (invalid_argument) of WatchRoots.
  void prepare();
  DropRoot root() const;
  // What it could not look into, which keeps it from nothing else; empty: nothing.
  std::string rescan();
  // Of one folder; those in it are added to `folders`.
  std::string look_through(const std::filesystem::path& directory, std::vector<std::filesystem::path>& folders);
  // Error(io)
  void watch(const std::filesystem::path& directory);
  // False when events were lost.
  bool read_events();
  void note(const std::filesystem::path& file, bool closed);
  // Takes in what has settled. How long until the next may have.
  std::chrono::milliseconds take_settled(std::stop_token stop);
  // The same; Error(storage_full), (unavailable) when all have to wait.
  std::chrono::milliseconds take_each(std::stop_token stop);
  std::chrono::milliseconds take_alone(const std::filesystem::path& file, Pending& pending);
  bool is_one_side(const std::filesystem::path& file, const Pending& pending) const;
  // What of them is new goes two and two, up to the first one that has not settled.
  std::chrono::milliseconds take_sides(std::vector<std::filesystem::path> sides);
  std::chrono::milliseconds take_both(const std::filesystem::path& fronts, const std::filesystem::path& backs);
  // False when it is gone, or in the archive already.
  bool awaits_other_side(const std::filesystem::path& file, Pending& pending) const;
  // False when that has to wait, or one was refused.
  bool keep_both(const std::filesystem::path& fronts, const std::filesystem::path& backs);
  // False when the file's turn has not come: somebody still writes it, or may do so.
  bool take_in(const std::filesystem::path& file, Pending& pending);
  // Whether nobody writes it any more, as far as can be known.
  bool is_whole(const DroppedFile& file, const Pending& pending) const;
  void set_aside(const DroppedFile& file, const core::Error& why) const;
  void keep(const DroppedFile& file, const std::string& alone) const;
  // What is said of a file that comes in now, and by whom.
  struct Sent {
    storage::Principal who;
    ingest::Arrival arrival;
    std::optional<storage::IntakeFolder> folder;
  };
  Sent sent(storage::Session& session, const DroppedFile& file) const;
  void record_arrivals(storage::Transaction& tx, const std::optional<storage::IntakeFolder>& folder, int files) const;
  // As it is now; Error(unavailable) when it is switched off or gone. Empty for one of the configuration.
  std::optional<storage::IntakeFolder> terms(storage::Session& session) const;
  void pause(Pending& pending, const core::Error& why) const;
  void tell(const std::string& folder_problem);

  WatchFolderOptions options_;
  storage::Database& database_;
  const ingest::Intake& intake_;
  core::Log& log_;
  core::FileDescriptor inotify_;
  core::FileDescriptor wake_;  // an eventfd that ends the wait for events
  std::map<int, std::filesystem::path> directories_;
  std::map<std::filesystem::path, Pending> pending_;
  std::string stalled_;              // why all files wait; empty: they do not
  std::filesystem::path lone_side_;  // empty: there is none
  std::atomic<bool> prepared_ = false;
  mutable std::mutex mutex_;
  WatchedFiles files_;
  std::jthread thread_;
};

}  // namespace muniment::scanners
