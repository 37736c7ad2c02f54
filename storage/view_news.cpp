#include "storage/view_news.h"

#include "storage/access.h"
#include "storage/documents.h"
#include "storage/notifications.h"

namespace muniment::storage {

std::vector<FollowedView> followed_views(Session& session) {
  std::vector<FollowedView> views;
  for (const auto& [account, view, newest] : session.rows<std::int64_t, std::int64_t, std::int64_t>(
           "SELECT account_id, view_id, newest FROM view_subscription ORDER BY account_id, view_id")) {
    views.push_back({account, view, newest});
  }
  return views;
}

std::vector<ViewCandidate> view_candidates(Session& session, std::size_t limit) {
  std::vector<ViewCandidate> candidates;
  for (const auto& [document, sequence] : session.rows<std::int64_t, std::int64_t>(
           "SELECT document_id, sequence FROM view_candidate c WHERE NOT EXISTS (SELECT 1 FROM index_queue q WHERE "
           "q.document_id = c.document_id) ORDER BY document_id LIMIT $1",
           limit)) {
    candidates.push_back({document, sequence});
  }
  return candidates;
}

void tell_of_match(Transaction& tx, const FollowedView& view, std::int64_t document_id) {
  const auto who = load_principal(tx, view.account_id, "");
  const auto document = who ? find_document(tx, *who, document_id) : std::nullopt;
  if (!document || document->trashed_at) return;
  const auto added_by =
      tx.value<std::int64_t>("SELECT coalesce(added_by, 0) FROM document WHERE id = $1", document_id).value();
  if (added_by == view.account_id) return;
  // Nothing when they do not follow it any more.
  const std::int64_t told = tx.execute(
      "INSERT INTO view_told (account_id, view_id, document_id) SELECT account_id, view_id, $1 FROM view_subscription "
      "WHERE account_id = $2 AND view_id = $3 ON CONFLICT DO NOTHING",
      document_id, view.account_id, view.view_id);
  if (told == 0) return;
  tx.insert(
      "INSERT INTO notification (account_id, kind, document_id, view_id, fields, made_by, at) VALUES ($1, $2, $3, $4, "
      "'', $5, $6)",
      view.account_id, notification_kind_name(NotificationKind::in_view), document_id, view.view_id, added_by,
      tx.now());
}

void forget_view_candidates(Transaction& tx, const std::vector<ViewCandidate>& candidates) {
  for (const auto& [document, sequence] : candidates) {
    tx.execute("DELETE FROM view_candidate WHERE document_id = $1 AND sequence = $2", document, sequence);
  }
}

}  // namespace muniment::storage
