#include "storage/page_layer.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::storage {
namespace {

PageLayer two_lines() {
  PageLayer layer;
  layer.width = 5950;
  layer.height = 8420;
  layer.rotation = 90;
  layer.source = TextSource::ocr;
  layer.mean_confidence = 91;
  layer.language = "swe";
  layer.lines = {Line{{Word{{10, 20, 300, 90}, 95, "Räkning"}, Word{{330, 18, 120, 92}, 88, "nr"}}, true},
                 Line{{Word{{-5, 140, 80, 90}, 70, "4711"}}, false}};
  layer.barcodes = {{"Code39", "ASN00123"}, {"QRCode", "https://example.org/å"}};
  return layer;
}

TEST(PageLayer, SurvivesEncoding) {
  EXPECT_EQ(decode_page_layer(encode(two_lines())), two_lines());
  EXPECT_EQ(decode_page_layer(encode(PageLayer{})), PageLayer{});
}

TEST(PageLayer, TextKeepsLinesAndParagraphs) {
  PageLayer layer = two_lines();
  EXPECT_EQ(layer.text(), "Räkning nr\n4711");
  layer.lines[1].starts_paragraph = true;
  EXPECT_EQ(layer.text(), "Räkning nr\n\n4711");
}

TEST(PageLayer, WhatIsMoreThanALayerMayHoldIsCutOffItsEnd) {
  PageLayer layer = two_lines();
  EXPECT_FALSE(cut_to_limits(layer));
  EXPECT_EQ(layer, two_lines());

  for (const std::string& text : {std::string("å"), std::string(4096, 'x')}) {
    PageLayer large = two_lines();
    const Word word{{0, 0, 70'000, 70'000}, 100, text};
    while (large.lines.size() < 30'000) large.lines.push_back(Line{std::vector<Word>(10, word), true});
    EXPECT_TRUE(cut_to_limits(large));
    EXPECT_EQ(large.lines.front(), two_lines().lines.front());
    EXPECT_EQ(decode_page_layer(encode(large)), large) << "what is left must be stored as it is";
    EXPECT_FALSE(cut_to_limits(large));
    std::size_t words = 0;
    for (const Line& line : large.lines) words += line.words.size();
    EXPECT_GE(words, text.size() < 10 ? kMaxWordsPerPage : kMaxLayerBytes / 2 / text.size()) << "no more than needed";
  }

  PageLayer one_line;
  one_line.lines = {Line{std::vector<Word>(kMaxWordsPerPage + 5, Word{{}, 100, "x"}), false}};
  EXPECT_TRUE(cut_to_limits(one_line));
  EXPECT_EQ(one_line.lines.at(0).words.size(), kMaxWordsPerPage);
}

TEST(PageLayer, EveryCutIsRefused) {
  const std::string whole = encode(two_lines());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(decode_page_layer(whole.substr(0, size)), core::Error) << size;
  }
  EXPECT_THROW(decode_page_layer("\x02" + whole.substr(1)), core::Error);
}

}  // namespace
}  // namespace muniment::storage
