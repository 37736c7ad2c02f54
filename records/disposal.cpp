#include "records/disposal.h"

#include <fstream>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "records/holds.h"
#include "records/internal/erasure.h"
#include "records/internal/people.h"
#include "storage/index_queue.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Actor;
using storage::Permission;
using storage::Principal;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kItemsAtOnce = 200;
constexpr std::size_t kPurgedAtOnce = 500;
// In the trash because a person had it erased (records/privacy.h): that is not to wait.
constexpr std::string_view kErasedOnRequest =
    "EXISTS (SELECT 1 FROM erasure_item e WHERE e.document_id = d.id AND e.outcome = 'trashed')";

Date plus_days(Date date, int days) {
  return Date(std::chrono::sys_days(date) + std::chrono::days(days));
}

std::int64_t version_of(storage::Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT version FROM document WHERE id = $1", document_id).value_or(0);
}

}  // namespace

Disposal::Disposal(storage::Database& database, const storage::BlobStore& blobs, Surroundings& surroundings,
                   DisposalOptions options)
    : database_(database), blobs_(blobs), surroundings_(surroundings), options_(std::move(options)) {}

std::vector<Disposal::Check> Disposal::dry_run(std::int64_t batch_id, Date today) {
  std::vector<Check> checks;
  std::optional<Batch> batch;
  std::vector<BatchItem> items;
  {
    auto session = database_.read();
    batch = find_batch(session, batch_id);
    if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
    items = batch_items(session, storage::system_principal(session, "disposition"), batch_id, 0, kLargestBatch);
  }
  for (const BatchItem& item : items) {
    if (item.outcome != Outcome::pending) continue;
    std::string found = obstacle(item.document_id, batch->action, item.content_hash, today);
    if (found.empty()) {
      auto session = database_.read();
      for (const Hold& hold : querying_holds(session)) {
        if (surroundings_.matches(hold.query, item.document_id)) found = "a hold's query matches it";
      }
    }
    checks.push_back({item.document_id, std::move(found)});
  }
  return checks;
}

void Disposal::begin(const Principal& who, std::int64_t batch_id, std::int64_t expected_version) {
  who.require(Permission::propose_disposition);
  auto tx = database_.begin(who.actor());
  const auto batch = find_batch(tx, batch_id);
  if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
  if (batch->version != expected_version) {
    throw Error(ErrorCode::stale, "somebody else has changed this batch; look at it again");
  }
  require_all_readable(tx, who, batch_id);
  if (batch->state != BatchState::approved) {
    throw Error(ErrorCode::conflict, "this batch is " + std::string(batch_state_name(batch->state)) +
                                         "; only an approved one can be executed");
  }
  tx.execute(
      "UPDATE disposition_batch SET state = 'executing', executed_by = $1, executed_at = $2, version = version + 1 "
      "WHERE id = $3",
      who.account_id, tx.now(), batch_id);
  tx.audit({"disposition.executing", "disposition", batch_id});
  tx.commit();
}

void Disposal::recover() {
  auto tx = database_.begin(Actor::system("recovery"));
  const auto interrupted = tx.rows<std::int64_t>("SELECT id FROM disposition_batch WHERE state = 'executing'");
  for (const auto& [id] : interrupted) {
    tx.execute("UPDATE disposition_batch SET state = 'approved', version = version + 1 WHERE id = $1", id);
    tx.audit({"disposition.interrupted", "disposition", id});
  }
  if (!interrupted.empty()) tx.commit();
  remove_leftover_packages();
}

void Disposal::interrupt(std::int64_t batch_id, std::string_view reason) {
  auto tx = database_.begin(Actor::system("disposition"));
  const auto changed = tx.execute(
      "UPDATE disposition_batch SET state = 'approved', version = version + 1 WHERE id = $1 AND state = 'executing'",
      batch_id);
  if (changed == 0) return;
  tx.audit({"disposition.interrupted", "disposition", batch_id, "", "", std::string(reason), false});
  tx.commit();
}

std::size_t Disposal::replay_journal() {
  if (options_.journal.empty() || !std::filesystem::exists(options_.journal)) return 0;
  const std::lock_guard lock(mutex_);
  std::ifstream journal(options_.journal);
  std::size_t destroyed = 0;
  for (std::string line; std::getline(journal, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (entry.is_discarded()) continue;  // a crash left a part of the last line; that purge is not verified either
    if (destroy_again(entry.at("document_id"), entry.at("captured_at"), entry.at("purged_at"))) ++destroyed;
  }
  return destroyed;
}

bool Disposal::destroy_again(std::int64_t document_id, std::int64_t captured_at, const std::string& purged_at) {
  {
    auto session = database_.read();
    const auto captured = session.value<std::int64_t>("SELECT added_at FROM document WHERE id = $1", document_id);
    if (!captured || *captured != captured_at) return false;
  }
  {
    auto tx = database_.begin(Actor::system("restored backup"));
    tx.execute(
        "INSERT INTO destroyed_before (document_id, purged_at, noted_at) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        document_id, purged_at, tx.now());
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
    if (!tx.value<std::int64_t>("SELECT document_id FROM tombstone WHERE document_id = $1", document_id)) {
      write_tombstone(tx, document_id, std::nullopt, {options_.keep_titles, tx.now()});
    }
    tx.audit({"disposition.destroyed_again", "document", document_id, "", Json{{"purged_at", purged_at}}.dump(),
              "a backup from before its destruction was restored"});
    tx.commit();
  }
  erase(document_id);
  return true;
}

std::string Disposal::obstacle(std::int64_t document_id, Action action, const std::string& planned_hash, Date today) {
  auto session = database_.read();
  if (auto found = obstacle_to_disposal(session, document_id, action, planned_hash, today)) return *found;
  for (const auto& [hash, size] : session.rows<core::Sha256, std::uint64_t>(
           "SELECT c.sha256, b.size FROM component c JOIN blob b ON b.sha256 = c.sha256 WHERE c.document_id = $1",
           document_id)) {
    if (const auto damage = blobs_.damage(hash, size)) return "its file is not what was captured: " + *damage;
  }
  return "";
}

void Disposal::match_querying_holds(std::int64_t document_id) {
  std::vector<Hold> holds;
  {
    auto session = database_.read();
    holds = querying_holds(session);
  }
  for (const Hold& hold : holds) {
    if (!surroundings_.matches(hold.query, document_id)) continue;
    auto tx = database_.begin(Actor::system("hold query"));
    hold_matches(tx, hold.id, {document_id});
    tx.commit();
  }
}

void Disposal::set_outcome(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Outcome outcome,
                           std::string_view reason) {
  tx.execute(
      "UPDATE disposition_item SET outcome = $1, reason = $2, decided_at = $3 WHERE batch_id = $4 AND document_id = $5",
      outcome_name(outcome), reason, tx.now(), batch_id, document_id);
}

void Disposal::carry_out(const Principal& who, const Batch& batch, const BatchItem& item, Date today) {
  std::int64_t seen_version = 0;
  std::string seen_queries;
  {
    auto session = database_.read();
    seen_version = version_of(session, item.document_id);
    seen_queries = querying_holds_state(session);
  }
  std::string why;
  Outcome outcome = Outcome::skipped;
  try {
    // What takes long is looked at before the transaction: the bytes and the questions to the index.
    match_querying_holds(item.document_id);
    why = obstacle(item.document_id, batch.action, item.content_hash, today);
  } catch (const Error& error) {
    why = error.message();
    outcome = Outcome::failed;
  }
  auto tx = database_.begin(who.actor());
  // And all that can have changed meanwhile is looked at in it, where nobody else can write.
  if (why.empty() && version_of(tx, item.document_id) != seen_version) why = "it was changed meanwhile";
  if (why.empty() && querying_holds_state(tx) != seen_queries) why = "a hold with a query was placed meanwhile";
  if (why.empty()) {
    why = obstacle_to_disposal(tx, item.document_id, batch.action, item.content_hash, today).value_or("");
  }
  if (!why.empty()) {
    tx.execute(
        "UPDATE record SET stage = 'active', version = version + 1 WHERE document_id = $1 AND stage = 'proposed'",
        item.document_id);
    set_outcome(tx, batch.id, item.document_id, outcome, why);
    tx.audit({"disposition." + std::string(outcome_name(outcome)), "document", item.document_id, "",
              Json{{"batch_id", batch.id}}.dump(), why, false});
    tx.commit();
    return;
  }
  if (batch.action == Action::transfer) {
    tx.execute("UPDATE record SET stage = 'transferring', version = version + 1 WHERE document_id = $1",
               item.document_id);
    set_outcome(tx, batch.id, item.document_id, Outcome::transferring, "");
  } else {
    withdraw_record(tx, batch.id, item.document_id, today, "");
    set_outcome(tx, batch.id, item.document_id, Outcome::destroyed, "");
  }
  tx.audit({batch.action == Action::transfer ? "disposition.transferring" : "disposition.destroyed", "document",
            item.document_id, "", Json{{"batch_id", batch.id}}.dump()});
  tx.commit();
}

void Disposal::withdraw_record(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Date today,
                               const std::string& receiver) {
  tx.execute(
      "UPDATE record SET stage = 'restorable', restorable_until = $1, version = version + 1 WHERE document_id = $2",
      plus_days(today, options_.restore_window_days), document_id);
  tx.execute("UPDATE document SET withdrawn_at = $1, version = version + 1 WHERE id = $2", tx.now(), document_id);
  write_tombstone(tx, document_id, batch_id, {options_.keep_titles, tx.now(), receiver});
  storage::queue_for_indexing(tx, document_id);
}

bool Disposal::execute(const Principal& who, std::int64_t batch_id, Date today, const std::function<bool()>& stop) {
  const std::lock_guard lock(mutex_);
  try {
    return execute_items(who, batch_id, today, stop);
  } catch (const Error& error) {
    interrupt(batch_id, error.message());
    throw;
  }
}

bool Disposal::execute_items(const Principal& who, std::int64_t batch_id, Date today,
                             const std::function<bool()>& stop) {
  std::int64_t after = 0;
  std::optional<Batch> batch;
  for (;;) {
    std::vector<BatchItem> items;
    {
      auto session = database_.read();
      batch = find_batch(session, batch_id);
      if (!batch || batch->state != BatchState::executing) {
        throw Error(ErrorCode::conflict, "this batch is not being executed");
      }
      items = batch_items(session, storage::system_principal(session, "disposition"), batch_id, after, kItemsAtOnce);
    }
    if (items.empty()) break;
    after = items.back().document_id;
    for (const BatchItem& item : items) {
      if (item.outcome != Outcome::pending) continue;
      if (stop()) return false;
      carry_out(who, *batch, item, today);
    }
  }
  if (batch->action == Action::transfer) return hand_over(who, *batch, today, stop);
  auto tx = database_.begin(who.actor());
  finish_execution(tx, batch_id);
  tx.commit();
  return true;
}

void Disposal::finish_execution(Transaction& tx, std::int64_t batch_id) {
  tx.execute("UPDATE disposition_batch SET state = 'executed', executed_at = $1, version = version + 1 WHERE id = $2",
             tx.now(), batch_id);
  tx.audit({"disposition.executed", "disposition", batch_id});
}

void Disposal::restore(const Principal& who, std::int64_t document_id, std::string_view reason) {
  who.require(Permission::propose_disposition);
  const std::string clean_reason = checked_reason(reason);
  const std::lock_guard lock(mutex_);
  auto tx = database_.begin(who.actor());
  const auto record = find_record(tx, document_id);
  const auto list = tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document_id);
  if (!record || !list || !who.may_read(*list)) throw Error(ErrorCode::not_found, "there is no such record");
  if (record->stage != Stage::restorable) {
    throw Error(ErrorCode::conflict, "this record is not in a restore window");
  }
  const auto batch = tx.value<std::int64_t>("SELECT batch_id FROM tombstone WHERE document_id = $1", document_id);
  tx.execute(
      "UPDATE record SET stage = 'active', restorable_until = NULL, version = version + 1 "
      "WHERE document_id = $1",
      document_id);
  tx.execute("UPDATE document SET withdrawn_at = NULL, version = version + 1 WHERE id = $1", document_id);
  tx.execute("DELETE FROM tombstone WHERE document_id = $1", document_id);
  if (batch) set_outcome(tx, *batch, document_id, Outcome::restored, clean_reason);
  storage::queue_for_indexing(tx, document_id);
  tx.audit({"disposition.restored", "document", document_id, "", Json{{"batch_id", batch.value_or(0)}}.dump(),
            clean_reason});
  tx.commit();
}

std::size_t Disposal::purge(Date today) {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> due;
  {
    auto session = database_.read();
    // What a crash interrupted comes first: its decision was made and its window is over.
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT document_id FROM record r WHERE stage = 'purging' OR (stage = 'restorable' AND restorable_until "
             "< $1 AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = r.document_id AND h.released_at IS "
             "NULL) AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = r.document_id AND d.medium <> 'digital' AND "
             "NOT EXISTS (SELECT 1 FROM paper_destruction p WHERE p.document_id = d.id))) ORDER BY stage = "
             "'restorable', document_id LIMIT $2",
             today, kPurgedAtOnce)) {
      due.push_back(id);
    }
  }
  std::size_t purged = 0;
  for (const std::int64_t id : due) purged += purge_record(id) ? 1 : 0;
  return purged;
}

bool Disposal::purge_record(std::int64_t document_id) {
  std::string seen_queries;
  {
    auto session = database_.read();
    seen_queries = querying_holds_state(session);
    if (find_record(session, document_id).value().stage == Stage::restorable) {
      for (const Hold& hold : querying_holds(session)) {
        // It is in the index no more; what its query says of a withdrawn record is asked of its text as it was.
        if (!surroundings_.matches(hold.query, document_id)) continue;
        auto tx = database_.begin(Actor::system("hold query"));
        hold_matches(tx, hold.id, {document_id});
        tx.commit();
        return false;
      }
    }
  }
  {
    auto tx = database_.begin(Actor::system("disposition"));
    const auto held = tx.value<std::int64_t>(
        "SELECT hold_id FROM hold_item WHERE document_id = $1 AND released_at IS NULL", document_id);
    if (held || querying_holds_state(tx) != seen_queries) return false;
    if (tx.execute("UPDATE record SET stage = 'purging', version = version + 1 WHERE document_id = $1 AND stage <> "
                   "'purging'",
                   document_id) > 0) {
      tx.audit({"disposition.purging", "document", document_id});
    }
    tx.commit();
  }
  erase(document_id);
  return true;
}

void Disposal::erase(std::int64_t document_id) {
  std::vector<core::Sha256> hashes;
  std::optional<std::int64_t> handed_over;
  {
    auto session = database_.read();
    hashes = component_hashes(session, document_id);
    handed_over = session.value<std::int64_t>(
        "SELECT p.batch_id FROM tombstone t JOIN transfer_package p ON p.batch_id = t.batch_id WHERE t.document_id = "
        "$1",
        document_id);
  }
  surroundings_.remove_renditions(hashes);
  // It holds a copy.
  if (handed_over) remove_package(*handed_over);
  auto tx = database_.begin(Actor::system("disposition"));
  const auto batch =
      tx.value<std::optional<std::int64_t>>("SELECT batch_id FROM tombstone WHERE document_id = $1", document_id);
  erase_rows(tx, document_id);
  tx.execute("UPDATE tombstone SET purged_at = $1 WHERE document_id = $2", tx.now(), document_id);
  if (batch && *batch) {
    tx.execute(
        "UPDATE disposition_item SET outcome = 'purged', decided_at = $1 WHERE batch_id = $2 AND document_id = $3",
        tx.now(), **batch, document_id);
  }
  tx.audit({"disposition.purged", "document", document_id});
  // Nobody can refer to these files between here and the commit: an intake of the same bytes waits for this lock, and
  // looks whether they are there once it has it.
  for (const core::Sha256& hash : forget_unused_blobs(tx, hashes)) blobs_.remove(hash);
  tx.commit();
}

std::size_t Disposal::empty_trash(core::Time cutoff) {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> due;
  {
    auto session = database_.read();
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT d.id FROM document d WHERE d.medium = 'digital' AND d.trashed_at IS NOT NULL AND (d.trashed_at < "
             "$1 "
             "OR " +
                 std::string(kErasedOnRequest) +
                 ") AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = d.id AND h.released_at IS NULL) "
                 "ORDER BY d.id LIMIT $2",
             cutoff, kPurgedAtOnce)) {
      due.push_back(id);
    }
  }
  std::size_t destroyed = 0;
  for (const std::int64_t id : due) {
    match_querying_holds(id);
    {
      auto tx = database_.begin(Actor::system("trash"));
      const auto still = tx.value<std::int64_t>(
          "SELECT d.id FROM document d WHERE d.id = $1 AND d.trashed_at IS NOT NULL AND (d.trashed_at < $2 OR " +
              std::string(kErasedOnRequest) +
              ") AND NOT EXISTS (SELECT 1 FROM hold_item h WHERE h.document_id = d.id AND h.released_at IS NULL)",
          id, cutoff);
      if (!still) continue;
      if (!tx.value<std::int64_t>("SELECT document_id FROM tombstone WHERE document_id = $1", id)) {
        write_tombstone(tx, id, std::nullopt, {options_.keep_titles, tx.now()});
        tx.audit({"document.trash_emptying", "document", id});
      }
      tx.commit();
    }
    erase(id);
    ++destroyed;
  }
  return destroyed;
}

std::vector<std::string> Disposal::verify_purged() {
  const std::lock_guard lock(mutex_);
  std::vector<std::int64_t> open;
  {
    auto session = database_.read();
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT document_id FROM tombstone WHERE purged_at IS NOT NULL AND verified_at IS NULL ORDER BY "
             "document_id LIMIT $1",
             kPurgedAtOnce)) {
      open.push_back(id);
    }
  }
  if (open.empty()) return {};
  surroundings_.purge_from_index(open);
  database_.checkpoint();
  std::vector<std::string> findings;
  for (const std::int64_t id : open) {
    write_journal(id);
    auto tx = database_.begin(Actor::system("disposition"));
    std::vector<std::string> remains = remains_of(tx, id);
    const auto components =
        Json::parse(tx.value<std::string>("SELECT components FROM tombstone WHERE document_id = $1", id).value());
    for (const Json& component : components) {
      const std::string hash = component.at("sha256");
      const bool referred =
          tx.value<std::int64_t>("SELECT count(*) FROM component WHERE sha256 = $1", hash).value() > 0;
      if (!referred && std::filesystem::exists(blobs_.path(core::Sha256::from_hex(hash).value()))) {
        remains.push_back("the file " + hash);
      }
    }
    const auto batch =
        tx.value<std::optional<std::int64_t>>("SELECT batch_id FROM tombstone WHERE document_id = $1", id);
    if (batch && *batch && !options_.transfer.directory.empty() && std::filesystem::exists(package_file(**batch))) {
      remains.emplace_back("the package in which it was handed over");
    }
    for (const std::string& what : remains) {
      findings.push_back("document " + std::to_string(id) + " was destroyed, but " + what + " is still there");
    }
    if (remains.empty()) tx.execute("UPDATE tombstone SET verified_at = $1 WHERE document_id = $2", tx.now(), id);
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
    const auto tombstone = find_tombstone(session, storage::system_principal(session, "disposition"), document_id);
    if (!tombstone) return;
    line = Json{{"document_id", document_id},
                {"captured_at", core::to_microseconds(tombstone->captured_at)},
                {"components", Json::parse(tombstone->components)},
                {"purged_at", core::to_rfc3339(tombstone->purged_at.value())}}
               .dump() +
           "\n";
  }
  core::append_durably(options_.journal, line);
}

}  // namespace muniment::records
