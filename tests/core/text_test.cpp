#include "core/text.h"

#include <gtest/gtest.h>

namespace muniment::core {
namespace {

TEST(Text, RepairsWhatIsNotUtf8) {
  EXPECT_TRUE(is_utf8("räksmörgås"));
  EXPECT_FALSE(is_utf8("r\xE4ksm"));
  EXPECT_EQ(to_utf8(std::string_view("a\xE4\0z", 4)), "a\xEF\xBF\xBDz");
  EXPECT_EQ(to_nfc("a\xCC\x8A"), "å");
  EXPECT_EQ(fold_case("ÅSA"), "åsa");
}

TEST(Text, TrimsAndCollapses) {
  EXPECT_EQ(trim(" \t\xC2\xA0 a b \n"), "a b");
  EXPECT_EQ(collapse_space("  a \n\t b\xC2\xA0\xC2\xA0"
                           "c "),
            "a b c");
  EXPECT_EQ(cut("åäö", 3), "å");
}

TEST(Text, JoinsPiecesWhateverTheyAre) {
  EXPECT_EQ(joined(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(joined(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(joined(std::vector<std::string_view>{"", "b", ""}, ", "), ", b, ");
  EXPECT_EQ(joined(std::vector{1, 2}, "+", [](int number) { return std::to_string(number); }), "1+2");
}

TEST(Text, AFileNameIsForShowingOnly) {
  EXPECT_EQ(display_filename("../../etc/passwd"), "passwd");
  EXPECT_EQ(display_filename("C:\\temp\\räkning.pdf"), "räkning.pdf");
  EXPECT_EQ(display_filename("a\r\nb\x01.txt"), "ab.txt");
  EXPECT_EQ(display_filename("evil\xE2\x80\xAE"
                             "fdp.exe"),
            "evilfdp.exe");
  EXPECT_EQ(display_filename("r\xE4kning \x96 \x80 5.txt"), "räkning – € 5.txt") << "Windows-1252";
  EXPECT_EQ(display_filename("räkning\xC3.txt"), "räkning\xEF\xBF\xBD.txt") << "UTF-8 that was damaged";
  EXPECT_EQ(display_filename(""), "file");
  EXPECT_EQ(display_filename(".."), "file");
  EXPECT_LE(display_filename(std::string(1000, 'x')).size(), 255u);
  EXPECT_EQ(display_filename("<b>.txt"), "<b>.txt") << "markup is the page's business, not ours";
}

TEST(Text, Base64urlRoundTrips) {
  for (const std::vector<std::uint8_t>& bytes :
       {std::vector<std::uint8_t>{}, {0}, {0xFF, 0xEE}, {1, 2, 3}, {0xFB, 0xFF, 0xFE, 0x00}}) {
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  EXPECT_FALSE(from_base64url("a"));
  EXPECT_FALSE(from_base64url("ab+/"));
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_integer("-42"), -42);
  for (const char* text : {"", "4x", " 4", "0x1", "99999999999999999999"}) EXPECT_FALSE(parse_integer(text)) << text;
}

}  // namespace
}  // namespace muniment::core
