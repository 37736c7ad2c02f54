#include "records/plan_moves.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "records/internal/people.h"
#include "records/internal/plan_state.h"
#include "records/internal/recalculation.h"
#include "storage/as_seen.h"
#include "storage/index_queue.h"
#include "storage/levels.h"

namespace muniment::records {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::Principal;
using storage::Session;
using storage::Transaction;

namespace {

bool stands_below(Session& session, std::int64_t id, std::int64_t above) {
  return session
             .value<std::int64_t>(
                 "WITH RECURSIVE line (id, parent_id) AS (SELECT id, parent_id FROM class WHERE id = $1 "
                 "UNION ALL SELECT c.id, c.parent_id FROM class c JOIN line ON c.id = line.parent_id) "
                 "SELECT count(*) FROM line WHERE id = $2",
                 id, above)
             .value() > 0;
}

// Moving to where another list is handed down is as much as changing the list.
void require_may_change_access(Session& session, const Principal& who, std::optional<std::int64_t> own_list,
                               std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
  if (own_list) return;
  const std::int64_t before = storage::inherited_access_list(session, std::nullopt, from);
  const std::int64_t after = storage::inherited_access_list(session, std::nullopt, to);
  if (before != after) who.require(Permission::manage_access);
  storage::require_may_replace(session, who, before, after);
}

bool has_what_others_only_may_change(Session& session, const Principal& who, std::int64_t folder_id) {
  if (who.may(Permission::manage_access)) return false;
  const auto lists =
      session.rows<std::int64_t>("SELECT DISTINCT access_list_id FROM document WHERE folder_id = $1", folder_id);
  return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
    return !who.may_change(std::get<0>(list), Permission::manage_file_plan);
  });
}

// What is a record, held or restricted stays where it is, and a folder goes as a whole or not at all. The refusal is
// always the same: what it is about may be something, or under a hold, that `who` may not know of.
void require_movable(Session& session, const Principal& who, std::int64_t folder_id) {
  const auto fixed = session
                         .value<std::int64_t>(
                             "SELECT count(*) FROM document d WHERE d.folder_id = $1 AND (EXISTS "
                             "(SELECT 1 FROM record r WHERE r.document_id = d.id) OR EXISTS (SELECT 1 FROM hold_item h "
                             "WHERE h.document_id = d.id AND h.released_at IS NULL) OR "
                             "EXISTS (SELECT 1 FROM restriction r WHERE r.document_id = d.id))",
                             folder_id)
                         .value();
  if (fixed > 0 || has_what_others_only_may_change(session, who, folder_id)) {
    throw Error(ErrorCode::conflict,
                "this folder cannot be moved as a whole, as one with a record, or with something held, restricted or "
                "not yours to change cannot; open a folder in the other class and file there what can be moved");
  }
}

// Every document in this class or below it: the index knows them by the codes of the whole line.
void queue_class_for_indexing(Transaction& tx, std::int64_t class_id) {
  for (const auto& [id] : tx.rows<std::int64_t>(
           "WITH RECURSIVE below (id) AS (SELECT CAST($1 AS INTEGER) UNION SELECT c.id FROM class c JOIN below ON "
           "c.parent_id = below.id) SELECT d.id FROM below JOIN document d ON d.class_id = below.id",
           class_id)) {
    storage::queue_for_indexing(tx, id);
  }
}

void move_documents(Transaction& tx, std::int64_t folder_id, std::int64_t class_id) {
  const auto described = [](std::int64_t of) { return nlohmann::ordered_json{{"class_id", of}}.dump(); };
  for (const auto& [id, before] :
       tx.rows<std::int64_t, std::int64_t>("SELECT id, class_id FROM document WHERE folder_id = $1", folder_id)) {
    tx.execute("UPDATE document SET class_id = $1, version = version + 1 WHERE id = $2", class_id, id);
    storage::queue_for_indexing(tx, id);
    tx.audit({"document.changed", "document", id, described(before), described(class_id)});
  }
}

}  // namespace

void require_place_for_class(Session& session, std::int64_t id, std::optional<std::int64_t> parent_id) {
  if (!parent_id) return;
  require_accepting(session, *parent_id, "/parent");
  if (stands_below(session, *parent_id, id)) {
    const std::string why = "a class cannot stand below itself";
    throw Error(ErrorCode::invalid_argument, why, {{"/parent", why}});
  }
}

void move_class(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                std::optional<std::int64_t> parent_id) {
  const Class before = storage::require_as_seen(find_class(tx, id), expected_version, "class");
  if (before.parent_id == parent_id) return;
  require_place_for_class(tx, id, parent_id);
  require_may_change_access(tx, who, before.access_list, before.parent_id, parent_id);
  Class after = before;
  after.parent_id = parent_id;
  tx.execute("INSERT INTO class_version (class_id, number, state, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)",
             id, before.version, plan_state(before), tx.now(), author(tx));
  tx.execute("UPDATE class SET parent_id = $1, version = version + 1 WHERE id = $2", parent_id, id);
  tx.audit({"class.changed", "class", id, plan_state(before), plan_state(after)});
  storage::refresh_inherited_access(tx);
  queue_class_for_indexing(tx, id);
  queue_records_of_class(tx, id);
  recalculate_queued(tx, kRecalculatedAtOnce);
}

void move_folder(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version,
                 std::int64_t class_id) {
  auto found = find_folder(tx, id);
  if (found && !who.may_read(storage::inherited_access_list(tx, id, found->class_id))) found.reset();
  const Folder before = storage::require_as_seen(std::move(found), expected_version, "folder");
  if (before.class_id == class_id) return;
  require_accepting(tx, class_id, "/class");
  require_may_change_access(tx, who, before.access_list, before.class_id, class_id);
  require_movable(tx, who, id);
  Folder after = before;
  after.class_id = class_id;
  tx.execute("UPDATE folder SET class_id = $1, version = version + 1 WHERE id = $2", class_id, id);
  tx.audit({"folder.changed", "folder", id, plan_state(before), plan_state(after)});
  move_documents(tx, id, class_id);
  storage::refresh_inherited_access(tx);
}

std::int64_t count_classes_below(Session& session, std::int64_t id) {
  return session.value<std::int64_t>("SELECT count(*) FROM class WHERE parent_id = $1", id).value();
}

}  // namespace muniment::records
