#include <algorithm>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "records/file_plan.h"
#include "storage/accounts.h"
#include "storage/levels.h"
#include "storage/roles.h"
#include "webui/api/list_csv.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Permission;

namespace {

std::string scope_of(const Call& call) {
  std::string scope = call.http.path();
  for (const auto& [name, value] : call.http.queries()) {
    if (name != "cursor" && name != "limit") scope += '\0' + name + '\0' + value;
  }
  return scope;
}

// Proxies have little room for headers; a query of that length is paged by "next" of the body alone.
constexpr std::size_t kLongestLinks = 2000;
// RFC 3986: reserved, unreserved, and what is encoded already.
constexpr std::string_view kInUrls = "-._~:/?#[]@!$&'()*+,;=%";

std::string check_of(const Call& call, std::size_t offset) {
  return core::Sha256::of(scope_of(call) + '\0' + std::to_string(offset)).hex().substr(0, 16);
}

std::string cursor_of(const Call& call, std::size_t offset) {
  const std::string text = std::to_string(offset) + "." + check_of(call, offset);
  return core::to_base64url(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace

storage::Account own_account(Call& call, Api& api) {
  auto session = api.services.database.read();
  auto account = storage::find_account(session, call.who.account_id);
  if (!account) throw Error(ErrorCode::not_found, "the owner of the data directory has no account");
  return std::move(*account);
}

void send_json(Exchange& http, int status, const Json& body) {
  http.set_header("Cache-Control", "private, no-store");
  http.send(status, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void send_versioned(Exchange& http, int status, std::int64_t version, const Json& body) {
  const std::string etag = entity_tag(version);
  if (http.method() == "GET" && http.header("If-None-Match") == etag) {
    http.set_header("ETag", etag);
    http.send_empty(304);
    return;
  }
  send_as_of_now(http, status, version, body);
}

void send_as_of_now(Exchange& http, int status, std::int64_t version, const Json& body) {
  http.set_header("ETag", entity_tag(version));
  send_json(http, status, body);
}

void send_attachment(Exchange& http, const std::string& content_type, const std::string& filename,
                     std::string_view bytes) {
  http.set_header("Cache-Control", "private, no-store");
  http.set_header("Content-Disposition", "attachment; filename=\"" + filename + "\"");
  http.send(200, content_type, bytes);
}

void send_created(Exchange& http, const std::string& location, std::int64_t version, const Json& body) {
  http.set_header("Location", location);
  send_versioned(http, 201, version, body);
}

void send_job(Exchange& http, std::int64_t job) {
  http.set_header("Location", "/api/v1/jobs/" + std::to_string(job));
  send_json(http, 202, {{"job", job}});
}

Json time_json(const std::optional<core::Time>& time) {
  return time ? Json(core::to_rfc3339(*time)) : Json();
}

Json named_json(std::int64_t id, std::string_view name) {
  return {{"id", id}, {"name", name}};
}

Json entry_json(const std::optional<storage::NamedEntry>& entry) {
  return entry ? named_json(entry->id, entry->name) : Json();
}

Json entry_json(storage::Session& session, storage::Vocabulary vocabulary, std::optional<std::int64_t> id) {
  return entry_json(id ? storage::find_name(session, vocabulary, *id) : std::nullopt);
}

Json person_json(std::int64_t account_id, std::string_view name) {
  return account_id > 0 ? named_json(account_id, name) : Json();
}

Json job_json(storage::Session& session, const storage::Principal& who, const storage::Job& job) {
  Json problem, result, title;
  if (!job.problem_code.empty()) problem = {{"code", job.problem_code}, {"detail", job.problem}};
  if (!job.result.empty()) result = Json::parse(job.result);
  if (job.document_id) {
    if (const auto document = storage::find_document(session, who, *job.document_id)) title = document->title;
  }
  return {{"id", job.id},
          {"kind", job.kind},
          {"state", storage::job_state_name(job.state)},
          {"stage", job.stage},
          {"page", job.page},
          {"pages", job.pages},
          {"document", nullable(job.document_id)},
          {"title", title},
          {"attempt", job.attempt},
          {"created_at", core::to_rfc3339(job.created_at)},
          {"finished_at", time_json(job.finished_at)},
          {"result", result},
          {"problem", problem}};
}

Json level_json(storage::Session& session, std::int64_t number) {
  const auto level = storage::find_level(session, number);
  return {{"number", number}, {"name", level ? level->name : ""}};
}

Json access_list_of_json(storage::Session& session, std::optional<std::int64_t> own, std::int64_t effective) {
  const auto list = storage::find_access_list(session, effective);
  return {{"id", effective},
          {"name", list ? list->name : ""},
          {"inherited", !own.has_value()},
          {"level", level_json(session, list ? list->level : 0)}};
}

storage::Document require_document(storage::Session& session, const Call& call) {
  auto document = storage::find_document(session, call.who, call.number("id"));
  if (!document) throw Error(ErrorCode::not_found, "there is no document " + call.text("id"));
  return std::move(*document);
}

std::vector<std::pair<std::string, std::optional<std::string>>> custom_fields_of(Fields& body) {
  std::vector<std::pair<std::string, std::optional<std::string>>> values;
  if (!body.has("custom_fields")) return values;
  for (Fields& field : body.objects("custom_fields")) {
    std::string key = field.text("key");
    values.emplace_back(std::move(key), field.nullable_text("value").value_or(std::nullopt));
    field.finish();
  }
  return values;
}

Json preset_filing_json(storage::Session& session, const storage::Principal& who, const storage::PresetFiling& filing) {
  using storage::Vocabulary;
  Json tags = Json::array();
  for (const std::int64_t tag : filing.tag_ids) tags.push_back(entry_json(session, Vocabulary::tag, tag));
  const auto place = filing.class_id ? records::find_class(session, *filing.class_id) : std::nullopt;
  const auto folder = filing.folder_id ? records::find_folder(session, *filing.folder_id) : std::nullopt;
  const bool is_readable =
      folder && who.may_read(storage::inherited_access_list(session, folder->id, folder->class_id));
  return {{"type", entry_json(session, Vocabulary::type, filing.type_id)},
          {"correspondent", entry_json(session, Vocabulary::correspondent, filing.correspondent_id)},
          {"tags", std::move(tags)},
          {"class", place ? named_json(place->id, place->code + " " + place->title) : Json()},
          {"file_folder", folder ? named_json(folder->id, is_readable ? folder->title : "") : Json()}};
}

void take_preset_filing(Fields& body, storage::PresetFiling& filing) {
  if (const auto id = body.nullable_number("type_id")) filing.type_id = *id;
  if (const auto id = body.nullable_number("correspondent_id")) filing.correspondent_id = *id;
  if (body.has("tag_ids")) filing.tag_ids = body.numbers("tag_ids");
  if (const auto id = body.nullable_number("class_id")) filing.class_id = *id;
  if (const auto id = body.nullable_number("folder_id")) filing.folder_id = *id;
}

Window window_of(const Call& call) {
  Window window;
  if (wants_csv(call)) {
    window.limit = kMostInCsv;
    return window;
  }
  window.limit = static_cast<std::size_t>(call.number_query("limit", 50, 1, kMostListed));
  const auto cursor = call.http.query("cursor");
  if (!cursor) return window;
  if (const auto bytes = core::from_base64url(*cursor)) {
    const std::string text(bytes->begin(), bytes->end());
    const auto dot = text.find('.');
    const auto offset = core::parse_integer(std::string_view(text).substr(0, dot));
    if (dot != std::string::npos && offset && *offset >= 0 &&
        text.substr(dot + 1) == check_of(call, static_cast<std::size_t>(*offset))) {
      window.offset = static_cast<std::size_t>(*offset);
      return window;
    }
  }
  throw Error(ErrorCode::cursor_invalid, "this cursor does not go with this query; begin the list anew",
              {{"cursor", "take it from \"next\" of the answer to the same query"}});
}

Json link_pages(Call& call, const Window& window, bool more) {
  std::vector<std::string> links;
  Json next;
  if (more) {
    next = cursor_of(call, window.offset + window.limit);
    links.push_back(link_to(call.http, "next", "cursor", next.get<std::string>()));
  }
  if (window.offset > 0 && window.limit > 0) {
    const std::size_t before = window.offset - std::min(window.offset, window.limit);
    links.push_back(link_to(call.http, "prev", "cursor", before > 0 ? cursor_of(call, before) : ""));
  }
  send_links(call.http, links);
  return next;
}

void send_links(Exchange& http, const std::vector<std::string>& links) {
  const std::string all = core::joined(links, ", ");
  if (!all.empty() && all.size() <= kLongestLinks) http.set_header("Link", all);
}

std::string link_to(const Exchange& http, std::string_view relation, std::string_view parameter,
                    const std::string& value) {
  const std::string& target = http.target();
  const auto mark = target.find('?');
  std::vector<std::string> pairs;
  if (mark != std::string::npos) {
    for (const std::string_view pair : core::split(std::string_view(target).substr(mark + 1), '&')) {
      if (!pair.empty() && percent_decoded(pair.substr(0, pair.find('=')), true) != parameter) pairs.emplace_back(pair);
    }
  }
  if (!value.empty()) pairs.push_back(std::string(parameter) + "=" + value);
  std::string reference = target.substr(0, mark);
  if (!pairs.empty()) reference += "?" + core::joined(pairs, "&");
  return "<" + percent_encoded(reference, kInUrls) + ">; rel=\"" + std::string(relation) + "\"";
}

void send_items(Call& call, Json items) {
  if (wants_csv(call)) return send_list_csv(call, items, false);
  send_json(call.http, 200, {{"items", std::move(items)}});
}

void send_list(Call& call, const Window& window, Json items, bool more, std::int64_t total, bool exact) {
  if (wants_csv(call)) return send_list_csv(call, items, more);
  send_json(call.http, 200,
            {{"items", std::move(items)},
             {"next", link_pages(call, window, more)},
             {"total", total},
             {"total_exact", exact}});
}

bool matches_q(const Call& call, std::string_view name) {
  const auto part = call.http.query("q");
  return !part || core::fold_case(name).find(core::fold_case(*part)) != std::string::npos;
}

}  // namespace muniment::webui::api
