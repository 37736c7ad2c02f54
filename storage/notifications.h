// What people follow, and what they are told. Notifications are made from the audit log, so that nothing that is done
// can be forgotten here, and nothing else needs to know of them. Nobody is told of what they do themselves, or of a
// document that they may not read, or of a hold that they neither manage nor are custodian of: that is asked when a
// notification is made and again when it is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class Followed { document, folder, saved_view };
std::string_view followed_name(Followed kind);
std::optional<Followed> parse_followed(std::string_view name);

bool follows(Session& session, const Principal& who, Followed kind, std::int64_t id);
// Doing it twice is not an error. Error(not_found) for a document that `who` may not read, or a folder or view that is
// not there; Error(forbidden) for nobody in particular. Who follows a saved view hears of documents that come in from
// now on and that it finds for them (storage/view_news.h).
void follow(Transaction& tx, const Principal& who, Followed kind, std::int64_t id);
void unfollow(Transaction& tx, const Principal& who, Followed kind, std::int64_t id);

enum class NotificationKind {
  new_document,    // in a folder that they follow
  new_version,     // of a document, or of one in a folder, that they follow; the same for what comes next
  changed,         // `fields` says what
  filed,           // into another class or folder
  shared,          // got a list of its own that names them or their group, and could not be read by them before
  declared,        // a record
  not_read,        // their own document could not be read
  approval_asked,  // a disposition that they may approve
  in_view,         // a new document that a saved view finds which they follow
  hold_asked,      // a hold that they are to acknowledge
  hold_reminded,   // the same again, because they have not
  hold_released,   // one that they are custodian of
  loan_overdue,    // they have the paper, and its last day is over
  loan_recalled,   // they have the paper, and it is asked for
  paper_ready,     // that they have reserved
};
std::string_view notification_kind_name(NotificationKind kind);  // "new-document"

struct Notification {
  std::int64_t id = 0;
  NotificationKind kind = NotificationKind::changed;
  std::optional<std::int64_t> document_id;
  std::string document_title;
  std::optional<std::int64_t> batch_id;
  std::optional<std::int64_t> view_id;
  std::string view_name;
  std::optional<std::int64_t> hold_id;
  std::string hold_title;
  bool hold_confidential = false;   // not to be named where others may look, in a mail say
  std::vector<std::string> fields;  // names as in the API
  std::int64_t made_by = 0;
  std::string made_by_name;
  core::Time at;
  bool read = false;
};

// Makes those of up to some hundred audit entries that were not looked at yet. True when more of them wait.
bool make_notifications(Transaction& tx);
// Whether make_notifications would find something.
bool notifications_are_due(Session& session);

// Makes all that wait, in transactions of their own. Cheap when there are none.
void make_waiting_notifications(Database& database);

// The newest first, before notification `before` (0: from the newest).
std::vector<Notification> list_notifications(Session& session, const Principal& who, std::int64_t before,
                                             std::size_t limit);
// At most 100: nobody counts further.
std::size_t count_unread_notifications(Session& session, const Principal& who);
// All up to this one.
void mark_notifications_read(Transaction& tx, const Principal& who, std::int64_t up_to);
// Forgets those that are older; how many.
std::int64_t remove_notifications_before(Transaction& tx, core::Time time);

}  // namespace muniment::storage
