// Transfer: the package is on disk and written down before anybody can fetch it; what is in it stays here until a
// receipt that agrees with it has been recorded.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/disposal.h"
#include "records/events.h"
#include "records/holds.h"
#include "records/internal/batch_removal.h"
#include "records/internal/erasure.h"
#include "records/internal/obstacles.h"
#include "records/internal/people.h"
#include "storage/index_queue.h"

namespace muniment::records {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorCode;
using storage::Actor;
using storage::Permission;
using storage::Principal;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPrefix = "transfer-";
constexpr std::string_view kSuffix = ".zip";
constexpr std::string_view kTransferredEvent = "transferred";

std::vector<std::int64_t> transferring(storage::Session& session, std::int64_t batch_id) {
  std::vector<std::int64_t> documents;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT document_id FROM disposition_item WHERE batch_id = $1 AND outcome = 'transferring' ORDER BY "
           "document_id",
           batch_id)) {
    documents.push_back(id);
  }
  return documents;
}

// Half-made packages; emptied at every start.
fs::path unfinished(const fs::path& directory) {
  return directory / "unfinished";
}

// Of packages from before earlier versions were handed over.
std::optional<std::string> left_out(storage::Session& session, std::int64_t batch_id, std::int64_t document_id) {
  const auto hash = file_left_out(session, batch_id, document_id);
  if (!hash) return std::nullopt;
  return "its file with the SHA-256 " + hash->hex() +
         " was not in the package; cancel the transfer, and hand over all of its versions";
}

// What has come between its copy and the schedule that was approved for it.
std::optional<std::string> no_copy(storage::Session& session, std::int64_t schedule, std::int64_t document_id,
                                   Date today) {
  auto why = obstacle_to_keeping_copies(session, schedule);
  if (!why) why = obstacle_to_a_copy(session, document_id, today);
  if (!why) return std::nullopt;
  return "its copy cannot be kept as approved: " + *why + "; change that schedule, or cancel the transfer";
}

std::string checked_receiver(std::string_view name) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (clean.empty() || clean.size() > 500) {
    throw Error(ErrorCode::invalid_argument, "say which archive has received it, in 1 to 500 bytes",
                {{"/received_by", "must have 1 to 500 bytes"}});
  }
  return clean;
}

}  // namespace

std::filesystem::path Disposal::package_file(std::int64_t batch_id) const {
  return options_.transfer.directory / (std::string(kPrefix) + std::to_string(batch_id) + std::string(kSuffix));
}

std::optional<core::FileDescriptor> Disposal::rendition_for_package(const storage::Document& document) {
  try {
    return surroundings_.searchable_pdf(document);
  } catch (const Error& error) {
    switch (error.code()) {
      // Of these there is no searchable PDF; the original is what is handed over.
      case ErrorCode::bad_file:
      case ErrorCode::not_found:
      case ErrorCode::password_needed:
      case ErrorCode::timed_out:
      case ErrorCode::too_large:
      case ErrorCode::unsupported_type:
        return std::nullopt;
      default:
        throw;
    }
  }
}

Package Disposal::write_package_of(const PackageTerms& terms, PackageTarget& target,
                                   const std::function<bool()>& stop) {
  const PackageSource source{database_, blobs_, [&](const storage::Document& document) {
                               if (stop()) throw Error(ErrorCode::cancelled, "making the package was stopped");
                               return rendition_for_package(document);
                             }};
  return write_package(source, terms, target);
}

Package Disposal::export_package(const Principal& who, const std::vector<std::int64_t>& documents,
                                 std::string_view title, PackageTarget& target,
                                 const std::vector<std::int64_t>& destroyed) {
  who.require(Permission::transfer_records);
  if (documents.empty() || documents.size() > kLargestBatch) {
    throw Error(ErrorCode::invalid_argument, "a package holds 1 to 10000 documents",
                {{"/documents", "1 to 10000 documents"}});
  }
  Package package = write_package_of({documents, who, std::string(title), "export", "export",
                                      options_.transfer.organisation, options_.transfer.version, destroyed},
                                     target, [] { return false; });
  auto tx = database_.begin(who.actor());
  for (const std::int64_t id : documents) {
    tx.audit({"transfer.exported", "document", id, "", Json{{"package", package.id}}.dump()});
  }
  tx.commit();
  return package;
}

core::TempFile Disposal::new_package_file() const {
  core::create_directories_durably(unfinished(options_.transfer.directory));
  return core::TempFile(unfinished(options_.transfer.directory));
}

void Disposal::keep_after_all(Transaction& tx, std::int64_t batch_id, std::int64_t document_id,
                              const std::string& why) {
  tx.execute(
      "UPDATE record SET stage = 'active', version = version + 1 WHERE document_id = $1 AND stage = 'transferring'",
      document_id);
  set_outcome(tx, batch_id, document_id, Outcome::skipped, why);
  tx.audit({"disposition.skipped", "document", document_id, "", Json{{"batch_id", batch_id}}.dump(), why, false});
}

bool Disposal::hand_over(const Principal& who, const Batch& batch, Date today, const std::function<bool()>& stop) {
  for (;;) {
    std::vector<std::int64_t> documents;
    std::optional<Principal> everything;
    {
      auto session = database_.read();
      documents = transferring(session, batch.id);
      everything = storage::system_principal(session, "disposition");
    }
    if (documents.empty()) {
      auto tx = database_.begin(who.actor());
      finish_execution(tx, batch.id);
      tx.commit();
      return true;
    }
    core::TempFile file = new_package_file();
    const auto target = zip_target(file.descriptor());
    Package package;
    try {
      package = write_package_of({documents, *everything, batch.title, "disposition " + std::to_string(batch.id),
                                  "transfer", options_.transfer.organisation, options_.transfer.version},
                                 *target, stop);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) return false;
      throw;
    }
    const core::FileDigest digest = core::digest_of(file.descriptor());
    file.publish(package_file(batch.id), core::TempFile::Existing::replace);

    auto tx = database_.begin(who.actor());
    // A hold may have come while it was written: then what it reaches stays out of a package made anew.
    bool complete = true;
    for (const std::int64_t id : documents) {
      const auto why = obstacle_as_approved(tx, batch.id, id, today);
      if (!why) continue;
      keep_after_all(tx, batch.id, id, *why);
      complete = false;
    }
    if (complete) {
      tx.execute(
          "INSERT INTO transfer_package (batch_id, package_id, sha256, size, made_at) VALUES ($1, $2, $3, $4, $5)",
          batch.id, package.id, digest.hash, digest.size, tx.now());
      for (const PackageFile& one : package.files) {
        tx.execute("INSERT INTO transfer_file (batch_id, path, sha256, size) VALUES ($1, $2, $3, $4)", batch.id,
                   one.path, one.hash, one.size);
      }
      tx.audit({"disposition.handed_over", "disposition", batch.id, "",
                Json{{"package", package.id}, {"sha256", digest.hash.hex()}, {"records", documents.size()}}.dump()});
      finish_execution(tx, batch.id);
    }
    tx.commit();
    if (complete) return true;
  }
}

core::FileDescriptor Disposal::open_package(const Principal& who, std::int64_t batch_id) {
  who.require(Permission::propose_disposition);
  auto session = database_.read();
  const auto package = find_package(session, batch_id);
  if (!package) throw Error(ErrorCode::not_found, "there is no such package");
  if (package->removed_at) throw Error(ErrorCode::conflict, "this package has been removed");
  for (const auto& [list] : session.rows<std::int64_t>(
           "SELECT DISTINCT d.access_list_id FROM disposition_item i JOIN document d ON d.id = i.document_id "
           "WHERE i.batch_id = $1",  // also of what was kept after all: it may have been in the package already
           batch_id)) {
    if (!who.may_read(list)) throw Error(ErrorCode::forbidden, "you may not read everything that is in this package");
  }
  return core::open_for_reading(package_file(batch_id));
}

void Disposal::record_receipt(const Principal& who, std::int64_t batch_id, std::int64_t expected_version,
                              const Receipt& receipt, Date today) {
  who.require(Permission::propose_disposition);
  const std::string receiver = checked_receiver(receipt.received_by);
  std::string note(core::trim(core::to_nfc(receipt.note)));
  if (note.size() > 1000 || (note.empty() && receipt.files.empty())) {
    throw Error(ErrorCode::invalid_argument, "a receipt that is entered by hand needs a note of who stated it and how",
                {{"/note", "must have 1 to 1000 bytes"}});
  }
  if (receipt.received_on > today) {
    throw Error(ErrorCode::invalid_argument, "a receipt cannot be of a day to come",
                {{"/received_on", "must not be later than today"}});
  }
  {
    auto tx = database_.begin(who.actor());
    const Batch batch = require_batch(tx, batch_id, expected_version);
    const auto package = find_package(tx, batch_id);
    if (!package || transferring(tx, batch_id).empty()) {
      throw Error(ErrorCode::conflict, "nothing of this batch waits for a receipt");
    }
    if (find_receipt(tx, batch_id))
      throw Error(ErrorCode::conflict, "the receipt of this transfer is recorded already");
    if (receipt.document_id && !storage::find_document(tx, who, *receipt.document_id)) {
      throw Error(ErrorCode::invalid_argument, "there is no such document", {{"/document", "must be a document"}});
    }
    if (const auto what = difference(tx, *package, receipt)) {
      tx.audit(
          {"disposition.receipt_refused", "disposition", batch_id, "", Json{{"problem", *what}}.dump(), "", false});
      tx.commit();
      throw Error(ErrorCode::conflict, "this receipt is not of what was handed over: " + *what);
    }
    require_all_readable(tx, who, batch_id);
    for (const std::int64_t id : transferring(tx, batch_id)) {
      auto why = left_out(tx, batch_id, id);
      if (!why && batch.copy_schedule) why = no_copy(tx, *batch.copy_schedule, id, today);
      if (why) {
        throw Error(ErrorCode::conflict, "document " + std::to_string(id) + ": " + *why);
      }
    }
    tx.execute(
        "INSERT INTO transfer_receipt (batch_id, package_sha256, received_by, received_on, files_compared, note, "
        "document_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        batch_id, package->hash, receiver, receipt.received_on, receipt.files.size(), note, receipt.document_id,
        tx.now(), author(tx));
    tx.execute("UPDATE disposition_batch SET version = version + 1 WHERE id = $1", batch_id);
    tx.audit({"disposition.receipt_recorded", "disposition", batch_id, "",
              Json{{"package", package->package_id},
                   {"sha256", package->hash.hex()},
                   {"received_on", core::to_iso(receipt.received_on)},
                   {"files_compared", receipt.files.size()}}
                  .dump()});
    tx.commit();
  }
  let_go(today);
}

std::size_t Disposal::let_go(Date today) {
  const std::lock_guard lock(mutex_);
  struct Waiting {
    std::int64_t batch_id = 0;
    std::int64_t document_id = 0;
    std::string receiver;
    std::optional<std::int64_t> copy_schedule;
  };
  std::vector<Waiting> waiting;
  {
    auto session = database_.read();
    for (const auto& [batch, document, receiver, copy_schedule] :
         session.rows<std::int64_t, std::int64_t, std::string, std::optional<std::int64_t>>(
             "SELECT i.batch_id, i.document_id, r.received_by, b.copy_schedule_id FROM "
             "transfer_receipt r JOIN disposition_item i ON i.batch_id = r.batch_id JOIN disposition_batch b ON b.id = "
             "r.batch_id WHERE i.outcome = 'transferring' ORDER BY i.document_id")) {
      waiting.push_back({batch, document, receiver, copy_schedule});
    }
  }
  std::size_t gone = 0;
  for (const Waiting& one : waiting) {
    std::string why;
    std::string asked;
    try {
      asked = match_querying_holds(one.document_id);
      why = obstacle(one.batch_id, one.document_id, today);
    } catch (const Error& error) {
      why = as_obstacle(error);
    }
    auto tx = database_.begin(Actor::system("transfer"));
    if (why.empty() && querying_holds_state(tx) != asked) why = kQueryPlaced;
    if (why.empty()) why = obstacle_as_approved(tx, one.batch_id, one.document_id, today).value_or("");
    if (why.empty()) why = left_out(tx, one.batch_id, one.document_id).value_or("");
    if (why.empty() && one.copy_schedule) {
      why = no_copy(tx, *one.copy_schedule, one.document_id, today).value_or("");
    }
    if (!why.empty()) {
      // It stays here, and is looked at again.
      if (tx.execute(
              "UPDATE disposition_item SET reason = $1 WHERE batch_id = $2 AND document_id = $3 AND reason <> $1", why,
              one.batch_id, one.document_id) > 0) {
        tx.audit({"disposition.not_let_go", "document", one.document_id, "", Json{{"batch_id", one.batch_id}}.dump(),
                  why, false});
        tx.commit();
      }
      continue;
    }
    Json detail{{"batch_id", one.batch_id}};
    if (one.copy_schedule) {
      keep_copy(tx, one.batch_id, one.document_id, *one.copy_schedule);
      detail["copy_schedule_id"] = *one.copy_schedule;
    } else {
      withdraw_record(tx, one.batch_id, one.document_id, today, one.receiver);
    }
    set_outcome(tx, one.batch_id, one.document_id, Outcome::transferred, "");
    tx.audit({"disposition.transferred", "document", one.document_id, "", detail.dump()});
    tx.commit();
    ++gone;
  }
  remove_settled_packages();
  return gone;
}

void Disposal::keep_copy(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, std::int64_t schedule) {
  tx.execute("INSERT INTO kept_copy (document_id, batch_id) VALUES ($1, $2)", document_id, batch_id);
  const KeptCopy custody = kept_copies(tx, document_id).front();
  tx.execute(
      "UPDATE record SET stage = 'active', own_schedule_id = $1, own_reason = $2, version = version + 1 WHERE "
      "document_id = $3",
      schedule, "A copy: transferred to " + custody.received_by, document_id);
  record_event(tx, storage::system_principal(tx, "transfer"), kTransferredEvent, custody.received_on,
               {{document_id, {}}});
}

void Disposal::cancel_transfer(const Principal& who, std::int64_t batch_id, std::int64_t expected_version,
                               std::string_view reason) {
  who.require(Permission::propose_disposition);
  const std::string clean_reason = checked_reason(reason);
  const std::lock_guard lock(mutex_);
  {
    auto tx = database_.begin(who.actor());
    const Batch batch = require_batch(tx, batch_id, expected_version);
    require_all_readable(tx, who, batch_id);
    const auto documents = transferring(tx, batch_id);
    if (batch.state != BatchState::executed || documents.empty()) {
      throw Error(ErrorCode::conflict, "nothing of this batch waits for a receipt");
    }
    for (const std::int64_t id : documents) {
      keep_after_all(tx, batch_id, id, "the transfer was cancelled: " + clean_reason);
    }
    tx.execute("UPDATE disposition_batch SET version = version + 1 WHERE id = $1", batch_id);
    if (!find_receipt(tx, batch_id)) {
      tx.execute("UPDATE transfer_package SET removed_at = $1 WHERE batch_id = $2", tx.now(), batch_id);
    }
    tx.audit({"disposition.transfer_cancelled", "disposition", batch_id, "", "", clean_reason});
    tx.commit();
  }
  remove_leftover_packages();
}

void Disposal::remove_package(std::int64_t batch_id) {
  if (options_.transfer.directory.empty()) return;
  core::remove_durably(package_file(batch_id));
  auto tx = database_.begin(Actor::system("disposition"));
  tx.execute("UPDATE transfer_package SET removed_at = $1 WHERE batch_id = $2 AND removed_at IS NULL", tx.now(),
             batch_id);
  tx.commit();
}

void Disposal::remove_settled_packages() {
  std::vector<std::int64_t> settled;
  {
    auto session = database_.read();
    for (const auto& [batch] : session.rows<std::int64_t>(
             "SELECT p.batch_id FROM transfer_package p JOIN disposition_batch b ON b.id = p.batch_id JOIN "
             "transfer_receipt r ON r.batch_id = p.batch_id WHERE p.removed_at IS NULL AND b.copy_schedule_id IS NOT "
             "NULL AND NOT EXISTS (SELECT 1 FROM disposition_item i WHERE i.batch_id = p.batch_id AND i.outcome = "
             "'transferring')")) {
      settled.push_back(batch);
    }
  }
  for (const std::int64_t batch : settled) remove_package(batch);
}

void Disposal::remove_leftover_packages() {
  const fs::path& directory = options_.transfer.directory;
  if (directory.empty() || !fs::exists(directory)) return;
  if (fs::exists(unfinished(directory))) {
    for (const auto& entry : fs::directory_iterator(unfinished(directory))) core::remove_durably(entry.path());
  }
  std::vector<fs::path> leftover;
  {
    auto session = database_.read();
    for (const auto& entry : fs::directory_iterator(directory)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
      const auto batch = core::parse_integer(
          std::string_view(name).substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size()));
      if (!batch) continue;
      const auto package = find_package(session, *batch);
      if (!package || package->removed_at) leftover.push_back(entry.path());
    }
  }
  for (const fs::path& file : leftover) core::remove_durably(file);
}

}  // namespace muniment::records
