#include "storage/merkle_tree.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muniment::storage {
namespace {

using core::Sha256;

constexpr std::uint64_t kMost = 70;

// RFC 6962 section 2.1, word for word: MTH(D[begin:end]) over leaves that are already hashed.
Sha256 naive_root(const std::vector<Sha256>& leaves, std::size_t begin, std::size_t end) {
  const std::size_t n = end - begin;
  if (n == 0) return Sha256::of(std::string_view());
  if (n == 1) return leaves[begin];
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return merkle_node(naive_root(leaves, begin, begin + k), naive_root(leaves, begin + k, end));
}

struct Tree {
  std::vector<Sha256> leaves;

  Tree() {
    for (std::uint64_t i = 0; i < kMost; ++i) leaves.push_back(merkle_leaf("entry " + std::to_string(i)));
  }
  Sha256 root(std::uint64_t size) const { return naive_root(leaves, 0, size); }
  SubtreeHash subtrees() const {
    return [this](int level, std::uint64_t position) {
      const std::size_t begin = position << level;
      const std::size_t end = (position + 1) << level;
      EXPECT_LE(end, leaves.size()) << "asked for a subtree that is not complete";
      return naive_root(leaves, begin, end);
    };
  }
};

// The eight leaves and roots that implementations of RFC 6962 are compared by.
TEST(MerkleTree, AgreesWithTheKnownVectors) {
  const std::vector<std::string> inputs = {"",
                                           std::string(1, '\0'),
                                           "\x10",
                                           "\x20\x21",
                                           "\x30\x31",
                                           "\x40\x41\x42\x43",
                                           "\x50\x51\x52\x53\x54\x55\x56\x57",
                                           "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  MerkleFrontier frontier;
  EXPECT_EQ(frontier.root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    frontier.add(merkle_leaf(inputs[i]));
    EXPECT_EQ(frontier.root().hex(), roots[i]) << i + 1;
  }
}

TEST(MerkleTree, EveryRootIsTheNaiveOne) {
  const Tree tree;
  MerkleFrontier frontier;
  for (std::uint64_t size = 0; size <= kMost; ++size) {
    EXPECT_EQ(merkle_root(size, tree.subtrees()), tree.root(size)) << size;
    EXPECT_EQ(frontier.root(), tree.root(size)) << size;
    if (size < kMost) frontier.add(tree.leaves[size]);
  }
}

TEST(MerkleTree, EveryInclusionProofHoldsForItsLeafOnly) {
  const Tree tree;
  for (std::uint64_t size = 1; size <= kMost; ++size) {
    const Sha256 root = tree.root(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.subtrees());
      EXPECT_TRUE(proves_inclusion(proof, tree.leaves[index], index, size, root)) << index << " of " << size;
      EXPECT_FALSE(proves_inclusion(proof, merkle_leaf("another"), index, size, root));
      EXPECT_FALSE(proves_inclusion(proof, tree.leaves[index], index, size, tree.leaves[(index + 1) % kMost]));
      EXPECT_FALSE(proves_inclusion(proof, tree.leaves[index], index + 1, size, root) && size > 1)
          << index << " of " << size;
      EXPECT_FALSE(proves_inclusion(proof, tree.leaves[index], size, size, root));
    }
  }
}

TEST(MerkleTree, EveryConsistencyProofHoldsForItsTreesOnly) {
  const Tree tree;
  for (std::uint64_t to = 0; to <= kMost; ++to) {
    for (std::uint64_t from = 0; from <= to; ++from) {
      const auto proof = consistency_proof(from, to, tree.subtrees());
      EXPECT_TRUE(proves_consistency(proof, from, tree.root(from), to, tree.root(to))) << from << " in " << to;
      if (from == 0) continue;
      EXPECT_FALSE(proves_consistency(proof, from, merkle_leaf("another"), to, tree.root(to))) << from << " in " << to;
      EXPECT_FALSE(proves_consistency(proof, from, tree.root(from), to, merkle_leaf("another")))
          << from << " in " << to;
      if (from < to) {
        EXPECT_FALSE(proves_consistency(proof, to, tree.root(to), from, tree.root(from)));
      }
    }
  }
}

// A proof in which one bit, one hash or the length differs proves nothing.
template <typename Holds>
void refuses_every_mutation(const std::vector<Sha256>& proof, const Holds& holds) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto flipped = proof;
    flipped[i].bytes[i % 32] ^= 0x40;
    EXPECT_FALSE(holds(flipped)) << "bit of hash " << i;
    auto shortened = proof;
    shortened.erase(shortened.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(holds(shortened)) << "without hash " << i;
    auto doubled = proof;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    EXPECT_FALSE(holds(doubled)) << "twice hash " << i;
    if (i > 0) {
      auto swapped = proof;
      std::swap(swapped[i - 1], swapped[i]);
      EXPECT_FALSE(holds(swapped)) << "swapped " << i;
    }
  }
  auto longer = proof;
  longer.push_back(merkle_leaf("more"));
  EXPECT_FALSE(holds(longer)) << "with one more";
}

TEST(MerkleTree, MutatedProofsAreRefused) {
  const Tree tree;
  for (std::uint64_t size = 1; size <= kMost; ++size) {
    const Sha256 root = tree.root(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      refuses_every_mutation(inclusion_proof(i, size, tree.subtrees()), [&](const std::vector<Sha256>& proof) {
        return proves_inclusion(proof, tree.leaves[i], i, size, root);
      });
      refuses_every_mutation(consistency_proof(i, size, tree.subtrees()), [&](const std::vector<Sha256>& proof) {
        return proves_consistency(proof, i, tree.root(i), size, root);
      });
    }
  }
}

}  // namespace
}  // namespace muniment::storage
