// The bytes that came in, kept as they came: content-addressed files under DATA/blobs, named by their SHA-256.
#pragma once

#include <atomic>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/hash.h"
#include "storage/database.h"

namespace muniment::storage {

// Thread-safe.
class BlobStore {
 public:
  // `temp` is where incoming files are written first; both must be on one file system.
  BlobStore(std::filesystem::path root, std::filesystem::path temp);

  core::TempFile new_file() const;
  // Makes the file durable under its hash. The hash is the caller's, computed while writing. Idempotent: sound bytes
  // that are there are kept, damaged ones give way to these. Error(unavailable) unless `keeps_files`.
  void put(core::TempFile file, const core::Sha256& hash) const;
  struct NewBlob {
    core::TempFile file;
    core::Sha256 hash;
  };
  // The same for many at the price of two flushes of the file system.
  void put_all(std::vector<NewBlob> blobs) const;
  // False once the sync of a file's name has failed: the kernel forgets what it could not write, and asked again says
  // that all is well. So nothing is taken in any more.
  bool keeps_files() const { return !failed_to_sync_; }
  const std::filesystem::path& temp_directory() const { return temp_; }

  // Unlinks the file, durably; nothing when it is not there. The caller holds a transaction in which no row refers to
  // the blob any more, so that nobody can begin to.
  void remove(const core::Sha256& hash) const;
  bool has(const core::Sha256& hash) const;
  // Error(unavailable) unless the file is there: for the transaction that is to refer to it, before anything else of
  // that. Between `put` and the transaction, the same bytes may have been removed because no row referred to them.
  void require_stored(const core::Sha256& hash) const;

  // Error(corrupt) when the catalogue knows of the blob but its file is missing.
  core::FileDescriptor open(const core::Sha256& hash) const;
  std::filesystem::path path(const core::Sha256& hash) const;
  // What is wrong with the stored bytes, or nothing.
  std::optional<std::string> damage(const core::Sha256& hash, std::uint64_t size) const;

  // Every file that is named as a blob; for finding what no row refers to.
  void for_each(const std::function<void(const core::Sha256&, std::uint64_t size)>& each) const;

 private:
  core::TempFile::Existing how_to_put(const core::TempFile& file, const core::Sha256& hash) const;
  void make_directory(const core::Sha256& hash) const;
  void require_keeps_files() const;
  // Makes names durable; what it throws is for good (keeps_files).
  void keep_names(const std::function<void()>& sync) const;

  std::filesystem::path root_;
  std::filesystem::path temp_;
  mutable std::mutex making_;
  mutable std::bitset<256 * 256> made_;  // under `making_`: the directories whose names this has made durable
  mutable std::atomic<bool> failed_to_sync_ = false;
};

// The row that says that the blob is there; to be written after BlobStore::put, in the transaction that refers to it.
void record_blob(Transaction& tx, const core::Sha256& hash, std::uint64_t size);

struct BlobRecord {
  core::Sha256 hash;
  std::uint64_t size = 0;
};
bool is_recorded(Session& session, const core::Sha256& hash);
// Every recorded blob, ascending by hash. No connection is held while `each` works, so it may take its time; blobs that
// are recorded meanwhile may or may not be among them.
void for_each_blob(Database& database, const std::function<void(const BlobRecord&)>& each);

}  // namespace muniment::storage
