#include "ingest/barcode_rules.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::ingest {
namespace {

using Documents = std::vector<std::vector<std::int32_t>>;

// A page a text: its barcodes, separated by "|"; "-" is a page without any, "" a blank one.
Documents split(const std::vector<std::string>& pages, const BarcodeRules& rules = {}) {
  std::vector<PageMarks> marks;
  for (const std::string& page : pages) {
    PageMarks mark;
    mark.blank = page.empty();
    std::size_t at = 0;
    while (at < page.size() && page != "-") {
      const std::size_t end = std::min(page.find('|', at), page.size());
      mark.barcodes.push_back({"QRCode", page.substr(at, end - at)});
      at = end + 1;
    }
    marks.push_back(std::move(mark));
  }
  return documents_in_stack(marks, rules);
}

BarcodeMeaning meaning(const std::vector<std::string>& texts, const BarcodeRules& rules) {
  std::vector<storage::Barcode> barcodes;
  for (const std::string& text : texts) barcodes.push_back({"Code39", text});
  return meaning_of(barcodes, rules);
}

BarcodeRules usual() {
  BarcodeRules rules;
  rules.tags = {BarcodePattern::parse("TAG:*")};
  rules.types = {BarcodePattern::parse("TYPE:*"), BarcodePattern::parse("INV-*=Invoice")};
  rules.classes = {BarcodePattern::parse("CLASS:*")};
  rules.fields = {FieldPattern::parse("FIELD:*"), FieldPattern::parse("CC-* > cost-centre"),
                  FieldPattern::parse("PAID=yes>paid")};
  return rules;
}

TEST(BarcodeRules, NothingToSplit) {
  EXPECT_EQ(split({"-"}), Documents{});
  EXPECT_EQ(split({"-", "4006381333931", "-"}), Documents{}) << "a foreign barcode";
  EXPECT_EQ(split({"ASN00001", "-", "-"}), Documents{}) << "one document with a number";
  EXPECT_EQ(split({"PATCHT"}), Documents{}) << "nothing but a sheet stays what it is";
  EXPECT_EQ(split({"PATCHT", "", "PATCHT"}), Documents{});
}

TEST(BarcodeRules, SheetsStandBetweenDocuments) {
  EXPECT_EQ(split({"-", "PATCHT", "-", "-"}), (Documents{{1}, {3, 4}}));
  EXPECT_EQ(split({"PATCHT", "-", "PATCHT"}), (Documents{{2}})) << "no empty documents, and the sheets are left out";
  EXPECT_EQ(split({"-", "PATCHT", "PATCHT", "-"}), (Documents{{1}, {4}})) << "printed on both sides";
  EXPECT_EQ(split({"-", "", "PATCHT", "", "-", ""}), (Documents{{1, 2}, {5, 6}})) << "the sheet's blank back goes too";
  BarcodeRules rules;
  rules.separators = {"END", "NEXT"};
  EXPECT_EQ(split({"-", "NEXT", "-", " END ", "-", "PATCHT"}, rules), (Documents{{1}, {3}, {5, 6}}));
  rules.keep_separators = true;
  EXPECT_EQ(split({"-", "NEXT", "-"}, rules), (Documents{{1}, {2, 3}}));
}

TEST(BarcodeRules, NumbersStartDocuments) {
  EXPECT_EQ(split({"-", "ASN1", "-", "ASN2"}), (Documents{{1}, {2, 3}, {4}}));
  EXPECT_EQ(split({"ASN1", "ASN1", "ASN2", "ASN0002"}), (Documents{{1, 2}, {3, 4}})) << "the same label on every page";
  EXPECT_EQ(split({"-", "PATCHT|ASN7", "-"}), (Documents{{1}, {2, 3}})) << "a page with a number is no mere sheet";
  EXPECT_EQ(split({"ASN1", "PATCHT", "ASN1"}), (Documents{{1}, {3}})) << "a sheet separates in any case";
  EXPECT_EQ(split({"-", "ASN4294967296", "-"}), Documents{}) << "what cannot be a number starts nothing";
  EXPECT_EQ(split({"-", "ASNX-17", "-"}), Documents{});
}

TEST(BarcodeRules, TagsStartDocumentsByRuleOnly) {
  BarcodeRules rules = usual();
  EXPECT_EQ(split({"-", "TAG:a", "-", "TAG:b"}, rules), Documents{});
  rules.tags_start_documents = true;
  EXPECT_EQ(split({"-", "TAG:a", "-", "TAG:b"}, rules), (Documents{{1}, {2, 3}, {4}}));
}

TEST(BarcodeRules, BlankPagesGoByRuleOnly) {
  BarcodeRules rules;
  EXPECT_EQ(split({"-", "", "-", ""}, rules), Documents{});
  rules.drop_blank_pages = true;
  EXPECT_EQ(split({"-", "", "-", ""}, rules), (Documents{{1, 3}}));
  EXPECT_EQ(split({"", ""}, rules), Documents{}) << "blank all over: kept";
}

TEST(BarcodeRules, NumbersAreReadLiberallyAndStrangersPassedOver) {
  const BarcodeRules rules = usual();
  EXPECT_EQ(meaning({"ASN00123"}, rules).serial, (SerialLabel{"ASN00123", 123}));
  EXPECT_EQ(meaning({"ASN 000123"}, rules).serial, (SerialLabel{"ASN 000123", 123}));
  EXPECT_EQ(meaning({"ASN0"}, rules).serial, (SerialLabel{"ASN0", 0}));
  EXPECT_EQ(meaning({"ASN4294967295"}, rules).serial, (SerialLabel{"ASN4294967295", 4294967295}));
  EXPECT_EQ(meaning({"ASN4294967296"}, rules).serial, (SerialLabel{"ASN4294967296", {}}));
  EXPECT_EQ(meaning({"ASN99999999999999999999"}, rules).serial->number, std::nullopt);
  EXPECT_EQ(meaning({"ASN99999999999", "ASN5"}, rules).serial, (SerialLabel{"ASN5", 5}));
  EXPECT_EQ(meaning({"ASN", "ASNABC", "ASN12B", "XASN12", "asn12"}, rules).serial, std::nullopt);
  BarcodeRules none = usual();
  none.serial_prefix.clear();
  EXPECT_EQ(meaning({"123"}, none).serial, std::nullopt);
}

TEST(BarcodeRules, ValuesComeFromPatterns) {
  const BarcodeMeaning found =
      meaning({"TAG:tax, 2024", "tag:tax", "INV-2024-17", "TYPE:Letter", "CLASS:3.2", "TAG:", "TAG: ,"}, usual());
  EXPECT_EQ(found.tags, (std::vector<std::string>{"tax", "2024"}));
  EXPECT_EQ(found.type, "Invoice") << "the first one counts";
  EXPECT_EQ(found.class_code, "3.2");
}

TEST(BarcodeRules, FieldsComeByKeyOrByPattern) {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(meaning({"FIELD:project = North = South", "CC-4711", "cc-9", "paid"}, usual()).fields,
            (Fields{{"project", "North = South"}, {"cost-centre", "4711"}, {"paid", "yes"}}))
      << "the first one counts";
  EXPECT_EQ(meaning({"FIELD:", "FIELD:project", "FIELD:=x", "FIELD:a=", "CC-"}, usual()).fields, Fields{});
  EXPECT_THROW(FieldPattern::parse("CC- > cost-centre"), core::Error);
}

TEST(BarcodeRules, PatternsAreChecked) {
  EXPECT_EQ(BarcodePattern::parse("[*]").value_of("[ a  b ]"), "a b");
  EXPECT_EQ(BarcodePattern::parse("[*]").value_of("[]"), std::nullopt);
  EXPECT_EQ(BarcodePattern::parse("STAMP=Received").value_of("stamp"), "Received");
  EXPECT_EQ(BarcodePattern::parse("STAMP=Received").value_of("stamps"), std::nullopt);
  for (const char* wrong : {"TAG:", "*a*", "", "=x"}) EXPECT_THROW(BarcodePattern::parse(wrong), core::Error) << wrong;
}

}  // namespace
}  // namespace muniment::ingest
