#include "webui/view_news.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/error.h"
#include "storage/saved_views.h"
#include "storage/view_news.h"
#include "webui/exchange.h"

namespace muniment::webui {

using storage::FollowedView;
using storage::ViewCandidate;

namespace {

constexpr std::size_t kDocumentsAtOnce = 200;

struct Follower {
  FollowedView view;
  storage::Principal who;
  SearchRequest request;
};

SearchFilter& filter_of(SearchRequest& request, std::string_view field) {
  const auto found = std::ranges::find(request.filters, field, &SearchFilter::field);
  if (found != request.filters.end()) return *found;
  return request.filters.emplace_back(SearchFilter{std::string(field), {}, {}});
}

// Of the list's address, as the page writes it: q=rent&f.tag=12&x.type=3. Empty for a list that no search gives.
std::optional<SearchRequest> request_of(std::string_view parameters) {
  SearchRequest request;
  for (const auto& [name, value] : parse_query(parameters)) {
    if (name == "like") return std::nullopt;
    if (name == "q") request.query = value;
    if (name.starts_with("f.") && value.starts_with('-')) {
      filter_of(request, name.substr(2)).excluded.push_back(value.substr(1));
    } else if (name.starts_with("f.")) {
      filter_of(request, name.substr(2)).included.push_back(value);
    } else if (name.starts_with("x.")) {
      filter_of(request, name.substr(2)).excluded.push_back(value);
    }
  }
  request.snippets = false;
  request.limit = 1;
  return request;
}

std::vector<Follower> followers_of(storage::Session& session) {
  std::vector<Follower> followers;
  for (const FollowedView& followed : storage::followed_views(session)) {
    auto who = storage::load_principal(session, followed.account_id, "");
    const auto view = who ? storage::find_saved_view(session, *who, followed.view_id) : std::nullopt;
    auto request = view ? request_of(view->terms.parameters) : std::nullopt;
    if (request) followers.push_back({followed, std::move(*who), std::move(*request)});
  }
  return followers;
}

bool finds(Search& search, const Follower& follower, std::int64_t document_id) {
  SearchRequest request = follower.request;
  request.query = "id:" + std::to_string(document_id);
  // As a part of a longer query, all of its words are demanded.
  if (!follower.request.query.empty()) request.query += " AND (" + follower.request.query + ")";
  const SearchResult result = search.search(follower.who, request);
  return !result.hits.empty() && result.hits.front().id == document_id;
}

}  // namespace

bool tell_of_new_in_views(storage::Database& database, Search& search) {
  std::vector<ViewCandidate> candidates;
  std::vector<Follower> followers;
  {
    auto session = database.read();
    candidates = storage::view_candidates(session, kDocumentsAtOnce);
    if (candidates.empty()) return false;
    followers = followers_of(session);
  }
  std::vector<std::pair<FollowedView, std::int64_t>> found;
  for (const Follower& follower : followers) {
    try {
      for (const ViewCandidate& candidate : candidates) {
        if (candidate.document_id <= follower.view.newest) continue;
        if (finds(search, follower, candidate.document_id)) found.emplace_back(follower.view, candidate.document_id);
      }
    } catch (const core::Error& error) {
      // An address that asks for what there is not finds nothing, and must not keep the others' news back.
      if (error.code() != core::ErrorCode::invalid_argument) throw;
    }
  }
  auto tx = database.begin(storage::Actor::system("notifications"));
  for (const auto& [view, document] : found) storage::tell_of_match(tx, view, document);
  storage::forget_view_candidates(tx, candidates);
  tx.commit();
  return candidates.size() == kDocumentsAtOnce;
}

}  // namespace muniment::webui
