#include "records/certificate.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "records/internal/obstacles.h"
#include "storage/levels.h"
#include "storage/relations.h"
#include "storage/settings.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::AccessEntry;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kClassSetting = "disposition.certificate_class";
constexpr std::string_view kListSetting = "disposition.certificate_list.";  // and the number of the batch

bool may_change_still(const Batch& batch, const CertifiedRecord& record) {
  switch (record.item.outcome) {
    case Outcome::pending:
    case Outcome::destroyed:
    case Outcome::transferring:
      return true;
    case Outcome::transferred:
      return !batch.copy_schedule;
    case Outcome::purged:
      return !record.tombstone || !record.tombstone->verified_at;
    case Outcome::skipped:
    case Outcome::failed:
    case Outcome::restored:
      return false;
  }
  return true;
}

void take_later(core::Time& time, const std::optional<core::Time>& other) {
  if (other) time = std::max(time, *other);
}

Certificate certificate_as_told(Session& session, const Principal& who, bool knows_every_hold, std::int64_t batch_id) {
  auto batch = find_batch(session, batch_id);
  if (!batch) throw Error(ErrorCode::not_found, "there is no such batch");
  if (batch->state != BatchState::executed) {
    throw Error(ErrorCode::conflict, "this batch has not been executed; there is nothing to certify");
  }
  Certificate made;
  made.batch = std::move(*batch);
  made.as_of = made.batch.proposed_at;
  take_later(made.as_of, made.batch.executed_at);
  made.package = find_package(session, batch_id);
  made.receipt = find_receipt(session, batch_id);
  if (made.receipt) take_later(made.as_of, made.receipt->recorded_at);
  made.complete = true;
  for (const BatchItem& item : batch_items(session, who, batch_id, 0, kLargestBatch)) {
    CertifiedRecord record{item, find_tombstone(session, who, item.document_id, &made.batch), {}};
    tell_outcome(session, knows_every_hold, record.item);
    // What became of it later is certified with the batch that did it.
    if (record.tombstone && record.tombstone->batch_id != batch_id) record.tombstone.reset();
    take_later(made.as_of, record.item.decided_at);
    if (record.tombstone) {
      record.paper = find_paper_destruction(session, item.document_id);
      if (record.paper) take_later(made.as_of, record.paper->confirmed_at);
      take_later(made.as_of, record.tombstone->purged_at);
      take_later(made.as_of, record.tombstone->verified_at);
    }
    if (may_change_still(made.batch, record)) made.complete = false;
    made.records.push_back(std::move(record));
  }
  return made;
}

}  // namespace

Certificate certificate(Session& session, const Principal& who, std::int64_t batch_id) {
  return certificate_as_told(session, who, who.may(storage::Permission::manage_holds), batch_id);
}

Certificate certificate_to_file(Session& session, std::int64_t batch_id) {
  return certificate_as_told(session, storage::system_principal(session, "disposition"), false, batch_id);
}

std::vector<std::int64_t> batches_to_certify(Session& session) {
  std::vector<std::int64_t> batches;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT b.id FROM disposition_batch b WHERE b.state = 'executed' "
           "AND b.certificate_id IS NULL AND (b.action <> 'transfer' OR EXISTS (SELECT 1 FROM transfer_receipt r WHERE "
           "r.batch_id = b.id)) AND NOT EXISTS (SELECT 1 FROM disposition_item i LEFT JOIN tombstone t ON "
           "t.document_id = i.document_id WHERE i.batch_id = b.id AND (i.outcome IN ('pending', 'destroyed', "
           "'transferring') OR (i.outcome = 'transferred' AND b.copy_schedule_id IS NULL) OR (i.outcome = 'purged' AND "
           "t.verified_at IS NULL))) ORDER BY b.id")) {
    batches.push_back(id);
  }
  return batches;
}

void record_certificate(Transaction& tx, std::int64_t batch_id, std::int64_t document_id,
                        std::optional<std::int64_t> for_programs) {
  if (tx.execute("UPDATE disposition_batch SET certificate_id = $1, version = version + 1 WHERE id = $2 "
                 "AND certificate_id IS NULL",
                 document_id, batch_id) == 0) {
    return;
  }
  const Principal system = storage::system_principal(tx, "disposition");
  const auto twin = for_programs ? storage::find_document(tx, system, *for_programs) : std::nullopt;
  // A hold that reached it already must not keep the batch without its certificate.
  if (twin && !twin->held) {
    storage::relate(tx, system, twin->id, storage::RelationKind::belongs_to, document_id);
  }
  for (const std::int64_t id : {document_id, for_programs.value_or(document_id)}) {
    tx.execute(
        "INSERT INTO declaration_queue (document_id) SELECT id FROM document WHERE id = $1 AND class_id IS NOT NULL "
        "ON CONFLICT DO NOTHING",
        id);
  }
  Json filed{{"document_id", document_id}};
  if (for_programs) filed["for_programs"] = *for_programs;
  tx.audit({"disposition.certificate_filed", "disposition", batch_id, "", filed.dump()});
}

std::optional<std::int64_t> certificate_class(Session& session, std::string_view code) {
  std::optional<Class> node;
  if (!code.empty()) {
    node = find_class(session, code);
  } else if (const auto set = storage::find_setting(session, kClassSetting)) {
    node = find_class(session, core::parse_integer(*set).value_or(0));
  }
  return node && node->status == Status::open ? std::optional(node->id) : std::nullopt;
}

void remember_certificate_class(Transaction& tx, std::int64_t class_id) {
  if (!storage::find_setting(tx, kClassSetting)) storage::put_setting(tx, kClassSetting, std::to_string(class_id));
}

std::int64_t certificate_access_list(Transaction& tx, const Batch& batch, std::optional<std::int64_t> class_id) {
  const auto lists = tx.rows<std::int64_t>(
      "SELECT DISTINCT coalesce(d.access_list_id, t.access_list_id, 0) FROM disposition_item i "
      "LEFT JOIN document d ON d.id = i.document_id LEFT JOIN tombstone t ON t.document_id = i.document_id "
      "WHERE i.batch_id = $1",
      batch.id);
  const std::int64_t least = storage::level_of(tx, storage::inherited_access_list(tx, std::nullopt, class_id));
  std::int64_t level = least;
  for (const auto& [list] : lists) level = std::max(level, storage::level_of(tx, list));
  if (lists.size() == 1) {
    const auto only = storage::find_access_list(tx, std::get<0>(lists.front()));
    if (only && only->level >= least) return only->id;
  }
  std::set<std::int64_t> people{batch.proposed_by, batch.executed_by};
  for (const Approval& approval : batch.approvals) people.insert(approval.account_id);
  people.erase(0);
  // A list of its own: with one for all, whoever took part in one batch would read what was certified of the others.
  const std::string setting = std::string(kListSetting) + std::to_string(batch.id);
  if (const auto made = storage::find_setting(tx, setting)) {
    const auto id = core::parse_integer(*made);
    if (id && storage::find_access_list(tx, *id)) return *id;
  }
  std::vector<AccessEntry> entries;
  for (const std::int64_t account : people) entries.push_back({AccessEntry::Subject::account, account, false});
  const std::int64_t list =
      storage::create_access_list(tx, "Certificate of disposition, batch " + std::to_string(batch.id), entries, level);
  storage::put_setting(tx, setting, std::to_string(list));
  return list;
}

}  // namespace muniment::records
