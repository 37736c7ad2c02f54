// The audit log's Merkle tree (RFC 6962; storage/merkle_tree.h). A leaf is an entry's canonical text; leaf n - 1 is the
// entry with sequence n. Kept with the log, so that nothing here costs more than O(log n).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/hash.h"
#include "storage/database.h"

namespace muniment::storage {

struct TreeHead {
  std::int64_t size = 0;  // entries
  core::Sha256 root;
  bool operator==(const TreeHead&) const = default;
};

std::int64_t audit_entry_count(Session& session);
// Of all that is logged; inside a transaction also of what it has added.
TreeHead audit_tree_head(Session& session);
// As it was when the log had `size` entries. Error(not_found) when it never had so many.
TreeHead audit_tree_head(Session& session, std::int64_t size);

// That the entry is in the tree of `size` entries. Error(not_found) unless 1 <= sequence <= size <= entries.
std::vector<core::Sha256> audit_inclusion_proof(Session& session, std::int64_t sequence, std::int64_t size);
// That the tree of `to` entries begins with the one of `from`. Error(not_found) unless 0 <= from <= to <= entries.
std::vector<core::Sha256> audit_consistency_proof(Session& session, std::int64_t from, std::int64_t to);

// Whether a stored part of the tree is missing or differs from the one over these leaves, of entries 1 to as many.
std::optional<std::string> damaged_audit_node(Session& session, std::vector<core::Sha256> leaves);

}  // namespace muniment::storage
