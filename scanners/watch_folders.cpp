#include "scanners/watch_folders.h"

#include <algorithm>
#include <exception>

#include "core/error.h"
#include "core/text.h"
#include "storage/intake_folders.h"

namespace muniment::scanners {

namespace {

// At what could not be begun, for want of memory, say.
constexpr std::chrono::minutes kLookAnew{1};

WatchRoots::Places with_taken(WatchRoots::Places places, std::vector<std::filesystem::path> taken) {
  places.taken = std::move(taken);
  return places;
}

// The folder that `folder` watches, as it was set up.
bool watches(const WatchFolder& folder, const storage::IntakeFolder& wanted) {
  return folder.id() == wanted.id && folder.folder() == wanted.terms.name;
}

}  // namespace

WatchFolders::WatchFolders(WatchFoldersOptions options, storage::Database& database, const ingest::Intake& intake,
                           core::Log& log)
    : options_(std::move(options)),
      database_(database),
      intake_(intake),
      log_(log),
      roots_(with_taken(options_.places, options_.configured)) {
  for (const auto& path : options_.configured) {
    WatchFolderOptions each = options_.each;
    each.folder = path;
    configured_.push_back(std::make_shared<WatchFolder>(each, database_, intake_, log_));
  }
}

WatchFolders::~WatchFolders() {
  stop();
}

void WatchFolders::start() {
  for (const auto& folder : configured_) folder->start();
  if (options_.with_set_up) thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void WatchFolders::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  for (const auto& folder : configured_) folder->stop();
  Folders ended;
  {
    const std::scoped_lock lock(mutex_);
    ended.swap(set_up_);
  }
  for (const auto& folder : ended) folder->stop();
}

void WatchFolders::wake() {
  {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

std::vector<std::shared_ptr<const WatchFolder>> WatchFolders::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<const WatchFolder>> folders(configured_.begin(), configured_.end());
  folders.insert(folders.end(), set_up_.begin(), set_up_.end());
  return folders;
}

std::optional<WatchFolders::Trouble> WatchFolders::trouble(std::int64_t id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = troubles_.find(id);
  return found == troubles_.end() ? std::nullopt : std::optional(found->second);
}

void WatchFolders::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kLookAnew, [&] { return woken_; });
      if (stop.stop_requested()) return;
      woken_ = false;
    }
    try {
      follow();
    } catch (const core::Error& error) {
      log_.error("watch_folders_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    }
  }
}

void WatchFolders::follow() {
  std::vector<storage::IntakeFolder> wanted = [&] {
    auto session = database_.read();
    return storage::list_intake_folders(session);
  }();
  std::erase_if(wanted, [](const storage::IntakeFolder& each) {
    return each.kind != storage::IntakeFolderKind::watch || !each.terms.enabled;
  });
  Folders ended;
  {
    const std::scoped_lock lock(mutex_);
    const auto first = std::stable_partition(set_up_.begin(), set_up_.end(), [&](const auto& folder) {
      return std::ranges::any_of(wanted, [&](const auto& each) { return watches(*folder, each); });
    });
    ended.assign(first, set_up_.end());
    set_up_.erase(first, set_up_.end());
  }
  // Before one begins in its place: two that look into the same folder would both take its files in.
  for (const auto& folder : ended) folder->stop();
  std::map<std::int64_t, Trouble> troubles;
  for (const storage::IntakeFolder& each : wanted) {
    const auto is_there = [&](const auto& folder) { return watches(*folder, each); };
    if (std::ranges::any_of(set_up_, is_there)) continue;  // nobody else changes the list
    std::string problem = begin(each);
    if (problem.empty()) continue;
    const auto before = troubles_.find(each.id);
    const core::Time since = before == troubles_.end() ? database_.clock().now() : before->second.at;
    troubles.emplace(each.id, Trouble{std::move(problem), since});
  }
  const std::scoped_lock lock(mutex_);
  troubles_.swap(troubles);
}

std::string WatchFolders::begin(const storage::IntakeFolder& wanted) {
  WatchFolderOptions options = options_.each;
  options.folder = wanted.terms.name;
  options.id = wanted.id;
  options.roots = &roots_;
  std::string problem;
  try {
    auto folder = std::make_shared<WatchFolder>(options, database_, intake_, log_);
    folder->start();
    const std::scoped_lock lock(mutex_);
    set_up_.push_back(std::move(folder));
    return "";
  } catch (const core::Error& error) {
    log_.error("watch_folder_failed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
    problem = error.message();
  } catch (const std::exception& error) {
    log_.error("watch_folder_failed", {{"cause", error.what()}});
    problem = error.what();
  }
  return core::to_utf8(options.folder.string()) + ": " + problem;
}

}  // namespace muniment::scanners
