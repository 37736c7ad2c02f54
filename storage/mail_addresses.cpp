#include "storage/mail_addresses.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/documents.h"
#include "storage/internal/mail_address.h"
#include "storage/internal/refusal.h"
#include "storage/internal/represented.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::size_t kMostInAMail = 50;

void write_mail_address(Transaction& tx, std::int64_t account_id, MailAddress wanted) {
  const MailAddress before = mail_address(tx, account_id);
  if (!core::trim(wanted.address).empty()) wanted.address = checked_mail_address(wanted.address, "/address");
  if (wanted.notified && wanted.address.empty()) refuse("/notified", "needs an address");
  if (wanted.address == before.address && wanted.notified == before.notified) return;
  tx.execute("UPDATE account SET mail_address = $1, notified_by_mail = $2 WHERE id = $3", wanted.address,
             wanted.notified, account_id);
  if (wanted.notified && !before.notified) {
    tx.execute("UPDATE account SET mailed_notification = (SELECT coalesce(max(id), 0) FROM notification) WHERE id = $1",
               account_id);
  }
  const auto described = [](const MailAddress& one) {
    return nlohmann::ordered_json{{"address", one.address}, {"notified", one.notified}}.dump();
  };
  tx.audit({"account.mail_changed", "account", account_id, described(before), described(wanted)});
}

}  // namespace

MailAddress mail_address(Session& session, std::int64_t account_id) {
  const auto found =
      session.row<std::string, bool>("SELECT mail_address, notified_by_mail FROM account WHERE id = $1", account_id);
  if (!found) throw Error(ErrorCode::not_found, "there is no such account");
  return {std::get<0>(*found), std::get<1>(*found)};
}

void change_mail_address(Transaction& tx, std::int64_t account_id, const std::string& address) {
  const MailAddress before = mail_address(tx, account_id);
  if (core::trim(address) == before.address) return;
  write_mail_address(tx, account_id, {core::trim(address).empty() ? "" : address, false});
}

void choose_mail(Transaction& tx, const Principal& who, const MailAddress& wanted) {
  if (who.is_system()) throw Error(ErrorCode::forbidden, "a person chooses this; use --as NAME");
  require_in_person(who, "choose where mail goes");
  const bool none = core::trim(wanted.address).empty();
  write_mail_address(tx, who.account_id, {none ? "" : wanted.address, wanted.notified});
}

std::vector<NotificationMail> notification_mails(Session& session) {
  std::vector<NotificationMail> mails;
  for (const auto& [account, address, language, mailed, newest] :
       session.rows<std::int64_t, std::string, std::string, std::int64_t, std::int64_t>(
           "SELECT a.id, a.mail_address, a.language, a.mailed_notification, (SELECT max(n.id) FROM notification n "
           "WHERE "
           "n.account_id = a.id) FROM account a WHERE a.notified_by_mail = 1 AND a.disabled = 0 AND EXISTS (SELECT 1 "
           "FROM notification n WHERE n.account_id = a.id AND n.id > a.mailed_notification) ORDER BY a.id")) {
    const auto who = load_principal(session, account, "");
    if (!who) continue;
    NotificationMail mail{account, address, language, newest, {}};
    for (Notification& one : list_notifications(session, *who, 0, kMostInAMail)) {
      if (one.read || one.id <= mailed) continue;
      const auto document = one.document_id ? find_document(session, *who, *one.document_id) : std::nullopt;
      const bool named =
          document ? obstacle_to_passing_on(session, *document).empty() : one.hold_id && !one.hold_confidential;
      mail.items.push_back({std::move(one), named});
    }
    if (!mail.items.empty()) mails.push_back(std::move(mail));
  }
  return mails;
}

void note_notifications_mailed(Transaction& tx, std::int64_t account_id, std::int64_t up_to) {
  tx.execute("UPDATE account SET mailed_notification = $1 WHERE id = $2 AND mailed_notification < $1", up_to,
             account_id);
}

}  // namespace muniment::storage
