#include "core/csv.h"

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(csv_line({"one, two", "say \"no\"", "two\nlines"}), "\"one, two\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
}

TEST(Csv, NothingBecomesAFormula) {
  EXPECT_EQ(csv_line({"=1+1", "@x", "-3", "+cmd"}), "\"'=1+1\",\"'@x\",-3,\"'+cmd\"\r\n");
}

}  // namespace
}  // namespace muniment::core
