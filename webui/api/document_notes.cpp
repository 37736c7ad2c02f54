// What people write beside a document.
#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

Json note_json(const Call& call, const storage::Document& document, const storage::Note& note) {
  return {{"id", note.id},
          {"text", note.text},
          {"created_at", core::to_rfc3339(note.created_at)},
          {"created_by", person_json(note.created_by, note.author)},
          {"may_delete", call.who.may_change(document.access_list)}};
}

void add_note(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string text = body.text("text");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = storage::add_note(tx, call.who, call.number("id"), text);
  const storage::Document document = require_document(tx, call);
  Json json;
  for (const storage::Note& note : storage::notes(tx, document)) {
    if (note.id == id) json = note_json(call, document, note);
  }
  tx.commit();
  send_json(call.http, 201, json);
}

}  // namespace

void add_document_notes(Router& router, Api& api) {
  const std::string path = "/api/v1/documents/{id}/notes";
  router.add("GET", path, Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const storage::Document document = require_document(session, call);
    Json items = Json::array();
    for (const storage::Note& note : storage::notes(session, document))
      items.push_back(note_json(call, document, note));
    send_items(call, std::move(items));
  });
  router.add("POST", path, Permission::edit_documents, [&api](Call& call) { add_note(call, api); });
  router.add("DELETE", path + "/{note}", Permission::edit_documents, [&api](Call& call) {
    auto tx = api.services.database.begin(call.who.actor());
    const bool there_was = storage::remove_note(tx, call.who, call.number("id"), call.number("note"));
    tx.commit();
    if (!there_was) throw Error(ErrorCode::not_found, "this document has no such note");
    call.http.send_empty(204);
  });
}

}  // namespace muniment::webui::api
