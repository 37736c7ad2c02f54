#include "storage/file_tree.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/internal/document_rows.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;

std::string_view place_name(Place::Kind kind) {
  switch (kind) {
    case Place::Kind::document_class:
      return "class";
    case Place::Kind::folder:
      return "folder";
    case Place::Kind::work_folder:
      return "work_folder";
  }
  return "work_folder";
}

std::optional<std::int64_t> class_of(const Place& place) {
  return place.kind == Place::Kind::document_class ? std::optional(place.id) : std::nullopt;
}
std::optional<std::int64_t> folder_of(const Place& place) {
  return place.kind == Place::Kind::folder ? std::optional(place.id) : std::nullopt;
}
std::optional<std::int64_t> work_folder_of(const Place& place) {
  return place.kind == Place::Kind::work_folder ? std::optional(place.id) : std::nullopt;
}

void write_name(Transaction& tx, std::int64_t document_id, const Place& place, std::string_view name) {
  tx.execute(
      "INSERT INTO file_name (document_id, name, work_folder_id) VALUES ($1, $2, $3) "
      "ON CONFLICT (document_id) DO UPDATE SET name = excluded.name, work_folder_id = excluded.work_folder_id",
      document_id, name, work_folder_of(place));
}

// How the document is called as a file.
std::string name_of(Session& session, const Document& document) {
  const auto own = session.value<std::string>("SELECT name FROM file_name WHERE document_id = $1", document.id);
  return own ? *own : require_file(document).filename;
}

bool lies_within(Session& session, std::int64_t folder_id, std::int64_t within) {
  for (std::optional<std::int64_t> at = folder_id; at;) {
    if (*at == within) return true;
    at = session.value<std::optional<std::int64_t>>("SELECT parent_id FROM work_folder WHERE id = $1", *at)
             .value_or(std::nullopt);
  }
  return false;
}

Json as_json(const WorkFolder& folder) {
  return {{"name", folder.name}, {"parent", folder.parent_id ? Json(*folder.parent_id) : Json()}};
}

WorkFolder require_work_folder(Session& session, std::int64_t id) {
  const auto found = session.row<std::optional<std::int64_t>, std::string, core::Time>(
      "SELECT parent_id, name, created_at FROM work_folder WHERE id = $1", id);
  if (!found) throw Error(ErrorCode::not_found, "there is no such folder in the working area");
  const auto& [parent, name, created_at] = *found;
  return {id, parent, name, created_at};
}

}  // namespace

std::string_view stem_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::int64_t access_list_of(Session& session, const Place& place) {
  auto class_id = class_of(place);
  if (place.kind == Place::Kind::folder) {
    class_id = session.value<std::int64_t>("SELECT class_id FROM folder WHERE id = $1", place.id);
  }
  return inherited_access_list(session, folder_of(place), class_id);
}

std::vector<FileEntry> files_in(Session& session, const Principal& who, const Place& place, std::string_view name) {
  const std::string statement =
      "SELECT d.id, d.access_list_id, p.name, c.sha256, b.size, c.media_type, d.added_at, v.created_at "
      "FROM file_place p JOIN document d ON d.id = p.document_id "
      "JOIN component c ON c.document_id = d.id AND c.version = d.current_version AND c.position = 1 "
      "JOIN blob b ON b.sha256 = c.sha256 "
      "JOIN document_version v ON v.document_id = d.id AND v.number = d.current_version "
      "WHERE p.place = $1 AND p.place_id = $2 AND " +
      std::string(name.empty() ? "$3 = ''" : "p.name = $3") +
      " AND d.trashed_at IS NULL AND d.withdrawn_at IS NULL AND d.replaced_at IS NULL ORDER BY d.id";
  std::vector<FileEntry> files;
  for (const auto& [id, list, file_name, hash, size, type, created, changed] :
       session.rows<std::int64_t, std::int64_t, std::string, core::Sha256, std::uint64_t, std::string, core::Time,
                    core::Time>(statement, place_name(place.kind), place.id, name)) {
    if (who.may_read(list)) files.push_back({id, file_name, hash, size, type, created, changed});
  }
  return files;
}

std::vector<WorkFolder> work_folders_in(Session& session, std::int64_t parent_id) {
  std::vector<WorkFolder> folders;
  for (const auto& [id, name, created_at] : session.rows<std::int64_t, std::string, core::Time>(
           "SELECT id, name, created_at FROM work_folder WHERE parent_id = $1 ORDER BY name", parent_id)) {
    folders.push_back({id, parent_id, name, created_at});
  }
  return folders;
}

std::optional<WorkFolder> find_work_folder(Session& session, std::int64_t parent_id, std::string_view name) {
  const auto found = session.row<std::int64_t, core::Time>(
      "SELECT id, created_at FROM work_folder WHERE parent_id = $1 AND name = $2", parent_id, name);
  if (!found) return std::nullopt;
  return WorkFolder{std::get<0>(*found), parent_id, std::string(name), std::get<1>(*found)};
}

std::int64_t create_work_folder(Transaction& tx, std::int64_t parent_id, std::string_view name) {
  const std::int64_t id =
      tx.insert("INSERT INTO work_folder (parent_id, name, created_at) VALUES ($1, $2, $3)", parent_id, name, tx.now());
  tx.audit({"work_folder.created", "work_folder", id, "", as_json(require_work_folder(tx, id)).dump()});
  return id;
}

void move_work_folder(Transaction& tx, std::int64_t id, std::int64_t parent_id, std::string_view name) {
  const WorkFolder before = require_work_folder(tx, id);
  if (lies_within(tx, parent_id, id)) {
    throw Error(ErrorCode::invalid_argument, "a folder cannot lie within itself; choose another place");
  }
  tx.execute("UPDATE work_folder SET parent_id = $1, name = $2 WHERE id = $3", parent_id, name, id);
  tx.audit(
      {"work_folder.moved", "work_folder", id, as_json(before).dump(), as_json(require_work_folder(tx, id)).dump()});
}

void remove_work_folder(Transaction& tx, std::int64_t id) {
  const WorkFolder before = require_work_folder(tx, id);
  if (!before.parent_id) throw Error(ErrorCode::invalid_argument, "the working area itself stays");
  tx.execute("UPDATE file_name SET work_folder_id = $1 WHERE work_folder_id = $2", *before.parent_id, id);
  tx.execute("DELETE FROM announced_file WHERE place = 'work_folder' AND place_id = $1", id);
  tx.execute("DELETE FROM work_folder WHERE id = $1", id);
  tx.audit({"work_folder.removed", "work_folder", id, as_json(before).dump()});
}

void name_new_file(Transaction& tx, std::int64_t document_id, const Place& place, std::string_view name) {
  write_name(tx, document_id, place, name);
}

void move_file(Transaction& tx, const Principal& who, std::int64_t document_id, const Place& place,
               std::string_view name) {
  const Document before = changeable_document(tx, who, document_id);
  require_not_held(before);
  if (before.is_record) {
    throw Error(ErrorCode::conflict,
                "this is a record: its name is fixed, and a records manager classifies it anew with a reason");
  }
  const std::string old_name = name_of(tx, before);
  DocumentChange change;
  const auto folder_id = folder_of(place);
  if (before.folder_id != folder_id) change.folder_id = folder_id;
  if (!folder_id && before.class_id != class_of(place)) {
    change.class_id = class_of(place);
    change.folder_id = folder_id;
  }
  if (before.title == stem_of(old_name) && name != old_name) change.title = std::string(stem_of(name));
  if (change.folder_id || change.class_id || change.title) {
    change_document(tx, who, document_id, before.version, change);
  } else if (before.trashed_at) {
    throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  }
  const auto old_place =
      tx.value<std::optional<std::int64_t>>("SELECT work_folder_id FROM file_name WHERE document_id = $1", document_id)
          .value_or(std::nullopt);
  write_name(tx, document_id, place, name);
  const auto as_text = [](std::string_view file_name, std::optional<std::int64_t> folder) {
    return Json{{"name", file_name}, {"work_folder", folder ? Json(*folder) : Json()}}.dump();
  };
  tx.audit({"document.file_moved", "document", document_id, as_text(old_name, old_place),
            as_text(name, work_folder_of(place))});
}

std::vector<AnnouncedFile> announced_files_in(Session& session, const Principal& who, const Place& place) {
  std::vector<AnnouncedFile> files;
  if (!who.may_read(access_list_of(session, place))) return files;
  for (const auto& [id, name, created_at] : session.rows<std::int64_t, std::string, core::Time>(
           "SELECT id, name, created_at FROM announced_file WHERE place = $1 AND place_id = $2 ORDER BY id",
           place_name(place.kind), place.id)) {
    files.push_back({id, name, created_at});
  }
  return files;
}

std::optional<AnnouncedFile> find_announced_file(Session& session, const Principal& who, const Place& place,
                                                 std::string_view name) {
  const auto found = session.row<std::int64_t, core::Time>(
      "SELECT id, created_at FROM announced_file WHERE place = $1 AND place_id = $2 AND name = $3",
      place_name(place.kind), place.id, name);
  if (!found || !who.may_read(access_list_of(session, place))) return std::nullopt;
  return AnnouncedFile{std::get<0>(*found), std::string(name), std::get<1>(*found)};
}

std::int64_t announce_file(Transaction& tx, const Place& place, std::string_view name) {
  return tx.insert("INSERT INTO announced_file (place, place_id, name, created_at) VALUES ($1, $2, $3, $4)",
                   place_name(place.kind), place.id, name, tx.now());
}

void move_announced_file(Transaction& tx, std::int64_t id, const Place& place, std::string_view name) {
  tx.execute("UPDATE announced_file SET place = $1, place_id = $2, name = $3 WHERE id = $4", place_name(place.kind),
             place.id, name, id);
}

void forget_announced_file(Transaction& tx, std::int64_t id) {
  tx.execute("DELETE FROM announced_file WHERE id = $1", id);
}

void forget_announced_files_before(Transaction& tx, core::Time moment) {
  tx.execute(
      "DELETE FROM announced_file WHERE created_at < $1 AND id NOT IN "
      "(SELECT thing_id FROM file_lock WHERE thing = 'announced' AND expires_at > $2)",
      moment, tx.now());
  tx.execute("DELETE FROM file_property WHERE thing = 'announced' AND thing_id NOT IN (SELECT id FROM announced_file)");
}

}  // namespace muniment::storage
