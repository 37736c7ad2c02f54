#include "index/internal/facet_columns.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "core/clock.h"
#include "core/priority.h"
#include "core/text.h"

namespace muniment::index {

namespace {

// Some two million documents; what does not fit is read from its shard.
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
constexpr int kRest = 9;  // after one that was made anew, times as long as that took

}  // namespace

std::vector<FacetValue> facet_values(std::string_view line) {
  std::vector<FacetValue> values;
  std::size_t field = 0;
  for (const std::string_view part : core::split(line, kFacetSeparator)) {
    const auto which = static_cast<FacetField>(field++);
    if (which != FacetField::tag) {
      values.push_back({which, part});
      continue;
    }
    for (const std::string_view tag : core::split(part, kTagSeparator)) values.push_back({which, tag});
  }
  std::erase_if(values, [](const FacetValue& value) { return value.name.empty(); });
  return values;
}

FacetColumn::FacetColumn(const Xapian::Database& shard) {
  for (auto line = shard.valuestream_begin(slot::kFacets); line != shard.valuestream_end(slot::kFacets); ++line) {
    if (begins_.empty()) first_ = line.get_docid();
    // Documents that are gone leave gaps, in which nothing stands.
    begins_.resize(line.get_docid() - first_ + 1, static_cast<std::uint32_t>(all_.size()));
    const std::string text = *line;
    for (const auto& [field, name] : facet_values(text)) {
      auto& places = places_[static_cast<std::size_t>(field)];
      auto place = places.find(name);
      if (place == places.end()) {
        place = places.emplace(name, static_cast<std::uint32_t>(values_.size())).first;
        values_.push_back({field, place->first});
      }
      all_.push_back(place->second);
    }
  }
  begins_.push_back(static_cast<std::uint32_t>(all_.size()));
  begins_.shrink_to_fit();
  all_.shrink_to_fit();
}

std::span<const std::uint32_t> FacetColumn::of(Xapian::docid id) const {
  if (id < first_ || id - first_ + 1 >= begins_.size()) return {};
  const std::size_t at = id - first_;
  return std::span(all_).subspan(begins_[at], begins_[at + 1] - begins_[at]);
}

std::size_t FacetColumn::bytes() const {
  constexpr std::size_t kNode = 80;  // of a map, about
  const std::size_t names = std::accumulate(values_.begin(), values_.end(), std::size_t{0},
                                            [](std::size_t sum, const auto& value) { return sum + value.name.size(); });
  return (begins_.size() + all_.size()) * sizeof(std::uint32_t) + values_.size() * (sizeof(FacetValue) + kNode) + names;
}

FacetColumns::FacetColumns(std::filesystem::path shards)
    : shards_(std::move(shards)), making_([this](const std::stop_token& stop) { run(stop); }) {}

FacetColumns::Held FacetColumns::of(const Reader& reader) {
  Held held;
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    if (reader.generation > generation_) {
      generation_ = reader.generation;
      std::erase_if(entries_, [&](const auto& entry) {
        return std::ranges::none_of(reader.parts, [&](const auto& part) { return part.shard.name == entry.first; });
      });
    }
    for (const Reader::Part& part : reader.parts) {
      const Xapian::rev revision = part.database.get_revision();
      // A reader may be older than what others asked for.
      auto entry = entries_.find(part.shard.name);
      if (entry == entries_.end() && reader.generation == generation_) {
        entry = entries_.try_emplace(part.shard.name).first;
      }
      if (entry == entries_.end()) {
        held.emplace_back();
        continue;
      }
      held.push_back(entry->second.made == revision ? entry->second.column : nullptr);
      if (part.shard.documents == 0 || revision <= std::max(entry->second.wanted, entry->second.made)) continue;
      entry->second.wanted = revision;
      entry->second.documents = part.shard.documents;
      wanted = true;
    }
  }
  if (wanted) changed_.notify_all();
  return held;
}

void FacetColumns::wait_until_made() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return largest_wanted().empty(); });
}

// With the lock. Empty: none.
std::string FacetColumns::largest_wanted() const {
  std::string largest;
  Xapian::doccount documents = 0;
  for (const auto& [name, entry] : entries_) {
    if (entry.wanted <= entry.made || entry.documents <= documents) continue;
    largest = name;
    documents = entry.documents;
  }
  return largest;
}

std::size_t FacetColumns::bytes() const {
  return std::accumulate(entries_.begin(), entries_.end(), std::size_t{0}, [](std::size_t sum, const auto& entry) {
    return sum + (entry.second.column ? entry.second.column->bytes() : 0);
  });
}

void FacetColumns::run(const std::stop_token& stop) {
  core::give_way();
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !largest_wanted().empty(); }) && !stop.stop_requested()) {
    const std::string shard = largest_wanted();
    const Entry& entry = entries_.at(shard);
    const Xapian::rev wanted = entry.wanted, before = entry.made;
    lock.unlock();
    const core::Stopwatch watch;
    make(shard, wanted);
    lock.lock();
    if (before > 0) changed_.wait_for(lock, stop, kRest * watch.elapsed(), [] { return false; });
  }
}

void FacetColumns::make(const std::string& shard, Xapian::rev wanted) {
  Xapian::rev made = wanted;
  std::shared_ptr<const FacetColumn> column;
  try {
    const Xapian::Database database((shards_ / shard).string());
    column = std::make_shared<const FacetColumn>(database);
    made = database.get_revision();  // a later one, where it was written to since
  } catch (const Xapian::Error&) {
    // Merged away or written to meanwhile: the next question asks for what there is then. Damage is told to whoever
    // asks.
  }
  {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(shard);
    if (entry == entries_.end()) return;
    entry->second.column = nullptr;
    entry->second.made = made;
    if (column && bytes() + column->bytes() <= kMostBytes) entry->second.column = std::move(column);
  }
  changed_.notify_all();
}

}  // namespace muniment::index
