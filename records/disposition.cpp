#include "records/disposition.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/batch_removal.h"
#include "records/internal/erasure.h"
#include "records/internal/names.h"
#include "records/internal/obstacles.h"
#include "records/internal/people.h"
#include "records/internal/readable.h"
#include "records/loans.h"
#include "storage/as_seen.h"
#include "storage/index_queue.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr Names<BatchState, 6> kBatchStates{{"proposed", "approved", "rejected", "withdrawn", "executing", "executed"}};
constexpr Names<Outcome, 8> kOutcomes{
    {"pending", "destroyed", "transferring", "transferred", "skipped", "failed", "restored", "purged"}};

// $1 and $2 as of storage::readable, $3 = day, $4 = class or -1, $5 = action or '', $6 = 1 for the overdue only.
std::string due_condition() {
  return " FROM record r JOIN document d ON d.id = r.document_id WHERE " + readable("+d.access_list_id") +
         " AND r.stage = 'active' AND r.eligible_from IS NOT NULL AND r.eligible_from <= $3 "
         "AND ($4 = -1 OR d.class_id IN (WITH RECURSIVE below (id) AS (SELECT CAST($4 AS INTEGER) UNION "
         "SELECT c.id FROM class c JOIN below ON c.parent_id = below.id) SELECT id FROM below)) "
         "AND ($5 = '' OR r.action = $5) AND ($6 = 0 OR r.deadline < $3)";
}

// Its records are as they were before it was proposed; also those that were to go into a package when its making was
// interrupted.
void free_records(Transaction& tx, std::int64_t batch_id) {
  tx.execute(
      "UPDATE record SET stage = 'active', version = version + 1 WHERE stage IN ('proposed', 'transferring') AND "
      "document_id IN (SELECT document_id FROM disposition_item WHERE batch_id = $1 AND outcome IN ('pending', "
      "'transferring'))",
      batch_id);
  tx.execute(
      "UPDATE disposition_item SET outcome = 'pending', decided_at = NULL WHERE batch_id = $1 AND outcome = "
      "'transferring'",
      batch_id);
}

void set_state(Transaction& tx, std::int64_t id, BatchState state) {
  tx.execute("UPDATE disposition_batch SET state = $1, version = version + 1 WHERE id = $2", batch_state_name(state),
             id);
}

void decide(Transaction& tx, const Principal& who, std::int64_t id, bool approve, const std::string& comment) {
  tx.execute(
      "INSERT INTO disposition_approval (batch_id, account_id, decision, comment, at) VALUES ($1, $2, $3, $4, $5)", id,
      who.account_id, approve ? "approve" : "reject", comment, tx.now());
}

// Of two people nobody must be one: whoever may use the command line could be both.
void require_person(const Principal& who) {
  if (!who.is_system()) return;
  throw Error(ErrorCode::forbidden, "a disposition is proposed and decided by people; say who does it (--as NAME)");
}

Batch require_decidable(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  require_person(who);
  who.require(Permission::approve_disposition);
  Batch batch = require_batch(tx, id, expected_version);
  if (batch.state != BatchState::proposed) {
    throw Error(ErrorCode::conflict, "this batch is " + std::string(batch_state_name(batch.state)) +
                                         "; only a proposed one can be approved or rejected");
  }
  require_all_readable(tx, who, id);
  const auto earlier = std::find_if(batch.approvals.begin(), batch.approvals.end(),
                                    [&](const Approval& one) { return one.account_id == who.account_id; });
  if (earlier != batch.approvals.end()) throw Error(ErrorCode::conflict, "you have decided on this batch already");
  return batch;
}

std::string checked_comment(std::string_view comment) {
  std::string clean(core::trim(core::to_nfc(comment)));
  if (clean.size() <= 1000) return clean;
  throw Error(ErrorCode::invalid_argument, "a comment has at most 1000 bytes", {{"/comment", "at most 1000 bytes"}});
}

void require_keeps_copies(Session& session, Action action, std::int64_t schedule) {
  if (action != Action::transfer) {
    throw Error(ErrorCode::invalid_argument, "only a transfer can leave copies here",
                {{"/copy_schedule", "only a transfer can leave copies here"}});
  }
  const auto wrong = obstacle_to_keeping_copies(session, schedule);
  if (wrong) throw Error(ErrorCode::invalid_argument, *wrong, {{"/copy_schedule", "choose another"}});
}

void add_item(Transaction& tx, const Principal& who, std::int64_t batch_id, const NewBatch& batch,
              std::int64_t document_id, Date today) {
  const auto document = storage::changeable_document(tx, who, document_id, Permission::propose_disposition);
  const auto record = find_record(tx, document_id);
  const std::string name = "document " + std::to_string(document_id);
  if (!record) throw Error(ErrorCode::conflict, name + " is not a record");
  if (record->stage != Stage::active) throw Error(ErrorCode::conflict, name + " is in a batch already");
  if (const auto why = obstacle_to_disposal(tx, document_id, batch.action, record->content_hash, today)) {
    throw Error(ErrorCode::conflict, name + ": " + as_told(tx, who.may(Permission::manage_holds), document_id, *why));
  }
  if (const auto why = batch.copy_schedule ? obstacle_to_a_copy(tx, document_id, today) : std::nullopt) {
    throw Error(ErrorCode::conflict, name + ": " + *why);
  }
  const Assessment assessment = assess(tx, document_id, today).value();
  const Rule& rule = assessment.rules.at(*assessment.decision.deciding);
  tx.execute(
      "INSERT INTO disposition_item (batch_id, document_id, schedule_id, schedule_version, retain_through, "
      "content_hash) VALUES ($1, $2, $3, $4, $5, $6)",
      batch_id, document_id, rule.schedule_id, rule.schedule_version, *assessment.decision.retain_through,
      record->content_hash);
  tx.execute("UPDATE record SET stage = 'proposed', version = version + 1 WHERE document_id = $1", document_id);
}

void add_batch(Session& session, Tombstone& tombstone, const Batch* known) {
  if (tombstone.batch_id) {
    std::optional<Batch> found;
    if (known == nullptr || known->id != *tombstone.batch_id) found = find_batch(session, *tombstone.batch_id);
    const Batch& batch = found ? *found : *known;
    tombstone.batch_number = batch.id;
    tombstone.batch_title = batch.title;
    for (const Approval& approval : batch.approvals) {
      if (approval.approved) tombstone.approved_by.push_back(approval.name);
    }
    return;
  }
  const auto kept = session
                        .row<std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::string>>(
                            "SELECT batch_number, batch_title, approved_by FROM tombstone WHERE document_id = $1",
                            tombstone.document_id)
                        .value();
  const auto& [number, title, names] = kept;
  tombstone.batch_number = number;
  tombstone.batch_title = title.value_or("");
  const Json list = Json::parse(names.value_or("[]"), nullptr, false);
  for (const Json& name : list) {
    if (name.is_string()) tombstone.approved_by.push_back(name.get<std::string>());
  }
}

}  // namespace

Batch require_batch(Session& session, std::int64_t id, std::int64_t expected_version) {
  return storage::require_as_seen(find_batch(session, id), expected_version, "batch");
}

void require_all_readable(Session& session, const Principal& who, std::int64_t batch_id) {
  const bool hidden = session
                          .value<std::int64_t>(
                              "SELECT count(*) FROM disposition_item i JOIN document d ON d.id = i.document_id "
                              "WHERE NOT " +
                                  readable("d.access_list_id") + " AND i.batch_id = $3",
                              who.account_id, who.day, batch_id)
                          .value() > 0;
  if (hidden) throw Error(ErrorCode::conflict, "you may not read everything in this batch; somebody else must decide");
}

std::string_view batch_state_name(BatchState state) {
  return kBatchStates.of(state);
}
std::optional<BatchState> parse_batch_state(std::string_view name) {
  return kBatchStates.parse(name);
}
std::string_view outcome_name(Outcome outcome) {
  return kOutcomes.of(outcome);
}

DuePage list_due(Session& session, const Principal& who, Date on, const DueFilter& filter, std::size_t offset,
                 std::size_t limit) {
  const std::string_view action = filter.action ? action_name(*filter.action) : std::string_view();
  const std::int64_t class_id = filter.class_id.value_or(-1);
  DuePage page;
  page.total = session
                   .value<std::int64_t>("SELECT count(*) FROM (SELECT 1" + due_condition() + " LIMIT $7) AS due",
                                        who.account_id, who.day, on, class_id, action, filter.overdue, kMostCounted)
                   .value();
  for (auto& [id, title, class_code, folder, action_stored, standing, through, from, deadline, schedule, authority,
              holds] : session.rows<std::int64_t, std::string, std::optional<std::string>, std::optional<std::string>,
                                    std::string, std::string, Date, Date, std::optional<Date>,
                                    std::optional<std::string>, std::optional<std::string>, std::int64_t>(
           "SELECT d.id, d.title, (SELECT code FROM class WHERE id = d.class_id), "
           "(SELECT title FROM folder WHERE id = d.folder_id), r.action, r.standing, r.retain_through, "
           "r.eligible_from, r.deadline, (SELECT code FROM schedule WHERE id = r.schedule_id), "
           "(SELECT authority FROM schedule_version v WHERE v.schedule_id = r.schedule_id AND v.number = "
           "r.schedule_version), (SELECT count(*) FROM hold_item h JOIN hold x ON x.id = h.hold_id WHERE h.document_id "
           "= "
           "d.id AND h.released_at IS NULL" +
               known_holds("x", who) + ")" + due_condition() +
               " ORDER BY r.eligible_from, r.document_id LIMIT $7 OFFSET $8",
           who.account_id, who.day, on, class_id, action, filter.overdue, limit, offset)) {
    page.records.push_back({id, title, class_code.value_or(""), folder.value_or(""),
                            parse_action(action_stored).value(), parse_standing(standing).value(), through, from,
                            deadline, schedule.value_or(""), authority.value_or(""), holds});
  }
  return page;
}

std::optional<Batch> find_batch(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::string, Date, int, core::Time,
                                 std::int64_t, std::optional<std::string>, std::string, std::optional<core::Time>,
                                 std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::int64_t>,
                                 std::optional<std::int64_t>, std::optional<std::string>, std::int64_t, std::int64_t>(
      "SELECT b.version, b.title, b.action, b.state, b.evaluated_on, b.approvals_needed, b.proposed_at, "
      "b.proposed_by, p.display_name, b.reason, b.executed_at, b.executed_by, e.display_name, b.certificate_id, "
      "b.copy_schedule_id, s.code, "
      "(SELECT count(*) FROM disposition_item i WHERE i.batch_id = b.id), "
      "(SELECT count(*) FROM disposition_item i WHERE i.batch_id = b.id AND i.outcome = 'pending') "
      "FROM disposition_batch b LEFT JOIN account p ON p.id = b.proposed_by "
      "LEFT JOIN account e ON e.id = b.executed_by LEFT JOIN schedule s ON s.id = b.copy_schedule_id WHERE b.id = "
      "$1",
      id);
  if (!found) return std::nullopt;
  Batch batch;
  batch.id = id;
  std::string action, state;
  std::optional<std::string> proposer, executor, copy_code;
  std::optional<std::int64_t> executed_by;
  std::tie(batch.version, batch.title, action, state, batch.evaluated_on, batch.approvals_needed, batch.proposed_at,
           batch.proposed_by, proposer, batch.reason, batch.executed_at, executed_by, executor, batch.certificate,
           batch.copy_schedule, copy_code, batch.items, batch.pending) = *found;
  batch.copy_schedule_code = copy_code.value_or("");
  batch.action = parse_action(action).value();
  batch.state = kBatchStates.parse(state).value();
  batch.proposed_by_name = proposer.value_or("System");
  batch.executed_by = executed_by.value_or(0);
  if (batch.executed_at) batch.executed_by_name = executor.value_or("System");
  for (const auto& [account, name, decision, comment, at] :
       session.rows<std::int64_t, std::optional<std::string>, std::string, std::string, core::Time>(
           "SELECT p.account_id, a.display_name, p.decision, p.comment, p.at FROM disposition_approval p "
           "LEFT JOIN account a ON a.id = p.account_id WHERE p.batch_id = $1 ORDER BY p.at, p.account_id",
           id)) {
    batch.approvals.push_back({account, name.value_or("System"), decision == "approve", comment, at});
  }
  return batch;
}

std::vector<Batch> list_batches(Session& session, std::optional<BatchState> state, std::size_t offset,
                                std::size_t limit) {
  std::vector<Batch> batches;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT id FROM disposition_batch WHERE $1 = '' OR state = $1 ORDER BY id DESC LIMIT $2 OFFSET $3",
           state ? batch_state_name(*state) : std::string_view(), limit, offset)) {
    batches.push_back(find_batch(session, id).value());
  }
  return batches;
}

std::int64_t batch_count(Session& session, std::optional<BatchState> state) {
  return session
      .value<std::int64_t>("SELECT count(*) FROM disposition_batch WHERE $1 = '' OR state = $1",
                           state ? batch_state_name(*state) : std::string_view())
      .value();
}

std::vector<BatchItem> batch_items(Session& session, const Principal& who, std::int64_t batch_id, std::int64_t after,
                                   std::size_t limit) {
  std::vector<BatchItem> items;
  for (const auto& [id, title, list, class_code, kept_title, kept_class, schedule, number, code, through, hash, outcome,
                    reason, decided_at] :
       session.rows<std::int64_t, std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::string>,
                    std::optional<std::string>, std::optional<std::string>, std::int64_t, std::int64_t,
                    std::optional<std::string>, Date, std::string, std::string, std::string, std::optional<core::Time>>(
           "SELECT i.document_id, d.title, coalesce(d.access_list_id, t.access_list_id), c.code, t.title, "
           "t.class_code, i.schedule_id, i.schedule_version, s.code, i.retain_through, i.content_hash, i.outcome, "
           "i.reason, i.decided_at FROM disposition_item i LEFT JOIN document d ON d.id = i.document_id "
           "LEFT JOIN class c ON c.id = d.class_id LEFT JOIN tombstone t ON t.document_id = i.document_id "
           "LEFT JOIN schedule s ON s.id = i.schedule_id WHERE i.batch_id = $1 AND i.document_id > $2 "
           "ORDER BY i.document_id LIMIT $3",
           batch_id, after, limit)) {
    BatchItem item;
    item.document_id = id;
    item.readable = list && who.may_read(*list);
    item.outcome = kOutcomes.parse(outcome).value();
    item.decided_at = decided_at;
    if (item.readable) {
      item.title = title.value_or(kept_title.value_or(""));
      item.class_code = class_code.value_or(kept_class.value_or(""));
      item.schedule_id = schedule;
      item.schedule_version = number;
      item.schedule_code = code.value_or("");
      item.retain_through = through;
      item.content_hash = hash;
      item.reason = reason;
      tell_outcome(session, who.may(Permission::manage_holds), item);
    }
    items.push_back(std::move(item));
  }
  return items;
}

std::int64_t propose_batch(Transaction& tx, const Principal& who, const NewBatch& batch, Date today) {
  require_person(who);
  who.require(Permission::propose_disposition);
  if (batch.action != Action::destroy && batch.action != Action::transfer) {
    throw Error(ErrorCode::invalid_argument, "destruction and transfer can be proposed",
                {{"/action", "must be destroy or transfer"}});
  }
  if (batch.documents.empty() || batch.documents.size() > kLargestBatch) {
    throw Error(ErrorCode::invalid_argument, "a batch has 1 to 10000 records", {{"/documents", "1 to 10000 records"}});
  }
  if (batch.approvals_needed != 1 && batch.approvals_needed != 2) {
    throw Error(ErrorCode::invalid_argument, "one or two others approve", {{"/approvals_needed", "1 or 2"}});
  }
  const std::string title = core::collapse_space(core::to_nfc(batch.title));
  if (title.empty() || title.size() > 500) {
    throw Error(ErrorCode::invalid_argument, "a batch has a title of 1 to 500 bytes", {{"/title", "1 to 500 bytes"}});
  }
  if (batch.copy_schedule) require_keeps_copies(tx, batch.action, *batch.copy_schedule);
  const std::int64_t id = tx.insert(
      "INSERT INTO disposition_batch (title, action, evaluated_on, approvals_needed, proposed_at, proposed_by, reason, "
      "copy_schedule_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      title, action_name(batch.action), today, batch.approvals_needed, tx.now(), who.account_id,
      checked_comment(batch.reason), batch.copy_schedule);
  const std::set<std::int64_t> documents(batch.documents.begin(), batch.documents.end());
  for (const std::int64_t document : documents) add_item(tx, who, id, batch, document, today);
  tx.audit({"disposition.proposed", "disposition", id, "",
            Json{{"title", title},
                 {"action", action_name(batch.action)},
                 {"evaluated_on", core::to_iso(today)},
                 {"copy_schedule_id", batch.copy_schedule ? Json(*batch.copy_schedule) : Json()},
                 {"records", documents}}
                .dump()});
  return id;
}

void approve_batch(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                   std::string_view comment) {
  const Batch batch = require_decidable(tx, who, id, expected_version);
  if (batch.proposed_by == who.account_id) {
    throw Error(ErrorCode::forbidden, "you proposed this batch; somebody else must approve it");
  }
  const std::string clean = checked_comment(comment);
  decide(tx, who, id, true, clean);
  const auto given =
      std::count_if(batch.approvals.begin(), batch.approvals.end(), [](const Approval& one) { return one.approved; }) +
      1;
  set_state(tx, id, given >= batch.approvals_needed ? BatchState::approved : BatchState::proposed);
  tx.audit({"disposition.approved", "disposition", id, "", Json{{"comment", clean}}.dump()});
}

void reject_batch(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                  std::string_view comment) {
  require_decidable(tx, who, id, expected_version);
  const std::string reason = checked_reason(comment);
  decide(tx, who, id, false, reason);
  free_records(tx, id);
  set_state(tx, id, BatchState::rejected);
  tx.audit({"disposition.rejected", "disposition", id, "", "", reason});
}

void withdraw_batch(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                    std::string_view reason) {
  who.require(Permission::propose_disposition);
  const Batch batch = require_batch(tx, id, expected_version);
  if (batch.state != BatchState::proposed && batch.state != BatchState::approved) {
    throw Error(ErrorCode::conflict,
                "this batch is " + std::string(batch_state_name(batch.state)) + " and cannot be withdrawn");
  }
  require_all_readable(tx, who, id);
  const std::string clean_reason = checked_reason(reason);
  free_records(tx, id);
  // One that was interrupted has disposed of some already, and is certified for those.
  const bool begun = has_disposed(tx, id);
  if (begun) {
    tx.execute(
        "UPDATE disposition_item SET outcome = 'skipped', reason = $1, decided_at = $2 WHERE batch_id = $3 AND outcome "
        "= 'pending'",
        "the batch was withdrawn: " + clean_reason, tx.now(), id);
  }
  set_state(tx, id, begun ? BatchState::executed : BatchState::withdrawn);
  tx.audit({"disposition.withdrawn", "disposition", id, "", "", clean_reason});
}

std::optional<std::string> obstacle_to_disposal(Session& session, std::int64_t document_id, Action action,
                                                std::string_view planned_hash, Date today) {
  const auto assessment = assess(session, document_id, today);
  if (!assessment) return "it does not exist any more";
  const Decision& decision = assessment->decision;
  if (decision.holds > 0) return std::string(kUnderHold);
  if (session.value<std::int64_t>("SELECT d.id FROM document d WHERE d.id = $1 AND " + std::string(kMustStay),
                                  document_id)) {
    return std::string(kStackUnderHold);
  }
  if (decision.standing == Standing::permanent) return "it is kept permanently";
  if (decision.standing == Standing::contradictory) {
    return "one of its rules ends before another lets go; a person must decide which holds";
  }
  if (decision.standing == Standing::unscheduled) return "no schedule applies to it";
  if (decision.standing == Standing::waiting) return "what starts its period has not happened";
  if (decision.standing != Standing::due) return "it is kept through " + core::to_iso(*decision.retain_through);
  if (decision.action == Action::review) return "it is to be reviewed first";
  if (decision.action != action) return "its schedule says " + std::string(action_name(decision.action));
  if (open_loan(session, document_id)) return "its paper is on loan";
  if (content_hash(session, document_id) != planned_hash) return "what was declared does not agree with its hash";
  return std::nullopt;
}

void decide_review(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t expected_version,
                   std::int64_t schedule, std::string_view reason, Date today) {
  const auto record = find_record(tx, document_id);
  if (record && record->action != Action::review) {
    throw Error(ErrorCode::conflict,
                "no review is asked for; its schedule says " + std::string(action_name(record->action)));
  }
  if (record && assess(tx, document_id, today).value().decision.standing != Standing::due) {
    throw Error(ErrorCode::conflict, "its review is not due; give it another schedule if this one is wrong");
  }
  set_own_schedule(tx, who, document_id, expected_version, schedule, reason);
  tx.audit(
      {"record.reviewed", "document", document_id, "", Json{{"schedule_id", schedule}}.dump(), checked_reason(reason)});
}

std::optional<Tombstone> find_tombstone(Session& session, const Principal& who, std::int64_t document_id,
                                        const Batch* known) {
  const auto found =
      session.row<std::int64_t, std::optional<std::int64_t>, std::string, std::optional<std::string>,
                  std::optional<Date>, std::optional<std::string>, core::Time, std::optional<Date>, std::string,
                  std::optional<std::int64_t>, std::string, std::optional<Date>, std::string, core::Time,
                  std::optional<core::Time>, std::optional<core::Time>, std::string, std::optional<std::string>>(
          "SELECT access_list_id, batch_id, class_code, title, document_date, document_type, captured_at, declared_on, "
          "schedule_code, schedule_version, authority, retain_through, components, executed_at, purged_at, "
          "verified_at, medium, transferred_to "
          "FROM tombstone WHERE document_id = $1",
          document_id);
  if (!found || !who.may_read(std::get<0>(*found))) return std::nullopt;
  Tombstone tombstone;
  tombstone.document_id = document_id;
  std::int64_t access_list = 0;
  std::optional<std::string> title, type, receiver;
  std::optional<std::int64_t> number;
  std::tie(access_list, tombstone.batch_id, tombstone.class_code, title, tombstone.document_date, type,
           tombstone.captured_at, tombstone.declared_on, tombstone.schedule_code, number, tombstone.authority,
           tombstone.retain_through, tombstone.components, tombstone.executed_at, tombstone.purged_at,
           tombstone.verified_at, tombstone.medium, receiver) = *found;
  tombstone.transferred_to = receiver.value_or("");
  tombstone.title = title.value_or("");
  tombstone.document_type = type.value_or("");
  tombstone.schedule_version = number.value_or(0);
  add_batch(session, tombstone, known);
  const auto before =
      session.value<std::string>("SELECT purged_at FROM destroyed_before WHERE document_id = $1", document_id);
  const auto first_purge = before ? core::parse_rfc3339(*before) : std::nullopt;
  if (tombstone.purged_at && first_purge) tombstone.purged_at = first_purge;
  return tombstone;
}

}  // namespace muniment::records
