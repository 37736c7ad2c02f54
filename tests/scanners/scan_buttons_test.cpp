// Buttons on scanners, with a program in the place of muniment-scan whose button is pressed by a file.
#include "scanners/scan_buttons.h"

#include <fstream>
#include <functional>
#include <future>
#include <sstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/intake.h"
#include "storage/scans.h"
#include "tests/support/test_archive.h"

namespace muniment::scanners {
namespace {

using namespace std::chrono_literals;
using storage::Role;

constexpr const char* kScanner = "pressed";

struct ButtonBench {
  testing::TestArchive archive;
  storage::Principal clerk = archive.add_person("reception", Role::staff);
  std::ostringstream log_text;
  core::Log log{archive.clock, log_text};
  ingest::Intake intake{archive.database, archive.blobs, {}, [] {}};
  ScanProgram program{{MISBEHAVING_SCAN, archive.directory.path()}, log};
  ScanDesk desk{archive.directory.path() / "scans", program, archive.database, archive.blobs, intake, {}, log};

  void add_profile(const std::string& name, const std::string& scanner) {
    ScanPlan plan;
    plan.settings.source = PaperSource::feeder;
    auto tx = archive.database.begin(storage::Actor::system("test"));
    storage::create_scan_profile(tx, {.name = name, .scanner = scanner, .plan = to_json(plan)});
    tx.commit();
  }
  void press(const std::string& button) {
    const auto file = archive.directory.path() / "press";
    std::ofstream(file.string() + ".new") << button << "\n";
    std::filesystem::rename(file.string() + ".new", file);
  }
  bool is_pressed() const { return std::filesystem::exists(archive.directory.path() / "press"); }
  std::vector<storage::Scan> scans() {
    auto session = archive.database.read();
    return storage::list_scans(session, clerk);
  }
  static void until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::sleep_for(5ms);
  }
};

TEST(ScanButtons, APressScansAsItsProfileSaysForTheAccount) {
  ButtonBench bench;
  bench.add_profile("Mail", kScanner);
  bench.add_profile("Photo", kScanner);
  bench.add_profile("Elsewhere", "");
  const ScanButtons buttons({{{"scan", "Mail"}, {"email", "Elsewhere"}}, "reception", 10ms}, bench.desk,
                            bench.archive.database, bench.log);
  bench.press("email");
  ButtonBench::until([&] { return !bench.is_pressed(); });
  bench.press("scan");
  ButtonBench::until([&] { return !bench.scans().empty() && bench.scans()[0].state == storage::ScanState::paused; });
  const auto scans = bench.scans();
  ASSERT_EQ(scans.size(), 1U) << "a profile without a scanner is nobody's";
  EXPECT_EQ(scans[0].scanner, kScanner);
  EXPECT_EQ(scans[0].problem, "no_paper");
  const ScanPlan plan = plan_from_json(scans[0].plan);
  EXPECT_TRUE(plan.file_at_once) << "nobody is at a screen";
  EXPECT_EQ(plan.settings.source, PaperSource::feeder);
}

TEST(ScanButtons, WithoutTheAccountTheLogSaysSoAndItGoesOn) {
  ButtonBench bench;
  bench.add_profile("Mail", kScanner);
  {
    const ScanButtons buttons({{{"scan", "Mail"}}, "nobody", 10ms}, bench.desk, bench.archive.database, bench.log);
    for (int i = 0; i < 2; ++i) {
      bench.press("scan");
      ButtonBench::until([&] { return !bench.is_pressed(); });
    }
  }
  EXPECT_TRUE(bench.scans().empty());
  EXPECT_NE(bench.log_text.str().find("scanners.button_account"), std::string::npos);
}

TEST(ScanButtons, WhoeverWantsTheScannerHasIt) {
  ButtonBench bench;
  auto press = std::async(std::launch::async, [&] { return bench.program.await_button(kScanner, {}); });
  // Either it waits already, and gives way, or it comes too late.
  const std::string outcome =
      bench.program.scan(kScanner, {}, bench.archive.directory.path(), 1, 1, [](const auto&) { return true; }, {});
  EXPECT_EQ(outcome, "no_paper");
  bench.press("scan");
  const auto ended = press.get();
  EXPECT_TRUE(ended.button == "scan" || ended.problem == "stopped" || ended.problem == "busy");
  std::filesystem::remove(bench.archive.directory.path() / "press");  // nobody may have seen it
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(bench.program.await_button(kScanner, stop.get_token()).problem, "stopped");
  EXPECT_FALSE(bench.program.is_in_use(kScanner));
}

TEST(ScanButtons, AreNamedWithTheirProfile) {
  const ScanButton button = ScanButton::parse(" button-1 > Mail > both sides ");
  EXPECT_EQ(button.button, "button-1");
  EXPECT_EQ(button.profile, "Mail > both sides");
  for (const char* wrong : {"", "scan", "scan >", "> Mail"}) EXPECT_THROW(ScanButton::parse(wrong), core::Error);
}

}  // namespace
}  // namespace muniment::scanners
