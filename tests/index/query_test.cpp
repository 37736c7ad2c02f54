#include "index/query.h"

#include <gtest/gtest.h>

namespace muniment::index {
namespace {

std::string shown(const QueryNode& node) {
  std::string text;
  switch (node.kind) {
    case QueryNode::Kind::words:
    case QueryNode::Kind::prefix:
      for (const std::string& word : node.words) text += (text.empty() ? "" : "_") + word;
      if (node.kind == QueryNode::Kind::prefix) text += "*";
      if (node.quoted) text = "\"" + text + "\"";
      break;
    case QueryNode::Kind::dates:
      return (node.from ? core::to_iso(*node.from) : "") + ".." + (node.through ? core::to_iso(*node.through) : "");
    case QueryNode::Kind::none_of:
      return "!" + shown(node.children.front());
    case QueryNode::Kind::all_of:
    case QueryNode::Kind::any_of:
      for (const QueryNode& child : node.children) {
        text += (text.empty() ? "" : node.kind == QueryNode::Kind::all_of ? " & " : " | ") + shown(child);
      }
      return "(" + text + ")";
  }
  if (node.field != QueryField::none) text = std::to_string(static_cast<int>(node.field)) + ":" + text;
  return text;
}

std::string parsed(std::string_view text) {
  const ParsedQuery query = parse_query(text);
  return query.root ? shown(*query.root) : "";
}

TEST(Query, WordsPhrasesAndOperators) {
  EXPECT_EQ(parsed("hyra lokal"), "(hyra & lokal)");
  EXPECT_EQ(parsed("\"thirty days\" rent"), "(\"thirty_days\" & rent)");
  EXPECT_EQ(parsed("a AND b OR c"), "((a & b) | c)");
  EXPECT_EQ(parsed("a (b OR c) -d"), "(a & (b | c) & !d)");
  EXPECT_EQ(parsed("a NOT b"), "(a & !b)");
  EXPECT_EQ(parsed("faktur*"), "faktur*");
}

TEST(Query, CodesAndAmountsArePhrasesAndOneWord) {
  for (const auto& [text, words, code] :
       std::vector<std::tuple<std::string, std::string, std::string>>{{"INV-2024/0042", "inv_2024_0042", "inv20240042"},
                                                                      {"556677-8899", "556677_8899", "5566778899"},
                                                                      {"+46 8 123", "46_8_123", "468123"},
                                                                      {"1 234,50", "1_234_50", "123450"}}) {
    const ParsedQuery query = parse_query(text);
    ASSERT_TRUE(query.root) << text;
    EXPECT_EQ(shown(*query.root), words) << text;
    EXPECT_EQ(query.root->code, code) << text;
  }
}

TEST(Query, FieldsOfTheOrganisation) {
  const ParsedQuery query = parse_query("Field.Cost-Centre:\"north shore\" field:x field.:y");
  ASSERT_TRUE(query.root);
  const QueryNode& node = query.root->children.front();
  EXPECT_EQ(node.field, QueryField::custom);
  EXPECT_EQ(node.key, "cost-centre");
  EXPECT_EQ(node.words, (std::vector<std::string>{"north", "shore"}));
  EXPECT_FALSE(node.from);
  EXPECT_EQ(query.chips.front().field, "field.cost-centre");
  EXPECT_EQ(query.root->children.back().field, QueryField::none);
  const ParsedQuery dates = parse_query("field.due:2026-03..");
  EXPECT_EQ(dates.root->from, core::parse_iso_date("2026-03-01"));
  EXPECT_FALSE(dates.root->through);
  const ParsedQuery numbers = parse_query("field.amount:-1,50..2000");
  EXPECT_EQ(numbers.root->least, "-1.50");
  EXPECT_EQ(numbers.root->most, "2000");
  EXPECT_FALSE(parse_query("field.project:12a..13").root->least);
}

TEST(Query, Dates) {
  EXPECT_EQ(parsed("created:2024"), "2024-01-01..2024-12-31");
  EXPECT_EQ(parsed("created:2024-03..2024-06"), "2024-03-01..2024-06-30");
  EXPECT_EQ(parsed("added:2024-02-29.."), "2024-02-29..");
  EXPECT_EQ(parsed("created:..2023"), "..2023-12-31");
  const ParsedQuery odd = parse_query("created:soon");
  EXPECT_EQ(odd.warnings, std::vector<std::string>{"bad_date"});
  EXPECT_TRUE(odd.root) << "taken for words";
}

TEST(Query, FieldsBecomeChips) {
  const ParsedQuery query = parse_query("tag:\"viktig sak\" -type:faktura hej");
  ASSERT_EQ(query.chips.size(), 3u);
  EXPECT_EQ(query.chips[0].field, "tag");
  EXPECT_EQ(query.chips[0].value, "viktig sak");
  EXPECT_TRUE(query.chips[1].negated);
  EXPECT_EQ(query.chips[2].field, "");
  EXPECT_TRUE(query.implicit_words);
  EXPECT_FALSE(parse_query("a AND b").implicit_words);
}

TEST(Query, NothingIsAnError) {
  for (const char* text : {"",         "   ",      "(",         ")",
                           "\"",       "-",        "--",        "AND",
                           "OR OR",    "NOT",      "a OR",      "((((((((((((((((((((a",
                           "a)) b",    "*",        "-*",        "title:",
                           "title:\"", "h52.1 -",  ":x",        "http://x.y/z",
                           "a AND (",  "\xFF\xFE", "NOT NOT a", "created:",
                           "-(a b)"}) {
    EXPECT_NO_THROW(parse_query(text)) << text;
  }
  EXPECT_EQ(parsed("((((((((((((((((((((a"), parsed("((((((((((((((((((((a"));
  EXPECT_EQ(parse_query(std::string(10'000, 'a')).warnings, std::vector<std::string>{"too_long"});
  EXPECT_EQ(parse_query("frm:acme").warnings, std::vector<std::string>{"unknown_field"});
  EXPECT_EQ(parsed("a)) b"), "(a & b)");
}

TEST(Query, AValueThatHasAndIsDoNotKnowIsWarnedOf) {
  for (const char* text :
       {"is:foo", "has:foo", "-is:unread", "has:signed", "related:lease", "related:12-13", "is:answers"}) {
    EXPECT_EQ(parse_query(text).warnings, std::vector<std::string>{"unknown_value"}) << text;
  }
  for (const char* text : {"is:low-confidence", "is:Needs_Password", "has:correspondent", "is:no-text", "is:ready",
                           "has:answers", "is:superseded", "related:12"}) {
    EXPECT_TRUE(parse_query(text).warnings.empty()) << text;
  }
}

}  // namespace
}  // namespace muniment::index
