// Buttons on scanners, with a program in the place of muniment-scan whose button is pressed by a file.
#include "scanners/scan_buttons.h"

#include <fstream>
#include <functional>
#include <future>
#include <sstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "ingest/intake.h"
#include "records/file_plan.h"
#include "storage/accounts.h"
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

  void add_profile(const std::string& name, const std::string& button, const std::string& scanner = kScanner) {
    ScanPlan plan;
    plan.settings.source = PaperSource::feeder;
    auto tx = archive.database.begin(clerk.actor());
    storage::create_scan_profile(tx, {.name = name, .scanner = scanner, .plan = to_json(plan), .button = button});
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

TEST(ScanButtons, APressScansAsItsProfileSaysForWhoSetItUp) {
  ButtonBench bench;
  bench.add_profile("Mail", "scan");
  bench.add_profile("Photo", "");
  bench.add_profile("Elsewhere", "email", "another");
  const ScanButtons buttons({10ms}, bench.desk, bench.archive.database, bench.log);
  bench.press("email");
  ButtonBench::until([&] { return !bench.is_pressed(); });
  bench.press("scan");
  ButtonBench::until([&] { return !bench.scans().empty() && bench.scans()[0].state == storage::ScanState::paused; });
  const auto scans = bench.scans();
  ASSERT_EQ(scans.size(), 1U) << "that button means nothing here";
  EXPECT_EQ(scans[0].scanner, kScanner);
  EXPECT_EQ(scans[0].problem, "no_paper");
  const ScanPlan plan = plan_from_json(scans[0].plan);
  EXPECT_TRUE(plan.file_at_once) << "nobody is at a screen";
  EXPECT_EQ(plan.settings.source, PaperSource::feeder);
}

TEST(ScanButtons, WithoutTheAccountTheLogSaysSoAndItGoesOn) {
  ButtonBench bench;
  bench.add_profile("Mail", "scan");
  {
    auto tx = bench.archive.database.begin(storage::Actor::system("test"));
    storage::AccountChange change;
    change.disabled = true;
    storage::change_account(tx, bench.clerk.account_id,
                            storage::find_account(tx, bench.clerk.account_id).value().version, change);
    tx.commit();
  }
  {
    const ScanButtons buttons({10ms}, bench.desk, bench.archive.database, bench.log);
    for (int i = 0; i < 2; ++i) {
      bench.press("scan");
      ButtonBench::until([&] { return !bench.is_pressed(); });
    }
  }
  EXPECT_TRUE(bench.scans().empty());
  EXPECT_NE(bench.log_text.str().find("saved by somebody else"), std::string::npos);
}

TEST(ScanButtons, WhereWhoSetItUpMayNotFileNothingIsScanned) {
  ButtonBench bench;
  {
    auto tx = bench.archive.database.begin(bench.clerk.actor());
    ScanPlan plan;
    plan.settings.source = PaperSource::feeder;
    const auto list = storage::create_access_list(tx, "Board only", {});
    plan.class_id = records::create_class(tx, {{}, "9", "Board", list});
    storage::create_scan_profile(tx, {.name = "Mail", .scanner = kScanner, .plan = to_json(plan), .button = "scan"});
    tx.commit();
  }
  {
    const ScanButtons buttons({10ms}, bench.desk, bench.archive.database, bench.log);
    for (int i = 0; i < 2; ++i) {
      bench.press("scan");
      ButtonBench::until([&] { return !bench.is_pressed(); });
    }
  }
  EXPECT_TRUE(bench.scans().empty());
  EXPECT_NE(bench.log_text.str().find("you may not file documents there"), std::string::npos);
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

TEST(ScanButtons, AButtonIsOnOneScannerAndOfOneProfile) {
  ButtonBench bench;
  bench.add_profile("Mail", "scan");
  bench.add_profile("The same there", "scan", "another");
  EXPECT_THROW(bench.add_profile("Twice", "scan"), core::Error);
  EXPECT_THROW(bench.add_profile("Anywhere", "scan", ""), core::Error);
  EXPECT_THROW(bench.add_profile("Long", std::string(200, 'b')), core::Error);
  auto tx = bench.archive.database.begin(storage::Actor::system("test"));
  auto mail = storage::list_scan_profiles(tx).front();
  EXPECT_EQ(mail.button_account_id, bench.clerk.account_id);
  EXPECT_THROW(storage::change_scan_profile(tx, mail, mail.version), core::Error) << "a button scans for somebody";
  mail.button.clear();
  storage::change_scan_profile(tx, mail, mail.version);
  EXPECT_FALSE(storage::list_scan_profiles(tx).front().button_account_id);
}

}  // namespace
}  // namespace muniment::scanners
