#include "core/diff.h"

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

using Numbers = std::vector<std::uint32_t>;
using Kind = DiffRun::Kind;

Numbers letters(std::string_view text) {
  return {text.begin(), text.end()};
}

// Both sequences as the runs tell them; fails when an equal run is not equal.
void expect_true(const Numbers& before, const Numbers& after, const Diff& found) {
  std::size_t a = 0, b = 0;
  for (const DiffRun& run : found.runs) {
    ASSERT_GT(run.count, 0U);
    if (run.kind == Kind::equal) {
      ASSERT_LE(a + run.count, before.size());
      ASSERT_LE(b + run.count, after.size());
      ASSERT_TRUE(std::equal(before.begin() + static_cast<std::ptrdiff_t>(a),
                             before.begin() + static_cast<std::ptrdiff_t>(a + run.count),
                             after.begin() + static_cast<std::ptrdiff_t>(b)));
    }
    if (run.kind != Kind::inserted) a += run.count;
    if (run.kind != Kind::deleted) b += run.count;
  }
  EXPECT_EQ(a, before.size());
  EXPECT_EQ(b, after.size());
}

std::size_t changes(const Diff& found) {
  std::size_t count = 0;
  for (const DiffRun& run : found.runs) count += run.kind == Kind::equal ? 0 : run.count;
  return count;
}

TEST(Diff, NothingAndTheSame) {
  EXPECT_TRUE(diff({}, {}).runs.empty());
  const Numbers text = letters("muniment");
  EXPECT_EQ(diff(text, text).runs, (std::vector<DiffRun>{{Kind::equal, 8}}));
  EXPECT_EQ(diff({}, text).runs, (std::vector<DiffRun>{{Kind::inserted, 8}}));
  EXPECT_EQ(diff(text, {}).runs, (std::vector<DiffRun>{{Kind::deleted, 8}}));
}

TEST(Diff, WhatWasReplacedIsDeletedAndThenInserted) {
  EXPECT_EQ(diff(letters("abcXdef"), letters("abcYZdef")).runs,
            (std::vector<DiffRun>{{Kind::equal, 3}, {Kind::deleted, 1}, {Kind::inserted, 2}, {Kind::equal, 3}}));
}

TEST(Diff, FindsTheFewestChangesWhereNothingIsUnique) {
  const Numbers before = letters("abcabbaabcabba"), after = letters("cbabaccbabac");
  const Diff found = diff(before, after);
  expect_true(before, after, found);
  EXPECT_TRUE(found.complete);
  // The longest common subsequence, the slow way.
  std::vector<std::vector<std::size_t>> longest(before.size() + 1, std::vector<std::size_t>(after.size() + 1));
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (std::size_t j = 0; j < after.size(); ++j) {
      longest[i + 1][j + 1] =
          before[i] == after[j] ? longest[i][j] + 1 : std::max(longest[i][j + 1], longest[i + 1][j]);
    }
  }
  EXPECT_EQ(changes(found), before.size() + after.size() - 2 * longest.back().back());
}

TEST(Diff, IsTrueOfAnySequences) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t words = 1 + random() % 40;
    Numbers before(random() % 60), after(random() % 60);
    for (auto& word : before) word = random() % words;
    for (auto& word : after) word = random() % words;
    const Diff found = diff(before, after);
    expect_true(before, after, found);
    EXPECT_TRUE(found.complete);
  }
}

TEST(Diff, ALongTextWithOneWordMoreIsCheap) {
  Numbers before(300'000);
  std::iota(before.begin(), before.end(), 0);
  Numbers after = before;
  after.insert(after.begin() + 150'000, 1);
  const Diff found = diff(before, after);
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(changes(found), 1U);
}

TEST(Diff, TextsThatHaveNothingInCommonEndWithinTheEffort) {
  std::mt19937 random(11);
  Numbers before(100'000), after(100'000);
  for (auto& word : before) word = random() % 50;  // no word is unique
  for (auto& word : after) word = random() % 50;
  const Diff found = diff(before, after);
  EXPECT_FALSE(found.complete);
  expect_true(before, after, found);
  const Diff hasty = diff(before, after, 1000);
  EXPECT_FALSE(hasty.complete);
  expect_true(before, after, hasty);
}

}  // namespace
}  // namespace muniment::core
