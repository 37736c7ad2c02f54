// What a document's file was, and becomes.
#include "storage/document_versions.h"

#include "core/error.h"
#include "core/text.h"
#include "storage/file_locks.h"
#include "webui/api/api.h"
#include "webui/arrival.h"
#include "webui/download.h"
#include "webui/problem.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::DocumentVersion;
using storage::Permission;

namespace {

Json file_json(const storage::Component& file) {
  return {
      {"filename", file.filename}, {"media_type", file.media_type}, {"size", file.size}, {"sha256", file.hash.hex()}};
}

Json version_json(const DocumentVersion& version) {
  return {{"number", version.number},
          {"created_at", core::to_rfc3339(version.created_at)},
          {"created_by", person_json(version.created_by, version.created_by_name)},
          {"comment", version.comment},
          {"file", version.file ? file_json(*version.file) : Json()}};
}

void send_versions(Call& call, Api& api) {
  auto session = api.services.database.read();
  Json items = Json::array();
  for (const DocumentVersion& version : storage::document_versions(session, require_document(session, call))) {
    items.push_back(version_json(version));
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

void send_original(Call& call, Api& api) {
  std::optional<DocumentVersion> version;
  {
    auto session = api.services.database.read();
    version = storage::find_document_version(session, require_document(session, call), call.number("number"));
  }
  if (!version || !version->file) throw Error(ErrorCode::not_found, "this document has no such version with a file");
  const core::FileDescriptor bytes = api.services.blobs.open(version->file->hash);
  api.reads.downloaded(call.who, call.number("id"), "original of version " + std::to_string(version->number));
  send_download(call.http, bytes, {version->file->media_type, version->file->filename, version->file->hash.hex()});
}

void add_version(Call& call, Api& api) {
  ingest::Intake::VersionArrival arrival;
  arrival.document_id = call.number("id");
  arrival.expected_version = call.expected_version();
  bool locked = false;
  {
    // Before a file is taken in that nobody wants.
    auto session = api.services.database.read();
    const storage::Document document = require_document(session, call);
    locked = storage::locked_by_another(session, call.who, document.id, api.services.clock.now()).has_value();
  }
  if (locked) {
    return send_problem(call.http, 423, "locked",
                        "somebody has this document open in a program that locks it; wait until they are done");
  }
  const FormFile form = receive_form(api.services, call, [&](std::string_view name, std::string_view value) {
    if (name != "comment" || !core::is_utf8(value)) {
      throw Error(ErrorCode::invalid_argument, "beside the file the form may have one field, comment, in UTF-8",
                  {{"/" + core::to_utf8(name), "must be \"comment\", in UTF-8"}});
    }
    arrival.comment = value;
  });
  arrival.filename = form.filename;
  const ingest::Receipt receipt = api.services.intake.accept_version(call.who, std::move(arrival), form.file.path());
  auto session = api.services.database.read();
  send_receipt(call, session, receipt);
}

}  // namespace

void add_document_versions(Router& router, Api& api) {
  const std::string path = "/api/v1/documents/{id}/versions";
  router.add("GET", path, Permission::read_documents, [&api](Call& call) { send_versions(call, api); });
  router.add("POST", path, Permission::edit_documents, [&api](Call& call) { add_version(call, api); });
  router.add("GET", path + "/{number}/original", Permission::read_documents,
             [&api](Call& call) { send_original(call, api); });
}

}  // namespace muniment::webui::api
