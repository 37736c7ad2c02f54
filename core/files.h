// Files that must survive: the durable write order of docs/formats.md in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muniment::core {

// Owns an open descriptor. Movable; closing errors are ignored, so whoever writes must sync first.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() { reset(); }
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  int release();
  void reset();

 private:
  int descriptor_ = -1;
};

// Opens for reading, close-on-exec. Throws Error(not_found) when there is no such file, Error(io) otherwise.
FileDescriptor open_for_reading(const std::filesystem::path& path);
std::uint64_t size_of(const FileDescriptor& file);

// Reads up to `buffer.size()` bytes at `offset`; fewer only at the end of the file. Thread-safe on one descriptor.
std::size_t read_at(const FileDescriptor& file, std::uint64_t offset, std::span<std::byte> buffer);
// The whole file; Error(too_large) above `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit);

void write_all(const FileDescriptor& file, std::span<const std::byte> bytes);
void write_all(const FileDescriptor& file, std::string_view text);

// A file under construction. It is gone when this object dies, unless `publish` succeeded.
// Usage: write, then publish: fsync(file), rename, fsync(directory). On return the bytes survive a power cut. Whoever
// must know that it was the last of these that failed uses `place` and syncs the directory.
class TempFile {
 public:
  // Created with a random name in `directory`, which must be on the file system where it will be published.
  explicit TempFile(const std::filesystem::path& directory);
  // A complete file under a second name in `directory` (a hard link): what happens to that name leaves the first one
  // alone. Both must be on one file system. `append` is not for it.
  static TempFile second_name(const std::filesystem::path& file, const std::filesystem::path& directory);
  ~TempFile();
  TempFile(TempFile&& other) noexcept;
  TempFile& operator=(TempFile&& other) noexcept;

  const FileDescriptor& descriptor() const { return descriptor_; }
  const std::filesystem::path& path() const { return path_; }
  void append(std::span<const std::byte> bytes);
  std::uint64_t size() const { return size_; }

  enum class Existing { keep, replace };
  // With `keep` an existing target is left as it is, and this file is dropped: the right thing for content-addressed
  // names. Creates the target's directories, durably. False when the target existed and was kept.
  bool publish(const std::filesystem::path& target, Existing existing, unsigned mode = 0440);
  // The same but for the last step: the bytes are durable, their name is when the caller has synced the target's
  // directory. That is due when the target was kept, too: whoever placed it may not have come to that yet.
  bool place(const std::filesystem::path& target, Existing existing, unsigned mode = 0440);

  struct Placement;
  // As `place`, for many files at the price of one flush of their file system, which the caller flushes once more
  // (sync_file_system) for their names. After an error some targets may exist, each of them whole.
  static void place_all(std::vector<Placement>& files, unsigned mode = 0440);

 private:
  TempFile() = default;
  bool rename_to(const std::filesystem::path& target, Existing existing);
  void discard();
  FileDescriptor descriptor_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
};

struct TempFile::Placement {
  TempFile file;
  std::filesystem::path target;
  Existing existing = Existing::keep;
};

// Makes a file's bytes durable.
void sync_file(const FileDescriptor& file);
// Everything that was written to the file system that this is on.
void sync_file_system(const FileDescriptor& file);
// For sync_file: apart from that, so that a failure to sync can be told from one to open.
FileDescriptor open_directory(const std::filesystem::path& directory);
// Makes the names in a directory durable.
void sync_directory(const std::filesystem::path& directory);
// Like create_directories, each new name made durable.
void create_directories_durably(const std::filesystem::path& directory);
// Writes a small file by way of a TempFile beside it.
void write_durably(const std::filesystem::path& path, std::string_view text, unsigned mode = 0640);
// Adds to the end of a file, made when missing; durable on return. A crash may leave a part of `text` at its end.
void append_durably(const std::filesystem::path& path, std::string_view text, unsigned mode = 0640);
// False when there was nothing to remove. The removal is durable on return.
bool remove_durably(const std::filesystem::path& path);

struct DiskSpace {
  std::uint64_t total_bytes;
  std::uint64_t free_bytes;  // to an ordinary user
};
DiskSpace disk_space(const std::filesystem::path& path);

// An exclusive advisory lock (flock) on a file, held until destruction or the end of the process.
class FileLock {
 public:
  // Empty when another process holds it. Creates the file when missing.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& path);

 private:
  explicit FileLock(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
  FileDescriptor descriptor_;
};

}  // namespace muniment::core
