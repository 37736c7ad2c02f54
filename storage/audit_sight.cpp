#include "storage/audit_sight.h"

namespace muniment::storage {

bool tells_of_holds(std::string_view action) {
  return action.starts_with("hold.") || action == "disposition.skipped" || action == "disposition.emptied" ||
         action == "disposition.not_let_go";
}

AuditSights::AuditSights(Session& session, const Principal& who)
    : session_(session),
      who_(who),
      reads_everything_(storage::reads_everything(session, who)),
      knows_holds_(who.may(Permission::manage_holds)) {}

AuditSight AuditSights::of(std::string_view action, std::string_view object, std::int64_t object_id) const {
  const bool readable = may_read(object, object_id);
  if (tells_of_holds(action) && !(knows_holds_ && readable)) return AuditSight::place;
  return readable ? AuditSight::all : AuditSight::entry;
}

bool AuditSights::may_read(std::string_view object, std::int64_t id) const {
  if (reads_everything_) return true;
  if (object == "document") {
    const auto list = session_.value<std::int64_t>(
        "SELECT access_list_id FROM document WHERE id = $1 UNION ALL SELECT access_list_id FROM tombstone WHERE "
        "document_id = $1 LIMIT 1",
        id);
    return list && who_.may_read(*list);
  }
  if (object == "folder") {
    const bool exists = session_.value<std::int64_t>("SELECT id FROM folder WHERE id = $1", id).has_value();
    return exists && who_.may_read(inherited_access_list(session_, id, std::nullopt));
  }
  return object != "record";
}

}  // namespace muniment::storage
