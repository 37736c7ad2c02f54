// The index on disk: Xapian databases that each hold a range of document identifiers, and a list of them.
//
// DATA/index/shards names them in order: "NAME FIRST" a line, FIRST being the lowest identifier that belongs to it; the
// range ends before the next one's. A document is in exactly one, under its own identifier. New documents go to the
// last; a bulk load makes new shards, written side by side, and neighbours of like size are merged by Xapian's
// compactor. Small databases are written much faster than large ones (docs/search.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <xapian.h>

namespace muniment::index {

struct ShardRange {
  std::string name;         // of the directory
  Xapian::docid first = 1;  // lowest identifier that belongs here
};

// One thread writes; `layout` may be asked from any.
class Shards {
 public:
  // Opens what is there. Nothing there, another schema, or a list that cannot be read: begins anew, and `is_new` is
  // true.
  Shards(std::filesystem::path directory, std::size_t threads);
  ~Shards();

  bool is_new() const { return is_new_; }

  // A document to write (built by the thread that writes it), or to take out.
  struct Change {
    Xapian::docid id = 0;
    bool remove = false;
  };
  // Makes the document of a change; called on several threads, each with its own number below `threads`.
  using Build = std::function<Xapian::Document(std::size_t change, std::size_t thread)>;
  // Writes all changes and makes them durable before it returns. Identifiers are unique within one call.
  void apply(const std::vector<Change>& changes, const Build& build);

  // Changes with every commit and every change of the list.
  struct Layout {
    std::uint64_t generation = 0;
    std::vector<ShardRange> shards;
  };
  Layout layout() const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  struct Open;
  void begin_anew();
  void read_list();
  void write_list(const std::vector<ShardRange>& shards);
  void publish();
  Xapian::WritableDatabase& writable(const std::string& name);
  std::string new_name();
  std::size_t shard_of(Xapian::docid id) const;
  void apply_in_place(const std::vector<Change>& changes, const std::vector<std::size_t>& which, const Build& build);
  void append_in_parallel(const std::vector<Change>& changes, const std::vector<std::size_t>& which,
                          const Build& build);
  void merge_neighbours();
  void remove_unlisted();
  void sync(const std::string& name) const;
  void sync_files(const std::string& name) const;

  std::filesystem::path directory_;
  std::size_t threads_;
  bool is_new_ = false;
  std::vector<ShardRange> shards_;
  std::vector<std::unique_ptr<Open>> open_;
  std::uint64_t next_name_ = 1;

  mutable std::mutex mutex_;
  Layout layout_;
};

}  // namespace muniment::index
