#include "core/files.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/error.h"

namespace muniment::core {

namespace fs = std::filesystem;

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() {
  return std::exchange(descriptor_, -1);
}

void FileDescriptor::reset() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

FileDescriptor open_for_reading(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file) return file;
  if (errno == ENOENT || errno == ENOTDIR) throw Error(ErrorCode::not_found, "there is no file " + path.string());
  throw system_error("open " + path.string(), errno);
}

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) throw system_error("look at an open file", errno);
  return static_cast<std::uint64_t>(facts.st_size);
}

std::size_t read_at(const FileDescriptor& file, std::uint64_t offset, std::span<std::byte> buffer) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t got =
        ::pread(file.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
    if (got < 0) {
      if (errno == EINTR) continue;
      throw system_error("read a file", errno);
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
  const FileDescriptor file = open_for_reading(path);
  std::string text;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw system_error("read " + path.string(), errno);
    }
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > limit) {
      throw Error(ErrorCode::too_large, path.string() + " is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

void write_all(const FileDescriptor& file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw system_error("write a file", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void write_all(const FileDescriptor& file, std::string_view text) {
  write_all(file, std::as_bytes(std::span(text.data(), text.size())));
}

TempFile::TempFile(const fs::path& directory) {
  std::string name = (directory / "incoming-XXXXXX").string();
  descriptor_ = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!descriptor_) throw system_error("create a file in " + directory.string(), errno);
  path_ = name;
}

TempFile TempFile::second_name(const fs::path& file, const fs::path& directory) {
  TempFile second;
  second.descriptor_ = open_for_reading(file);
  second.size_ = size_of(second.descriptor_);
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::string name = (directory / "incoming-XXXXXX").string();
    // mkostemp finds a free name; its empty file gives way to the link.
    FileDescriptor placeholder(::mkostemp(name.data(), O_CLOEXEC));
    if (!placeholder) throw system_error("create a file in " + directory.string(), errno);
    ::unlink(name.c_str());
    if (::link(file.c_str(), name.c_str()) == 0) {
      second.path_ = name;
      return second;
    }
    if (errno != EEXIST) throw system_error("give " + file.string() + " a second name", errno);
  }
  throw system_error("give " + file.string() + " a second name", EEXIST);
}

TempFile::~TempFile() {
  discard();
}

TempFile::TempFile(TempFile&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      path_(std::exchange(other.path_, {})),
      size_(std::exchange(other.size_, 0)) {}

TempFile& TempFile::operator=(TempFile&& other) noexcept {
  if (this != &other) {
    discard();
    descriptor_ = std::move(other.descriptor_);
    path_ = std::exchange(other.path_, {});
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

void TempFile::discard() {
  if (!path_.empty()) ::unlink(path_.c_str());
  path_.clear();
}

void TempFile::append(std::span<const std::byte> bytes) {
  write_all(descriptor_, bytes);
  size_ += bytes.size();
}

bool TempFile::rename_to(const fs::path& target, Existing existing) {
  const unsigned flags = existing == Existing::keep ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), flags) != 0) {
    if (errno != EEXIST || existing != Existing::keep) throw system_error("name a new file", errno);
    discard();
    return false;
  }
  path_.clear();
  return true;
}

bool TempFile::place(const fs::path& target, Existing existing, unsigned mode) {
  create_directories_durably(target.parent_path());
  if (::fchmod(descriptor_.get(), mode) != 0) throw system_error("set the mode of a new file", errno);
  sync_file(descriptor_);
  return rename_to(target, existing);
}

bool TempFile::publish(const fs::path& target, Existing existing, unsigned mode) {
  const bool published = place(target, existing, mode);
  sync_directory(target.parent_path());
  return published;
}

void TempFile::place_all(std::vector<Placement>& files, unsigned mode) {
  if (files.empty()) return;
  for (const auto& [file, target, existing] : files) {
    if (::fchmod(file.descriptor_.get(), mode) != 0) throw system_error("set the mode of a new file", errno);
  }
  sync_file_system(files.front().file.descriptor_);
  for (auto& [file, target, existing] : files) {
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    if (failed) throw system_error("create the directory " + target.parent_path().string(), failed.value());
    file.rename_to(target, existing);
  }
}

void sync_file(const FileDescriptor& file) {
  if (::fsync(file.get()) != 0) throw system_error("make a file durable", errno);
}

void sync_file_system(const FileDescriptor& file) {
  if (::syncfs(file.get()) != 0) throw system_error("make files durable", errno);
}

FileDescriptor open_directory(const fs::path& directory) {
  FileDescriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor) throw system_error("open the directory " + directory.string(), errno);
  return descriptor;
}

void sync_directory(const fs::path& directory) {
  const FileDescriptor descriptor = open_directory(directory);
  if (::fsync(descriptor.get()) != 0)
    throw system_error("make the directory " + directory.string() + " durable", errno);
}

void create_directories_durably(const fs::path& directory) {
  if (directory.empty() || fs::is_directory(directory)) return;
  create_directories_durably(directory.parent_path());
  const bool made = ::mkdir(directory.c_str(), 0750) == 0;
  if (!made && errno != EEXIST) throw system_error("create the directory " + directory.string(), errno);
  try {
    sync_directory(directory.parent_path().empty() ? fs::path(".") : directory.parent_path());
  } catch (const Error&) {
    // Otherwise whoever tries again finds it there, and takes its name for durable.
    if (made) ::rmdir(directory.c_str());
    throw;
  }
}

void write_durably(const fs::path& path, std::string_view text, unsigned mode) {
  const fs::path directory = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  create_directories_durably(directory);
  TempFile file(directory);
  file.append(std::as_bytes(std::span(text.data(), text.size())));
  file.publish(path, TempFile::Existing::replace, mode);
}

void append_durably(const fs::path& path, std::string_view text, unsigned mode) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode));
  if (!file) throw system_error("write " + path.string(), errno);
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("write " + path.string(), errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  sync_file(file);
  sync_directory(path.parent_path());
}

bool remove_durably(const fs::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return false;
    throw system_error("remove " + path.string(), errno);
  }
  sync_directory(path.parent_path());
  return true;
}

DiskSpace disk_space(const fs::path& path) {
  struct statvfs facts {};
  if (::statvfs(path.c_str(), &facts) != 0) throw system_error("ask for the free space of " + path.string(), errno);
  return {static_cast<std::uint64_t>(facts.f_blocks) * facts.f_frsize,
          static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize};
}

std::optional<FileLock> FileLock::try_acquire(const fs::path& path) {
  FileDescriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!descriptor) throw system_error("open the lock file " + path.string(), errno);
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw system_error("lock " + path.string(), errno);
  }
  return FileLock(std::move(descriptor));
}

}  // namespace muniment::core
