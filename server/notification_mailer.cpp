#include "server/notification_mailer.h"

#include "core/clock.h"
#include "core/error.h"
#include "storage/mail_addresses.h"
#include "storage/notifications.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using storage::NotificationKind;
using storage::NotificationMail;

namespace {

constexpr std::chrono::seconds kMailsEvery{30};
constexpr std::chrono::minutes kGathered{5};

struct MailWords {
  std::string subject;
  std::string lead;
  std::string untitled;
  std::string disposition;
  std::string hold;
  std::string by;
  std::string end;
};

const MailWords kEnglish{
    "News from the archive",
    "What others do to the documents and folders that you follow, new documents in lists that you follow, "
    "what is shared with you, and what waits for you:",
    "A document",
    "A disposition",
    "A hold",
    "by",
    "You chose these mails, and end them under Notifications:"};
const MailWords kSwedish{"Nytt från arkivet",
                         "Vad andra gör med dokument och mappar som du följer, nya dokument i listor som du följer, "
                         "vad som delas med dig, och vad som väntar på dig:",
                         "Ett dokument",
                         "En gallring",
                         "Ett gallringsstopp",
                         "av",
                         "Du har valt att få sådan e-post och avslutar den under Aviseringar:"};

std::string what_happened(const storage::Notification& one, bool in_swedish) {
  switch (one.kind) {
    case NotificationKind::new_document:
      return in_swedish ? "Nytt i en mapp som du följer" : "New in a folder that you follow";
    case NotificationKind::new_version:
      return in_swedish ? "En ny version" : "A new version";
    case NotificationKind::changed:
      return in_swedish ? "Ändrat" : "Changed";
    case NotificationKind::filed:
      return in_swedish ? "Placerat eller flyttat" : "Filed or moved";
    case NotificationKind::shared:
      return in_swedish ? "Delat med dig" : "Shared with you";
    case NotificationKind::declared:
      return in_swedish ? "Fastställt som handling" : "Declared a record";
    case NotificationKind::not_read:
      return in_swedish ? "Kunde inte läsas" : "Could not be read";
    case NotificationKind::approval_asked:
      return in_swedish ? "Väntar på godkännande" : "Waits for an approval";
    case NotificationKind::in_view:
      return (in_swedish ? "Nytt i en lista som du följer" : "New in a list that you follow") +
             (one.view_name.empty() ? "" : ", " + one.view_name);
    case NotificationKind::hold_asked:
      return in_swedish ? "Väntar på att du bekräftar" : "Waits for you to acknowledge";
    case NotificationKind::hold_reminded:
      return in_swedish ? "Väntar fortfarande på att du bekräftar" : "Still waits for you to acknowledge";
    case NotificationKind::hold_released:
      return in_swedish ? "Gallringsstopp hävt" : "Hold released";
    case NotificationKind::loan_overdue:
      return in_swedish ? "Skulle ha varit tillbaka" : "Should have been returned";
    case NotificationKind::loan_recalled:
      return in_swedish ? "Ska lämnas tillbaka" : "Wanted back";
    case NotificationKind::paper_ready:
      return in_swedish ? "Finns att hämta" : "Ready to be fetched";
  }
  return "";
}

std::string subject_of(const NotificationMail::Item& item, const MailWords& words) {
  const storage::Notification& one = item.notification;
  if (one.document_id) return item.named ? one.document_title : words.untitled;
  if (one.hold_id) return item.named ? one.hold_title : words.hold;
  return words.disposition;
}

// What asks something of its reader is answered under the bell.
std::string path_of(const storage::Notification& one) {
  if (one.document_id) return "/?doc=" + std::to_string(*one.document_id);
  if (one.batch_id) return "/records/disposition/" + std::to_string(*one.batch_id);
  return "/notifications";
}

OutgoingMail written(const NotificationMail& mail, const std::string& address) {
  const bool in_swedish = mail.language == "sv";
  const MailWords& words = in_swedish ? kSwedish : kEnglish;
  std::string text = words.lead + "\n";
  for (const NotificationMail::Item& item : mail.items) {
    const storage::Notification& one = item.notification;
    text += "\n* " + what_happened(one, in_swedish) + ": " + subject_of(item, words);
    if (!one.made_by_name.empty()) text += " (" + words.by + " " + one.made_by_name + ")";
    text += "\n  " + address + path_of(one) + "\n";
  }
  text += "\n" + words.end + " " + address + "/notifications\n";
  return {{mail.address},
          words.subject,
          text,
          "notifications-" + std::to_string(mail.account_id) + "-" + std::to_string(mail.up_to)};
}

}  // namespace

NotificationMailer::NotificationMailer(std::string address, storage::Database& database, const MailSender& mail,
                                       core::Log& log)
    : address_(std::move(address)), database_(database), mail_(mail), log_(log) {}

NotificationMailer::~NotificationMailer() {
  stop();
}

void NotificationMailer::start() {
  if (!mail_.configured()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        work(stop);
      } catch (const Error& error) {
        log_.error("notifications_not_mailed", {{"code", core::code_name(error.code())}, {"cause", error.what()}});
      } catch (const std::exception& error) {
        log_.error("notifications_not_mailed", {{"code", "internal"}, {"cause", error.what()}});
      }
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, stop, kMailsEvery, [] { return false; });
    }
  });
}

void NotificationMailer::stop() {
  thread_.request_stop();
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void NotificationMailer::work(const std::stop_token& stop) {
  if (!mail_.configured()) return;
  const core::Time now = database_.clock().now();
  std::erase_if(resting_, [&](const auto& rest) { return rest.second <= now; });
  storage::make_waiting_notifications(database_);
  std::vector<NotificationMail> mails;
  {
    auto session = database_.read();
    mails = storage::notification_mails(session);
  }
  for (const NotificationMail& mail : mails) {
    if (resting_.contains(mail.account_id)) continue;
    resting_.insert_or_assign(mail.account_id, now + kGathered);
    try {
      const std::vector<RefusedReceiver> refused = mail_.send(written(mail, address_), stop);
      if (!refused.empty()) {
        log_.warning("notifications_not_mailed", {{"account", mail.account_id}, {"cause", refused.front().answer}});
        continue;
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) return;
      log_.warning("notifications_not_mailed",
                   {{"account", mail.account_id}, {"code", core::code_name(error.code())}, {"cause", error.what()}});
      if (error.code() == ErrorCode::unavailable) return;  // the others would fare no better
      continue;
    }
    auto tx = database_.begin(storage::Actor::system("notifications"));
    storage::note_notifications_mailed(tx, mail.account_id, mail.up_to);
    tx.commit();
  }
}

}  // namespace muniment::server
