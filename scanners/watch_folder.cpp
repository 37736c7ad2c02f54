#include "scanners/watch_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view kFailed = "failed";
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
// After a full disk or a busy database.
constexpr milliseconds kTryAgain{10'000};

bool is_unfinished(const fs::path& file) {
  const std::string name = file.filename().string();
  if (name.starts_with(".") || name.starts_with("~")) return true;
  static constexpr std::array<std::string_view, 5> kEndings = {".part", ".tmp", ".crdownload", ".filepart", "~"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

// A name in `directory` that is not taken.
fs::path free_name(const fs::path& directory, const fs::path& wanted) {
  fs::path path = directory / wanted;
  for (int number = 2; fs::exists(path); ++number) {
    path = directory / (wanted.stem().string() + " (" + std::to_string(number) + ")" + wanted.extension().string());
  }
  return path;
}

}  // namespace

WatchFolder::WatchFolder(WatchFolderOptions options, storage::Database& database, const ingest::Intake& intake,
                         core::Log& log)
    : options_(std::move(options)),
      database_(database),
      intake_(intake),
      log_(log),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!inotify_ || !wake_) throw core::system_error("watch a folder", errno);
  std::error_code failed;
  fs::create_directories(options_.folder, failed);
  if (failed) throw core::system_error("make the watched folder " + options_.folder.string(), failed.value());
  watch(options_.folder);
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

WatchFolder::~WatchFolder() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void WatchFolder::watch(const fs::path& directory) {
  const int watched = ::inotify_add_watch(inotify_.get(), directory.c_str(), kEvents);
  if (watched < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return;  // gone again
    throw core::system_error("watch the folder " + directory.string(), errno);
  }
  directories_[watched] = directory;
}

void WatchFolder::run(std::stop_token stop) {
  steady_clock::time_point next_scan = steady_clock::now();
  while (!stop.stop_requested()) {
    milliseconds wait = options_.rescan;
    try {
      if (steady_clock::now() >= next_scan) {
        rescan();
        next_scan = steady_clock::now() + options_.rescan;
      }
      wait = std::min(take_settled(), std::chrono::ceil<milliseconds>(next_scan - steady_clock::now()));
    } catch (const Error& error) {
      log_.error("watch_folder_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      wait = kTryAgain;
    } catch (const fs::filesystem_error& error) {
      // A file or folder went away while it was looked at.
      log_.warning("watch_folder_changed", {{"cause", error.code().message()}});
      next_scan = steady_clock::now();
      wait = options_.settle;
    }
    std::array<pollfd, 2> sources{pollfd{inotify_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    ::poll(sources.data(), sources.size(), static_cast<int>(std::max(wait, milliseconds(1)).count()));
    if ((sources[0].revents & POLLIN) != 0 && !read_events()) next_scan = steady_clock::now();
  }
}

void WatchFolder::rescan() {
  const fs::path failed = options_.folder / kFailed;
  for (auto entry = fs::recursive_directory_iterator(options_.folder, fs::directory_options::skip_permission_denied);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory()) {
      if (entry->path() == failed) {
        entry.disable_recursion_pending();
      } else {
        watch(entry->path());
      }
    } else if (entry->is_regular_file() && !entry->is_symlink()) {
      note(entry->path());
    }
  }
}

bool WatchFolder::read_events() {
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  bool complete = true;
  for (;;) {
    const ssize_t got = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (got <= 0) return complete;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if ((event->mask & IN_Q_OVERFLOW) != 0) complete = false;
      if ((event->mask & IN_IGNORED) != 0) directories_.erase(event->wd);
      const auto directory = directories_.find(event->wd);
      if (directory == directories_.end() || event->len == 0) continue;
      const fs::path path = directory->second / event->name;
      if ((event->mask & IN_ISDIR) != 0) {
        // Files may have come into it before it was watched.
        complete = false;
      } else {
        note(path);
      }
    }
  }
}

void WatchFolder::note(const fs::path& file) {
  if (is_unfinished(file) || file.parent_path() == options_.folder / kFailed) return;
  std::error_code gone;
  const auto size = fs::file_size(file, gone);
  const auto changed = gone ? fs::file_time_type() : fs::last_write_time(file, gone);
  if (gone) {
    pending_.erase(file);
    return;
  }
  const auto [entry, is_new] = pending_.try_emplace(file);
  if (is_new || entry->second.size != size || entry->second.changed != changed) {
    entry->second = {size, changed, steady_clock::now()};
  }
}

milliseconds WatchFolder::take_settled() {
  milliseconds next = options_.rescan;
  std::vector<fs::path> files;
  for (const auto& [file, pending] : pending_) files.push_back(file);
  for (const fs::path& file : files) {
    note(file);
    const auto entry = pending_.find(file);
    if (entry == pending_.end()) continue;
    const auto left =
        std::chrono::ceil<milliseconds>(entry->second.stable_since + options_.settle - steady_clock::now());
    if (left > milliseconds::zero()) {
      next = std::min(next, left);
      continue;
    }
    try {
      take_in(file);
      pending_.erase(file);
    } catch (const Error& error) {
      switch (error.code()) {
        case ErrorCode::storage_full:
        case ErrorCode::unavailable:
        case ErrorCode::io:
          // Nothing is wrong with the file: it waits where it is.
          log_.warning("watch_folder_waits", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
          return kTryAgain;
        case ErrorCode::not_found:
          pending_.erase(file);
          break;
        default:
          set_aside(file, error);
          pending_.erase(file);
      }
    }
  }
  return next;
}

void WatchFolder::take_in(const fs::path& file) {
  const core::FileDescriptor descriptor = core::open_for_reading(file);
  std::uint64_t offset = 0;
  ingest::Arrival arrival;
  arrival.document.filename = file.filename().string();
  arrival.document.source = "watch";
  arrival.priority = storage::kBulk;
  const storage::Principal who = [&] {
    auto session = database_.read();
    return storage::system_principal(session, "watch folder");
  }();
  const ingest::Receipt receipt = intake_.accept(who, std::move(arrival), [&](std::span<std::byte> buffer) {
    const std::size_t got = core::read_at(descriptor, offset, buffer);
    offset += got;
    return got;
  });
  core::remove_durably(file);
  log_.info("watch_folder_took_in", {{"document", receipt.document_id}, {"duplicate", receipt.duplicate}});
}

void WatchFolder::set_aside(const fs::path& file, const Error& why) {
  const fs::path failed = options_.folder / kFailed;
  core::create_directories_durably(failed);
  const fs::path target = free_name(failed, file.filename());
  fs::rename(file, target);
  core::write_durably(target.string() + ".reason.txt", why.message() + "\n");
  core::sync_directory(failed);
  log_.warning("watch_folder_set_aside", {{"code", core::code_name(why.code())}});
}

}  // namespace muniment::scanners
