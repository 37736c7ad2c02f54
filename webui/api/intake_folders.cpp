// Watched folders and drop folders that people set up, and what only the configuration can change of the ways in.
#include "storage/intake_folders.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::IntakeFolder;
using storage::IntakeFolderKind;
using storage::IntakeFolderTerms;
using storage::Permission;

namespace {

Json intake_folder_json(storage::Session& session, const storage::Principal& who, const IntakeFolder& folder) {
  Json json{{"id", folder.id},
            {"version", folder.version},
            {"kind", storage::intake_folder_kind_name(folder.kind)},
            {"name", folder.terms.name},
            {"enabled", folder.terms.enabled}};
  json.update(preset_filing_json(session, who, folder.terms.filing));
  return json;
}

IntakeFolder require_folder(storage::Session& session, std::int64_t id) {
  auto folder = storage::find_intake_folder(session, id);
  if (!folder) throw Error(ErrorCode::not_found, "there is no such folder");
  return std::move(*folder);
}

// The terms of the body; what it does not name stays as in `terms`. Looks at the disk: not to be called while others
// wait for a transaction.
IntakeFolderTerms intake_folder_terms(Fields& body, const Api& api, IntakeFolderKind kind, IntakeFolderTerms terms) {
  const auto name = body.maybe_text("name");
  if (name) terms.name = *name;
  if (const auto enabled = body.maybe_truth("enabled")) terms.enabled = *enabled;
  take_preset_filing(body, terms.filing);
  body.finish();
  if (kind == IntakeFolderKind::watch && (name || terms.enabled)) {
    terms.name = api.services.sources.watch_folders().roots().resolve(terms.name).string();
  }
  const auto& taken = api.services.sources.configured().drop_folders;
  const std::string clean(core::trim(core::to_nfc(terms.name)));  // as storage keeps it
  if (kind == IntakeFolderKind::drop && std::ranges::find(taken, clean) != taken.end()) {
    throw Error(ErrorCode::conflict, "there is such a folder already", {{"/name", "choose another"}});
  }
  return terms;
}

// In their own reach only: who sets up a folder may not file where they may not file themselves.
void require_own_reach(storage::Session& session, const storage::Principal& who, const IntakeFolderTerms& terms) {
  if (!terms.filing.has_place()) return;
  storage::require_may_file_in(session, who, terms.filing.folder_id, terms.filing.class_id);
}

// Whether something else comes to where it is filed than did before; anybody who manages these may end what did.
bool reaches_further(const IntakeFolderTerms& terms, const IntakeFolderTerms& before) {
  return terms.filing.class_id != before.filing.class_id || terms.filing.folder_id != before.filing.folder_id ||
         (terms.enabled && (!before.enabled || terms.name != before.name));
}

void create_intake_folder(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const auto kind = one_of(body.text("kind"), storage::parse_intake_folder_kind, "/kind", "must be watch or drop");
  body.text("name");
  const IntakeFolderTerms terms = intake_folder_terms(body, api, kind, {});
  auto tx = api.services.database.begin(call.who.actor());
  require_own_reach(tx, call.who, terms);
  const IntakeFolder folder = require_folder(tx, storage::create_intake_folder(tx, kind, terms));
  const Json json = intake_folder_json(tx, call.who, folder);
  tx.commit();
  api.services.operations.intake_folders_changed();
  send_created(call.http, "/api/v1/intake-folders/" + std::to_string(folder.id), folder.version, json);
}

void change_intake_folder(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const IntakeFolder before = [&] {
    auto session = api.services.database.read();
    return require_folder(session, call.number("id"));
  }();
  const IntakeFolderTerms terms = intake_folder_terms(body, api, before.kind, before.terms);
  auto tx = api.services.database.begin(call.who.actor());
  if (reaches_further(terms, before.terms)) require_own_reach(tx, call.who, terms);
  storage::change_intake_folder(tx, before.id, version, terms);
  const IntakeFolder folder = require_folder(tx, before.id);
  const Json json = intake_folder_json(tx, call.who, folder);
  tx.commit();
  api.services.operations.intake_folders_changed();
  send_versioned(call.http, 200, folder.version, json);
}

void delete_intake_folder(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  storage::delete_intake_folder(tx, call.number("id"), version);
  tx.commit();
  api.services.operations.intake_folders_changed();
  call.http.send_empty(204);
}

void send_configured_sources(Call& call, Api& api) {
  const scanners::Sources& sources = api.services.sources;
  Json roots = Json::array();
  for (const auto& root : sources.watch_folders().roots().roots()) roots.push_back(core::to_utf8(root.string()));
  send_json(call.http, 200, {{"watch_roots", std::move(roots)}});
}

}  // namespace

void add_intake_folders(Router& router, Api& api) {
  const std::string all = "/api/v1/intake-folders";
  const std::string one = all + "/{id}";
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::operate, [&api, handler](Call& call) { handler(call, api); });
  };
  router.add("GET", all, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_intake_folders(session),
                [&](const IntakeFolder& folder) { return intake_folder_json(session, call.who, folder); });
  });
  add("POST", all, create_intake_folder);
  router.add("GET", one, Permission::operate, [&api](Call& call) {
    send_one(call, api, require_folder, [&](storage::Session& session, const IntakeFolder& folder) {
      return intake_folder_json(session, call.who, folder);
    });
  });
  add("PATCH", one, change_intake_folder);
  add("DELETE", one, delete_intake_folder);
  add("GET", "/api/v1/admin/sources/configured", send_configured_sources);
}

}  // namespace muniment::webui::api
