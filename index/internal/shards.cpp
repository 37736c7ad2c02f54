#include "index/internal/shards.h"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <unistd.h>

#include "core/error.h"
#include "core/files.h"
#include "core/priority.h"
#include "core/text.h"
#include "index/internal/errors.h"
#include "index/terms.h"

namespace muniment::index {

namespace fs = std::filesystem;

namespace {

constexpr char kList[] = "shards";
// Documents between two commits of a shard that is in use: each is synced.
constexpr int kCommitEvery = 1000;
// Documents between two flushes of a shard that nobody reads yet, and that is synced once at its end. Small flushes
// keep Xapian's in-memory inverter in the processor's cache: 100 took 0.6 of the processor time of 1000.
constexpr int kFlushEvery = 100;
// So many new documents at once are worth shards of their own.
constexpr std::size_t kBulk = 1000;
// The last shard takes single documents up to this size.
constexpr Xapian::doccount kFullShard = 20'000;
constexpr std::size_t kMostOpen = 4;

}  // namespace

struct Shards::Open {
  std::string name;
  Xapian::WritableDatabase database;
};

Shards::Shards(fs::path directory, std::size_t threads, OnProblem on_problem)
    : directory_(std::move(directory)),
      threads_(std::max<std::size_t>(1, threads)),
      on_problem_(std::move(on_problem)) {
  core::create_directories_durably(directory_);
  try {
    read_list();
    for (ShardRange& shard : shards_) {
      shard.documents = Xapian::Database((directory_ / shard.name).string()).get_doccount();
      shard.generation = ++generations_;
      next_name_ = std::max(next_name_, static_cast<std::uint64_t>(core::parse_integer(shard.name).value_or(0)) + 1);
    }
  } catch (const Xapian::Error&) {
    // A shard that cannot be opened: everything in the index can be made again from the catalogue.
    shards_.clear();
  }
  if (shards_.empty()) begin_anew();
  remove_unlisted();
  publish();
  merging_ = std::jthread([this](const std::stop_token& stop) { run_merging(stop); });
}

Shards::~Shards() = default;

void Shards::begin_anew() {
  is_new_ = true;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory_)) fs::remove_all(entry.path(), ignored);
  next_name_ = 1;
  const ShardRange first{new_name(), 1, 0, ++generations_};
  writable(first.name).commit();
  sync(first.name);
  write_list({first});
}

void Shards::read_list() {
  if (!fs::exists(directory_ / kList)) return;
  const std::string text = core::read_file(directory_ / kList, 1024 * 1024);
  const auto lines = core::split(text, '\n');
  if (lines.front() != "schema " + std::to_string(kSchemaVersion)) return;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto parts = core::split(lines[i], ' ');
    const auto first = parts.size() == 2 ? core::parse_integer(parts[1]) : std::nullopt;
    if (!first) continue;
    shards_.push_back({std::string(parts[0]), static_cast<Xapian::docid>(*first), 0, 0});
  }
}

void Shards::write_list(const std::vector<ShardRange>& shards) {
  std::string text = "schema " + std::to_string(kSchemaVersion) + "\n";
  for (const ShardRange& shard : shards) text += shard.name + " " + std::to_string(shard.first) + "\n";
  core::write_durably(directory_ / kList, text);
  shards_ = shards;
}

void Shards::publish() {
  {
    const std::lock_guard lock(mutex_);
    layout_.generation = ++generations_;
    layout_.shards = shards_;
    merge_wanted_ = true;
    merging_idle_ = false;
  }
  merging_changed_.notify_all();
}

Shards::Layout Shards::layout() const {
  const std::lock_guard lock(mutex_);
  return layout_;
}

std::string Shards::new_name() {
  return std::to_string(next_name_++);
}

Xapian::WritableDatabase& Shards::writable(const std::string& name) {
  for (auto& open : open_) {
    if (open->name == name) return open->database;
  }
  if (open_.size() >= kMostOpen) open_.erase(open_.begin());
  open_.push_back(std::make_unique<Open>(
      Open{name, Xapian::WritableDatabase((directory_ / name).string(), Xapian::DB_CREATE_OR_OPEN)}));
  return open_.back()->database;
}

void Shards::close(const std::string& name) {
  std::erase_if(open_, [&](const auto& open) { return open->name == name; });
}

std::size_t Shards::shard_of(Xapian::docid id) const {
  std::size_t found = 0;
  while (found + 1 < shards_.size() && shards_[found + 1].first <= id) ++found;
  return found;
}

// Xapian syncs its files but not the directory, so that its newest commit may be lost with the power.
void Shards::sync(const std::string& name) const {
  core::sync_directory(directory_ / name);
}

// What was written without Xapian's own syncing, because nobody reads it before it is listed.
void Shards::sync_files(const std::string& name) const {
  for (const auto& entry : fs::directory_iterator(directory_ / name)) {
    const core::FileDescriptor file = core::open_for_reading(entry.path());
    if (::fsync(file.get()) != 0) throw core::system_error("make the search index durable", errno);
  }
  sync(name);
}

void Shards::apply(const std::vector<Change>& changes, const Build& build) {
  wait_while_held();
  const std::lock_guard lock(changing_);
  try {
    const Xapian::docid last_known = [&] {
      const ShardRange& last = shards_.back();
      return std::max<Xapian::docid>(last.first - 1, writable(last.name).get_lastdocid());
    }();
    std::vector<std::size_t> in_place, appended;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      (changes[i].id > last_known && !changes[i].remove ? appended : in_place).push_back(i);
    }
    const auto by_id = [&](std::size_t a, std::size_t b) { return changes[a].id < changes[b].id; };
    std::sort(in_place.begin(), in_place.end(), by_id);
    std::sort(appended.begin(), appended.end(), by_id);
    if (appended.size() < kBulk) {
      // A full shard is left as it is; the next one begins with the first new document.
      if (!appended.empty() && writable(shards_.back().name).get_doccount() >= kFullShard) {
        auto shards = shards_;
        shards.push_back({new_name(), changes[appended.front()].id, 0, ++generations_});
        writable(shards.back().name).commit();
        sync(shards.back().name);
        write_list(shards);
      }
      in_place.insert(in_place.end(), appended.begin(), appended.end());
      appended.clear();
    }
    apply_in_place(changes, in_place, build);
    append_in_parallel(changes, appended, build);
    publish();
  } catch (const Xapian::Error& error) {
    open_.clear();
    throw translated(error);
  }
}

void Shards::apply_in_place(const std::vector<Change>& changes, const std::vector<std::size_t>& which,
                            const Build& build) {
  for (std::size_t i = 0; i < which.size();) {
    const std::size_t shard = shard_of(changes[which[i]].id);
    Xapian::WritableDatabase& database = writable(shards_[shard].name);
    int since_commit = 0;
    for (; i < which.size() && shard_of(changes[which[i]].id) == shard; ++i) {
      const Change& change = changes[which[i]];
      if (merge_) merge_->changed.insert(change.id);
      if (!change.remove) {
        database.replace_document(change.id, build(which[i], 0));
      } else {
        try {
          database.delete_document(change.id);
        } catch (const Xapian::DocNotFoundError&) {
          // It never came into the index, or is out of it already: that is what was asked for.
        }
      }
      if (++since_commit % kCommitEvery == 0) database.commit();
    }
    database.commit();
    sync(shards_[shard].name);
    shards_[shard].documents = database.get_doccount();
    shards_[shard].generation = ++generations_;
  }
}

void Shards::append_in_parallel(const std::vector<Change>& changes, const std::vector<std::size_t>& which,
                                const Build& build) {
  if (which.empty()) return;
  auto shards = shards_;
  const std::size_t parts = std::min(threads_, std::max<std::size_t>(1, which.size() / (kBulk / 2)));
  std::vector<std::thread> workers;
  std::vector<std::exception_ptr> failures(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = which.size() * part / parts;
    const std::size_t end = which.size() * (part + 1) / parts;
    shards.push_back(
        {new_name(), changes[which[begin]].id, static_cast<Xapian::doccount>(end - begin), ++generations_});
    workers.emplace_back([&, part, begin, end, name = shards.back().name] {
      core::give_way();
      try {
        Xapian::WritableDatabase database((directory_ / name).string(),
                                          Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
        int since_flush = 0;
        for (std::size_t i = begin; i < end; ++i) {
          database.replace_document(changes[which[i]].id, build(which[i], part));
          if (++since_flush % kFlushEvery == 0) database.commit();
        }
        database.commit();
        database.close();
        sync_files(name);
      } catch (const Xapian::Error& error) {  // no std::exception
        failures[part] = std::make_exception_ptr(translated(error));
      } catch (const std::exception&) {
        failures[part] = std::current_exception();
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  write_list(shards);
}

std::optional<std::string> Shards::damage_of(const std::string& shard) const {
  const std::string name = "the search index's part " + shard;
  try {
    const std::size_t errors = Xapian::Database::check((directory_ / shard).string());
    if (errors == 0) return std::nullopt;
    return name + " is damaged in " + std::to_string(errors) + " places";
  } catch (const Xapian::Error& error) {
    return name + " cannot be read: " + error.get_msg();
  }
}

std::vector<std::string> Shards::damage() {
  std::vector<std::string> found;
  std::set<std::string> looked_at;
  for (;;) {
    // Xapian 1.4's check empties the files of what had no document when it began to look, whoever writes into them by
    // then. So nothing is written meanwhile, one part at a time, and what has no document is not looked at.
    const std::lock_guard lock(changing_);
    const auto next = std::ranges::find_if(
        shards_, [&](const ShardRange& shard) { return shard.documents > 0 && !looked_at.contains(shard.name); });
    if (next == shards_.end()) return found;
    looked_at.insert(next->name);
    if (auto damage = damage_of(next->name)) found.push_back(std::move(*damage));
  }
}

void Shards::replace_with(std::unique_ptr<Shards> other) {
  const fs::path from = other->directory_;
  std::vector<ShardRange> taken = other->shards_;
  other.reset();
  wait_while_held();
  const std::lock_guard lock(changing_);
  for (ShardRange& shard : taken) {
    const std::string name = new_name();
    std::error_code failed;
    fs::rename(from / shard.name, directory_ / name, failed);
    if (failed) throw core::system_error("take over a part of the search index", failed.value());
    shard.name = name;
    shard.generation = ++generations_;
  }
  core::sync_directory(directory_);
  write_list(taken);
  open_.clear();
  merge_.reset();
  is_new_ = false;
  publish();
  remove_unlisted();
  std::error_code ignored;
  fs::remove_all(from, ignored);
}

void Shards::remove_unlisted() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    const bool listed =
        (merge_ && merge_->name == name) ||
        std::any_of(shards_.begin(), shards_.end(), [&](const auto& shard) { return shard.name == name; });
    if (!listed && name != kList && entry.is_directory()) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace muniment::index
