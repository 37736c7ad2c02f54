#include "index/word_matcher.h"

#include <gtest/gtest.h>

namespace muniment::index {
namespace {

std::vector<std::string> hits(const std::string& query, const std::string& text) {
  WordMatcher matcher(parse_query(query), {"eng", "swe"});
  std::vector<std::string> found;
  for (const TextHit& hit : matcher.hits(text)) found.push_back(text.substr(hit.begin, hit.end - hit.begin));
  return found;
}

using Texts = std::vector<std::string>;

TEST(WordMatcher, AgreesWithTheSearch) {
  EXPECT_EQ(hits("invoice", "Invoices and INVOICE, in voice"), (Texts{"Invoices", "INVOICE"}));
  EXPECT_EQ(hits("fakturor", "En faktura till"), (Texts{"faktura"}));
  EXPECT_EQ(hits("\"invoice\"", "Invoices and invoice"), (Texts{"invoice"}));
  EXPECT_EQ(hits("fakt*", "Faktum faktura"), (Texts{"Faktum", "faktura"}));
  EXPECT_EQ(hits("\"thirty days\"", "thirty days, thirty long days"), (Texts{"thirty days"}));
  EXPECT_EQ(hits("café", "Cafe"), (Texts{"Cafe"}));
  EXPECT_TRUE(hits("ön", "on").empty());
}

TEST(WordMatcher, FindsCodesHoweverTheyAreWritten) {
  EXPECT_EQ(hits("INV-2024/0042", "nr INV-2024/0042."), (Texts{"INV-2024/0042"}));
  EXPECT_EQ(hits("5566778899", "org 556677-8899"), (Texts{"556677-8899"}));
  EXPECT_EQ(hits("1234,50", "Summa 1 234,50 kr"), (Texts{"1 234,50"}));
}

TEST(WordMatcher, WhatIsExcludedOrOfAnotherFieldIsNotMarked) {
  EXPECT_EQ(hits("rent -deposit tag:rent2", "rent deposit rent2"), (Texts{"rent"}));
}

TEST(WordMatcher, ASnippetShowsTheDensestPlace) {
  WordMatcher matcher(parse_query("alpha beta"), {"eng"});
  const std::string text =
      "alpha " + std::string(50, 'x') + " " + std::string(300, 'y') + " then alpha and beta together at the end";
  const auto parts = matcher.snippet(text, 60);
  std::string shown;
  int marked = 0;
  for (const SnippetPart& part : parts) {
    shown += part.text;
    marked += part.hit;
  }
  EXPECT_NE(shown.find("alpha and beta"), std::string::npos) << shown;
  EXPECT_EQ(marked, 2);
  EXPECT_TRUE(matcher.snippet("nothing here", 60).empty());
}

}  // namespace
}  // namespace muniment::index
