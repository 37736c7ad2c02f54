#include "storage/relations.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/documents.h"
#include "storage/index_queue.h"
#include "storage/internal/document_rows.h"
#include "storage/internal/named_values.h"
#include "storage/page_origins.h"
#include "storage/restrictions.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;

namespace {

constexpr std::array<std::pair<RelationKind, std::string_view>, 4> kRelationKinds = {
    {{RelationKind::answers, "answers"},
     {RelationKind::supersedes, "supersedes"},
     {RelationKind::belongs_to, "belongs_to"},
     {RelationKind::relates_to, "relates_to"}}};

std::string described(RelationKind kind, std::int64_t other_id) {
  return nlohmann::ordered_json{{"kind", relation_kind_name(kind)}, {"document_id", other_id}}.dump();
}

void note_change(Transaction& tx, std::int64_t document_id, std::int64_t other_id) {
  tx.execute("UPDATE document SET version = version + 1 WHERE id = $1", document_id);
  for (const std::int64_t id : {document_id, other_id}) queue_for_indexing(tx, id);
}

}  // namespace

std::string_view relation_kind_name(RelationKind kind) {
  return name_in(kRelationKinds, kind);
}

std::optional<RelationKind> parse_relation_kind(std::string_view name) {
  return value_in(kRelationKinds, name);
}

std::vector<Relation> relations(Session& session, const Principal& who, std::int64_t document_id) {
  std::vector<Relation> found;
  const auto kept = session.rows<std::string, std::int64_t, bool>(
      "SELECT kind, other_id, 0 FROM document_relation WHERE document_id = $1 UNION ALL "
      "SELECT kind, document_id, 1 FROM document_relation WHERE other_id = $1 ORDER BY 1, 3, 2",
      document_id);
  const auto is_related = [&](std::int64_t id) {
    return std::ranges::any_of(kept, [&](const auto& relation) { return std::get<1>(relation) == id; });
  };
  for (const auto& [kind, other_id, reversed] : kept) {
    const auto other = find_document(session, who, other_id);
    if (!other || other->trashed_at) continue;
    // What was made of its pages took the relation over.
    if (other->replaced_at && std::ranges::any_of(documents_made_of(session, who, other_id), is_related)) continue;
    found.push_back({parse_relation_kind(kind).value(), other_id, other->title, reversed});
  }
  return found;
}

void relate(Transaction& tx, const Principal& who, std::int64_t document_id, RelationKind kind, std::int64_t other_id) {
  const Document document = changeable_document(tx, who, document_id);
  if (document_id == other_id) {
    throw Error(ErrorCode::invalid_argument, "a document has no relation to itself", {{"/document", "name another"}});
  }
  if (!find_document(tx, who, other_id)) {
    throw Error(ErrorCode::not_found, "there is no document " + std::to_string(other_id));
  }
  if (document.trashed_at) throw Error(ErrorCode::conflict, "this document is in the trash; restore it to change it");
  require_free_to_change(tx, document);
  const bool made = tx.execute(
                        "INSERT INTO document_relation (document_id, kind, other_id, created_at, created_by) "
                        "SELECT $1, $2, $3, $4, $5 WHERE $2 <> 'relates_to' OR NOT EXISTS (SELECT 1 FROM "
                        "document_relation WHERE document_id = $3 AND kind = $2 AND other_id = $1) "
                        "ON CONFLICT DO NOTHING",
                        document_id, relation_kind_name(kind), other_id, tx.now(),
                        who.is_system() ? std::nullopt : std::optional(who.account_id)) > 0;
  if (!made) return;
  note_change(tx, document_id, other_id);
  tx.audit({"document.related", "document", document_id, "", described(kind, other_id)});
}

bool unrelate(Transaction& tx, const Principal& who, std::int64_t document_id, RelationKind kind,
              std::int64_t other_id) {
  require_free_to_change(tx, changeable_document(tx, who, document_id));
  if (!find_document(tx, who, other_id)) return false;
  if (tx.execute("DELETE FROM document_relation WHERE document_id = $1 AND kind = $2 AND other_id = $3", document_id,
                 relation_kind_name(kind), other_id) == 0) {
    return false;
  }
  note_change(tx, document_id, other_id);
  tx.audit({"document.unrelated", "document", document_id, described(kind, other_id), ""});
  return true;
}

}  // namespace muniment::storage
