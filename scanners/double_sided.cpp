// Stacks that a feeder of one side reads in two passes: the other part of watch_folder.h.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/error.h"
#include "core/hash.h"
#include "scanners/internal/dropped_file.h"
#include "scanners/internal/watched_names.h"
#include "scanners/watch_folder.h"
#include "storage/stack_passes.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::string waited_in_vain(milliseconds wait) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
  return "its other side did not come within " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

}  // namespace

ingest::Intake::Reader whole_of(const DroppedFile& file) {
  return [&file, offset = std::uint64_t{0}](std::span<std::byte> buffer) mutable {
    const std::size_t got = core::read_at(file.descriptor(), offset, buffer);
    offset += got;
    if (got == 0 && file.has_changed()) throw Error(ErrorCode::stale, "the file was changed while it was read");
    return got;
  };
}

bool WatchFolder::is_one_side(const fs::path& file, const Pending& pending) const {
  return file.parent_path() == options_.folder / kDoubleSided && pending.kept.empty() && pending.alone.empty();
}

milliseconds WatchFolder::take_sides(std::vector<fs::path> sides) {
  std::ranges::sort(sides, {}, [&](const fs::path& side) { return std::tie(pending_.at(side).changed, side); });
  milliseconds next = options_.rescan;
  std::vector<fs::path> new_ones;
  bool more_come = false;
  for (const fs::path& side : sides) {
    Pending& pending = pending_.at(side);
    const auto due = std::max(pending.stable_since + options_.settle, pending.not_before);
    // Those behind it wait as well, and one that failed before keeps its place among them: else a side would be taken
    // for the other one's of another stack.
    if (due > steady_clock::now() && pending.failures == 0) {
      more_come = true;
      break;
    }
    try {
      if (awaits_other_side(side, pending)) {
        new_ones.push_back(side);
      } else {
        next = milliseconds::zero();
      }
    } catch (const Error& error) {
      if (stalls(error)) throw;
      pause(pending, error);
      new_ones.push_back(side);
    }
  }
  for (std::size_t i = 0; i + 1 < new_ones.size(); i += 2) {
    next = std::min(next, take_both(new_ones[i], new_ones[i + 1]));
  }
  if (new_ones.size() % 2 == 0) return next;
  Pending& last = pending_.at(new_ones.back());
  const auto left =
      std::chrono::ceil<milliseconds>(last.stable_since + options_.double_sided_wait - steady_clock::now());
  if (left > milliseconds::zero() || more_come) {
    lone_side_ = new_ones.back();
    return left > milliseconds::zero() ? std::min(next, left) : next;
  }
  last.alone = waited_in_vain(options_.double_sided_wait);
  return milliseconds::zero();
}

bool WatchFolder::awaits_other_side(const fs::path& file, Pending& pending) const {
  if (pending.is_new || pending.not_before > steady_clock::now()) return true;
  const auto dropped = DroppedFile::open(root(), file.lexically_relative(options_.folder));
  if (!dropped) return false;
  const core::Sha256 hash = core::digest_of(dropped->descriptor()).hash;
  auto session = database_.read();
  Sent sent = this->sent(session, *dropped);
  // It stayed behind when both were taken in, or somebody has put it here again.
  if (intake_.has(session, sent.who, std::move(sent.arrival), hash)) {
    pending.alone = "the archive had its other side already";
    return false;
  }
  pending.is_new = true;
  return true;
}

milliseconds WatchFolder::take_both(const fs::path& fronts, const fs::path& backs) {
  const auto not_before = std::max(pending_.at(fronts).not_before, pending_.at(backs).not_before);
  if (not_before > steady_clock::now()) return std::chrono::ceil<milliseconds>(not_before - steady_clock::now());
  try {
    // What is kept, or was left alone, is seen to at once.
    return keep_both(fronts, backs) ? milliseconds::zero() : std::max(options_.settle, kLookAgain);
  } catch (const Error& error) {
    if (stalls(error)) throw;
    pause(pending_.at(fronts), error);
    pause(pending_.at(backs), error);
    return options_.try_again;
  }
}

bool WatchFolder::keep_both(const fs::path& fronts, const fs::path& backs) {
  const std::array<Pending*, 2> pending{&pending_.at(fronts), &pending_.at(backs)};
  std::vector<DroppedFile> dropped;
  for (const fs::path& file : {fronts, backs}) {
    auto side = DroppedFile::open(root(), file.lexically_relative(options_.folder));
    if (!side || !is_whole(*side, *pending[dropped.size()])) return false;
    dropped.push_back(std::move(*side));
  }
  std::vector<std::pair<ingest::Arrival, ingest::Intake::Spooled>> files;
  std::optional<storage::Principal> who;
  std::optional<storage::IntakeFolder> folder;
  for (const DroppedFile& side : dropped) {
    try {
      Sent sent = [&] {
        auto session = database_.read();
        return this->sent(session, side);
      }();
      files.emplace_back(std::move(sent.arrival), intake_.spool(whole_of(side)));
      who = std::move(sent.who);
      folder = std::move(sent.folder);
    } catch (const Error& error) {
      if (is_ours(error)) throw;
      if (side.has_changed()) return false;
      const std::size_t other = files.empty() ? 1 : 0;
      pending[other]->alone = "its other side was refused: " + error.message();
      set_aside(side, error);
      return true;
    }
  }
  try {
    intake_.accept_together(
        *who, std::move(files), [&](storage::Transaction& tx, std::span<const ingest::Receipt> got) {
          record_arrivals(tx, folder, 2);
          if (!got[0].duplicate && !got[1].duplicate) {
            storage::record_stack_passes(tx, {got[0].document_id, got[1].document_id});
            return;
          }
          for (const ingest::Receipt& receipt : got) {
            if (receipt.duplicate) continue;
            storage::record_lone_pass(tx, receipt.document_id, "the archive had its other side already");
          }
        });
  } catch (const Error& error) {
    if (is_ours(error)) throw;
    for (const DroppedFile& side : dropped) set_aside(side, error);
    return true;
  }
  for (std::size_t i = 0; i < dropped.size(); ++i) pending[i]->kept = dropped[i].identity();
  log_.info("watch_folder_took_in_both_sides", {});
  return true;
}

}  // namespace muniment::scanners
