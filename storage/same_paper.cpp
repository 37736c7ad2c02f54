#include "storage/same_paper.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

void store_paper_sketch(Transaction& tx, std::int64_t document_id, const std::vector<std::uint32_t>& sketch) {
  tx.execute("DELETE FROM paper_sketch WHERE document_id = $1", document_id);
  std::int64_t band = 0;
  for (const std::uint32_t hash : sketch) {
    tx.execute("INSERT INTO paper_sketch (document_id, band, hash) VALUES ($1, $2, $3)", document_id, band++, hash);
  }
}

std::vector<Document> sketch_neighbours(Session& session, const Principal& who, const Document& document,
                                        std::size_t limit) {
  std::vector<Document> neighbours;
  for (const auto& [id] : session.rows<std::int64_t>(
           "SELECT other.document_id FROM paper_sketch own JOIN paper_sketch other ON other.band = own.band "
           "AND other.hash = own.hash JOIN document d ON d.id = other.document_id WHERE own.document_id = $1 "
           "AND other.document_id <> own.document_id AND d.page_count = $2 AND d.trashed_at IS NULL "
           "AND d.replaced_at IS NULL AND d.withdrawn_at IS NULL AND " +
               readable("+d.access_list_id", 3) +
               " "
               "AND NOT EXISTS (SELECT 1 FROM kept_scan WHERE one_id = min(d.id, own.document_id) "
               "AND other_id = max(d.id, own.document_id)) "
               "GROUP BY other.document_id ORDER BY count(*) DESC, other.document_id LIMIT $5",
           document.id, document.page_count, who.account_id, who.day, limit)) {
    if (auto found = find_document(session, who, id)) neighbours.push_back(std::move(*found));
  }
  return neighbours;
}

void keep_both_scans(Transaction& tx, const Principal& who, std::int64_t document_id, std::int64_t other_id) {
  if (document_id == other_id || !may_read_document(tx, who, other_id)) {
    throw Error(ErrorCode::not_found, "there are no two such documents");
  }
  changeable_document(tx, who, document_id);
  const std::int64_t added =
      tx.execute("INSERT INTO kept_scan (one_id, other_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                 std::min(document_id, other_id), std::max(document_id, other_id));
  if (added == 0) return;
  tx.audit({"document.kept_beside", "document", document_id, "", nlohmann::ordered_json{{"other", other_id}}.dump()});
}

}  // namespace muniment::storage
