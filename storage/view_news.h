// New documents, for those who follow saved views (storage/notifications.h). Which documents a view finds is for the
// search index to say, so whoever has both holds these documents against those views: webui/view_news.h.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/database.h"

namespace muniment::storage {

struct FollowedView {
  std::int64_t account_id = 0;
  std::int64_t view_id = 0;
  std::int64_t newest = 0;  // only documents with higher numbers are news to them
};
std::vector<FollowedView> followed_views(Session& session);

// A document of which the index has learnt something new.
struct ViewCandidate {
  std::int64_t document_id = 0;
  std::int64_t sequence = 0;
};
// The oldest first; none that the index is about to learn something new of.
std::vector<ViewCandidate> view_candidates(Session& session, std::size_t limit);

// Tells the follower once, if they may read the document and did not take it in themselves.
void tell_of_match(Transaction& tx, const FollowedView& view, std::int64_t document_id);
// Forgets them, but for those of which the index has learnt something new again.
void forget_view_candidates(Transaction& tx, const std::vector<ViewCandidate>& candidates);

}  // namespace muniment::storage
