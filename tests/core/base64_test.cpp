#include "core/base64.h"

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

TEST(Base64, RoundTripsAndRefusesWhatItDoesNotWrite) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    bytes.push_back(static_cast<std::uint8_t>(i * 37));
  }
  EXPECT_EQ(to_base64(std::vector<std::uint8_t>{0xfb, 0xff, 0xbf, 'M'}), "+/+/TQ==");
  for (const char* wrong : {"+/+/TQ", "+/+/TQ=", "-_-_TQ==", "+/+/TR==", "+/+/TQ==\n", "+/+/TQ===", "=", "TQ==TQ=="}) {
    EXPECT_FALSE(from_base64(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace muniment::core
