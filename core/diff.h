// What differs between two sequences, as people would say it: what is unique in both is found first (patience), what
// lies between is compared as Myers does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace muniment::core {

// `count` elements that stand in both, only in the old or only in the new sequence.
struct DiffRun {
  enum class Kind { equal, deleted, inserted };
  Kind kind = Kind::equal;
  std::size_t count = 0;
  bool operator==(const DiffRun&) const = default;
};

struct Diff {
  std::vector<DiffRun>
      runs;              // in order; neighbours differ in kind, and what was deleted comes before what took its place
  bool complete = true;  // false: some stretch was too different to be compared and stands as deleted and inserted
};

// Ends after `effort` steps: whatever is left then counts as different. Memory is some 100 bytes an element and 2 MB.
Diff diff(std::span<const std::uint32_t> before, std::span<const std::uint32_t> after, std::size_t effort = 20'000'000);

}  // namespace muniment::core
