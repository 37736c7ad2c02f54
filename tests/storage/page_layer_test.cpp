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

TEST(PageLayer, EveryCutIsRefused) {
  const std::string whole = encode(two_lines());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(decode_page_layer(whole.substr(0, size)), core::Error) << size;
  }
  EXPECT_THROW(decode_page_layer("\x02" + whole.substr(1)), core::Error);
}

}  // namespace
}  // namespace muniment::storage
