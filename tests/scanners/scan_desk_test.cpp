// Scans that are filed while people still change them, and scanners that stop in the middle.
#include "scanners/scan_desk.h"

#include <chrono>
#include <functional>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "storage/accounts.h"
#include "storage/audit.h"
#include "storage/page_origins.h"
#include "storage/roles.h"
#include "tests/ingest/roomy_intake.h"
#include "tests/support/test_archive.h"
#include "tests/support/without_privileges.h"

namespace muniment::scanners {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What is between one document's filing and the next is done by `between`, on the filing thread, after the former is
// committed: each interleaving happens every time.
class ScanDeskTest : public ::testing::Test {
 protected:
  // A letter a page: "x", "|" a separator sheet, "." blank. The scan is at rest.
  std::int64_t add_scan(std::string_view letters) {
    auto tx = archive_.database.begin(clerk_.actor());
    const std::int64_t id = storage::create_scan(tx, "test:0", to_json(ScanPlan()));
    for (const char letter : letters) {
      storage::ScanPage page;
      page.number = ++number_;
      page.extension = ".jpg";
      page.width = 10;
      page.height = 20;
      page.resolution = 75;
      page.blank = letter == '.';
      if (letter == '|') page.barcodes = {"PATCHT"};
      add_picture(id, page.number);
      storage::record_scan_page(tx, id, page);
    }
    storage::set_scan_state(tx, id, storage::ScanState::ready, "", 1);
    tx.commit();
    return id;
  }
  // Enough of a grey JPEG to go into a PDF, and its number for looking it up there.
  void add_picture(std::int64_t scan, std::int64_t number) {
    constexpr std::string_view kFrame("\xFF\xD8\xFF\xC0\x00\x0B\x08\x00\x14\x00\x0A\x01", 12);
    const auto folder = archive_.directory.path() / "scans" / std::to_string(scan);
    core::create_directories_durably(folder);
    core::write_durably(folder / (std::to_string(number) + ".jpg"),
                        std::string(kFrame) + "picture " + std::to_string(number));
  }
  storage::Scan scan(std::int64_t id) {
    auto session = archive_.database.read();
    return storage::find_scan(session, clerk_, id).value();
  }
  // The page that stands at `index` among those that are not filed.
  void change(std::int64_t id, std::size_t index, const std::function<void(storage::ScanPage&)>& by_hand) {
    storage::ScanPage page = scan(id).pages.at(index);
    by_hand(page);
    auto tx = archive_.database.begin(clerk_.actor());
    storage::change_scan_page(tx, id, page);
    tx.commit();
  }
  // The numbers of the pages that a document holds, by what their pictures say.
  std::vector<int> pages_in(std::int64_t document_id) {
    auto session = archive_.database.read();
    const auto document = storage::find_document(session, clerk_, document_id).value();
    const std::string file = core::read_file(archive_.blobs.path(document.components.front().hash), 1 << 20);
    std::vector<int> numbers;
    for (std::size_t at = 0; (at = file.find("picture ", at)) != std::string::npos; ++at) {
      numbers.push_back(std::stoi(file.substr(at + 8)));
    }
    return numbers;
  }
  // What the scanner does when it is told to scan next: "2 jammed".
  void lay_in(std::string_view stack) { core::write_durably(archive_.directory.path() / "stack", stack); }
  storage::Scan rested(std::int64_t id) {
    while (scan(id).state == storage::ScanState::scanning) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return scan(id);
  }
  std::int64_t begin_turned(std::string_view stack) {
    ScanPlan plan;
    plan.settings.source = PaperSource::feeder_turned;
    lay_in(stack);
    return desk_.start(clerk_, "stack", plan);
  }
  storage::Scan go_on(std::int64_t id, std::string_view stack) {
    lay_in(stack);
    desk_.resume(clerk_, id);
    return rested(id);
  }
  storage::Scan scan_anew(std::int64_t id, std::size_t index, std::string_view stack) {
    const std::int64_t page = scan(id).pages.at(index).id;
    lay_in(stack);
    desk_.rescan(clerk_, id, page);
    return rested(id);
  }
  // As the service leaves a scan that ends while the page at `index` is scanned anew; `fresh` is there already.
  void replace_until_the_end(std::int64_t id, std::size_t index, const std::optional<ScannedPage>& fresh) {
    const storage::Scan before = scan(id);
    for (const storage::ScanPage& page : before.pages) add_picture(id, page.number);
    if (fresh) {
      add_picture(id, fresh->number);
      core::write_durably(
          archive_.directory.path() / "scans" / std::to_string(id) / (std::to_string(fresh->number) + ".json"),
          to_json(*fresh));
    }
    auto tx = archive_.database.begin(clerk_.actor());
    storage::begin_replacement(tx, id, before.pages.at(index).id, before.state);
    tx.commit();
  }
  storage::Scan after_restart(std::int64_t id) {
    const ScanDesk desk(archive_.directory.path() / "scans", program_, archive_.database, archive_.blobs, intake_, {},
                        log_);
    return scan(id);
  }
  std::vector<std::int64_t> numbers(const storage::Scan& scan) {
    std::vector<std::int64_t> numbers;
    for (const auto& page : scan.pages) numbers.push_back(page.number);
    return numbers;
  }
  bool is_kept_whole(std::int64_t document_id) {
    auto session = archive_.database.read();
    return storage::is_kept_whole(session, document_id);
  }

  testing::TestArchive archive_;
  storage::Principal clerk_ = archive_.add_person("reception", storage::Role::staff);
  std::ostringstream log_text_;
  core::Log log_{archive_.clock, log_text_};
  std::int64_t number_ = 0;
  std::function<void()> between_ = [] {};
  ingest::Intake intake_{archive_.database, archive_.blobs, testing::roomy_intake(),
                         [this] { std::exchange(between_, [] {})(); }};
  ScanProgram program_{{MISBEHAVING_SCAN, archive_.directory.path()}, log_};
  ScanDesk desk_{archive_.directory.path() / "scans", program_, archive_.database, archive_.blobs, intake_, {}, log_};
};

TEST_F(ScanDeskTest, APageThatIsPutBackWhileTheScanIsFiledIsFiled) {
  const std::int64_t id = add_scan("x|xx");
  change(id, 3, [](auto& page) { page.kept = false; });
  between_ = [&] { change(id, 1, [](auto& page) { page.kept = std::nullopt; }); };
  const auto documents = desk_.file(clerk_, id);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_THAT(pages_in(documents[0]), ElementsAre(1));
  EXPECT_THAT(pages_in(documents[1]), ElementsAre(3, 4));
  EXPECT_EQ(scan(id).state, storage::ScanState::filed);
}

TEST_F(ScanDeskTest, WhatIsPartedAndTurnedWhileTheScanIsFiledHolds) {
  const std::int64_t id = add_scan("x|xxx");
  between_ = [&] {
    change(id, 1, [](auto& page) { page.starts = true; });
    change(id, 2, [](auto& page) { page.kept = false; });
  };
  const auto documents = desk_.file(clerk_, id);
  ASSERT_EQ(documents.size(), 3U);
  EXPECT_THAT(pages_in(documents[1]), ElementsAre(3));
  EXPECT_THAT(pages_in(documents[2]), ElementsAre(4));
}

TEST_F(ScanDeskTest, APageThatComesWhileTheScanIsFiledIsFiledToo) {
  const std::int64_t id = add_scan("x|x");
  between_ = [&] {
    storage::ScanPage page = scan(id).pages.back();
    page.number = 4;
    add_picture(id, 4);
    auto tx = archive_.database.begin(clerk_.actor());
    storage::record_scan_page(tx, id, page);
    tx.commit();
  };
  const auto documents = desk_.file(clerk_, id);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_THAT(pages_in(documents[1]), ElementsAre(3, 4));
}

TEST_F(ScanDeskTest, AScanThatSomebodyGoesOnWithMeanwhileStaysOpen) {
  const std::int64_t id = add_scan("x");
  between_ = [&] {
    auto tx = archive_.database.begin(clerk_.actor());
    storage::set_scan_state(tx, id, storage::ScanState::scanning, "", 1);
    tx.commit();
  };
  EXPECT_EQ(desk_.file(clerk_, id).size(), 1U);
  EXPECT_EQ(scan(id).state, storage::ScanState::scanning);
  EXPECT_TRUE(std::filesystem::exists(archive_.directory.path() / "scans" / std::to_string(id)));
}

TEST_F(ScanDeskTest, WhatAPersonJoinedIsKeptWhole) {
  const std::int64_t id = add_scan("xx|x|x");
  change(id, 3, [](auto& page) { page.starts = false; });
  change(id, 2, [](auto& page) { page.starts = false; });
  const auto documents = desk_.file(clerk_, id);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_THAT(pages_in(documents[0]), ElementsAre(1, 2, 4));
  EXPECT_TRUE(is_kept_whole(documents[0]));
  EXPECT_FALSE(is_kept_whole(documents[1]));
}

TEST_F(ScanDeskTest, APageScannedAnewLeavesTheScanAsItWas) {
  const std::int64_t id = begin_turned("2 jammed");
  ASSERT_EQ(rested(id).problem, "jammed");
  storage::Scan now = scan_anew(id, 1, "1 done");
  EXPECT_EQ(now.state, storage::ScanState::paused) << "fronts are missing still";
  EXPECT_EQ(now.problem, "jammed");
  EXPECT_THAT(numbers(now), ElementsAre(1, 3));
  now = go_on(id, "1 done");
  EXPECT_EQ(now.state, storage::ScanState::turn);
  now = scan_anew(id, 0, "0 cover_open");
  EXPECT_EQ(now.state, storage::ScanState::turn);
  EXPECT_EQ(now.problem, "cover_open");
  now = go_on(id, "3 done");
  EXPECT_EQ(now.state, storage::ScanState::ready);
  EXPECT_THAT(numbers(now), ElementsAre(1, 7, 3, 6, 4, 5));
}

TEST_F(ScanDeskTest, APageThatWasScannedAnewWhenTheServiceEndedTakesItsPlaceAtTheNextStart) {
  const std::int64_t id = add_scan("xxx");
  change(id, 1, [](storage::ScanPage& page) { page.turn = 90; });
  replace_until_the_end(id, 1, ScannedPage{4, ".jpg", 10, 20, 75, false, {}});
  EXPECT_EQ(scan(id).state, storage::ScanState::scanning);
  const auto now = after_restart(id);
  EXPECT_EQ(now.state, storage::ScanState::paused);
  EXPECT_EQ(now.problem, "interrupted");
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 3));
  EXPECT_EQ(now.pages[1].turn, 90);
  EXPECT_FALSE(now.replaces);
}

TEST_F(ScanDeskTest, APageThatWasScannedAnewIsTakenUpThoughThatBeforeItIsGone) {
  const std::int64_t id = add_scan("xxx");
  replace_until_the_end(id, 1, ScannedPage{4, ".jpg", 10, 20, 75, false, {}});
  std::filesystem::remove(archive_.directory.path() / "scans" / std::to_string(id) / "2.jpg");
  const auto now = after_restart(id);
  EXPECT_EQ(now.state, storage::ScanState::paused);
  EXPECT_THAT(numbers(now), ElementsAre(1, 3, 4));
}

TEST_F(ScanDeskTest, AStackThatIsToBeTurnedStillIsAfterAPageThatWasNotScannedAnew) {
  const std::int64_t id = begin_turned("2 done");
  ASSERT_EQ(rested(id).state, storage::ScanState::turn);
  replace_until_the_end(id, 0, std::nullopt);
  storage::Scan now = after_restart(id);
  EXPECT_EQ(now.state, storage::ScanState::turn);
  EXPECT_EQ(now.problem, "interrupted");
  EXPECT_THAT(numbers(now), ElementsAre(1, 2));
  now = go_on(id, "2 done");
  EXPECT_EQ(now.state, storage::ScanState::ready);
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 2, 3));
}

TEST_F(ScanDeskTest, AnEmptyFeederAfterAJamOnTheLastSheetEndsThatSide) {
  const std::int64_t id = begin_turned("0 no_paper");
  EXPECT_EQ(rested(id).state, storage::ScanState::paused) << "nothing has come at all";
  ASSERT_EQ(go_on(id, "2 jammed").state, storage::ScanState::paused);
  EXPECT_EQ(go_on(id, "0 no_paper").state, storage::ScanState::turn);
  ASSERT_EQ(go_on(id, "1 jammed").state, storage::ScanState::paused);
  EXPECT_EQ(go_on(id, "0 no_paper").state, storage::ScanState::paused) << "a front has no back yet";
  ASSERT_EQ(go_on(id, "1 jammed").state, storage::ScanState::paused);
  const storage::Scan now = go_on(id, "0 no_paper");
  EXPECT_EQ(now.state, storage::ScanState::ready);
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 2, 3));
}

TEST_F(ScanDeskTest, WhatComesAfterATurnedStackComesBehindIt) {
  const std::int64_t id = begin_turned("2 done");
  ASSERT_EQ(rested(id).state, storage::ScanState::turn);
  ASSERT_THAT(numbers(go_on(id, "2 done")), ElementsAre(1, 4, 2, 3));
  storage::Scan now = go_on(id, "0 no_paper");
  EXPECT_EQ(now.problem, "no_paper");
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 2, 3));
  now = go_on(id, "1 jammed");
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 2, 3, 5));
  now = go_on(id, "1 done");
  EXPECT_EQ(now.state, storage::ScanState::ready);
  EXPECT_THAT(numbers(now), ElementsAre(1, 4, 2, 3, 5, 6));
  {
    auto tx = archive_.database.begin(clerk_.actor());
    std::vector<std::int64_t> by_hand;
    for (const storage::ScanPage& page : now.pages) by_hand.insert(by_hand.begin(), page.id);
    storage::order_scan_pages(tx, id, by_hand);
    tx.commit();
  }
  EXPECT_THAT(numbers(go_on(id, "1 done")), ElementsAre(6, 5, 3, 2, 4, 1, 7));
}

TEST_F(ScanDeskTest, ABusyScannerIsTriedAgain) {
  lay_in("0 busy\n2 busy\n1 done\n");
  ScanPlan plan;
  plan.settings.source = PaperSource::feeder;
  const std::int64_t id = desk_.start(clerk_, "stack", plan);
  storage::Scan now = rested(id);
  EXPECT_EQ(now.problem, "busy") << "once pages have come, somebody looks first";
  EXPECT_THAT(numbers(now), ElementsAre(1, 2));
  desk_.resume(clerk_, id);
  now = rested(id);
  EXPECT_EQ(now.state, storage::ScanState::ready);
  EXPECT_THAT(numbers(now), ElementsAre(1, 2, 3));
}

TEST_F(ScanDeskTest, WhatCannotBeFiledSoIsNotScanned) {
  ScanPlan plan;
  plan.type_id = 99;
  EXPECT_THROW(desk_.start(clerk_, "stack", plan), core::Error);
  plan.type_id.reset();
  plan.tag_ids = {99};
  EXPECT_THROW(desk_.start(clerk_, "stack", plan), core::Error);
  plan.tag_ids.clear();
  plan.class_id = 99;
  EXPECT_THROW(desk_.start(clerk_, "stack", plan), core::Error);
  auto session = archive_.database.read();
  EXPECT_TRUE(storage::list_scans(session, clerk_).empty());
}

TEST_F(ScanDeskTest, WhatIsFiledAtOnceIsFiledToTheLastPage) {
  for (int number = 1; number <= 3; ++number) add_picture(1, number);
  ScanPlan plan;
  plan.settings.source = PaperSource::feeder;
  plan.parting = Parting::count;
  plan.pages_per_document = 2;
  plan.file_at_once = true;
  lay_in("3 done");
  const storage::Scan now = rested(desk_.start(clerk_, "stack", plan));
  EXPECT_EQ(now.state, storage::ScanState::filed) << now.problem;
  ASSERT_EQ(now.documents.size(), 2U);
  EXPECT_THAT(pages_in(now.documents[1]), ElementsAre(3));
}

TEST_F(ScanDeskTest, WhatCannotBeFiledAnyMoreIsToldAndWaits) {
  for (int number = 1; number <= 3; ++number) add_picture(1, number);
  ScanPlan plan;
  plan.settings.source = PaperSource::feeder;
  lay_in("2 jammed");
  const std::int64_t id = desk_.start(clerk_, "stack", plan);
  ASSERT_EQ(rested(id).problem, "jammed");
  {
    plan.file_at_once = true;
    plan.class_id = 99;
    auto tx = archive_.database.begin(clerk_.actor());
    storage::set_scan_plan(tx, id, to_json(plan));
    tx.commit();
  }
  const storage::Scan now = go_on(id, "1 done");
  EXPECT_EQ(now.state, storage::ScanState::paused);
  EXPECT_EQ(now.problem, "not_filed");
  EXPECT_THAT(numbers(now), ElementsAre(1, 2, 3));
}

TEST_F(ScanDeskTest, ScansOfWhoeverIsDisabledAreSeenToByThoseWhoManageAccounts) {
  const std::int64_t id = begin_turned("2 jammed");
  ASSERT_EQ(rested(id).state, storage::ScanState::paused);
  const storage::Principal admin = archive_.add_person("root", storage::Role::admin);
  const storage::Principal colleague = archive_.add_person("carl", storage::Role::staff);
  const auto set_disabled = [&](bool disabled) {
    // By the command line, which is nobody's account.
    auto tx = archive_.database.begin(storage::Actor::system("test"));
    storage::AccountChange change;
    change.disabled = disabled;
    storage::change_account(tx, clerk_.account_id, storage::find_account(tx, clerk_.account_id).value().version,
                            change);
    tx.commit();
  };
  const auto seen_by = [&](const storage::Principal& who) {
    auto session = archive_.database.read();
    EXPECT_EQ(storage::find_scan(session, who, id).has_value(), !storage::list_scans(session, who).empty());
    return storage::find_scan(session, who, id).has_value();
  };
  EXPECT_FALSE(seen_by(admin));
  set_disabled(true);
  EXPECT_TRUE(seen_by(admin));
  EXPECT_FALSE(seen_by(colleague));
  storage::Principal composed = admin;
  composed.role = storage::composed_of({storage::Permission::manage_accounts});
  EXPECT_FALSE(seen_by(composed)) << "who may do less could not have disabled them";
  set_disabled(false);
  EXPECT_FALSE(seen_by(admin)) << "it is their own again";
  set_disabled(true);
  desk_.discard(admin, id);
  EXPECT_FALSE(seen_by(admin));
}

TEST_F(ScanDeskTest, APageThatIsThrownAwayLeavesATrace) {
  const std::int64_t id = add_scan("xxx");
  desk_.remove_page(clerk_, id, scan(id).pages.at(1).id);
  auto session = archive_.database.read();
  storage::AuditFilter filter;
  filter.action = "scan.page_removed";
  const auto entries = storage::list_audit(session, filter, 0, 10);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].object_id, id);
  EXPECT_NE(entries[0].detail.find(R"("before":{"page":2})"), std::string::npos) << entries[0].detail;
}

TEST_F(ScanDeskTest, FilesThatCannotBeRemovedEndNothing) {
  const std::int64_t id = begin_turned("1 jammed");
  rested(id);
  // In the place of the page's picture is what no file system removes at once.
  core::create_directories_durably(archive_.directory.path() / "scans" / std::to_string(id) / "1.jpg" / "full");
  EXPECT_EQ(scan_anew(id, 0, "1 done").pages.size(), 1U);
  EXPECT_NE(log_text_.str().find("scan_files_not_removed"), std::string::npos);
}

TEST_F(ScanDeskTest, FilesThatCannotBeSeenToDoNotKeepTheServiceFromStarting) {
  const std::int64_t id = begin_turned("1 jammed");
  rested(id);
  const auto folder = archive_.directory.path() / "scans";
  core::write_durably(folder / std::to_string(id) / "900.json", "nonsense");
  core::create_directories_durably(folder / "stray" / "full");
  std::filesystem::permissions(folder / "stray", std::filesystem::perms::owner_read);
  {
    const testing::WithoutPrivileges ordinary;
    EXPECT_NO_THROW(ScanDesk(folder, program_, archive_.database, archive_.blobs, intake_, {}, log_));
  }
  std::filesystem::permissions(folder / "stray", std::filesystem::perms::owner_all);
  EXPECT_NE(log_text_.str().find("scan_files_not_removed"), std::string::npos);
  EXPECT_NE(log_text_.str().find("scan_page_not_taken_up"), std::string::npos);
}

}  // namespace
}  // namespace muniment::scanners
