// What a document's file was, and becomes: its versions, their labels and differences, and who makes the next one.
#include "storage/document_versions.h"

#include "core/error.h"
#include "core/text.h"
#include "storage/check_outs.h"
#include "storage/file_locks.h"
#include "storage/version_comparison.h"
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
  Json labels = Json::array();
  for (const storage::VersionLabel& label : version.labels)
    labels.push_back({{"id", label.id}, {"label", label.label}});
  return {{"number", version.number},
          {"created_at", core::to_rfc3339(version.created_at)},
          {"created_by", person_json(version.created_by, version.created_by_name)},
          {"comment", version.comment},
          {"restored_from", nullable(version.restored_from)},
          {"labels", std::move(labels)},
          {"file", version.file ? file_json(*version.file) : Json()}};
}

void send_versions(Call& call, Api& api) {
  auto session = api.services.database.read();
  Json items = Json::array();
  for (const DocumentVersion& version : storage::document_versions(session, require_document(session, call))) {
    items.push_back(version_json(version));
  }
  send_items(call, std::move(items));
}

DocumentVersion require_version(storage::Session& session, const storage::Document& document, std::int64_t number) {
  auto version = storage::find_document_version(session, document, number);
  if (!version) throw Error(ErrorCode::not_found, "this document has no version " + std::to_string(number));
  return std::move(*version);
}

void send_version_original(Call& call, Api& api) {
  std::optional<DocumentVersion> version;
  {
    auto session = api.services.database.read();
    version = require_version(session, require_document(session, call), call.number("number"));
  }
  if (!version->file) throw Error(ErrorCode::not_found, "this version is on paper only; it has no file");
  const core::FileDescriptor bytes = api.services.blobs.open(version->file->hash);
  api.reads.downloaded(call.who, call.number("id"), "original of version " + std::to_string(version->number));
  send_download(call.http, bytes, {version->file->media_type, version->file->filename, version->file->hash.hex()});
}

// Sends 423 when somebody else makes the next version. True when it has.
bool refuse_locked(Call& call, Api& api) {
  {
    auto session = api.services.database.read();
    const storage::Document document = require_document(session, call);
    if (!storage::locked_by_another(session, call.who, document.id, api.services.clock.now())) return false;
  }
  send_problem(call.http, "locked",
               "somebody has checked this document out, or has it open in a program that locks it; wait until they are "
               "done");
  return true;
}

void add_version(Call& call, Api& api) {
  ingest::Intake::VersionArrival arrival;
  arrival.document_id = call.number("id");
  arrival.expected_version = call.expected_version();
  if (refuse_locked(call, api)) return;  // before a file is taken in that nobody wants
  const FormFile form = receive_form(api.services, call, [&](std::string_view name, std::string_view value) {
    if (name == "comment" && core::is_utf8(value)) {
      arrival.comment = value;
    } else if (name == "keep_checked_out" && (value == "true" || value == "false")) {
      arrival.stays_checked_out = value == "true";
    } else {
      const std::string right = "must be comment, in UTF-8, or keep_checked_out, true or false";
      throw Error(ErrorCode::invalid_argument, "a field of the form beside the file " + right,
                  {{"/" + core::to_utf8(name), right}});
    }
  });
  arrival.filename = form.filename;
  const ingest::Receipt receipt = api.services.intake.accept_version(call.who, std::move(arrival), form.file.path());
  auto session = api.services.database.read();
  send_receipt(call, session, receipt);
}

void restore_version(Call& call, Api& api) {
  const std::int64_t expected = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::string comment = body.maybe_text("comment").value_or("");
  body.finish();
  if (refuse_locked(call, api)) return;
  const ingest::Receipt receipt =
      api.services.intake.restore_version(call.who, call.number("id"), expected, call.number("number"), comment);
  auto session = api.services.database.read();
  send_receipt(call, session, receipt);
}

void label_version(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string label = body.text("label");
  body.finish();
  auto tx = api.services.database.begin(call.who.actor());
  const std::int64_t id = storage::label_version(tx, call.who, call.number("id"), call.number("number"), label);
  tx.commit();
  send_json(call.http, 201, {{"id", id}});
}

void unlabel_version(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  const bool there_was = storage::unlabel_version(tx, call.who, call.number("id"), call.number("label"));
  tx.commit();
  if (!there_was) throw Error(ErrorCode::not_found, "this document has no such label");
  call.http.send_empty(204);
}

std::string_view run_kind_name(storage::TextRun::Kind kind) {
  switch (kind) {
    case storage::TextRun::Kind::equal:
      return "equal";
    case storage::TextRun::Kind::deleted:
      return "deleted";
    case storage::TextRun::Kind::inserted:
      return "inserted";
  }
  return "equal";
}

void send_differences(Call& call, Api& api) {
  constexpr std::int64_t kMostVersions = 1'000'000;
  const std::int64_t number = call.number("number");
  const std::int64_t other = call.number_query("from", number - 1, 1, kMostVersions);
  storage::Document document;
  storage::VersionComparison found;
  {
    auto session = api.services.database.read();
    document = require_document(session, call);
    found = storage::compare_versions(session, require_version(session, document, other),
                                      require_version(session, document, number));
  }
  // It tells the text of both.
  api.reads.viewed(call.who, document.id);
  Json pages = Json::array();
  for (const storage::ComparedPage& page : found.pages) {
    Json runs = Json::array();
    for (const storage::TextRun& run : page.runs) {
      runs.push_back({{"kind", run_kind_name(run.kind)},
                      {"text", run.text},
                      {"older_page", run.older_page == 0 ? Json() : Json(run.older_page)}});
    }
    pages.push_back({{"page", page.number}, {"runs", std::move(runs)}});
  }
  send_json(call.http, 200,
            {{"older", other},
             {"newer", number},
             {"changes", found.changes},
             {"complete", found.complete},
             {"pages", std::move(pages)}});
}

void check_out(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string comment = body.maybe_text("comment").value_or("");
  body.finish();
  if (refuse_locked(call, api)) return;
  auto tx = api.services.database.begin(call.who.actor());
  storage::check_out(tx, call.who, call.number("id"), comment);
  tx.commit();
  call.http.send_empty(204);
}

void end_check_out(Call& call, Api& api) {
  auto tx = api.services.database.begin(call.who.actor());
  const bool there_was = storage::end_check_out(tx, call.who, call.number("id"));
  tx.commit();
  if (!there_was) throw Error(ErrorCode::not_found, "nobody has this document checked out");
  call.http.send_empty(204);
}

}  // namespace

void add_document_versions(Router& router, Api& api) {
  const std::string path = "/api/v1/documents/{id}/versions";
  const std::string check_outs = "/api/v1/documents/{id}/check-out";
  const auto add = [&](const char* method, const std::string& pattern, Permission needs, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, needs, [&api, handler](Call& call) { handler(call, api); });
  };
  add("GET", path, Permission::read_documents, send_versions);
  add("POST", path, Permission::edit_documents, add_version);
  add("GET", path + "/{number}/original", Permission::read_documents, send_version_original);
  add("GET", path + "/{number}/differences", Permission::read_documents, send_differences);
  add("POST", path + "/{number}/restore", Permission::edit_documents, restore_version);
  add("POST", path + "/{number}/labels", Permission::edit_documents, label_version);
  add("DELETE", "/api/v1/documents/{id}/version-labels/{label}", Permission::edit_documents, unlabel_version);
  add("PUT", check_outs, Permission::edit_documents, check_out);
  add("DELETE", check_outs, Permission::edit_documents, end_check_out);
}

}  // namespace muniment::webui::api
