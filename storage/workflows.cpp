#include "storage/workflows.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "storage/as_seen.h"
#include "storage/custom_fields.h"
#include "storage/internal/mail_address.h"
#include "storage/internal/named_values.h"
#include "storage/internal/refusal.h"
#include "storage/internal/represented.h"
#include "storage/internal/workflow_terms.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

using Json = nlohmann::ordered_json;
using Kind = WorkflowAction::Kind;

constexpr std::array kOccasions{std::pair{WorkflowOccasion::arrived, std::string_view("arrived")},
                                std::pair{WorkflowOccasion::filed, std::string_view("filed")},
                                std::pair{WorkflowOccasion::changed, std::string_view("changed")},
                                std::pair{WorkflowOccasion::date, std::string_view("date")}};
constexpr std::array kDates{std::pair{WorkflowDate::document, std::string_view("document")},
                            std::pair{WorkflowDate::field, std::string_view("field")},
                            std::pair{WorkflowDate::disposal, std::string_view("disposal")}};
constexpr std::array kWorkflowActions{
    std::pair{Kind::set, std::string_view("set")}, std::pair{Kind::move, std::string_view("move")},
    std::pair{Kind::mail, std::string_view("mail")}, std::pair{Kind::webhook, std::string_view("webhook")},
    std::pair{Kind::approve, std::string_view("approve")}};

constexpr std::size_t kMostActions = 20;
constexpr std::size_t kMostAddresses = 20;
constexpr std::size_t kLongestLine = 250;           // bytes
constexpr std::size_t kLongestWorkflowText = 4000;  // bytes
constexpr std::size_t kShortestSecret = 16;
constexpr std::int64_t kMostDays = 36'500;

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string line(const std::string& text, const std::string& pointer, std::size_t least) {
  std::string clean(core::trim(core::to_nfc(text)));
  if (clean.size() < least || clean.size() > kLongestLine || has_control(clean)) {
    refuse(pointer, "must be one line of " + std::to_string(least) + " to " + std::to_string(kLongestLine) + " bytes");
  }
  return clean;
}

void require_exists(Session& session, const char* statement, const std::optional<std::int64_t>& id,
                    const std::string& pointer) {
  if (id && !session.value<std::int64_t>(statement, *id)) refuse(pointer, "does not exist");
}

void require_may_file(Session& session, const Principal& who, std::optional<std::int64_t> folder_id,
                      std::optional<std::int64_t> class_id) {
  if (who.may_change(inherited_access_list(session, folder_id, class_id))) return;
  throw Error(ErrorCode::forbidden, "this account may not change what is filed there");
}

std::string require_field(Session& session, const std::string& key, const std::string& pointer) {
  const auto kind = session.value<std::string>("SELECT kind FROM custom_field WHERE key = $1", key);
  if (!kind) refuse(pointer, "must be the key of a field that exists");
  return *kind;
}

void check_set(Session& session, const Principal& who, const WorkflowAction& action, const std::string& pointer) {
  require_exists(session, "SELECT id FROM document_type WHERE id = $1", action.type_id, pointer + "/type_id");
  require_exists(session, "SELECT id FROM correspondent WHERE id = $1", action.correspondent_id,
                 pointer + "/correspondent_id");
  for (const std::int64_t tag : action.tag_ids) {
    require_exists(session, "SELECT id FROM tag WHERE id = $1", tag, pointer + "/tag_ids");
  }
  require_exists(session, "SELECT id FROM class WHERE id = $1", action.class_id, pointer + "/class_id");
  if (action.class_id) require_may_file(session, who, std::nullopt, action.class_id);
  if (!action.field.empty()) require_field(session, action.field, pointer + "/field");
  if (!action.type_id && !action.correspondent_id && action.tag_ids.empty() && !action.class_id &&
      action.field.empty()) {
    refuse(pointer, "must say what is to be set");
  }
}

void check_mail(Session& session, WorkflowAction& action, const std::string& pointer) {
  const std::size_t receivers = action.to.size() + action.to_accounts.size() + action.to_groups.size();
  if (receivers == 0 || receivers > kMostAddresses) {
    refuse(pointer + "/to",
           "must be, together with accounts and groups, 1 to " + std::to_string(kMostAddresses) + " receivers");
  }
  for (std::string& address : action.to) address = checked_mail_address(address, pointer + "/to");
  for (const std::int64_t account : action.to_accounts) {
    require_exists(session, "SELECT id FROM account WHERE id = $1", account, pointer + "/to_account_ids");
  }
  for (const std::int64_t group : action.to_groups) {
    require_exists(session, "SELECT id FROM account_group WHERE id = $1", group, pointer + "/to_group_ids");
  }
  action.subject = line(action.subject, pointer + "/subject", 1);
  if (action.text.size() > kLongestWorkflowText) {
    refuse(pointer + "/text", "may have at most " + std::to_string(kLongestWorkflowText) + " bytes");
  }
}

void check_action(Session& session, const Principal& who, WorkflowAction& action, const std::string& pointer) {
  switch (action.kind) {
    case Kind::set:
      return check_set(session, who, action, pointer);
    case Kind::move: {
      if (!action.folder_id) refuse(pointer + "/folder_id", "must name the folder");
      require_exists(session, "SELECT id FROM folder WHERE id = $1", action.folder_id, pointer + "/folder_id");
      return require_may_file(session, who, action.folder_id, std::nullopt);
    }
    case Kind::mail:
      return check_mail(session, action, pointer);
    case Kind::webhook:
      action.url = line(action.url, pointer + "/url", 1);
      if (!action.url.starts_with("https://") && !action.url.starts_with("http://")) {
        refuse(pointer + "/url", "must begin with https:// or http://");
      }
      return;
    case Kind::approve:
      if (!action.account_id) refuse(pointer + "/account_id", "must name who is asked");
      require_exists(session, "SELECT id FROM account WHERE id = $1 AND disabled = 0", action.account_id,
                     pointer + "/account_id");
      return;
  }
}

// Everything but the secret.
Json described(const WorkflowTerms& terms) {
  return {{"name", terms.name},
          {"enabled", terms.enabled},
          {"occasion", occasion_name(terms.occasion)},
          {"date_of", workflow_date_name(terms.date_of)},
          {"date_field", terms.date_field},
          {"days_after", terms.days_after},
          {"query", terms.query},
          {"actions", Json::parse(actions_text(terms.actions))}};
}

Workflow require_workflow_version(Session& session, std::int64_t id, std::int64_t expected_version) {
  auto workflow = find_workflow(session, id);
  if (!workflow) throw Error(ErrorCode::not_found, "there is no workflow " + std::to_string(id));
  require_as_seen(workflow->version, expected_version, "workflow");
  return std::move(*workflow);
}

void require_account(const Principal& who) {
  who.require(Permission::operate);
  if (who.is_system()) {
    throw Error(ErrorCode::forbidden, "a workflow acts with the rights of an account; ask as one");
  }
}

// Whom the workflow will act for, also after the token that asks now has been revoked.
void require_owner(const Principal& who) {
  require_account(who);
  require_in_person(who, "set up or change a workflow");
  for (const TokenScope scope : kTokenScopes) who.require(scope);
}

void require_free_workflow_name(Session& session, const std::string& name, std::int64_t id) {
  const auto taken =
      session.value<std::int64_t>("SELECT id FROM workflow WHERE folded_name = $1", core::fold_case(name));
  if (taken && *taken != id) {
    throw Error(ErrorCode::conflict, "there is already a workflow with that name", {{"/name", "choose another"}});
  }
}

bool has_hooks(const WorkflowTerms& terms) {
  return std::ranges::any_of(terms.actions, [](const auto& action) { return action.kind == Kind::webhook; });
}

void keep_secret(Transaction& tx, const SealingKey& key, std::int64_t id, const WorkflowTerms& terms,
                 const std::string& secret) {
  if (secret.size() < kShortestSecret || secret.size() > kLongestLine || has_control(secret)) {
    refuse("/secret",
           "must be one line of " + std::to_string(kShortestSecret) + " to " + std::to_string(kLongestLine) + " bytes");
  }
  tx.execute("UPDATE workflow SET sealed_secret = $1 WHERE id = $2", key.seal(secret, secret_purpose(terms.actions)),
             id);
}

// `id` 0: all.
std::vector<Workflow> read_workflows(Session& session, std::int64_t id) {
  std::vector<Workflow> workflows;
  for (const auto& [number, version, account, owner, owner_disabled, name, enabled, enabled_on, occasion, date_of,
                    field, days, query, actions, secret] :
       session.rows<std::int64_t, std::int64_t, std::int64_t, std::string, bool, std::string, bool, core::Date,
                    std::string, std::string, std::string, std::int64_t, std::string, std::string, bool>(
           "SELECT w.id, w.version, w.account_id, a.display_name, a.disabled, w.name, w.enabled, w.enabled_on, "
           "w.occasion, "
           "w.date_of, w.date_field, w.days_after, w.query, w.actions, w.sealed_secret IS NOT NULL FROM workflow w "
           "JOIN account a ON a.id = w.account_id WHERE $1 = 0 OR w.id = $1 ORDER BY w.folded_name",
           id)) {
    workflows.push_back(
        {number,
         version,
         account,
         owner,
         owner_disabled,
         enabled_on,
         secret,
         {name, enabled, parse_occasion(occasion).value(),
          parse_workflow_date(date_of).value_or(WorkflowDate::document), field, days, query, actions_of(actions)}});
  }
  return workflows;
}

}  // namespace

std::string_view occasion_name(WorkflowOccasion occasion) {
  return name_in(kOccasions, occasion);
}
std::optional<WorkflowOccasion> parse_occasion(std::string_view name) {
  return value_in(kOccasions, name);
}
std::string_view workflow_date_name(WorkflowDate date) {
  return name_in(kDates, date);
}
std::optional<WorkflowDate> parse_workflow_date(std::string_view name) {
  return value_in(kDates, name);
}
std::string_view action_name(WorkflowAction::Kind kind) {
  return name_in(kWorkflowActions, kind);
}
std::optional<WorkflowAction::Kind> parse_action(std::string_view name) {
  return value_in(kWorkflowActions, name);
}

std::string actions_text(const std::vector<WorkflowAction>& actions) {
  Json all = Json::array();
  for (const WorkflowAction& action : actions) {
    Json json{{"kind", action_name(action.kind)}};
    const auto number = [&](const char* name, const std::optional<std::int64_t>& value) {
      if (value) json[name] = *value;
    };
    const auto text = [&](const char* name, const std::string& value) {
      if (!value.empty()) json[name] = value;
    };
    number("type_id", action.type_id);
    number("correspondent_id", action.correspondent_id);
    if (!action.tag_ids.empty()) json["tag_ids"] = action.tag_ids;
    number("class_id", action.class_id);
    text("field", action.field);
    text("value", action.value);
    number("folder_id", action.folder_id);
    if (!action.to.empty()) json["to"] = action.to;
    if (!action.to_accounts.empty()) json["to_accounts"] = action.to_accounts;
    if (!action.to_groups.empty()) json["to_groups"] = action.to_groups;
    text("subject", action.subject);
    text("text", action.text);
    text("url", action.url);
    number("account_id", action.account_id);
    all.push_back(std::move(json));
  }
  return all.dump();
}

std::vector<WorkflowAction> actions_of(const std::string& text) {
  std::vector<WorkflowAction> actions;
  for (const Json& json : Json::parse(text)) {
    const auto number = [&](const char* name) {
      const auto found = json.find(name);  // null: it was deleted
      return found == json.end() || found->is_null() ? std::nullopt : std::optional(found->get<std::int64_t>());
    };
    WorkflowAction action;
    action.kind = parse_action(json["kind"].get<std::string>()).value();
    action.type_id = number("type_id");
    action.correspondent_id = number("correspondent_id");
    action.tag_ids = json.value("tag_ids", std::vector<std::int64_t>());
    action.class_id = number("class_id");
    action.field = json.value("field", "");
    action.value = json.value("value", "");
    action.folder_id = number("folder_id");
    action.to = json.value("to", std::vector<std::string>());
    action.to_accounts = json.value("to_accounts", std::vector<std::int64_t>());
    action.to_groups = json.value("to_groups", std::vector<std::int64_t>());
    action.subject = json.value("subject", "");
    action.text = json.value("text", "");
    action.url = json.value("url", "");
    action.account_id = number("account_id");
    actions.push_back(std::move(action));
  }
  return actions;
}

std::string secret_purpose(const std::vector<WorkflowAction>& actions) {
  std::string purpose = "workflow";
  for (const WorkflowAction& action : actions) {
    if (action.kind == Kind::webhook) purpose += " " + action.url;
  }
  return purpose;
}

std::vector<Workflow> list_workflows(Session& session) {
  return read_workflows(session, 0);
}

std::optional<Workflow> find_workflow(Session& session, std::int64_t id) {
  if (id == 0) return std::nullopt;
  auto found = read_workflows(session, id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

WorkflowTerms checked_workflow(Session& session, const Principal& who, WorkflowTerms terms) {
  terms.name = line(terms.name, "/name", 1);
  if (terms.query.size() > kLongestWorkflowText) {
    refuse("/query", "may have at most " + std::to_string(kLongestWorkflowText) + " bytes");
  }
  if (terms.days_after < -kMostDays || terms.days_after > kMostDays) refuse("/days_after", "must be within 100 years");
  if (terms.occasion != WorkflowOccasion::date) {
    terms.date_of = WorkflowDate::document;
    terms.days_after = 0;
  }
  if (terms.date_of != WorkflowDate::field) terms.date_field.clear();
  if (terms.date_of == WorkflowDate::field && require_field(session, terms.date_field, "/date_field") != "date") {
    refuse("/date_field", "must be the key of a field that holds dates");
  }
  if (terms.actions.empty() || terms.actions.size() > kMostActions) {
    refuse("/actions", "must be 1 to " + std::to_string(kMostActions));
  }
  for (std::size_t i = 0; i < terms.actions.size(); ++i) {
    check_action(session, who, terms.actions[i], "/actions/" + std::to_string(i));
  }
  return terms;
}

std::int64_t create_workflow(Transaction& tx, const Principal& who, const SealingKey& key, const WorkflowTerms& wanted,
                             const std::optional<std::string>& secret) {
  require_owner(who);
  const WorkflowTerms terms = checked_workflow(tx, who, wanted);
  require_free_workflow_name(tx, terms.name, 0);
  const std::int64_t id = tx.insert(
      "INSERT INTO workflow (name, folded_name, enabled, enabled_on, account_id, occasion, date_of, date_field, "
      "days_after, query, actions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      terms.name, core::fold_case(terms.name), terms.enabled, core::date_of(tx.now()), who.account_id,
      occasion_name(terms.occasion), workflow_date_name(terms.date_of), terms.date_field, terms.days_after, terms.query,
      actions_text(terms.actions));
  if (has_hooks(terms) || secret) keep_secret(tx, key, id, terms, secret.value_or(""));
  tx.audit({"workflow.created", "workflow", id, "", described(terms).dump()});
  return id;
}

void change_workflow(Transaction& tx, const Principal& who, const SealingKey& key, std::int64_t id,
                     std::int64_t expected_version, const WorkflowTerms& wanted,
                     const std::optional<std::string>& secret) {
  require_owner(who);
  const Workflow before = require_workflow_version(tx, id, expected_version);
  const WorkflowTerms terms = checked_workflow(tx, who, wanted);
  require_free_workflow_name(tx, terms.name, id);
  if (!secret && has_hooks(terms) &&
      (!before.has_secret || secret_purpose(terms.actions) != secret_purpose(before.terms.actions))) {
    refuse("/secret", "must be given anew when the address of a web hook changes");
  }
  // Another query or date may meet documents that the old one did not: it is as a new one, and does nothing about the
  // past.
  const bool as_new = (terms.enabled && !before.terms.enabled) || terms.occasion != before.terms.occasion ||
                      terms.date_of != before.terms.date_of || terms.date_field != before.terms.date_field ||
                      terms.days_after != before.terms.days_after || terms.query != before.terms.query;
  const core::Date enabled_on = as_new ? core::date_of(tx.now()) : before.enabled_on;
  tx.execute(
      "UPDATE workflow SET name = $1, folded_name = $2, enabled = $3, enabled_on = $4, account_id = $5, occasion = $6, "
      "date_of = $7, date_field = $8, days_after = $9, query = $10, actions = $11, version = version + 1 "
      "WHERE id = $12",
      terms.name, core::fold_case(terms.name), terms.enabled, enabled_on, who.account_id, occasion_name(terms.occasion),
      workflow_date_name(terms.date_of), terms.date_field, terms.days_after, terms.query, actions_text(terms.actions),
      id);
  if (secret) keep_secret(tx, key, id, terms, *secret);
  Json after = described(terms);
  if (secret) after["secret"] = "changed";
  tx.audit({"workflow.changed", "workflow", id, described(before.terms).dump(), after.dump()});
}

void delete_workflow(Transaction& tx, const Principal& who, std::int64_t id, std::int64_t expected_version) {
  require_account(who);
  const Workflow before = require_workflow_version(tx, id, expected_version);
  tx.execute("DELETE FROM workflow WHERE id = $1", id);
  tx.audit({"workflow.deleted", "workflow", id, described(before.terms).dump(), ""});
}

std::string apply_action(Transaction& tx, const Principal& who, std::int64_t document_id,
                         const WorkflowAction& action) {
  const Document document = changeable_document(tx, who, document_id);
  require_not_held(document);
  DocumentChange change;
  std::string said;
  const auto tell = [&](const std::string& what) { said += (said.empty() ? "" : ", ") + what; };
  const auto tell_name = [&](const char* what, const char* statement, std::int64_t id) {
    tell(std::string(what) + " " + tx.value<std::string>(statement, id).value_or(std::to_string(id)));
  };
  if (action.kind == Kind::move) {
    change.folder_id = action.folder_id;
    require_may_file(tx, who, action.folder_id, std::nullopt);
    tell_name("folder", "SELECT title FROM folder WHERE id = $1", *action.folder_id);
  }
  if (action.type_id) {
    change.type_id = action.type_id;
    tell_name("type", "SELECT name FROM document_type WHERE id = $1", *action.type_id);
  }
  if (action.correspondent_id) {
    change.correspondent_id = action.correspondent_id;
    tell_name("correspondent", "SELECT name FROM correspondent WHERE id = $1", *action.correspondent_id);
  }
  if (!action.tag_ids.empty()) {
    change.tag_ids.emplace();
    for (const NamedEntry& tag : document.tags) change.tag_ids->push_back(tag.id);
    for (const std::int64_t tag : action.tag_ids) {
      if (std::ranges::find(*change.tag_ids, tag) == change.tag_ids->end()) change.tag_ids->push_back(tag);
      tell_name("tag", "SELECT name FROM tag WHERE id = $1", tag);
    }
  }
  if (action.class_id) {
    change.class_id = action.class_id;
    require_may_file(tx, who, std::nullopt, action.class_id);
    tell_name("class", "SELECT code FROM class WHERE id = $1", *action.class_id);
  }
  if (!action.field.empty()) {
    change.custom_fields.emplace_back(action.field, action.value.empty() ? std::nullopt : std::optional(action.value));
    tell(action.field + " = " + action.value);
  }
  const auto last = tx.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM workflow_event").value();
  const auto waiting = tx.rows<std::string>("SELECT occasion FROM workflow_event WHERE document_id = $1", document_id);
  change_document(tx, who, document_id, document.version, change);
  // What a workflow changes begins no workflow; what happened before still does.
  tx.execute("DELETE FROM workflow_event WHERE id > $1", last);
  for (const auto& [occasion] : waiting) {
    tx.execute(
        "INSERT INTO workflow_event (document_id, occasion) VALUES ($1, $2) ON CONFLICT (document_id, occasion) DO "
        "NOTHING",
        document_id, occasion);
  }
  return said;
}

}  // namespace muniment::storage
