#include "scanners/internal/dropped_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/error.h"
#include "core/text.h"

namespace muniment::scanners {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using core::FileDescriptor;

namespace {

constexpr std::array<unsigned long, 10> kShared{NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
                                                FUSE_SUPER_MAGIC, CEPH_SUPER_MAGIC, V9FS_MAGIC,       AFS_SUPER_MAGIC,
                                                AFS_FS_MAGIC,     CODA_SUPER_MAGIC};

// It may be written by another machine.
bool is_shared(const FileDescriptor& file) {
  struct statfs facts {};
  if (::fstatfs(file.get(), &facts) != 0) return true;
  return std::find(kShared.begin(), kShared.end(), static_cast<unsigned long>(facts.f_type)) != kShared.end();
}

// The time of modification anybody may set; that of the last change nobody can.
std::string identity_of(const struct stat& facts) {
  std::string identity;
  for (const auto part : {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
                          static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mtim.tv_sec),
                          static_cast<long long>(facts.st_mtim.tv_nsec), static_cast<long long>(facts.st_ctim.tv_sec),
                          static_cast<long long>(facts.st_ctim.tv_nsec)}) {
    identity += std::to_string(part) + " ";
  }
  return identity;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return identity_of(one) == identity_of(other);
}

// Neither a folder nor reached through a link that somebody put in its place.
bool is_gone(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENXIO;
}

FileDescriptor open_folder(const FileDescriptor& in, const fs::path& name) {
  return FileDescriptor(::openat(in.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

FileDescriptor open_root(const DropRoot& root) {
  FileDescriptor folder;
  if (root.by_links) {
    folder = FileDescriptor(::open(root.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  } else {
    // What leads there need not be ours to read.
    folder = FileDescriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const fs::path way = root.folder.relative_path();
    for (auto each = way.begin(); folder && each != way.end(); ++each) {
      const int how = std::next(each) == way.end() ? O_RDONLY : O_PATH;
      folder = FileDescriptor(::openat(folder.get(), each->c_str(), how | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
  }
  if (!folder) throw core::system_error("open the folder " + root.folder.string(), errno);
  return folder;
}

constexpr std::size_t kLongestReason = 4096;

// A name that nothing has in the folder, and no text that says why either: `name`, or the same with a number.
std::string free_name(const FileDescriptor& folder, const fs::path& name) {
  std::string free = name.string();
  struct stat taken {};
  for (int number = 2;
       free.ends_with(kReasonEnding) || ::fstatat(folder.get(), free.c_str(), &taken, AT_SYMLINK_NOFOLLOW) == 0;
       ++number) {
    free = name.stem().string() + " (" + std::to_string(number) + ")" + name.extension().string();
  }
  return free;
}

// Empty when there is no text, or a link in its place.
std::string reason_of(const FileDescriptor& folder, const std::string& name) {
  const FileDescriptor file(::openat(folder.get(), (name + std::string(kReasonEnding)).c_str(),
                                     O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat facts {};
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return "";
  std::string text(kLongestReason, '\0');
  text.resize(core::read_at(file, 0, std::as_writable_bytes(std::span(text))));
  return std::string(core::trim(core::to_utf8(text)));
}

// The folder that is open, whatever lies at its path by now.
fs::path path_of(const FileDescriptor& folder) {
  return "/proc/self/fd/" + std::to_string(folder.get());
}

// While it is held, nobody begins to write: whoever wants to waits until it is given back.
class ReadLease {
 public:
  explicit ReadLease(const FileDescriptor& file) : file_(file) {
    // A writer that comes would send SIGIO, which ends the process; SIGURG is ignored.
    ::fcntl(file.get(), F_SETSIG, SIGURG);
    problem_ = ::fcntl(file.get(), F_SETLEASE, F_RDLCK) == 0 ? 0 : errno;
  }
  ~ReadLease() {
    if (problem_ == 0) ::fcntl(file_.get(), F_SETLEASE, F_UNLCK);
  }
  ReadLease(const ReadLease&) = delete;
  ReadLease& operator=(const ReadLease&) = delete;

  DroppedFile::Writers writers() const {
    if (problem_ == 0) return DroppedFile::Writers::none;
    return problem_ == EAGAIN ? DroppedFile::Writers::some : DroppedFile::Writers::unknown;
  }

 private:
  const FileDescriptor& file_;
  int problem_;
};

}  // namespace

std::optional<DroppedFile> DroppedFile::open(const DropRoot& root, const fs::path& name) {
  DroppedFile dropped;
  dropped.name_ = name.filename().string();
  dropped.folder_ = open_root(root);
  const auto refused = [] { return core::system_error("open a file of the watched folder", errno); };
  for (const fs::path& each : name.parent_path()) {
    FileDescriptor next = open_folder(dropped.folder_, each);
    if (!next && is_gone(errno)) return std::nullopt;
    if (!next) throw refused();
    dropped.folder_ = std::move(next);
  }
  // Without waiting: for the other end of a pipe, or whoever has a lease on it.
  dropped.file_ = FileDescriptor(::openat(dropped.folder_.get(), dropped.name_.c_str(),
                                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!dropped.file_ && is_gone(errno)) return std::nullopt;
  if (!dropped.file_ && errno == EWOULDBLOCK) {
    throw Error(ErrorCode::io, "another program has reserved the file for itself; it is taken in once that lets it go");
  }
  if (!dropped.file_) throw refused();
  if (::fstat(dropped.file_.get(), &dropped.opened_) != 0) throw refused();
  if (!S_ISREG(dropped.opened_.st_mode)) return std::nullopt;
  return dropped;
}

std::string DroppedFile::identity() const {
  return identity_of(opened_);
}

DroppedFile::Writers DroppedFile::writers() const {
  if (is_shared(file_)) return Writers::unknown;
  return ReadLease(file_).writers();
}

bool DroppedFile::has_changed() const {
  struct stat now {};
  if (::fstat(file_.get(), &now) != 0) throw core::system_error("look at an open file", errno);
  if (!is_same(opened_, now)) return true;
  if (::fstatat(folder_.get(), name_.c_str(), &now, AT_SYMLINK_NOFOLLOW) != 0) {
    if (is_gone(errno)) return true;
    throw core::system_error("look at a file", errno);
  }
  return !is_same(opened_, now);
}

bool DroppedFile::remove() const {
  const bool shared = is_shared(file_);
  const ReadLease lease(file_);
  if ((!shared && lease.writers() == Writers::some) || has_changed()) return false;
  if (::unlinkat(folder_.get(), name_.c_str(), 0) != 0) {
    if (errno == ENOENT) return true;
    throw core::system_error("remove a file that is kept", errno);
  }
  core::sync_file(folder_);
  return true;
}

void DroppedFile::set_aside(const DropRoot& root, const std::string& directory, const std::string& reason) const {
  const FileDescriptor top = open_root(root);
  if (::mkdirat(top.get(), directory.c_str(), 0750) == 0) {
    core::sync_file(top);
  } else if (errno != EEXIST) {
    throw core::system_error("create the folder " + (root.folder / directory).string(), errno);
  }
  const FileDescriptor target = open_folder(top, directory);
  if (!target) throw core::system_error("open the folder " + (root.folder / directory).string(), errno);
  const std::string free = free_name(target, name_);
  // Network file systems have no renaming that leaves a name alone which appears at this moment.
  if (::renameat(folder_.get(), name_.c_str(), target.get(), free.c_str()) != 0) {
    throw core::system_error("set a file aside", errno);
  }
  core::write_durably(path_of(target) / (free + std::string(kReasonEnding)), reason + "\n");
  core::sync_file(folder_);
}

std::vector<SetAsideFile> files_set_aside(const DropRoot& root, const std::string& directory, std::size_t told) {
  const FileDescriptor top = open_root(root);
  const FileDescriptor folder = open_folder(top, directory);
  if (!folder && is_gone(errno)) return {};
  if (!folder) throw core::system_error("open the folder " + (root.folder / directory).string(), errno);
  std::vector<SetAsideFile> files;
  std::error_code failed;
  for (fs::directory_iterator entry(path_of(folder), failed); !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    struct stat facts {};
    if (name.ends_with(kReasonEnding) || ::fstatat(folder.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(facts.st_mode)) {
      continue;
    }
    const auto changed = std::chrono::seconds(facts.st_ctim.tv_sec) + std::chrono::nanoseconds(facts.st_ctim.tv_nsec);
    files.push_back({name, "", core::Time(std::chrono::duration_cast<core::Time::duration>(changed))});
  }
  if (failed) throw core::system_error("look through the folder " + (root.folder / directory).string(), failed.value());
  std::ranges::sort(files, std::ranges::greater(), &SetAsideFile::at);
  for (std::size_t i = 0; i < files.size() && i < told; ++i) files[i].reason = reason_of(folder, files[i].name);
  return files;
}

std::size_t put_back(const DropRoot& root, const std::string& directory) {
  const FileDescriptor top = open_root(root);
  const auto files = files_set_aside(root, directory, 0);
  const FileDescriptor from = open_folder(top, directory);
  if (files.empty() || !from) return 0;
  std::size_t count = 0;
  for (const SetAsideFile& file : files) {
    const std::string free = free_name(top, file.name);
    // Where the file system can, without taking the place of what is dropped at this very moment.
    if (::renameat2(from.get(), file.name.c_str(), top.get(), free.c_str(), RENAME_NOREPLACE) != 0 &&
        (errno != EINVAL || ::renameat(from.get(), file.name.c_str(), top.get(), free.c_str()) != 0)) {
      if (is_gone(errno) || errno == EEXIST) continue;
      throw core::system_error("put a file back into the watched folder", errno);
    }
    // One that stays behind says nothing of any file.
    ::unlinkat(from.get(), (file.name + std::string(kReasonEnding)).c_str(), 0);
    ++count;
  }
  core::sync_file(top);
  core::sync_file(from);
  return count;
}

}  // namespace muniment::scanners
