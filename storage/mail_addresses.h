// Where mail for people goes, and who wants to be notified by mail (storage/notifications.h says of what).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"
#include "storage/notifications.h"

namespace muniment::storage {

struct MailAddress {
  std::string address;    // anna@example.org; empty: none
  bool notified = false;  // which the person chooses, and nobody else
};
// Error(not_found) for an account that is not there.
MailAddress mail_address(Session& session, std::int64_t account_id);

// For those who manage accounts. Another address, or none (empty), ends notifications by mail: what one person may read
// is not to go to another. Error(not_found), Error(invalid_argument) for what is no address.
void change_mail_address(Transaction& tx, std::int64_t account_id, const std::string& address);
// Begins with what comes next. Error(invalid_argument) without an address; Error(forbidden) for the system, and for a
// token that somebody else issued.
void choose_mail(Transaction& tx, const Principal& who, const MailAddress& wanted);

// What somebody who chose it is to be told: unread, newer than what they were told of before.
struct NotificationMail {
  std::int64_t account_id = 0;
  std::string address;
  std::string language;
  std::int64_t up_to = 0;  // the newest notification that there is for them
  struct Item {
    Notification notification;
    bool named = false;  // the title of the document (storage/restrictions.h) or hold may be passed on
  };
  std::vector<Item> items;  // the newest first, at most 50; of those that they may see
};
// Of accounts that are not disabled; none of which there is nothing to tell.
std::vector<NotificationMail> notification_mails(Session& session);
void note_notifications_mailed(Transaction& tx, std::int64_t account_id, std::int64_t up_to);

}  // namespace muniment::storage
