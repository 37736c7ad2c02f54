#include "core/totp.h"

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

Time at(std::int64_t seconds) {
  return from_microseconds(seconds * 1'000'000);
}

// RFC 6238, appendix B; of its eight digits the last six.
TEST(Totp, TheVectorsOfItsStandard) {
  const std::string secret = "12345678901234567890";
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "287082"},         {1111111109, "081804"},
                                                          {1111111111, "050471"}, {1234567890, "005924"},
                                                          {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : vectors) EXPECT_EQ(totp_code(secret, totp_step(at(seconds))), code) << seconds;
}

// RFC 4648, section 10, without its padding.
TEST(Totp, Base32) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "MY"},
                                                         {"fo", "MZXQ"},
                                                         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"},
                                                         {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(to_base32(bytes), text);
}

TEST(Totp, NamesAreEncodedInTheAddress) {
  EXPECT_EQ(
      otpauth_uri("foobar", "Muniment", "anna öst"),
      "otpauth://totp/Muniment:anna%20%c3%b6st?secret=MZXW6YTBOI&issuer=Muniment&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace muniment::core
