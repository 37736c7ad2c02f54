#include "storage/page_correction.h"

#include <gtest/gtest.h>

namespace muniment::storage {
namespace {

PageLayer read_page() {
  PageLayer page;
  page.width = 1000;
  page.height = 1000;
  page.source = TextSource::ocr;
  page.lines = {
      Line{{Word{{0, 0, 100, 20}, 90, "The"}, Word{{110, 0, 100, 20}, 40, "qviek"}, Word{{220, 0, 100, 20}, 90, "fox"}},
           true},
      Line{{Word{{0, 40, 100, 20}, 90, "jumps"}}, false}};
  return page;
}

TEST(PageCorrection, UnchangedTextKeepsEveryBox) {
  const PageLayer page = corrected(read_page(), "The qviek fox\njumps");
  EXPECT_EQ(page.source, TextSource::corrected);
  ASSERT_EQ(page.lines.size(), 2u);
  EXPECT_EQ(page.lines[0].words[1].box, read_page().lines[0].words[1].box);
  EXPECT_EQ(page.lines[1].words[0].box, read_page().lines[1].words[0].box);
}

TEST(PageCorrection, ANewWordTakesThePlaceOfTheOld) {
  const PageLayer page = corrected(read_page(), "The quick fox\njumps");
  EXPECT_EQ(page.lines[0].words[1].text, "quick");
  EXPECT_EQ(page.lines[0].words[1].box.left, 110);
  EXPECT_EQ(page.lines[0].words[1].box.top, 0);
  EXPECT_LE(page.lines[0].words[1].box.width, 100);
  EXPECT_EQ(page.lines[0].words[2].box.left, 220);
}

TEST(PageCorrection, ASplitWordSharesItsSpace) {
  const PageLayer page = corrected(read_page(), "The very quick fox\njumps");
  EXPECT_GE(page.lines[0].words[1].box.left, 110);
  EXPECT_GT(page.lines[0].words[2].box.left, page.lines[0].words[1].box.left);
  EXPECT_LE(page.lines[0].words[2].box.left + page.lines[0].words[2].box.width, 210);
}

TEST(PageCorrection, AddedTextStandsAfterItsNeighbourAndOnAnEmptyPageAtTheTop) {
  const PageLayer page = corrected(read_page(), "The qviek fox\njumps high");
  EXPECT_EQ(page.lines[1].words[1].box.left, 100);
  EXPECT_EQ(page.lines[1].words[1].box.top, 40);
  PageLayer blank;
  blank.width = 500;
  blank.height = 500;
  const PageLayer empty = corrected(blank, "a b");
  EXPECT_EQ(empty.lines.at(0).words.size(), 2u);
  EXPECT_GT(empty.lines[0].words[0].box.height, 0);
}

TEST(PageCorrection, NoTextLeavesNoWords) {
  EXPECT_TRUE(corrected(read_page(), " \n\n ").lines.empty());
}

}  // namespace
}  // namespace muniment::storage
