// The one door by which bytes enter, whatever the source. What it has answered is on disk: file, name and rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/hash.h"
#include "ingest/daily_quota.h"
#include "storage/access.h"
#include "storage/blob_store.h"
#include "storage/database.h"
#include "storage/documents.h"
#include "storage/jobs.h"
#include "storage/preset_filing.h"

namespace muniment::ingest {

struct IntakeOptions {
  std::uint64_t max_file_bytes = 2ULL << 30;
  // Media types as "application/pdf" or "image/*"; empty = every kind of file. Checked against the first bytes only
  // (media_type_by_magic): the full look is the pipeline's.
  std::vector<std::string> allowed_types;
  // Nothing is accepted that would leave less than the larger of the two free on the disk of the blob store.
  std::uint64_t free_floor_bytes = 2ULL << 30;
  unsigned free_floor_percent = 5;
  std::uint64_t daily_quota_bytes = 0;  // DailyQuota

  std::uint64_t free_floor(std::uint64_t disk_bytes) const {
    return std::max(free_floor_bytes, disk_bytes / 100 * free_floor_percent);
  }
};

struct Receipt {
  std::int64_t document_id = 0;
  std::optional<std::int64_t> job_id;  // its reading; empty for a duplicate that has none
  bool duplicate = false;              // the document was there already, with exactly these bytes
  bool in_trash = false;               // and lies in the trash
};

// A file about to enter, and what its sender says about it.
struct Arrival {
  storage::NewDocument document;  // `hash` and `size` are found out here; `filename` may be as foreign as it comes
  int priority = storage::kInteractive;
  bool keep_duplicate = false;  // make a document of its own even when the same bytes are there
  // Whether it counts in the daily quota of its sender: not what the archive has already, nor what its scanners deliver
  // or what is brought in from another archive. A duplicate never does.
  bool counted = true;
  // Only a document under exactly this access list, and not in the trash, counts as a duplicate: for what comes with
  // something else and must be as open to readers as that. It does whether or not its sender may read there, so whoever
  // passes the receipt on sees to it that it tells them nothing.
  std::optional<std::int64_t> duplicate_list = {};
  // Without such a list: only a document that passes counts as a duplicate.
  storage::DuplicateTest duplicate_test = {};
  // Of accept and accept_file: says how the document is filed in the very transaction that makes it, before anything
  // else, where that may change until then; may be empty.
  std::function<void(storage::Session& session, Arrival& arrival)> filing = {};
  // What has to be recorded in the very transaction that makes the document, or finds the duplicate; may be empty.
  std::function<void(storage::Transaction& tx, const Receipt& receipt)> with = {};
};

// Files it as was set beforehand for the way by which it comes. What goes into a class or folder is let in for those
// who read there, even when the same bytes lie where others read.
void file_as(storage::Session& session, const storage::PresetFiling& filing, Arrival& arrival);

// Thread-safe. Errors of every `accept`, after each of which nothing has entered:
//   forbidden         `who` may not capture
//   too_large, unsupported_type, storage_full, quota_exceeded
//                     the limits of IntakeOptions; the message says what to do
//   invalid_argument  an empty file, or a document field that refers to nothing
//   io                the disk
class Intake {
 public:
  // Puts up to `buffer.size()` bytes into `buffer` and returns how many; 0 = the end. What it throws ends the intake.
  using Reader = std::function<std::size_t(std::span<std::byte> buffer)>;

  // `queued` is called, on the accepting thread, after new work has been committed: it wakes the pipeline.
  Intake(storage::Database& database, const storage::BlobStore& blobs, IntakeOptions options,
         std::function<void()> queued);

  // Reads the source once, to its end. A file that is already there, in a document that `who` may read (the trash
  // included), is answered with that document; one that `who` may not read is not betrayed: a new document is made.
  // Two calls with the same bytes at the same time make one document.
  Receipt accept(const storage::Principal& who, Arrival arrival, const Reader& source) const;

  // The same for a complete file on the data directory's file system, without copying it. It gets a second name; the
  // caller removes the first one after this returned, and nobody writes to it any more.
  Receipt accept_file(const storage::Principal& who, Arrival arrival, const std::filesystem::path& file) const;

  // Makes the complete file the new version of a document, as accept_file would take it in; the very bytes of the
  // current version are answered as a duplicate. Error(not_found), (stale), (conflict) of storage::add_document_version
  // too.
  struct VersionArrival {
    std::int64_t document_id = 0;
    std::optional<std::int64_t> expected_version;  // of the document as its sender saw it; empty: whatever is there
    std::string filename;                          // as foreign as it comes
    std::string comment;
    bool stays_checked_out = false;  // storage::NewVersion
    bool counted = true;             // Arrival::counted
  };
  Receipt accept_version(const storage::Principal& who, VersionArrival arrival,
                         const std::filesystem::path& file) const;
  // Makes the file of the document's version `number` its newest: storage::restore_document_version, and its reading.
  Receipt restore_version(const storage::Principal& who, std::int64_t document_id,
                          std::optional<std::int64_t> expected_version, std::int64_t number,
                          std::string_view comment) const;

  // A file on the archive's disk that is in no document; gone with the object.
  struct Spooled {
    core::TempFile file;
    core::Sha256 hash;
  };
  Spooled spool(const Reader& source) const;
  // Whether the archive has these very bytes, undamaged.
  bool holds(const Spooled& file) const;
  struct VersionFile {
    std::string filename;  // as foreign as it comes
    Spooled content;
    std::string comment;
    std::vector<std::string> labels;  // storage::label_version
  };
  // A new document with all the versions that it had elsewhere, the oldest first and one at least, in one transaction;
  // its file and its name come from them. A duplicate is a document whose file is the last one now.
  Receipt accept_versions(const storage::Principal& who, Arrival arrival, std::vector<VersionFile> versions) const;

  // Files that belong together, each with what its sender says about it, in one transaction: all come in, or none. One
  // receipt each, in order; `together` is called with them at the end of that transaction. Arrival::filing is not.
  std::vector<Receipt> accept_together(
      const storage::Principal& who, std::vector<std::pair<Arrival, Spooled>> files,
      const std::function<void(storage::Transaction& tx, std::span<const Receipt> receipts)>& together) const;
  // Whether a file of these bytes would be answered as a duplicate now, rather than make a document.
  bool has(storage::Session& session, const storage::Principal& who, Arrival arrival, const core::Sha256& hash) const;

  struct BatchItem {
    Arrival arrival;
    Reader source;
  };
  using BatchOutcome = std::variant<Receipt, core::Error>;
  // Many files at the price of a few disk flushes and one transaction: for bulk loads of small files, some hundred at a
  // time. One outcome an item, in order; a file that is refused does not keep the others out. Throws, with nothing
  // entered, only for what may concern all of them: forbidden, quota_exceeded, a document field that refers to nothing,
  // io.
  std::vector<BatchOutcome> accept_batch(const storage::Principal& who, std::vector<BatchItem> items) const;

  // Throws Error(storage_full) when `bytes` more would go below the floor, Error(too_large) when they are over the
  // limit: for refusing an upload before it is sent.
  void require_room(std::uint64_t bytes) const;
  // The same for a file of `who`: Error(quota_exceeded) too, also when it would turn out to be a duplicate.
  void require_room(const storage::Principal& who, std::uint64_t bytes) const;
  // More than this require_room refuses them, as far as that is known before others come in between.
  std::uint64_t most_for(const storage::Principal& who) const;
  const IntakeOptions& options() const { return options_; }
  const DailyQuota& quota() const { return quota_; }

 private:
  Spooled link(const std::filesystem::path& file) const;
  void require_allowed(std::span<const std::byte> head) const;
  std::optional<Receipt> find_duplicate(storage::Session& session, const storage::Principal& who,
                                        const Arrival& arrival) const;
  // The same, when nothing has to be recorded with it and its bytes are sound: others are mended by those that came.
  std::optional<Receipt> answer_duplicate(const storage::Principal& who, const Arrival& arrival) const;
  // Before the store has what is too much: only what came in meanwhile is found out by DailyQuota::charge.
  void require_quota(const storage::Principal& who, const Arrival& arrival) const;
  Receipt enter(storage::Transaction& tx, const storage::Principal& who, const Arrival& arrival) const;
  Receipt take_in(const storage::Principal& who, Arrival arrival, Spooled file) const;

  storage::Database& database_;
  const storage::BlobStore& blobs_;
  const IntakeOptions options_;
  const DailyQuota quota_;
  const std::function<void()> queued_;
};

// A cheap guess from a file's first bytes (a few hundred suffice): "application/pdf", "image/png", "text/plain" ...,
// "application/octet-stream" when nothing is recognised.
std::string media_type_by_magic(std::span<const std::byte> head);

}  // namespace muniment::ingest
