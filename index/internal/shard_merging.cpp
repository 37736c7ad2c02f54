// How neighbouring shards become one, and how a shard is rid of what was taken out of it, beside everything that goes
// on: the other half of shards.h.
#include <algorithm>
#include <chrono>

#include "core/clock.h"
#include "core/error.h"
#include "core/files.h"
#include "core/priority.h"
#include "index/internal/errors.h"
#include "index/internal/shards.h"
#include "index/terms.h"

namespace muniment::index {

namespace fs = std::filesystem;

namespace {

// So many neighbours of like size become one. Each large one costs every search as much as the others do, so there are
// fewer of them; the largest are not merged sooner for that, because a purge writes a whole one anew.
constexpr std::size_t kMergeAt = 8;
constexpr std::size_t kMergeLargeAt = 4;
constexpr Xapian::doccount kLarge = 16'000;
constexpr Xapian::doccount kLargest = 8 * kLarge;
constexpr std::chrono::seconds kAfterProblem{60};
constexpr int kRestAfterOvertaken = 4;  // times as long as what was done for nothing took
// What is always being written to would never be written anew: after so many attempts beside it, writing waits.
constexpr int kOvertakenAtMost = 3;

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

// Xapian never tightens the bounds that it keeps of a slot's values: one may be the value of a document that is gone.
bool has_stale_bounds(const Xapian::Database& database, Xapian::valueno slot) {
  const std::string lower = database.get_value_lower_bound(slot), upper = database.get_value_upper_bound(slot);
  bool lower_is_there = lower.empty(), upper_is_there = upper.empty();
  for (auto value = database.valuestream_begin(slot); value != database.valuestream_end(slot); ++value) {
    lower_is_there = lower_is_there || *value == lower;
    upper_is_there = upper_is_there || *value == upper;
    if (lower_is_there && upper_is_there) return false;
  }
  return !lower_is_there || !upper_is_there;
}

// It forgets them with the last value, and learns them anew.
void renew_bounds(Xapian::WritableDatabase& database, Xapian::valueno slot) {
  std::vector<std::pair<Xapian::docid, std::string>> values;
  for (auto value = database.valuestream_begin(slot); value != database.valuestream_end(slot); ++value) {
    values.emplace_back(value.get_docid(), *value);
  }
  for (const bool again : {false, true}) {
    for (const auto& [id, value] : values) {
      Xapian::Document document = database.get_document(id);
      document.add_value(slot, again ? value : "");
      database.replace_document(id, document);
    }
    database.commit();
  }
}

constexpr Xapian::valueno kSlots[] = {slot::kCreated, slot::kAdded, slot::kTitle, slot::kFacets, slot::kPages};

}  // namespace

// While it lives nothing is written. A lock alone would not do: who writes all the time takes it again before others.
struct Shards::WritingHeld {
  Shards& shards;
  explicit WritingHeld(Shards& held) : shards(held) {
    hold(1);
    const std::lock_guard what_is_under_way_ends(shards.changing_);
  }
  ~WritingHeld() { hold(-1); }
  WritingHeld(const WritingHeld&) = delete;
  WritingHeld& operator=(const WritingHeld&) = delete;

 private:
  void hold(int more) {
    {
      const std::lock_guard lock(shards.mutex_);
      shards.writing_held_ += more;
    }
    shards.merging_changed_.notify_all();
  }
};

void Shards::wait_while_held() {
  std::unique_lock lock(mutex_);
  merging_changed_.wait(lock, [&] { return writing_held_ == 0; });
}

void Shards::run_merging(std::stop_token stop) {
  core::give_way();
  while (!stop.stop_requested()) {
    std::chrono::microseconds pause{0};
    try {
      const core::Stopwatch watch;
      const Merged merged = merge_some(stop);
      if (merged == Merged::some) continue;
      // What is often written to is not merged again and again for nothing.
      if (merged == Merged::overtaken) pause = kRestAfterOvertaken * watch.elapsed();
    } catch (const core::Error& error) {
      if (error.code() != core::ErrorCode::cancelled) {
        pause = kAfterProblem;
        if (on_problem_) on_problem_(error);
      }
    }
    std::unique_lock lock(mutex_);
    if (!to_rewrite_.empty()) continue;
    if (!merge_wanted_ || pause.count() > 0) {
      merging_idle_ = true;
      merging_changed_.notify_all();
    }
    if (pause.count() > 0) merging_changed_.wait_for(lock, stop, pause, [&] { return !to_rewrite_.empty(); });
    merging_changed_.wait(lock, stop, [&] { return merge_wanted_ || !to_rewrite_.empty(); });
    merge_wanted_ = false;
  }
}

void Shards::wait_until_merged() {
  std::unique_lock lock(mutex_);
  merging_changed_.wait(lock, [&] { return merging_idle_ && !merge_wanted_; });
}

Shards::Merged Shards::merge_some(const std::stop_token& stop) {
  std::vector<Xapian::docid> taken_out;
  std::optional<WritingHeld> held;
  if (overtaken_ >= kOvertakenAtMost) held.emplace(*this);
  try {
    auto merge = begin_rewriting();
    if (merge) taken_out = merge->taken_out;
    if (!merge) merge = begin_merge();
    if (!merge) return Merged::nothing;
    try {
      compact(*merge, stop);
      const bool finished = finish_merge(merge->name);
      if (finished) end_rewriting(taken_out, std::nullopt);
    } catch (const Xapian::DatabaseModifiedError&) {
      give_up_merge(merge->name);
      if (taken_out.empty()) return Merged::overtaken;
      ++overtaken_;
      return Merged::nothing;
    } catch (const Xapian::Error&) {
      give_up_merge(merge->name);
      throw;
    } catch (const std::exception&) {
      give_up_merge(merge->name);
      throw;
    }
    return Merged::some;
  } catch (const Xapian::Error& error) {
    const core::Error problem = translated(error);
    if (!taken_out.empty()) end_rewriting(taken_out, problem);
    throw problem;
  } catch (const core::Error& error) {
    if (!taken_out.empty()) end_rewriting(taken_out, error);
    throw;
  }
}

void Shards::rewrite_without(const std::vector<Xapian::docid>& taken_out) {
  std::unique_lock lock(mutex_);
  to_rewrite_.insert(taken_out.begin(), taken_out.end());
  merging_idle_ = false;
  merging_changed_.notify_all();
  merging_changed_.wait(lock, [&] {
    return rewriting_problem_ ||
           std::ranges::none_of(taken_out, [&](Xapian::docid id) { return to_rewrite_.contains(id); });
  });
  if (rewriting_problem_) throw *std::exchange(rewriting_problem_, std::nullopt);
}

std::optional<Shards::Merge> Shards::begin_rewriting() {
  const WritingHeld held(*this);
  const std::lock_guard changing(changing_);
  const std::lock_guard lock(mutex_);
  if (to_rewrite_.empty()) return std::nullopt;
  const std::size_t shard = shard_of(*to_rewrite_.begin());
  Merge rewriting{{shards_[shard]}, new_name(), {}, {}};
  for (const Xapian::docid id : to_rewrite_) {
    if (shard_of(id) == shard) rewriting.taken_out.push_back(id);
  }
  merge_ = rewriting;
  return merge_;
}

void Shards::end_rewriting(const std::vector<Xapian::docid>& done, const std::optional<core::Error>& problem) {
  overtaken_ = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const Xapian::docid id : done) to_rewrite_.erase(id);
    if (problem) {
      to_rewrite_.clear();
      rewriting_problem_ = problem;
    }
  }
  merging_changed_.notify_all();
}

// Where neighbours begin that are to become one, and how many. The newest shards are left out: documents still come and
// change there. Of large ones these are two: the last, and the one that was full before it.
std::optional<std::pair<std::size_t, std::size_t>> Shards::neighbours_alike() const {
  for (std::size_t begin = 0; begin < shards_.size(); ++begin) {
    const auto first = shards_.begin() + static_cast<std::ptrdiff_t>(begin);
    const bool large = first->documents >= kLarge && first->documents < kLargest;
    const std::size_t count = large ? kMergeLargeAt : kMergeAt;
    const std::size_t newest = large ? 2 : 2 * threads_;
    if (begin + count + newest > shards_.size()) continue;
    if (std::all_of(first, first + static_cast<std::ptrdiff_t>(count),
                    [&](const ShardRange& shard) { return tier_of(shard.documents) == tier_of(first->documents); })) {
      return std::pair(begin, count);
    }
  }
  return std::nullopt;
}

std::optional<Shards::Merge> Shards::begin_merge() {
  const WritingHeld held(*this);
  const std::lock_guard lock(changing_);
  const auto found = neighbours_alike();
  if (!found) return std::nullopt;
  const auto first = shards_.begin() + static_cast<std::ptrdiff_t>(found->first);
  merge_ = Merge{{first, first + static_cast<std::ptrdiff_t>(found->second)}, new_name(), {}, {}};
  return merge_;
}

void Shards::compact(const Merge& merge, const std::stop_token& stop) const {
  // The sources may be written meanwhile: what is read is their last commit, and finish_merge makes up for later ones.
  Xapian::Database sources;
  for (const ShardRange& source : merge.sources) {
    sources.add_database(Xapian::Database((directory_ / source.name).string()));
  }
  compact_into(sources, merge.name, stop);
  if (!merge.taken_out.empty()) make_sure_nothing_is_left(merge, stop);
}

void Shards::compact_into(const Xapian::Database& sources, const std::string& name, const std::stop_token& stop) const {
  Stoppable compactor(stop);
  // Xapian's own method does not change the sources, and lacks the const.
  Xapian::Database(sources).compact((directory_ / name).string(), Xapian::DBCOMPACT_NO_RENUMBER, 0, compactor);
  sync_files(name);
}

// What is compacted holds what is in the index and nothing else, but for the bounds of the values.
void Shards::make_sure_nothing_is_left(const Merge& merge, const std::stop_token& stop) const {
  std::vector<Xapian::valueno> stale;
  {
    const Xapian::Database written((directory_ / merge.name).string());
    for (const Xapian::docid id : merge.taken_out) {
      auto posting = written.postlist_begin("");
      posting.skip_to(id);
      if (posting != written.postlist_end("") && *posting == id) {
        throw core::Error(core::ErrorCode::conflict,
                          "document " + std::to_string(id) + " is still in the index, and cannot be purged from it");
      }
    }
    for (const Xapian::valueno slot : kSlots) {
      if (has_stale_bounds(written, slot)) stale.push_back(slot);
    }
  }
  if (stale.empty()) return;
  const std::string renewed = merge.name + ".bounds";
  std::error_code problem;
  fs::rename(directory_ / merge.name, directory_ / renewed, problem);
  if (problem) throw core::system_error("cannot rename a part of the index", problem.value());
  Xapian::WritableDatabase database((directory_ / renewed).string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
  for (const Xapian::valueno slot : stale) renew_bounds(database, slot);
  compact_into(database, merge.name, stop);
}

// What was changed in the sources since they were read; `at` is where they begin in the list.
void Shards::carry_over(const Merge& merge, std::size_t at) {
  if (merge.changed.empty()) return;
  Xapian::WritableDatabase merged((directory_ / merge.name).string(), Xapian::DB_OPEN);
  for (std::size_t i = at; i < at + merge.sources.size(); ++i) {
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

// False when everything was replaced meanwhile.
bool Shards::finish_merge(const std::string& name) {
  const WritingHeld held(*this);
  const std::lock_guard lock(changing_);
  const bool finished = merge_ && merge_->name == name;
  if (finished) {
    const Merge merge = *merge_;
    const auto first = std::find_if(shards_.begin(), shards_.end(),
                                    [&](const ShardRange& shard) { return shard.name == merge.sources.front().name; });
    const auto at = first - shards_.begin();
    carry_over(merge, static_cast<std::size_t>(at));
    auto shards = shards_;
    const Xapian::doccount documents = Xapian::Database((directory_ / merge.name).string()).get_doccount();
    shards[static_cast<std::size_t>(at)] = {merge.name, first->first, documents, ++generations_};
    shards.erase(shards.begin() + at + 1, shards.begin() + at + static_cast<std::ptrdiff_t>(merge.sources.size()));
    write_list(shards);
    for (const ShardRange& source : merge.sources) close(source.name);
    merge_.reset();
    publish();
  }
  remove_unlisted();
  return finished;
}

void Shards::give_up_merge(const std::string& name) {
  const WritingHeld held(*this);
  const std::lock_guard lock(changing_);
  if (merge_ && merge_->name == name) merge_.reset();
  remove_unlisted();
}

}  // namespace muniment::index
