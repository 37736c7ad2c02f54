// A data directory that tests may fill and break; gone when the object dies.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/random.h"
#include "storage/access.h"
#include "storage/blob_store.h"
#include "storage/data_directory.h"
#include "storage/database.h"

namespace muniment::testing {

// A directory of its own under the system's temporary directory.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Who acts in tests where it does not matter who it is.
inline const storage::Actor kTester = storage::Actor::system("test");

// Stands still until it is told to go on. Thread-safe.
class ManualClock final : public core::Clock {
 public:
  explicit ManualClock(std::string_view rfc3339 = "2026-11-24T08:00:00Z");
  core::Time now() const override;
  void advance(std::chrono::microseconds by);

 private:
  std::atomic<std::int64_t> microseconds_;
};

struct TestArchive {
  TempDirectory directory;
  ManualClock clock;
  core::SystemRandom random;
  storage::DataDirectory data{directory.path() / "data"};
  storage::Database database{data.database(), clock, random};
  storage::BlobStore blobs{data.blobs(), data.temp()};

  // An account without a password.
  storage::Principal add_person(std::string_view name, storage::Role role);
  storage::Principal system();
  // A stored document with these bytes, without a job.
  std::int64_t add_document(const storage::Actor& actor, std::string_view filename, std::string_view bytes);
  void trash(const storage::Principal& who, std::int64_t document_id);
};

}  // namespace muniment::testing
