#include "records/records.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "records/internal/batch_removal.h"
#include "records/internal/names.h"
#include "records/internal/people.h"
#include "records/internal/readable.h"
#include "records/internal/recalculation.h"
#include "storage/as_seen.h"
#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "storage/day.h"
#include "storage/folder_holds.h"
#include "storage/index_queue.h"
#include "storage/levels.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::DocumentState;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

constexpr Names<Stage, 5> kStages{{"active", "proposed", "transferring", "restorable", "purging"}};

// Why a document cannot be declared now, or nothing.
std::optional<std::string> obstacle(Session& session, const Document& document) {
  if (document.trashed_at) return "this document is in the trash; restore it to declare it";
  if (document.replaced_at) return "this document's pages went into others; declare those";
  if (document.state == DocumentState::received || document.state == DocumentState::reading) {
    return "this document is still being read; declare it when that is done";
  }
  if (const auto taken = storage::find_check_out(session, document.id)) {
    return taken->name + " has checked this document out; it is declared when it has been checked in";
  }
  if (!document.class_id) return "file the document in a class first: a record has a place in the file plan";
  if (!inherited_schedule(session, document.folder_id, document.class_id)) {
    return "the class " + document.class_code + " has no retention schedule; give it one first";
  }
  if (const auto missing = storage::missing_custom_field(session, document)) {
    return "the field " + *missing + " is required for documents of this type; fill it in first";
  }
  return std::nullopt;
}

// What somebody has checked out waits until it is checked in; what is in the trash, or replaced, until it comes back.
std::vector<std::tuple<std::int64_t>> to_be_declared(Session& session, std::size_t limit) {
  return session.rows<std::int64_t>(
      "SELECT q.document_id FROM declaration_queue q WHERE q.refused_at IS NULL AND NOT EXISTS (SELECT 1 FROM "
      "check_out c WHERE c.document_id = q.document_id) AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = "
      "q.document_id AND (d.trashed_at IS NOT NULL OR d.replaced_at IS NOT NULL)) ORDER BY q.document_id LIMIT $1",
      limit);
}

constexpr std::string_view kRefused =
    "FROM declaration_queue q JOIN document d ON d.id = q.document_id LEFT JOIN class c ON c.id = d.class_id "
    "WHERE q.refused_at IS NOT NULL AND d.trashed_at IS NULL AND d.replaced_at IS NULL AND ";

// The log says so once, however often it is tried.
void refuse_declaration(Transaction& tx, std::int64_t document_id, const std::string& why) {
  const auto before =
      tx.value<std::string>("SELECT problem FROM declaration_queue WHERE document_id = $1", document_id);
  tx.execute("UPDATE declaration_queue SET problem = $1, refused_at = $2 WHERE document_id = $3", why, tx.now(),
             document_id);
  if (before == why) return;
  tx.audit({"record.not_declared", "document", document_id, "", Json{{"problem", why}}.dump(), "", false});
}

void declare_as(Transaction& tx, const Document& document, std::string_view how) {
  const std::string hash = content_hash(tx, document.id);
  tx.execute(
      "INSERT INTO record (document_id, declared_on, declared_at, declared_by, declared_how, content_hash) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      document.id, storage::today(tx, tx.now()), tx.now(), author(tx), how, hash);
  storage::queue_for_indexing(tx, document.id);
  tx.audit({"record.declared", "document", document.id, "",
            Json{{"how", how}, {"class", document.class_code}, {"content_hash", hash}}.dump()});
}

// Through others too.
bool is_superseded_by(Session& session, std::int64_t document_id, std::int64_t by) {
  return session
      .value<std::int64_t>(
          "WITH RECURSIVE newer (id) AS (SELECT superseded_by FROM record WHERE document_id = $1 AND superseded_by IS "
          "NOT NULL UNION SELECT r.superseded_by FROM record r JOIN newer ON newer.id = r.document_id WHERE "
          "r.superseded_by IS NOT NULL) SELECT id FROM newer WHERE id = $2",
          document_id, by)
      .has_value();
}

Record require_record(Session& session, std::int64_t document_id) {
  auto record = find_record(session, document_id);
  if (!record) throw Error(ErrorCode::conflict, "this document is not a record; declare it first");
  return std::move(*record);
}

// What is proposed leaves its batch if it is not due any more.
Record require_changeable(Session& session, const Document& document) {
  Record record = require_record(session, document.id);
  if (document.held) {
    throw Error(ErrorCode::conflict, document.openly_held
                                         ? "this record cannot be changed while it is under hold"
                                         : "this record cannot be changed now; ask a records manager why");
  }
  require_not_handed_over(record);
  return record;
}

void require_open_schedule(Session& session, std::int64_t schedule) {
  const auto found = find_schedule(session, schedule);
  if (!found || found->status == Status::closed) {
    throw Error(ErrorCode::invalid_argument, found ? "this schedule is closed; choose another" : "no such schedule",
                {{"/schedule", "must be the identifier of an open schedule"}});
  }
}

void record_changed(Transaction& tx, std::int64_t document_id) {
  tx.execute("UPDATE record SET version = version + 1 WHERE document_id = $1", document_id);
  leave_batch_unless_due(tx, document_id);
  recalculate_queued(tx, kRecalculatedAtOnce);
}

}  // namespace

std::string checked_line(std::string_view text, const std::string& pointer, std::size_t most) {
  std::string clean = core::collapse_space(core::to_nfc(text));
  if (clean.empty() || clean.size() > most) {
    const std::string right = "must have 1 to " + std::to_string(most) + " bytes";
    throw Error(ErrorCode::invalid_argument, right, {{pointer, right}});
  }
  return clean;
}

std::string checked_reason(std::string_view reason) {
  std::string clean(core::trim(core::to_nfc(reason)));
  if (clean.empty() || clean.size() > 1000) {
    throw Error(ErrorCode::invalid_argument, "a reason is needed, in 1 to 1000 bytes",
                {{"/reason", "must have 1 to 1000 bytes"}});
  }
  return clean;
}

void require_not_handed_over(const Record& record) {
  if (record.stage == Stage::active || record.stage == Stage::proposed) return;
  throw Error(ErrorCode::conflict, "this record is being disposed of; it is changed before that, or once it is back");
}

std::string_view stage_name(Stage stage) {
  return kStages.of(stage);
}

std::optional<Record> find_record(Session& session, std::int64_t document_id) {
  const auto found =
      session.row<std::int64_t, Date, std::optional<std::int64_t>, std::optional<std::string>, std::string, std::string,
                  std::string, std::optional<std::int64_t>, std::string, std::optional<std::int64_t>,
                  std::optional<Date>, std::optional<Date>, std::string, std::string, std::optional<std::int64_t>,
                  std::optional<Date>, std::optional<Date>, std::optional<Date>>(
          "SELECT r.version, r.declared_on, r.declared_by, a.display_name, r.declared_how, r.content_hash, r.stage, "
          "r.own_schedule_id, r.own_reason, r.superseded_by, r.superseded_on, r.restorable_until, r.standing, "
          "r.action, r.schedule_id, r.retain_through, r.eligible_from, r.deadline FROM record r "
          "LEFT JOIN account a ON a.id = r.declared_by WHERE r.document_id = $1",
          document_id);
  if (!found) return std::nullopt;
  Record record;
  record.document_id = document_id;
  std::optional<std::int64_t> by;
  std::optional<std::string> name;
  std::string stage, standing, action;
  std::tie(record.version, record.declared_on, by, name, record.declared_how, record.content_hash, stage,
           record.own_schedule, record.own_reason, record.superseded_by, record.superseded_on, record.restorable_until,
           standing, action, record.schedule_id, record.retain_through, record.eligible_from, record.deadline) = *found;
  record.declared_by = by.value_or(0);
  record.declared_by_name = name.value_or("System");
  record.stage = kStages.parse(stage).value();
  record.standing = parse_standing(standing).value();
  record.action = parse_action(action).value();
  return record;
}

std::string content_hash(Session& session, std::int64_t document_id) {
  const auto document = session.row<std::string, core::Time, std::int64_t>(
      "SELECT title, added_at, current_version FROM document WHERE id = $1", document_id);
  if (!document) return "";
  Json components = Json::array();
  for (const auto& [position, filename, hash, size] :
       session.rows<std::int64_t, std::string, std::string, std::int64_t>(
           "SELECT c.position, c.filename, c.sha256, b.size FROM component c JOIN blob b ON b.sha256 = c.sha256 "
           "WHERE c.document_id = $1 AND c.version = $2 ORDER BY c.position",
           document_id, std::get<2>(*document))) {
    components.push_back({{"position", position}, {"filename", filename}, {"sha256", hash}, {"size", size}});
  }
  return core::Sha256::of(Json{{"id", document_id},
                               {"title", std::get<0>(*document)},
                               {"captured_at", core::to_microseconds(std::get<1>(*document))},
                               {"components", std::move(components)}}
                              .dump(-1, ' ', false, Json::error_handler_t::replace))
      .hex();
}

std::vector<std::string> damaged_records(Session& session) {
  std::vector<std::string> findings;
  for (const auto& [id, hash] :
       session.rows<std::int64_t, std::string>("SELECT document_id, content_hash FROM record ORDER BY document_id")) {
    if (content_hash(session, id) != hash) {
      findings.push_back("record " + std::to_string(id) + ": what was declared does not agree with its hash");
    }
  }
  return findings;
}

void declare(Transaction& tx, const Principal& who, std::int64_t document_id) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::declare_records);
  if (document.is_record) return;
  if (const auto why = obstacle(tx, document)) throw Error(ErrorCode::conflict, *why);
  declare_as(tx, document, "hand");
  recalculate_queued(tx, kRecalculatedAtOnce);
}

std::size_t declare_what_was_filed(Transaction& tx, std::size_t limit) {
  const auto queued = to_be_declared(tx, limit);
  if (queued.empty()) return 0;
  const Principal system = storage::system_principal(tx, "filing");
  for (const auto& [id] : queued) {
    const auto document = storage::find_document(tx, system, id);
    const auto why = document && !document->is_record ? obstacle(tx, *document) : std::nullopt;
    if (why) {
      refuse_declaration(tx, id, *why);
      continue;
    }
    tx.execute("DELETE FROM declaration_queue WHERE document_id = $1", id);
    if (document && !document->is_record) declare_as(tx, *document, "filing");
  }
  recalculate_queued(tx, kRecalculatedAtOnce);
  return queued.size();
}

bool declarations_are_due(Session& session) {
  return !to_be_declared(session, 1).empty();
}

std::vector<NotDeclared> list_not_declared(Session& session, const Principal& who, std::size_t offset,
                                           std::size_t limit) {
  std::vector<NotDeclared> refused;
  for (const auto& [id, title, code, problem, at] :
       session.rows<std::int64_t, std::string, std::optional<std::string>, std::string, core::Time>(
           "SELECT d.id, d.title, c.code, q.problem, q.refused_at " + std::string(kRefused) +
               readable("d.access_list_id") + " ORDER BY d.id LIMIT $3 OFFSET $4",
           who.account_id, who.day, limit, offset)) {
    refused.push_back({id, title, code.value_or(""), problem, at});
  }
  return refused;
}

std::int64_t not_declared_count(Session& session, const Principal& who) {
  return session
      .value<std::int64_t>("SELECT count(*) " + std::string(kRefused) + readable("d.access_list_id"), who.account_id,
                           who.day)
      .value();
}

void reclassify(Transaction& tx, const Principal& who, std::int64_t document_id, std::optional<std::int64_t> class_id,
                std::optional<std::int64_t> folder_id, std::string_view reason) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::manage_records);
  require_changeable(tx, document);
  const std::string clean_reason = checked_reason(reason);
  if (document.folder_id && find_folder(tx, *document.folder_id)->status == Status::closed) {
    throw Error(ErrorCode::conflict,
                "its folder is closed, and what is in it stays there; open the folder again first");
  }
  if (folder_id) {
    const auto folder = find_folder(tx, *folder_id);
    if (!folder || folder->status == Status::closed) {
      throw Error(ErrorCode::invalid_argument, "there is no such open folder",
                  {{"/folder", "must be the identifier of an open folder"}});
    }
    class_id = folder->class_id;
  }
  const auto node = class_id ? find_class(tx, *class_id) : std::nullopt;
  if (!node || !storage::class_accepts(tx, *class_id)) {
    throw Error(ErrorCode::invalid_argument, "there is no such open class",
                {{"/class", "must be the identifier of an open class"}});
  }
  if (!inherited_schedule(tx, folder_id, class_id)) {
    throw Error(ErrorCode::conflict, "the class " + node->code + " has no retention schedule; give it one first");
  }
  const std::int64_t access_list =
      document.own_access_list ? *document.own_access_list : storage::inherited_access_list(tx, folder_id, class_id);
  storage::require_may_replace(tx, who, document.access_list, access_list);
  const std::int64_t journal =
      tx.insert("INSERT INTO reclassification (document_id, class_id, folder_id, reason) VALUES ($1, $2, $3, $4)",
                document_id, class_id, folder_id, clean_reason);
  tx.execute(
      "UPDATE document SET class_id = $1, folder_id = $2, filed_at = $3, access_list_id = $4, version = version + 1 "
      "WHERE id = $5",
      class_id, folder_id, tx.now(), access_list, document_id);
  tx.execute("UPDATE reclassification SET done = 1 WHERE id = $1", journal);
  storage::queue_for_indexing(tx, document_id);
  const auto place = [](const std::optional<std::int64_t>& at) { return at ? Json(*at) : Json(); };
  tx.audit({"record.reclassified", "document", document_id,
            Json{{"class_id", place(document.class_id)}, {"folder_id", place(document.folder_id)}}.dump(),
            Json{{"class_id", place(class_id)}, {"folder_id", place(folder_id)}}.dump(), clean_reason});
  if (folder_id && folder_id != document.folder_id) storage::audit_holds_of_folder(tx, document_id);
  record_changed(tx, document_id);
}

void set_own_schedule(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t expected_version,
                      std::optional<std::int64_t> schedule, std::string_view reason) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::manage_records);
  const Record before = require_changeable(tx, document);
  storage::require_as_seen(before.version, expected_version, "record");
  const std::string clean_reason = checked_reason(reason);
  if (schedule) require_open_schedule(tx, *schedule);
  tx.execute("UPDATE record SET own_schedule_id = $1, own_reason = $2 WHERE document_id = $3", schedule,
             schedule ? clean_reason : "", document_id);
  const auto named = [](const std::optional<std::int64_t>& id) {
    return Json{{"schedule_id", id ? Json(*id) : Json()}}.dump();
  };
  tx.audit(
      {"record.schedule_changed", "document", document_id, named(before.own_schedule), named(schedule), clean_reason});
  record_changed(tx, document_id);
}

void add_schedule_beside(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t schedule,
                         std::string_view reason) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::manage_records);
  require_changeable(tx, document);
  require_open_schedule(tx, schedule);
  const std::string clean_reason = checked_reason(reason);
  const auto added = tx.execute(
      "INSERT INTO record_schedule (document_id, schedule_id, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      document_id, schedule, clean_reason);
  if (added == 0) return;
  tx.audit(
      {"record.schedule_added", "document", document_id, "", Json{{"schedule_id", schedule}}.dump(), clean_reason});
  queue_record(tx, document_id);
  record_changed(tx, document_id);
}

void remove_schedule_beside(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t schedule,
                            std::string_view reason) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::manage_records);
  require_changeable(tx, document);
  const std::string clean_reason = checked_reason(reason);
  if (tx.execute("DELETE FROM record_schedule WHERE document_id = $1 AND schedule_id = $2", document_id, schedule) ==
      0) {
    throw Error(ErrorCode::not_found, "this schedule does not stand beside the record's own");
  }
  tx.audit(
      {"record.schedule_removed", "document", document_id, Json{{"schedule_id", schedule}}.dump(), "", clean_reason});
  queue_record(tx, document_id);
  record_changed(tx, document_id);
}

void supersede(Transaction& tx, const Principal& who, std::int64_t document_id, std::optional<std::int64_t> by,
               Date on) {
  const Document document = storage::changeable_document(tx, who, document_id, Permission::manage_records);
  const Record before = require_changeable(tx, document);
  if (by && (*by == document_id || !storage::find_document(tx, who, *by))) {
    throw Error(ErrorCode::invalid_argument, "there is no such other document",
                {{"/document", "must be the identifier of another document"}});
  }
  if (by && is_superseded_by(tx, *by, document_id)) {
    throw Error(ErrorCode::invalid_argument, "the other document is superseded by this one",
                {{"/document", "must not be superseded by this one"}});
  }
  if (by && on > storage::today(tx, tx.now())) {
    throw Error(ErrorCode::invalid_argument, "it is recorded when the other document has taken its place",
                {{"/on", "must be today or earlier"}});
  }
  tx.execute("UPDATE record SET superseded_by = $1, superseded_on = $2 WHERE document_id = $3", by,
             by ? std::optional(on) : std::nullopt, document_id);
  const auto described = [](const std::optional<std::int64_t>& id, const std::optional<Date>& date) {
    return Json{{"superseded_by", id ? Json(*id) : Json()}, {"on", date ? Json(core::to_iso(*date)) : Json()}}.dump();
  };
  tx.audit({"record.superseded", "document", document_id, described(before.superseded_by, before.superseded_on),
            described(by, by ? std::optional(on) : std::nullopt)});
  record_changed(tx, document_id);
}

}  // namespace muniment::records
