#include "records/inventory.h"

#include <gtest/gtest.h>

#include "records/barcodes.h"
#include "records/loans.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::kDue;
using testing::kToday;
using testing::PaperArchive;

TEST(Inventory, ListsWhatIsMissingMisplacedLentAndUnknown) {
  PaperArchive archive;
  archive.change([&](auto& tx) {
    LocationChange roomier;
    roomier.capacity.emplace(10);
    change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, roomier);
  });
  const std::int64_t there = archive.paper(archive.box);
  const std::int64_t missing = archive.paper(archive.box);
  const std::int64_t from_other = archive.paper(archive.other_box);
  const std::int64_t out = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, out, {{}, "A lawyer"}, kDue, kToday); });
  std::int64_t inventory = 0;
  archive.change([&](auto& tx) { inventory = start_inventory(tx, archive.manager, archive.box); });
  archive.refused([&](auto& tx) { start_inventory(tx, archive.manager, archive.box); });
  archive.refused([&](auto& tx) { scan(tx, archive.clerk, inventory, {"X"}); }, core::ErrorCode::forbidden);
  archive.change([&](auto& tx) {
    EXPECT_EQ(scan(tx, archive.manager, inventory,
                   {archive.item_of(out).barcode, "4006381333931", archive.item_of(from_other).barcode,
                    archive.item_of(there).barcode, archive.item_of(there).barcode}),
              4u);
  });
  const std::vector<FindingKind> expected{FindingKind::missing, FindingKind::misplaced, FindingKind::lent,
                                          FindingKind::unknown};
  EXPECT_EQ(archive.kinds(inventory), expected) << "while it lasts";
  archive.change([&](auto& tx) { finish_inventory(tx, archive.manager, inventory); });
  EXPECT_EQ(archive.kinds(inventory), expected);
  archive.refused([&](auto& tx) { scan(tx, archive.manager, inventory, {"X"}); });
  archive.change([&](auto& tx) {
    for (const Finding& finding : findings_of(tx, archive.manager, inventory)) {
      if (finding.kind != FindingKind::unknown) accept_findings(tx, archive.manager, inventory, {finding.id});
    }
  });
  EXPECT_TRUE(archive.item_of(missing).missing_since);
  EXPECT_FALSE(archive.item_of(missing).current);
  EXPECT_EQ(archive.item_of(from_other).current->id, archive.box);
  EXPECT_EQ(archive.item_of(from_other).home->id, archive.other_box);
  EXPECT_FALSE(archive.item_of(out).on_loan);
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, missing, {{}, "A lawyer"}, kDue, kToday); });
  archive.refused([&](auto& tx) { accept_findings(tx, archive.manager, inventory, {9999}); },
                  core::ErrorCode::not_found);
  archive.change(
      [&](auto& tx) { move_item(tx, archive.clerk, missing, find_item(tx, missing)->version, archive.box, false); });
  EXPECT_FALSE(archive.item_of(missing).missing_since) << "it was found";
}

TEST(Inventory, WhatStandsInTheGapOfAMissingFileIsTakenOverThoughTheBoxWasFull) {
  PaperArchive archive;
  const auto room_for = [&](std::int64_t files) {
    archive.change([&](auto& tx) {
      LocationChange change;
      change.capacity.emplace(files);
      change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, change);
    });
  };
  room_for(2);
  const std::int64_t there = archive.paper(archive.box);
  const std::int64_t missing = archive.paper(archive.box);
  const std::int64_t from_other = archive.paper(archive.other_box);
  std::int64_t inventory = 0;
  archive.change([&](auto& tx) {
    inventory = start_inventory(tx, archive.manager, archive.box);
    scan(tx, archive.manager, inventory, {archive.item_of(from_other).barcode, archive.item_of(there).barcode});
  });
  archive.change([&](auto& tx) { finish_inventory(tx, archive.manager, inventory); });
  archive.change([&](auto& tx) {
    std::vector<std::int64_t> all;
    for (const Finding& finding : findings_of(tx, archive.manager, inventory)) all.push_back(finding.id);
    accept_findings(tx, archive.manager, inventory, all);
  });
  EXPECT_TRUE(archive.item_of(missing).missing_since);
  EXPECT_EQ(archive.item_of(from_other).current->id, archive.box);
  // It comes back when there is room again.
  const auto found = [&](auto& tx) {
    move_item(tx, archive.clerk, missing, find_item(tx, missing)->version, archive.box, false);
  };
  archive.refused(found);
  room_for(3);
  archive.change(found);
}

TEST(Inventory, AMissingFileIsFoundElsewhereThoughItsBoxIsFullOrClosedByNow) {
  PaperArchive archive;
  const auto change_box = [&](const LocationChange& change) {
    archive.change([&](auto& tx) {
      change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, change);
    });
  };
  LocationChange one_file, closed, renamed;
  one_file.capacity.emplace(1);
  closed.closed = true;
  renamed.name = "Box 1 A";
  change_box(one_file);
  const std::int64_t missing = archive.paper(archive.box);
  archive.accept_all(archive.box, {});
  ASSERT_TRUE(archive.item_of(missing).missing_since);
  const std::int64_t in_the_gap = archive.paper(archive.box);
  archive.accept_all(archive.other_box, {missing});
  EXPECT_EQ(archive.item_of(missing).current->id, archive.other_box);
  EXPECT_EQ(archive.item_of(missing).home->id, archive.box);
  change_box(renamed);
  archive.refused(
      [&](auto& tx) { move_item(tx, archive.clerk, missing, find_item(tx, missing)->version, archive.box, false); });

  archive.accept_all(archive.other_box, {});
  ASSERT_TRUE(archive.item_of(missing).missing_since);
  archive.change([&](auto& tx) {
    move_item(tx, archive.clerk, in_the_gap, find_item(tx, in_the_gap)->version, archive.room, true);
  });
  change_box(closed);
  archive.accept_all(archive.other_box, {missing});
  EXPECT_EQ(archive.item_of(missing).current->id, archive.other_box);
}

TEST(Inventory, TheOrderOfCodesDoesNotMatterInOneBox) {
  PaperArchive archive;
  std::vector<std::string> codes;
  for (int i = 0; i < 3; ++i) codes.push_back(archive.item_of(archive.paper(archive.box)).barcode);
  std::sort(codes.begin(), codes.end());
  do {
    std::int64_t inventory = 0;
    archive.change([&](auto& tx) {
      inventory = start_inventory(tx, archive.manager, archive.box);
      for (const std::string& code : codes) scan(tx, archive.manager, inventory, {code});
      finish_inventory(tx, archive.manager, inventory);
    });
    EXPECT_TRUE(archive.kinds(inventory).empty());
  } while (std::next_permutation(codes.begin(), codes.end()));
}

TEST(Inventory, AScannedBoxSaysWhereWhatFollowsIs) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const auto code = [&](std::int64_t location) {
    auto session = archive.database.read();
    return code_of(session, {CodeBearer::Kind::location, location});
  };
  std::int64_t inventory = 0;
  archive.change([&](auto& tx) {
    inventory = start_inventory(tx, archive.manager, archive.room);
    scan(tx, archive.manager, inventory, {archive.item_of(id).barcode});
  });
  EXPECT_TRUE(archive.kinds(inventory).empty()) << "it is somewhere in the room";
  archive.change([&](auto& tx) {
    scan(tx, archive.manager, inventory, {code(archive.other_box)});
    scan(tx, archive.manager, inventory, {archive.item_of(id).barcode});
    finish_inventory(tx, archive.manager, inventory);
    const auto findings = findings_of(tx, archive.manager, inventory);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].expected->id, archive.box);
    EXPECT_EQ(findings[0].found->id, archive.other_box);
  });
}

TEST(Inventory, APlaceThatCannotStandThereIsNotMisplaced) {
  PaperArchive archive;
  archive.change([&](auto& tx) {
    const auto attic = create_location(tx, archive.manager, {archive.site, LocationKind::room, "Attic", {}, ""});
    const auto inventory = start_inventory(tx, archive.manager, archive.shelf);
    for (const std::int64_t larger : {attic, archive.room, archive.shelf}) {
      scan(tx, archive.manager, inventory, {code_of(tx, {CodeBearer::Kind::location, larger})});
    }
    EXPECT_TRUE(findings_of(tx, archive.manager, inventory).empty());
  });
}

TEST(Inventory, ABoxOnTheWrongShelfIsMisplacedAndItsFilesAreNot) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  std::int64_t inventory = 0;
  archive.change([&](auto& tx) {
    const auto shelf = create_location(tx, archive.manager, {archive.room, LocationKind::shelf, "Shelf 4", {}, ""});
    note_printed(tx, archive.clerk, labels_to_print(tx, archive.manager, 100));
    inventory = start_inventory(tx, archive.manager, shelf);
    scan(tx, archive.manager, inventory,
         {code_of(tx, {CodeBearer::Kind::location, archive.box}), archive.item_of(id).barcode});
    finish_inventory(tx, archive.manager, inventory);
    const auto findings = findings_of(tx, archive.manager, inventory);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].location_id, archive.box);
    accept_findings(tx, archive.manager, inventory, {findings[0].id});
    EXPECT_EQ(find_location(tx, archive.box)->parent_id, shelf);
    const auto labels = labels_to_print(tx, archive.manager, 100);
    ASSERT_EQ(labels.size(), 1u) << "that of the box says where it was";
    EXPECT_EQ(labels[0].bearer.id, archive.box);
  });
}

}  // namespace
}  // namespace muniment::records
