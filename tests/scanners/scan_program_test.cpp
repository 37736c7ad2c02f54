#include "scanners/scan_program.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "core/error.h"
#include "tests/support/test_archive.h"
#include "tests/support/test_scanner.h"

namespace muniment::scanners {
namespace {

using testing::kTestScanner;

struct Bench {
  testing::TempDirectory directory;
  core::SystemClock clock;
  std::ostringstream log_text;
  core::Log log{clock, log_text};
  std::vector<ScannedPage> pages;

  std::string scan(const ScanProgram& program, const std::string& scanner, const ScanSettings& settings = {},
                   std::int64_t most = 100, std::size_t enough = SIZE_MAX) {
    return program.scan(scanner, settings, directory.path(), 1, most,
                        [&](const ScannedPage& page) {
                          pages.push_back(page);
                          return pages.size() < enough;
                        },
                        {});
  }
};

struct WithTestScanner : Bench {
  ScanProgram program{testing::test_scanners(directory.path() / "sane"), log};
  static ScanSettings feeder() {
    ScanSettings settings;
    settings.source = PaperSource::feeder;
    settings.resolution = 75;
    return settings;
  }
};

TEST(ScanProgram, SaysWhatAScannerCanDo) {
  WithTestScanner bench;
  const auto found = bench.program.list(true);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, kTestScanner);
  const auto can = bench.program.describe(kTestScanner);
  EXPECT_EQ(can.sources, (std::vector{PaperSource::flatbed, PaperSource::feeder, PaperSource::feeder_turned}));
  EXPECT_EQ(can.modes, (std::vector{ColourMode::black_white, ColourMode::grey, ColourMode::colour}));
  EXPECT_EQ(can.width, 300);
  EXPECT_TRUE(std::ranges::find(can.options, "test-picture", &ScannerOption::name) != can.options.end());
  EXPECT_TRUE(std::ranges::find(can.options, "three-pass", &ScannerOption::name) == can.options.end())
      << "not offered while it is inactive";
}

TEST(ScanProgram, DeliversTheWholeStack) {
  WithTestScanner bench;
  EXPECT_EQ(bench.scan(bench.program, kTestScanner, WithTestScanner::feeder()), "");
  ASSERT_EQ(bench.pages.size(), 10U);
  for (const ScannedPage& page : bench.pages) {
    const auto stem = (bench.directory.path() / std::to_string(page.number)).string();
    EXPECT_EQ(page_from_json(core::read_file(stem + ".json", 1000)), page);
    EXPECT_TRUE(core::read_file(stem + ".jpg", 10'000'000).starts_with("\xFF\xD8"));
    EXPECT_TRUE(core::read_file(stem + ".small.jpg", 10'000'000).starts_with("\xFF\xD8"));
    EXPECT_EQ(page.width, 620) << "A4 at 75 dots per inch";
  }
}

TEST(ScanProgram, TheGlassHoldsOnePageAndACountIsKept) {
  WithTestScanner bench;
  ScanSettings settings;
  settings.area = ScanArea{10, 10, 50.8, 25.4};
  settings.resolution = 100;
  EXPECT_EQ(bench.scan(bench.program, kTestScanner, settings), "");
  ASSERT_EQ(bench.pages.size(), 1U);
  EXPECT_NEAR(bench.pages[0].width, 200, 3) << "the scanner rounds";
  EXPECT_NEAR(bench.pages[0].height, 100, 3);
  bench.pages.clear();
  EXPECT_EQ(bench.scan(bench.program, kTestScanner, WithTestScanner::feeder(), 3), "");
  EXPECT_EQ(bench.pages.size(), 3U);
}

TEST(ScanProgram, EveryWayOfDeliveringAPictureIsTheSamePage) {
  using Options = std::map<std::string, std::string>;
  for (const auto& [mode, options] :
       {std::pair(ColourMode::grey, Options{{"depth", "16"}}), std::pair(ColourMode::colour, Options{}),
        std::pair(ColourMode::colour, Options{{"three-pass", "yes"}}),
        std::pair(ColourMode::colour, Options{{"three-pass", "yes"}, {"three-pass-order", "BGR"}}),
        std::pair(ColourMode::grey, Options{{"hand-scanner", "yes"}}),
        std::pair(ColourMode::colour, Options{{"fuzzy-parameters", "yes"}}),
        std::pair(ColourMode::colour, Options{{"ppl-loss", "3"}}), std::pair(ColourMode::black_white, Options{}),
        std::pair(ColourMode::grey, Options{{"read-limit", "yes"}, {"read-limit-size", "37"}})}) {
    WithTestScanner bench;
    ScanSettings settings;
    settings.mode = mode;
    settings.resolution = 75;
    settings.options = options;
    settings.options["test-picture"] = "Grid";
    const std::string label = options.empty() ? "no options" : options.begin()->first;
    EXPECT_EQ(bench.scan(bench.program, kTestScanner, settings), "") << label;
    ASSERT_EQ(bench.pages.size(), 1U) << label;
    EXPECT_FALSE(bench.pages[0].blank) << label;
    EXPECT_GT(bench.pages[0].height, 100) << label;
    EXPECT_EQ(bench.pages[0].extension, mode == ColourMode::black_white ? ".png" : ".jpg") << label;
  }
}

TEST(ScanProgram, SaysWhatIsWrongWithAScanner) {
  for (const auto& [status, code] :
       {std::pair("SANE_STATUS_JAMMED", "jammed"), std::pair("SANE_STATUS_COVER_OPEN", "cover_open"),
        std::pair("SANE_STATUS_DEVICE_BUSY", "busy"), std::pair("SANE_STATUS_NO_DOCS", "no_paper"),
        std::pair("SANE_STATUS_IO_ERROR", "failed"), std::pair("SANE_STATUS_NO_MEM", "no_memory"),
        std::pair("SANE_STATUS_ACCESS_DENIED", "not_allowed")}) {
    WithTestScanner bench;
    ScanSettings settings = WithTestScanner::feeder();
    settings.options = {{"read-return-value", status}};
    EXPECT_EQ(bench.scan(bench.program, kTestScanner, settings), code);
    EXPECT_TRUE(bench.pages.empty());
  }
  WithTestScanner bench;
  ScanSettings settings = WithTestScanner::feeder();
  settings.source = PaperSource::feeder_duplex;
  EXPECT_EQ(bench.scan(bench.program, kTestScanner, settings), "not_found") << "it has no duplex";
  for (const auto& [name, value] : {std::pair("foo", "bar"), std::pair("hand-scanner", "perhaps"),
                                    std::pair("ppl-loss", "many"), std::pair("test-picture", "A landscape")}) {
    ScanSettings odd = WithTestScanner::feeder();
    odd.options = {{name, value}};
    EXPECT_EQ(bench.scan(bench.program, kTestScanner, odd), "setting_refused") << name;
    EXPECT_NE(bench.log_text.str().find(std::string("does not take ") + name + " = " + value), std::string::npos);
  }
  EXPECT_EQ(bench.scan(bench.program, "net:elsewhere:test", settings), "not_found") << "never found, never opened";
  EXPECT_THROW(bench.program.describe("net:elsewhere:test"), core::Error);
}

TEST(ScanProgram, StopsAfterThePageAtHand) {
  WithTestScanner bench;
  EXPECT_EQ(bench.scan(bench.program, kTestScanner, WithTestScanner::feeder(), 100, 4), "stopped");
  EXPECT_EQ(bench.pages.size(), 4U);
}

TEST(ScanProgram, WhatThePagesTakerThrowsEndsTheScan) {
  WithTestScanner bench;
  EXPECT_THROW(bench.program.scan(
                   kTestScanner, WithTestScanner::feeder(), bench.directory.path(), 1, 100,
                   [](const ScannedPage&) -> bool { throw core::Error(core::ErrorCode::storage_full, "full"); }, {}),
               core::Error);
  EXPECT_FALSE(bench.program.is_in_use(kTestScanner));
}

TEST(ScanProgram, AScannerScansForOneAtATime) {
  WithTestScanner bench;
  std::string meanwhile;
  bench.program.scan(kTestScanner, WithTestScanner::feeder(), bench.directory.path(), 1, 100,
                     [&](const ScannedPage&) {
                       meanwhile = bench.scan(bench.program, kTestScanner, WithTestScanner::feeder());
                       EXPECT_THROW(bench.program.describe(kTestScanner), core::Error);
                       return false;
                     },
                     {});
  EXPECT_EQ(meanwhile, "busy");
}

// What hangs is waited for as long as its test has to; what ends by itself, however busy the machine is, as in service.
struct WithBadDrivers : Bench {
  ScanProgram impatient{{MISBEHAVING_SCAN, {}, std::chrono::milliseconds(300)}, log};
  ScanProgram waits_for_a_page{{MISBEHAVING_SCAN, {}, std::chrono::seconds(5)}, log};
  ScanProgram patient{{MISBEHAVING_SCAN, {}}, log};
};

TEST(ScanProgram, DriversThatFailHarmNobody) {
  WithBadDrivers bench;
  EXPECT_EQ(bench.scan(bench.impatient, "hang"), "not_responding");
  EXPECT_EQ(bench.scan(bench.waits_for_a_page, "hang-after-page"), "not_responding");
  EXPECT_EQ(bench.pages.size(), 1U) << "what had come stays";
  EXPECT_EQ(bench.scan(bench.patient, "crash"), "crashed");
  EXPECT_EQ(bench.scan(bench.patient, "babble"), "crashed");
  EXPECT_THROW(bench.impatient.describe("hang"), core::Error);
  EXPECT_FALSE(bench.impatient.is_in_use("hang"));
  EXPECT_NE(bench.log_text.str().find("the driver says something"), std::string::npos);
}

}  // namespace
}  // namespace muniment::scanners
