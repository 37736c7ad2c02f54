#include "storage/blob_store.h"

#include <vector>

#include "core/error.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

BlobStore::BlobStore(std::filesystem::path root, std::filesystem::path temp)
    : root_(std::move(root)), temp_(std::move(temp)) {
  core::create_directories_durably(root_);
  core::create_directories_durably(temp_);
}

core::TempFile BlobStore::new_file() const {
  return core::TempFile(temp_);
}

std::filesystem::path BlobStore::path(const core::Sha256& hash) const {
  const std::string name = hash.hex();
  return root_ / name.substr(0, 2) / name.substr(2, 2) / name;
}

void BlobStore::put(core::TempFile file, const core::Sha256& hash) const {
  require_keeps_files();
  make_directory(hash);
  const core::FileDescriptor directory = core::open_directory(path(hash).parent_path());
  file.place(path(hash), how_to_put(file, hash));
  keep_names([&] { core::sync_file(directory); });
}

void BlobStore::put_all(std::vector<NewBlob> blobs) const {
  require_keeps_files();
  if (blobs.empty()) return;
  const core::FileDescriptor root = core::open_directory(root_);
  std::vector<core::TempFile::Placement> files;
  files.reserve(blobs.size());
  for (NewBlob& blob : blobs) {
    const auto existing = how_to_put(blob.file, blob.hash);
    files.push_back({std::move(blob.file), path(blob.hash), existing});
  }
  core::TempFile::place_all(files);
  keep_names([&] { core::sync_file_system(root); });
}

void BlobStore::keep_names(const std::function<void()>& sync) const {
  try {
    sync();
  } catch (const Error&) {
    failed_to_sync_ = true;
    throw;
  }
}

core::TempFile::Existing BlobStore::how_to_put(const core::TempFile& file, const core::Sha256& hash) const {
  return has(hash) && damage(hash, core::size_of(file.descriptor())) ? core::TempFile::Existing::replace
                                                                     : core::TempFile::Existing::keep;
}

// That a directory is there does not make its name durable: whoever made it may have failed at that, or be about to.
void BlobStore::make_directory(const core::Sha256& hash) const {
  const std::size_t number = std::size_t{256} * hash.bytes[0] + hash.bytes[1];
  const std::filesystem::path directory = path(hash).parent_path();
  const std::lock_guard lock(making_);
  if (made_.test(number)) return;
  core::create_directories_durably(directory);
  const core::FileDescriptor above = core::open_directory(directory.parent_path());
  const core::FileDescriptor root = core::open_directory(root_);
  keep_names([&] {
    core::sync_file(above);
    core::sync_file(root);
  });
  made_.set(number);
}

void BlobStore::require_keeps_files() const {
  if (keeps_files()) return;
  throw Error(ErrorCode::unavailable,
              "the disk has failed to keep a file, so nothing is taken in any more; look at the disk, then start the "
              "service again");
}

void BlobStore::remove(const core::Sha256& hash) const {
  core::remove_durably(path(hash));
}

bool BlobStore::has(const core::Sha256& hash) const {
  return std::filesystem::exists(path(hash));
}

void BlobStore::require_stored(const core::Sha256& hash) const {
  if (has(hash)) return;
  throw Error(ErrorCode::unavailable, "the same file was destroyed at this very moment; send it again");
}

core::FileDescriptor BlobStore::open(const core::Sha256& hash) const {
  try {
    return core::open_for_reading(path(hash));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    throw Error(ErrorCode::corrupt, "the stored original is missing; run \"muniment verify\" and restore a backup")
        .because("blob " + hash.hex());
  }
}

std::optional<std::string> BlobStore::damage(const core::Sha256& hash, std::uint64_t size) const {
  try {
    const core::FileDigest found = core::digest_of(core::open_for_reading(path(hash)));
    if (found.size != size) {
      return "blob " + hash.hex() + " has " + std::to_string(found.size) + " bytes, not " + std::to_string(size);
    }
    if (found.hash != hash) return "blob " + hash.hex() + " was altered: its bytes have another hash";
    return std::nullopt;
  } catch (const Error& error) {
    return "blob " + hash.hex() + " cannot be read: " + error.message();
  }
}

void BlobStore::for_each(const std::function<void(const core::Sha256&, std::uint64_t)>& each) const {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
    if (!entry.is_regular_file()) continue;
    const auto hash = core::Sha256::from_hex(entry.path().filename().string());
    if (!hash) continue;
    std::error_code failed;
    const std::uintmax_t size = entry.file_size(failed);
    if (failed == std::errc::no_such_file_or_directory) continue;  // purged since its directory was read
    if (failed) throw core::system_error("look at the file " + entry.path().string(), failed.value());
    each(*hash, size);
  }
}

void record_blob(Transaction& tx, const core::Sha256& hash, std::uint64_t size) {
  tx.execute("INSERT INTO blob (sha256, size, stored_at) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING", hash,
             size, tx.now());
}

bool is_recorded(Session& session, const core::Sha256& hash) {
  return session.value<std::int64_t>("SELECT 1 FROM blob WHERE sha256 = $1", hash).has_value();
}

void for_each_blob(Database& database, const std::function<void(const BlobRecord&)>& each) {
  constexpr std::size_t kStep = 1000;
  std::string after;
  for (;;) {
    std::vector<BlobRecord> step;
    {
      auto session = database.read();
      for (const auto& [hash, size] : session.rows<core::Sha256, std::uint64_t>(
               "SELECT sha256, size FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2", after, kStep)) {
        step.push_back({hash, size});
      }
    }
    if (step.empty()) return;
    for (const BlobRecord& record : step) each(record);
    after = step.back().hash.hex();
  }
}

}  // namespace muniment::storage
