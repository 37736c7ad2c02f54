// Where things are under DATA. docs/formats.md describes each; only renditions, index and tmp may be deleted.
#pragma once

#include <filesystem>
#include <optional>

#include "core/files.h"

namespace muniment::storage {

class DataDirectory {
 public:
  // Makes the directory and its parts when missing (mode 0750).
  explicit DataDirectory(std::filesystem::path root);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path database() const { return root_ / "muniment.db"; }
  std::filesystem::path blobs() const { return root_ / "blobs"; }
  std::filesystem::path renditions() const { return root_ / "renditions"; }
  std::filesystem::path index() const { return root_ / "index"; }
  std::filesystem::path keys() const { return root_ / "keys"; }  // mode 0700
  // What was purged, one JSON object a line: a copy belongs where backups are kept (docs/retention.md).
  std::filesystem::path tombstones() const { return root_ / "tombstones.jsonl"; }
  // Packages that wait for another archive, unless they are configured to be elsewhere.
  std::filesystem::path transfers() const { return root_ / "transfers"; }
  std::filesystem::path scans() const { return root_ / "scans"; }  // pages that are not filed yet
  std::filesystem::path temp() const { return root_ / "tmp"; }
  std::filesystem::path uploads() const { return root_ / "tmp" / "uploads"; }
  // Address and local token of the running service, mode 0600.
  std::filesystem::path service_file() const { return root_ / "service.json"; }

  // The right to write in this directory; empty while another process has it.
  std::optional<core::FileLock> try_lock() const { return core::FileLock::try_acquire(root_ / "lock"); }

 private:
  std::filesystem::path root_;
};

}  // namespace muniment::storage
