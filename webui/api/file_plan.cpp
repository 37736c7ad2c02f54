// Classes and folders.
#include "records/file_plan.h"

#include <array>

#include "core/error.h"
#include "records/certificate.h"
#include "records/plan_csv.h"
#include "records/plan_moves.h"
#include "storage/levels.h"
#include "webui/api/records_json.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using records::Class;
using records::Folder;
using storage::Permission;

namespace {

constexpr std::size_t kMostClassesListed = 10'000;

std::int64_t list_of(storage::Session& session, const Class& node) {
  return storage::inherited_access_list(session, std::nullopt, node.id);
}
std::int64_t list_of(storage::Session& session, const Folder& folder) {
  return storage::inherited_access_list(session, folder.id, folder.class_id);
}

// The names of lists are for those who manage them; a class is seen by everybody.
Json place_list_json(storage::Session& session, const storage::Principal& who, std::optional<std::int64_t> own,
                     std::int64_t effective) {
  Json json = access_list_of_json(session, own, effective);
  if (!who.may(Permission::manage_access)) json["name"] = "";
  return json;
}

Json class_json(storage::Session& session, const storage::Principal& who, const Class& node) {
  return {{"id", node.id},
          {"version", node.version},
          {"parent", nullable(node.parent_id)},
          {"below", records::count_classes_below(session, node.id)},
          {"code", node.code},
          {"title", node.title},
          {"status", records::status_name(node.status)},
          {"access_list", place_list_json(session, who, node.access_list, list_of(session, node))},
          {"scope_note", node.scope_note},
          {"schedule", schedule_name_json(session, records::inherited_schedule(session, std::nullopt, node.id))},
          {"own_schedule", node.schedule.has_value()},
          {"declares_on_filing", node.declares_on_filing}};
}

// Numbers of the access list and the schedule as they were then; these may be gone.
Json class_version_json(const records::ClassVersion& version) {
  const Json state = Json::parse(version.state);
  return {{"number", version.number},
          {"parent", state.at("parent_id")},
          {"code", state.at("code")},
          {"title", state.at("title")},
          {"status", state.at("status")},
          {"scope_note", state.at("scope_note")},
          {"access_list", state.at("access_list")},
          {"schedule", state.at("schedule")},
          {"declares_on_filing", state.at("declares_on_filing")},
          {"changed_at", core::to_rfc3339(version.changed_at)},
          {"changed_by", person_json(version.changed_by, version.changed_by_name)}};
}

Json folder_json(storage::Session& session, const storage::Principal& who, const Folder& folder) {
  const auto node = records::find_class(session, folder.class_id);
  return {{"id", folder.id},
          {"version", folder.version},
          {"class", {{"id", folder.class_id}, {"code", node ? node->code : ""}, {"title", node ? node->title : ""}}},
          {"title", folder.title},
          {"public_title", nullable(folder.public_title)},
          {"status", records::status_name(folder.status)},
          {"opened_at", core::to_rfc3339(folder.opened_at)},
          {"closed_at", time_json(folder.closed_at)},
          {"access_list", place_list_json(session, who, folder.access_list, list_of(session, folder))},
          {"closed_on", date_json(folder.closed_on)},
          {"schedule", schedule_name_json(session, records::inherited_schedule(session, folder.id, folder.class_id))},
          {"own_schedule", folder.schedule.has_value()}};
}

Class require_class(storage::Session& session, std::int64_t id) {
  auto node = records::find_class(session, id);
  if (!node) throw Error(ErrorCode::not_found, "there is no such class");
  return std::move(*node);
}

// The title of a case file may say as much as what is in it.
Folder require_folder(storage::Session& session, const Call& call, std::int64_t id) {
  auto folder = records::find_folder(session, id);
  if (!folder || !call.who.may_read(list_of(session, *folder)))
    throw Error(ErrorCode::not_found, "there is no such folder");
  return std::move(*folder);
}

std::optional<records::Status> status_of(Fields& body) {
  const auto name = body.maybe_text("status");
  if (!name) return std::nullopt;
  if (*name == "open") return records::Status::open;
  if (*name == "closed") return records::Status::closed;
  throw Error(ErrorCode::invalid_argument, "there is no status " + *name, {{"/status", "must be open or closed"}});
}

// Outer empty: the field is missing, which is an error.
std::optional<std::int64_t> chosen_list(Call& call) {
  Fields body = Fields::of(call.http);
  const auto list = body.nullable_number("access_list");
  body.finish();
  if (!list) {
    throw Error(ErrorCode::invalid_argument, "access_list is required",
                {{"/access_list", "is required; null inherits"}});
  }
  return *list;
}

void create_class(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  records::NewClass wanted;
  wanted.parent_id = body.nullable_number("parent").value_or(std::nullopt);
  wanted.code = body.text("code");
  wanted.title = body.text("title");
  wanted.scope_note = body.maybe_text("scope_note").value_or("");
  wanted.schedule = body.nullable_number("schedule").value_or(std::nullopt);
  wanted.declares_on_filing = body.maybe_truth("declares_on_filing").value_or(false);
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Class node = require_class(tx, records::create_class(tx, wanted));
  const Json json = class_json(tx, call.who, node);
  tx.commit();
  send_created(call.http, "/api/v1/classes/" + std::to_string(node.id), node.version, json);
}

void change_class(Call& call, Api& api, const std::function<records::ClassChange(Call&)>& read_change) {
  const std::int64_t version = call.expected_version();
  const records::ClassChange change = read_change(call);
  auto tx = api.services.database.begin(call.who.actor());
  const Class before = require_class(tx, call.number("id"));
  if (change.access_list) {
    const auto above = storage::inherited_access_list(tx, std::nullopt, before.parent_id);
    storage::require_may_replace(tx, call.who, list_of(tx, before), change.access_list->value_or(above));
  }
  records::change_class(tx, before.id, version, change);
  const Class node = require_class(tx, before.id);
  const Json json = class_json(tx, call.who, node);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, node.version, json);
}

records::ClassChange described_class(Call& call) {
  Fields body = Fields::of(call.http);
  records::ClassChange change;
  change.code = body.maybe_text("code");
  change.title = body.maybe_text("title");
  change.status = status_of(body);
  change.scope_note = body.maybe_text("scope_note");
  change.schedule = body.nullable_number("schedule");
  change.declares_on_filing = body.maybe_truth("declares_on_filing");
  body.finish();
  return change;
}

// Who works with documents opens and closes folders, and so does who keeps the plan.
constexpr std::array kFolderKeepers{Permission::edit_documents, Permission::manage_file_plan};

void create_folder(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::int64_t class_id = body.number("class");
  const std::string title = body.text("title");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  if (!records::find_class(tx, class_id)) {
    throw Error(ErrorCode::invalid_argument, "there is no such class",
                {{"/class", "must be the identifier of a class"}});
  }
  storage::require_may_file_in(tx, call.who, std::nullopt, class_id, call.who.first_of(kFolderKeepers));
  const Folder folder = require_folder(tx, call, records::create_folder(tx, class_id, title, std::nullopt));
  const Json json = folder_json(tx, call.who, folder);
  tx.commit();
  send_created(call.http, "/api/v1/folders/" + std::to_string(folder.id), folder.version, json);
}

// How long it is kept, and that it is opened again, is for records managers alone.
void require_may_change(storage::Session& session, const storage::Principal& who, const Folder& before,
                        const records::FolderChange& change) {
  const bool reopens = change.status == records::Status::open && before.status == records::Status::closed;
  const bool of_records = change.schedule || reopens;
  const bool of_the_folder = change.title || change.public_title || change.status == records::Status::closed;
  if (of_records) {
    who.require(Permission::manage_records);
    storage::require_may_file_in(session, who, before.id, before.class_id, Permission::manage_records);
  }
  if (of_the_folder || !of_records) {
    storage::require_may_file_in(session, who, before.id, before.class_id, who.first_of(kFolderKeepers));
  }
}

void change_folder(Call& call, Api& api, const std::function<records::FolderChange(Call&)>& read_change) {
  const std::int64_t version = call.expected_version();
  const records::FolderChange change = read_change(call);
  auto tx = api.services.database.begin(call.who.actor());
  const Folder before = require_folder(tx, call, call.number("id"));
  if (change.access_list) {
    const auto above = storage::inherited_access_list(tx, std::nullopt, before.class_id);
    storage::require_may_replace(tx, call.who, list_of(tx, before), change.access_list->value_or(above));
  } else {
    require_may_change(tx, call.who, before, change);
  }
  records::change_folder(tx, before.id, version, change);
  const Folder folder = records::find_folder(tx, before.id).value();
  const Json json = folder_json(tx, call.who, folder);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, folder.version, json);
}

records::FolderChange described_folder(Call& call) {
  Fields body = Fields::of(call.http);
  records::FolderChange change;
  change.title = body.maybe_text("title");
  change.public_title = body.nullable_text("public_title");
  change.status = status_of(body);
  change.schedule = body.nullable_number("schedule");
  change.reason = body.maybe_text("reason").value_or("");
  body.finish();
  return change;
}

void move_class(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const auto parent = body.nullable_number("parent");
  body.finish();
  if (!parent) {
    throw Error(ErrorCode::invalid_argument, "parent is required", {{"/parent", "is required; null is the top"}});
  }
  auto tx = api.services.database.begin(call.who.actor());
  records::move_class(tx, call.who, call.number("id"), version, *parent);
  const Class node = require_class(tx, call.number("id"));
  const Json json = class_json(tx, call.who, node);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, node.version, json);
}

void move_folder(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::int64_t class_id = body.number("class");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const Folder before = require_folder(tx, call, call.number("id"));
  const auto require_may_move = [&](std::optional<std::int64_t> folder, std::int64_t node) {
    storage::require_may_file_in(tx, call.who, folder, node, Permission::manage_file_plan);
  };
  require_may_move(before.id, before.class_id);
  if (records::find_class(tx, class_id)) require_may_move(std::nullopt, class_id);
  records::move_folder(tx, call.who, before.id, version, class_id);
  const Folder folder = records::find_folder(tx, before.id).value();
  const Json json = folder_json(tx, call.who, folder);
  tx.commit();
  api.services.operations.records_changed();
  send_versioned(call.http, 200, folder.version, json);
}

void delete_class(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  records::delete_class(tx, call.number("id"), call.expected_version());
  tx.commit();
  call.http.send_empty(204);
}

void delete_folder(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  const Folder folder = require_folder(tx, call, call.number("id"));
  storage::require_may_file_in(tx, call.who, folder.id, folder.class_id, call.who.first_of(kFolderKeepers));
  records::delete_folder(tx, folder.id, call.expected_version());
  tx.commit();
  call.http.send_empty(204);
}

void list_classes(Call& call, Api& api) {
  auto session = api.services.database.read();
  const std::int64_t parent = call.number_query("parent", -1, 0, INT64_MAX);
  auto classes = records::list_classes(session, call.truth_query("open"));
  std::erase_if(classes, [&](const Class& node) {
    return !matches_q(call, node.code + " " + node.title) || (parent >= 0 && node.parent_id.value_or(0) != parent);
  });
  send_window(call, classes, [&](const Class& node) { return class_json(session, call.who, node); });
}

void list_folders(Call& call, Api& api) {
  auto session = api.services.database.read();
  const std::int64_t class_id = call.number_query("class", 0, 1, INT64_MAX);
  auto folders = records::list_folders(session, class_id == 0 ? std::nullopt : std::optional(class_id),
                                       call.http.query("q").value_or(""), kMostClassesListed);
  const bool only_open = call.truth_query("open");
  std::erase_if(folders, [&](const Folder& folder) {
    return (only_open && folder.status == records::Status::closed) || !call.who.may_read(list_of(session, folder));
  });
  send_window(call, folders, [&](const Folder& folder) { return folder_json(session, call.who, folder); });
}

void add_classes(Router& router, Api& api) {
  const std::string one = "/api/v1/classes/{id}";
  router.add("GET", "/api/v1/classes", Permission::read_documents, [&api](Call& call) { list_classes(call, api); });
  router.add("POST", "/api/v1/classes", Permission::manage_file_plan, [&api](Call& call) { create_class(call, api); });
  router.add("GET", one + "/versions", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Class node = require_class(session, call.number("id"));
    send_window(call, records::class_versions(session, node.id), class_version_json);
  });
  router.add("GET", one, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Class node = require_class(session, call.number("id"));
    send_versioned(call.http, 200, node.version, class_json(session, call.who, node));
  });
  router.add("PATCH", one, Permission::manage_file_plan,
             [&api](Call& call) { change_class(call, api, described_class); });
  router.add("DELETE", one, Permission::manage_file_plan, [&api](Call& call) { delete_class(call, api); });
  router.add("PUT", one + "/parent", Permission::manage_file_plan, [&api](Call& call) { move_class(call, api); });
  router.add("PUT", one + "/access-list", Permission::manage_access, [&api](Call& call) {
    change_class(call, api, [](Call& c) {
      records::ClassChange change;
      change.access_list = chosen_list(c);
      return change;
    });
  });
}

void add_folders(Router& router, Api& api) {
  const std::string one = "/api/v1/folders/{id}";
  router.add("GET", "/api/v1/folders", Permission::read_documents, [&api](Call& call) { list_folders(call, api); });
  const AnyOf keepers{{kFolderKeepers.begin(), kFolderKeepers.end()}};
  router.add("POST", "/api/v1/folders", keepers, [&api](Call& call) { create_folder(call, api); });
  router.add("GET", one, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Folder folder = require_folder(session, call, call.number("id"));
    send_versioned(call.http, 200, folder.version, folder_json(session, call.who, folder));
  });
  router.add("PATCH", one,
             AnyOf{{Permission::edit_documents, Permission::manage_file_plan, Permission::manage_records}},
             [&api](Call& call) { change_folder(call, api, described_folder); });
  router.add("DELETE", one, keepers, [&api](Call& call) { delete_folder(call, api); });
  router.add("PUT", one + "/class", Permission::manage_file_plan, [&api](Call& call) { move_folder(call, api); });
  router.add("PUT", one + "/access-list", Permission::manage_access, [&api](Call& call) {
    change_folder(call, api, [](Call& c) {
      records::FolderChange change;
      change.access_list = chosen_list(c);
      return change;
    });
  });
}

// A CSV, or one of the plans to start from by its name.
void import_plan(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto csv = body.maybe_text("csv");
  const auto ready_made = body.maybe_text("ready_made");
  body.finish();
  if (csv.has_value() == ready_made.has_value()) {
    throw Error(ErrorCode::invalid_argument, "give either csv or ready_made", {{"/csv", "either this or ready_made"}});
  }
  call.who.require(Permission::manage_schedules);
  auto tx = api.services.database.begin(call.who.actor());
  const auto made = records::import_plan(tx, csv ? std::string_view(*csv) : records::ready_made_plan(*ready_made));
  if (ready_made && made.classes > 0) {
    if (const auto node = records::find_class(tx, records::kReadyMadeCertificateClass)) {
      records::remember_certificate_class(tx, node->id);
    }
  }
  tx.commit();
  send_json(call.http, 200, {{"classes", made.classes}, {"schedules", made.schedules}, {"kept", made.kept}});
}

void add_plan(Router& router, Api& api) {
  router.add("GET", "/api/v1/file-plan", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    call.http.set_header("Content-Disposition", "attachment; filename=\"file-plan.csv\"");
    call.http.send(200, "text/csv; charset=utf-8", records::export_plan(session, call.who));
  });
  router.add("POST", "/api/v1/file-plan", Permission::manage_file_plan, [&api](Call& call) { import_plan(call, api); });
  router.add("GET", "/api/v1/file-plan/ready-made", Permission::read_documents, [](Call& call) {
    send_json(call.http, 200, {{"items", records::ready_made_plans()}});
  });
}

}  // namespace

void add_file_plan(Router& router, Api& api) {
  add_plan(router, api);
  add_classes(router, api);
  add_folders(router, api);
}

}  // namespace muniment::webui::api
