#include "records/locations.h"

#include <gtest/gtest.h>

#include "records/barcodes.h"
#include "records/loans.h"
#include "tests/records/paper_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::kToday;
using testing::PaperArchive;

TEST(Locations, StandInEachOtherInOneOrderOnly) {
  PaperArchive archive;
  archive.refused(
      [&](auto& tx) {
        create_location(tx, archive.manager, {{}, LocationKind::room, "R", {}, ""});
      },
      core::ErrorCode::invalid_argument);
  archive.refused([&](auto& tx) {
    create_location(tx, archive.manager, {archive.shelf, LocationKind::room, "R", {}, ""});
  });
  archive.refused([&](auto& tx) {
    create_location(tx, archive.manager, {archive.box, LocationKind::box, "B", {}, ""});
  });
  archive.change([&](auto& tx) {
    create_location(tx, archive.manager, {archive.room, LocationKind::box, "On the floor", {}, ""});
  });
  archive.refused([&](auto& tx) {
    move_location(tx, archive.manager, archive.room, find_location(tx, archive.room)->version, archive.box);
  });
  auto session = archive.database.read();
  EXPECT_EQ(find_location(session, archive.box)->path, "Town hall / Cellar / Shelf 3 / Box 1");
  const auto all = list_locations(session);
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0].id, archive.site);
  EXPECT_EQ(all[2].name, "On the floor");
  EXPECT_EQ(all[3].path, "Town hall / Cellar / Shelf 3");
}

TEST(Locations, AreFullWhenTheyAreFullAndKeepThePlaceOfWhatIsOut) {
  PaperArchive archive;
  const std::int64_t first = archive.paper(archive.box);
  archive.paper(archive.box);
  archive.paper(archive.box);
  archive.change([&](auto& tx) {
    lend(tx, archive.clerk, first, {archive.reader.account_id, ""}, day("2026-12-01"), kToday);
  });
  archive.refused([&](auto& tx) {
    storage::NewDocument document;
    document.title = "One too many";
    register_paper(tx, archive.manager, document, {archive.box, ""});
  });
  archive.refused([&](auto& tx) {
    LocationChange change;
    change.capacity.emplace(2);
    change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, change);
  });
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, first, {}); });
  EXPECT_EQ(archive.item_of(first).current->id, archive.box);
}

TEST(Locations, AreClosedWhenEmptyAndTakeNothingThen) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  LocationChange close;
  close.closed = true;
  archive.refused(
      [&](auto& tx) { change_location(tx, archive.manager, archive.box, archive.version(archive.box), close); });
  archive.change([&](auto& tx) {
    move_item(tx, archive.clerk, id, find_item(tx, id)->version, archive.other_box, true);
    change_location(tx, archive.manager, archive.box, find_location(tx, archive.box)->version, close);
  });
  archive.refused([&](auto& tx) { move_item(tx, archive.clerk, id, find_item(tx, id)->version, archive.box, false); });
  archive.refused([&](auto& tx) { tx.execute("DELETE FROM location WHERE id = $1", archive.box); });
}

TEST(Locations, ABoxMovesWithAllThatIsInItAndItsLabelIsToBePrintedAnew) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const std::int64_t shelf = [&] {
    auto tx = archive.begin();
    const auto made = create_location(tx, archive.manager, {archive.room, LocationKind::shelf, "Shelf 4", {}, ""});
    note_printed(tx, archive.clerk, labels_to_print(tx, archive.manager, 100));
    EXPECT_TRUE(labels_to_print(tx, archive.manager, 100).empty());
    tx.commit();
    return made;
  }();
  archive.change([&](auto& tx) { move_location(tx, archive.clerk, archive.box, 1, shelf); });
  EXPECT_EQ(archive.item_of(id).current->path, "Town hall / Cellar / Shelf 4 / Box 1");
  auto session = archive.database.read();
  EXPECT_EQ(location_movements(session, archive.box).front().to->id, shelf);
  const auto labels = labels_to_print(session, archive.manager, 100);
  ASSERT_EQ(labels.size(), 1u) << "what is in the box is labelled as before";
  EXPECT_EQ(labels[0].bearer.id, archive.box);
  EXPECT_EQ(labels[0].condition, "outdated");
  EXPECT_EQ(labels[0].detail, "Town hall / Cellar / Shelf 4");
}

}  // namespace
}  // namespace muniment::records
