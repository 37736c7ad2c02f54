// Another archive that is brought in: sent as one file, looked over, then taken in.
#include "storage/archive_imports.h"

#include <filesystem>

#include "core/error.h"
#include "core/text.h"
#include "storage/documents.h"
#include "storage/uploads.h"
#include "webui/api/api.h"
#include "webui/tus.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::ArchiveImport;
using storage::Permission;

namespace {

constexpr std::size_t kLongestImportName = 255;

ArchiveImport require_archive_import(storage::Session& session, const Call& call) {
  auto found = storage::find_archive_import(session, call.who, call.number("id"));
  if (!found) throw Error(ErrorCode::not_found, "there is no such import of yours");
  return std::move(*found);
}

Json archive_import_json(storage::Session& session, const storage::Principal& who, const ArchiveImport& import) {
  const auto counts = storage::import_counts(session, import.id);
  const auto count = [&](const char* outcome) {
    const auto found = counts.find(outcome);
    return found == counts.end() ? 0 : found->second;
  };
  return {{"id", import.id},
          {"name", import.name},
          {"created_at", core::to_rfc3339(import.created_at)},
          {"stage", import.is_begun() ? "import" : "preview"},
          {"job", job_json(session, who, import.job)},
          {"waiting", count("")},
          {"taken_in", count("taken_in")},
          {"there_already", count("there_already")},
          {"refused", count("refused")}};
}

Json imported_item_json(storage::Session& session, const storage::Principal& who, const storage::ImportItem& item) {
  const auto document = item.document_id ? storage::find_document(session, who, *item.document_id) : std::nullopt;
  return {{"place", item.place},
          {"file", item.path.empty() ? Json() : Json(item.path)},
          {"outcome", item.outcome.empty() ? Json() : Json(item.outcome)},
          {"document", document ? Json(document->id) : Json()},
          {"title", document ? Json(document->title) : Json()},
          {"problem", item.problem.empty() ? Json() : Json(item.problem)}};
}

// 202 with the import as it is now.
void send_under_way(Call& call, Api& api, std::int64_t id) {
  api.services.archive_imports.wake();
  auto session = api.services.database.read();
  const auto import = storage::find_archive_import(session, call.who, id);
  if (!import) throw Error(ErrorCode::not_found, "there is no such import of yours");
  call.http.set_header("Location", "/api/v1/archive-imports/" + std::to_string(id));
  send_json(call.http, 202, archive_import_json(session, call.who, *import));
}

void look_over_upload(Call& call, Api& api) {
  Fields body = Fields::of(call.http);
  const std::string identifier = body.text("upload");
  body.finish();
  std::int64_t id = 0;
  {
    auto tx = api.services.database.begin(call.who.actor());
    const auto upload = storage::find_upload(tx, call.who.account_id, identifier, tx.now());
    const auto metadata = upload ? Json::parse(upload->metadata) : Json();
    if (!upload || metadata.value("purpose", "") != tus::kArchiveImport) {
      throw Error(ErrorCode::not_found, "there is no such upload of an archive, or it has expired; begin anew");
    }
    if (upload->received != upload->length) {
      throw Error(ErrorCode::conflict, "the upload is not complete yet; send the rest first");
    }
    const std::string name = core::display_filename(metadata.value("filename", ""));
    // From here on the file is the import's.
    storage::remove_upload(tx, identifier);
    id = storage::create_archive_import(tx, call.who, name, identifier, true);
    tx.commit();
  }
  send_under_way(call, api, id);
}

void look_over_local(Call& call, Api& api) {
  if (!call.who.is_system()) throw Error(ErrorCode::not_found, "there is no such thing");
  Fields body = Fields::of(call.http);
  const std::filesystem::path path = body.text("path");
  body.finish();
  if (!path.is_absolute() || !std::filesystem::exists(path)) {
    throw Error(ErrorCode::invalid_argument, "there is no file or folder " + path.string(),
                {{"/path", "must be the absolute path of a file or folder"}});
  }
  std::int64_t id = 0;
  {
    auto tx = api.services.database.begin(call.who.actor());
    id = storage::create_archive_import(tx, call.who, core::cut(path.string(), kLongestImportName), path.string(),
                                        false);
    tx.commit();
  }
  send_under_way(call, api, id);
}

void look_over_again(Call& call, Api& api) {
  {
    auto tx = api.services.database.begin(call.who.actor());
    storage::preview_archive_import(tx, call.who, call.number("id"));
    tx.commit();
  }
  send_under_way(call, api, call.number("id"));
}

void take_in_archive(Call& call, Api& api) {
  {
    auto tx = api.services.database.begin(call.who.actor());
    const ArchiveImport import = require_archive_import(tx, call);
    // It goes on as the account, when the token that asks now is forgotten.
    call.who.require(Permission::capture);
    call.who.require(Permission::edit_documents);
    if (!import.preview.empty() && !Json::parse(import.preview).at("new_fields").empty()) {
      call.who.require(Permission::manage_file_plan);
    }
    storage::begin_archive_import(tx, call.who, import.id);
    tx.commit();
  }
  send_under_way(call, api, call.number("id"));
}

void send_archive_import(Call& call, Api& api) {
  auto session = api.services.database.read();
  const ArchiveImport import = require_archive_import(session, call);
  Json answer = archive_import_json(session, call.who, import);
  answer["preview"] = import.preview.empty() ? Json() : Json::parse(import.preview);
  send_json(call.http, 200, answer);
}

void list_imported_documents(Call& call, Api& api) {
  const std::string outcome = call.http.query("outcome").value_or("");
  auto session = api.services.database.read();
  const ArchiveImport import = require_archive_import(session, call);
  const Window window = window_of(call);
  auto items = storage::list_import_items(session, import.id, outcome, window.offset, window.limit + 1);
  const bool more = items.size() > window.limit;
  if (more) items.pop_back();
  Json listed = Json::array();
  for (const auto& item : items) listed.push_back(imported_item_json(session, call.who, item));
  const std::int64_t total = static_cast<std::int64_t>(window.offset + items.size()) + (more ? 1 : 0);
  send_list(call, window, std::move(listed), more, total, !more);
}

void forget_import(Call& call, Api& api) {
  std::optional<ArchiveImport> import;
  {
    auto tx = api.services.database.begin(call.who.actor());
    import = require_archive_import(tx, call);
    storage::remove_archive_import(tx, call.who, import->id);
    tx.commit();
  }
  api.services.archive_imports.remove_file(*import);
  call.http.send_empty(204);
}

}  // namespace

void add_archive_imports(Router& router, Api& api) {
  const std::string all = "/api/v1/archive-imports";
  const std::string one = all + "/{id}";
  const auto add = [&](const char* method, const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add(method, pattern, Permission::operate, [&api, handler](Call& call) { handler(call, api); });
  };
  add("POST", all, look_over_upload);
  add("POST", "/api/v1/local/archive-imports", look_over_local);
  add("GET", one, send_archive_import);
  add("DELETE", one, forget_import);
  add("POST", one + "/preview", look_over_again);
  add("POST", one + "/start", take_in_archive);
  add("GET", one + "/documents", list_imported_documents);
  router.add("GET", all, Permission::operate, [&api](Call& call) {
    auto session = api.services.database.read();
    send_window(call, storage::list_archive_imports(session, call.who),
                [&](const ArchiveImport& import) { return archive_import_json(session, call.who, import); });
  });
}

}  // namespace muniment::webui::api
