// What is in a document: its bytes, its text, pictures of its pages. Every read leaves a trace in the audit log.
#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "core/text.h"
#include "storage/document_fields.h"
#include "storage/mail_parts.h"
#include "storage/pages.h"
#include "webui/api/api.h"
#include "webui/download.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Permission;

namespace {

constexpr char kFormFeed = '\f';

Document load(Call& call, Api& api) {
  auto session = api.services.database.read();
  return require_document(session, call);
}

void send_document_original(Call& call, Api& api) {
  const Document document = load(call, api);
  const storage::Component& file = storage::require_file(document);
  const core::FileDescriptor bytes = api.services.blobs.open(file.hash);
  api.reads.downloaded(call.who, document.id, "original");
  send_download(call.http, bytes, {file.media_type, file.filename, file.hash.hex()});
}

void send_archive(Call& call, Api& api) {
  const Document document = load(call, api);
  const storage::Component& file = storage::require_file(document);
  const bool shown = call.http.query("inline") == "1";
  const std::string name = shown ? "" : std::string(core::file_stem(file.filename)) + ".pdf";
  const auto rendition = api.services.renditions.archive(document);
  if (!rendition && file.media_type != "application/pdf") {
    throw Error(ErrorCode::not_found, "this document has no searchable PDF; download the original");
  }
  api.reads.downloaded(call.who, document.id, "archive");
  if (rendition) {
    send_download(call.http, *rendition, {"application/pdf", name, rendition_etag(*rendition)});
    return;
  }
  // The original is the best there is.
  const core::FileDescriptor bytes = api.services.blobs.open(file.hash);
  send_download(call.http, bytes, {"application/pdf", name, file.hash.hex()});
}

storage::MailPart require_mail_part(Api& api, const Document& document, std::int64_t number) {
  auto session = api.services.database.read();
  for (storage::MailPart& part : storage::mail_parts(session, storage::require_file(document).id)) {
    if (part.position == number) return std::move(part);
  }
  throw Error(ErrorCode::not_found, "no attachment " + std::to_string(number) + " is part of this document");
}

// For a file of `bytes` that is gone once it is sent.
void require_room_to_unpack(const WebServices& services, std::uint64_t bytes) {
  const core::DiskSpace space = core::disk_space(services.blobs.temp_directory());
  const std::uint64_t floor = services.intake.options().free_floor(space.total_bytes);
  if (space.free_bytes < floor || space.free_bytes - floor < bytes) {
    throw Error(ErrorCode::storage_full,
                "there is too little room on the disk to unpack this attachment; download the mail itself, or ask the "
                "administrator to free some space");
  }
}

void send_mail_part(Call& call, Api& api) {
  const std::int64_t number = call.number("number");
  const Document document = load(call, api);
  const auto noted = [&] { api.reads.downloaded(call.who, document.id, "attachment " + std::to_string(number)); };
  const storage::MailPart known = require_mail_part(api, document, number);
  if (known.hash && send_unchanged(call.http, {"application/octet-stream", known.filename, known.hash->hex()})) {
    return noted();
  }
  require_room_to_unpack(api.services, known.size);
  const core::TempFile file = api.services.renditions.mail_part(document, number);
  // It has a hash now.
  const storage::MailPart part = require_mail_part(api, document, number);
  noted();
  send_download(call.http, file.descriptor(), {"application/octet-stream", part.filename, part.hash.value().hex()});
}

void send_text(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  const std::string etag = "\"" + std::to_string(document.version) + "\"";
  call.http.set_header("ETag", etag);
  call.http.set_header("Cache-Control", "private, no-store");
  call.http.set_header("Content-Security-Policy", "sandbox; default-src 'none'");
  if (call.http.header("If-None-Match") == etag) {
    call.http.send_empty(304);
    return;
  }
  std::string text;
  for (const storage::PageSummary& page : storage::page_summaries(session, document)) {
    if (page.number > 1) text += kFormFeed;
    if (const auto layer = storage::find_page(session, document, page.number)) text += layer->text();
  }
  api.reads.downloaded(call.who, document.id, "text");
  call.http.send(200, "text/plain; charset=utf-8", text);
}

void note_print(Call& call, Api& api) {
  const Document document = load(call, api);
  Fields body = Fields::of(call.http);
  const auto pages = body.numbers("pages");
  body.finish();
  const auto is_page = [&](std::int64_t page) { return page >= 1 && page <= document.page_count; };
  if (pages.empty() || !std::ranges::all_of(pages, is_page)) {
    const std::string right = "must be pages of the document, from 1 to " + std::to_string(document.page_count);
    throw Error(ErrorCode::invalid_argument, "pages " + right, {{"/pages", right}});
  }
  api.reads.printed(call.who, document.id, pages);
  call.http.send_empty(204);
}

void send_picture(Call& call, Api& api, const core::FileDescriptor& picture, std::int64_t document_id) {
  api.reads.viewed(call.who, document_id);
  Download download{"image/webp", "", rendition_etag(picture)};
  download.cacheable = true;
  send_download(call.http, picture, download);
}

void send_page_image(Call& call, Api& api) {
  const auto width = static_cast<std::int32_t>(call.number_query("w", 1240, 16, 4000));
  const std::int64_t page = call.number("page");
  const Document document = load(call, api);
  send_picture(call, api, api.services.renditions.page_image(document, page, width), document.id);
}

Json hits_json(const std::vector<PageHit>& hits) {
  Json all = Json::array();
  for (const PageHit& hit : hits) {
    Json words = Json::array();
    for (const auto& [line, word] : hit) words.push_back(Json::array({line, word}));
    all.push_back(std::move(words));
  }
  return all;
}

storage::PageLayer require_page(storage::Session& session, const Document& document, const Call& call) {
  auto layer = storage::find_page(session, document, call.number("page"));
  if (!layer) throw Error(ErrorCode::not_found, "this document has no such page, or it is not read yet");
  return std::move(*layer);
}

void send_words(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  const storage::PageLayer layer = require_page(session, document, call);
  Json lines = Json::array();
  for (const storage::Line& line : layer.lines) {
    Json words = Json::array();
    for (const storage::Word& word : line.words) {
      words.push_back(
          Json::array({word.box.left, word.box.top, word.box.width, word.box.height, word.text, word.confidence}));
    }
    lines.push_back(std::move(words));
  }
  const std::string query = call.http.query("q").value_or("");
  const auto hits = query.empty() ? std::vector<PageHit>() : api.services.search.hits(query, layer);
  api.reads.viewed(call.who, document.id);
  send_versioned(call.http, 200, document.version,
                 {{"width", layer.width},
                  {"height", layer.height},
                  {"units_per_inch", layer.units_per_inch},
                  {"lines", std::move(lines)},
                  {"hits", hits_json(hits)}});
}

// How many hits each page has, for a part of the document's pages: reading them takes its time.
void send_hits(Call& call, Api& api) {
  const std::int64_t from = call.number_query("from", 1, 1, 1'000'000'000);
  const std::int64_t limit = call.number_query("limit", 200, 1, 200);
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  const std::string query = call.http.query("q").value_or("");
  if (query.empty()) throw Error(ErrorCode::invalid_argument, "q is required", {{"q", "is required"}});
  const std::int64_t end = std::min(document.page_count + 1, from + limit);
  Json items = Json::array();
  for (std::int64_t number = from; number < end; ++number) {
    const auto layer = storage::find_page(session, document, number);
    if (!layer) continue;
    if (const std::size_t hits = api.services.search.hits(query, *layer).size()) {
      items.push_back({{"page", number}, {"hits", hits}});
    }
  }
  api.reads.viewed(call.who, document.id);
  send_json(call.http, 200,
            {{"items", std::move(items)}, {"next_page", end <= document.page_count ? Json(end) : Json()}});
}

Json page_text_json(const storage::PageLayer& layer) {
  return {{"text", layer.text()},
          {"source", storage::text_source_name(layer.source)},
          {"confidence", layer.mean_confidence}};
}

void send_page_text(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  const storage::PageLayer layer = require_page(session, document, call);
  api.reads.viewed(call.who, document.id);
  send_versioned(call.http, 200, document.version, page_text_json(layer));
}

void correct_page_text(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  const std::string text = body.text("text");
  body.finish();
  {
    auto tx = api.services.database.begin(call.who.actor());
    storage::correct_page_text(tx, call.who, call.number("id"), version, call.number("page"), text);
    tx.commit();
  }
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  api.services.renditions.forget_archive(document);
  send_versioned(call.http, 200, document.version, page_text_json(require_page(session, document, call)));
}

void send_pages(Call& call, Api& api) {
  const std::int64_t from = call.number_query("from", 1, 1, INT64_MAX);
  const std::int64_t limit = call.number_query("limit", 50, 1, 200);
  auto session = api.services.database.read();
  Json items = Json::array();
  const Document document = require_document(session, call);
  for (const storage::PageSummary& page : storage::page_summaries(session, document, from, limit)) {
    const bool low = page.source == storage::TextSource::ocr && page.confidence < storage::kLowConfidence;
    items.push_back({{"number", page.number},
                     {"source", storage::text_source_name(page.source)},
                     {"confidence", page.confidence},
                     {"low_confidence", low},
                     {"language", page.language},
                     {"problem", page.problem.empty() ? Json() : Json(page.problem)}});
  }
  send_json(call.http, 200, {{"items", std::move(items)}});
}

void list_fields(Call& call, Api& api) {
  auto session = api.services.database.read();
  const Document document = require_document(session, call);
  Json items = Json::array();
  for (const storage::DocumentField& field : storage::document_fields(session, document.id)) {
    items.push_back({{"kind", storage::field_kind_name(field.kind)},
                     {"value", field.value},
                     {"text", field.text},
                     {"page", field.page},
                     {"box", {field.box.left, field.box.top, field.box.width, field.box.height}}});
  }
  api.reads.viewed(call.who, document.id);
  send_json(call.http, 200, {{"items", std::move(items)}});
}

}  // namespace

void add_document_content(Router& router, Api& api) {
  const std::string document = "/api/v1/documents/{id}";
  const std::string page = document + "/pages/{page}";
  const auto add = [&](const std::string& pattern, void (*handler)(Call&, Api&)) {
    router.add("GET", pattern, Permission::read_documents, [&api, handler](Call& call) { handler(call, api); });
  };
  add(document + "/original", send_document_original);
  add(document + "/archive", send_archive);
  add(document + "/attachments/{number}", send_mail_part);
  add(document + "/text", send_text);
  add(document + "/pages", send_pages);
  add(document + "/hits", send_hits);
  add(document + "/fields", list_fields);
  add(page + "/image", send_page_image);
  add(page + "/words", send_words);
  add(page + "/text", send_page_text);
  router.add("GET", document + "/thumbnail", Permission::read_documents, [&api](Call& call) {
    const Document found = load(call, api);
    send_picture(call, api, api.services.renditions.thumbnail(found), found.id);
  });
  router.add("POST", document + "/prints", Permission::read_documents, [&api](Call& call) { note_print(call, api); });
  router.add("PUT", page + "/text", Permission::edit_documents, [&api](Call& call) { correct_page_text(call, api); });
}

}  // namespace muniment::webui::api
