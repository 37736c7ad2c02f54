#include "storage/statistics.h"

namespace muniment::storage {

ArchiveCounts count_archive(Session& session) {
  ArchiveCounts counts;
  for (const auto& [state, trashed, documents, pages] : session.rows<std::string, bool, std::int64_t, std::int64_t>(
           "SELECT state, trashed_at IS NOT NULL, count(*), sum(page_count) FROM document WHERE withdrawn_at IS NULL "
           "AND replaced_at IS NULL GROUP BY 1, 2")) {
    if (trashed) {
      counts.in_trash += documents;
    } else {
      counts.documents += documents;
      counts.by_state[state] = documents;
      counts.pages += pages;
    }
  }
  const auto blobs = session.row<std::int64_t, std::int64_t>("SELECT count(*), coalesce(sum(size), 0) FROM blob");
  counts.blobs = std::get<0>(*blobs);
  counts.blob_bytes = std::get<1>(*blobs);
  counts.accounts = session.value<std::int64_t>("SELECT count(*) FROM account").value();
  return counts;
}

}  // namespace muniment::storage
