// Help while typing a query; the search itself is the list of documents.
#include "core/error.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

void add_search(Router& router, Api& api) {
  router.add("GET", "/api/v1/suggest", storage::Permission::read_documents, [&api](Call& call) {
    const auto query = call.http.query("q");
    if (!query) throw core::Error(core::ErrorCode::invalid_argument, "q is required", {{"q", "is required"}});
    const auto limit = static_cast<std::size_t>(call.number_query("limit", 50, 1, 200));
    Json items = Json::array();
    for (const Suggestion& suggestion : api.services.search.suggest(call.who, *query, limit)) {
      items.push_back({{"text", suggestion.text}, {"kind", suggestion.kind}});
    }
    send_json(call.http, 200, {{"items", std::move(items)}});
  });
}

}  // namespace muniment::webui::api
