#include "core/csv.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::core {
namespace {

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(csv_line({"one, two", "say \"no\"", "two\nlines"}), "\"one, two\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
}

TEST(Csv, NothingBecomesAFormula) {
  EXPECT_EQ(csv_line({"=1+1", "@x", "-3", "+cmd"}), "\"'=1+1\",\"'@x\",-3,\"'+cmd\"\r\n");
}

TEST(Csv, LinesComeOneByOneAndHaveSoManyFieldsAtMost) {
  std::vector<std::vector<std::string>> rows;
  const auto keep = [&](const std::vector<std::string>& row) { rows.push_back(row); };
  each_csv_row("a,\"b\nc\"\r\n\nd,e", 2, keep);
  EXPECT_EQ(rows, parse_csv("a,\"b\nc\"\r\n\nd,e"));
  EXPECT_EQ(rows, (std::vector<std::vector<std::string>>{{"a", "b\nc"}, {""}, {"d", "e"}}));
  EXPECT_THROW(each_csv_row("a,b,c", 2, keep), Error);
}

}  // namespace
}  // namespace muniment::core
