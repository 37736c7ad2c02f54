// Databases to read from, each used by one thread at a time.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <xapian.h>

#include "index/internal/shards.h"
#include "index/internal/stems.h"

namespace muniment::index {

struct Reader {
  std::uint64_t generation = 0;
  Xapian::Database database;  // all shards as one
  std::size_t shards = 0;
  Stems stems;
  struct Part {
    ShardRange shard;
    Xapian::Database database;
  };
  std::vector<Part> parts;

  explicit Reader(const std::vector<std::string>& languages) : stems(languages) {}

  // Xapian numbers the documents of several databases by turns; these are the catalogue's numbers.
  std::int64_t document_id(Xapian::docid merged) const { return static_cast<std::int64_t>((merged - 1) / shards + 1); }
  // And back, for a document that may be there.
  Xapian::docid merged_id(std::int64_t document_id) const;
  // The place in `parts` of the one that a document belongs to.
  std::size_t part_of(std::int64_t document_id) const;
};

class Readers {
 public:
  Readers(const Shards& shards, std::vector<std::string> languages);

  // Calls `use(Reader&)` with the newest state; again, when the index changed too fast meanwhile.
  template <typename Use>
  auto with(Use use) {
    for (int attempt = 0;; ++attempt) {
      std::unique_ptr<Reader> reader;
      try {
        reader = take(attempt > 0);
        auto result = use(*reader);
        give_back(std::move(reader));
        return result;
      } catch (const Xapian::DatabaseError&) {
        // Written twice since it was opened, or merged away before it was.
        if (attempt >= 4) throw;
      }
    }
  }

 private:
  std::unique_ptr<Reader> take(bool fresh);
  void give_back(std::unique_ptr<Reader> reader);

  const Shards& shards_;
  const std::vector<std::string> languages_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace muniment::index
