// How neighbouring shards become one, beside everything that goes on: the other half of shards.h.
#include <algorithm>

#include "core/files.h"
#include "core/priority.h"
#include "index/internal/errors.h"
#include "index/internal/shards.h"

namespace muniment::index {

namespace fs = std::filesystem;

namespace {

// So many neighbours of like size become one.
constexpr std::size_t kMergeAt = 8;
constexpr std::chrono::seconds kAfterProblem{60};

// Sizes that differ by less than eight times are alike.
int tier_of(Xapian::doccount documents) {
  int tier = 0;
  while (documents >= 8 * 250) {
    documents /= 8;
    ++tier;
  }
  return tier;
}

// Lets a merge be ended between two of its tables. Xapian 1.4 then never frees the table it was writing (some 100 KB):
// it is for when the service stops.
struct Stoppable : Xapian::Compactor {
  const std::stop_token& stop;
  explicit Stoppable(const std::stop_token& token) : stop(token) {}
  void set_status(const std::string& /*table*/, const std::string& /*status*/) override {
    if (stop.stop_requested()) throw core::Error(core::ErrorCode::cancelled, "the service stops");
  }
};

}  // namespace

void Shards::run_merging(std::stop_token stop) {
  core::give_way();
  while (!stop.stop_requested()) {
    bool failed = false;
    try {
      if (merge_some(stop)) continue;
    } catch (const core::Error& error) {
      failed = error.code() != core::ErrorCode::cancelled;
      if (failed && on_problem_) on_problem_(error);
    }
    std::unique_lock lock(mutex_);
    if (!merge_wanted_ || failed) {
      merging_idle_ = true;
      merging_changed_.notify_all();
    }
    if (failed) merging_changed_.wait_for(lock, stop, kAfterProblem, [] { return false; });
    merging_changed_.wait(lock, stop, [&] { return merge_wanted_; });
    merge_wanted_ = false;
  }
}

void Shards::wait_until_merged() {
  std::unique_lock lock(mutex_);
  merging_changed_.wait(lock, [&] { return merging_idle_ && !merge_wanted_; });
}

// False when there is nothing to merge, or it changed too much while being merged.
bool Shards::merge_some(const std::stop_token& stop) {
  try {
    const auto merge = begin_merge();
    if (!merge) return false;
    try {
      compact(*merge, stop);
      finish_merge(merge->name);
    } catch (const Xapian::DatabaseModifiedError&) {
      give_up_merge(merge->name);
      return false;
    } catch (const Xapian::Error&) {
      give_up_merge(merge->name);
      throw;
    } catch (const std::exception&) {
      give_up_merge(merge->name);
      throw;
    }
    return true;
  } catch (const Xapian::Error& error) {
    throw translated(error);
  }
}

// The newest shards are left out: documents still come and change there.
std::optional<std::size_t> Shards::neighbours_alike() const {
  const std::size_t newest = 2 * threads_;
  for (std::size_t begin = 0; begin + kMergeAt + newest <= shards_.size(); ++begin) {
    const auto first = shards_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (std::all_of(first, first + kMergeAt,
                    [&](const ShardRange& shard) { return tier_of(shard.documents) == tier_of(first->documents); })) {
      return begin;
    }
  }
  return std::nullopt;
}

std::optional<Shards::Merge> Shards::begin_merge() {
  const std::lock_guard lock(changing_);
  const auto begin = neighbours_alike();
  if (!begin) return std::nullopt;
  const auto first = shards_.begin() + static_cast<std::ptrdiff_t>(*begin);
  merge_ = Merge{{first, first + kMergeAt}, new_name(), {}};
  return merge_;
}

void Shards::compact(const Merge& merge, const std::stop_token& stop) const {
  // The sources may be written meanwhile: what is read is their last commit, and finish_merge makes up for later ones.
  Xapian::Database sources;
  for (const ShardRange& source : merge.sources) {
    sources.add_database(Xapian::Database((directory_ / source.name).string()));
  }
  Stoppable compactor(stop);
  sources.compact((directory_ / merge.name).string(), Xapian::DBCOMPACT_NO_RENUMBER, 0, compactor);
  sync_files(merge.name);
}

// What was changed in the sources since they were read; `at` is where they begin in the list.
void Shards::carry_over(const Merge& merge, std::size_t at) {
  if (merge.changed.empty()) return;
  Xapian::WritableDatabase merged((directory_ / merge.name).string(), Xapian::DB_OPEN);
  for (std::size_t i = at; i < at + kMergeAt; ++i) {
    const Xapian::Database source((directory_ / shards_[i].name).string());
    const auto end = i + 1 < shards_.size() ? merge.changed.lower_bound(shards_[i + 1].first) : merge.changed.end();
    for (auto id = merge.changed.lower_bound(shards_[i].first); id != end; ++id) {
      try {
        merged.replace_document(*id, source.get_document(*id));
      } catch (const Xapian::DocNotFoundError&) {
        // Taken out meanwhile, or never in: then it must not be in the merged one either.
        try {
          merged.delete_document(*id);
        } catch (const Xapian::DocNotFoundError&) {
          continue;
        }
      }
    }
  }
  merged.commit();
  sync(merge.name);
}

void Shards::finish_merge(const std::string& name) {
  const std::lock_guard lock(changing_);
  // Unless everything was replaced meanwhile.
  if (merge_ && merge_->name == name) {
    const Merge merge = *merge_;
    const auto first = std::find_if(shards_.begin(), shards_.end(),
                                    [&](const ShardRange& shard) { return shard.name == merge.sources.front().name; });
    const auto at = first - shards_.begin();
    carry_over(merge, static_cast<std::size_t>(at));
    auto shards = shards_;
    const Xapian::doccount documents = Xapian::Database((directory_ / merge.name).string()).get_doccount();
    shards[static_cast<std::size_t>(at)] = {merge.name, first->first, documents, ++generations_};
    shards.erase(shards.begin() + at + 1, shards.begin() + at + kMergeAt);
    write_list(shards);
    for (const ShardRange& source : merge.sources) close(source.name);
    merge_.reset();
    publish();
  }
  remove_unlisted();
}

void Shards::give_up_merge(const std::string& name) {
  const std::lock_guard lock(changing_);
  if (merge_ && merge_->name == name) merge_.reset();
  remove_unlisted();
}

}  // namespace muniment::index
