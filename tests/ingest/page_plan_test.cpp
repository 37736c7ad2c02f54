#include "ingest/internal/page_plan.h"

#include <vector>

#include <gtest/gtest.h>

namespace muniment::ingest {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(PagePlanTest, StartsWithOnePageAndGrowsWhilePagesAreQuick) {
  PagePlan plan(100, {});
  const PageRun first = plan.take().value();
  EXPECT_EQ(first.first, 1);
  EXPECT_EQ(first.count, 1);
  plan.finish(true, milliseconds(10));
  EXPECT_EQ(plan.take().value().count, 50);
}

TEST(PagePlanTest, SlowPagesGoOneByOne) {
  PagePlan plan(10, {});
  plan.take();
  plan.finish(true, milliseconds(2000));
  EXPECT_EQ(plan.take().value().count, 1);
}

TEST(PagePlanTest, QuickPagesOfAFileThatOpensSlowlyGoTogether) {
  PagePlan text(1000, {});
  text.take();
  text.opened(milliseconds(600));
  text.finish(true, milliseconds(2));
  EXPECT_EQ(text.take().value().count, 64);

  // Opening costs no more than the pages do, and pages that are slow themselves do not wait for each other.
  PagePlan scans(1000, {});
  scans.take();
  scans.opened(milliseconds(6000));
  scans.finish(true, milliseconds(2000));
  EXPECT_EQ(scans.take().value().count, 3);
}

TEST(PagePlanTest, LeavesOutWhatIsDone) {
  const std::vector<std::int64_t> done{1, 2, 5, 99};
  PagePlan plan(6, done);
  EXPECT_EQ(plan.done(), 3);
  std::vector<int> taken;
  while (const auto run = plan.take()) {
    for (int i = 0; i < run->count; ++i) {
      taken.push_back(run->first + i);
      plan.finish(true, microseconds(1));
    }
  }
  EXPECT_EQ(taken, (std::vector<int>{3, 4, 6}));
  EXPECT_TRUE(plan.complete());
  EXPECT_FALSE(plan.hopeless());
}

TEST(PagePlanTest, WhatIsGivenBackIsTakenAgain) {
  PagePlan plan(3, {});
  const PageRun run = plan.take().value();
  plan.give_back(run);
  EXPECT_EQ(plan.take().value().first, 1);
}

TEST(PagePlanTest, NoPagesIsComplete) {
  const PagePlan plan(0, {});
  EXPECT_TRUE(plan.complete());
  EXPECT_FALSE(plan.has_work());
  EXPECT_FALSE(plan.hopeless());
}

TEST(PagePlanTest, IsHopelessWhenNothingCouldBeRead) {
  PagePlan one(1, {});
  one.finish(false, microseconds(1));
  EXPECT_TRUE(one.hopeless());

  PagePlan many(100, {});
  for (int i = 0; i < 7; ++i) many.finish(false, microseconds(1));
  EXPECT_FALSE(many.hopeless());
  many.finish(false, microseconds(1));
  EXPECT_TRUE(many.hopeless());

  PagePlan some(100, {});
  some.finish(true, microseconds(1));
  for (int i = 0; i < 20; ++i) some.finish(false, microseconds(1));
  EXPECT_FALSE(some.hopeless());
}

}  // namespace
}  // namespace muniment::ingest
