// A file that somebody put into a folder for us, held open: what is judged, read and removed is one and the same.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "core/clock.h"
#include "core/files.h"

namespace muniment::scanners {

// Of the text beside a file that was set aside.
inline constexpr std::string_view kReasonEnding = ".reason.txt";

// The folder that files are dropped into. Unless it may be reached by links, none is followed on the whole way to it.
struct DropRoot {
  std::filesystem::path folder;
  bool by_links = true;
};

class DroppedFile {
 public:
  // `name` is relative to `root`. Empty when there is no regular file of that name. Symbolic links are followed neither
  // for it nor for the folders that lead to it: else whoever may write there could have files taken in, and removed,
  // that only we may read. Error(io), also while another program has reserved the file for itself; it names no file.
  static std::optional<DroppedFile> open(const DropRoot& root, const std::filesystem::path& name);

  const core::FileDescriptor& descriptor() const { return file_; }
  std::string name() const { return name_; }
  // Tells this file, as it was when it was opened, from every other and from itself after any change.
  std::string identity() const;

  enum class Writers { none, some, unknown };
  // Whether somebody has it open for writing. Unknown on network file systems, whose other clients nobody here sees,
  // for files of other accounts unless we are root, and where the file system cannot tell.
  Writers writers() const;
  // It was written to since it was opened, or its name belongs to another file now, or to none.
  bool has_changed() const;
  // Durable on return. False when it has changed or somebody has begun to write: then it stays. Error(io).
  bool remove() const;
  // Into the folder `directory` of `root`, made when missing, beside a text that says why; under another name where its
  // own is taken, or is that of such a text. Error(io).
  void set_aside(const DropRoot& root, const std::string& directory, const std::string& reason) const;

 private:
  DroppedFile() = default;

  std::string name_;
  core::FileDescriptor folder_;
  core::FileDescriptor file_;
  struct stat opened_ {};
};

// What was set aside in a folder, and why.
struct SetAsideFile {
  std::string name;
  std::string reason;  // empty when there is no text beside it
  core::Time at;
};
// All of them, the newest first; the reasons of the first `told` only. None when there is no such folder; Error(io).
std::vector<SetAsideFile> files_set_aside(const DropRoot& root, const std::string& directory, std::size_t told);
// Puts them back into `root` and removes the texts; links are left where they are. How many; Error(io).
std::size_t put_back(const DropRoot& root, const std::string& directory);

}  // namespace muniment::scanners
