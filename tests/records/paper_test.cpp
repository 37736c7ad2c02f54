// Paper files: places, labels, loans, inventories, and how paper ends.
#include <algorithm>

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/barcodes.h"
#include "records/file_plan.h"
#include "records/inventory.h"
#include "records/loans.h"
#include "records/locations.h"
#include "records/paper_disposal.h"
#include "storage/index_queue.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using storage::Medium;
using testing::day;
using testing::RecordsArchive;

const Date kToday = day("2026-11-24");
const Date kDue = day("2028-11-25");
const Date kWindowEnds = day("2028-12-25");
const Date kWindowOver = day("2028-12-26");

struct PaperArchive : RecordsArchive {
  storage::Principal clerk = add_person("karin", storage::Role::staff);
  storage::Principal reader = add_person("rolf", storage::Role::reader);
  std::int64_t site = 0, room = 0, shelf = 0, box = 0, other_box = 0;
  int registered_files = 0;

  PaperArchive() {
    auto tx = begin();
    site = create_location(tx, manager, {std::nullopt, LocationKind::site, "Town hall", {}, ""});
    room = create_location(tx, manager, {site, LocationKind::room, "Cellar", {}, ""});
    shelf = create_location(tx, manager, {room, LocationKind::shelf, "Shelf 3", {}, ""});
    box = create_location(tx, manager, {shelf, LocationKind::box, "Box 1", 3, ""});
    other_box = create_location(tx, manager, {shelf, LocationKind::box, "Box 2", 3, ""});
    tx.commit();
  }

  std::int64_t paper(std::optional<std::int64_t> home = {}, const std::string& barcode = "") {
    auto tx = begin();
    storage::NewDocument document;
    document.title = "Personnel file " + std::to_string(++registered_files);
    document.class_id = node;
    document.source = "api";
    const std::int64_t id = register_paper(tx, manager, document, {home, barcode});
    tx.commit();
    return id;
  }
  std::int64_t declared_paper(std::optional<std::int64_t> home = {}) {
    const std::int64_t id = paper(home);
    auto tx = begin();
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  // A document with a file, and paper beside it.
  std::int64_t both(bool declared) {
    const std::int64_t id = filed();
    auto tx = begin();
    add_paper(tx, manager, id, {box, ""});
    if (declared) declare(tx, manager, id);
    tx.commit();
    return id;
  }
  PhysicalItem item_of(std::int64_t id) {
    auto session = database.read();
    return find_item(session, id).value();
  }
  std::int64_t version(std::int64_t location) {
    auto session = database.read();
    return find_location(session, location)->version;
  }
  // Commits what it is given to do.
  template <typename Act>
  void change(const Act& act) {
    auto tx = begin();
    act(tx);
    tx.commit();
  }
  // Runs what must be refused.
  template <typename Act>
  void refused(const Act& act, core::ErrorCode code = core::ErrorCode::conflict) {
    auto tx = begin();
    try {
      act(tx);
      ADD_FAILURE() << "it was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
    }
  }
  std::vector<FindingKind> kinds(std::int64_t inventory) {
    auto session = database.read();
    std::vector<FindingKind> all;
    for (const Finding& finding : findings_of(session, manager, inventory)) all.push_back(finding.kind);
    std::sort(all.begin(), all.end());
    return all;
  }
};

// Documents --------------------------------------------------------------------------------------------------------

TEST(PaperDocument, IsADocumentWithoutAFile) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  auto session = archive.database.read();
  const auto document = storage::find_document(session, archive.manager, id).value();
  EXPECT_EQ(document.medium, Medium::physical);
  EXPECT_EQ(document.state, storage::DocumentState::ready);
  EXPECT_EQ(document.barcode, "M00000006") << "after five places";
  EXPECT_TRUE(document.components.empty());
  EXPECT_THROW(storage::require_file(document), Error);
  const auto indexable = storage::load_indexable(session, id).value();
  EXPECT_EQ(indexable.barcode, "M00000006");
  EXPECT_EQ(indexable.title, "Personnel file 1");
  EXPECT_TRUE(storage::damaged_documents(session).empty());
}

TEST(PaperDocument, NeedsATitle) {
  PaperArchive archive;
  archive.refused([&](auto& tx) { register_paper(tx, archive.manager, {}, {}); }, core::ErrorCode::invalid_argument);
}

TEST(PaperDocument, IsDeclaredHeldAndDamagedLikeAnyOther) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  EXPECT_EQ(archive.record(id).stage, Stage::active);
  {
    auto session = archive.database.read();
    EXPECT_TRUE(damaged_records(session).empty());
  }
  archive.held_by_hand(id);
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET title = 'Other' WHERE id = $1", id); });
  archive.refused([&](auto& tx) { tx.execute("DELETE FROM physical_item WHERE document_id = $1", id); });
}

TEST(PaperDocument, OfAClassThatDeclaresOnFilingBecomesARecordByItself) {
  PaperArchive archive;
  archive.change([&](auto& tx) {
    ClassChange change;
    change.declares_on_filing = true;
    change_class(tx, archive.node, find_class(tx, archive.node)->version, change);
  });
  const std::int64_t id = archive.paper();
  archive.change([&](auto& tx) { declare_what_was_filed(tx, 10); });
  EXPECT_EQ(archive.record(id).declared_how, "filing");
}

TEST(PaperDocument, MediumFollowsThePaperBesideAFile) {
  PaperArchive archive;
  const std::int64_t id = archive.both(false);
  const auto medium = [&] {
    auto session = archive.database.read();
    return storage::find_document(session, archive.manager, id)->medium;
  };
  EXPECT_EQ(medium(), Medium::physical_and_digital);
  archive.refused([&](auto& tx) { add_paper(tx, archive.manager, id, {}); });
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET medium = 'physical' WHERE id = $1", id); });
  archive.change([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  EXPECT_EQ(medium(), Medium::digital);
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {}); });
  archive.change([&](auto& tx) { declare(tx, archive.manager, id); });
  archive.refused([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  archive.refused([&](auto& tx) { tx.execute("UPDATE document SET medium = 'digital' WHERE id = $1", id); });
}

// Places -----------------------------------------------------------------------------------------------------------

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

// Barcodes ---------------------------------------------------------------------------------------------------------

TEST(Barcodes, AreGivenOnceOverFilesAndPlaces) {
  PaperArchive archive;
  const std::int64_t id = archive.paper({}, "kn-17");
  const CodeBearer bearer{CodeBearer::Kind::paper, id};
  {
    auto session = archive.database.read();
    EXPECT_EQ(find_code(session, " KN-17\r\n")->bearer, bearer);
    EXPECT_FALSE(find_code(session, "KN-18"));
  }
  const CodeBearer box{CodeBearer::Kind::location, archive.box};
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN-17"); });
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "M00000099"); },
                  core::ErrorCode::invalid_argument);
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN 18"); },
                  core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { EXPECT_EQ(give_other_code(tx, archive.manager, bearer, ""), "M00000006"); });
  archive.refused([&](auto& tx) { give_other_code(tx, archive.manager, box, "KN-17"); });
  auto session = archive.database.read();
  EXPECT_TRUE(find_code(session, "KN-17")->replaced) << "it still says what it was on";
  EXPECT_EQ(code_of(session, bearer), "M00000006");
}

TEST(Barcodes, ARenumberedClassAsksForNewLabels) {
  PaperArchive archive;
  const std::int64_t id = archive.paper();
  archive.change([&](auto& tx) { note_printed(tx, archive.clerk, labels_to_print(tx, archive.manager, 100)); });
  archive.change([&](auto& tx) {
    ClassChange change;
    change.code = "3.7";
    change_class(tx, archive.node, find_class(tx, archive.node)->version, change);
  });
  EXPECT_EQ(archive.item_of(id).label, "outdated");
  auto session = archive.database.read();
  EXPECT_EQ(label_texts(session, archive.manager, {{CodeBearer::Kind::paper, id}})[0].detail, "3.7");
}

TEST(Barcodes, NumbersOfOurOwnNeverRepeat) {
  PaperArchive archive;
  std::set<std::string> codes;
  for (int i = 0; i < 50; ++i) {
    const std::int64_t id = archive.paper();
    EXPECT_TRUE(codes.insert(archive.item_of(id).barcode).second);
    archive.change([&](auto& tx) {
      EXPECT_TRUE(codes.insert(give_other_code(tx, archive.manager, {CodeBearer::Kind::paper, id}, "")).second);
    });
  }
}

// Loans ------------------------------------------------------------------------------------------------------------

TEST(Loans, AFileIsOutOnceAndComesHome) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  const Borrower rolf{archive.reader.account_id, ""};
  archive.refused([&](auto& tx) { lend(tx, archive.reader, id, rolf, kDue, kToday); }, core::ErrorCode::forbidden);
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, rolf, day("2026-11-23"), kToday); },
                  core::ErrorCode::invalid_argument);
  archive.refused(
      [&](auto& tx) {
        lend(tx, archive.clerk, id, {{}, " "}, kDue, kToday);
      },
      core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, rolf, day("2026-12-01"), kToday); });
  EXPECT_TRUE(archive.item_of(id).on_loan);
  EXPECT_FALSE(archive.item_of(id).current);
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.refused([&](auto& tx) {
    tx.execute("INSERT INTO loan (document_id, borrower, out_at, due_on) VALUES ($1, 'x', 0, '2027-01-01')", id);
  });
  archive.refused([&](auto& tx) { move_item(tx, archive.clerk, id, find_item(tx, id)->version, archive.box, false); });
  archive.refused([&](auto& tx) { storage::trash_document(tx, archive.manager, id); });
  {
    auto session = archive.database.read();
    EXPECT_TRUE(list_loans(session, archive.clerk, {day("2026-12-01"), {}}).empty()) << "the last day is in time";
    EXPECT_EQ(list_loans(session, archive.clerk, {day("2026-12-02"), {}}).size(), 1u);
    EXPECT_EQ(list_loans(session, archive.clerk, {{}, archive.clerk.account_id}).size(), 0u);
  }
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  archive.refused([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(archive.item_of(id).current->id, archive.box);
  auto session = archive.database.read();
  ASSERT_EQ(loan_history(session, id).size(), 1u);
  EXPECT_EQ(loan_history(session, id)[0].borrower, "rolf");
  std::vector<std::string> why;
  for (const Movement& movement : item_movements(session, id)) why.push_back(movement.why);
  EXPECT_EQ(why, (std::vector<std::string>{"returned", "lent", "registered"}));
}

TEST(Loans, ARecallBringsTheDayForwardAndNeverBack) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2026-12-10"), kToday); });
  archive.change([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-20"), kToday); });
  archive.change([&](auto& tx) { recall(tx, archive.clerk, id, day("2026-11-30"), kToday); });
  archive.change([&](auto& tx) { recall(tx, archive.clerk, id, day("2026-12-24"), kToday); });
  archive.refused([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-31"), kToday); });
  auto session = archive.database.read();
  EXPECT_EQ(open_loan(session, id)->due_on, day("2026-11-30"));
  EXPECT_TRUE(open_loan(session, id)->recalled_at);
}

TEST(Loans, TheFirstInLineIsToldAndNobodyElseGetsIt) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2026-12-10"), kToday); });
  std::int64_t second = 0;
  archive.change([&](auto& tx) {
    reserve(tx, archive.reader, id);
    second = reserve(tx, archive.approver, id);
  });
  archive.refused([&](auto& tx) { reserve(tx, archive.reader, id); });
  archive.refused([&](auto& tx) { renew(tx, archive.clerk, id, day("2026-12-31"), kToday); });
  const auto told = [&] {
    auto session = archive.database.read();
    std::vector<std::int64_t> who;
    for (const Reservation& one : reservations_of(session, id)) {
      if (one.available_at) who.push_back(one.account_id);
    }
    return who;
  };
  EXPECT_TRUE(told().empty());
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(told(), std::vector<std::int64_t>{archive.reader.account_id});
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {archive.approver.account_id, ""}, kDue, kToday); });
  archive.refused([&](auto& tx) { cancel_reservation(tx, archive.reader, second); }, core::ErrorCode::forbidden);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {archive.reader.account_id, ""}, kDue, kToday); });
  EXPECT_TRUE(told().empty());
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  EXPECT_EQ(told(), std::vector<std::int64_t>{archive.approver.account_id});
  archive.change([&](auto& tx) { cancel_reservation(tx, archive.approver, second); });
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
}

TEST(Loans, NobodySeesLoansOfWhatTheyMayNotRead) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) {
    lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday);
    storage::DocumentChange change;
    change.own_access_list = storage::create_access_list(
        tx, "Manager only", {{storage::AccessEntry::Subject::account, archive.manager.account_id, true}});
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
  });
  auto session = archive.database.read();
  EXPECT_TRUE(list_loans(session, archive.clerk, {}).empty());
  EXPECT_TRUE(items_at(session, archive.clerk, archive.box).empty());
  EXPECT_TRUE(labels_to_print(session, archive.clerk, 100).size() == 5) << "places only";
}

// Inventory --------------------------------------------------------------------------------------------------------

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

TEST(Inventory, ABoxOnTheWrongShelfIsMisplacedAndItsFilesAreNot) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  std::int64_t inventory = 0;
  archive.change([&](auto& tx) {
    const auto shelf = create_location(tx, archive.manager, {archive.room, LocationKind::shelf, "Shelf 4", {}, ""});
    inventory = start_inventory(tx, archive.manager, shelf);
    scan(tx, archive.manager, inventory,
         {code_of(tx, {CodeBearer::Kind::location, archive.box}), archive.item_of(id).barcode});
    finish_inventory(tx, archive.manager, inventory);
    const auto findings = findings_of(tx, archive.manager, inventory);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].location_id, archive.box);
    accept_findings(tx, archive.manager, inventory, {findings[0].id});
    EXPECT_EQ(find_location(tx, archive.box)->parent_id, shelf);
  });
}

// The end of paper -------------------------------------------------------------------------------------------------

TEST(PaperDisposal, ARecordIsPurgedOnlyAfterItsPaperIsConfirmedDestroyed) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const std::string code = archive.item_of(id).barcode;
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::destroyed);
  archive.refused(
      [&](auto& tx) { confirm_paper_destroyed(tx, archive.manager, {id}, kWindowEnds, "Shredded", kWindowEnds); });
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 0u) << "nobody has destroyed the paper";
  EXPECT_EQ(archive.record(id).stage, Stage::restorable);
  archive.refused([&](auto& tx) { tx.execute("UPDATE record SET stage = 'purging' WHERE document_id = $1", id); });
  archive.refused(
      [&](auto& tx) { confirm_paper_destroyed(tx, archive.clerk, {id}, kWindowOver, "Shredded", kWindowOver); },
      core::ErrorCode::forbidden);
  archive.refused(
      [&](auto& tx) { confirm_paper_destroyed(tx, archive.manager, {id}, day("2028-12-27"), "Shredded", kWindowOver); },
      core::ErrorCode::invalid_argument);
  archive.change([&](auto& tx) {
    ASSERT_EQ(paper_to_destroy(tx, archive.manager).size(), 1u);
    EXPECT_EQ(paper_to_destroy(tx, archive.manager)[0].current->id, archive.box);
    confirm_paper_destroyed(tx, archive.manager, {id}, kWindowOver, "Shredded, DIN 66399 P-4", kWindowOver);
    EXPECT_TRUE(paper_to_destroy(tx, archive.manager).empty());
  });
  EXPECT_THROW(archive.disposal.restore(archive.manager, id, "Needed"), Error) << "there is nothing to restore";
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
  auto session = archive.database.read();
  EXPECT_FALSE(find_item(session, id));
  EXPECT_EQ(find_paper_destruction(session, id)->method, "Shredded, DIN 66399 P-4");
  EXPECT_EQ(find_paper_destruction(session, id)->confirmed_by_name, "maria");
  EXPECT_EQ(find_tombstone(session, archive.manager, id)->medium, "physical");
  EXPECT_TRUE(find_code(session, code)) << "its code is not given again";
}

TEST(PaperDisposal, WhatIsOnLoanIsNotDisposedOf) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, day("2029-01-01"), kDue); });
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.item(batch, id).outcome, Outcome::skipped);
  EXPECT_EQ(archive.item(batch, id).reason, "its paper is on loan");
}

TEST(PaperDisposal, AHoldThatComesMeanwhileKeepsThePaper) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  archive.held_by_hand(id);
  archive.refused(
      [&](auto& tx) { confirm_paper_destroyed(tx, archive.manager, {id}, kWindowOver, "Shredded", kWindowOver); });
  archive.refused([&](auto& tx) {
    tx.execute(
        "INSERT INTO paper_destruction (document_id, batch_id, destroyed_on, method, confirmed_at) "
        "VALUES ($1, $2, '2028-12-26', 'x', 0)",
        id, batch);
  });
}

TEST(PaperDisposal, AScanIsComparedBeforeItsPaperIsDiscarded) {
  PaperArchive archive;
  const std::int64_t id = archive.both(true);
  const auto discard = [&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday); };
  archive.refused(discard);
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, 1, true, ""); });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, 1, false, "The edge is cut off"); });
  archive.refused(discard);
  archive.refused([&](auto& tx) {
    tx.execute(
        "INSERT INTO paper_destruction (document_id, scan_check_id, destroyed_on, method, confirmed_at) "
        "VALUES ($1, (SELECT min(id) FROM scan_check), '2026-11-24', 'x', 0)",
        id);
  });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, 1, true, "Scanned again"); });
  archive.change([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.refused(discard);
  archive.change([&](auto& tx) { take_back(tx, archive.clerk, id, {}); });
  const auto hold = archive.held_by_hand(id);
  archive.refused(discard);
  archive.change([&](auto& tx) { release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled"); });
  archive.change(discard);
  {
    auto session = archive.database.read();
    EXPECT_EQ(storage::find_document(session, archive.manager, id)->medium, Medium::digital);
    EXPECT_EQ(find_paper_destruction(session, id)->batch_id, std::nullopt);
    EXPECT_TRUE(find_item(session, id)->destroyed);
    EXPECT_TRUE(items_at(session, archive.manager, archive.box).empty());
    EXPECT_EQ(scan_checks(session, id).size(), 3u);
    EXPECT_TRUE(damaged_records(session).empty()) << "the scan is what was declared";
  }
  const auto batch = archive.proposed({id}, kDue);
  archive.approve(batch);
  archive.execute(batch, kDue);
  EXPECT_EQ(archive.disposal.purge(kWindowOver), 1u) << "its paper is gone already";
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST(PaperDisposal, WhatIsOnPaperOnlyHasNoScanToKeep) {
  PaperArchive archive;
  const std::int64_t id = archive.declared_paper(archive.box);
  archive.refused([&](auto& tx) { record_scan_check(tx, archive.manager, id, 1, true, ""); });
  archive.refused([&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday); });
}

TEST(PaperDisposal, PaperStaysInTheTrashBecauseNoProgramDestroysIt) {
  PaperArchive archive;
  const std::int64_t id = archive.paper(archive.box);
  archive.change([&](auto& tx) { storage::trash_document(tx, archive.manager, id); });
  archive.refused([&](auto& tx) { lend(tx, archive.clerk, id, {{}, "A lawyer"}, kDue, kToday); });
  archive.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 0u);
  {
    auto session = archive.database.read();
    EXPECT_TRUE(find_item(session, id));
  }
  archive.change([&](auto& tx) { storage::restore_document(tx, archive.manager, id); });
}

TEST(PaperDisposal, ACheckIsOfThePaperThatWasThere) {
  PaperArchive archive;
  const std::int64_t id = archive.filed();
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {archive.box, ""}); });
  archive.change([&](auto& tx) { record_scan_check(tx, archive.manager, id, 1, true, ""); });
  archive.clock.advance(std::chrono::hours(1));
  archive.change([&](auto& tx) { remove_paper(tx, archive.manager, id); });
  archive.change([&](auto& tx) { add_paper(tx, archive.manager, id, {archive.box, ""}); });
  archive.refused([&](auto& tx) { discard_paper(tx, archive.manager, id, kToday, "Shredded", kToday); });
}

}  // namespace
}  // namespace muniment::records
