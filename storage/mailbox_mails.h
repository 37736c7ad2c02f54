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
// next two visits, then after ever longer times up to six hours.
void record_mail_failed(Transaction& tx, const MailIdentity& mail, std::string_view problem, bool lasting);

struct FailedMail {
  std::string folder;
  std::int64_t uid = 0;
  std::int64_t attempts = 0;
  core::Time at;                          // of the last attempt
  std::optional<core::Time> retry_after;  // empty: when a person asks for it
  std::string problem;
};
// Of the folders that are looked through.
struct MailCounts {
  std::int64_t taken = 0;  // in the archive, or left alone by rule
  std::int64_t failed = 0;
};
MailCounts mail_counts(Session& session, std::int64_t mailbox_id);
// The same ones, the newest attempts first.
std::vector<FailedMail> failed_mails(Session& session, std::int64_t mailbox_id);

}  // namespace muniment::storage
