// Passwords of encrypted files, as long as this process lives: they are nowhere on disk.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace muniment::ingest {

// Thread-safe. What is remembered of a document is its password, or that it needs none.
class Passwords {
 public:
  void remember(std::int64_t document_id, std::optional<std::string> password) {
    const std::scoped_lock lock(mutex_);
    by_document_[document_id] = std::move(password);
  }
  bool knows(std::int64_t document_id) const {
    const std::scoped_lock lock(mutex_);
    return by_document_.contains(document_id);
  }
  void forget(std::int64_t document_id) {
    const std::scoped_lock lock(mutex_);
    by_document_.erase(document_id);
  }
  std::optional<std::string> find(std::int64_t document_id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = by_document_.find(document_id);
    if (found == by_document_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::optional<std::string>> by_document_;
};

}  // namespace muniment::ingest
