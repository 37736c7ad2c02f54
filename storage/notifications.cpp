#include "storage/notifications.h"

#include <array>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/documents.h"
#include "storage/internal/named_values.h"
#include "storage/saved_views.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::int64_t kEntriesAtOnce = 300;
constexpr std::int64_t kEntriesPassedBy = 5000;
constexpr std::size_t kMostUnread = 100;

constexpr std::array<std::pair<Followed, std::string_view>, 3> kFollowed = {
    {{Followed::document, "document"}, {Followed::folder, "folder"}, {Followed::saved_view, "saved-view"}}};

constexpr std::array<std::pair<NotificationKind, std::string_view>, 15> kNotificationKinds = {
    {{NotificationKind::new_document, "new-document"},
     {NotificationKind::new_version, "new-version"},
     {NotificationKind::changed, "changed"},
     {NotificationKind::filed, "filed"},
     {NotificationKind::shared, "shared"},
     {NotificationKind::declared, "declared"},
     {NotificationKind::not_read, "not-read"},
     {NotificationKind::approval_asked, "approval-asked"},
     {NotificationKind::in_view, "in-view"},
     {NotificationKind::hold_asked, "hold-asked"},
     {NotificationKind::hold_reminded, "hold-reminded"},
     {NotificationKind::hold_released, "hold-released"},
     {NotificationKind::loan_overdue, "loan-overdue"},
     {NotificationKind::loan_recalled, "loan-recalled"},
     {NotificationKind::paper_ready, "paper-ready"}}};

// What somebody is told of; other entries say nothing to anybody. `document.changed` is `filed` when it says where to.
constexpr std::array<std::pair<NotificationKind, std::string_view>, 13> kActions = {
    {{NotificationKind::new_document, "document.captured"},
     {NotificationKind::new_version, "document.version_added"},
     {NotificationKind::changed, "document.changed"},
     {NotificationKind::declared, "record.declared"},
     {NotificationKind::not_read, "document.quarantined"},
     {NotificationKind::approval_asked, "disposition.proposed"},
     {NotificationKind::hold_asked, "hold.placed"},
     {NotificationKind::hold_asked, "hold.changed"},
     {NotificationKind::hold_reminded, "hold.reminded"},
     {NotificationKind::hold_released, "hold.released"},
     {NotificationKind::loan_overdue, "paper.overdue"},
     {NotificationKind::loan_recalled, "paper.recalled"},
     {NotificationKind::paper_ready, "paper.available"}}};

std::string actions_in_sql() {
  std::string list;
  for (const auto& [kind, action] : kActions) list += (list.empty() ? "('" : "', '") + std::string(action);
  return list + "')";
}

struct Told {
  std::int64_t sequence = 0;
  NotificationKind kind = NotificationKind::changed;
  std::int64_t object_id = 0;
  std::set<std::string> fields;
  std::int64_t made_by = 0;
  core::Time at;
  nlohmann::json before = nullptr;  // as the entry tells it
  nlohmann::json after = nullptr;
};

std::int64_t noted(Session& session) {
  return session.value<std::int64_t>("SELECT noted FROM notification_progress").value();
}

std::int64_t newest_entry(Session& session) {
  return session.value<std::int64_t>("SELECT coalesce(max(sequence), 0) FROM audit").value();
}

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> words;
  for (const std::string_view word : core::split(text, ' ')) {
    if (!word.empty()) words.insert(std::string(word));
  }
  return words;
}

// The names of what was changed; the values stay in the log.
std::set<std::string> changed_fields(const nlohmann::json& after) {
  std::set<std::string> names;
  if (!after.is_object()) return names;
  for (const auto& [name, value] : after.items()) names.insert(name);
  return names;
}

// 0 where the entry does not tell it.
std::int64_t number_of(const nlohmann::json& told, const char* name) {
  const auto found = told.is_object() ? told.find(name) : told.end();
  return found != told.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::set<std::int64_t> custodians_of(const nlohmann::json& terms) {
  std::set<std::int64_t> accounts;
  if (!terms.is_object() || !terms.contains("custodians")) return accounts;
  for (const auto& account : terms["custodians"]) {
    if (account.is_number_integer()) accounts.insert(account.get<std::int64_t>());
  }
  return accounts;
}

void tell_of_document(Transaction& tx, std::int64_t account, Told told) {
  const auto who = load_principal(tx, account, "");
  if (!who) return;
  const auto document = find_document(tx, *who, told.object_id);
  if (!document || document->trashed_at) return;
  // Somebody at work changes one thing after the other: that is told once.
  const auto same = tx.row<std::int64_t, std::string>(
      "SELECT id, fields FROM notification WHERE account_id = $1 AND document_id = $2 AND kind = $3 AND made_by = $4 "
      "AND "
      "read_at IS NULL ORDER BY id DESC LIMIT 1",
      account, told.object_id, notification_kind_name(told.kind), told.made_by);
  if (same) {
    told.fields.merge(words_of(std::get<1>(*same)));
    tx.execute("DELETE FROM notification WHERE id = $1", std::get<0>(*same));
  }
  tx.insert(
      "INSERT INTO notification (account_id, kind, document_id, fields, made_by, at) VALUES ($1, $2, $3, $4, $5, $6)",
      account, notification_kind_name(told.kind), told.object_id, core::joined(told.fields, " "), told.made_by,
      told.at);
}

void tell_followers(Transaction& tx, const Told& told) {
  const auto document = tx.row<std::optional<std::int64_t>, std::int64_t>(
      "SELECT folder_id, coalesce(added_by, 0) FROM document WHERE id = $1", told.object_id);
  if (!document) return;
  const auto& [folder, added_by] = *document;
  std::set<std::int64_t> accounts;
  for (const auto& [account] : tx.rows<std::int64_t>("SELECT account_id FROM subscription WHERE ((object = 'document' "
                                                     "AND object_id = $1) OR (object = 'folder' AND "
                                                     "object_id = $2)) AND since < $3",
                                                     told.object_id, folder.value_or(0), told.sequence)) {
    accounts.insert(account);
  }
  if (told.kind == NotificationKind::not_read && added_by > 0) accounts.insert(added_by);
  accounts.erase(told.made_by);
  for (const std::int64_t account : accounts) tell_of_document(tx, account, told);
}

// Those whom the document's new list names, by themselves or by a group, and who could not read it by the one before:
// its own, or what was inherited where it stood. Everyone is nobody in particular.
void tell_new_readers(Transaction& tx, const Told& told) {
  const std::int64_t list = number_of(told.after, "access_list");
  const auto place = tx.row<std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT folder_id, class_id FROM document WHERE id = $1", told.object_id);
  if (!place) return;
  const auto before = [&](const char* name, std::optional<std::int64_t> now) {
    if (!told.before.contains(name)) return now;
    const std::int64_t id = number_of(told.before, name);
    return id != 0 ? std::optional(id) : std::nullopt;
  };
  const std::int64_t own = number_of(told.before, "access_list");
  const std::int64_t earlier = own != 0 ? own
                                        : inherited_access_list(tx, before("folder_id", std::get<0>(*place)),
                                                                before("class_id", std::get<1>(*place)));
  for (const auto& [account] : tx.rows<std::int64_t>(
           "SELECT subject_id FROM access_entry WHERE access_list_id = $1 AND subject = 'account' UNION SELECT "
           "m.account_id FROM access_entry e JOIN group_member m ON m.group_id = e.subject_id WHERE e.access_list_id = "
           "$1 AND e.subject = 'group' ORDER BY 1",
           list)) {
    const auto who = load_principal(tx, account, "");
    if (account != told.made_by && who && !who->may_read(earlier)) tell_of_document(tx, account, told);
  }
}

void tell_approvers(Transaction& tx, const Told& told) {
  for (const auto& [account] : tx.rows<std::int64_t>("SELECT id FROM account WHERE disabled = 0 ORDER BY id")) {
    const auto who = load_principal(tx, account, "");
    if (account == told.made_by || !who || !who->may(Permission::approve_disposition)) continue;
    tx.insert(
        "INSERT INTO notification (account_id, kind, batch_id, fields, made_by, at) VALUES ($1, $2, $3, '', $4, $5)",
        account, notification_kind_name(told.kind), told.object_id, told.made_by, told.at);
  }
}

bool may_know_of_hold(Session& session, const Principal& who, std::int64_t id) {
  return who.may(Permission::manage_holds) ||
         session
             .value<std::int64_t>("SELECT hold_id FROM hold_custodian WHERE hold_id = $1 AND account_id = $2", id,
                                  who.account_id)
             .has_value();
}

// Of those who are asked by it to acknowledge the hold, whoever has not done so yet; of a release all custodians.
void tell_custodians(Transaction& tx, const Told& told) {
  const bool asked = told.kind != NotificationKind::hold_released;
  const std::set<std::int64_t> earlier = custodians_of(told.before);
  for (const auto& [account, waits] : tx.rows<std::int64_t, bool>(
           "SELECT c.account_id, c.acknowledged_at IS NULL AND h.released_at IS NULL FROM hold_custodian c JOIN hold h "
           "ON h.id = c.hold_id JOIN account a ON a.id = c.account_id WHERE c.hold_id = $1 AND a.disabled = 0 ORDER BY "
           "c.account_id",
           told.object_id)) {
    if (account == told.made_by) continue;
    if (asked && (!waits || earlier.contains(account) || !custodians_of(told.after).contains(account))) continue;
    // However often somebody is reminded, one reminder is there to be read.
    tx.execute("DELETE FROM notification WHERE account_id = $1 AND hold_id = $2 AND kind = $3 AND read_at IS NULL",
               account, told.object_id, notification_kind_name(NotificationKind::hold_reminded));
    tx.insert(
        "INSERT INTO notification (account_id, kind, hold_id, fields, made_by, at) VALUES ($1, $2, $3, '', $4, $5)",
        account, notification_kind_name(told.kind), told.object_id, told.made_by, told.at);
  }
}

// Whoever still has the paper, or for whom it still waits.
void tell_borrower(Transaction& tx, const Told& told) {
  const auto account =
      told.kind == NotificationKind::paper_ready
          ? tx.value<std::int64_t>("SELECT account_id FROM reservation WHERE id = $1 AND ended_at IS NULL",
                                   number_of(told.after, "reservation_id"))
          : tx.value<std::int64_t>(
                "SELECT account_id FROM loan WHERE id = $1 AND returned_at IS NULL AND account_id IS NOT NULL",
                number_of(told.after, "loan_id"));
  if (account && *account != told.made_by) tell_of_document(tx, *account, told);
}

void tell(Transaction& tx, const Told& told) {
  switch (told.kind) {
    case NotificationKind::approval_asked:
      return tell_approvers(tx, told);
    case NotificationKind::hold_asked:
    case NotificationKind::hold_reminded:
    case NotificationKind::hold_released:
      return tell_custodians(tx, told);
    case NotificationKind::loan_overdue:
    case NotificationKind::loan_recalled:
    case NotificationKind::paper_ready:
      return tell_borrower(tx, told);
    default:
      return tell_followers(tx, told);
  }
}

bool may_see_folder(Session& session, const Principal& who, std::int64_t id) {
  return session.value<std::int64_t>("SELECT id FROM folder WHERE id = $1", id) &&
         who.may_read(inherited_access_list(session, id, std::nullopt));
}

bool is_there(Session& session, const Principal& who, Followed kind, std::int64_t id) {
  switch (kind) {
    case Followed::document:
      return find_document(session, who, id).has_value();
    case Followed::folder:
      return may_see_folder(session, who, id);
    case Followed::saved_view:
      return find_saved_view(session, who, id).has_value();
  }
  return false;
}

using Row = std::tuple<std::int64_t, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>,
                       std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::int64_t>,
                       std::optional<std::string>, std::optional<bool>, std::string, std::int64_t,
                       std::optional<std::string>, core::Time, bool>;

// Empty when `who` may not see it any more.
std::optional<Notification> shown(Session& session, const Principal& who, const Row& row) {
  Notification one;
  std::string kind, fields;
  std::optional<std::string> name, view, hold;
  std::optional<bool> confidential;
  std::tie(one.id, kind, one.document_id, one.batch_id, one.view_id, view, one.hold_id, hold, confidential, fields,
           one.made_by, name, one.at, one.read) = row;
  one.view_name = view.value_or("");
  one.hold_title = hold.value_or("");
  one.hold_confidential = confidential.value_or(false);
  one.kind = value_in(kNotificationKinds, kind).value_or(NotificationKind::changed);
  one.made_by_name = name.value_or("");
  for (const std::string& field : words_of(fields)) one.fields.push_back(field);
  if (one.hold_id) return may_know_of_hold(session, who, *one.hold_id) ? std::optional(one) : std::nullopt;
  if (!one.document_id) {
    if (!who.may(Permission::approve_disposition)) return std::nullopt;
    return one;
  }
  const auto document = find_document(session, who, *one.document_id);
  if (!document || document->trashed_at) return std::nullopt;
  one.document_title = document->title;
  return one;
}

std::vector<Row> rows_before(Session& session, const Principal& who, std::int64_t before, bool unread_only) {
  // More than a page, because some may not be shown any more.
  return session.rows<std::int64_t, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>,
                      std::optional<std::int64_t>, std::optional<std::string>, std::optional<std::int64_t>,
                      std::optional<std::string>, std::optional<bool>, std::string, std::int64_t,
                      std::optional<std::string>, core::Time, bool>(
      "SELECT n.id, n.kind, n.document_id, n.batch_id, v.id, v.name, h.id, h.title, h.confidential, n.fields, "
      "n.made_by, a.display_name, n.at, n.read_at IS NOT NULL FROM notification n LEFT JOIN account a ON a.id = "
      "n.made_by LEFT JOIN saved_view v ON v.id = n.view_id AND (v.account_id = n.account_id OR v.shared = 1) LEFT "
      "JOIN hold h ON h.id = n.hold_id WHERE n.account_id = $1 AND (n.id < $2 OR $2 = 0) AND (n.read_at IS NULL OR "
      "$3 = 0) ORDER BY n.id DESC LIMIT 500",
      who.account_id, before, unread_only);
}

std::vector<Notification> visible(Session& session, const Principal& who, std::int64_t before, bool unread_only,
                                  std::size_t limit) {
  std::vector<Notification> all;
  while (all.size() < limit) {
    const auto rows = rows_before(session, who, before, unread_only);
    for (const Row& row : rows) {
      before = std::get<0>(row);
      if (all.size() == limit) break;
      if (auto one = shown(session, who, row)) all.push_back(std::move(*one));
    }
    if (rows.empty()) break;
  }
  return all;
}

// What it is called in the audit log.
std::string object_of(Followed kind) {
  return kind == Followed::saved_view ? "saved_view" : std::string(followed_name(kind));
}

}  // namespace

std::string_view followed_name(Followed kind) {
  return name_in(kFollowed, kind);
}

std::optional<Followed> parse_followed(std::string_view name) {
  return value_in(kFollowed, name);
}

std::string_view notification_kind_name(NotificationKind kind) {
  return name_in(kNotificationKinds, kind);
}

bool follows(Session& session, const Principal& who, Followed kind, std::int64_t id) {
  if (kind == Followed::saved_view) {
    return session
        .value<std::int64_t>("SELECT 1 FROM view_subscription WHERE account_id = $1 AND view_id = $2", who.account_id,
                             id)
        .has_value();
  }
  return session
      .value<std::int64_t>("SELECT 1 FROM subscription WHERE account_id = $1 AND object = $2 AND object_id = $3",
                           who.account_id, followed_name(kind), id)
      .has_value();
}

void follow(Transaction& tx, const Principal& who, Followed kind, std::int64_t id) {
  if (who.is_system()) throw Error(ErrorCode::forbidden, "a person follows; use --as NAME");
  if (!is_there(tx, who, kind, id)) {
    throw Error(ErrorCode::not_found, "there is no such " + std::string(followed_name(kind)));
  }
  const auto noted = [&](std::int64_t rows) {
    if (rows > 0) tx.audit({"subscription.made", object_of(kind), id});
  };
  if (kind == Followed::saved_view) {
    noted(tx.execute(
        "INSERT INTO view_subscription (account_id, view_id, newest) VALUES ($1, $2, (SELECT coalesce(max(id), 0) FROM "
        "document)) ON CONFLICT DO NOTHING",
        who.account_id, id));
    return;
  }
  noted(tx.execute(
      "INSERT INTO subscription (account_id, object, object_id, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      who.account_id, followed_name(kind), id, newest_entry(tx)));
}

void unfollow(Transaction& tx, const Principal& who, Followed kind, std::int64_t id) {
  const auto rows =
      kind == Followed::saved_view
          ? tx.execute("DELETE FROM view_subscription WHERE account_id = $1 AND view_id = $2", who.account_id, id)
          : tx.execute("DELETE FROM subscription WHERE account_id = $1 AND object = $2 AND object_id = $3",
                       who.account_id, followed_name(kind), id);
  if (rows > 0) tx.audit({"subscription.ended", object_of(kind), id});
}

bool notifications_are_due(Session& session) {
  const std::int64_t last = noted(session);
  // A long stretch that tells nobody anything is passed by once too, so that it is not looked through again and again.
  return session
             .value<std::int64_t>(
                 "SELECT sequence FROM audit WHERE sequence > $1 AND action IN " + actions_in_sql() + " LIMIT 1", last)
             .has_value() ||
         newest_entry(session) > last + kEntriesPassedBy;
}

bool make_notifications(Transaction& tx) {
  const auto entries = tx.rows<std::int64_t, core::Time, std::int64_t, std::string, std::int64_t,
                               std::optional<std::string>>(
      "SELECT a.sequence, a.at, a.account_id, a.action, a.object_id, d.detail FROM audit a LEFT JOIN audit_detail d ON "
      "d.sequence = a.sequence WHERE a.sequence > $1 AND a.action IN " +
          actions_in_sql() + " ORDER BY a.sequence LIMIT $2",
      noted(tx), kEntriesAtOnce);
  for (const auto& [sequence, at, account, action, object, detail] : entries) {
    Told told{sequence, value_in(kActions, action).value_or(NotificationKind::changed), object, {}, account, at};
    const auto entry = nlohmann::json::parse(detail.value_or(""), nullptr, false);
    if (entry.is_object()) {
      told.before = entry.value("before", nlohmann::json());
      told.after = entry.value("after", nlohmann::json());
    }
    if (told.kind == NotificationKind::changed) {
      told.fields = changed_fields(told.after);
      if (told.fields.empty()) continue;
      if (number_of(told.after, "access_list") != 0) {
        Told shared = told;
        shared.kind = NotificationKind::shared;
        shared.fields.clear();
        tell_new_readers(tx, shared);
      }
      if (told.fields.contains("class_id") || told.fields.contains("folder_id")) told.kind = NotificationKind::filed;
    }
    tell(tx, told);
  }
  const bool more = static_cast<std::int64_t>(entries.size()) == kEntriesAtOnce;
  const std::int64_t until = more ? std::get<0>(entries.back()) : newest_entry(tx);
  tx.execute("UPDATE notification_progress SET noted = $1", until);
  return more;
}

void make_waiting_notifications(Database& database) {
  {
    auto session = database.read();
    if (!notifications_are_due(session)) return;
  }
  for (bool more = true; more;) {
    auto tx = database.begin(Actor::system("notifications"));
    more = make_notifications(tx);
    tx.commit();
  }
}

std::vector<Notification> list_notifications(Session& session, const Principal& who, std::int64_t before,
                                             std::size_t limit) {
  return visible(session, who, before, false, limit);
}

std::size_t count_unread_notifications(Session& session, const Principal& who) {
  return visible(session, who, 0, true, kMostUnread).size();
}

void mark_notifications_read(Transaction& tx, const Principal& who, std::int64_t up_to) {
  tx.execute("UPDATE notification SET read_at = $1 WHERE account_id = $2 AND id <= $3 AND read_at IS NULL", tx.now(),
             who.account_id, up_to);
}

std::int64_t remove_notifications_before(Transaction& tx, core::Time time) {
  return tx.execute("DELETE FROM notification WHERE at < $1", time);
}

}  // namespace muniment::storage
