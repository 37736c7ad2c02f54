#include "server/backup.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "records/purge_day.h"
#include "storage/archive_imports.h"
#include "storage/audit.h"
#include "storage/jobs.h"
#include "storage/restored_access.h"
#include "storage/statistics.h"
#include "storage/unreferenced_blobs.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;

namespace {

constexpr char kManifest[] = "manifest.json";
constexpr char kFormat[] = "muniment-backup-1";
constexpr std::uint64_t kLargestManifest = 64ULL << 20;
constexpr char kAuditKey[] = "audit.key";

core::Sha256 hash_of_file(const fs::path& path) {
  return core::digest_of(core::open_for_reading(path)).hash;
}

void copy_file(const fs::path& from, const fs::path& to, const core::Sha256* expected, unsigned mode) {
  core::create_directories_durably(to.parent_path());
  core::TempFile target(to.parent_path());
  const core::FileDigest copied =
      core::digest_of(core::open_for_reading(from), [&](std::span<const std::byte> piece) { target.append(piece); });
  if (expected && copied.hash != *expected) {
    throw Error(ErrorCode::corrupt, from.string() + " is damaged: its bytes have another hash than recorded");
  }
  target.publish(to, core::TempFile::Existing::replace, mode);
}

// All but the audit log's signing key: whoever steals a backup cannot sign with it, and a restored archive, which has
// given up what was logged since, signs as another one.
void copy_keys(const fs::path& from, const fs::path& to) {
  if (!fs::is_directory(from)) return;
  for (const auto& entry : fs::directory_iterator(from)) {
    if (entry.is_regular_file() && entry.path().filename() != kAuditKey)
      copy_file(entry.path(), to / entry.path().filename(), nullptr, 0600);
  }
}

// The copy of a database while it is none yet: gone with this, unless it was given its name.
struct FreshDatabase {
  fs::path path;

  explicit FreshDatabase(fs::path where) : path(std::move(where)) { remove(); }
  ~FreshDatabase() { remove(); }
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  void remove_beside() const {
    std::error_code ignored;
    for (const char* ending : {"-wal", "-shm"}) fs::remove(path.string() + ending, ignored);
  }

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove(path, ignored);
    remove_beside();
  }
};

std::int64_t blob_count(storage::Database& database) {
  auto session = database.read();
  return storage::count_archive(session).blobs;
}

void require_backup_or_empty(const fs::path& target) {
  if (!fs::exists(target) || fs::is_empty(target) || fs::exists(target / kManifest) ||
      fs::exists(target / "backup-in-progress")) {
    return;
  }
  throw Error(ErrorCode::conflict,
              target.string() + " holds something that is not a backup; name a new or empty directory");
}

// Only what an empty data directory, or a restore that did not come to its end, has in it.
void require_no_archive(const fs::path& data) {
  static constexpr std::array<std::string_view, 10> kKnown = {
      "blobs", "incoming", "index", "keys", "lock", "renditions", "scans", "tmp", "muniment.conf", "tombstones.jsonl"};
  if (!fs::exists(data)) return;
  if (fs::exists(data / "muniment.db")) {
    throw Error(ErrorCode::conflict, data.string() + " holds an archive already; restore into a new directory");
  }
  for (const auto& entry : fs::directory_iterator(data)) {
    const std::string name = entry.path().filename().string();
    if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) continue;
    throw Error(ErrorCode::conflict,
                data.string() + " holds other things (" + name + "); restore into a new or empty directory");
  }
}

}  // namespace

BackupResult back_up(const storage::DataDirectory& data, storage::Database& database, const storage::BlobStore& blobs,
                     records::Disposal& disposal, const fs::path& target, const StageReport& report) {
  require_backup_or_empty(target);
  const auto nothing_destroyed = disposal.hold_off();
  core::create_directories_durably(target);
  core::write_durably(target / "backup-in-progress", "");
  // An earlier backup is whole until the last two steps.
  report("database", 0, 0);
  const FreshDatabase fresh(target / "muniment.db.new");
  database.copy_to(fresh.path);

  // What the copied database refers to, not what was added since.
  core::SystemRandom random;
  BackupResult result;
  std::vector<std::string> missing;
  {
    storage::Database copy(fresh.path, database.clock(), random);
    const storage::BlobStore copied(target / "blobs", target / "tmp");
    const std::int64_t total = blob_count(copy);
    std::int64_t done = 0;
    report("originals", done, total);
    storage::for_each_blob(copy, [&](const storage::BlobRecord& record) {
      const fs::path to = copied.path(record.hash);
      try {
        if (!fs::exists(to) || fs::file_size(to) != record.size) {
          copy_file(blobs.path(record.hash), to, &record.hash, 0440);
          ++result.blobs_copied;
        }
        ++result.blobs;
      } catch (const Error&) {
        if (!blobs.damage(record.hash, record.size)) throw;
        missing.push_back(record.hash.hex());
      }
      report("originals", ++done, total);
    });
    copy.checkpoint();
  }
  fresh.remove_beside();
  fs::remove_all(target / "tmp");
  copy_keys(data.keys(), target / "keys");
  if (fs::exists(data.tombstones())) copy_file(data.tombstones(), target / "tombstones.jsonl", nullptr, 0640);
  const nlohmann::ordered_json manifest{{"format", kFormat},
                                        {"made_at", core::to_rfc3339(database.clock().now())},
                                        {"database_sha256", hash_of_file(fresh.path).hex()},
                                        {"blobs", result.blobs},
                                        {"missing", missing}};
  const fs::path fresh_manifest = target / "manifest.json.new";
  core::write_durably(fresh_manifest, manifest.dump(2) + "\n");
  fs::rename(fresh.path, target / "muniment.db");
  fs::rename(fresh_manifest, target / kManifest);
  core::sync_directory(target);
  core::remove_durably(target / "backup-in-progress");
  if (missing.empty()) return result;
  throw Error(ErrorCode::corrupt,
              "the backup is made, but without " + std::to_string(missing.size()) +
                  " originals that are missing or damaged in the archive (its manifest.json names them); put them back "
                  "from an earlier backup, or send the same files again, and repeat the backup");
}

RestoreResult restore(const fs::path& backup, const fs::path& data, const fs::path& tombstones,
                      const std::function<void(std::int64_t, std::int64_t)>& progress) {
  if (!fs::exists(backup / kManifest)) {
    throw Error(ErrorCode::corrupt, backup.string() + " holds no whole backup: it has no manifest");
  }
  const auto manifest = nlohmann::json::parse(core::read_file(backup / kManifest, kLargestManifest), nullptr, false);
  if (!manifest.is_object() || manifest.value("format", "") != kFormat) {
    throw Error(ErrorCode::corrupt, "the backup's manifest is not one that this version can read");
  }
  if (hash_of_file(backup / "muniment.db").hex() != manifest.value("database_sha256", "")) {
    throw Error(ErrorCode::corrupt, "the backup's database is damaged: its hash is not the one in the manifest");
  }
  if (!tombstones.empty() && !fs::is_regular_file(tombstones)) {
    throw Error(ErrorCode::not_found, "there is no file " + tombstones.string());
  }
  require_no_archive(data);
  const storage::DataDirectory directory(data);
  const auto lock = directory.try_lock();
  if (!lock) throw Error(ErrorCode::unavailable, "a service uses " + data.string() + "; stop it first");
  require_no_archive(data);
  RestoreResult result;
  const auto known_missing = manifest.value("missing", std::set<std::string>());
  const FreshDatabase fresh(directory.temp() / "restored.db");
  copy_file(backup / "muniment.db", fresh.path, nullptr, 0640);
  const core::SystemClock clock;
  core::SystemRandom random;
  {
    storage::Database database(fresh.path, clock, random);
    const storage::BlobStore from(backup / "blobs", directory.temp());
    const storage::BlobStore to(directory.blobs(), directory.temp());
    const std::int64_t total = blob_count(database);
    std::int64_t done = 0;
    storage::for_each_blob(database, [&](const storage::BlobRecord& record) {
      if (known_missing.contains(record.hash.hex()) && !from.has(record.hash)) {
        ++result.missing;
      } else {
        copy_file(from.path(record.hash), to.path(record.hash), &record.hash, 0440);
      }
      progress(++done, total);
    });
    auto tx = database.begin(storage::Actor::system("command line"));
    records::postpone_purging(tx);
    // The copy was made while its own job ran: taken up again, it would write over the backup. And an import would
    // bring in anew, under other numbers, what was destroyed since.
    for (const std::string_view kind : {std::string_view("backup"), storage::kImportJob, storage::kImportPreviewJob}) {
      while (const auto job = storage::find_open_job(tx, kind)) storage::cancel_job(tx, job->id);
    }
    storage::forget_unreferenced_blobs(tx);
    storage::suspend_restored_access(tx);
    storage::record_restore(tx, nlohmann::ordered_json{{"made_at", manifest.value("made_at", "")},
                                                       {"database_sha256", manifest.value("database_sha256", "")}}
                                    .dump());
    tx.commit();
    database.checkpoint();
  }
  fresh.remove_beside();
  copy_keys(backup / "keys", directory.keys());
  // One that lies here already may know of what was destroyed after the backup, and after the copy that was given.
  result.destroyed = records::merge_tombstone_journals(
      {tombstones, directory.tombstones(), backup / "tombstones.jsonl"}, directory.tombstones());
  // The index goes with the archive that it was made of.
  fs::remove_all(directory.index());
  // The last step: from here on there is an archive.
  fs::rename(fresh.path, directory.database());
  core::sync_directory(directory.root());
  return result;
}

}  // namespace muniment::server
