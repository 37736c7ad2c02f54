#include "index/internal/readers.h"

#include <algorithm>

namespace muniment::index {

namespace {

constexpr std::size_t kMostIdle = 32;

}  // namespace

std::size_t Reader::part_of(std::int64_t document_id) const {
  std::size_t part = 0;
  while (part + 1 < parts.size() && parts[part + 1].shard.first <= document_id) ++part;
  return part;
}

Xapian::docid Reader::merged_id(std::int64_t document_id) const {
  return static_cast<Xapian::docid>((static_cast<std::uint64_t>(document_id) - 1) * shards + part_of(document_id) + 1);
}

Readers::Readers(const Shards& shards, std::vector<std::string> languages)
    : shards_(shards), languages_(std::move(languages)) {}

std::unique_ptr<Reader> Readers::take(bool fresh) {
  const Shards::Layout layout = shards_.layout();
  std::unique_ptr<Reader> reader;
  if (!fresh) {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) reader = std::make_unique<Reader>(languages_);
  if (reader->generation == layout.generation) return reader;
  // During a bulk load the list changes every second: what stayed the same stays open.
  std::vector<Reader::Part> parts;
  Xapian::Database database;
  for (const ShardRange& shard : layout.shards) {
    const auto open = std::find_if(reader->parts.begin(), reader->parts.end(), [&](const Reader::Part& part) {
      return part.shard.name == shard.name && part.shard.generation == shard.generation;
    });
    parts.push_back({shard, open != reader->parts.end()
                                ? open->database
                                : Xapian::Database((shards_.directory() / shard.name).string())});
    database.add_database(parts.back().database);
  }
  reader->parts = std::move(parts);
  reader->database = database;
  reader->shards = layout.shards.size();
  reader->generation = layout.generation;
  return reader;
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(reader));
}

}  // namespace muniment::index
