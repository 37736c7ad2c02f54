#include "storage/audit_sight.h"

#include <algorithm>
#include <array>
#include <optional>

namespace muniment::storage {

namespace {

// Who may look at things of a kind: those with either right, or whoever reads the log when none is named.
struct KindOfThing {
  std::string_view object;
  std::optional<Permission> right = {};
  std::optional<Permission> other = {};
};

constexpr auto kKindsOfThings = std::to_array<KindOfThing>({
    {"access_list", Permission::manage_access},
    {"account"},
    {"archive"},
    {"archive_import", Permission::operate},
    {"audit"},
    {"audit_entry"},
    {"audit_key"},
    {"class"},
    {"correspondent"},
    {"custom_field"},
    {"disposition", Permission::propose_disposition, Permission::approve_disposition},
    {"document_type"},
    {"erasure_request", Permission::handle_privacy},
    {"filing_rule", Permission::manage_file_plan},
    {"group", Permission::manage_accounts},
    {"hold", Permission::manage_holds},
    {"import", Permission::transfer_records},
    {"intake_folder", Permission::operate},
    {"inventory", Permission::manage_paper},
    {"job"},
    {"level"},
    {"location"},
    {"mail_listener", Permission::operate},
    {"mailbox", Permission::operate},
    {"network_scanner", Permission::operate},
    {"privacy", Permission::handle_privacy},
    {"role"},
    {"scan"},
    {"scan_profile", Permission::capture},
    {"schedule"},
    {"service"},
    {"setting"},
    {"source", Permission::operate},
    {"tag"},
    {"work_folder"},
    {"workflow", Permission::operate},
});

}  // namespace

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
  const bool known = may_know(action, object, object_id);
  if (tells_of_holds(action) && !(knows_holds_ && known)) return AuditSight::place;
  return known ? AuditSight::all : AuditSight::entry;
}

bool AuditSights::may_know(std::string_view action, std::string_view object, std::int64_t id) const {
  if (sees_all()) return true;
  if (object == "document") return reads_everything_ || may_read_document(id);
  if (object == "folder") return reads_everything_ || may_read_folder(id);
  if (object == "record" || object == "search") return reads_everything_;
  if (object == "saved_view") return may_see_view(id);
  if (action == "account.mail_changed") return who_.may(Permission::manage_accounts);
  const auto kind = std::ranges::find(kKindsOfThings, object, &KindOfThing::object);
  if (kind == kKindsOfThings.end()) return false;
  return !kind->right || who_.may(*kind->right) || (kind->other && who_.may(*kind->other));
}

bool AuditSights::may_read_document(std::int64_t id) const {
  const auto list = session_.value<std::int64_t>(
      "SELECT access_list_id FROM document WHERE id = $1 UNION ALL SELECT access_list_id FROM tombstone WHERE "
      "document_id = $1 LIMIT 1",
      id);
  return list && who_.may_read(*list);
}

bool AuditSights::may_read_folder(std::int64_t id) const {
  const bool exists = session_.value<std::int64_t>("SELECT id FROM folder WHERE id = $1", id).has_value();
  return exists && who_.may_read(inherited_access_list(session_, id, std::nullopt));
}

bool AuditSights::may_see_view(std::int64_t id) const {
  return session_
      .value<std::int64_t>("SELECT id FROM saved_view WHERE id = $1 AND (shared = 1 OR account_id = $2)", id,
                           who_.account_id)
      .has_value();
}

}  // namespace muniment::storage
