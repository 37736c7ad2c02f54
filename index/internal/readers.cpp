#include "index/internal/readers.h"

namespace muniment::index {

namespace {

constexpr std::size_t kMostIdle = 32;

}  // namespace

Readers::Readers(const Shards& shards, std::vector<std::string> languages)
    : shards_(shards), languages_(std::move(languages)) {}

std::unique_ptr<Reader> Readers::take() {
  const Shards::Layout layout = shards_.layout();
  std::unique_ptr<Reader> reader;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) reader = std::make_unique<Reader>(languages_);
  if (reader->generation == layout.generation) return reader;
  Xapian::Database database;
  for (const ShardRange& shard : layout.shards) {
    database.add_database(Xapian::Database((shards_.directory() / shard.name).string()));
  }
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
