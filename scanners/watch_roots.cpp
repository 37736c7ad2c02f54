#include "scanners/watch_roots.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "core/text.h"
#include "storage/intake_folders.h"

namespace muniment::scanners {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_path(const std::string& right) {
  throw core::Error(core::ErrorCode::invalid_argument, "this folder cannot be watched: it " + right,
                    {{"/name", right}});
}

// With every link followed, also where the end of it is not there yet. Empty when they cannot be followed.
std::optional<fs::path> real(const fs::path& path) {
  std::error_code failed;
  fs::path found = fs::weakly_canonical(fs::absolute(path), failed);
  if (failed) return std::nullopt;
  return found.has_filename() ? found : found.parent_path();
}

bool within(const fs::path& path, const fs::path& folder) {
  const auto place = real(folder);
  return place && storage::is_same_or_within(path.string(), place->string());
}

// They do as long as it cannot be told.
bool meet(const fs::path& path, const fs::path& other) {
  const auto place = real(other);
  return !place || storage::is_same_or_within(path.string(), place->string()) ||
         storage::is_same_or_within(place->string(), path.string());
}

}  // namespace

WatchRoots::WatchRoots(Places places) : places_(std::move(places)) {
  if (places_.roots.empty()) places_.roots.push_back(places_.incoming);
  for (fs::path& root : places_.roots) root = fs::absolute(root).lexically_normal();
}

fs::path WatchRoots::resolve(const std::string& wanted) const {
  const fs::path asked(wanted);
  if (!asked.is_absolute() || std::ranges::find(asked, "..") != asked.end()) {
    refuse_path("must be a path that begins with / and goes up nowhere (..)");
  }
  const std::optional<fs::path> found = real(asked);
  // One sentence for both: else it would tell what there is elsewhere on the machine.
  if (!found || std::ranges::none_of(places_.roots, [&](const fs::path& root) { return within(*found, root); })) {
    refuse_path("must lie in one of the folders that watch.roots names: " +
                core::joined(places_.roots, ", ", [](const fs::path& root) { return core::to_utf8(root.string()); }) +
                "; and the service must be allowed to look there");
  }
  const fs::path& folder = *found;
  const bool is_kept = std::ranges::any_of(places_.kept, [&](const fs::path& kept) { return meet(folder, kept); });
  if (is_kept && !within(folder, places_.incoming)) refuse_path("must not hold, or lie in, what the service keeps");
  if (std::ranges::any_of(places_.taken, [&](const fs::path& taken) { return meet(folder, taken); })) {
    refuse_path("must not hold, or lie in, a folder that the configuration has watched (watch.folders)");
  }
  std::error_code unknown;
  if (const fs::file_status status = fs::status(folder, unknown); fs::exists(status) && !fs::is_directory(status)) {
    refuse_path("must be a folder");
  }
  return folder;
}

}  // namespace muniment::scanners
