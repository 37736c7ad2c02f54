// Locks (RFC 4918) and dead properties: what clients of WebDAV leave at files and folders. Both last over a restart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

struct FileThing {
  enum class Kind { document_class, folder, work_folder, document, announced };
  Kind kind = Kind::document;
  std::int64_t id = 0;
  bool operator==(const FileThing&) const = default;
};

struct FileLock {
  std::string token;  // "urn:uuid:..."
  FileThing thing;
  bool exclusive = true;
  bool deep = false;  // also of everything below
  std::string owner;  // XML of the client's
  std::int64_t account_id = 0;
  std::string path;  // by which it was locked
  core::Time expires_at;
};
// Those that have not expired.
std::vector<FileLock> locks_of(Session& session, const FileThing& thing, core::Time now);
void add_lock(Transaction& tx, const FileLock& lock);
void refresh_lock(Transaction& tx, std::string_view token, core::Time expires_at);
void remove_lock(Transaction& tx, std::string_view token);
void remove_locks_of(Transaction& tx, const FileThing& thing);
void remove_expired_locks(Transaction& tx);

// Whose check-out (check_outs.h) or lock keeps `who` from giving this document a new version; empty: nobody's. A lock
// of a place counts for what is in it.
std::optional<std::int64_t> locked_by_another(Session& session, const Principal& who, std::int64_t document_id,
                                              core::Time now);
// Error(conflict) that says whose.
void require_not_locked(Transaction& tx, const Principal& who, std::int64_t document_id);

struct FileProperty {
  std::string space;
  std::string name;
  std::string element;  // XML that stands by itself
};
inline constexpr std::size_t kMostProperties = 100;  // of one thing
std::vector<FileProperty> properties_of(Session& session, const FileThing& thing);
// Error(too_large) above kMostProperties.
void set_property(Transaction& tx, const FileThing& thing, const FileProperty& property);
void remove_property(Transaction& tx, const FileThing& thing, std::string_view space, std::string_view name);
void remove_properties_of(Transaction& tx, const FileThing& thing);
// What `to` had is replaced.
void copy_properties(Transaction& tx, const FileThing& from, const FileThing& to);

// The locks and properties of an announced file belong to the document that it has become.
void hand_over(Transaction& tx, const FileThing& from, const FileThing& to);

}  // namespace muniment::storage
