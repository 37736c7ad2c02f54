#include "scanners/watch_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "scanners/internal/dropped_file.h"
#include "scanners/internal/watched_names.h"
#include "scanners/watch_roots.h"
#include "storage/source_arrivals.h"
#include "storage/stack_passes.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
constexpr int kLongestPause = 6;  // times WatchFolderOptions::try_again

bool is_unfinished(const fs::path& file) {
  const std::string name = file.filename().string();
  if (name.starts_with(".") || name.starts_with("~")) return true;
  static constexpr std::array<std::string_view, 5> kEndings = {".part", ".tmp", ".crdownload", ".filepart", "~"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
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
}

WatchFolder::~WatchFolder() {
  stop();
}

DropRoot WatchFolder::root() const {
  return {options_.folder, options_.roots == nullptr};
}

void WatchFolder::prepare() {
  const auto require_place = [&] {
    if (options_.roots == nullptr || options_.roots->resolve(options_.folder.string()) == options_.folder) return;
    throw Error(ErrorCode::io, "the folder's path leads to another folder now; set it up anew");
  };
  require_place();
  std::error_code failed;
  fs::create_directories(options_.folder, failed);
  if (failed) throw core::system_error("make the watched folder " + options_.folder.string(), failed.value());
  require_place();
  watch(options_.folder);
  prepared_ = true;
}

void WatchFolder::start() {
  if (options_.roots == nullptr) prepare();
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void WatchFolder::stop() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  if (thread_.joinable()) thread_.join();
}

WatchedFiles WatchFolder::files(std::size_t most_refused) const {
  WatchedFiles files;
  {
    const std::scoped_lock lock(mutex_);
    files = files_;
  }
  // It is being made, or `problem` says why it cannot be looked at.
  if (options_.roots != nullptr && !prepared_) return files;
  try {
    const auto set_aside = files_set_aside(root(), std::string(kFailed), most_refused);
    files.set_aside = static_cast<std::int64_t>(set_aside.size());
    for (std::size_t i = 0; i < set_aside.size() && i < most_refused; ++i) {
      files.refused.push_back({core::to_utf8(set_aside[i].name), set_aside[i].reason, set_aside[i].at});
    }
  } catch (const Error& error) {
    if (files.problem.empty()) files.problem = error.message();
  }
  return files;
}

std::size_t WatchFolder::try_refused_again() const {
  return put_back(root(), std::string(kFailed));
}

void WatchFolder::watch(const fs::path& directory) {
  // The folder itself may be a link: whoever configured it wanted it so.
  const std::uint32_t links = directory == options_.folder && options_.roots == nullptr ? 0 : IN_DONT_FOLLOW;
  const int watched = ::inotify_add_watch(inotify_.get(), directory.c_str(), kEvents | links);
  if (watched < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return;  // gone again
    throw core::system_error("watch a folder in " + options_.folder.string(), errno);
  }
  directories_[watched] = directory;
}

void WatchFolder::run(std::stop_token stop) {
  steady_clock::time_point next_scan = steady_clock::now();
  std::string problem;
  while (!stop.stop_requested()) {
    milliseconds wait = options_.rescan;
    try {
      if (steady_clock::now() >= next_scan) {
        if (options_.roots != nullptr) prepare();
        problem = rescan();
        next_scan = steady_clock::now() + options_.rescan;
      }
      wait = std::min(take_settled(stop), std::chrono::ceil<milliseconds>(next_scan - steady_clock::now()));
    } catch (const Error& error) {
      if (problem != error.message()) {
        log_.error("watch_folder_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      }
      problem = error.message();
      wait = options_.try_again;
    } catch (const fs::filesystem_error& error) {
      // A file or folder went away while it was looked at.
      log_.warning("watch_folder_changed", {{"cause", error.code().message()}});
      problem = error.code().message();
      next_scan = steady_clock::now();
      wait = options_.settle;
    }
    tell(problem);
    std::array<pollfd, 2> sources{pollfd{inotify_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    ::poll(sources.data(), sources.size(), static_cast<int>(std::max(wait, milliseconds(1)).count()));
    if ((sources[0].revents & POLLIN) != 0 && !read_events()) next_scan = steady_clock::now();
  }
}

void WatchFolder::tell(const std::string& folder_problem) {
  WatchedFiles files;
  const std::string& problem = folder_problem.empty() ? stalled_ : folder_problem;
  if (!problem.empty()) files.problem = core::to_utf8(options_.folder.string()) + ": " + problem;
  for (const auto& [file, pending] : pending_) {
    if (pending.problem.empty()) continue;
    ++files.troubled;
    if (files.problem.empty()) files.problem = core::to_utf8(file.string()) + ": " + pending.problem;
  }
  files.waiting = static_cast<std::int64_t>(pending_.size());
  if (const auto lone = pending_.find(lone_side_); lone != pending_.end()) {
    const auto left = lone->second.stable_since + options_.double_sided_wait - steady_clock::now();
    files.lone_side = {core::to_utf8(lone_side_.filename().string()),
                       database_.clock().now() + std::chrono::duration_cast<core::Time::duration>(left)};
  }
  const std::scoped_lock lock(mutex_);
  if (!files.problem.empty()) {
    files.problem_since = files_.problem_since ? files_.problem_since : database_.clock().now();
  }
  files_ = std::move(files);
}

std::string WatchFolder::rescan() {
  std::string problem;
  std::vector<fs::path> folders{options_.folder};
  while (!folders.empty()) {
    const fs::path directory = std::move(folders.back());
    folders.pop_back();
    std::string found = look_through(directory, folders);
    if (found.empty()) continue;
    if (problem.empty()) log_.warning("watch_folder_unwatched", {{"cause", found}});
    problem = std::move(found);
  }
  return problem;
}

std::string WatchFolder::look_through(const fs::path& directory, std::vector<fs::path>& folders) {
  std::string problem;
  if (directory != options_.folder) {
    try {
      watch(directory);
    } catch (const Error& error) {
      // What lies in it is found by looking, if that is allowed.
      problem = error.message();
    }
  }
  std::error_code failed;
  fs::directory_iterator entry(directory, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    std::error_code unknown;
    const fs::file_type type = entry->symlink_status(unknown).type();
    if (type == fs::file_type::none) problem = "look at what lies in a folder: " + unknown.message();
    if (type == fs::file_type::regular) note(entry->path(), false);
    if (type == fs::file_type::directory && entry->path() != options_.folder / kFailed) {
      folders.push_back(entry->path());
    }
  }
  const bool is_gone = failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory;
  if (failed && (!is_gone || directory == options_.folder)) problem = "look through a folder: " + failed.message();
  return problem;
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
        note(path, (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0);
      }
    }
  }
}

void WatchFolder::note(const fs::path& file, bool closed) {
  if (is_unfinished(file) || file.parent_path() == options_.folder / kFailed) return;
  std::error_code gone;
  const bool regular = fs::is_regular_file(fs::symlink_status(file, gone));
  const auto size = regular ? fs::file_size(file, gone) : 0;
  const auto changed = regular && !gone ? fs::last_write_time(file, gone) : fs::file_time_type();
  if (!regular || gone) {
    pending_.erase(file);
    return;
  }
  const auto [entry, is_new] = pending_.try_emplace(file);
  Pending& pending = entry->second;
  if (is_new || pending.size != size || pending.changed != changed) {
    pending = {};
    pending.size = size;
    pending.changed = changed;
    pending.stable_since = steady_clock::now();
  }
  pending.closed = pending.closed || closed;
}

milliseconds WatchFolder::take_settled(std::stop_token stop) {
  stalled_.clear();
  lone_side_.clear();
  try {
    return take_each(stop);
  } catch (const Error& error) {
    if (!stalls(error)) throw;
    // Nothing is wrong with the file, and nothing else would fare better: all wait where they are.
    log_.warning("watch_folder_waits", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    stalled_ = error.message();
    return options_.try_again;
  }
}

milliseconds WatchFolder::take_each(std::stop_token stop) {
  milliseconds next = options_.rescan;
  std::vector<fs::path> files, sides;
  for (const auto& [file, pending] : pending_) files.push_back(file);
  for (const fs::path& file : files) {
    if (stop.stop_requested()) return next;
    note(file, false);
    const auto entry = pending_.find(file);
    if (entry == pending_.end()) continue;
    Pending& pending = entry->second;
    const auto due = std::max(pending.stable_since + options_.settle, pending.not_before);
    const auto left = std::chrono::ceil<milliseconds>(due - steady_clock::now());
    if (is_one_side(file, pending)) sides.push_back(file);
    if (left > milliseconds::zero()) {
      next = std::min(next, left);
    } else if (!is_one_side(file, pending)) {
      next = std::min(next, take_alone(file, pending));
    }
  }
  return std::min(next, take_sides(std::move(sides)));
}

milliseconds WatchFolder::take_alone(const fs::path& file, Pending& pending) {
  try {
    if (!take_in(file, pending)) return std::max(options_.settle, kLookAgain);
    pending_.erase(file);
    return options_.rescan;
  } catch (const Error& error) {
    if (stalls(error)) throw;
    pause(pending, error);
    return std::chrono::ceil<milliseconds>(pending.not_before - steady_clock::now());
  }
}

void WatchFolder::pause(Pending& pending, const Error& why) const {
  pending.failures = std::min(pending.failures + 1, kLongestPause);
  pending.not_before = steady_clock::now() + pending.failures * options_.try_again;
  if (pending.problem == why.message()) return;
  pending.problem = why.message();
  log_.warning("watch_folder_file_waits", {{"code", core::code_name(why.code())}, {"cause", why.what()}});
}

bool WatchFolder::is_whole(const DroppedFile& file, const Pending& pending) const {
  const DroppedFile::Writers writers = file.writers();
  if (writers == DroppedFile::Writers::some) return false;
  return writers == DroppedFile::Writers::none || pending.closed ||
         steady_clock::now() - pending.stable_since >= options_.settle_unseen;
}

void WatchFolder::set_aside(const DroppedFile& file, const Error& why) const {
  file.set_aside(root(), std::string(kFailed), why.message());
  log_.warning("watch_folder_set_aside", {{"code", core::code_name(why.code())}});
}

bool WatchFolder::take_in(const fs::path& file, Pending& pending) {
  const auto dropped = DroppedFile::open(root(), file.lexically_relative(options_.folder));
  if (!dropped) return true;  // gone
  if (!is_whole(*dropped, pending)) return false;
  if (const std::string identity = dropped->identity(); pending.kept != identity) {
    try {
      keep(*dropped, pending.alone);
    } catch (const Error& error) {
      if (is_ours(error)) throw;
      if (dropped->has_changed()) return false;
      set_aside(*dropped, error);
      return true;
    }
    pending.kept = identity;
  }
  return dropped->remove();
}

std::optional<storage::IntakeFolder> WatchFolder::terms(storage::Session& session) const {
  if (!options_.id) return std::nullopt;
  auto folder = storage::find_intake_folder(session, *options_.id);
  if (folder && folder->terms.enabled && folder->terms.name == options_.folder) return folder;
  throw Error(ErrorCode::unavailable, "this folder is not watched any more");
}

WatchFolder::Sent WatchFolder::sent(storage::Session& session, const DroppedFile& file) const {
  Sent sent{storage::system_principal(session, "watch folder"), {}, terms(session)};
  sent.arrival.document.filename = file.name();
  sent.arrival.document.source = "watch";
  sent.arrival.priority = storage::kBulk;
  ingest::file_as(session, sent.folder ? sent.folder->terms.filing : storage::PresetFiling(), sent.arrival);
  return sent;
}

void WatchFolder::record_arrivals(storage::Transaction& tx, const std::optional<storage::IntakeFolder>& folder,
                                  int files) const {
  if (folder) storage::require_unchanged(tx, *folder);
  for (int i = 0; i < files; ++i) storage::record_arrival(tx, "watch", core::to_utf8(options_.folder.string()));
}

void WatchFolder::keep(const DroppedFile& file, const std::string& alone) const {
  Sent sent = [&] {
    auto session = database_.read();
    return this->sent(session, file);
  }();
  sent.arrival.with = [&](storage::Transaction& tx, const ingest::Receipt& receipt) {
    record_arrivals(tx, sent.folder, 1);
    if (!alone.empty() && !receipt.duplicate) storage::record_lone_pass(tx, receipt.document_id, alone);
  };
  const ingest::Receipt receipt = intake_.accept(sent.who, std::move(sent.arrival), whole_of(file));
  log_.info("watch_folder_took_in", {{"document", receipt.document_id}, {"duplicate", receipt.duplicate}});
}

}  // namespace muniment::scanners
