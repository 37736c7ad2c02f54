// What documents have to do with each other, as people say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/access.h"
#include "storage/database.h"

namespace muniment::storage {

enum class RelationKind { answers, supersedes, belongs_to, relates_to };
std::string_view relation_kind_name(RelationKind kind);  // "belongs_to"
std::optional<RelationKind> parse_relation_kind(std::string_view name);

struct Relation {
  RelationKind kind = RelationKind::relates_to;
  std::int64_t other_id = 0;
  std::string other_title;
  bool reversed = false;  // it is the other that answers, supersedes or belongs to this one
};

// Both ways, as far as `who` may read the other documents; what is in the trash or destroyed is left out.
std::vector<Relation> relations(Session& session, const Principal& who, std::int64_t document_id);
// `who` must be allowed to change the document and to read the other. Nothing happens when it is so already; having to
// do with each other has no direction.
// Error(not_found), (forbidden), (conflict) while the document is under hold or in the trash, (invalid_argument) for a
// document and itself.
void relate(Transaction& tx, const Principal& who, std::int64_t document_id, RelationKind kind, std::int64_t other_id);
// False when there is no such relation, or none to a document that `who` may read.
bool unrelate(Transaction& tx, const Principal& who, std::int64_t document_id, RelationKind kind,
              std::int64_t other_id);

}  // namespace muniment::storage
