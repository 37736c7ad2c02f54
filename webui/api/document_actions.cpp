// What can be done with a document besides changing its metadata.
#include <algorithm>

#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Permission;

namespace {

void send_document(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  send_versioned(call.http, 200, document.version,
                 DocumentView(session, call.who).whole(document, api.services.renditions));
}

void unlock(Call& call, Api& api) {
  const std::int64_t id = call.number("id");
  Fields body = Fields::of(call.http);
  const std::string password = body.text("password");
  body.finish();
  if (const auto reading = api.services.pipeline.unlock(call.who, id, password)) {
    send_job(call.http, *reading);
  } else {
    call.http.send_empty(204);
  }
}

void restore_document(Call& call, Api& api) {
  {
    auto tx = api.services.database.begin(call.who.actor());
    storage::restore_document(tx, call.who, call.number("id"));
    tx.commit();
  }
  send_document(call, api);
}

void set_access_list(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  storage::DocumentChange change;
  change.own_access_list = body.nullable_number("access_list");
  body.finish();
  if (!change.own_access_list) {
    throw Error(ErrorCode::invalid_argument, "access_list is required",
                {{"/access_list", "is required; null inherits"}});
  }
  {
    auto tx = api.services.database.begin(call.who.actor());
    storage::change_document(tx, call.who, call.number("id"), version, change);
    tx.commit();
  }
  send_document(call, api);
}

// One tag more or less, whatever the version: it is one fact that is stated.
void set_tag(Call& call, Api& api, bool wanted) {
  const std::int64_t tag = call.number("tag");
  auto tx = api.services.database.begin(call.who.actor());
  const Document document = require_document(tx, call);
  storage::DocumentChange change;
  change.tag_ids.emplace();
  for (const storage::NamedEntry& entry : document.tags) {
    if (entry.id != tag) change.tag_ids->push_back(entry.id);
  }
  if (wanted) change.tag_ids->push_back(tag);
  if (wanted && !storage::find_name(tx, storage::Vocabulary::tag, tag)) {
    throw Error(ErrorCode::not_found, "there is no such tag");
  }
  const bool there_is =
      std::any_of(document.tags.begin(), document.tags.end(), [&](const auto& e) { return e.id == tag; });
  std::int64_t version = document.version;
  if (there_is != wanted) version = storage::change_document(tx, call.who, document.id, version, change);
  tx.commit();
  call.http.set_header("ETag", "\"" + std::to_string(version) + "\"");
  call.http.send_empty(204);
}

}  // namespace

void add_document_actions(Router& router, Api& api) {
  const std::string document = "/api/v1/documents/{id}";
  router.add("POST", document + "/unlock", Permission::edit_documents, [&api](Call& call) { unlock(call, api); });
  router.add("POST", document + "/retry", Permission::edit_documents,
             [&api](Call& call) { send_job(call.http, api.services.pipeline.retry(call.who, call.number("id"))); });
  router.add("POST", document + "/file-without-text", Permission::edit_documents, [&api](Call& call) {
    api.services.pipeline.file_without_text(call.who, call.number("id"));
    send_document(call, api);
  });
  router.add("POST", document + "/restore", Permission::edit_documents,
             [&api](Call& call) { restore_document(call, api); });
  router.add("PUT", document + "/access-list", Permission::manage_access,
             [&api](Call& call) { set_access_list(call, api); });
  router.add("PUT", document + "/tags/{tag}", Permission::edit_documents,
             [&api](Call& call) { set_tag(call, api, true); });
  router.add("DELETE", document + "/tags/{tag}", Permission::edit_documents,
             [&api](Call& call) { set_tag(call, api, false); });
}

}  // namespace muniment::webui::api
