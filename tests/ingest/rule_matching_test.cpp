#include "ingest/rule_matching.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::ingest {
namespace {

using storage::FilingField;
using storage::FilingRuleTerms;
using storage::RuleKind;

bool agrees(RuleKind kind, const std::string& rule, const std::string& text) {
  return RuleText(text).agrees({FilingField::type, 1, kind, rule, false});
}

TEST(RuleMatching, AnyWordIsEnough) {
  EXPECT_TRUE(agrees(RuleKind::any, "hyra faktura", "Er FAKTURA, mars"));
  EXPECT_FALSE(agrees(RuleKind::any, "hyra faktura", "Fakturan är betald"));  // another word
  EXPECT_TRUE(agrees(RuleKind::any, "\"Malmö stad\" x", "Till\nMALMÖ  Stad"));
  EXPECT_FALSE(agrees(RuleKind::any, "\"Malmö stad\" x", "stad i Malmö"));
  EXPECT_FALSE(agrees(RuleKind::any, "...", "..."));
}

TEST(RuleMatching, AllWordsInAnyOrder) {
  EXPECT_TRUE(agrees(RuleKind::all, "invoice rent", "The rent: see invoice 7"));
  EXPECT_FALSE(agrees(RuleKind::all, "invoice rent", "See invoice 7"));
  EXPECT_FALSE(agrees(RuleKind::all, "", "anything"));
}

TEST(RuleMatching, ExactWordsFollowEachOther) {
  EXPECT_TRUE(agrees(RuleKind::exact, "org.nr 556016-0680", "ORG.NR: 556016-0680"));
  EXPECT_FALSE(agrees(RuleKind::exact, "rent due", "rent is due"));
}

TEST(RuleMatching, PatternsSeeTheTextAsItIs) {
  EXPECT_TRUE(agrees(RuleKind::pattern, R"(inv-\d{4}\b)", "No. INV-2026"));
  EXPECT_FALSE(agrees(RuleKind::pattern, R"(inv-\d{4}\b)", "INV 2026"));
  EXPECT_TRUE(agrees(RuleKind::pattern, "förfall(er|odag)", "FÖRFALLODAG 2026-03-01"));
}

TEST(RuleMatching, AHostilePatternEnds) {
  const std::string text(kMostRuleText, 'a');
  EXPECT_FALSE(agrees(RuleKind::pattern, "(a+)+(a+)+(a+)+b$", text));
  EXPECT_THROW(require_pattern("(a"), core::Error);
  EXPECT_THROW(require_pattern("((a{1,1000}){1,1000}){1,1000}"), core::Error);
  EXPECT_THROW(require_pattern(R"((a)\1)"), core::Error);
  EXPECT_NO_THROW(require_pattern(R"(^faktura\s+\d+)"));
}

TEST(RuleMatching, FuzzyForgivesATenthOfTheLetters) {
  EXPECT_TRUE(agrees(RuleKind::fuzzy, "Vattenfall Kundservice AB", "Från Vattenfal1 Kundservlce AB, Stockholm"));
  EXPECT_TRUE(agrees(RuleKind::fuzzy, "Vattenfall Kundservice AB", "VATTENFALL KUNDSERVICE AB"));
  EXPECT_FALSE(agrees(RuleKind::fuzzy, "Vattenfall Kundservice AB", "Vattenfall, avdelning Norr"));
  EXPECT_FALSE(agrees(RuleKind::fuzzy, "", "anything"));
}

TEST(RuleMatching, OnlyTheRulesThatAgreeAreLeft) {
  std::vector<storage::FilingRule> rules(2);
  rules[0].id = 1;
  rules[0].terms.text = "rent";
  rules[1].id = 2;
  rules[1].terms.text = "lease";
  const auto matching = matching_rules(rules, "A lease.");
  ASSERT_EQ(matching.size(), 1U);
  EXPECT_EQ(matching[0].id, 2);
}

}  // namespace
}  // namespace muniment::ingest
