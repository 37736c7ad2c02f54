#include "ingest/paper_sketch.h"

#include <string>

#include <gtest/gtest.h>

namespace muniment::ingest {
namespace {

const std::string kLetter =
    "Dear tenant, the rent for the apartment in Harbour Street 12 rises by 250 kronor from the first of January 2027. "
    "Whoever does not agree writes to the landlord before the 30th of November. Reference 4711-3, account 5050-1055. "
    "With kind regards, the housing company of the city, department of contracts and complaints.";

std::string misread(std::string text) {
  for (const auto& [right, wrong] : {std::pair<std::string, std::string>{"Harbour", "Harb0ur"},
                                     {"landlord", "Iandlord"},
                                     {"contracts", "contrac.ts"},
                                     {"regards", "regarde"}}) {
    text.replace(text.find(right), right.size(), wrong);
  }
  return text;
}

std::size_t shared(const std::string& text, const std::string& other) {
  const auto one = paper_sketch(text);
  const auto two = paper_sketch(other);
  std::size_t count = 0;
  for (std::size_t i = 0; i < one.size() && i < two.size(); ++i) count += one[i] == two[i] ? 1 : 0;
  return count;
}

TEST(PaperSketch, ASecondScanIsTheSamePaper) {
  EXPECT_GE(shared(kLetter, misread(kLetter)), 1U);
  EXPECT_TRUE(resemblance(kLetter, misread(kLetter)).same_paper());
  EXPECT_EQ(shared(kLetter, kLetter), 16U);
}

TEST(PaperSketch, TheSameFormWithOtherNumbersIsNot) {
  std::string next = kLetter;
  for (const auto& [was, is] : {std::pair<std::string, std::string>{"12", "14"},
                                {"250", "310"},
                                {"2027", "2028"},
                                {"30th", "15th"},
                                {"4711-3", "4712-9"}}) {
    next.replace(next.find(was), was.size(), is);
  }
  const Resemblance found = resemblance(kLetter, next);
  EXPECT_GT(found.words, 0.9);
  EXPECT_FALSE(found.same_paper());
}

TEST(PaperSketch, OtherPapersShareNothing) {
  EXPECT_EQ(shared(kLetter,
                   "The committee met on Tuesday and approved the minutes of the last meeting; the chairman "
                   "thanked everybody who had taken part in planting the trees along the avenue."),
            0U);
  EXPECT_TRUE(paper_sketch("Too few words").empty());
  EXPECT_TRUE(paper_sketch("").empty());
}

}  // namespace
}  // namespace muniment::ingest
