#include "ingest/barcode_setting.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "storage/audit.h"
#include "tests/support/test_archive.h"

namespace muniment::ingest {
namespace {

using testing::kTester;

TEST(BarcodeSetting, WhatPeopleSetHoldsUntilTheyGoBack) {
  testing::TestArchive archive;
  BarcodeRules configured;
  configured.tags = {BarcodePattern::parse("TAG:*")};
  configured.fields = {FieldPattern::parse("CC-* > cost-centre")};
  auto tx = archive.database.begin(kTester);
  EXPECT_FALSE(barcode_setting(tx, configured).is_set);
  BarcodeRules wanted = configured;
  wanted.separators = {"NEXT"};
  wanted.types = {BarcodePattern::parse("INV-*=Invoice")};
  set_barcode_rules(tx, configured, 1, wanted);
  EXPECT_THROW(set_barcode_rules(tx, configured, 1, wanted), core::Error) << "changed meanwhile";
  const BarcodeSetting set = barcode_setting(tx, configured);
  EXPECT_TRUE(set.is_set);
  EXPECT_EQ(set.version, 2);
  EXPECT_EQ(set.rules.separators, std::vector<std::string>{"NEXT"});
  EXPECT_EQ(set.rules.types.at(0).value_of("INV-17"), "Invoice");
  EXPECT_EQ(set.rules.tags.at(0).text(), "TAG:*");
  EXPECT_EQ(set.rules.fields.at(0).text(), "CC-* > cost-centre");
  EXPECT_EQ(set.rules.fields.at(0).key, "cost-centre");
  forget_barcode_rules(tx, configured, 2);
  EXPECT_FALSE(barcode_setting(tx, configured).is_set);
  EXPECT_EQ(barcode_setting(tx, configured).version, 3);
  EXPECT_EQ(barcode_setting(tx, configured).rules.separators, std::vector<std::string>{"PATCHT"});
  const auto entries = storage::list_audit(tx, {}, 0, 10);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].action, "barcodes.rules_set");
  EXPECT_NE(entries[1].detail.find("INV-*=Invoice"), std::string::npos) << entries[1].detail;
}

TEST(BarcodeSetting, NothingUnreasonableIsSet) {
  testing::TestArchive archive;
  auto tx = archive.database.begin(kTester);
  BarcodeRules rules;
  rules.separators = {" "};
  EXPECT_THROW(set_barcode_rules(tx, {}, 1, rules), core::Error);
  rules.separators.assign(101, "NEXT");
  EXPECT_THROW(set_barcode_rules(tx, {}, 1, rules), core::Error);
  rules.separators = {};
  rules.serial_prefix = "A\nB";
  EXPECT_THROW(set_barcode_rules(tx, {}, 1, rules), core::Error);
  rules.serial_prefix.clear();
  rules.fields = {FieldPattern::parse("CC-* > nosuch")};
  EXPECT_THROW(set_barcode_rules(tx, {}, 1, rules), core::Error) << "no such field";
  rules.fields = {FieldPattern::parse("FIELD:*")};
  EXPECT_NO_THROW(set_barcode_rules(tx, {}, 1, rules)) << "neither sheets nor numbers";
}

}  // namespace
}  // namespace muniment::ingest
