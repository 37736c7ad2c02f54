// Mailboxes that are looked through over IMAP: where they are, what is taken from them, and how the last visit went.
// What became of each mail is in storage/mailbox_mails.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/preset_filing.h"
#include "storage/sealing_key.h"

namespace muniment::storage {

enum class MailSecurity {
  tls,       // from the first byte
  starttls,  // or not at all
  none,      // everything, the password too, goes over the network in clear
};
std::string_view security_name(MailSecurity security);
std::optional<MailSecurity> parse_security(std::string_view name);

// What is done in the mailbox with a mail that is in the archive.
enum class Afterwards { nothing, mark_seen, move, delete_ };
std::string_view afterwards_name(Afterwards afterwards);  // "delete"
std::optional<Afterwards> parse_afterwards(std::string_view name);

enum class MailTake {
  mail,         // a document, with what is attached as documents that came in it
  joined,       // one document: the mail's pages, then those of what is attached (storage/mail_parts.h)
  attachments,  // those alone, each a document; a mail without any as with `mail`
  nothing,      // it stays where it is and as it is
};
std::string_view take_name(MailTake take);
std::optional<MailTake> parse_take(std::string_view name);

// A pattern fits what contains it, or, with "*" for any characters in it, what is wholly like it; letter case does not
// count. An empty one fits everything.
struct MailRule {
  std::string folder = {};
  std::string sender = {};  // fits the From line: name or address
  std::string subject = {};
  std::string attachment = {};  // fits the name of at least one
  MailTake takes = MailTake::mail;
  PresetFiling filing = {};
};

// The first rule that fits holds; a mail that none fits is taken whole.
struct MailboxTerms {
  std::string name;
  std::string host;
  std::int64_t port = 993;
  MailSecurity security = MailSecurity::tls;
  std::string login;
  std::vector<std::string> folders = {"INBOX"};
  std::int64_t interval_seconds = 300;
  Afterwards afterwards = Afterwards::nothing;
  std::string move_to;
  bool enabled = true;
  std::vector<MailRule> rules;
};

struct Mailbox {
  std::int64_t id = 0;
  std::int64_t version = 0;
  MailboxTerms terms;
  core::Time visit_after;
  std::optional<core::Time> visited_at;
  std::int64_t failures = 0;  // visits that failed since the last that went well
  std::string problem;        // why the last one failed; empty when it went well
  std::optional<core::Time> failing_since = {};
};

std::vector<Mailbox> list_mailboxes(Session& session);  // by name
std::optional<Mailbox> find_mailbox(Session& session, std::int64_t id);

// Error(invalid_argument) names each field that is wrong; Error(conflict) when another has the name.
std::int64_t create_mailbox(Transaction& tx, const SealingKey& key, const MailboxTerms& terms,
                            std::string_view password);
// Without a password the old one stays; it must be given anew when it would go to another host, port or login, or with
// less protection. Error(not_found), (stale), and those of create_mailbox.
void change_mailbox(Transaction& tx, const SealingKey& key, std::int64_t id, std::int64_t expected_version,
                    const MailboxTerms& terms, const std::optional<std::string>& password);
// Documents stay; what is known of its mails goes. Error(not_found), (stale).
void delete_mailbox(Transaction& tx, std::int64_t id, std::int64_t expected_version);
// Error(corrupt) when the key is another one.
std::string mailbox_password(Session& session, const SealingKey& key, const Mailbox& mailbox);

// Error(not_found); Error(conflict) when it is switched off.
void require_visits(Session& session, std::int64_t id);
// Has it visited at once, also after a failed visit.
void visit_now(Transaction& tx, std::int64_t id);
// Has it visited at once, and every failed mail tried again. Error(not_found); Error(conflict) when it is switched off.
void request_visit(Transaction& tx, std::int64_t id);
// Has it visited at once, or again when it is being visited; not after a failed visit. One that is gone is no error.
void bring_visit_forward(Transaction& tx, std::int64_t id);
// How the visit went that was due as `mailbox` says; one that was asked for meanwhile stays due. `problem`: why it
// failed; empty when it went well.
void record_visit(Transaction& tx, const Mailbox& mailbox, core::Time next, std::string_view problem);

}  // namespace muniment::storage
