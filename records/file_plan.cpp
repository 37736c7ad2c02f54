#include "records/file_plan.h"

#include <limits>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "records/holds.h"
#include "records/internal/people.h"
#include "records/internal/plan_state.h"
#include "records/internal/recalculation.h"
#include "storage/access.h"
#include "storage/as_seen.h"
#include "storage/day.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Session;
using storage::Transaction;

namespace {

using Json = nlohmann::ordered_json;

Status parse_status(std::string_view name) {
  return name == "closed" ? Status::closed : Status::open;
}

[[noreturn]] void refuse_class(const std::string& pointer, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, why, {{pointer, why}});
}

void require_access_list(Session& session, std::optional<std::int64_t> list) {
  if (list && !storage::find_access_list(session, *list)) {
    refuse_class("/access_list_id", "there is no access list " + std::to_string(*list));
  }
}

void require_schedule(Session& session, std::optional<std::int64_t> schedule) {
  if (!schedule) return;
  const auto status = session.value<std::string>("SELECT status FROM schedule WHERE id = $1", *schedule);
  if (!status) refuse_class("/schedule", "there is no schedule " + std::to_string(*schedule));
  if (*status == "closed") refuse_class("/schedule", "this schedule is closed; choose another");
}

std::string checked_note(std::string_view text) {
  std::string clean(core::trim(core::to_nfc(text)));
  if (clean.size() > 10'000) refuse_class("/scope_note", "must have at most 10000 bytes");
  return clean;
}

std::string checked_code(Session& session, std::string_view code, std::int64_t except) {
  std::string clean = checked_line(code, "/code", 50);
  const auto taken = session.value<std::int64_t>("SELECT id FROM class WHERE code = $1", clean);
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "there is already a class with the code " + clean, {{"/code", "choose another"}});
  }
  return clean;
}

// Not how many: the person may not read all of them.
void require_all_declared(Session& session, std::int64_t folder_id) {
  const auto missing = session
                           .value<std::int64_t>(
                               "SELECT EXISTS (SELECT 1 FROM document d LEFT JOIN record r ON r.document_id = d.id "
                               "WHERE d.folder_id = $1 AND r.document_id IS NULL AND d.trashed_at IS NULL AND "
                               "d.replaced_at IS NULL)",
                               folder_id)
                           .value();
  if (missing == 0) return;
  throw Error(ErrorCode::conflict,
              "this folder has documents that are not declared; declare them or file them elsewhere first");
}

// The words tell nothing of holds, which may be confidential.
void require_title_free(Session& session, std::int64_t folder_id) {
  if (!is_folder_title_held(session, folder_id)) return;
  throw Error(ErrorCode::conflict, "this folder cannot be renamed now; ask a records manager why");
}

void require_never_used(Session& session, const std::string& is_used, std::int64_t id) {
  if (session.value<std::int64_t>(is_used, id) == 0) return;
  throw Error(ErrorCode::conflict, "this has been used or changed; close it, so that what was is still told");
}

// What comes in by it would get the access list for everybody, or none would know why it is not filed.
void require_nothing_files_there(Session& session, const std::string& files_there, std::int64_t id) {
  if (session.value<std::int64_t>(files_there, id) == 0) return;
  throw Error(
      ErrorCode::conflict,
      "something files into this: a watched or drop folder, a mailbox, the mail listener, a scan profile, a rule "
      "or a workflow; let it file elsewhere first");
}

Json nullable(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

void require_accepting(Session& session, std::int64_t class_id, const std::string& pointer) {
  if (!find_class(session, class_id)) refuse_class(pointer, "there is no class " + std::to_string(class_id));
  if (!storage::class_accepts(session, class_id)) {
    refuse_class(pointer, "this class, or one above it, is closed and accepts nothing new");
  }
}

std::string plan_state(const Class& node) {
  return Json{{"parent_id", nullable(node.parent_id)},
              {"code", node.code},
              {"title", node.title},
              {"status", status_name(node.status)},
              {"access_list", nullable(node.access_list)},
              {"scope_note", node.scope_note},
              {"schedule", nullable(node.schedule)},
              {"declares_on_filing", node.declares_on_filing}}
      .dump();
}

std::string plan_state(const Folder& folder, const std::string& reason) {
  Json json{{"class_id", folder.class_id},
            {"title", folder.title},
            {"public_title", folder.public_title ? Json(*folder.public_title) : Json()},
            {"status", status_name(folder.status)},
            {"access_list", nullable(folder.access_list)},
            {"schedule", nullable(folder.schedule)}};
  if (!reason.empty()) json["reason"] = reason;
  return json.dump();
}

std::string_view status_name(Status status) {
  return status == Status::closed ? "closed" : "open";
}

std::vector<Class> list_classes(Session& session, bool only_accepting) {
  std::vector<Class> classes;
  for (const auto& [id, parent, code, title, status, list, scope_note, schedule, declares, version] :
       session.rows<std::int64_t, std::optional<std::int64_t>, std::string, std::string, std::string,
                    std::optional<std::int64_t>, std::string, std::optional<std::int64_t>, bool, std::int64_t>(
           "WITH RECURSIVE accepting (id) AS (SELECT id FROM class WHERE parent_id IS NULL AND status = 'open' "
           "UNION ALL SELECT c.id FROM class c JOIN accepting a ON c.parent_id = a.id WHERE c.status = 'open') "
           "SELECT id, parent_id, code, title, status, access_list_id, scope_note, schedule_id, declares_on_filing, "
           "version FROM class WHERE NOT $1 OR id IN (SELECT id FROM accepting) ORDER BY code, id",
           only_accepting)) {
    classes.push_back({id, parent, code, title, parse_status(status), list, scope_note, schedule, declares, version});
  }
  return classes;
}

std::vector<std::int64_t> class_and_below(Session& session, std::int64_t id) {
  std::vector<std::int64_t> all;
  for (const auto& [one] : session.rows<std::int64_t>(
           "WITH RECURSIVE below (id) AS (SELECT id FROM class WHERE id = $1 UNION SELECT c.id FROM class c JOIN below "
           "ON c.parent_id = below.id) SELECT id FROM below ORDER BY id",
           id)) {
    all.push_back(one);
  }
  return all;
}

std::optional<Class> find_class(Session& session, std::int64_t id) {
  const auto found =
      session.row<std::optional<std::int64_t>, std::string, std::string, std::string, std::optional<std::int64_t>,
                  std::string, std::optional<std::int64_t>, bool, std::int64_t>(
          "SELECT parent_id, code, title, status, access_list_id, scope_note, schedule_id, declares_on_filing, version "
          "FROM class WHERE id = $1",
          id);
  if (!found) return std::nullopt;
  const auto& [parent, code, title, status, list, scope_note, schedule, declares, version] = *found;
  return Class{id, parent, code, title, parse_status(status), list, scope_note, schedule, declares, version};
}

std::vector<ClassName> class_names(Session& session, std::int64_t parent_id) {
  std::vector<ClassName> names;
  for (const auto& [id, code, title, created_at] : session.rows<std::int64_t, std::string, std::string, core::Time>(
           "SELECT id, code, title, created_at FROM class WHERE coalesce(parent_id, 0) = $1 ORDER BY code, id",
           parent_id)) {
    names.push_back({id, code, title, created_at});
  }
  return names;
}

std::vector<ClassVersion> class_versions(Session& session, std::int64_t id) {
  std::vector<ClassVersion> versions;
  for (const auto& [number, state, at, by, name] :
       session.rows<std::int64_t, std::string, core::Time, std::optional<std::int64_t>, std::optional<std::string>>(
           "SELECT v.number, v.state, v.changed_at, v.changed_by, a.display_name FROM class_version v "
           "LEFT JOIN account a ON a.id = v.changed_by WHERE v.class_id = $1 ORDER BY v.number DESC",
           id)) {
    versions.push_back({number, state, at, by.value_or(0), name.value_or("System")});
  }
  return versions;
}

std::optional<Class> find_class(Session& session, std::string_view code) {
  const auto id = session.value<std::int64_t>("SELECT id FROM class WHERE code = $1", code);
  return id ? find_class(session, *id) : std::nullopt;
}

std::int64_t create_class(Transaction& tx, const NewClass& wanted) {
  const std::string code = checked_code(tx, wanted.code, 0);
  const std::string title = checked_line(wanted.title, "/title", 500);
  const std::string scope_note = checked_note(wanted.scope_note);
  require_access_list(tx, wanted.access_list);
  require_schedule(tx, wanted.schedule);
  if (wanted.parent_id) require_accepting(tx, *wanted.parent_id, "/parent_id");
  const std::int64_t id = tx.insert(
      "INSERT INTO class (parent_id, code, title, access_list_id, scope_note, schedule_id, declares_on_filing, "
      "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      wanted.parent_id, code, title, wanted.access_list, scope_note, wanted.schedule, wanted.declares_on_filing,
      tx.now());
  tx.audit({"class.created", "class", id, "", plan_state(find_class(tx, id).value())});
  return id;
}

void change_class(Transaction& tx, std::int64_t id, std::int64_t expected_version, const ClassChange& change) {
  const auto before = storage::require_as_seen(find_class(tx, id), expected_version, "class");
  Class after = before;
  if (change.code) after.code = checked_code(tx, *change.code, id);
  if (change.title) after.title = checked_line(*change.title, "/title", 500);
  if (change.status) after.status = *change.status;
  if (change.access_list) after.access_list = *change.access_list;
  if (change.scope_note) after.scope_note = checked_note(*change.scope_note);
  if (change.schedule) after.schedule = *change.schedule;
  if (change.declares_on_filing) after.declares_on_filing = *change.declares_on_filing;
  require_access_list(tx, after.access_list);
  if (after.schedule != before.schedule) require_schedule(tx, after.schedule);
  tx.execute("INSERT INTO class_version (class_id, number, state, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)",
             id, before.version, plan_state(before), tx.now(), author(tx));
  tx.execute(
      "UPDATE class SET code = $1, title = $2, status = $3, access_list_id = $4, scope_note = $5, schedule_id = $6, "
      "declares_on_filing = $7, version = version + 1 WHERE id = $8",
      after.code, after.title, status_name(after.status), after.access_list, after.scope_note, after.schedule,
      after.declares_on_filing, id);
  if (after.access_list != before.access_list) storage::refresh_inherited_access(tx);
  tx.audit({"class.changed", "class", id, plan_state(before), plan_state(after)});
  if (after.schedule != before.schedule) {
    queue_records_of_class(tx, id);
    recalculate_queued(tx, kRecalculatedAtOnce);
  }
}

std::vector<Folder> list_folders(Session& session, std::optional<std::int64_t> class_id, std::string_view part,
                                 std::size_t limit) {
  std::vector<Folder> folders;
  const std::string folded = core::fold_case(core::to_nfc(part));
  // SQL cannot fold the case of every letter: only where nothing is looked for is the limit its business.
  const auto most = folded.empty() ? static_cast<std::int64_t>(limit) : std::numeric_limits<std::int64_t>::max();
  for (const auto& [id, title] : session.rows<std::int64_t, std::string>(
           "SELECT id, title FROM folder WHERE $1 = -1 OR class_id = $1 ORDER BY title, id LIMIT $2",
           class_id.value_or(-1), most)) {
    if (folders.size() == limit) break;
    if (core::fold_case(title).find(folded) == std::string::npos) continue;
    if (auto folder = find_folder(session, id)) folders.push_back(std::move(*folder));
  }
  return folders;
}

std::vector<FolderName> folder_names(Session& session, std::int64_t class_id) {
  std::vector<FolderName> names;
  for (const auto& [id, title, opened_at] : session.rows<std::int64_t, std::string, core::Time>(
           "SELECT id, title, opened_at FROM folder WHERE class_id = $1 ORDER BY id", class_id)) {
    names.push_back({id, title, opened_at});
  }
  return names;
}

std::optional<Folder> find_folder(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::optional<std::int64_t>, core::Time,
                                 std::optional<core::Time>, std::optional<core::Date>, std::optional<std::int64_t>,
                                 std::int64_t, std::optional<std::string>>(
      "SELECT class_id, title, status, access_list_id, opened_at, closed_at, closed_on, schedule_id, version, "
      "public_title "
      "FROM folder WHERE id = $1",
      id);
  if (!found) return std::nullopt;
  const auto& [class_id, title, status, list, opened_at, closed_at, closed_on, schedule, version, public_title] =
      *found;
  return Folder{id,        class_id, title,   parse_status(status), list, opened_at, closed_at,
                closed_on, schedule, version, public_title};
}

std::vector<Folder> folders_titled(Session& session, std::int64_t class_id, std::string_view title) {
  std::vector<Folder> folders;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT id FROM folder WHERE class_id = $1 AND title = $2 ORDER BY id", class_id, title)) {
    if (auto folder = find_folder(session, id)) folders.push_back(std::move(*folder));
  }
  return folders;
}

std::int64_t create_folder(Transaction& tx, std::int64_t class_id, std::string_view title,
                           std::optional<std::int64_t> access_list) {
  require_accepting(tx, class_id, "/class_id");
  require_access_list(tx, access_list);
  const std::int64_t id =
      tx.insert("INSERT INTO folder (class_id, title, access_list_id, opened_at) VALUES ($1, $2, $3, $4)", class_id,
                checked_line(title, "/title", 500), access_list, tx.now());
  tx.audit({"folder.opened", "folder", id, "", plan_state(find_folder(tx, id).value())});
  return id;
}

void change_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version, const FolderChange& change) {
  const auto before = storage::require_as_seen(find_folder(tx, id), expected_version, "folder");
  Folder after = before;
  if (change.title) after.title = checked_line(*change.title, "/title", 500);
  if (change.public_title) {
    after.public_title = *change.public_title;
    if (after.public_title) after.public_title = checked_line(*after.public_title, "/public_title", 500);
  }
  if (after.public_title == after.title) after.public_title.reset();
  if (after.title != before.title || after.public_title != before.public_title) require_title_free(tx, id);
  if (change.status) after.status = *change.status;
  if (change.access_list) after.access_list = *change.access_list;
  if (change.schedule) after.schedule = *change.schedule;
  require_access_list(tx, after.access_list);
  if (after.schedule != before.schedule) require_schedule(tx, after.schedule);
  if (before.status == Status::closed && after.status == Status::closed && after.title != before.title) {
    throw Error(ErrorCode::conflict, "this folder is closed and keeps its title; open it again first");
  }
  if (before.status == Status::closed && after.status == Status::open) {
    require_accepting(tx, before.class_id, "/status");
  }
  std::string reason;
  if (after.status != before.status) {
    if (after.status == Status::closed) require_all_declared(tx, id);
    if (after.status == Status::open) reason = checked_line(change.reason, "/reason", 500);
    after.closed_at = after.status == Status::closed ? std::optional(tx.now()) : std::nullopt;
    after.closed_on = after.closed_at ? std::optional(storage::today(tx, *after.closed_at)) : std::nullopt;
  }
  tx.execute(
      "UPDATE folder SET title = $1, status = $2, closed_at = $3, closed_on = $4, access_list_id = $5, "
      "schedule_id = $6, public_title = $7, version = version + 1 WHERE id = $8",
      after.title, status_name(after.status), after.closed_at, after.closed_on, after.access_list, after.schedule,
      after.public_title, id);
  if (after.access_list != before.access_list) storage::refresh_inherited_access(tx);
  tx.audit({after.status == before.status    ? "folder.changed"
            : after.status == Status::closed ? "folder.closed"
                                             : "folder.reopened",
            "folder", id, plan_state(before), plan_state(after, reason)});
  if (after.status != before.status || after.schedule != before.schedule) {
    queue_records_of_folder(tx, id);
    recalculate_queued(tx, kRecalculatedAtOnce);
  }
}

void delete_class(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const auto before = storage::require_as_seen(find_class(tx, id), expected_version, "class");
  require_never_used(tx,
                     "SELECT EXISTS (SELECT 1 FROM class WHERE parent_id = $1) OR EXISTS (SELECT 1 FROM folder WHERE "
                     "class_id = $1) OR EXISTS (SELECT 1 FROM document WHERE class_id = $1) OR EXISTS (SELECT 1 FROM "
                     "reclassification WHERE class_id = $1) OR EXISTS (SELECT 1 FROM class_version WHERE class_id = "
                     "$1) OR EXISTS (SELECT 1 FROM tombstone t JOIN class c ON c.code = t.class_code WHERE c.id = $1)",
                     id);
  require_nothing_files_there(
      tx,
      "SELECT EXISTS (SELECT 1 FROM mailbox_rule WHERE class_id = $1) OR EXISTS (SELECT 1 FROM filing_rule WHERE "
      "class_id = $1) OR EXISTS (SELECT 1 FROM intake_folder WHERE filing ->> 'class_id' = $1) OR EXISTS (SELECT 1 "
      "FROM setting WHERE name = 'mail.listener' AND value ->> '$.terms.filing.class_id' = $1) OR EXISTS (SELECT 1 "
      "FROM scan_profile WHERE plan ->> 'class' = $1) OR EXISTS (SELECT 1 FROM workflow w, json_each(w.actions) a "
      "WHERE a.value ->> 'class_id' = $1)",
      id);
  tx.execute("DELETE FROM class WHERE id = $1", id);
  tx.audit({"class.deleted", "class", id, plan_state(before), ""});
}

void delete_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const auto before = storage::require_as_seen(find_folder(tx, id), expected_version, "folder");
  require_never_used(tx,
                     "SELECT EXISTS (SELECT 1 FROM document WHERE folder_id = $1) OR EXISTS (SELECT 1 FROM "
                     "reclassification WHERE folder_id = $1) OR EXISTS (SELECT 1 FROM retention_event WHERE folder_id "
                     "= $1) OR EXISTS (SELECT 1 FROM hold_folder WHERE folder_id = $1) OR EXISTS (SELECT 1 FROM "
                     "folder WHERE id = $1 AND last_entry_on IS NOT NULL)",
                     id);
  require_nothing_files_there(
      tx,
      "SELECT EXISTS (SELECT 1 FROM mailbox_rule WHERE folder_id = $1) OR EXISTS (SELECT 1 FROM intake_folder WHERE "
      "filing ->> 'folder_id' = $1) OR EXISTS (SELECT 1 FROM setting WHERE name = 'mail.listener' AND value ->> "
      "'$.terms.filing.folder_id' = $1) OR EXISTS (SELECT 1 FROM scan_profile WHERE plan ->> 'folder' = $1) OR EXISTS "
      "(SELECT 1 FROM workflow w, json_each(w.actions) a WHERE a.value ->> 'folder_id' = $1)",
      id);
  tx.execute("DELETE FROM folder WHERE id = $1", id);
  tx.audit({"folder.deleted", "folder", id, plan_state(before), ""});
}

}  // namespace muniment::records
