// What cannot be undone: purging after the restore window, emptying the trash, looking whether anything is left,
// removing files that are in no document, and destroying again what a restored backup brought back.
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "records/disposal.h"
#include "records/holds.h"
#include "records/internal/erasure.h"
#include "records/internal/obstacles.h"
#include "records/internal/postponement.h"
#include "records/internal/tombstone_journal.h"
#include "storage/page_origins.h"

namespace muniment::records {

using storage::Actor;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPurgedAtOnce = 500;
constexpr std::size_t kFilesRemovedAtOnce = 50;  // in one transaction, for which others wait
// $1 = the moment before which it was put there.
const std::string kLeavesTheTrash =
    std::string(kTrashTimeIsOver) + " AND NOT " + std::string(kHasPaper) + " AND NOT " + std::string(kMustStay);

// A record that was let go while packages held its current version only: the rest of it is nowhere else.
constexpr std::string_view kLeftOutOfPackage =
    "EXISTS (SELECT 1 FROM tombstone t JOIN transfer_package g ON g.batch_id = t.batch_id JOIN component c ON "
    "c.document_id = t.document_id WHERE t.document_id = d.id AND t.transferred_to IS NOT NULL AND NOT EXISTS (SELECT "
    "1 FROM transfer_file f WHERE f.batch_id = g.batch_id AND f.sha256 = c.sha256))";
constexpr std::string_view kNotHandedOver = "its file with the SHA-256 ";

// The transfers whose packages may hold a copy of it, purged or not. While something of a batch waits for its receipt,
// what was skipped is not in the package; a transfer that is cancelled skips all that waits.
std::vector<std::int64_t> transfers_with(storage::Session& session, std::int64_t document_id) {
  std::vector<std::int64_t> batches;
  for (const auto& [batch] : session.rows<std::int64_t>(
           "SELECT p.batch_id FROM disposition_item i JOIN transfer_package p ON p.batch_id = i.batch_id WHERE "
           "i.document_id = $1 AND (i.outcome IN ('transferred', 'restored', 'purged') OR (i.outcome = 'skipped' AND "
           "NOT EXISTS (SELECT 1 FROM disposition_item w WHERE w.batch_id = i.batch_id AND w.outcome = "
           "'transferring')))",
           document_id)) {
    batches.push_back(batch);
  }
  return batches;
}

// Those of which that is not told yet with their outcome.
std::vector<std::int64_t> left_out_and_not_told(storage::Session& session, Date today) {
  std::vector<std::int64_t> documents;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT d.id FROM record r JOIN document d ON d.id = r.document_id JOIN tombstone o ON o.document_id = d.id "
           "JOIN disposition_item i ON i.batch_id = o.batch_id AND i.document_id = d.id WHERE r.stage = 'restorable' "
           "AND r.restorable_until < $1 AND instr(i.reason, $2) = 0 AND " +
               std::string(kLeftOutOfPackage) + " ORDER BY d.id LIMIT $3",
           today, kNotHandedOver, kPurgedAtOnce)) {
    documents.push_back(id);
  }
  return documents;
}

// Filing has not come to forgetting what it learned of it: that is looked at after its turn.
constexpr std::string_view kStillLearned =
    "EXISTS (SELECT 1 FROM filing_example e JOIN filing_task f ON f.document_id = e.document_id WHERE e.document_id = "
    "tombstone.document_id)";

// What was found left of it when that was last looked at; empty when it was not yet.
std::optional<Json> told_remains(storage::Session& session, std::int64_t document_id) {
  const auto detail = session.value<std::string>(
      "SELECT d.detail FROM audit a JOIN audit_detail d ON d.sequence = a.sequence WHERE a.object = 'document' AND "
      "a.object_id = $1 AND a.action = 'disposition.purge_verified' ORDER BY a.sequence DESC LIMIT 1",
      document_id);
  if (!detail) return std::nullopt;
  return Json::parse(*detail).at("after").at("remains");
}

// The files of what was purged that no other document has.
std::vector<core::Sha256> own_files(storage::Session& session, std::int64_t document_id) {
  const auto components =
      session.value<std::string>("SELECT components FROM tombstone WHERE document_id = $1", document_id).value();
  std::vector<core::Sha256> files;
  for (const Json& component : Json::parse(components)) {
    const auto hash = core::Sha256::from_hex(component.at("sha256").get<std::string>()).value();
    if (session.value<std::int64_t>("SELECT count(*) FROM component WHERE sha256 = $1", hash).value() == 0) {
      files.push_back(hash);
    }
  }
  return files;
}

// What a backup had brought back was purged when the journal says; anything else now.
core::Time purged_before(storage::Transaction& tx, std::int64_t document_id) {
  const auto noted =
      tx.value<std::string>("SELECT purged_at FROM destroyed_before WHERE document_id = $1", document_id);
  return (noted ? core::parse_rfc3339(*noted) : std::nullopt).value_or(tx.now());
}

// One document that cannot be destroyed now keeps none of the others: what is wrong with it is told after they are
// done.
template <typename Destroy>
std::size_t each_of(const std::vector<std::int64_t>& documents, const Destroy& destroy) {
  std::size_t destroyed = 0;
  std::optional<core::Error> problem;
  for (const std::int64_t id : documents) {
    try {
      destroyed += destroy(id) ? 1 : 0;
    } catch (const core::Error& error) {
      if (!problem) problem = error;
    }
  }
  if (problem) throw *problem;
  return destroyed;
}

}  // namespace

std::size_t Disposal::purge(Date today) {
  const std::lock_guard lock(mutex_);
  const std::unique_lock destroying(destroying_, std::try_to_lock);
  if (!destroying) return 0;
  std::vector<std::int64_t> due;
  std::vector<std::int64_t> left_out;
  {
    auto session = database_.read();
    left_out = left_out_and_not_told(session, today);
    // What a crash interrupted comes first: its decision was made and its window is over.
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT d.id FROM record r JOIN document d ON d.id = r.document_id WHERE stage = 'purging' OR (stage = "
             "'restorable' AND restorable_until < $1 AND NOT " +
                 std::string(kHasPaper) + " AND NOT " + std::string(kMustStay) + " AND NOT " +
                 std::string(kLeftOutOfPackage) + ") ORDER BY stage = 'restorable', d.id LIMIT $2",
             today, kPurgedAtOnce)) {
      due.push_back(id);
    }
  }
  for (const std::int64_t id : left_out) left_out_of_package(id);
  return each_of(due, [&](std::int64_t id) { return purge_record(id); });
}

bool Disposal::purge_record(std::int64_t document_id) {
  bool decided = false;
  {
    auto session = database_.read();
    decided = find_record(session, document_id).value().stage == Stage::purging;
  }
  if (!decided) {
    if (left_out_of_package(document_id)) return false;
    std::string asked;
    try {
      asked = match_querying_holds(document_id);
    } catch (const core::Error& error) {
      note_purge_waiting(database_, document_id, as_obstacle(error));
      throw;
    }
    auto tx = database_.begin(Actor::system("disposition"));
    const auto held = tx.value<std::int64_t>(
        "SELECT d.id FROM document d WHERE d.id = $1 AND " + std::string(kMustStay), document_id);
    if (held || querying_holds_state(tx) != asked) return false;
    tx.execute("UPDATE record SET stage = 'purging', version = version + 1 WHERE document_id = $1", document_id);
    tx.audit({"disposition.purging", "document", document_id});
    storage::give_up_originals(tx, document_id);
    tx.commit();
  }
  erase(document_id);
  return true;
}

// Tells so with its outcome, too.
bool Disposal::left_out_of_package(std::int64_t document_id) {
  std::optional<core::Sha256> hash;
  {
    auto session = database_.read();
    const auto batch = session.value<std::int64_t>(
        "SELECT batch_id FROM tombstone WHERE document_id = $1 AND batch_id IS NOT NULL "
        "AND transferred_to IS NOT NULL",
        document_id);
    if (batch) hash = file_left_out(session, *batch, document_id);
  }
  if (!hash) return false;
  note_purge_waiting(
      database_, document_id,
      std::string(kNotHandedOver) + hash->hex() + " was not handed over; restore the record, and transfer it anew");
  return true;
}

void Disposal::erase(std::int64_t document_id) {
  std::vector<core::Sha256> hashes;
  std::vector<std::int64_t> transfers;
  {
    auto session = database_.read();
    hashes = component_hashes(session, document_id);
    transfers = transfers_with(session, document_id);
  }
  surroundings_.remove_derived(document_id, hashes);
  // Also those of earlier transfers, after which it stayed here.
  for (const std::int64_t batch : transfers) remove_package(batch);
  auto tx = database_.begin(Actor::system("disposition"));
  const auto batch =
      tx.value<std::optional<std::int64_t>>("SELECT batch_id FROM tombstone WHERE document_id = $1", document_id);
  erase_rows(tx, document_id);
  tx.execute("UPDATE tombstone SET purged_at = $1 WHERE document_id = $2", purged_before(tx, document_id), document_id);
  if (batch && *batch) {
    tx.execute(
        "UPDATE disposition_item SET outcome = 'purged', reason = '', decided_at = $1 WHERE batch_id = $2 AND "
        "document_id = $3",
        tx.now(), **batch, document_id);
  }
  tx.audit({"disposition.purged", "document", document_id, "", destruction_details(tx, document_id)});
  // Nobody can refer to these files between here and the commit: an intake of the same bytes waits for this lock, and
  // looks whether they are there once it has it.
  for (const core::Sha256& hash : forget_unused_blobs(tx, hashes)) blobs_.remove(hash);
  tx.commit();
}

std::size_t Disposal::empty_trash(core::Time cutoff) {
  const std::lock_guard lock(mutex_);
  const std::unique_lock destroying(destroying_, std::try_to_lock);
  if (!destroying) return 0;
  std::size_t destroyed = 0;
  // What is destroyed may give up the original that its pages came from, which is then next.
  for (std::size_t before = destroyed;; before = destroyed) {
    std::vector<std::int64_t> due;
    {
      auto session = database_.read();
      for (const auto& [id] : session.rows<std::int64_t>(
               "SELECT d.id FROM document d WHERE " + kLeavesTheTrash + " ORDER BY d.id LIMIT $2", cutoff,
               kPurgedAtOnce)) {
        due.push_back(id);
      }
    }
    destroyed += each_of(due, [&](std::int64_t id) { return destroy_from_trash(id, cutoff); });
    if (destroyed == before) return destroyed;
  }
}

bool Disposal::destroy_from_trash(std::int64_t document_id, core::Time cutoff) {
  const std::string asked = match_querying_holds(document_id);
  {
    auto tx = database_.begin(Actor::system("trash"));
    const auto still = tx.value<std::int64_t>("SELECT d.id FROM document d WHERE " + kLeavesTheTrash + " AND d.id = $2",
                                              cutoff, document_id);
    if (!still || querying_holds_state(tx) != asked) return false;
    if (!tx.value<std::int64_t>("SELECT document_id FROM tombstone WHERE document_id = $1", document_id)) {
      write_tombstone(tx, document_id, std::nullopt, {options_.keep_titles, tx.now()});
      tx.audit({"document.trash_emptying", "document", document_id, "", destruction_details(tx, document_id)});
    }
    storage::give_up_originals(tx, document_id);
    tx.commit();
  }
  erase(document_id);
  return true;
}

storage::UnreferencedBlobs Disposal::remove_unreferenced_files(core::Time cutoff, const std::function<bool()>& stop) {
  const std::lock_guard lock(mutex_);
  const std::unique_lock destroying(destroying_, std::try_to_lock);
  storage::UnreferencedBlobs removed;
  if (!destroying) return removed;
  while (!stop()) {
    const auto some = storage::remove_unreferenced_blobs(database_, blobs_, cutoff, kFilesRemovedAtOnce);
    if (some.count == 0) break;
    removed.count += some.count;
    removed.bytes += some.bytes;
  }
  return removed;
}

std::vector<std::string> Disposal::all_remains(storage::Transaction& tx, std::int64_t document_id) {
  std::vector<std::string> remains = remains_of(tx, document_id);
  const std::vector<core::Sha256> its_own = own_files(tx, document_id);
  for (const core::Sha256& hash : its_own) {
    if (std::filesystem::exists(blobs_.path(hash))) remains.push_back("the file " + hash.hex());
  }
  for (std::string& what : surroundings_.derived_remains(document_id, its_own)) remains.push_back(std::move(what));
  for (const std::int64_t batch : transfers_with(tx, document_id)) {
    if (!options_.transfer.directory.empty() && std::filesystem::exists(package_file(batch))) {
      remains.push_back("the package of transfer " + std::to_string(batch));
    }
  }
  return remains;
}

std::vector<std::string> Disposal::verify_purged() {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> open;
  {
    auto session = database_.read();
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT document_id FROM tombstone WHERE purged_at IS NOT NULL AND verified_at IS NULL AND NOT " +
                 std::string(kStillLearned) + " ORDER BY document_id LIMIT $1",
             kPurgedAtOnce)) {
      open.push_back(id);
    }
  }
  if (open.empty()) return {};
  try {
    surroundings_.purge_from_index(open);
  } catch (const core::Error& error) {
    for (const std::int64_t id : open) note_purge_waiting(database_, id, error.message());
    throw;
  }
  database_.checkpoint();
  std::vector<std::string> findings;
  for (const std::int64_t id : open) {
    std::optional<Json> told;
    std::vector<core::Sha256> files;
    {
      auto session = database_.read();
      told = told_remains(session, id);
      files = own_files(session, id);
    }
    // Somebody who looked at it while it was purged may have had it made anew.
    surroundings_.remove_derived(id, files);
    if (!told) write_journal(id);
    auto tx = database_.begin(Actor::system("disposition"));
    const std::vector<std::string> remains = all_remains(tx, id);
    for (const std::string& what : remains) {
      findings.push_back("document " + std::to_string(id) + " was destroyed, but " + what + " is still there");
    }
    if (remains.empty()) {
      tx.execute("UPDATE tombstone SET verified_at = $1 WHERE document_id = $2", tx.now(), id);
      tx.execute("UPDATE disposition_item SET reason = '' WHERE document_id = $1 AND outcome = 'purged'", id);
    }
    if (told == Json(remains)) continue;
    tx.audit(
        {"disposition.purge_verified", "document", id, "", Json{{"remains", remains}}.dump(), "", remains.empty()});
    tx.commit();
  }
  return findings;
}

void Disposal::write_journal(std::int64_t document_id) {
  if (options_.journal.empty()) return;
  std::string line;
  {
    auto session = database_.read();
    line = journal_line(session, document_id);
  }
  if (!line.empty()) core::append_durably(options_.journal, line + "\n");
}

std::size_t Disposal::replay_journal() {
  if (options_.journal.empty() || !std::filesystem::exists(options_.journal)) return 0;
  const std::lock_guard lock(mutex_);
  std::ifstream journal(options_.journal);
  std::size_t destroyed = 0;
  for (std::string line; std::getline(journal, line);) {
    // A crash may have left a part of the last line; that purge is not verified either.
    const auto entry = parse_journal_line(line);
    if (entry && destroy_again(*entry)) ++destroyed;
  }
  return destroyed;
}

bool Disposal::destroy_again(const JournalEntry& entry) {
  const std::int64_t document_id = entry.document_id;
  {
    auto session = database_.read();
    const auto captured = session.value<std::int64_t>("SELECT added_at FROM document WHERE id = $1", document_id);
    if (!captured || *captured != entry.captured_at) return false;
  }
  {
    auto tx = database_.begin(Actor::system("restored backup"));
    tx.execute(
        "INSERT INTO destroyed_before (document_id, purged_at, noted_at) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        document_id, entry.purged_at, tx.now());
    // Whatever held it in the backup had let go before it was destroyed.
    for (const auto& [hold] : tx.rows<std::int64_t>(
             "SELECT hold_id FROM hold_item WHERE document_id = $1 AND released_at IS NULL", document_id)) {
      tx.audit({"hold.document_released", "document", document_id, Json{{"hold_id", hold}}.dump(), "",
                "it had been destroyed before the backup was restored"});
    }
    tx.execute("UPDATE hold_item SET released_at = $1 WHERE document_id = $2 AND released_at IS NULL", tx.now(),
               document_id);
    tx.execute(
        "UPDATE record SET stage = 'purging', version = version + 1 WHERE document_id = $1 AND stage <> 'purging'",
        document_id);
    if (!restore_tombstone(tx, entry) &&
        !tx.value<std::int64_t>("SELECT document_id FROM tombstone WHERE document_id = $1", document_id)) {
      write_tombstone(tx, document_id, std::nullopt, {options_.keep_titles, entry.purged.value_or(tx.now())});
    }
    tx.audit({"disposition.destroyed_again", "document", document_id, "", Json{{"purged_at", entry.purged_at}}.dump(),
              "a backup from before its destruction was restored"});
    storage::give_up_originals(tx, document_id);
    tx.commit();
  }
  erase(document_id);
  return true;
}

}  // namespace muniment::records
