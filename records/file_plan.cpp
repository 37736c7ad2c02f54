#include "records/file_plan.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/access.h"

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

[[noreturn]] void refuse(const std::string& pointer, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, why, {{pointer, why}});
}

std::string checked(std::string_view text, const std::string& pointer, std::size_t most) {
  std::string clean = core::collapse_space(core::to_nfc(text));
  if (clean.empty() || clean.size() > most) refuse(pointer, "must have 1 to " + std::to_string(most) + " bytes");
  return clean;
}

void require_access_list(Session& session, std::optional<std::int64_t> list) {
  if (list && !storage::find_access_list(session, *list)) {
    refuse("/access_list_id", "there is no access list " + std::to_string(*list));
  }
}

std::string checked_code(Session& session, std::string_view code, std::int64_t except) {
  std::string clean = checked(code, "/code", 50);
  const auto taken = session.value<std::int64_t>("SELECT id FROM class WHERE code = $1", clean);
  if (taken && *taken != except) {
    throw Error(ErrorCode::conflict, "there is already a class with the code " + clean, {{"/code", "choose another"}});
  }
  return clean;
}

Json nullable(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json();
}

std::string as_json(const Class& node) {
  return Json{{"parent_id", nullable(node.parent_id)},
              {"code", node.code},
              {"title", node.title},
              {"status", status_name(node.status)},
              {"access_list", nullable(node.access_list)}}
      .dump();
}

std::string as_json(const Folder& folder) {
  return Json{{"class_id", folder.class_id},
              {"title", folder.title},
              {"status", status_name(folder.status)},
              {"access_list", nullable(folder.access_list)}}
      .dump();
}

}  // namespace

std::string_view status_name(Status status) {
  return status == Status::closed ? "closed" : "open";
}

std::vector<Class> list_classes(Session& session) {
  std::vector<Class> classes;
  for (const auto& [id, parent, code, title, status, list, version] :
       session.rows<std::int64_t, std::optional<std::int64_t>, std::string, std::string, std::string,
                    std::optional<std::int64_t>, std::int64_t>(
           "SELECT id, parent_id, code, title, status, access_list_id, version FROM class ORDER BY code, id")) {
    classes.push_back({id, parent, code, title, parse_status(status), list, version});
  }
  return classes;
}

std::optional<Class> find_class(Session& session, std::int64_t id) {
  const auto found = session.row<std::optional<std::int64_t>, std::string, std::string, std::string,
                                 std::optional<std::int64_t>, std::int64_t>(
      "SELECT parent_id, code, title, status, access_list_id, version FROM class WHERE id = $1", id);
  if (!found) return std::nullopt;
  const auto& [parent, code, title, status, list, version] = *found;
  return Class{id, parent, code, title, parse_status(status), list, version};
}

std::optional<Class> find_class(Session& session, std::string_view code) {
  const auto id = session.value<std::int64_t>("SELECT id FROM class WHERE code = $1", code);
  return id ? find_class(session, *id) : std::nullopt;
}

std::int64_t create_class(Transaction& tx, const NewClass& wanted) {
  const std::string code = checked_code(tx, wanted.code, 0);
  const std::string title = checked(wanted.title, "/title", 500);
  require_access_list(tx, wanted.access_list);
  if (wanted.parent_id) {
    const auto parent = find_class(tx, *wanted.parent_id);
    if (!parent) refuse("/parent_id", "there is no class " + std::to_string(*wanted.parent_id));
    if (parent->status == Status::closed) refuse("/parent_id", "this class is closed and accepts nothing new");
  }
  const std::int64_t id =
      tx.insert("INSERT INTO class (parent_id, code, title, access_list_id, created_at) VALUES ($1, $2, $3, $4, $5)",
                wanted.parent_id, code, title, wanted.access_list, tx.now());
  tx.audit({"class.created", "class", id, "", as_json(find_class(tx, id).value())});
  return id;
}

void change_class(Transaction& tx, std::int64_t id, std::int64_t expected_version, const ClassChange& change) {
  const auto before = find_class(tx, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such class");
  if (before->version != expected_version) {
    throw Error(ErrorCode::stale, "somebody else has changed this class; look at it again");
  }
  Class after = *before;
  if (change.code) after.code = checked_code(tx, *change.code, id);
  if (change.title) after.title = checked(*change.title, "/title", 500);
  if (change.status) after.status = *change.status;
  if (change.access_list) after.access_list = *change.access_list;
  require_access_list(tx, after.access_list);
  tx.execute(
      "UPDATE class SET code = $1, title = $2, status = $3, access_list_id = $4, version = version + 1 WHERE id = $5",
      after.code, after.title, status_name(after.status), after.access_list, id);
  if (after.access_list != before->access_list) storage::refresh_inherited_access(tx);
  tx.audit({"class.changed", "class", id, as_json(*before), as_json(after)});
}

std::vector<Folder> list_folders(Session& session, std::optional<std::int64_t> class_id, std::string_view part,
                                 std::size_t limit) {
  std::vector<Folder> folders;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT id FROM folder WHERE ($1 = -1 OR class_id = $1) AND ($2 = '' OR instr(lower(title), lower($2)) > 0) "
           "ORDER BY title, id LIMIT $3",
           class_id.value_or(-1), part, limit)) {
    folders.push_back(find_folder(session, id).value());
  }
  return folders;
}

std::optional<Folder> find_folder(Session& session, std::int64_t id) {
  const auto found = session.row<std::int64_t, std::string, std::string, std::optional<std::int64_t>, core::Time,
                                 std::optional<core::Time>, std::int64_t>(
      "SELECT class_id, title, status, access_list_id, opened_at, closed_at, version FROM folder WHERE id = $1", id);
  if (!found) return std::nullopt;
  const auto& [class_id, title, status, list, opened_at, closed_at, version] = *found;
  return Folder{id, class_id, title, parse_status(status), list, opened_at, closed_at, version};
}

std::int64_t create_folder(Transaction& tx, std::int64_t class_id, std::string_view title,
                           std::optional<std::int64_t> access_list) {
  const auto node = find_class(tx, class_id);
  if (!node) refuse("/class_id", "there is no class " + std::to_string(class_id));
  if (node->status == Status::closed) refuse("/class_id", "this class is closed and accepts nothing new");
  require_access_list(tx, access_list);
  const std::int64_t id =
      tx.insert("INSERT INTO folder (class_id, title, access_list_id, opened_at) VALUES ($1, $2, $3, $4)", class_id,
                checked(title, "/title", 500), access_list, tx.now());
  tx.audit({"folder.opened", "folder", id, "", as_json(find_folder(tx, id).value())});
  return id;
}

void change_folder(Transaction& tx, std::int64_t id, std::int64_t expected_version, const FolderChange& change) {
  const auto before = find_folder(tx, id);
  if (!before) throw Error(ErrorCode::not_found, "there is no such folder");
  if (before->version != expected_version) {
    throw Error(ErrorCode::stale, "somebody else has changed this folder; look at it again");
  }
  Folder after = *before;
  if (change.title) after.title = checked(*change.title, "/title", 500);
  if (change.status) after.status = *change.status;
  if (change.access_list) after.access_list = *change.access_list;
  require_access_list(tx, after.access_list);
  if (after.status != before->status) {
    after.closed_at = after.status == Status::closed ? std::optional(tx.now()) : std::nullopt;
  }
  tx.execute(
      "UPDATE folder SET title = $1, status = $2, closed_at = $3, access_list_id = $4, version = version + 1 "
      "WHERE id = $5",
      after.title, status_name(after.status), after.closed_at, after.access_list, id);
  if (after.access_list != before->access_list) storage::refresh_inherited_access(tx);
  tx.audit({after.status == before->status   ? "folder.changed"
            : after.status == Status::closed ? "folder.closed"
                                             : "folder.reopened",
            "folder", id, as_json(*before), as_json(after)});
}

}  // namespace muniment::records
