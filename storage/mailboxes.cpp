#include "storage/mailboxes.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/internal/named_values.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;
using Identifier = std::optional<std::int64_t>;

constexpr std::array kSecurities{std::pair{MailSecurity::tls, std::string_view("tls")},
                                 std::pair{MailSecurity::starttls, std::string_view("starttls")},
                                 std::pair{MailSecurity::none, std::string_view("none")}};
constexpr std::array kAfterwards{std::pair{Afterwards::nothing, std::string_view("nothing")},
                                 std::pair{Afterwards::mark_seen, std::string_view("mark_seen")},
                                 std::pair{Afterwards::move, std::string_view("move")},
                                 std::pair{Afterwards::delete_, std::string_view("delete")}};
constexpr std::array kTakes{std::pair{MailTake::mail, std::string_view("mail")},
                            std::pair{MailTake::joined, std::string_view("joined")},
                            std::pair{MailTake::attachments, std::string_view("attachments")},
                            std::pair{MailTake::nothing, std::string_view("nothing")}};

constexpr std::size_t kMostFolders = 50;
constexpr std::size_t kMostRules = 100;
constexpr std::size_t kLongestMailboxText = 250;  // bytes
constexpr std::int64_t kLongestInterval = 7 * 24 * 3600;

[[noreturn]] void refuse_mailbox(const std::string& pointer, const std::string& right) {
  throw Error(ErrorCode::invalid_argument, "this mailbox cannot be had: " + pointer.substr(1) + " " + right,
              {{pointer, right}});
}

// As it is stored. Control characters would let a value end a line of the mail server's language.
std::string clean_text(const std::string& text, const std::string& pointer, std::size_t least = 0) {
  std::string clean(core::trim(core::to_nfc(text)));
  if (clean.size() < least || clean.size() > kLongestMailboxText) {
    refuse_mailbox(pointer,
                   "must have " + std::to_string(least) + " to " + std::to_string(kLongestMailboxText) + " bytes");
  }
  if (std::ranges::any_of(clean, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    refuse_mailbox(pointer, "must be one line of text");
  }
  return clean;
}

bool is_host_character(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == ':';  // an IPv6 address, without brackets
}

void check_rules(Session& session, std::vector<MailRule>& rules) {
  if (rules.size() > kMostRules) refuse_mailbox("/rules", "may be at most " + std::to_string(kMostRules));
  for (std::size_t i = 0; i < rules.size(); ++i) {
    MailRule& rule = rules[i];
    const std::string pointer = "/rules/" + std::to_string(i);
    rule.folder = clean_text(rule.folder, pointer + "/folder");
    rule.sender = clean_text(rule.sender, pointer + "/sender");
    rule.subject = clean_text(rule.subject, pointer + "/subject");
    rule.attachment = clean_text(rule.attachment, pointer + "/attachment");
    if (const std::string missing = put_in_order(session, rule.filing); !missing.empty()) {
      refuse_mailbox(pointer + missing, "does not exist");
    }
  }
}

MailboxTerms checked(Session& session, MailboxTerms terms, std::int64_t id) {
  terms.name = clean_text(terms.name, "/name", 1);
  terms.host = clean_text(terms.host, "/host", 1);
  if (!std::ranges::all_of(terms.host, is_host_character))
    refuse_mailbox("/host", "must be the name or address of a machine");
  if (terms.port < 1 || terms.port > 65535) refuse_mailbox("/port", "must be 1 to 65535");
  terms.login = clean_text(terms.login, "/login", 1);
  if (terms.folders.empty() || terms.folders.size() > kMostFolders) {
    refuse_mailbox("/folders", "must name 1 to " + std::to_string(kMostFolders));
  }
  for (std::string& folder : terms.folders) folder = clean_text(folder, "/folders", 1);
  if (terms.interval_seconds < 1 || terms.interval_seconds > kLongestInterval) {
    refuse_mailbox("/interval_seconds", "must be 1 to " + std::to_string(kLongestInterval));
  }
  const bool moves = terms.afterwards == Afterwards::move;
  terms.move_to = moves ? clean_text(terms.move_to, "/move_to", 1) : "";
  if (moves && std::ranges::find(terms.folders, terms.move_to) != terms.folders.end()) {
    refuse_mailbox("/move_to", "must not be a folder that is looked through");
  }
  check_rules(session, terms.rules);
  const auto taken =
      session.value<std::int64_t>("SELECT id FROM mailbox WHERE folded_name = $1", core::fold_case(terms.name));
  if (taken && *taken != id) {
    throw Error(ErrorCode::conflict, "there is already a mailbox with that name", {{"/name", "choose another"}});
  }
  return terms;
}

// What a password is sealed for: nobody gets it sent to another machine by altering the row.
std::string purpose_of(const MailboxTerms& terms) {
  return "mailbox " + std::string(security_name(terms.security)) + " " + terms.host + " " + std::to_string(terms.port) +
         " " + terms.login;
}

Blob sealed(const SealingKey& key, const MailboxTerms& terms, std::string_view password) {
  // What comes out of a file ends with a line end, and no password does.
  while (password.ends_with('\n') || password.ends_with('\r')) password.remove_suffix(1);
  if (password.empty() || password.size() > kLongestMailboxText ||
      std::ranges::any_of(password, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    refuse_mailbox("/password", "must be one line of 1 to " + std::to_string(kLongestMailboxText) + " bytes");
  }
  return key.seal(password, purpose_of(terms));
}

Json described(const MailRule& rule) {
  const auto number = [](const Identifier& id) { return id ? Json(*id) : Json(); };
  return {{"folder", rule.folder},
          {"sender", rule.sender},
          {"subject", rule.subject},
          {"attachment", rule.attachment},
          {"takes", take_name(rule.takes)},
          {"type_id", number(rule.filing.type_id)},
          {"correspondent_id", number(rule.filing.correspondent_id)},
          {"tag_ids", rule.filing.tag_ids},
          {"class_id", number(rule.filing.class_id)},
          {"folder_id", number(rule.filing.folder_id)}};
}

// Everything but the password.
Json described(const MailboxTerms& terms) {
  Json rules = Json::array();
  for (const MailRule& rule : terms.rules) rules.push_back(described(rule));
  return {{"name", terms.name},
          {"host", terms.host},
          {"port", terms.port},
          {"security", security_name(terms.security)},
          {"login", terms.login},
          {"folders", terms.folders},
          {"interval_seconds", terms.interval_seconds},
          {"afterwards", afterwards_name(terms.afterwards)},
          {"move_to", terms.move_to},
          {"enabled", terms.enabled},
          {"rules", std::move(rules)}};
}

void write_lists(Transaction& tx, std::int64_t id, const MailboxTerms& terms) {
  tx.execute("DELETE FROM mailbox_folder WHERE mailbox_id = $1", id);
  std::int64_t position = 0;
  for (const std::string& folder : terms.folders) {
    tx.execute("INSERT INTO mailbox_folder (mailbox_id, position, name) VALUES ($1, $2, $3)", id, ++position, folder);
  }
  tx.execute("DELETE FROM mailbox_rule WHERE mailbox_id = $1", id);
  position = 0;
  for (const MailRule& rule : terms.rules) {
    const bool joined = rule.takes == MailTake::joined;
    const std::int64_t number = tx.insert(
        "INSERT INTO mailbox_rule (mailbox_id, position, folder, sender, subject, attachment, takes, joined, type_id, "
        "correspondent_id, class_id, folder_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id, ++position, rule.folder, rule.sender, rule.subject, rule.attachment,
        take_name(joined ? MailTake::mail : rule.takes), joined, rule.filing.type_id, rule.filing.correspondent_id,
        rule.filing.class_id, rule.filing.folder_id);
    for (const std::int64_t tag : rule.filing.tag_ids) {
      tx.execute("INSERT INTO mailbox_rule_tag (rule_id, tag_id) VALUES ($1, $2)", number, tag);
    }
  }
}

void read_lists(Session& session, Mailbox& mailbox) {
  mailbox.terms.folders.clear();
  for (const auto& [name] : session.rows<std::string>(
           "SELECT name FROM mailbox_folder WHERE mailbox_id = $1 ORDER BY position", mailbox.id)) {
    mailbox.terms.folders.push_back(name);
  }
  for (const auto& [id, folder, sender, subject, attachment, takes, joined, type, correspondent, class_id, folder_id] :
       session.rows<std::int64_t, std::string, std::string, std::string, std::string, std::string, bool, Identifier,
                    Identifier, Identifier, Identifier>("SELECT id, folder, sender, subject, attachment, takes, "
                                                        "joined, type_id, correspondent_id, class_id, folder_id "
                                                        "FROM mailbox_rule WHERE mailbox_id = $1 ORDER BY position",
                                                        mailbox.id)) {
    MailRule rule{folder, sender, subject, attachment, joined ? MailTake::joined : parse_take(takes).value(), {}};
    rule.filing = {type, correspondent, {}, class_id, folder_id};
    for (const auto& [tag] :
         session.rows<std::int64_t>("SELECT tag_id FROM mailbox_rule_tag WHERE rule_id = $1 ORDER BY tag_id", id)) {
      rule.filing.tag_ids.push_back(tag);
    }
    mailbox.terms.rules.push_back(std::move(rule));
  }
}

// `id` 0: all.
std::vector<Mailbox> read_mailboxes(Session& session, std::int64_t id) {
  std::vector<Mailbox> mailboxes;
  for (const auto& [number, version, name, host, port, security, login, interval, afterwards, move_to, enabled,
                    visit_after, visited, failures, problem, failing_since] :
       session.rows<std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::string, std::string,
                    std::int64_t, std::string, std::string, bool, core::Time, std::optional<core::Time>, std::int64_t,
                    std::string, std::optional<core::Time>>(
           "SELECT id, version, name, host, port, security, login, interval_seconds, afterwards, move_to, enabled, "
           "visit_after, visited_at, failures, problem, failing_since FROM mailbox WHERE id = $1 OR $1 = 0 ORDER BY "
           "folded_name",
           id)) {
    Mailbox mailbox{number, version, {}, visit_after, visited, failures, problem, failing_since};
    mailbox.terms = {name,    host,    port,     parse_security(security).value(),
                     login,   {},      interval, parse_afterwards(afterwards).value(),
                     move_to, enabled, {}};
    read_lists(session, mailbox);
    mailboxes.push_back(std::move(mailbox));
  }
  return mailboxes;
}

Mailbox require_mailbox(Session& session, std::int64_t id) {
  auto mailbox = find_mailbox(session, id);
  if (!mailbox) throw Error(ErrorCode::not_found, "there is no mailbox " + std::to_string(id));
  return std::move(*mailbox);
}

Mailbox require_mailbox_version(Session& session, std::int64_t id, std::int64_t expected_version) {
  Mailbox mailbox = require_mailbox(session, id);
  require_as_seen(mailbox.version, expected_version, "mailbox");
  return mailbox;
}

}  // namespace

std::string_view security_name(MailSecurity security) {
  return name_in(kSecurities, security);
}

std::optional<MailSecurity> parse_security(std::string_view name) {
  return value_in(kSecurities, name);
}

std::string_view afterwards_name(Afterwards afterwards) {
  return name_in(kAfterwards, afterwards);
}

std::optional<Afterwards> parse_afterwards(std::string_view name) {
  return value_in(kAfterwards, name);
}

std::string_view take_name(MailTake take) {
  return name_in(kTakes, take);
}

std::optional<MailTake> parse_take(std::string_view name) {
  return value_in(kTakes, name);
}

std::vector<Mailbox> list_mailboxes(Session& session) {
  return read_mailboxes(session, 0);
}

std::optional<Mailbox> find_mailbox(Session& session, std::int64_t id) {
  if (id <= 0) return std::nullopt;
  auto found = read_mailboxes(session, id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::int64_t create_mailbox(Transaction& tx, const SealingKey& key, const MailboxTerms& wanted,
                            std::string_view password) {
  const MailboxTerms terms = checked(tx, wanted, 0);
  const std::int64_t id = tx.insert(
      "INSERT INTO mailbox (name, folded_name, host, port, security, login, sealed_password, interval_seconds, "
      "afterwards, move_to, enabled, created_at, visit_after) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      terms.name, core::fold_case(terms.name), terms.host, terms.port, security_name(terms.security), terms.login,
      sealed(key, terms, password), terms.interval_seconds, afterwards_name(terms.afterwards), terms.move_to,
      terms.enabled, tx.now(), tx.now());
  write_lists(tx, id, terms);
  tx.audit({"mailbox.created", "mailbox", id, "", described(terms).dump()});
  return id;
}

void change_mailbox(Transaction& tx, const SealingKey& key, std::int64_t id, std::int64_t expected_version,
                    const MailboxTerms& wanted, const std::optional<std::string>& password) {
  const Mailbox before = require_mailbox_version(tx, id, expected_version);
  const MailboxTerms terms = checked(tx, wanted, id);
  if (!password && purpose_of(terms) != purpose_of(before.terms)) {
    refuse_mailbox("/password", "must be given anew when host, port, security or login change");
  }
  tx.execute(
      "UPDATE mailbox SET name = $1, folded_name = $2, host = $3, port = $4, security = $5, login = $6, "
      "interval_seconds = $7, afterwards = $8, move_to = $9, enabled = $10, visit_after = $11, version = version + 1 "
      "WHERE id = $12",
      terms.name, core::fold_case(terms.name), terms.host, terms.port, security_name(terms.security), terms.login,
      terms.interval_seconds, afterwards_name(terms.afterwards), terms.move_to, terms.enabled, tx.now(), id);
  if (password) {
    tx.execute("UPDATE mailbox SET sealed_password = $1 WHERE id = $2", sealed(key, terms, *password), id);
  }
  write_lists(tx, id, terms);
  Json after = described(terms);
  if (password) after["password"] = "changed";
  tx.audit({"mailbox.changed", "mailbox", id, described(before.terms).dump(), after.dump()});
}

void delete_mailbox(Transaction& tx, std::int64_t id, std::int64_t expected_version) {
  const Mailbox before = require_mailbox_version(tx, id, expected_version);
  tx.execute("DELETE FROM mailbox WHERE id = $1", id);
  tx.audit({"mailbox.deleted", "mailbox", id, described(before.terms).dump(), ""});
}

std::string mailbox_password(Session& session, const SealingKey& key, const Mailbox& mailbox) {
  const auto sealed_password = session.value<Blob>("SELECT sealed_password FROM mailbox WHERE id = $1", mailbox.id);
  if (!sealed_password) throw Error(ErrorCode::not_found, "there is no mailbox " + std::to_string(mailbox.id));
  return key.open(*sealed_password, purpose_of(mailbox.terms));
}

void require_visits(Session& session, std::int64_t id) {
  if (!require_mailbox(session, id).terms.enabled) {
    throw Error(ErrorCode::conflict, "this mailbox is switched off; switch it on first");
  }
}

void visit_now(Transaction& tx, std::int64_t id) {
  tx.execute("UPDATE mailbox SET visit_after = $1 WHERE id = $2", tx.now(), id);
}

void request_visit(Transaction& tx, std::int64_t id) {
  require_visits(tx, id);
  visit_now(tx, id);
  tx.execute("UPDATE mailbox_mail SET retry_after = $1 WHERE mailbox_id = $2 AND state = 'failed'", tx.now(), id);
}

void bring_visit_forward(Transaction& tx, std::int64_t id) {
  tx.execute("UPDATE mailbox SET visit_after = $1 WHERE id = $2 AND failures = 0", tx.now(), id);
}

void record_visit(Transaction& tx, const Mailbox& mailbox, core::Time next, std::string_view problem) {
  tx.execute(
      "UPDATE mailbox SET visit_after = CASE WHEN visit_after = $1 THEN $2 ELSE visit_after END, visited_at = $3, "
      "problem = $4, failures = CASE WHEN $4 = '' THEN 0 ELSE failures + 1 END, "
      "failing_since = CASE WHEN $4 = '' THEN NULL ELSE coalesce(failing_since, $3) END WHERE id = $5",
      mailbox.visit_after, next, tx.now(), problem, mailbox.id);
}

}  // namespace muniment::storage
