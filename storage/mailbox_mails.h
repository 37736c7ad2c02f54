// What became of each mail of a mailbox, so that none is taken in twice and none is forgotten.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

// IMAP promises never to give the same three to another mail (RFC 9051, 2.3.1.1).
struct MailIdentity {
  std::int64_t mailbox_id = 0;
  std::string folder;
  std::int64_t uid_validity = 0;
  std::int64_t uid = 0;
};

// Every mail up to this one has a row: what is newer has not been looked at. 0: none has.
std::int64_t last_mail(Session& session, std::int64_t mailbox_id, std::string_view folder, std::int64_t uid_validity);
// What people know a mail by; empty where it is not known.
struct MailHeading {
  std::string sender;
  std::string subject;
  std::string written;  // the day: "2026-11-24"
};

// Failed ones that are to be tried again by now, ascending.
std::vector<std::int64_t> mails_to_retry(Session& session, std::int64_t mailbox_id, std::string_view folder,
                                         std::int64_t uid_validity, core::Time now);
// Those that are in the archive, which the server has not been told yet.
std::vector<std::int64_t> mails_to_finish(Session& session, std::int64_t mailbox_id, std::string_view folder,
                                          std::int64_t uid_validity);

// The server has numbered its mails anew: what failed under earlier numbers comes again under these.
void forget_earlier_numbers(Transaction& tx, std::int64_t mailbox_id, std::string_view folder,
                            std::int64_t uid_validity);
// To be called in the transaction that makes the document; none: only attachments were taken. `finished`: the server
// need not be told.
void record_mail_taken(Transaction& tx, const MailIdentity& mail, std::optional<std::int64_t> document_id,
                       bool finished);
// The server was told, or the mail is no business of ours.
void record_mail_done(Transaction& tx, const MailIdentity& mail);
// `lasting`: nothing will change by itself, so it is tried again only when a person asks. Otherwise it is tried at the
// next two visits, then after ever longer times up to six hours. An empty heading leaves that which is known. One that
// was dealt with meanwhile stays so.
void record_mail_failed(Transaction& tx, const MailIdentity& mail, std::string_view problem, bool lasting,
                        const MailHeading& heading = {});

// A person says so of a failed mail. Error(not_found) when it is none (any more); retrying Error(conflict) too, while
// the mailbox is switched off.
//
// It is tried again at once: the mailbox is due for a visit.
void retry_mail(Transaction& tx, const MailIdentity& mail);
// It stays where it is, is not tried again and counts as dealt with. Audited.
void leave_mail(Transaction& tx, const MailIdentity& mail);

struct FailedMail {
  std::string folder;
  std::int64_t uid_validity = 0;
  std::int64_t uid = 0;
  MailHeading heading;
  std::int64_t attempts = 0;
  core::Time at;                          // of the last attempt
  std::optional<core::Time> retry_after;  // empty: when a person asks for it
  std::string problem;
};
// Of the folders that are looked through.
struct MailCounts {
  std::int64_t taken = 0;  // in the archive, or left alone by rule or by a person
  std::int64_t failed = 0;
};
MailCounts mail_counts(Session& session, std::int64_t mailbox_id);
// The same ones, the newest attempts first.
std::vector<FailedMail> failed_mails(Session& session, std::int64_t mailbox_id);

}  // namespace muniment::storage
