#include "scanners/scan_plan.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace muniment::scanners {
namespace {

using storage::ScanPage;

// One letter a page: "." is blank, "s" begins a document by hand, "n" is blank but begins none, "b" is a back, "|" is a
// separator sheet, "1" and "2" bear that serial number, "j" is joined to the page before by hand, "-" thrown away, "k"
// a blank page and "K" a separator sheet that were put back.
std::vector<ScanPage> pages(std::string_view letters) {
  std::vector<ScanPage> all;
  for (const char letter : letters) {
    ScanPage page;
    page.id = static_cast<std::int64_t>(all.size()) + 1;
    page.blank = letter == '.' || letter == 'n';
    if (letter == 's') page.starts = true;
    if (letter == 'n') page.starts = false;
    if (letter == 'b') page.pass = 2;
    if (letter == '|' || letter == 'K') page.barcodes = {"a parcel", "PATCHT"};
    if (letter == '1' || letter == '2') page.barcodes = {std::string("ASN000") + letter};
    if (letter == 'j') page.starts = false;
    if (letter == 'k') page.blank = true;
    if (letter == '-') page.kept = false;
    if (letter == 'k' || letter == 'K') page.kept = true;
    all.push_back(page);
  }
  return all;
}

// "1,2|4": the pages of each document.
std::string parted(std::string_view letters, const ScanPlan& plan, bool all_there = true) {
  std::string text;
  for (const DocumentPages& document : documents_of(pages(letters), plan, ingest::BarcodeRules(), all_there)) {
    if (!text.empty()) text += '|';
    for (const ScanPage& page : document.pages) {
      if (&page != &document.pages.front()) text += ',';
      text += std::to_string(page.id);
    }
  }
  return text;
}

ScanPlan with(Parting parting, int count = 1, bool drop_blank = false) {
  ScanPlan plan;
  plan.parting = parting;
  plan.pages_per_document = count;
  plan.drop_blank = drop_blank;
  return plan;
}

TEST(ScanPlan, PagesArePartedAsThePlanAndPeopleSay) {
  EXPECT_EQ(parted("", with(Parting::none)), "");
  EXPECT_EQ(parted("xx.x", with(Parting::none)), "1,2,3,4");
  EXPECT_EQ(parted("xx.x", with(Parting::none, 1, true)), "1,2,4");
  EXPECT_EQ(parted("xxsx", with(Parting::none)), "1,2|3,4");
  EXPECT_EQ(parted("xxxxx", with(Parting::count, 2)), "1,2|3,4|5");
  EXPECT_EQ(parted("xxsxxx", with(Parting::count, 2)), "1,2|3,4|5,6");
  EXPECT_EQ(parted("xsxxx", with(Parting::count, 2)), "1|2,3|4,5") << "counting begins anew";
  EXPECT_EQ(parted("x.x.", with(Parting::count, 2, true)), "1|3") << "blank backs count";
  EXPECT_EQ(parted("xx.x", with(Parting::blank)), "1,2|4");
  EXPECT_EQ(parted(".x..x.", with(Parting::blank)), "2|5");
  EXPECT_EQ(parted("xnx", with(Parting::blank)), "1,2,3") << "a blank page that parts nothing stays";
  EXPECT_EQ(parted("...", with(Parting::blank)), "");
}

TEST(ScanPlan, SheetsPartPagesWhateverThePlanSays) {
  EXPECT_EQ(parted("xx|x", with(Parting::none)), "1,2|4");
  EXPECT_EQ(parted("|xx||x|", with(Parting::none)), "2,3|6");
  EXPECT_EQ(parted("x|.x", with(Parting::none)), "1|4") << "the sheet's blank back";
  EXPECT_EQ(parted("x1x22x", with(Parting::none)), "1|2,3|4,5,6");
  EXPECT_EQ(parted("xxx|xxx", with(Parting::count, 2)), "1,2|3|5,6|7") << "counting begins anew";
  EXPECT_EQ(parted("|", with(Parting::none)), "1") << "a sheet alone stays what it is";
  EXPECT_EQ(parted("xx|x", with(Parting::none), false), "1,2");
}

TEST(ScanPlan, WhatIsDecidedByHandHolds) {
  EXPECT_EQ(parted("xx|jx", with(Parting::none)), "1,2,4,5");
  EXPECT_EQ(parted("x-x", with(Parting::none)), "1,3");
  EXPECT_EQ(parted("x--", with(Parting::none)), "1");
  EXPECT_EQ(parted("xkx.", with(Parting::none, 1, true)), "1,2,3") << "put back";
  EXPECT_EQ(parted("xKx", with(Parting::none)), "1,2|3") << "put back, it still parts";
}

TEST(ScanPlan, WhatAPersonPartedIsKnown) {
  const auto by_hand = [](std::string_view letters) {
    std::string marks;
    for (const auto& document : documents_of(pages(letters), with(Parting::none), {}, true)) {
      marks += document.parted_by_hand ? 'h' : '-';
    }
    return marks;
  };
  EXPECT_EQ(by_hand("xx|x"), "--");
  EXPECT_EQ(by_hand("x|x|jx|x"), "-h-");
  EXPECT_EQ(by_hand("xKx"), "h-") << "a sheet that was put back";
  EXPECT_EQ(by_hand("xsx"), "-h") << "where it begins was set";
}

TEST(ScanPlan, SheetsMeanNothingWhenBarcodesAreNotRead) {
  ingest::BarcodeRules rules;
  rules.read = false;
  EXPECT_EQ(documents_of(pages("x|x"), with(Parting::none), rules, true).size(), 1U);
}

TEST(ScanPlan, WhatMayStillGrowIsNotComplete) {
  EXPECT_EQ(parted("xxx", with(Parting::count, 2), false), "1,2");
  EXPECT_EQ(parted("xxxx", with(Parting::count, 2), false), "1,2|3,4");
  EXPECT_EQ(parted("xx.x", with(Parting::blank), false), "1,2");
  EXPECT_EQ(parted("xxx", with(Parting::none), false), "");
}

TEST(ScanPlan, EveryPageGoesWithADocument) {
  const auto documents = documents_of(pages("||.x|.-x.."), with(Parting::blank), {}, true);
  std::vector<std::int64_t> spent;
  for (const auto& document : documents) spent.insert(spent.end(), document.spent.begin(), document.spent.end());
  std::sort(spent.begin(), spent.end());
  EXPECT_EQ(spent, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(ScanPlan, BacksComeFromLastToFirst) {
  EXPECT_EQ(collated(pages("xxxbbb")), (std::vector<std::int64_t>{1, 6, 2, 5, 3, 4}));
  EXPECT_EQ(collated(pages("xxxbb")), (std::vector<std::int64_t>{1, 5, 2, 4, 3}));
  EXPECT_EQ(collated(pages("xbb")), (std::vector<std::int64_t>{1, 2, 3})) << "too many backs stay as they came";
}

TEST(ScanPlan, IsTheSameAfterItWasKept) {
  ScanPlan plan = with(Parting::blank, 7, true);
  plan.settings = {PaperSource::feeder_duplex, ColourMode::colour,  200, "legal",
                   ScanArea{1, 2, 30, 40},     {{"contrast", "10"}}};
  plan.file_at_once = true;
  plan.folder_id = 12;
  plan.tag_ids = {3, 4};
  EXPECT_EQ(plan_from_json(to_json(plan)), plan);
  EXPECT_THROW(plan_from_json("{}"), core::Error);
  EXPECT_THROW(plan_from_json("no"), core::Error);
}

TEST(ScanPlan, RefusesWhatCannotBe) {
  ScanPlan plan;
  require_sound(plan);
  for (const auto& spoil :
       {+[](ScanPlan& p) { p.settings.resolution = 20; }, +[](ScanPlan& p) { p.settings.paper = "b9"; },
        +[](ScanPlan& p) {
          p.settings.area = ScanArea{0, 0, 0, 10};
        },
        +[](ScanPlan& p) { p.pages_per_document = 0; },
        +[](ScanPlan& p) {
          p.settings.source = PaperSource::feeder_turned;
          p.file_at_once = true;
        }}) {
    ScanPlan spoilt;
    spoil(spoilt);
    EXPECT_THROW(require_sound(spoilt), core::Error);
  }
}

}  // namespace
}  // namespace muniment::scanners
