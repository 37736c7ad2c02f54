// The Merkle tree of RFC 6962 section 2.1 (SHA-256): leaf SHA-256(0x00 || data), node SHA-256(0x01 || left || right).
// Pure functions; who keeps the hashes is the caller's business.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/hash.h"

namespace muniment::storage {

core::Sha256 merkle_leaf(std::string_view data);
core::Sha256 merkle_node(const core::Sha256& left, const core::Sha256& right);

// Gives the hash over the leaves from `position << level`, 2^level of them; asked only for subtrees that are complete.
using SubtreeHash = std::function<core::Sha256(int level, std::uint64_t position)>;

// Each asks for O(log size) subtrees.
core::Sha256 merkle_root(std::uint64_t size, const SubtreeHash& subtree);  // of no leaves: SHA-256 of nothing
// That leaf `index` (from 0) is in the tree of `size` leaves; index < size.
std::vector<core::Sha256> inclusion_proof(std::uint64_t index, std::uint64_t size, const SubtreeHash& subtree);
// That the tree of `from` leaves is the beginning of the one of `to`; from <= to. Empty for from = 0 and from = to.
std::vector<core::Sha256> consistency_proof(std::uint64_t from, std::uint64_t to, const SubtreeHash& subtree);

// The checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2. Any input is safe.
bool proves_inclusion(std::span<const core::Sha256> proof, const core::Sha256& leaf, std::uint64_t index,
                      std::uint64_t size, const core::Sha256& root);
bool proves_consistency(std::span<const core::Sha256> proof, std::uint64_t from, const core::Sha256& from_root,
                        std::uint64_t to, const core::Sha256& to_root);

// A tree that only grows, in O(log size) of memory: enough for its root.
class MerkleFrontier {
 public:
  void add(const core::Sha256& leaf);
  std::uint64_t size() const { return size_; }
  core::Sha256 root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<core::Sha256> complete_;  // one subtree for each bit of size_, the largest first
};

}  // namespace muniment::storage
