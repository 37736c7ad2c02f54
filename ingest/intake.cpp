#include "ingest/intake.h"

#include <algorithm>
#include <array>

#include "core/files.h"
#include "core/text.h"
#include "ingest/allowed_types.h"
#include "storage/document_versions.h"
#include "storage/members.h"
#include "storage/page_origins.h"

namespace muniment::ingest {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kHead = 1024;
// How often the free space is looked at again while a file comes in.
constexpr std::uint64_t kSpaceCheckEvery = 64ULL << 20;

std::string in_mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

void require_not_empty(std::uint64_t size) {
  if (size > 0) return;
  throw Error(ErrorCode::invalid_argument, "the file is empty: there is nothing to keep; was it sent completely?",
              {{"/file", "must not be empty"}});
}

// What `who`, whose token only adds, has sent before: to send it again doubles nothing, and of what else is here they
// learn nothing. What lies in the trash counts for nothing, since they are not told that it does.
std::optional<std::int64_t> sent_before(storage::Session& session, const storage::Principal& who,
                                        const Arrival& arrival) {
  storage::Principal owner = who;
  owner.scopes = storage::TokenScopes::all();
  return storage::find_duplicate(session, owner, arrival.document.hash,
                                 [&](storage::Session& in, const storage::Document& twin) {
                                   return twin.added_by == who.account_id && storage::is_out_of_trash(in, twin) &&
                                          (!arrival.duplicate_test || arrival.duplicate_test(in, twin));
                                 });
}

// With its name made harmless; everything else about it is checked by storage.
Arrival cleaned(Arrival arrival) {
  arrival.document.filename = core::display_filename(arrival.document.filename);
  return arrival;
}

}  // namespace

Intake::Intake(storage::Database& database, const storage::BlobStore& blobs, IntakeOptions options,
               std::function<void()> queued)
    : database_(database),
      blobs_(blobs),
      options_(std::move(options)),
      quota_(options_.daily_quota_bytes),
      queued_(std::move(queued)) {}

void Intake::require_room(std::uint64_t bytes) const {
  if (bytes > options_.max_file_bytes) {
    throw Error(ErrorCode::too_large, "the file is larger than the limit of " + in_mebibytes(options_.max_file_bytes) +
                                          "; split it, or ask the administrator to raise intake.max_file_size");
  }
  const core::DiskSpace space = core::disk_space(blobs_.temp_directory());
  const std::uint64_t floor = options_.free_floor(space.total_bytes);
  if (space.free_bytes < floor || space.free_bytes - floor < bytes) {
    throw Error(ErrorCode::storage_full,
                "the archive's disk is too full to take this in: " + in_mebibytes(space.free_bytes) + " are free and " +
                    in_mebibytes(floor) + " must stay free; free some space or enlarge the disk, then send it again");
  }
}

void Intake::require_room(const storage::Principal& who, std::uint64_t bytes) const {
  require_room(bytes);
  auto session = database_.read();
  quota_.require(session, who, bytes);
}

std::uint64_t Intake::most_for(const storage::Principal& who) const {
  auto session = database_.read();
  return std::min(options_.max_file_bytes, quota_.left(session, who));
}

void file_as(storage::Session& session, const storage::PresetFiling& filing, Arrival& arrival) {
  filing.describe(arrival.document);
  if (filing.has_place()) {
    arrival.duplicate_list = storage::inherited_access_list(session, filing.folder_id, filing.class_id);
  } else {
    arrival.duplicate_test = storage::is_out_of_trash;
  }
}

void Intake::require_allowed(std::span<const std::byte> head) const {
  const std::string type = media_type_by_magic(head);
  if (!may_be_allowed(options_.allowed_types, type)) throw not_allowed(options_.allowed_types, type);
}

Intake::Spooled Intake::spool(const Reader& source) const {
  Spooled copied{blobs_.new_file(), {}};
  core::Sha256Stream hash;
  std::vector<std::byte> buffer(kChunk);
  std::uint64_t check_space_at = 0;
  while (const std::size_t got = source(buffer)) {
    const auto bytes = std::span<const std::byte>(buffer).first(got);
    // A source gives as little as it likes, so the first bytes may not suffice to know a type: then it is a plain text
    // or unknown, as a short file would be.
    if (copied.file.size() == 0) require_allowed(bytes.first(std::min(got, kHead)));
    const std::uint64_t size = copied.file.size() + got;
    if (size > options_.max_file_bytes || size >= check_space_at) {
      require_room(size > options_.max_file_bytes ? size : got);
      check_space_at = size + kSpaceCheckEvery;
    }
    copied.file.append(bytes);
    hash.add(bytes);
  }
  require_not_empty(copied.file.size());
  copied.hash = hash.finish();
  return copied;
}

bool Intake::holds(const Spooled& file) const {
  return !blobs_.damage(file.hash, core::size_of(file.file.descriptor()));
}

std::optional<Receipt> Intake::find_duplicate(storage::Session& session, const storage::Principal& who,
                                              const Arrival& arrival) const {
  if (arrival.keep_duplicate) return std::nullopt;
  const bool only_adds = !who.may(storage::Permission::read_documents);
  const auto id = arrival.duplicate_list
                      ? storage::find_equal_document(session, arrival.document.hash, *arrival.duplicate_list)
                  : only_adds ? sent_before(session, who, arrival)
                              : storage::find_duplicate(session, who, arrival.document.hash, arrival.duplicate_test);
  if (!id) return std::nullopt;
  // The list says who may read it; whoever only sends, and may not, would double it by sending it again.
  const auto document = storage::find_document(
      session, arrival.duplicate_list || only_adds ? storage::system_principal(session, who.client) : who, *id);
  if (!document) return std::nullopt;
  Receipt receipt;
  receipt.document_id = *id;
  receipt.duplicate = true;
  receipt.in_trash = !storage::is_out_of_trash(session, *document);
  if (const auto job = storage::find_document_job(session, *id)) receipt.job_id = job->id;
  return receipt;
}

std::optional<Receipt> Intake::answer_duplicate(const storage::Principal& who, const Arrival& arrival) const {
  if (arrival.with) return std::nullopt;
  auto session = database_.read();
  auto duplicate = find_duplicate(session, who, arrival);
  if (duplicate && blobs_.damage(arrival.document.hash, arrival.document.size)) return std::nullopt;
  return duplicate;
}

void Intake::require_quota(const storage::Principal& who, const Arrival& arrival) const {
  if (!arrival.counted) return;
  auto session = database_.read();
  const std::uint64_t size = arrival.document.size;
  if (size > quota_.left(session, who) && !find_duplicate(session, who, arrival)) quota_.require(session, who, size);
}

Receipt Intake::enter(storage::Transaction& tx, const storage::Principal& who, const Arrival& arrival) const {
  if (auto duplicate = find_duplicate(tx, who, arrival)) {
    if (arrival.with) arrival.with(tx, *duplicate);
    return *duplicate;
  }
  blobs_.require_stored(arrival.document.hash);
  if (arrival.counted) quota_.charge(tx, who, arrival.document.size);
  Receipt receipt;
  receipt.document_id = storage::create_document(tx, arrival.document);
  receipt.job_id = storage::enqueue_job(tx, "read", receipt.document_id, arrival.priority);
  if (arrival.with) arrival.with(tx, receipt);
  return receipt;
}

Receipt Intake::take_in(const storage::Principal& who, Arrival arrival, Spooled file) const {
  arrival.document.hash = file.hash;
  arrival.document.size = file.file.size();
  if (const auto duplicate = answer_duplicate(who, arrival)) return *duplicate;
  require_quota(who, arrival);
  blobs_.put(std::move(file.file), file.hash);
  auto tx = database_.begin(who.actor());
  if (arrival.filing) arrival.filing(tx, arrival);
  Receipt receipt = enter(tx, who, arrival);
  if (!receipt.duplicate) tx.after_commit([this] { queued_(); });
  tx.commit();
  return receipt;
}

Receipt Intake::accept(const storage::Principal& who, Arrival arrival, const Reader& source) const {
  who.require(storage::Permission::capture);
  arrival = cleaned(std::move(arrival));
  const std::uint64_t most = arrival.counted ? most_for(who) : UINT64_MAX;
  std::uint64_t came = 0;
  Spooled file = spool([&](std::span<std::byte> buffer) {
    const std::size_t got = source(buffer);
    came += got;
    if (came > most) require_room(who, came);
    return got;
  });
  return take_in(who, std::move(arrival), std::move(file));
}

Intake::Spooled Intake::link(const std::filesystem::path& file) const {
  core::TempFile second = core::TempFile::second_name(file, blobs_.temp_directory());
  require_not_empty(second.size());
  require_room(second.size() > options_.max_file_bytes ? second.size() : 0);
  std::vector<std::byte> head(kHead);
  head.resize(core::read_at(second.descriptor(), 0, head));
  require_allowed(head);
  const core::FileDigest digest = core::digest_of(second.descriptor());
  return {std::move(second), digest.hash};
}

Receipt Intake::accept_file(const storage::Principal& who, Arrival arrival, const std::filesystem::path& file) const {
  who.require(storage::Permission::capture);
  arrival = cleaned(std::move(arrival));
  return take_in(who, std::move(arrival), link(file));
}

Receipt Intake::accept_version(const storage::Principal& who, VersionArrival arrival,
                               const std::filesystem::path& file) const {
  who.require(storage::Permission::capture);
  const std::string filename = core::display_filename(arrival.filename);
  Spooled linked = link(file);
  const std::uint64_t size = linked.file.size();
  if (arrival.counted) {
    auto session = database_.read();
    quota_.require(session, who, size);
  }
  blobs_.put(std::move(linked.file), linked.hash);
  auto tx = database_.begin(who.actor());
  const storage::Document before = storage::changeable_document(tx, who, arrival.document_id);
  Receipt receipt;
  receipt.document_id = before.id;
  if (!before.components.empty() && before.components.front().hash == linked.hash) {
    receipt.duplicate = true;
    if (const auto job = storage::find_document_job(tx, before.id)) receipt.job_id = job->id;
    return receipt;
  }
  blobs_.require_stored(linked.hash);
  if (arrival.counted) quota_.charge(tx, who, size);
  storage::add_document_version(tx, who, before.id, arrival.expected_version,
                                {filename, linked.hash, size, arrival.comment, arrival.stays_checked_out});
  receipt.job_id = storage::enqueue_job(tx, "read", before.id, storage::kInteractive);
  tx.after_commit([this] { queued_(); });
  tx.commit();
  return receipt;
}

Receipt Intake::restore_version(const storage::Principal& who, std::int64_t document_id,
                                std::optional<std::int64_t> expected_version, std::int64_t number,
                                std::string_view comment) const {
  who.require(storage::Permission::capture);
  auto tx = database_.begin(who.actor());
  storage::restore_document_version(tx, who, document_id, expected_version, number, comment);
  Receipt receipt;
  receipt.document_id = document_id;
  receipt.job_id = storage::enqueue_job(tx, "read", document_id, storage::kInteractive);
  tx.after_commit([this] { queued_(); });
  tx.commit();
  return receipt;
}

Receipt Intake::accept_versions(const storage::Principal& who, Arrival arrival,
                                std::vector<VersionFile> versions) const {
  who.require(storage::Permission::capture);
  arrival.document.hash = versions.back().content.hash;
  arrival.document.size = versions.back().content.file.size();
  if (const auto duplicate = answer_duplicate(who, arrival)) return *duplicate;
  std::vector<storage::NewVersion> files;
  std::vector<storage::BlobStore::NewBlob> blobs;
  for (VersionFile& version : versions) {
    files.push_back({.filename = core::display_filename(version.filename),
                     .hash = version.content.hash,
                     .size = version.content.file.size(),
                     .comment = version.comment});
    blobs.push_back({std::move(version.content.file), version.content.hash});
  }
  blobs_.put_all(std::move(blobs));

  auto tx = database_.begin(who.actor());
  if (const auto duplicate = find_duplicate(tx, who, arrival)) {
    if (arrival.with) arrival.with(tx, *duplicate);
    tx.commit();
    return *duplicate;
  }
  arrival.document.filename = files.front().filename;
  arrival.document.hash = files.front().hash;
  arrival.document.size = files.front().size;
  arrival.keep_duplicate = true;
  Receipt receipt = enter(tx, who, arrival);
  // Nobody else has it yet, and its list may be one that `who` was not on when asked who they are.
  const storage::Principal maker = storage::system_principal(tx, who.client);
  const auto others = std::span(files).subspan(1);
  for (const storage::NewVersion& version : others) {
    blobs_.require_stored(version.hash);
    if (arrival.counted) quota_.charge(tx, who, version.size);
    storage::add_document_version(tx, maker, receipt.document_id, std::nullopt, version);
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    for (const std::string& label : versions[i].labels) {
      storage::label_version(tx, maker, receipt.document_id, static_cast<std::int64_t>(i) + 1, label);
    }
  }
  // The reading of the first one was called off.
  if (!others.empty()) receipt.job_id = storage::enqueue_job(tx, "read", receipt.document_id, arrival.priority);
  tx.after_commit([this] { queued_(); });
  tx.commit();
  return receipt;
}

bool Intake::has(storage::Session& session, const storage::Principal& who, Arrival arrival,
                 const core::Sha256& hash) const {
  arrival.document.hash = hash;
  return find_duplicate(session, who, arrival).has_value();
}

std::vector<Receipt> Intake::accept_together(
    const storage::Principal& who, std::vector<std::pair<Arrival, Spooled>> files,
    const std::function<void(storage::Transaction& tx, std::span<const Receipt> receipts)>& together) const {
  who.require(storage::Permission::capture);
  std::vector<storage::BlobStore::NewBlob> blobs;
  for (auto& [arrival, file] : files) {
    arrival = cleaned(std::move(arrival));
    arrival.document.hash = file.hash;
    arrival.document.size = file.file.size();
    blobs.push_back({std::move(file.file), file.hash});
  }
  blobs_.put_all(std::move(blobs));
  auto tx = database_.begin(who.actor());
  std::vector<Receipt> receipts;
  for (const auto& [arrival, file] : files) receipts.push_back(enter(tx, who, arrival));
  together(tx, receipts);
  tx.after_commit([this] { queued_(); });
  tx.commit();
  return receipts;
}

std::vector<Intake::BatchOutcome> Intake::accept_batch(const storage::Principal& who,
                                                       std::vector<BatchItem> items) const {
  who.require(storage::Permission::capture);
  std::vector<std::optional<Error>> refusals(items.size());
  std::vector<storage::BlobStore::NewBlob> blobs;
  for (std::size_t i = 0; i < items.size(); ++i) {
    Arrival& arrival = items[i].arrival;
    try {
      arrival = cleaned(std::move(arrival));
      Spooled copied = spool(items[i].source);
      arrival.document.hash = copied.hash;
      arrival.document.size = copied.file.size();
      blobs.push_back({std::move(copied.file), copied.hash});
    } catch (const Error& error) {
      refusals[i] = error;
    }
  }
  blobs_.put_all(std::move(blobs));

  std::vector<BatchOutcome> outcomes;
  outcomes.reserve(items.size());
  bool any_new = false;
  auto tx = database_.begin(who.actor());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (refusals[i]) {
      outcomes.emplace_back(*refusals[i]);
      continue;
    }
    const Receipt receipt = enter(tx, who, items[i].arrival);
    any_new = any_new || !receipt.duplicate;
    outcomes.emplace_back(receipt);
  }
  if (any_new) tx.after_commit([this] { queued_(); });
  tx.commit();
  return outcomes;
}

}  // namespace muniment::ingest
