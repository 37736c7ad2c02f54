#include "records/calculation.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/internal/batch_removal.h"
#include "records/internal/recalculation.h"
#include "records/internal/subjects.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

// The day on which stored decisions are made: before every date, so that what is kept says when a record becomes due
// and not whether it is.
constexpr Date kBeforeAll = std::chrono::year(1) / std::chrono::January / 1;

StoredDecision to_store(const Decision& decision, const std::vector<Rule>& rules) {
  StoredDecision stored{std::string(standing_name(decision.standing)),
                        std::string(action_name(decision.action)),
                        decision.retain_through,
                        decision.eligible_from,
                        decision.deadline,
                        {},
                        {}};
  if (decision.deciding) {
    stored.schedule_id = rules[*decision.deciding].schedule_id;
    stored.schedule_version = rules[*decision.deciding].schedule_version;
  }
  return stored;
}

Json day(const std::optional<Date>& date) {
  return date ? Json(core::to_iso(*date)) : Json();
}

// What an audit entry tells of a decision: from when, what, and after which day it is overdue.
Json summary(const StoredDecision& decision) {
  return {day(decision.eligible_from), decision.action, day(decision.deadline)};
}

void store(Transaction& tx, std::int64_t id, const StoredDecision& before, const StoredDecision& decision) {
  // Most changes move dates alone: what is not written leaves its index alone, and there may be a million records.
  if (decision.standing == before.standing && decision.action == before.action &&
      decision.schedule_id == before.schedule_id) {
    tx.execute(
        "UPDATE record SET retain_through = $1, eligible_from = $2, deadline = $3, schedule_version = $4 "
        "WHERE document_id = $5",
        decision.retain_through, decision.eligible_from, decision.deadline, decision.schedule_version, id);
    return;
  }
  tx.execute(
      "UPDATE record SET standing = $1, action = $2, retain_through = $3, eligible_from = $4, deadline = $5, "
      "schedule_id = $6, schedule_version = $7 WHERE document_id = $8",
      decision.standing, decision.action, decision.retain_through, decision.eligible_from, decision.deadline,
      decision.schedule_id, decision.schedule_version, id);
}

std::size_t active_holds(Session& session, std::int64_t document_id) {
  return session
      .value<std::size_t>("SELECT count(*) FROM hold_item WHERE document_id = $1 AND released_at IS NULL", document_id)
      .value();
}

}  // namespace

std::optional<std::int64_t> inherited_schedule(Session& session, std::optional<std::int64_t> folder_id,
                                               std::optional<std::int64_t> class_id) {
  Subject subject;
  subject.folder_id = folder_id;
  subject.class_id = class_id;
  const auto [rules, origins] = RuleBook(session).apply(subject);
  return rules.empty() ? std::nullopt : std::optional(rules.front().schedule_id);
}

std::optional<Assessment> assess(Session& session, std::int64_t document_id, Date today) {
  auto subject = find_subject(session, document_id);
  if (!subject) return std::nullopt;
  if (!subject->facts.declared) subject->facts.declared = today;
  Assessment assessment;
  std::tie(assessment.rules, assessment.origins) = RuleBook(session).apply(*subject);
  assessment.facts = std::move(subject->facts);
  assessment.decision = decide(assessment.facts, assessment.rules, active_holds(session, document_id), today);
  return assessment;
}

void queue_record(Transaction& tx, std::int64_t document_id) {
  tx.execute("INSERT INTO retention_queue (document_id) VALUES ($1) ON CONFLICT DO NOTHING", document_id);
}

void queue_records_of_class(Transaction& tx, std::int64_t class_id) {
  tx.execute(
      "WITH RECURSIVE below (id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT c.id FROM class c JOIN below ON "
      "c.parent_id = below.id) "
      "INSERT INTO retention_queue (document_id) SELECT r.document_id FROM below JOIN document d ON d.class_id = "
      "below.id JOIN record r ON r.document_id = d.id WHERE true ON CONFLICT DO NOTHING",
      class_id);
}

void queue_records_of_folder(Transaction& tx, std::int64_t folder_id) {
  tx.execute(
      "INSERT INTO retention_queue (document_id) SELECT r.document_id FROM document d JOIN record r "
      "ON r.document_id = d.id WHERE d.folder_id = $1 ON CONFLICT DO NOTHING",
      folder_id);
}

void queue_records_of_schedule(Transaction& tx, std::int64_t schedule_id) {
  tx.execute(
      "INSERT INTO retention_queue (document_id) SELECT document_id FROM record WHERE own_schedule_id = $1 UNION "
      "SELECT document_id FROM record_schedule WHERE schedule_id = $1 ON CONFLICT DO NOTHING",
      schedule_id);
  for (const auto& [id] : tx.rows<std::int64_t>("SELECT id FROM class WHERE schedule_id = $1", schedule_id)) {
    queue_records_of_class(tx, id);
  }
  for (const auto& [id] : tx.rows<std::int64_t>("SELECT id FROM folder WHERE schedule_id = $1", schedule_id)) {
    queue_records_of_folder(tx, id);
  }
}

std::size_t recalculate_queued(Transaction& tx, std::size_t limit) {
  RuleBook book(tx);
  Json moved = Json::array();
  auto subjects = queued_subjects(tx, limit);
  for (Subject& subject : subjects) {
    const auto [rules, origins] = book.apply(subject);
    const StoredDecision decided = to_store(decide(subject.facts, rules, 0, kBeforeAll), rules);
    if (decided == subject.stored) continue;
    store(tx, subject.id, subject.stored, decided);
    if (decided.eligible_from != subject.stored.eligible_from || decided.action != subject.stored.action ||
        decided.deadline != subject.stored.deadline) {
      moved.push_back({{"record", subject.id}, {"from", summary(subject.stored)}, {"to", summary(decided)}});
    }
  }
  if (!subjects.empty()) {
    for (const auto& [id] : tx.rows<std::int64_t>(
             "SELECT q.document_id FROM retention_queue q JOIN record r ON r.document_id = q.document_id WHERE "
             "q.document_id <= $1 AND r.stage = 'proposed' ORDER BY q.document_id",
             subjects.back().id)) {
      leave_batch_unless_due(tx, id);
    }
    tx.execute("DELETE FROM retention_queue WHERE document_id <= $1", subjects.back().id);
  } else {
    tx.execute("DELETE FROM retention_queue");
  }
  // One entry for the whole piece: a million records are not a million entries.
  if (!moved.empty()) tx.audit({"retention.calculated", "record", 0, "", Json{{"moved", std::move(moved)}}.dump()});
  return subjects.size();
}

std::size_t recalculate(storage::Database& database, std::size_t limit) {
  {
    auto session = database.read();
    if (queued_for_calculation(session) == 0) return 0;
  }
  auto tx = database.begin(storage::Actor::system("retention"));
  const std::size_t taken = recalculate_queued(tx, limit);
  tx.commit();
  return taken;
}

std::int64_t queued_for_calculation(Session& session) {
  return session.value<std::int64_t>("SELECT count(*) FROM retention_queue").value();
}

}  // namespace muniment::records
