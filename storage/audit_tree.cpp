#include "storage/audit_tree.h"

#include <algorithm>

#include "core/error.h"
#include "storage/internal/audit_tree.h"
#include "storage/merkle_tree.h"

namespace muniment::storage {

using core::Error;
using core::ErrorCode;
using core::Sha256;

namespace {

constexpr std::size_t kHashedAtOnce = 1000;

Sha256 stored_node(Session& session, int level, std::uint64_t position) {
  const auto hash = session.value<Sha256>("SELECT hash FROM audit_node WHERE level = $1 AND position = $2", level,
                                          static_cast<std::int64_t>(position));
  if (!hash) throw Error(ErrorCode::corrupt, "a part of the audit log's tree is missing: restore the last good backup");
  return *hash;
}

Sha256 leaf_at(Session& session, std::uint64_t index) {
  const auto entry =
      session.value<std::string>("SELECT entry FROM audit WHERE sequence = $1", static_cast<std::int64_t>(index) + 1);
  if (!entry) throw Error(ErrorCode::corrupt, "audit entry " + std::to_string(index + 1) + " is missing");
  return merkle_leaf(*entry);
}

SubtreeHash subtrees_of(Session& session) {
  return [&session](int level, std::uint64_t position) {
    return level == 0 ? leaf_at(session, position) : stored_node(session, level, position);
  };
}

void require(bool holds, std::int64_t size, std::int64_t entries) {
  if (holds) return;
  throw Error(ErrorCode::not_found, "the audit log has " + std::to_string(entries) + " entries: there is no tree of " +
                                        std::to_string(size) + " for this");
}

}  // namespace

std::int64_t audit_entry_count(Session& session) {
  return session.value<std::int64_t>("SELECT coalesce(max(sequence), 0) FROM audit").value();
}

TreeHead audit_tree_head(Session& session) {
  return audit_tree_head(session, audit_entry_count(session));
}

TreeHead audit_tree_head(Session& session, std::int64_t size) {
  const std::int64_t entries = audit_entry_count(session);
  require(size >= 0 && size <= entries, size, entries);
  return {size, merkle_root(static_cast<std::uint64_t>(size), subtrees_of(session))};
}

std::vector<Sha256> audit_inclusion_proof(Session& session, std::int64_t sequence, std::int64_t size) {
  const std::int64_t entries = audit_entry_count(session);
  require(sequence >= 1 && sequence <= size && size <= entries, size, entries);
  return inclusion_proof(static_cast<std::uint64_t>(sequence - 1), static_cast<std::uint64_t>(size),
                         subtrees_of(session));
}

std::vector<Sha256> audit_consistency_proof(Session& session, std::int64_t from, std::int64_t to) {
  const std::int64_t entries = audit_entry_count(session);
  require(from >= 0 && from <= to && to <= entries, to, entries);
  return consistency_proof(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to), subtrees_of(session));
}

std::optional<std::string> damaged_audit_node(Session& session, std::vector<Sha256> leaves) {
  std::vector<Sha256>& below = leaves;  // the hashes of one level
  for (int level = 1; below.size() >= 2; ++level) {
    std::vector<Sha256> nodes;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) nodes.push_back(merkle_node(below[i], below[i + 1]));
    for (std::size_t position = 0; position < nodes.size();) {
      const auto rows = session.rows<std::int64_t, std::string>(
          "SELECT position, hash FROM audit_node WHERE level = $1 AND position >= $2 ORDER BY position LIMIT $3", level,
          static_cast<std::int64_t>(position), std::min(kHashedAtOnce, nodes.size() - position));
      for (const auto& [found, hash] : rows) {
        if (found != static_cast<std::int64_t>(position) || hash != nodes[position].hex()) break;
        ++position;
      }
      if (rows.empty() || std::get<0>(rows.back()) + 1 != static_cast<std::int64_t>(position)) {
        return "the stored tree of the audit log is damaged over entry " +
               std::to_string((static_cast<std::int64_t>(position) << level) + 1) + ": restore the last good backup";
      }
    }
    below = std::move(nodes);
  }
  return std::nullopt;
}

void grow_audit_tree(Transaction& tx, std::int64_t sequence, std::string_view before, std::string_view entry) {
  auto position = static_cast<std::uint64_t>(sequence - 1);
  if ((position & 1) == 0) return;
  Sha256 hash = merkle_node(merkle_leaf(before), merkle_leaf(entry));
  for (int level = 1;; ++level) {
    position >>= 1;
    tx.execute("INSERT INTO audit_node (level, position, hash) VALUES ($1, $2, $3)", level,
               static_cast<std::int64_t>(position), hash);
    if ((position & 1) == 0) return;
    hash = merkle_node(stored_node(tx, level, position - 1), hash);
  }
}

bool complete_audit_tree(Transaction& tx) {
  const std::int64_t pairs =
      tx.value<std::int64_t>("SELECT coalesce(max(position), -1) + 1 FROM audit_node WHERE level = 1").value();
  if (pairs >= audit_entry_count(tx) / 2) return false;
  std::string before;
  for (std::int64_t done = 2 * pairs;;) {
    const auto entries = tx.rows<std::int64_t, std::string>(
        "SELECT sequence, entry FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2", done, kHashedAtOnce);
    if (entries.empty()) return true;
    for (const auto& [sequence, entry] : entries) {
      grow_audit_tree(tx, sequence, before, entry);
      before = entry;
      done = sequence;
    }
  }
}

}  // namespace muniment::storage
