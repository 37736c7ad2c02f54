// Information packages for other archives: E-ARK CSIP 2.1 (METS 1.12) with ERMS 2.1 and PREMIS 3.0, which is what FGS
// Paketstruktur 2.0 asks for too. docs/transfer.md describes what is in one. A package is a copy: making it changes
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/files.h"
#include "core/hash.h"
#include "storage/access.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/documents.h"

namespace muniment::records {

// Where the files of a package go, one after the other.
class PackageTarget {
 public:
  virtual ~PackageTarget() = default;
  // `path` is relative, of ASCII letters, digits and "-_./" only. Exactly `size` bytes are appended before `end`.
  virtual void begin(const std::string& path, std::uint64_t size, core::Time modified) = 0;
  virtual void append(std::span<const std::byte> bytes) = 0;
  virtual void end() = 0;
  // After the last file. What was written is complete, and durable where it is a folder.
  virtual void finish() = 0;
};
// A zip file, written from the descriptor's position on; files are stored as they are, over 4 GiB too. The descriptor
// outlives it.
std::unique_ptr<PackageTarget> zip_target(const core::FileDescriptor& file);
// A folder that is new or empty, Error(conflict) otherwise. After an error anything may be in it.
std::unique_ptr<PackageTarget> folder_target(std::filesystem::path directory);

// Thread-safe parts of the service that a package is made from.
struct PackageSource {
  storage::Database& database;
  const storage::BlobStore& blobs;
  // The searchable PDF; empty where the original is as good or there can be none.
  std::function<std::optional<core::FileDescriptor>(const storage::Document&)> searchable_pdf;
};

struct PackageTerms {
  std::vector<std::int64_t> documents;  // ascending; all of them readable by `who`
  storage::Principal who;
  std::string title;
  std::string occasion;      // for telling packages apart that are made of the same files: "disposition 12"
  std::string event;         // what the package is made for, in PREMIS: "transfer" or "export"
  std::string organisation;  // whose records these are; empty: not said
  std::string version;       // of this program
  // What was destroyed where the documents come from, by the numbers of its tombstones; told in a list of its own.
  std::vector<std::int64_t> destroyed = {};
};

struct PackageFile {
  std::string path;  // relative to METS.xml
  core::Sha256 hash;
  std::uint64_t size = 0;
};

struct Package {
  std::string id;                  // OBJID of METS.xml, and the name of the folder in which it is
  std::vector<PackageFile> files;  // all but METS.xml itself, ascending by path
};

// Error(not_found) for a document that `who` may not read; Error(corrupt) for an original that is not what was
// captured. Holds as much memory as the metadata needs, however large the files are.
Package write_package(const PackageSource& source, const PackageTerms& terms, PackageTarget& target);

}  // namespace muniment::records
