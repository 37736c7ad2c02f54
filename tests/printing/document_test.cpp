#include "printing/document.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::printing {
namespace {

DocumentHead head() {
  return {"Intyg om förstörelse", "Muniment", core::from_microseconds(1'764'000'000'000'000), false};
}

// What the page tree says; version 1.4 has it in plain text.
std::size_t pages_of(const std::string& pdf) {
  const auto at = pdf.find("/Count ");
  return at == std::string::npos ? 0 : std::stoul(pdf.substr(at + 7));
}

Document example(std::size_t rows) {
  Document document(head());
  document.heading(1, "Registret");
  document.paragraph("Ordinary words, svenska ord, ελληνικά, עברית, 日本語.");
  document.pairs({{"Number", "17"}, {"Left out", ""}});
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < rows; ++i) cells.push_back({std::to_string(i), "A title of the record"});
  document.table({{"Id", 1, true}, {"Title", 4}}, std::move(cells));
  return document;
}

TEST(PrintedDocument, TheSameContentsMakeTheSameBytes) {
  const std::string pdf = example(100).pdf();
  EXPECT_TRUE(pdf.starts_with("%PDF-1."));
  EXPECT_EQ(pdf, example(100).pdf());
  EXPECT_NE(pdf, example(99).pdf());
}

TEST(PrintedDocument, ATableGoesOnOverAsManyPagesAsItNeeds) {
  EXPECT_EQ(pages_of(example(3).pdf()), 1u);
  const std::size_t pages = pages_of(example(400).pdf());
  EXPECT_GT(pages, 5u);
  EXPECT_LT(pages, 20u);
}

TEST(PrintedDocument, ACellTallerThanAPageIsBroken) {
  std::string long_text;
  for (int i = 0; i < 4000; ++i) long_text += "word ";
  Document document(head());
  document.table({{"A", 1}, {"B", 1}}, {{long_text, "short"}});
  document.paragraph(long_text);
  EXPECT_GT(pages_of(document.pdf()), 3u);
}

TEST(PrintedDocument, MalformedTextIsRepairedAndAnEmptyDocumentHasOnePage) {
  Document document(head());
  document.paragraph(std::string("broken \xff\xfe bytes\0and nul", 25));
  EXPECT_EQ(pages_of(document.pdf()), 1u);
  EXPECT_EQ(pages_of(Document(head()).pdf()), 1u);
}

TEST(PrintedDocument, ARowMustFitItsColumns) {
  Document document(head());
  EXPECT_THROW(document.table({{"A", 1}}, {{"one", "two"}}), core::Error);
}

}  // namespace
}  // namespace muniment::printing
