// Who may read and change what.
#include <algorithm>

#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/access_report.h"
#include "storage/accounts.h"
#include "storage/levels.h"
#include "webui/api/validity_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::AccessEntry;
using storage::AccessList;
using storage::Permission;

namespace {

using Subject = AccessEntry::Subject;

std::string_view subject_name(Subject subject) {
  switch (subject) {
    case Subject::everyone:
      return "everyone";
    case Subject::account:
      return "account";
    case Subject::group:
      return "group";
  }
  throw Error(ErrorCode::internal, "a subject has no name");
}

Json list_json(storage::Session& session, const Call& call, const AccessList& list, bool with_entries) {
  Json entries = Json::array();
  for (const AccessEntry& entry : list.entries) {
    if (!with_entries) break;
    Json json{{"subject", subject_name(entry.subject)},
              {"id", entry.subject == Subject::everyone ? Json() : Json(entry.subject_id)},
              {"name", entry.subject_name},
              {"may_change", entry.may_change}};
    add_validity(json, entry.validity, call.who.day);
    entries.push_back(std::move(json));
  }
  return {{"id", list.id},
          {"version", list.version},
          {"name", list.name},
          {"level", level_json(session, list.level)},
          {"entries", std::move(entries)}};
}

AccessEntry entry_of(Fields& item) {
  AccessEntry entry;
  const std::string subject = item.text("subject");
  if (subject == "account") {
    entry.subject = Subject::account;
  } else if (subject == "group") {
    entry.subject = Subject::group;
  } else if (subject != "everyone") {
    throw Error(ErrorCode::invalid_argument, "there is no subject " + subject,
                {{"/entries", "subject must be everyone, account or group"}});
  }
  entry.subject_id = item.nullable_number("id").value_or(std::nullopt).value_or(0);
  entry.may_change = item.truth("may_change");
  entry.validity = validity_of(item);
  item.maybe_text("name");  // as it was read; the identifier decides
  item.maybe_text("state");
  item.finish();
  return entry;
}

std::vector<AccessEntry> entries_of(Fields& body) {
  std::vector<AccessEntry> entries;
  for (Fields& item : body.objects("entries")) entries.push_back(entry_of(item));
  return entries;
}

AccessList require_list(storage::Session& session, std::int64_t id) {
  auto list = storage::find_access_list(session, id);
  if (!list) throw Error(ErrorCode::not_found, "there is no such access list");
  return std::move(*list);
}

void create_list(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string name = body.text("name");
  const auto entries = entries_of(body);
  const std::int64_t level = body.maybe_number("level").value_or(0);
  body.finish();
  storage::require_cleared(call.who, level);
  auto tx = api.services.database.begin(call.who.actor());
  const AccessList list = require_list(tx, storage::create_access_list(tx, name, entries, level));
  const Json json = list_json(tx, call, list, true);
  tx.commit();
  send_created(call.http, "/api/v1/access-lists/" + std::to_string(list.id), list.version, json);
}

void change_list(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const auto name = body.maybe_text("name");
  const auto entries = body.has("entries") ? std::optional(entries_of(body)) : std::nullopt;
  const auto level = body.maybe_number("level");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const AccessList before = require_list(tx, call.number("id"));
  if (level && *level != before.level) storage::require_cleared(call.who, std::max(*level, before.level));
  storage::change_access_list(tx, before.id, version, name.value_or(before.name), entries.value_or(before.entries),
                              level);
  const AccessList list = require_list(tx, before.id);
  const Json json = list_json(tx, call, list, true);
  tx.commit();
  send_versioned(call.http, 200, list.version, json);
}

void send_access_report(Call& call, Api& api) {
  auto session = api.services.database.read();
  std::string csv = core::csv_line({"access_list", "documents", "account", "name", "role", "may_change", "through",
                                    "state", "first_day", "last_day", "level", "clearance"});
  const auto day = [](const std::optional<core::Date>& date) { return date ? core::to_iso(*date) : ""; };
  for (const storage::PersonsAccess& one : storage::access_report(session)) {
    csv += core::csv_line({one.access_list, std::to_string(one.documents), one.account, one.person, one.role,
                           one.may_change ? "yes" : "no", core::joined(one.through, "; "),
                           std::string(storage::validity_state_name(one.state)), day(one.validity.first_day),
                           day(one.validity.last_day), one.level, one.clearance});
  }
  send_attachment(call.http, "text/csv; charset=utf-8", "access.csv", csv);
}

void list_subjects(Call& call, Api& api) {
  const auto limit = static_cast<std::size_t>(call.number_query("limit", 50, 1, 200));
  auto session = api.services.database.read();
  Json items = Json::array();
  const auto only = call.http.query("subject");
  const auto offer = [&](std::string_view subject, std::int64_t id, const std::string& name) {
    if (items.size() < limit && (!only || *only == subject) && matches_q(call, name)) {
      items.push_back({{"subject", subject}, {"id", id}, {"name", name}});
    }
  };
  for (const storage::Group& group : storage::list_groups(session)) offer("group", group.id, group.name);
  for (const storage::Account& account : storage::list_accounts(session)) {
    if (!account.disabled) offer("account", account.id, account.display_name);
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

}  // namespace

void add_access_lists(Router& router, Api& api) {
  const std::string one = "/api/v1/access-lists/{id}";
  router.add("GET", "/api/v1/access-lists", SignedIn{}, [&api](Call& call) {
    auto session = api.services.database.read();
    const bool manages = call.who.may(Permission::manage_access);
    auto lists = storage::list_access_lists(session);
    // A list's name may say what it hides.
    if (!manages) std::erase_if(lists, [&](const AccessList& list) { return !call.who.may_read(list.id); });
    send_matching(call, std::move(lists),
                  [&](const AccessList& list) { return list_json(session, call, list, manages); });
  });
  router.add("POST", "/api/v1/access-lists", Permission::manage_access, [&api](Call& call) { create_list(call, api); });
  router.add("GET", one, Permission::manage_access, [&api](Call& call) {
    auto session = api.services.database.read();
    const AccessList list = require_list(session, call.number("id"));
    send_as_of_now(call.http, 200, list.version, list_json(session, call, list, true));
  });
  router.add("PATCH", one, Permission::manage_access, [&api](Call& call) { change_list(call, api); });
  router.add("DELETE", one, Permission::manage_access, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    const AccessList list = require_list(tx, call.number("id"));
    storage::require_cleared(call.who, list.level);
    storage::delete_access_list(tx, list.id, version);
    tx.commit();
    call.http.send_empty(204);
  });
  router.add("GET", "/api/v1/reports/access.csv", Permission::manage_access,
             [&api](Call& call) { send_access_report(call, api); });
  router.add("GET", "/api/v1/subjects", Permission::manage_access, [&api](Call& call) { list_subjects(call, api); });
}

}  // namespace muniment::webui::api
