// Lists of documents that people keep under a name.
#include "storage/saved_views.h"

#include "core/error.h"
#include "storage/notifications.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;
using storage::SavedView;
using storage::SavedViewTerms;

namespace {

SavedView require_view(storage::Session& session, const Call& call) {
  auto view = storage::find_saved_view(session, call.who, call.number("id"));
  if (!view) throw Error(ErrorCode::not_found, "there is no such view");
  return std::move(*view);
}

Json view_json(storage::Session& session, const storage::Principal& who, const SavedView& view) {
  return {{"id", view.id},
          {"version", view.version},
          {"name", view.terms.name},
          {"parameters", view.terms.parameters},
          {"shared", view.terms.shared},
          {"owner", named_json(view.account_id, view.owner)},
          {"own", view.account_id == who.account_id},
          {"followed", storage::follows(session, who, storage::Followed::saved_view, view.id)}};
}

SavedViewTerms saved_view_terms(Fields& body, SavedViewTerms terms) {
  if (const auto name = body.maybe_text("name")) terms.name = *name;
  if (const auto parameters = body.maybe_text("parameters")) terms.parameters = *parameters;
  if (const auto shared = body.maybe_truth("shared")) terms.shared = *shared;
  body.finish();
  return terms;
}

void create_view(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  for (const char* name : {"name", "parameters"}) body.text(name);
  const SavedViewTerms terms = saved_view_terms(body, {});
  auto tx = api.services.database.begin(call.who.actor());
  const SavedView view = storage::create_saved_view(tx, call.who, terms);
  const Json json = view_json(tx, call.who, view);
  tx.commit();
  send_created(call.http, "/api/v1/views/" + std::to_string(view.id), view.version, json);
}

void change_view(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  auto tx = api.services.database.begin(call.who.actor());
  const SavedView before = require_view(tx, call);
  const SavedView view =
      storage::change_saved_view(tx, call.who, before.id, version, saved_view_terms(body, before.terms));
  const Json json = view_json(tx, call.who, view);
  tx.commit();
  send_versioned(call.http, 200, view.version, json);
}

}  // namespace

void add_saved_views(Router& router, Api& api) {
  const std::string all = "/api/v1/views";
  const std::string one = all + "/{id}";
  router.add("GET", all, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_saved_views(session, call.who),
                [&](const SavedView& view) { return view_json(session, call.who, view); });
  });
  router.add("POST", all, Permission::read_documents, [&api](Call& call) { create_view(call, api); });
  router.add("GET", one, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const SavedView view = require_view(session, call);
    send_versioned(call.http, 200, view.version, view_json(session, call.who, view));
  });
  router.add("PATCH", one, Permission::read_documents, [&api](Call& call) { change_view(call, api); });
  router.add("DELETE", one, Permission::read_documents, [&api](Call& call) {
    const std::int64_t version = call.expected_version();
    auto tx = api.services.database.begin(call.who.actor());
    storage::delete_saved_view(tx, call.who, call.number("id"), version);
    tx.commit();
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
