#include "storage/merkle_tree.h"

#include <bit>
#include <string>

namespace muniment::storage {

using core::Sha256;

namespace {

std::string_view bytes_of(const Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

// The largest power of two below `size`; size >= 2.
std::uint64_t split(std::uint64_t size) {
  return std::bit_floor(size - 1);
}

// The hash over `size` leaves from `begin`, which is a multiple of every power of two below 2 * size.
Sha256 hash_of_range(std::uint64_t begin, std::uint64_t size, const SubtreeHash& subtree) {
  if (std::has_single_bit(size)) {
    const int level = std::countr_zero(size);
    return subtree(level, begin >> level);
  }
  const std::uint64_t left = split(size);
  return merkle_node(hash_of_range(begin, left, subtree), hash_of_range(begin + left, size - left, subtree));
}

// RFC 6962 section 2.1.1: PATH(index, D[begin : begin + size]).
void add_path(std::vector<Sha256>& proof, std::uint64_t index, std::uint64_t begin, std::uint64_t size,
              const SubtreeHash& subtree) {
  if (size == 1) return;
  const std::uint64_t left = split(size);
  if (index < left) {
    add_path(proof, index, begin, left, subtree);
    proof.push_back(hash_of_range(begin + left, size - left, subtree));
  } else {
    add_path(proof, index - left, begin + left, size - left, subtree);
    proof.push_back(hash_of_range(begin, left, subtree));
  }
}

// RFC 6962 section 2.1.2: SUBPROOF(from, D[begin : begin + size], known).
void add_subproof(std::vector<Sha256>& proof, std::uint64_t from, std::uint64_t begin, std::uint64_t size, bool known,
                  const SubtreeHash& subtree) {
  if (from == size) {
    if (!known) proof.push_back(hash_of_range(begin, size, subtree));
    return;
  }
  const std::uint64_t left = split(size);
  if (from <= left) {
    add_subproof(proof, from, begin, left, known, subtree);
    proof.push_back(hash_of_range(begin + left, size - left, subtree));
  } else {
    add_subproof(proof, from - left, begin + left, size - left, false, subtree);
    proof.push_back(hash_of_range(begin, left, subtree));
  }
}

// Where a check stands: the path of the leaf that is followed, and the last leaf's, one level up a step.
struct Climb {
  std::uint64_t followed;
  std::uint64_t last;

  void up() {
    followed >>= 1;
    last >>= 1;
  }
  // The next hash of the proof belongs on the left.
  bool joins_left() const { return (followed & 1) != 0 || followed == last; }
  // Past the levels at which the right edge has no sibling.
  void skip_missing_siblings() {
    while ((followed & 1) == 0 && followed != 0) up();
  }
};

}  // namespace

Sha256 merkle_leaf(std::string_view data) {
  std::string input(1, '\0');
  input += data;
  return Sha256::of(input);
}

Sha256 merkle_node(const Sha256& left, const Sha256& right) {
  std::string input(1, '\1');
  input += bytes_of(left);
  input += bytes_of(right);
  return Sha256::of(input);
}

Sha256 merkle_root(std::uint64_t size, const SubtreeHash& subtree) {
  return size == 0 ? Sha256::of(std::string_view()) : hash_of_range(0, size, subtree);
}

std::vector<Sha256> inclusion_proof(std::uint64_t index, std::uint64_t size, const SubtreeHash& subtree) {
  std::vector<Sha256> proof;
  add_path(proof, index, 0, size, subtree);
  return proof;
}

std::vector<Sha256> consistency_proof(std::uint64_t from, std::uint64_t to, const SubtreeHash& subtree) {
  std::vector<Sha256> proof;
  if (from > 0 && from < to) add_subproof(proof, from, 0, to, true, subtree);
  return proof;
}

bool proves_inclusion(std::span<const Sha256> proof, const Sha256& leaf, std::uint64_t index, std::uint64_t size,
                      const Sha256& root) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  Sha256 hash = leaf;
  for (const Sha256& sibling : proof) {
    if (climb.last == 0) return false;
    if (climb.joins_left()) {
      hash = merkle_node(sibling, hash);
      climb.skip_missing_siblings();
    } else {
      hash = merkle_node(hash, sibling);
    }
    climb.up();
  }
  return climb.last == 0 && hash == root;
}

bool proves_consistency(std::span<const Sha256> proof, std::uint64_t from, const Sha256& from_root, std::uint64_t to,
                        const Sha256& to_root) {
  if (from > to) return false;
  if (from == to) return proof.empty() && from_root == to_root;
  if (from == 0) return proof.empty() && from_root == Sha256::of(std::string_view());
  Climb climb{from - 1, to - 1};
  while ((climb.followed & 1) != 0) climb.up();
  // The old tree, when complete, is a subtree of the new one, and its root is not told again.
  Sha256 start = from_root;
  if (!std::has_single_bit(from)) {
    if (proof.empty()) return false;
    start = proof.front();
    proof = proof.subspan(1);
  }
  Sha256 old_hash = start;
  Sha256 new_hash = start;
  for (const Sha256& sibling : proof) {
    if (climb.last == 0) return false;
    if (climb.joins_left()) {
      old_hash = merkle_node(sibling, old_hash);
      new_hash = merkle_node(sibling, new_hash);
      climb.skip_missing_siblings();
    } else {
      new_hash = merkle_node(new_hash, sibling);
    }
    climb.up();
  }
  return climb.last == 0 && old_hash == from_root && new_hash == to_root;
}

void MerkleFrontier::add(const Sha256& leaf) {
  Sha256 hash = leaf;
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = merkle_node(complete_.back(), hash);
    complete_.pop_back();
  }
  complete_.push_back(hash);
  ++size_;
}

Sha256 MerkleFrontier::root() const {
  if (complete_.empty()) return Sha256::of(std::string_view());
  Sha256 hash = complete_.back();
  for (std::size_t i = complete_.size() - 1; i-- > 0;) hash = merkle_node(complete_[i], hash);
  return hash;
}

}  // namespace muniment::storage
