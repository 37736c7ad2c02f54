// The index on disk: Xapian databases that each hold a range of document identifiers, and a list of them.
//
// DATA/index/shards names them in order: "NAME FIRST" a line, FIRST being the lowest identifier that belongs to it; the
// range ends before the next one's. A document is in exactly one, under its own identifier. New documents go to the
// last; a bulk load makes new shards, written side by side, and neighbours of like size are merged by Xapian's
// compactor, on a thread of its own, as is what a destroyed document was in. Small databases are written much faster
// than large ones (docs/search.md).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <xapian.h>

#include "core/error.h"

namespace muniment::index {

struct ShardRange {
  std::string name;                // of the directory
  Xapian::docid first = 1;         // lowest identifier that belongs here
  Xapian::doccount documents = 0;  // as of the last commit
  std::uint64_t generation = 0;    // another after every commit, as long as the Shards live
};

// `apply` and `replace_with` are for one thread at a time; `layout` may be asked from any.
class Shards {
 public:
  // What goes wrong while merging: nothing is lost by it, and it is tried again later.
  using OnProblem = std::function<void(const core::Error&)>;

  // Opens what is there. Nothing there, another schema, or a list that cannot be read: begins anew, and `is_new` is
  // true.
  Shards(std::filesystem::path directory, std::size_t threads, OnProblem on_problem = {});
  // Ends a merge under way.
  ~Shards();

  bool is_new() const { return is_new_; }  // until replace_with

  // A document to write (built by the thread that writes it), or to take out.
  struct Change {
    Xapian::docid id = 0;
    bool remove = false;
  };
  // Makes the document of a change; called on several threads, each with its own number below `threads`.
  using Build = std::function<Xapian::Document(std::size_t change, std::size_t thread)>;
  // Writes all changes and makes them durable before it returns. Identifiers are unique within one call.
  void apply(const std::vector<Change>& changes, const Build& build);

  // Writes anew the shards whose ranges these documents belong to, which were taken out before, so that none of their
  // words is left in the files, bounds of values included. Returns when that is durable; from any thread but the one
  // that applies. Where somebody goes on writing, `apply` waits in the end until it is done. Errors: those of merging;
  // Error(conflict) when one of them is there again.
  void rewrite_without(const std::vector<Xapian::docid>& taken_out);

  // What Xapian's own check says of the files, in words; empty: nothing. Reads all of them, from any thread; `apply`
  // waits while one of them is read.
  std::vector<std::string> damage();

  // Takes over what `other` holds, on the same file system, in place of everything here, in one step: a crash leaves
  // the one or the other. Readers go on with what they have opened.
  void replace_with(std::unique_ptr<Shards> other);

  // Changes with every commit and every change of the list.
  struct Layout {
    std::uint64_t generation = 0;
    std::vector<ShardRange> shards;
  };
  Layout layout() const;
  const std::filesystem::path& directory() const { return directory_; }

  // Blocks until no neighbours are left to merge, or until merging rests because what it merged was written to
  // meanwhile, or had a problem: then some are left. For tests and measurements.
  void wait_until_merged();

 private:
  struct Open;
  struct WritingHeld;
  struct Merge {
    std::vector<ShardRange> sources;
    std::string name;
    std::set<Xapian::docid> changed;       // in the sources since the merge began
    std::vector<Xapian::docid> taken_out;  // nothing of these may be left; then there is one source
  };

  void begin_anew();
  void read_list();
  void write_list(const std::vector<ShardRange>& shards);
  void publish();
  Xapian::WritableDatabase& writable(const std::string& name);
  void close(const std::string& name);
  std::string new_name();
  std::size_t shard_of(Xapian::docid id) const;
  void apply_in_place(const std::vector<Change>& changes, const std::vector<std::size_t>& which, const Build& build);
  void append_in_parallel(const std::vector<Change>& changes, const std::vector<std::size_t>& which,
                          const Build& build);
  void remove_unlisted();
  void sync(const std::string& name) const;
  void sync_files(const std::string& name) const;
  std::optional<std::string> damage_of(const std::string& shard) const;

  // shard_merging.cpp
  void run_merging(std::stop_token stop);
  enum class Merged { nothing, some, overtaken };  // the last: what was merged was written to too often meanwhile
  Merged merge_some(const std::stop_token& stop);
  std::optional<std::pair<std::size_t, std::size_t>> neighbours_alike() const;
  std::optional<Merge> begin_merge();
  std::optional<Merge> begin_rewriting();
  void wait_while_held();
  void end_rewriting(const std::vector<Xapian::docid>& done, const std::optional<core::Error>& problem);
  void compact(const Merge& merge, const std::stop_token& stop) const;
  void compact_into(const Xapian::Database& sources, const std::string& name, const std::stop_token& stop) const;
  void make_sure_nothing_is_left(const Merge& merge, const std::stop_token& stop) const;
  void carry_over(const Merge& merge, std::size_t at);
  bool finish_merge(const std::string& name);
  void give_up_merge(const std::string& name);

  const std::filesystem::path directory_;
  const std::size_t threads_;
  const OnProblem on_problem_;
  std::atomic<bool> is_new_ = false;

  // Held while the list or a listed shard is changed; `merge_` and all up to it belong to it. Never while merging.
  std::mutex changing_;
  std::vector<ShardRange> shards_;
  std::vector<std::unique_ptr<Open>> open_;
  std::uint64_t next_name_ = 1;
  std::uint64_t generations_ = 0;
  std::optional<Merge> merge_;

  mutable std::mutex mutex_;  // of what follows
  Layout layout_;
  std::condition_variable_any merging_changed_;
  bool merge_wanted_ = true;
  bool merging_idle_ = false;
  std::set<Xapian::docid> to_rewrite_;  // whose shards are to be written anew
  std::optional<core::Error> rewriting_problem_;
  int writing_held_ = 0;  // by how many
  int overtaken_ = 0;     // the merging thread's: how often in a row a shard was written while it was written anew
  std::jthread merging_;
};

}  // namespace muniment::index
