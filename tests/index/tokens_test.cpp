#include "index/internal/tokens.h"

#include <gtest/gtest.h>

namespace muniment::index {
namespace {

std::string words(std::string_view text) {
  std::string all;
  for (const Token& token : tokenise(text)) all += (all.empty() ? "" : " ") + token.word;
  return all;
}

std::vector<std::string> codes(std::string_view text) {
  std::vector<std::string> all;
  for_each_code(tokenise(text), [&](std::size_t, std::size_t, const std::string& word) { all.push_back(word); });
  return all;
}

TEST(Tokens, FoldAsASwedeExpects) {
  EXPECT_EQ(words("Räksmörgås på Ön"), "räksmörgås på ön");
  EXPECT_EQ(words("Idé café Müller naïve Ærø"), "ide cafe muller naive ærø");
  EXPECT_EQ(words("a\xCC\x8A A\xCC\x88 e\xCC\x81"), "å ä e") << "decomposed letters are the same letters";
  EXPECT_EQ(words("Straße ﬁnal Ⅳ"), "strasse final iv");
}

TEST(Tokens, JoinWhatALineBreakOrASoftHyphenCut) {
  EXPECT_EQ(words("exam-\nple and co\xC2\xADoperate"), "example and cooperate");
  EXPECT_EQ(words("well-known 12-\n34"), "well known 12 34");
  EXPECT_EQ(words("ends-\nUpper"), "ends upper");
}

TEST(Tokens, KnowWhereTheyStand) {
  const auto tokens = tokenise(" Åsa, 12");
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0].begin, 1u);
  EXPECT_EQ(tokens[0].end, 5u);
  EXPECT_EQ(tokens[1].begin, 7u);
}

TEST(Tokens, CodesAreAlsoOneWord) {
  EXPECT_EQ(codes("INV-2024/0042"), (std::vector<std::string>{"inv20240042"}));
  EXPECT_EQ(codes("org 556677-8899."), (std::vector<std::string>{"5566778899"}));
  EXPECT_EQ(codes("1 234,50 kr"), (std::vector<std::string>{"123450"}));
  EXPECT_EQ(codes("1234,50"), (std::vector<std::string>{"123450"}));
  EXPECT_TRUE(codes("well-known e.g. things").empty());
}

TEST(Tokens, HoldAnyBytes) {
  EXPECT_EQ(words(std::string("a\0b\xFF\xC3", 5)), "a b");
  EXPECT_LE(tokenise(std::string(10'000, 'x')).at(0).word.size(), 64u);
  EXPECT_EQ(folded_value("  Beta   AB (publ) "), "beta ab publ");
}

}  // namespace
}  // namespace muniment::index
