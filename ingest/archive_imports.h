// Brings in what another archive has exported (imported_archive.h, docs/import.md): looks it over without changing
// anything, and, when somebody has it taken in, makes a document of each file with what was known of it. An export lies
// in a file that was uploaded, which only muniment-extract opens, or in a folder, which is only read.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "ingest/extraction.h"
#include "ingest/file_reader.h"
#include "ingest/intake.h"
#include "storage/archive_imports.h"
#include "storage/database.h"

namespace muniment::ingest {

struct ArchiveImportOptions {
  std::filesystem::path uploads;  // the folder of uploaded exports, by their identifiers
  // Of an export that is one file; `count` and `bytes` are those of import.count and import.size.
  MemberLimits limits{.count = 100'000, .bytes = 16ULL << 30, .checked_first = false};
  std::vector<std::string> languages;
};

// Thread-safe. What it does stands in storage/archive_imports.h, as jobs, one after the other. Each document enters in
// a transaction of its own that also says so: what was cut off goes on where it ended, and nothing comes in twice.
class ArchiveImports {
 public:
  // Everything outlives it.
  ArchiveImports(storage::Database& database, const Intake& intake, const FileReader& reader, core::Log& log,
                 ArchiveImportOptions options);
  ~ArchiveImports();

  void start();
  // What runs is given back, for the next start to take up.
  void stop();
  // A job has come.
  void wake();
  // Does the job that was queued first, on the calling thread. False when there is none. Not beside start().
  bool work(std::stop_token stop);

  // Removes the file of an import that was uploaded; to be called when its rows are gone, or are about to go.
  void remove_file(const storage::ArchiveImport& import) const;

  const ArchiveImportOptions& options() const { return options_; }

 private:
  class Work;
  void forget_old_ones();

  storage::Database& database_;
  const Intake& intake_;
  const FileReader& reader_;
  core::Log& log_;
  const ArchiveImportOptions options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  std::jthread thread_;
};

}  // namespace muniment::ingest
