// Lists of documents: searching, the same as a file, what is like a document, quarantine and trash.
#include <algorithm>
#include <array>
#include <functional>

#include "core/csv.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/audit.h"
#include "storage/custom_fields.h"
#include "webui/api/list_csv.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Permission;

namespace {

constexpr std::size_t kLoadedAtOnce = 500;
constexpr std::array<std::string_view, 7> kFacets = {"type",  "tag",      "correspondent", "year",
                                                     "month", "language", "class"};
constexpr std::array<std::string_view, 8> kFilters = {"type",     "tag",   "correspondent", "year",
                                                      "language", "class", "folder",        "state"};

SearchOrder order_of(const Call& call) {
  const std::string name = call.http.query("sort").value_or("relevance");
  if (name == "relevance") return SearchOrder::relevance;
  if (name == "-added") return SearchOrder::newest_first;
  if (name == "added") return SearchOrder::oldest_first;
  if (name == "-date") return SearchOrder::date_newest_first;
  if (name == "date") return SearchOrder::date_oldest_first;
  if (name == "title") return SearchOrder::title;
  if (name == "-title") return SearchOrder::title_backwards;
  throw Error(ErrorCode::invalid_argument, "there is no order " + name,
              {{"sort", "must be relevance, -added, added, -date, date, title or -title"}});
}

std::vector<std::string> facets_of(const Call& call) {
  std::vector<std::string> facets;
  const auto asked = call.http.query("facets");
  if (!asked || asked->empty()) return facets;
  for (const std::string_view name : core::split(*asked, ',')) {
    if (std::find(kFacets.begin(), kFacets.end(), name) == kFacets.end()) {
      throw Error(ErrorCode::invalid_argument, "there is no facet " + std::string(name),
                  {{"facets", "may name type, tag, correspondent, year, month, language and class"}});
    }
    facets.emplace_back(name);
  }
  return facets;
}

// A value that nothing has finds nothing; one that nothing could have was meant for something else.
void require_filter_value(std::string_view field, std::string_view value) {
  constexpr std::array<std::string_view, 5> kByIdentifier = {"type", "tag", "correspondent", "class", "folder"};
  const std::int64_t number = core::parse_integer(value).value_or(0);
  const std::string name = "f." + std::string(field);
  if (field == "year" && (number < 1 || number > 9999)) {
    throw Error(ErrorCode::invalid_argument, name + " must be a year, 1 to 9999",
                {{name, "must be a year, 1 to 9999"}});
  }
  if (std::ranges::find(kByIdentifier, field) == kByIdentifier.end() || number > 0) return;
  throw Error(ErrorCode::invalid_argument, name + " must be an identifier, a whole number from 1",
              {{name, "must be an identifier, a whole number from 1"}});
}

std::vector<SearchFilter> filters_of(const Call& call) {
  std::vector<SearchFilter> filters;
  for (const std::string_view field : kFilters) {
    SearchFilter filter{std::string(field), {}, {}};
    for (const std::string& value : call.http.query_all("f." + filter.field)) {
      if (!value.empty()) require_filter_value(field, value.starts_with('-') ? value.substr(1) : value);
      if (value.starts_with('-')) {
        filter.excluded.push_back(value.substr(1));
      } else if (!value.empty()) {
        filter.included.push_back(value);
      }
    }
    if (!filter.included.empty() || !filter.excluded.empty()) filters.push_back(std::move(filter));
  }
  return filters;
}

Json facets_json(const SearchResult& result) {
  Json facets = Json::object();
  for (const auto& [name, values] : result.facets) {
    Json list = Json::array();
    for (const FacetValue& value : values) {
      list.push_back({{"value", value.value}, {"label", value.label}, {"count", value.count}});
    }
    facets[name] = std::move(list);
  }
  return facets;
}

Json echo_json(const SearchResult& result) {
  Json chips = Json::array();
  for (const QueryChip& chip : result.chips) {
    chips.push_back({{"text", chip.text},
                     {"field", chip.field.empty() ? Json() : Json(chip.field)},
                     {"value", chip.value},
                     {"negated", chip.negated}});
  }
  return {{"chips", std::move(chips)}, {"warnings", result.warnings}};
}

// The index may be a moment behind; the catalogue has the last word on what this person may see.
Json items_json(storage::Session& session, const storage::Principal& who, const std::vector<SearchHit>& hits) {
  std::vector<std::int64_t> ids;
  for (const SearchHit& hit : hits) ids.push_back(hit.id);
  DocumentView view(session, who);
  view.prepare(ids);
  Json items = Json::array();
  std::size_t at = 0;
  for (const Document& document : storage::load_documents(session, who, ids)) {
    while (hits[at].id != document.id) ++at;
    Json item = view.item(document, hits[at].snippets);
    // A weight tells how rare a word is among all documents, also those that others may not know of.
    if (who.is_system() && hits[at].score > 0) item["score"] = hits[at].score;
    items.push_back(std::move(item));
  }
  return items;
}

// Of one document; the organisation's own fields last.
std::vector<std::string> csv_fields(storage::Session& session, const storage::Principal& who, const Document& document,
                                    const std::vector<storage::CustomField>& custom) {
  const std::string tags = core::joined(document.tags, "; ", &storage::NamedEntry::name);
  std::vector<std::string> fields{std::to_string(document.id),
                                  document.title,
                                  document.date ? core::to_iso(*document.date) : "",
                                  document.type ? document.type->name : "",
                                  document.correspondent ? document.correspondent->name : "",
                                  std::move(tags),
                                  document.class_code,
                                  document.class_title,
                                  document.folder_title,
                                  document.language,
                                  std::string(storage::state_name(document.state)),
                                  document.is_record ? "yes" : "no",
                                  std::to_string(document.page_count),
                                  document.components.empty() ? "" : document.components.front().filename,
                                  document.components.empty() ? "" : document.components.front().hash.hex(),
                                  document.barcode,
                                  core::to_rfc3339(document.added_at),
                                  document.added_by_name};
  if (custom.empty()) return fields;
  const auto values = storage::custom_values(session, who, document, custom);
  for (const storage::CustomField& field : custom) {
    const auto found = std::ranges::find(values, field.key, [](const auto& value) { return value.field.key; });
    fields.push_back(found == values.end() ? "" : found->shown);
  }
  return fields;
}

void send_documents_csv(Call& call, Api& api) {
  SearchRequest request = request_of(call);
  request.snippets = false;
  request.limit = kMostInCsv + 1;
  const SearchResult result = api.services.search.search(call.who, request);
  if (result.hits.size() > kMostInCsv) {
    throw Error(ErrorCode::too_large, "these are more than 100000 documents; narrow the list down");
  }
  if (api.options.audit_searches && !request.query.empty()) api.reads.searched(call.who, request.query);
  auto session = api.services.database.read();
  const auto custom = storage::list_custom_fields(session);
  std::vector<std::string> head{"id",    "title",       "date",   "type",     "correspondent", "tags",
                                "class", "class_title", "folder", "language", "state",         "record",
                                "pages", "filename",    "sha256", "barcode",  "added_at",      "added_by"};
  for (const storage::CustomField& field : custom) head.push_back(field.key);
  std::string csv = core::csv_line(head);
  for (std::size_t at = 0; at < result.hits.size(); at += kLoadedAtOnce) {
    std::vector<std::int64_t> ids;
    for (std::size_t i = at; i < std::min(at + kLoadedAtOnce, result.hits.size()); ++i) {
      ids.push_back(result.hits[i].id);
    }
    for (const Document& document : storage::load_documents(session, call.who, ids)) {
      csv += core::csv_line(csv_fields(session, call.who, document, custom));
    }
  }
  send_attachment(call.http, "text/csv; charset=utf-8", "documents.csv", csv);
}

void list_documents(Call& call, Api& api) {
  if (wants_csv(call)) return send_documents_csv(call, api);
  const Window window = window_of(call);
  SearchRequest request = request_of(call);
  request.facets = facets_of(call);
  request.snippets = call.http.query("hl") != "0";
  request.offset = window.offset;
  request.limit = window.limit;
  const SearchResult result = api.services.search.search(call.who, request);
  if (api.options.audit_searches && !request.query.empty() && window.offset == 0) {
    api.reads.searched(call.who, request.query);
  }
  if (std::any_of(result.hits.begin(), result.hits.end(), [](const SearchHit& hit) { return !hit.snippets.empty(); })) {
    api.reads.snippets_shown(call.who);
  }
  const bool more = static_cast<std::int64_t>(window.offset + window.limit) < result.total && !result.hits.empty();
  auto session = api.services.database.read();
  Json items = items_json(session, call.who, result.hits);
  // What could be read no longer when it was to be shown has been counted.
  const bool total_exact = result.total_exact && items.size() == result.hits.size();
  send_json(call.http, 200,
            {{"items", std::move(items)},
             {"next", link_pages(call, window, more)},
             {"total", result.total},
             {"total_exact", total_exact},
             {"facets", facets_json(result)},
             {"did_you_mean", nullable(result.did_you_mean)},
             {"query_echo", echo_json(result)}});
}

// The window's part of the documents of these filters, one after the other.
void send_documents(Call& call, Api& api, const std::vector<storage::DocumentFilter>& filters,
                    const std::function<Json(storage::Session&, DocumentView&, const Document&)>& to_json) {
  const Window window = window_of(call);
  auto session = api.services.database.read();
  DocumentView view(session, call.who);
  Json items = Json::array();
  std::size_t skip = window.offset;
  std::int64_t total = 0;
  for (const storage::DocumentFilter& filter : filters) {
    const std::size_t wanted = window.limit - items.size();
    const auto page = storage::list_documents(session, call.who, filter, storage::DocumentOrder::newest_first, skip,
                                              std::max<std::size_t>(wanted, 1));
    total += page.total;
    skip -= std::min(skip, static_cast<std::size_t>(page.total));
    view.prepare(page.ids);
    for (const std::int64_t id : page.ids) {
      if (items.size() == window.limit) break;
      if (const auto document = storage::find_document(session, call.who, id))
        items.push_back(to_json(session, view, *document));
    }
  }
  const bool more = static_cast<std::int64_t>(window.offset + window.limit) < total;
  send_list(call, window, std::move(items), more, total);
}

void list_quarantine(Call& call, Api& api) {
  storage::DocumentFilter unreadable, locked;
  unreadable.state = storage::DocumentState::quarantined;
  locked.state = storage::DocumentState::needs_password;
  send_documents(
      call, api, {unreadable, locked}, [](storage::Session& session, DocumentView& view, const Document& document) {
        Json item = view.item(document);
        const Json problem = item["problem"];
        return Json{
            {"document", std::move(item)},
            {"problem", problem},
            {"since", core::to_rfc3339(storage::set_aside_at(session, document.id).value_or(document.added_at))}};
      });
}

}  // namespace

SearchRequest request_of(const Call& call) {
  SearchRequest request;
  request.query = call.http.query("q").value_or("");
  request.order = order_of(call);
  request.filters = filters_of(call);
  return request;
}

std::vector<std::int64_t> found_by(const Call& call, Api& api, SearchRequest request, std::size_t most) {
  request.snippets = false;
  request.limit = most + 1;
  std::vector<std::int64_t> documents;
  for (const SearchHit& hit : api.services.search.search(call.who, request).hits) documents.push_back(hit.id);
  return documents;
}

void add_document_lists(Router& router, Api& api) {
  router.add("GET", "/api/v1/documents", Permission::read_documents, [&api](Call& call) { list_documents(call, api); });
  router.add("GET", "/api/v1/documents.csv", Permission::read_documents,
             [&api](Call& call) { send_documents_csv(call, api); });
  router.add("GET", "/api/v1/documents/{id}/similar", Permission::read_documents, [&api](Call& call) {
    const auto limit = static_cast<std::size_t>(call.number_query("limit", 50, 1, 200));
    auto session = api.services.database.read();
    const Document document = require_document(session, call);
    std::vector<SearchHit> hits;
    for (const std::int64_t id : api.services.search.similar(call.who, document.id, limit)) hits.push_back({id, 0, {}});
    send_json(call.http, 200, {{"items", items_json(session, call.who, hits)}});
  });
  router.add("GET", "/api/v1/quarantine", Permission::read_documents,
             [&api](Call& call) { list_quarantine(call, api); });
  router.add("GET", "/api/v1/replaced", Permission::read_documents, [&api](Call& call) {
    storage::DocumentFilter filter;
    filter.replaced = true;
    send_documents(call, api, {filter},
                   [](storage::Session&, DocumentView& view, const Document& document) { return view.item(document); });
  });
  router.add("GET", "/api/v1/trash", Permission::read_documents, [&api](Call& call) {
    storage::DocumentFilter filter;
    filter.trashed = true;
    send_documents(call, api, {filter},
                   [](storage::Session&, DocumentView& view, const Document& document) { return view.item(document); });
  });
}

}  // namespace muniment::webui::api
