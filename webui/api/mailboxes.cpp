// Mailboxes that are looked through over IMAP, what is taken from them, and how that goes.
#include "storage/mailboxes.h"

#include <algorithm>
#include <tuple>

#include "core/error.h"
#include "storage/mailbox_mails.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Mailbox;
using storage::MailboxTerms;
using storage::MailRule;
using storage::Permission;

namespace {

Json mail_rule_json(storage::Session& session, const storage::Principal& who, const MailRule& rule) {
  Json json{{"folder", rule.folder},
            {"sender", rule.sender},
            {"subject", rule.subject},
            {"attachment", rule.attachment},
            {"takes", storage::take_name(rule.takes)}};
  json.update(preset_filing_json(session, who, rule.filing));
  return json;
}

Json mailbox_json(storage::Session& session, const storage::Principal& who, const Mailbox& mailbox) {
  const MailboxTerms& terms = mailbox.terms;
  Json rules = Json::array();
  for (const MailRule& rule : terms.rules) rules.push_back(mail_rule_json(session, who, rule));
  const storage::MailCounts counts = storage::mail_counts(session, mailbox.id);
  return {{"id", mailbox.id},
          {"version", mailbox.version},
          {"name", terms.name},
          {"host", terms.host},
          {"port", terms.port},
          {"security", storage::security_name(terms.security)},
          {"login", terms.login},
          {"folders", terms.folders},
          {"interval_seconds", terms.interval_seconds},
          {"afterwards", storage::afterwards_name(terms.afterwards)},
          {"move_to", terms.move_to},
          {"enabled", terms.enabled},
          {"rules", std::move(rules)},
          {"state",
           {{"visited_at", time_json(mailbox.visited_at)},
            {"next_visit_at", time_json(terms.enabled ? std::optional(mailbox.visit_after) : std::nullopt)},
            {"problem", mailbox.problem.empty() ? Json() : Json(mailbox.problem)},
            {"failing_since", time_json(mailbox.failing_since)},
            {"taken", counts.taken},
            {"failed", counts.failed}}}};
}

Json failed_json(const storage::FailedMail& mail) {
  return {{"folder", mail.folder},
          {"uid_validity", mail.uid_validity},
          {"uid", mail.uid},
          {"sender", mail.heading.sender},
          {"subject", mail.heading.subject},
          {"written", mail.heading.written.empty() ? Json() : Json(mail.heading.written)},
          {"attempts", mail.attempts},
          {"at", time_json(mail.at)},
          {"problem", mail.problem},
          {"retry_after", time_json(mail.retry_after)}};
}

Mailbox require_mailbox(storage::Session& session, std::int64_t id) {
  auto mailbox = storage::find_mailbox(session, id);
  if (!mailbox) throw Error(ErrorCode::not_found, "there is no mailbox " + std::to_string(id));
  return std::move(*mailbox);
}

MailRule rule_of(Fields& body) {
  MailRule rule;
  rule.folder = body.maybe_text("folder").value_or("");
  rule.sender = body.maybe_text("sender").value_or("");
  rule.subject = body.maybe_text("subject").value_or("");
  rule.attachment = body.maybe_text("attachment").value_or("");
  if (const auto takes = body.maybe_text("takes")) {
    rule.takes = one_of(*takes, storage::parse_take, "/rules", "take mail, joined, attachments or nothing");
  }
  take_preset_filing(body, rule.filing);
  body.finish();
  return rule;
}

// The terms of the body; what it does not name stays as in `terms`.
MailboxTerms mailbox_terms(Fields& body, MailboxTerms terms) {
  if (const auto name = body.maybe_text("name")) terms.name = *name;
  if (const auto host = body.maybe_text("host")) terms.host = *host;
  if (const auto port = body.maybe_number("port")) terms.port = *port;
  if (const auto security = body.maybe_text("security")) {
    terms.security = one_of(*security, storage::parse_security, "/security", "must be tls, starttls or none");
  }
  if (const auto login = body.maybe_text("login")) terms.login = *login;
  if (body.has("folders")) terms.folders = body.texts("folders");
  if (const auto interval = body.maybe_number("interval_seconds")) terms.interval_seconds = *interval;
  if (const auto afterwards = body.maybe_text("afterwards")) {
    terms.afterwards =
        one_of(*afterwards, storage::parse_afterwards, "/afterwards", "must be nothing, mark_seen, move or delete");
  }
  if (const auto move_to = body.maybe_text("move_to")) terms.move_to = *move_to;
  if (const auto enabled = body.maybe_truth("enabled")) terms.enabled = *enabled;
  if (body.has("rules")) {
    terms.rules.clear();
    for (Fields& rule : body.objects("rules")) terms.rules.push_back(rule_of(rule));
  }
  return terms;
}

// In their own reach only: who sets up a mailbox may not file where they may not file themselves.
void require_may_file(storage::Session& session, const storage::Principal& who, const MailboxTerms& terms) {
  for (const MailRule& rule : terms.rules) {
    if (!rule.filing.has_place()) continue;
    storage::require_may_file_in(session, who, rule.filing.folder_id, rule.filing.class_id);
  }
}

bool is_same_rule(const MailRule& one, const MailRule& other) {
  const auto conditions = [](const MailRule& rule) {
    return std::tie(rule.folder, rule.sender, rule.subject, rule.attachment, rule.takes);
  };
  return conditions(one) == conditions(other) && one.filing.class_id == other.filing.class_id &&
         one.filing.folder_id == other.filing.folder_id;
}

// Whether other mails come to where they are filed than did before; anybody who manages mailboxes may end what did, and
// call it something else.
bool reaches_further(const MailboxTerms& terms, const MailboxTerms& before) {
  const auto origin = [](const MailboxTerms& each) {
    return std::tie(each.host, each.port, each.security, each.login, each.folders);
  };
  return origin(terms) != origin(before) || (terms.enabled && !before.enabled) ||
         !std::ranges::equal(terms.rules, before.rules, is_same_rule);
}

void create_mailbox(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  for (const char* name : {"name", "host", "login"}) body.text(name);
  const std::string password = body.text("password");
  const MailboxTerms terms = mailbox_terms(body, {});
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  require_may_file(tx, call.who, terms);
  const Mailbox mailbox = require_mailbox(tx, storage::create_mailbox(tx, api.services.sealing_key, terms, password));
  const Json json = mailbox_json(tx, call.who, mailbox);
  tx.commit();
  api.services.operations.mailboxes_changed();
  send_created(call.http, "/api/v1/mailboxes/" + std::to_string(mailbox.id), mailbox.version, json);
}

void change_mailbox(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const Mailbox before = require_mailbox(tx, call.number("id"));
  const auto password = body.maybe_text("password");
  const MailboxTerms terms = mailbox_terms(body, before.terms);
  body.finish();
  if (reaches_further(terms, before.terms)) require_may_file(tx, call.who, terms);
  storage::change_mailbox(tx, api.services.sealing_key, before.id, version, terms, password);
  const Mailbox mailbox = require_mailbox(tx, before.id);
  const Json json = mailbox_json(tx, call.who, mailbox);
  tx.commit();
  api.services.operations.mailboxes_changed();
  send_versioned(call.http, 200, mailbox.version, json);
}

void delete_mailbox(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  storage::delete_mailbox(tx, call.number("id"), version);
  tx.commit();
  call.http.send_empty(204);
}

void visit(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  storage::request_visit(tx, call.number("id"));
  tx.commit();
  api.services.operations.mailboxes_changed();
  call.http.send_empty(204);
}

// What a person says of one failed mail.
void decide_mail(Call& call, Api& api, void (*decision)(storage::Transaction&, const storage::MailIdentity&)) {
  Fields body = Fields::of(call.http);
  const storage::MailIdentity mail{call.number("id"), body.text("folder"), body.number("uid_validity"),
                                   body.number("uid")};
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  decision(tx, mail);
  tx.commit();
  api.services.operations.mailboxes_changed();
  call.http.send_empty(204);
}

}  // namespace

void add_mailboxes(Router& router, Api& api) {
  const std::string all = "/api/v1/mailboxes";
  const std::string one = all + "/{id}";
  router.add("GET", all, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_mailboxes(session),
                [&](const Mailbox& mailbox) { return mailbox_json(session, call.who, mailbox); });
  });
  router.add("POST", all, Permission::operate, [&api](Call& call) { create_mailbox(call, api); });
  router.add("GET", one, Permission::operate, [&api](Call& call) {
    send_one(call, api, require_mailbox, [&](storage::Session& session, const Mailbox& mailbox) {
      return mailbox_json(session, call.who, mailbox);
    });
  });
  router.add("PATCH", one, Permission::operate, [&api](Call& call) { change_mailbox(call, api); });
  router.add("DELETE", one, Permission::operate, [&api](Call& call) { delete_mailbox(call, api); });
  router.add("POST", one + "/visits", Permission::operate, [&api](Call& call) { visit(call, api); });
  router.add("GET", one + "/failed-mails", Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    const Mailbox mailbox = require_mailbox(session, call.number("id"));
    send_window(call, storage::failed_mails(session, mailbox.id), failed_json);
  });
  router.add("POST", one + "/failed-mails/retry", Permission::operate,
             [&api](Call& call) { decide_mail(call, api, storage::retry_mail); });
  router.add("POST", one + "/failed-mails/leave", Permission::operate,
             [&api](Call& call) { decide_mail(call, api, storage::leave_mail); });
}

}  // namespace muniment::webui::api
