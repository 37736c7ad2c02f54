// Documents: list and search, bring in, look at, change, throw away.
#include <algorithm>
#include <array>
#include <functional>

#include "core/error.h"
#include "core/text.h"
#include "webui/api/api.h"
#include "webui/arrival.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using storage::Document;
using storage::Permission;

namespace {

constexpr std::array<std::string_view, 6> kFacets = {"type", "tag", "correspondent", "year", "language", "class"};
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
                  {{"facets", "may name type, tag, correspondent, year, language and class"}});
    }
    facets.emplace_back(name);
  }
  return facets;
}

std::vector<SearchFilter> filters_of(const Call& call) {
  std::vector<SearchFilter> filters;
  for (const auto& [name, ignored] : call.http.queries()) {
    if (!name.starts_with("f.")) continue;
    if (std::find(kFilters.begin(), kFilters.end(), std::string_view(name).substr(2)) == kFilters.end()) {
      throw Error(ErrorCode::invalid_argument, "there is no filter " + name,
                  {{name, "may be f.type, f.tag, f.correspondent, f.year, f.language, f.class, f.folder or f.state"}});
    }
  }
  for (const std::string_view field : kFilters) {
    SearchFilter filter{std::string(field), {}, {}};
    for (const std::string& value : call.http.query_all("f." + filter.field)) {
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
  Json items = Json::array();
  std::size_t at = 0;
  for (const Document& document : storage::load_documents(session, who, ids)) {
    while (hits[at].id != document.id) ++at;
    items.push_back(view.item(document, hits[at].snippets));
  }
  return items;
}

void list_documents(Call& call, Api& api) {
  const Window window = window_of(call);
  SearchRequest request;
  request.query = call.http.query("q").value_or("");
  request.order = order_of(call);
  request.filters = filters_of(call);
  request.facets = facets_of(call);
  request.snippets = call.http.query("hl") != "0";
  request.offset = window.offset;
  request.limit = window.limit;
  const SearchResult result = api.services.search.search(call.who, request);
  if (api.options.audit_searches && !request.query.empty() && window.offset == 0) {
    api.reads.searched(call.who, request.query);
  }
  const bool more = static_cast<std::int64_t>(window.offset + window.limit) < result.total && !result.hits.empty();
  auto session = api.services.database.read();
  send_json(call.http, 200,
            {{"items", items_json(session, call.who, result.hits)},
             {"next", next_cursor(call, window, more)},
             {"total", result.total},
             {"total_exact", result.total_exact},
             {"facets", facets_json(result)},
             {"did_you_mean", nullable(result.did_you_mean)},
             {"query_echo", echo_json(result)}});
}

void add_document(Call& call, Api& api) {
  ArrivalFields fields;
  const FormFile form = receive_form(api.services, call,
                                     [&](std::string_view name, std::string_view value) { fields.take(name, value); });
  fields.set_filename(form.filename);
  const ingest::Receipt receipt = accept_file(api.services, call, fields, form.file.path());
  auto session = api.services.database.read();
  send_receipt(call, session, receipt);
}

void change_document(Call& call, Api& api) {
  const std::int64_t id = call.number("id");
  const std::int64_t version = call.expected_version();
  Fields body = Fields::of(call.http);
  storage::DocumentChange change;
  change.title = body.maybe_text("title");
  change.date = body.nullable_date("document_date");
  change.type_id = body.nullable_number("type");
  change.correspondent_id = body.nullable_number("correspondent");
  if (body.has("tags")) change.tag_ids = body.numbers("tags");
  change.language = body.maybe_text("language");
  change.class_id = body.nullable_number("class");
  change.folder_id = body.nullable_number("folder");
  if (body.has("custom_fields")) {
    for (Fields& field : body.objects("custom_fields")) {
      std::string key = field.text("key");
      change.custom_fields.emplace_back(std::move(key), field.nullable_text("value").value_or(std::nullopt));
      field.finish();
    }
  }
  body.finish();
  bool read_again = false;
  {
    auto tx = api.services.database.begin(call.who.actor());
    const Document before = require_document(tx, call);
    if (change.class_id || change.folder_id) {
      require_may_file_in(tx, call.who, change.folder_id.value_or(before.folder_id),
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
  if (document.version != version) {
    throw Error(ErrorCode::stale, "somebody else has changed this document; look at it again");
  }
  storage::trash_document(tx, call.who, document.id);
  tx.commit();
  call.http.send_empty(204);
}

// The window's part of the documents of these filters, one after the other.
void send_documents(Call& call, Api& api, const std::vector<storage::DocumentFilter>& filters,
                    const std::function<Json(DocumentView&, const Document&)>& to_json) {
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
    for (const std::int64_t id : page.ids) {
      if (items.size() == window.limit) break;
      if (const auto document = storage::find_document(session, call.who, id))
        items.push_back(to_json(view, *document));
    }
  }
  const bool more = static_cast<std::int64_t>(window.offset + window.limit) < total;
  send_list(call, window, std::move(items), more, total);
}

void list_quarantine(Call& call, Api& api) {
  storage::DocumentFilter unreadable, locked;
  unreadable.state = storage::DocumentState::quarantined;
  locked.state = storage::DocumentState::needs_password;
  send_documents(call, api, {unreadable, locked}, [](DocumentView& view, const Document& document) {
    Json item = view.item(document);
    const Json problem = item["problem"];
    return Json{{"document", std::move(item)}, {"problem", problem}, {"since", core::to_rfc3339(document.added_at)}};
  });
}

}  // namespace

void add_documents(Router& router, Api& api) {
  router.add("GET", "/api/v1/documents", Permission::read_documents, [&api](Call& call) { list_documents(call, api); });
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
  router.add("GET", "/api/v1/documents/{id}/similar", Permission::read_documents, [&api](Call& call) {
    const auto limit = static_cast<std::size_t>(call.number_query("limit", 50, 1, 200));
    auto session = api.services.database.read();
    const Document document = require_document(session, call);
    std::vector<SearchHit> hits;
    for (const std::int64_t id : api.services.search.similar(call.who, document.id, limit)) hits.push_back({id, {}});
    send_json(call.http, 200, {{"items", items_json(session, call.who, hits)}});
  });
  router.add("GET", "/api/v1/quarantine", Permission::read_documents,
             [&api](Call& call) { list_quarantine(call, api); });
  router.add("GET", "/api/v1/replaced", Permission::read_documents, [&api](Call& call) {
    storage::DocumentFilter filter;
    filter.replaced = true;
    send_documents(call, api, {filter},
                   [](DocumentView& view, const Document& document) { return view.item(document); });
  });
  router.add("GET", "/api/v1/trash", Permission::read_documents, [&api](Call& call) {
    storage::DocumentFilter filter;
    filter.trashed = true;
    send_documents(call, api, {filter},
                   [](DocumentView& view, const Document& document) { return view.item(document); });
  });
}

}  // namespace muniment::webui::api
