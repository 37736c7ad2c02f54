#include "storage/mailbox_mails.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/mailboxes.h"

namespace muniment::storage {

namespace {

constexpr std::chrono::minutes kLongestPause{6 * 60};

std::vector<std::int64_t> firsts(const std::vector<std::tuple<std::int64_t>>& rows) {
  std::vector<std::int64_t> numbers;
  for (const auto& [number] : rows) numbers.push_back(number);
  return numbers;
}

// Until the next attempt; the first ones may have met with nothing but a server that was started anew.
std::chrono::minutes pause_after(std::int64_t attempts) {
  if (attempts < 3) return std::chrono::minutes(0);
  return std::min(kLongestPause, std::chrono::minutes(1LL << std::min<std::int64_t>(attempts - 3, 20)));
}

[[noreturn]] void refuse_unfailed() {
  throw core::Error(core::ErrorCode::not_found, "there is no such failed mail; it may have been taken in meanwhile");
}

}  // namespace

std::int64_t last_mail(Session& session, std::int64_t mailbox_id, std::string_view folder, std::int64_t uid_validity) {
  return session
      .value<std::int64_t>(
          "SELECT coalesce(max(uid), 0) FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND uid_validity = $3",
          mailbox_id, folder, uid_validity)
      .value_or(0);
}

std::vector<std::int64_t> mails_to_retry(Session& session, std::int64_t mailbox_id, std::string_view folder,
                                         std::int64_t uid_validity, core::Time now) {
  return firsts(session.rows<std::int64_t>(
      "SELECT uid FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND uid_validity = $3 AND state = 'failed' "
      "AND retry_after <= $4 ORDER BY uid",
      mailbox_id, folder, uid_validity, now));
}

std::vector<std::int64_t> mails_to_finish(Session& session, std::int64_t mailbox_id, std::string_view folder,
                                          std::int64_t uid_validity) {
  return firsts(session.rows<std::int64_t>(
      "SELECT uid FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND uid_validity = $3 AND state = 'taken' "
      "ORDER BY uid",
      mailbox_id, folder, uid_validity));
}

void forget_earlier_numbers(Transaction& tx, std::int64_t mailbox_id, std::string_view folder,
                            std::int64_t uid_validity) {
  tx.execute("DELETE FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND uid_validity < $3 AND state <> 'done'",
             mailbox_id, folder, uid_validity);
}

void record_mail_taken(Transaction& tx, const MailIdentity& mail, std::optional<std::int64_t> document_id,
                       bool finished) {
  tx.execute(
      "INSERT INTO mailbox_mail (mailbox_id, folder, uid_validity, uid, state, document_id, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (mailbox_id, folder, uid_validity, uid) DO UPDATE SET "
      "state = excluded.state, document_id = excluded.document_id, at = excluded.at, retry_after = NULL, problem = '', "
      "sender = '', subject = '', written = ''",
      mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid, finished ? "done" : "taken", document_id, tx.now());
}

void record_mail_done(Transaction& tx, const MailIdentity& mail) {
  tx.execute(
      "INSERT INTO mailbox_mail (mailbox_id, folder, uid_validity, uid, state, at) VALUES ($1, $2, $3, $4, 'done', $5) "
      "ON CONFLICT (mailbox_id, folder, uid_validity, uid) DO UPDATE SET state = 'done', at = excluded.at, "
      "retry_after = NULL, problem = '', sender = '', subject = '', written = ''",
      mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid, tx.now());
}

void record_mail_failed(Transaction& tx, const MailIdentity& mail, std::string_view problem, bool lasting,
                        const MailHeading& heading) {
  const std::int64_t attempts = 1 + tx.value<std::int64_t>(
                                          "SELECT attempts FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND "
                                          "uid_validity = $3 AND uid = $4",
                                          mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid)
                                        .value_or(0);
  const auto retry_after = lasting ? std::nullopt : std::optional(core::Time(tx.now() + pause_after(attempts)));
  tx.execute(
      "INSERT INTO mailbox_mail (mailbox_id, folder, uid_validity, uid, state, at, attempts, retry_after, problem, "
      "sender, subject, written) VALUES ($1, $2, $3, $4, 'failed', $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (mailbox_id, folder, uid_validity, uid) DO UPDATE "
      "SET at = excluded.at, attempts = excluded.attempts, retry_after = excluded.retry_after, "
      "problem = excluded.problem, sender = coalesce(nullif(excluded.sender, ''), mailbox_mail.sender), "
      "subject = coalesce(nullif(excluded.subject, ''), mailbox_mail.subject), "
      "written = coalesce(nullif(excluded.written, ''), mailbox_mail.written) WHERE mailbox_mail.state = 'failed'",
      mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid, tx.now(), attempts, retry_after, problem,
      heading.sender, heading.subject, heading.written);
}

void retry_mail(Transaction& tx, const MailIdentity& mail) {
  require_visits(tx, mail.mailbox_id);
  const std::int64_t failed = tx.execute(
      "UPDATE mailbox_mail SET retry_after = $1 WHERE mailbox_id = $2 AND folder = $3 AND uid_validity = $4 "
      "AND uid = $5 AND state = 'failed'",
      tx.now(), mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid);
  if (failed == 0) refuse_unfailed();
  visit_now(tx, mail.mailbox_id);
}

void leave_mail(Transaction& tx, const MailIdentity& mail) {
  const auto problem = tx.value<std::string>(
      "SELECT problem FROM mailbox_mail WHERE mailbox_id = $1 AND folder = $2 AND uid_validity = $3 AND uid = $4 "
      "AND state = 'failed'",
      mail.mailbox_id, mail.folder, mail.uid_validity, mail.uid);
  if (!problem) refuse_unfailed();
  record_mail_done(tx, mail);
  tx.audit({"mailbox.mail_left", "mailbox", mail.mailbox_id, "",
            nlohmann::ordered_json{{"folder", mail.folder}, {"uid", mail.uid}, {"problem", *problem}}.dump()});
}

MailCounts mail_counts(Session& session, std::int64_t mailbox_id) {
  MailCounts counts;
  for (const auto& [state, count] : session.rows<std::string, std::int64_t>(
           "SELECT m.state, count(*) FROM mailbox_mail m WHERE m.mailbox_id = $1 AND m.folder IN "
           "(SELECT f.name FROM mailbox_folder f WHERE f.mailbox_id = m.mailbox_id) GROUP BY m.state",
           mailbox_id)) {
    (state == "failed" ? counts.failed : counts.taken) += count;
  }
  return counts;
}

std::vector<FailedMail> failed_mails(Session& session, std::int64_t mailbox_id) {
  std::vector<FailedMail> mails;
  for (const auto& [folder, validity, uid, sender, subject, written, attempts, at, retry_after, problem] :
       session.rows<std::string, std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t,
                    core::Time, std::optional<core::Time>, std::string>(
           "SELECT m.folder, m.uid_validity, m.uid, m.sender, m.subject, m.written, m.attempts, m.at, m.retry_after, "
           "m.problem FROM mailbox_mail m "
           "WHERE m.mailbox_id = $1 AND m.state = 'failed' AND m.folder IN "
           "(SELECT f.name FROM mailbox_folder f WHERE f.mailbox_id = m.mailbox_id) "
           "ORDER BY m.at DESC, m.folder, m.uid DESC",
           mailbox_id)) {
    mails.push_back({folder, validity, uid, {sender, subject, written}, attempts, at, retry_after, problem});
  }
  return mails;
}

}  // namespace muniment::storage
