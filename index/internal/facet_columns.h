// What documents are counted by, in memory: Xapian unpacks the values of one document at a time, and a question counts
// those of thousands.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <xapian.h>

#include "index/internal/readers.h"
#include "index/terms.h"

namespace muniment::index {

struct FacetValue {
  FacetField field;
  std::string_view name;
};

// What a line of slot::kFacets says, without what is empty.
std::vector<FacetValue> facet_values(std::string_view line);

// The lines of one shard as it was opened; it never changes.
class FacetColumn {
 public:
  // Reads them all. Throws what Xapian throws.
  explicit FacetColumn(const Xapian::Database& shard);
  FacetColumn(const FacetColumn&) = delete;
  FacetColumn& operator=(const FacetColumn&) = delete;

  // What stands in the shard, each once.
  const std::vector<FacetValue>& values() const { return values_; }
  // What a document has, as places in `values`; nothing of one that is not there.
  std::span<const std::uint32_t> of(Xapian::docid id) const;
  std::size_t bytes() const;

 private:
  std::array<std::map<std::string, std::uint32_t, std::less<>>, kFacetFields> places_;  // hold the names of `values_`
  std::vector<FacetValue> values_;
  Xapian::docid first_ = 0;
  std::vector<std::uint32_t> begins_;  // in `all_`, by document, from `first_` on; one more than there are documents
  std::vector<std::uint32_t> all_;
};

// The columns of the shards that questions are asked of, within a limit of memory. They are made on a thread of its own
// that gives way, so that no question waits for it, and that rests where it makes one anew, so that a shard that is
// always being written to does not keep it busy. Thread-safe.
class FacetColumns {
 public:
  explicit FacetColumns(std::filesystem::path shards);

  // One for each part of a reader, of the very revision that the reader has open; nothing where there is none: then the
  // values are to be read from the shard.
  using Held = std::vector<std::shared_ptr<const FacetColumn>>;
  Held of(const Reader& reader);

  // Blocks until what was asked for is made, as far as it can be. For tests and measurements.
  void wait_until_made();

 private:
  struct Entry {
    Xapian::doccount documents = 0;
    Xapian::rev wanted = 0;
    Xapian::rev made = 0;  // also where it could not be
    std::shared_ptr<const FacetColumn> column;
  };

  void run(const std::stop_token& stop);
  std::string largest_wanted() const;
  void make(const std::string& shard, Xapian::rev wanted);
  std::size_t bytes() const;

  const std::filesystem::path shards_;
  std::mutex mutex_;  // of what follows
  std::condition_variable_any changed_;
  std::map<std::string, Entry> entries_;  // by the name of the shard
  std::uint64_t generation_ = 0;          // of the newest reader that asked
  std::jthread making_;
};

}  // namespace muniment::index
