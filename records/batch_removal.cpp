#include "records/internal/batch_removal.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/calculation.h"
#include "records/disposition.h"
#include "records/internal/obstacles.h"
#include "records/internal/people.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

// What it was proposed for. Records keep "pending" in batches that were rejected or withdrawn as a whole.
struct Proposal {
  std::int64_t batch_id = 0;
  Date evaluated_on;
};

std::optional<Proposal> find_proposal(Session& session, std::int64_t document_id) {
  const auto found = session.row<std::int64_t, Date>(
      "SELECT b.id, b.evaluated_on FROM disposition_item i JOIN disposition_batch b ON b.id = i.batch_id JOIN record r "
      "ON r.document_id = i.document_id WHERE i.document_id = "
      "$1 AND i.outcome = 'pending' AND r.stage = 'proposed' AND b.state IN ('proposed', 'approved', 'executing')",
      document_id);
  if (!found) return std::nullopt;
  const auto& [batch, evaluated_on] = *found;
  return Proposal{batch, evaluated_on};
}

void set_aside(Transaction& tx, std::int64_t batch_id, std::int64_t document_id, std::string_view why) {
  tx.execute("UPDATE record SET stage = 'active', version = version + 1 WHERE document_id = $1", document_id);
  tx.execute(
      "UPDATE disposition_item SET outcome = 'skipped', reason = $1, decided_at = $2 WHERE batch_id = $3 AND "
      "document_id = $4",
      why, tx.now(), batch_id, document_id);
  tx.execute("UPDATE disposition_batch SET version = version + 1 WHERE id = $1", batch_id);
}

}  // namespace

std::optional<std::string> obstacle_as_approved(Session& session, std::int64_t batch_id, std::int64_t document_id,
                                                Date today) {
  const auto [action, schedule, hash] =
      session
          .row<std::string, std::int64_t, std::string>(
              "SELECT b.action, i.schedule_id, i.content_hash FROM disposition_item i JOIN disposition_batch b ON b.id "
              "= i.batch_id WHERE i.batch_id = $1 AND i.document_id = $2",
              batch_id, document_id)
          .value();
  if (auto found = obstacle_to_disposal(session, document_id, parse_action(action).value(), hash, today)) return found;
  const auto assessment = assess(session, document_id, today).value();
  if (assessment.rules.at(*assessment.decision.deciding).schedule_id == schedule) return std::nullopt;
  return "another schedule decides on it now";
}

bool has_disposed(Session& session, std::int64_t batch_id) {
  return session
      .value<bool>(
          "SELECT EXISTS (SELECT 1 FROM disposition_item WHERE batch_id = $1 AND outcome IN ('destroyed', "
          "'transferred', 'restored', 'purged'))",
          batch_id)
      .value();
}

void end_if_empty(Transaction& tx, std::int64_t batch_id) {
  const auto ended = tx.execute(
      "UPDATE disposition_batch SET state = $1 WHERE id = $2 AND state IN ('proposed', 'approved') AND NOT EXISTS "
      "(SELECT 1 FROM disposition_item i WHERE i.batch_id = $2 AND i.outcome IN ('pending', 'transferring'))",
      batch_state_name(has_disposed(tx, batch_id) ? BatchState::executed : BatchState::withdrawn), batch_id);
  // An action of its own: a hold that nobody may know of can be what took out the last one.
  if (ended > 0) tx.audit({"disposition.emptied", "disposition", batch_id, "", "", "none of its records is left"});
}

void leave_batch(Transaction& tx, std::int64_t document_id, std::string_view why) {
  const auto proposal = find_proposal(tx, document_id);
  if (!proposal) return;
  set_aside(tx, proposal->batch_id, document_id, why);
  tx.audit({"disposition.skipped", "document", document_id, "", Json{{"batch_id", proposal->batch_id}}.dump(),
            std::string(why), false});
  end_if_empty(tx, proposal->batch_id);
}

void leave_batch_unless_due(Transaction& tx, std::int64_t document_id) {
  const auto proposal = find_proposal(tx, document_id);
  if (!proposal) return;
  const auto why = obstacle_as_approved(tx, proposal->batch_id, document_id, proposal->evaluated_on);
  if (why) leave_batch(tx, document_id, *why);
}

bool waits_in_batch(Session& session, std::int64_t batch_id, std::int64_t document_id) {
  return session
      .value<std::int64_t>(
          "SELECT document_id FROM disposition_item WHERE batch_id = $1 AND document_id = $2 AND outcome = 'pending'",
          batch_id, document_id)
      .has_value();
}

void take_out_of_batch(Transaction& tx, const Principal& who, std::int64_t batch_id, std::int64_t document_id,
                       std::string_view reason) {
  who.require(Permission::propose_disposition);
  const auto batch = find_batch(tx, batch_id);
  if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
  const std::string clean_reason = checked_reason(reason);
  const auto list = tx.value<std::int64_t>(
      "SELECT d.access_list_id FROM disposition_item i JOIN document d ON d.id = i.document_id WHERE i.batch_id = $1 "
      "AND i.document_id = $2",
      batch_id, document_id);
  if (!list || !who.may_read(*list)) throw Error(ErrorCode::not_found, "there is no such record in this batch");
  if (batch->state != BatchState::proposed && batch->state != BatchState::approved) {
    throw Error(ErrorCode::conflict, "this batch is " + std::string(batch_state_name(batch->state)) +
                                         "; records are taken out of one that is proposed or approved");
  }
  if (!waits_in_batch(tx, batch_id, document_id)) {
    throw Error(ErrorCode::conflict, "this record does not wait in this batch any more");
  }
  set_aside(tx, batch_id, document_id, std::string(kTakenOut) + clean_reason);
  tx.audit({"disposition.taken_out", "document", document_id, "", Json{{"batch_id", batch_id}}.dump(), clean_reason});
  end_if_empty(tx, batch_id);
}

}  // namespace muniment::records
