// "Did you mean": words of the index that are like one that finds nothing.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include <xapian.h>

namespace muniment::index {

// A small database of its own, made anew now and then from the words of the index. Thread-safe.
class Spelling {
 public:
  explicit Spelling(std::filesystem::path directory);

  // From every word without a prefix that at least two documents have, or one of few in a small index.
  void learn(const Xapian::Database& database);
  // Empty when there is none, or nothing was learnt yet.
  std::string suggest(const std::string& word);

 private:
  const std::filesystem::path directory_;
  std::mutex learning_;
  std::mutex mutex_;  // of the directory
};

}  // namespace muniment::index
