#include "records/disposal.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/holds.h"
#include "records/internal/batch_removal.h"
#include "records/internal/erasure.h"
#include "records/internal/obstacles.h"
#include "records/internal/people.h"
#include "records/internal/postponement.h"
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

std::int64_t version_of(storage::Session& session, std::int64_t document_id) {
  return session.value<std::int64_t>("SELECT version FROM document WHERE id = $1", document_id).value_or(0);
}

// By hand, from this hold: its query does not reach the document again.
bool was_released(storage::Session& session, std::int64_t hold_id, std::int64_t document_id) {
  return session
      .value<std::int64_t>(
          "SELECT hold_id FROM hold_item WHERE hold_id = $1 AND document_id = $2 AND released_at IS NOT NULL", hold_id,
          document_id)
      .has_value();
}

// What one of the queries has against its going; empty: nothing.
std::string obstacle_of_queries(storage::Database& database, Surroundings& surroundings,
                                const std::vector<HoldQuery>& queries, std::int64_t document_id) {
  const auto is_asked = [&](const HoldQuery& one) {
    auto session = database.read();
    return !was_released(session, one.hold_id, document_id);
  };
  try {
    for (const HoldQuery& one : queries) {
      // No connection is held while the index answers, which takes another.
      if (is_asked(one) && surroundings.matches(one.query, document_id)) return std::string(kQueryMatches);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    return std::string(kQueryUnanswered);
  }
  return "";
}

}  // namespace

Disposal::Disposal(storage::Database& database, const storage::BlobStore& blobs, Surroundings& surroundings,
                   DisposalOptions options)
    : database_(database), blobs_(blobs), surroundings_(surroundings), options_(std::move(options)) {}

std::vector<Disposal::Check> Disposal::dry_run(const Principal& who, std::int64_t batch_id, Date today) {
  std::vector<Check> checks;
  std::vector<BatchItem> items;
  std::vector<HoldQuery> queries;
  {
    auto session = database_.read();
    queries = hold_queries(session);
    if (!find_batch(session, batch_id)) throw Error(ErrorCode::not_found, "there is no such batch");
    items = batch_items(session, storage::system_principal(session, "disposition"), batch_id, 0, kLargestBatch);
  }
  for (const BatchItem& item : items) {
    if (item.outcome != Outcome::pending) continue;
    std::string found = obstacle(batch_id, item.document_id, today);
    if (found.empty()) found = obstacle_of_queries(database_, surroundings_, queries, item.document_id);
    if (!found.empty()) {
      auto session = database_.read();
      found = as_told(session, who.may(Permission::manage_holds), item.document_id, found);
    }
    checks.push_back({item.document_id, std::move(found)});
  }
  return checks;
}

void Disposal::begin(const Principal& who, std::int64_t batch_id, std::int64_t expected_version) {
  who.require(Permission::propose_disposition);
  auto tx = database_.begin(who.actor());
  const Batch batch = require_batch(tx, batch_id, expected_version);
  require_all_readable(tx, who, batch_id);
  if (batch.state != BatchState::approved) {
    throw Error(ErrorCode::conflict, "this batch is " + std::string(batch_state_name(batch.state)) +
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
  {
    auto tx = database_.begin(Actor::system("recovery"));
    const auto interrupted = tx.rows<std::int64_t>("SELECT id FROM disposition_batch WHERE state = 'executing'");
    for (const auto& [id] : interrupted) {
      tx.execute("UPDATE disposition_batch SET state = 'approved', version = version + 1 WHERE id = $1", id);
      tx.audit({"disposition.interrupted", "disposition", id});
      end_if_empty(tx, id);
    }
    if (!interrupted.empty()) tx.commit();
  }
  erase_older_quotes(database_);
  remove_leftover_packages();
}

void Disposal::interrupt(std::int64_t batch_id, std::string_view reason) {
  auto tx = database_.begin(Actor::system("disposition"));
  const auto changed = tx.execute(
      "UPDATE disposition_batch SET state = 'approved', version = version + 1 WHERE id = $1 AND state = 'executing'",
      batch_id);
  if (changed == 0) return;
  tx.audit({"disposition.interrupted", "disposition", batch_id, "", "", std::string(reason), false});
  end_if_empty(tx, batch_id);
  tx.commit();
}

std::string Disposal::obstacle(std::int64_t batch_id, std::int64_t document_id, Date today) {
  auto session = database_.read();
  if (auto found = obstacle_as_approved(session, batch_id, document_id, today)) return *found;
  for (const auto& [hash, size] : session.rows<core::Sha256, std::uint64_t>(
           "SELECT c.sha256, b.size FROM component c JOIN blob b ON b.sha256 = c.sha256 WHERE c.document_id = $1",
           document_id)) {
    if (const auto damage = blobs_.damage(hash, size)) return "its file is not what was captured: " + *damage;
  }
  return "";
}

std::string Disposal::match_querying_holds(std::int64_t document_id) {
  std::vector<HoldQuery> queries;
  std::string state;
  {
    auto session = database_.read();
    state = querying_holds_state(session);
    queries = hold_queries(session);
  }
  for (const HoldQuery& asked : queries) {
    if (!surroundings_.matches(asked.query, document_id)) continue;
    auto tx = database_.begin(Actor::system("hold query"));
    hold_matches(tx, asked, {document_id});
    tx.commit();
  }
  return state;
}

HoldsAsked Disposal::ask_holds(const std::vector<std::int64_t>& documents) {
  HoldsAsked asked;
  {
    auto session = database_.read();
    asked = before_asking(session, documents);
  }
  for (const auto& [id, version] : asked.versions) match_querying_holds(id);
  return asked;
}

void Disposal::set_outcome(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Outcome outcome,
                           std::string_view reason) {
  tx.execute(
      "UPDATE disposition_item SET outcome = $1, reason = $2, decided_at = $3 WHERE batch_id = $4 AND document_id = $5",
      outcome_name(outcome), reason, tx.now(), batch_id, document_id);
}

void Disposal::carry_out(const Principal& who, const Batch& batch, const BatchItem& item, Date today) {
  std::int64_t seen_version = 0;
  {
    auto session = database_.read();
    seen_version = version_of(session, item.document_id);
  }
  std::string why;
  std::string asked;
  Outcome outcome = Outcome::skipped;
  try {
    // What takes long is looked at before the transaction: the bytes and the questions to the index.
    asked = match_querying_holds(item.document_id);
    why = obstacle(batch.id, item.document_id, today);
  } catch (const Error& error) {
    // Nobody can tell yet; it stays pending, and is looked at again.
    if (error.code() == ErrorCode::unavailable)
      return note_waiting(database_, batch.id, item.document_id, kQueryUnanswered);
    why = error.message();
    outcome = Outcome::failed;
  }
  auto tx = database_.begin(who.actor());
  // It may have left the batch while others were asked.
  if (!waits_in_batch(tx, batch.id, item.document_id)) return;
  // And all that can have changed meanwhile is looked at in it, where nobody else can write.
  if (why.empty() && version_of(tx, item.document_id) != seen_version) why = "it was changed meanwhile";
  if (why.empty() && querying_holds_state(tx) != asked) why = kQueryPlaced;
  if (why.empty()) why = obstacle_as_approved(tx, batch.id, item.document_id, today).value_or("");
  if (!why.empty()) {
    tx.execute("UPDATE record SET stage = 'active', version = version + 1 WHERE document_id = $1", item.document_id);
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
    tx.audit({"disposition.transferring", "document", item.document_id, "", Json{{"batch_id", batch.id}}.dump()});
  } else {
    withdraw_record(tx, batch.id, item.document_id, today, "");
    set_outcome(tx, batch.id, item.document_id, Outcome::destroyed, "");
    tx.audit({"disposition.destroyed", "document", item.document_id, "", destruction_details(tx, item.document_id)});
  }
  tx.commit();
}

void Disposal::withdraw_record(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, Date today,
                               const std::string& receiver) {
  // While the document is still to be seen, with the values of its fields.
  write_tombstone(tx, document_id, batch_id, {options_.keep_titles, tx.now(), receiver});
  tx.execute(
      "UPDATE record SET stage = 'restorable', restorable_until = $1, version = version + 1 WHERE document_id = $2",
      Date(std::chrono::sys_days(today) + std::chrono::days(options_.restore_window_days)), document_id);
  tx.execute("UPDATE document SET withdrawn_at = $1, version = version + 1 WHERE id = $2", tx.now(), document_id);
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
  {
    auto session = database_.read();
    if (session.value<std::int64_t>("SELECT count(*) FROM disposition_item WHERE batch_id = $1 AND outcome = 'pending'",
                                    batch_id) != 0) {
      return false;
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

void Disposal::restore(const Principal& who, std::int64_t batch_id, std::int64_t document_id, std::string_view reason) {
  who.require(Permission::propose_disposition);
  const std::string clean_reason = checked_reason(reason);
  const std::lock_guard lock(mutex_);
  auto tx = database_.begin(who.actor());
  const auto record = find_record(tx, document_id);
  const auto list = tx.value<std::int64_t>("SELECT access_list_id FROM document WHERE id = $1", document_id);
  const auto outcome = tx.value<std::string>(
      "SELECT outcome FROM disposition_item WHERE batch_id = $1 AND document_id = $2", batch_id, document_id);
  if (!record || !list || !who.may_read(*list) || !outcome) {
    throw Error(ErrorCode::not_found, "there is no such record in this batch");
  }
  const bool disposed_of =
      *outcome == outcome_name(Outcome::destroyed) || *outcome == outcome_name(Outcome::transferred);
  if (record->stage != Stage::restorable || !disposed_of) {
    throw Error(ErrorCode::conflict, "this record is not in a restore window");
  }
  tx.execute(
      "UPDATE record SET stage = 'active', restorable_until = NULL, version = version + 1 "
      "WHERE document_id = $1",
      document_id);
  tx.execute("UPDATE document SET withdrawn_at = NULL, version = version + 1 WHERE id = $1", document_id);
  tx.execute("DELETE FROM tombstone WHERE document_id = $1", document_id);
  set_outcome(tx, batch_id, document_id, Outcome::restored, clean_reason);
  storage::queue_for_indexing(tx, document_id);
  tx.audit({"disposition.restored", "document", document_id, "", Json{{"batch_id", batch_id}}.dump(), clean_reason});
  tx.commit();
}

}  // namespace muniment::records
