#include "core/decimal.h"

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

TEST(Decimal, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(to_decimal("1 234,5"), "1234.5");
  EXPECT_EQ(to_decimal("-0012.340"), "-12.340");
  EXPECT_EQ(to_decimal("000"), "0");
  EXPECT_EQ(to_decimal("999999999999999.999999"), "999999999999999.999999");
  for (const char* none :
       {"", "-", ".5", "5.", "1.2.3", "1,2 3", "12a", "1-2", "1234567890123456", "0.1234567", "1e3"}) {
    EXPECT_EQ(to_decimal(none), "") << none;
  }
}

}  // namespace
}  // namespace muniment::core
