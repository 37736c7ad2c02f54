// A document: bring in, look at, change, throw away.
#include "core/error.h"
#include "storage/as_seen.h"
#include "webui/api/api.h"
#include "webui/arrival.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Permission;

namespace {

void add_document(Call& call, Api& api) {
  ArrivalFields fields;
  const FormFile form = receive_form(api.services, call,
                                     [&](std::string_view name, std::string_view value) { fields.take(name, value); });
  fields.set_filename(form.filename);
  require_language(api.options.languages, fields.document().language);
  const ingest::Receipt receipt = accept_file(api.services, call, fields, form.file.path(), answering_once(call));
  auto session = api.services.database.read();
  send_receipt(call, session, receipt);
}

void change_document(Call& call, Api& api) {
  const std::int64_t id = call.number("id");
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  storage::DocumentChange change;
  change.title = body.maybe_text("title");
  change.public_title = body.nullable_text("public_title");
  change.date = body.nullable_date("document_date");
  change.type_id = body.nullable_number("type");
  change.correspondent_id = body.nullable_number("correspondent");
  if (body.has("tags")) change.tag_ids = body.numbers("tags");
  change.language = body.maybe_text("language");
  change.class_id = body.nullable_number("class");
  change.folder_id = body.nullable_number("folder");
  change.custom_fields = custom_fields_of(body);
  body.finish();
  if (change.language) require_language(api.options.languages, *change.language);
  bool read_again = false;
  {
    auto tx = api.services.database.begin(call.who.actor());
    const Document before = require_document(tx, call);
    if (change.class_id || change.folder_id) {
      storage::require_may_file_in(tx, call.who, change.folder_id.value_or(before.folder_id),
                                   change.class_id.value_or(before.class_id));
    }
    storage::change_document(tx, call.who, id, version, change);
    tx.commit();
    read_again = change.language && *change.language != before.language &&
                 before.state == storage::DocumentState::ready && !before.components.empty();
  }
  // Words are recognised by language. What is being read at the moment takes the new one up by itself.
  if (read_again) api.services.pipeline.retry(call.who, id);
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  send_versioned(call.http, 200, document.version,
                 DocumentView(session, call.who).whole(document, api.services.renditions));
}

void trash_document(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  auto tx = api.services.database.begin(call.who.actor());
  const Document document = require_document(tx, call);
  storage::require_as_seen(document.version, version, "document");
  storage::trash_document(tx, call.who, document.id);
  tx.commit();
  call.http.send_empty(204);
}

}  // namespace

void add_documents(Router& router, Api& api) {
  router.add("POST", "/api/v1/documents", Permission::capture, [&api](Call& call) { add_document(call, api); });
  router.add("GET", "/api/v1/documents/{id}", Permission::read_documents, [&api](Call& call) {
    auto session = api.services.database.read();
    const Document document = require_document(session, call);
    send_versioned(call.http, 200, document.version,
                   DocumentView(session, call.who).whole(document, api.services.renditions));
  });
  router.add("PATCH", "/api/v1/documents/{id}", Permission::edit_documents,
             [&api](Call& call) { change_document(call, api); });
  router.add("DELETE", "/api/v1/documents/{id}", Permission::edit_documents,
             [&api](Call& call) { trash_document(call, api); });
}

}  // namespace muniment::webui::api
