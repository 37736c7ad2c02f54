#include "storage/file_locks.h"

#include "core/error.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

std::string_view thing_name(FileThing::Kind kind) {
  switch (kind) {
    case FileThing::Kind::document_class:
      return "class";
    case FileThing::Kind::folder:
      return "folder";
    case FileThing::Kind::work_folder:
      return "work_folder";
    case FileThing::Kind::document:
      return "document";
    case FileThing::Kind::announced:
      return "announced";
  }
  return "document";
}

// Everything whose deep lock is also one of the document.
std::vector<FileThing> places_above(Session& session, std::int64_t document_id) {
  std::vector<FileThing> places;
  const auto filed = session.row<std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT d.class_id, d.folder_id, f.work_folder_id FROM document d "
      "LEFT JOIN file_name f ON f.document_id = d.id WHERE d.id = $1",
      document_id);
  if (!filed) return places;
  auto [class_id, folder_id, work_folder_id] = *filed;
  if (folder_id) places.push_back({FileThing::Kind::folder, *folder_id});
  if (class_id) work_folder_id.reset();
  while (class_id) {
    places.push_back({FileThing::Kind::document_class, *class_id});
    class_id = session.value<std::optional<std::int64_t>>("SELECT parent_id FROM class WHERE id = $1", *class_id)
                   .value_or(std::nullopt);
  }
  while (work_folder_id) {
    places.push_back({FileThing::Kind::work_folder, *work_folder_id});
    work_folder_id =
        session.value<std::optional<std::int64_t>>("SELECT parent_id FROM work_folder WHERE id = $1", *work_folder_id)
            .value_or(std::nullopt);
  }
  return places;
}

}  // namespace

std::vector<FileLock> locks_of(Session& session, const FileThing& thing, core::Time now) {
  std::vector<FileLock> locks;
  for (const auto& [token, exclusive, deep, owner, account, path, expires_at] :
       session.rows<std::string, bool, bool, std::string, std::int64_t, std::string, core::Time>(
           "SELECT token, exclusive, deep, owner, account_id, path, expires_at FROM file_lock "
           "WHERE thing = $1 AND thing_id = $2 AND expires_at > $3 ORDER BY token",
           thing_name(thing.kind), thing.id, now)) {
    locks.push_back({token, thing, exclusive, deep, owner, account, path, expires_at});
  }
  return locks;
}

void add_lock(Transaction& tx, const FileLock& lock) {
  tx.execute(
      "INSERT INTO file_lock (token, thing, thing_id, exclusive, deep, owner, account_id, path, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      lock.token, thing_name(lock.thing.kind), lock.thing.id, lock.exclusive, lock.deep, lock.owner, lock.account_id,
      lock.path, lock.expires_at);
}

void refresh_lock(Transaction& tx, std::string_view token, core::Time expires_at) {
  tx.execute("UPDATE file_lock SET expires_at = $1 WHERE token = $2", expires_at, token);
}

void remove_lock(Transaction& tx, std::string_view token) {
  tx.execute("DELETE FROM file_lock WHERE token = $1", token);
}

void remove_locks_of(Transaction& tx, const FileThing& thing) {
  tx.execute("DELETE FROM file_lock WHERE thing = $1 AND thing_id = $2", thing_name(thing.kind), thing.id);
}

void remove_expired_locks(Transaction& tx) {
  tx.execute("DELETE FROM file_lock WHERE expires_at <= $1", tx.now());
}

std::optional<std::int64_t> locked_by_another(Session& session, const Principal& who, std::int64_t document_id,
                                              core::Time now) {
  const auto holder =
      session.value<std::int64_t>("SELECT account_id FROM check_out WHERE document_id = $1", document_id);
  if (holder && *holder != who.account_id) return holder;
  const auto another = [&](const FileThing& thing, bool only_deep) -> std::optional<std::int64_t> {
    for (const FileLock& lock : locks_of(session, thing, now)) {
      if (lock.account_id != who.account_id && (lock.deep || !only_deep)) return lock.account_id;
    }
    return std::nullopt;
  };
  if (const auto account = another({FileThing::Kind::document, document_id}, false)) return account;
  for (const FileThing& place : places_above(session, document_id)) {
    if (const auto account = another(place, true)) return account;
  }
  return std::nullopt;
}

void require_not_locked(Transaction& tx, const Principal& who, std::int64_t document_id) {
  const auto holder = locked_by_another(tx, who, document_id, tx.now());
  if (!holder) return;
  const auto name = tx.value<std::string>("SELECT display_name FROM account WHERE id = $1", *holder);
  throw Error(ErrorCode::conflict, name.value_or("somebody") +
                                       " has checked this document out or opened it in a program that locks it; wait "
                                       "until they are done");
}

std::vector<FileProperty> properties_of(Session& session, const FileThing& thing) {
  std::vector<FileProperty> properties;
  for (const auto& [space, name, element] : session.rows<std::string, std::string, std::string>(
           "SELECT namespace, name, element FROM file_property WHERE thing = $1 AND thing_id = $2 "
           "ORDER BY namespace, name",
           thing_name(thing.kind), thing.id)) {
    properties.push_back({space, name, element});
  }
  return properties;
}

void set_property(Transaction& tx, const FileThing& thing, const FileProperty& property) {
  tx.execute(
      "INSERT INTO file_property (thing, thing_id, namespace, name, element) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (thing, thing_id, namespace, name) DO UPDATE SET element = excluded.element",
      thing_name(thing.kind), thing.id, property.space, property.name, property.element);
  const auto count = tx.value<std::int64_t>("SELECT count(*) FROM file_property WHERE thing = $1 AND thing_id = $2",
                                            thing_name(thing.kind), thing.id)
                         .value();
  if (count > static_cast<std::int64_t>(kMostProperties)) {
    throw Error(ErrorCode::too_large, "a file has at most 100 properties of clients' own; remove some first");
  }
}

void remove_property(Transaction& tx, const FileThing& thing, std::string_view space, std::string_view name) {
  tx.execute("DELETE FROM file_property WHERE thing = $1 AND thing_id = $2 AND namespace = $3 AND name = $4",
             thing_name(thing.kind), thing.id, space, name);
}

void remove_properties_of(Transaction& tx, const FileThing& thing) {
  tx.execute("DELETE FROM file_property WHERE thing = $1 AND thing_id = $2", thing_name(thing.kind), thing.id);
}

void copy_properties(Transaction& tx, const FileThing& from, const FileThing& to) {
  remove_properties_of(tx, to);
  for (const FileProperty& property : properties_of(tx, from)) set_property(tx, to, property);
}

void hand_over(Transaction& tx, const FileThing& from, const FileThing& to) {
  copy_properties(tx, from, to);
  remove_properties_of(tx, from);
  tx.execute("UPDATE file_lock SET thing = $1, thing_id = $2 WHERE thing = $3 AND thing_id = $4", thing_name(to.kind),
             to.id, thing_name(from.kind), from.id);
}

}  // namespace muniment::storage
