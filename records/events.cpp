#include "records/events.h"

#include <set>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/internal/people.h"
#include "records/internal/readable.h"
#include "records/internal/recalculation.h"
#include "records/records.h"
#include "records/schedules.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kEventColumns =
    "SELECT e.id, e.name, e.date, e.document_id, e.folder_id, e.recorded_at, e.recorded_by, a.display_name, "
    "e.corrects, e.corrected_at, e.reason FROM retention_event e LEFT JOIN account a ON a.id = e.recorded_by ";

template <typename... Arguments>
std::vector<RetentionEvent> read_events(Session& session, std::string_view condition, const Arguments&... arguments) {
  std::vector<RetentionEvent> events;
  for (const auto& [id, name, date, document, folder, at, by, by_name, corrects, corrected_at, reason] :
       session.rows<std::int64_t, std::string, Date, std::optional<std::int64_t>, std::optional<std::int64_t>,
                    core::Time, std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::int64_t>,
                    std::optional<core::Time>, std::string>(std::string(kEventColumns) + std::string(condition),
                                                            arguments...)) {
    events.push_back({id, name, date, document, folder, at, by.value_or(0), by_name.value_or("System"), corrects,
                      corrected_at, reason});
  }
  return events;
}

void require_may_record(Session& session, const Principal& who, const EventTarget& target) {
  if (target.document_id.has_value() == target.folder_id.has_value()) {
    throw Error(ErrorCode::invalid_argument, "an event is on a record or on a folder",
                {{"/targets", "each names one record or one folder"}});
  }
  if (target.document_id) {
    storage::changeable_document(session, who, *target.document_id, Permission::manage_records);
    const auto record = find_record(session, *target.document_id);
    if (!record) throw Error(ErrorCode::conflict, "this document is not a record; declare it first");
    require_not_handed_over(*record);
    return;
  }
  who.require(Permission::manage_records);
  const auto folder = find_folder(session, *target.folder_id);
  const auto list =
      folder ? storage::inherited_access_list(session, folder->id, folder->class_id) : storage::kEveryoneList;
  if (!folder || !who.may_read(list)) throw Error(ErrorCode::not_found, "there is no such folder");
  if (!who.may_change(list, Permission::manage_records))
    throw Error(ErrorCode::forbidden, "you may not change what is in this folder");
}

void queue(Transaction& tx, const EventTarget& target) {
  if (target.document_id) queue_record(tx, *target.document_id);
  if (target.folder_id) queue_records_of_folder(tx, *target.folder_id);
}

std::int64_t insert(Transaction& tx, std::string_view name, Date date, const EventTarget& target,
                    std::optional<std::int64_t> corrects, std::string_view reason) {
  return tx.insert(
      "INSERT INTO retention_event (name, date, document_id, folder_id, recorded_at, recorded_by, corrects, reason) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      name, date, target.document_id, target.folder_id, tx.now(), author(tx), corrects, reason);
}

void audit(Transaction& tx, const char* action, const EventTarget& target, const std::string& before,
           const std::string& after, const std::string& reason) {
  tx.audit({action, target.document_id ? "document" : "folder",
            target.document_id ? *target.document_id : target.folder_id.value_or(0), before, after, reason});
}

std::string described(std::int64_t id, std::string_view name, Date date) {
  return Json{{"event_id", id}, {"name", name}, {"date", core::to_iso(date)}}.dump();
}

}  // namespace

std::vector<RetentionEvent> list_events(Session& session, const EventTarget& target) {
  if (!target.document_id) return read_events(session, "WHERE e.folder_id = $1 ORDER BY e.id DESC", *target.folder_id);
  return read_events(session,
                     "WHERE e.document_id = $1 OR e.folder_id = (SELECT folder_id FROM document WHERE id = $1) "
                     "ORDER BY e.id DESC",
                     *target.document_id);
}

std::vector<std::string> event_names(Session& session, const Principal& who) {
  std::set<std::string> names;
  for (const Schedule& schedule : list_schedules(session)) {
    for (const Trigger& trigger : schedule.terms.triggers) {
      if (trigger.kind == TriggerKind::event) names.insert(trigger.name);
    }
  }
  for (const auto& [name] : session.rows<std::string>(
           "SELECT DISTINCT e.name FROM retention_event e JOIN document d ON d.id = e.document_id "
           "WHERE d.withdrawn_at IS NULL AND " +
               readable("+d.access_list_id"),
           who.account_id, who.day)) {
    names.insert(name);
  }
  for (const auto& [name, folder, node] : session.rows<std::string, std::int64_t, std::int64_t>(
           "SELECT DISTINCT e.name, f.id, f.class_id FROM retention_event e JOIN folder f ON f.id = e.folder_id")) {
    if (who.may_read(storage::inherited_access_list(session, folder, node))) names.insert(name);
  }
  return {names.begin(), names.end()};
}

std::string checked_event_name(std::string_view name) {
  std::string clean = core::collapse_space(core::to_nfc(name));
  if (!clean.empty() && clean.size() <= 200) return clean;
  throw Error(ErrorCode::invalid_argument, "an event has a name of 1 to 200 bytes", {{"/name", "1 to 200 bytes"}});
}

std::vector<std::int64_t> record_event(Transaction& tx, const Principal& who, std::string_view name, Date date,
                                       const std::vector<EventTarget>& targets) {
  const std::string clean = checked_event_name(name);
  if (targets.empty()) {
    throw Error(ErrorCode::invalid_argument, "an event happens to something", {{"/targets", "at least one"}});
  }
  std::vector<std::int64_t> ids;
  for (const EventTarget& target : targets) {
    require_may_record(tx, who, target);
    ids.push_back(insert(tx, clean, date, target, std::nullopt, ""));
    audit(tx, "event.recorded", target, "", described(ids.back(), clean, date), "");
    queue(tx, target);
  }
  recalculate_queued(tx, kRecalculatedAtOnce);
  return ids;
}

std::optional<std::int64_t> correct_event(Transaction& tx, const Principal& who, std::int64_t id,
                                          std::optional<Date> date, std::string_view reason) {
  const auto found = read_events(tx, "WHERE e.id = $1", id);
  if (found.empty()) throw Error(ErrorCode::not_found, "there is no such event");
  const RetentionEvent& before = found.front();
  const EventTarget target{before.document_id, before.folder_id};
  require_may_record(tx, who, target);
  if (before.corrected_at) {
    throw Error(ErrorCode::conflict, "this event was corrected before; correct the one that holds now");
  }
  const std::string clean_reason = checked_reason(reason);
  tx.execute("UPDATE retention_event SET corrected_at = $1, reason = $2 WHERE id = $3", tx.now(), clean_reason, id);
  std::optional<std::int64_t> now;
  if (date) now = insert(tx, before.name, *date, target, id, clean_reason);
  audit(tx, date ? "event.corrected" : "event.withdrawn", target, described(id, before.name, before.date),
        date ? described(*now, before.name, *date) : "", clean_reason);
  queue(tx, target);
  recalculate_queued(tx, kRecalculatedAtOnce);
  return now;
}

}  // namespace muniment::records
