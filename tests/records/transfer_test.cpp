#include "records/transfer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "core/files.h"
#include "records/certificate.h"
#include "records/disposition.h"
#include "records/explanation.h"
#include "records/locations.h"
#include "records/paper_disposal.h"
#include "records/physical_items.h"
#include "records/tombstones.h"
#include "tests/records/transfer_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using core::ErrorCode;
using testing::kTransferDue;
using testing::TransferArchive;

TEST(Transfer, HandsOverAPackageAndKeepsEverything) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  EXPECT_EQ(Outcome::transferring, archive.item(batch, id).outcome);
  EXPECT_EQ(Stage::transferring, archive.record(id).stage);
  EXPECT_TRUE(archive.found(id));
  const auto package = archive.package(batch).value();
  EXPECT_EQ(package.hash, core::digest_of(core::open_for_reading(archive.file(batch))).hash);
  EXPECT_EQ(package.size, std::filesystem::file_size(archive.file(batch)));
  // ERMS, PREMIS, two descriptions, two catalogues, the METS of the representation and the file.
  EXPECT_EQ(8, package.files);
  EXPECT_EQ(package.size, core::size_of(archive.disposal.open_package(archive.manager, batch)));
}

TEST(Transfer, CanLeaveCopiesThatTheirOwnScheduleKeeps) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t keeping = archive.copy_schedule(Action::destroy);
  const std::int64_t batch = archive.proposed_with_copies({id}, keeping);
  archive.approve(batch);
  archive.execute(batch, testing::day(kTransferDue));
  {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute("INSERT INTO kept_copy (document_id, batch_id) VALUES ($1, $2)", id, batch), Error)
        << "there is no receipt";
  }
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_TRUE(archive.found(id));
  EXPECT_EQ(Outcome::transferred, archive.item(batch, id).outcome);
  const Record record = archive.record(id);
  EXPECT_EQ(Stage::active, record.stage);
  EXPECT_EQ(keeping, record.own_schedule);
  EXPECT_EQ(Action::destroy, record.action);
  EXPECT_EQ(testing::day("2030-12-31"), record.retain_through) << "a year from the transfer";
  EXPECT_TRUE(archive.package(batch)->removed_at);
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch)));
  EXPECT_EQ(0U, archive.disposal.let_go(testing::day(kTransferDue)));
  auto session = archive.database.read();
  ASSERT_EQ(1U, kept_copies(session, id).size());
  EXPECT_EQ("The City Archives", kept_copies(session, id)[0].received_by);
  const Certificate made = certificate(session, archive.manager, batch);
  EXPECT_TRUE(made.complete);
  EXPECT_FALSE(made.records[0].tombstone);
  EXPECT_EQ(std::vector<std::int64_t>{batch}, batches_to_certify(session));
  EXPECT_EQ(1U, custody_in_words(session, id, Language::english).size());
}

TEST(Transfer, ACopyGoesInTheEndAndTheFirstCertificateStaysAsItWas) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t held = archive.declared();
  const std::int64_t batch = archive.proposed_with_copies({id, held}, archive.copy_schedule(Action::destroy));
  archive.approve(batch);
  archive.execute(batch, testing::day(kTransferDue));
  archive.held_by_hand(held);
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, held).outcome);
  EXPECT_TRUE(std::filesystem::exists(archive.file(batch))) << "something waits";
  {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute("DELETE FROM kept_copy WHERE document_id = $1", id), Error) << "it is a copy still";
  }
  const Date later = testing::day("2031-01-01");
  const std::int64_t end = archive.proposed({id}, later);
  archive.approve(end);
  archive.execute(end, later);
  EXPECT_EQ(1U, archive.disposal.purge(testing::day("2031-03-01")));
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch))) << "it has what was destroyed";
  auto session = archive.database.read();
  const Certificate made = certificate(session, archive.manager, batch);
  EXPECT_EQ(Outcome::transferred, made.records[0].item.outcome);
  EXPECT_FALSE(made.records[0].tombstone);
  EXPECT_TRUE(archive.disposal.verify_purged().empty());
}

TEST(Transfer, WhatIsDestroyedAfterACancelledTransferIsNotLeftInItsPackage) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t other = archive.declared();
  const std::int64_t batch = archive.handed_over({id, other});
  const std::int64_t hold = archive.held_by_hand(id);
  archive.record_receipt(batch, archive.receipt(batch));
  archive.disposal.cancel_transfer(archive.manager, batch, archive.version(batch), "The hold may last for years");
  EXPECT_EQ(Outcome::skipped, archive.item(batch, id).outcome);
  archive.disposal.restore(archive.manager, batch, other, "Wanted here after all");
  EXPECT_TRUE(std::filesystem::exists(archive.file(batch)));
  {
    auto tx = archive.begin();
    release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
    set_own_schedule(tx, archive.manager, id, find_record(tx, id)->version, archive.schedule, "Worth nothing to them");
    tx.commit();
  }
  const std::int64_t end = archive.proposed({id}, testing::day(kTransferDue));
  archive.approve(end);
  archive.execute(end, testing::day(kTransferDue));
  EXPECT_EQ(1U, archive.disposal.purge(testing::day("2030-03-01")));
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch))) << "it has what was destroyed";
  EXPECT_TRUE(archive.package(batch)->removed_at);
  core::write_durably(archive.file(batch), "somebody put it back");
  const auto findings = archive.disposal.verify_purged();
  ASSERT_EQ(1U, findings.size());
  EXPECT_NE(std::string::npos, findings[0].find("the package of transfer " + std::to_string(batch))) << findings[0];
}

TEST(Transfer, ACopyIsAskedForWithAScheduleThatCanKeepIt) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const auto refused = [&](Action action, std::int64_t schedule) {
    auto tx = archive.begin();
    try {
      NewBatch wanted{"Batch", action, "", {id}, 1};
      wanted.copy_schedule = schedule;
      propose_batch(tx, archive.manager, wanted, testing::day(kTransferDue));
      ADD_FAILURE() << "it was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::invalid_argument, error.code()) << error.what();
    }
  };
  const std::int64_t keeping = archive.copy_schedule(Action::destroy);
  refused(Action::destroy, keeping);
  refused(Action::transfer, 999);
  refused(Action::transfer, archive.copy_schedule(Action::transfer));
  {
    auto tx = archive.begin();
    set_schedule_status(tx, keeping, find_schedule(tx, keeping)->version, Status::closed);
    tx.commit();
  }
  refused(Action::transfer, keeping);
  const std::int64_t batch = archive.proposed_with_copies({id}, archive.schedule);
  auto tx = archive.begin();
  EXPECT_THROW(tx.execute("UPDATE disposition_batch SET copy_schedule_id = NULL WHERE id = $1", batch), Error);
}

TEST(Transfer, NoCopyIsKeptBySchedulesThatWouldTransferItAgain) {
  TransferArchive archive;
  const std::int64_t keeping = archive.copy_schedule(Action::destroy);
  const std::int64_t id = archive.declared();
  const std::int64_t doubly = archive.declared();
  {
    auto tx = archive.begin();
    const std::int64_t beside = create_schedule(tx, "T2", testing::terms("1 year", Action::transfer));
    add_schedule_beside(tx, archive.manager, doubly, beside, "An agreement");
    tx.commit();
  }
  try {
    archive.proposed_with_copies({doubly}, keeping);
    ADD_FAILURE() << "it would be due again at once";
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCode::conflict, error.code());
    EXPECT_NE(std::string::npos, error.message().find("T2")) << error.message();
  }
  const std::int64_t batch = archive.proposed_with_copies({id}, keeping);
  archive.approve(batch);
  archive.execute(batch, testing::day(kTransferDue));
  const auto say = [&](Action action) {
    auto tx = archive.begin();
    const Schedule before = find_schedule(tx, keeping).value();
    ScheduleTerms terms = before.terms;
    terms.action = action;
    change_schedule(tx, keeping, before.version, terms, "Decided anew");
    tx.commit();
  };
  say(Action::transfer);
  EXPECT_NE(std::string::npos, archive.refusal(batch, archive.receipt(batch)).find("due for transfer again"));
  say(Action::destroy);
  const std::int64_t hold = archive.held_by_hand(id);
  EXPECT_EQ("", archive.refusal(batch, archive.receipt(batch)));
  say(Action::transfer);
  {
    auto tx = archive.begin();
    release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
    tx.commit();
  }
  EXPECT_EQ(0U, archive.disposal.let_go(testing::day(kTransferDue)));
  EXPECT_NE(std::string::npos, archive.item(batch, id).reason.find("due for transfer again"));
  say(Action::destroy);
  EXPECT_EQ(1U, archive.disposal.let_go(testing::day(kTransferDue)));
}

TEST(Transfer, HandsOverEveryVersion) {
  TransferArchive archive;
  const std::int64_t id = archive.with_two_versions();
  const std::int64_t batch = archive.handed_over({id});
  std::map<std::string, core::Sha256> originals;
  for (const PackageFile& file : archive.receipt(batch).files) {
    if (file.path.starts_with("representations/original/data/")) originals[file.path] = file.hash;
  }
  EXPECT_EQ((std::map<std::string, core::Sha256>{
                {"representations/original/data/00000001-v1-1.txt", core::Sha256::of("the first draft")},
                {"representations/original/data/00000001-1.md", core::Sha256::of("the second draft")}}),
            originals);
}

TEST(Transfer, PutsTheSearchablePdfBesideTheOriginal) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const auto pdf = archive.directory.path() / "searchable.pdf";
  core::write_durably(pdf, "%PDF-1.7 searchable");
  archive.surroundings.searchable[id] = pdf;
  const auto stated = archive.receipt(archive.handed_over({id}));
  const auto found = std::ranges::find(stated.files, "representations/archive/data/00000001.pdf", &PackageFile::path);
  ASSERT_NE(stated.files.end(), found);
  EXPECT_EQ(core::Sha256::of("%PDF-1.7 searchable"), found->hash);
}

TEST(Transfer, WhatIsHeldBeforeExecutionStaysOutOfThePackage) {
  TransferArchive archive;
  const std::int64_t held = archive.declared();
  const std::int64_t other = archive.declared();
  const std::int64_t batch = archive.approved({held, other});
  archive.held_by_hand(held);
  archive.execute(batch, testing::day(kTransferDue));
  EXPECT_EQ(Outcome::skipped, archive.item(batch, held).outcome);
  EXPECT_EQ(Stage::active, archive.record(held).stage);
  for (const PackageFile& file : archive.receipt(batch).files) {
    EXPECT_EQ(std::string::npos, file.path.find("0000001-")) << file.path;
  }
}

TEST(Transfer, CancellingKeepsEverythingAndRemovesThePackage) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  archive.disposal.cancel_transfer(archive.manager, batch, archive.version(batch), "The archive refused it");
  EXPECT_EQ(Stage::active, archive.record(id).stage);
  EXPECT_EQ(Outcome::skipped, archive.item(batch, id).outcome);
  {
    auto session = archive.database.read();
    EXPECT_TRUE(batches_to_certify(session).empty()) << "nothing was transferred";
  }
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch)));
  EXPECT_THROW(archive.disposal.open_package(archive.manager, batch), Error);
  EXPECT_THROW(archive.record_receipt(batch, archive.receipt(batch)), Error);
  // And it can be proposed anew.
  EXPECT_NE(batch, archive.handed_over({id}));
}

TEST(Transfer, AnInterruptedPackageIsMadeAnewOrGivenUp) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.stopped_at_the_package({id});
  EXPECT_EQ(Stage::transferring, archive.record(id).stage);
  EXPECT_FALSE(archive.package(batch));
  core::write_durably(archive.file(batch), "left by a crash before it was written down");
  core::write_durably(archive.data.transfers() / "unfinished" / "half", "half");
  core::write_durably(archive.data.transfers() / "of-somebody-else.zip", "kept");
  archive.disposal.recover();
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch)));
  EXPECT_FALSE(std::filesystem::exists(archive.data.transfers() / "unfinished" / "half"));
  EXPECT_TRUE(std::filesystem::exists(archive.data.transfers() / "of-somebody-else.zip"));
  EXPECT_EQ(0U, archive.disposal.purge(testing::day("2040-01-01")));

  archive.execute(batch, testing::day(kTransferDue));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, id).outcome);
  EXPECT_TRUE(std::filesystem::exists(archive.file(batch)));
  archive.disposal.recover();
  EXPECT_TRUE(std::filesystem::exists(archive.file(batch)));
}

TEST(Transfer, WhatAnotherScheduleDecidesOnStaysOutOfThePackage) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.stopped_at_the_package({id});
  archive.give_another_schedule();
  EXPECT_TRUE(archive.disposal.execute(archive.manager, batch, testing::day(kTransferDue), [] { return false; }));
  EXPECT_EQ(Outcome::skipped, archive.item(batch, id).outcome);
  EXPECT_EQ("another schedule decides on it now", archive.item(batch, id).reason);
  EXPECT_FALSE(archive.package(batch));
}

TEST(Transfer, WhatAnotherScheduleDecidesOnIsNotLetGo) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  archive.give_another_schedule();
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, id).outcome);
  EXPECT_EQ("another schedule decides on it now", archive.item(batch, id).reason);
  EXPECT_TRUE(archive.found(id));
}

TEST(Transfer, AnInterruptedTransferCanBeWithdrawn) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.stopped_at_the_package({id});
  archive.disposal.recover();
  auto tx = archive.begin();
  withdraw_batch(tx, archive.manager, batch, find_batch(tx, batch)->version, "Not after all");
  tx.commit();
  EXPECT_EQ(Stage::active, archive.record(id).stage);
}

TEST(Transfer, AFullDiskLeavesTheBatchApproved) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.approved({id});
  core::write_durably(archive.data.root() / "transfers", "a file where the folder should be");
  EXPECT_THROW(archive.execute(batch, testing::day(kTransferDue)), std::exception);
  auto session = archive.database.read();
  EXPECT_EQ(BatchState::approved, find_batch(session, batch)->state);
}

TEST(Transfer, ExportsACopyForThoseWhoMay) {
  TransferArchive archive;
  const std::int64_t id = archive.filed();
  const auto folder = archive.directory.path() / "exported";
  {
    const auto target = folder_target(folder);
    const Package package = archive.disposal.export_package(archive.manager, {id}, "A copy", *target);
    for (const PackageFile& file : package.files) {
      const auto path = folder / package.id / file.path;
      EXPECT_EQ(file.hash, core::digest_of(core::open_for_reading(path)).hash) << file.path;
      EXPECT_EQ(file.size, std::filesystem::file_size(path));
    }
    EXPECT_TRUE(std::filesystem::exists(folder / package.id / "METS.xml"));
  }
  EXPECT_THROW(folder_target(folder), Error);
  const auto staff = archive.add_person("sten", storage::Role::staff);
  const auto target = folder_target(archive.directory.path() / "another");
  EXPECT_THROW(archive.disposal.export_package(staff, {id}, "A copy", *target), Error);
}

TEST(Transfer, AnExportTellsWhatWasDestroyedThere) {
  TransferArchive archive;
  std::int64_t folder = 0;
  std::int64_t destroying = 0;
  {
    auto tx = archive.begin();
    destroying = create_schedule(tx, "D1", testing::terms("2 years"));
    NewClass below{archive.node, "3.1.9", "Small ones"};
    below.schedule = destroying;
    folder = create_folder(tx, create_class(tx, below), "The quay", std::nullopt);
    choose_tombstone_fields(tx, archive.manager, {TombstoneField::folder});
    tx.commit();
  }
  const std::int64_t gone = archive.declared(folder);
  const std::int64_t kept = archive.filed(folder);
  const std::int64_t elsewhere = archive.filed();
  const auto batch = archive.proposed({gone}, testing::kDue);
  archive.approve(batch);
  archive.execute(batch, testing::kDue);
  archive.trash(archive.manager, elsewhere);
  archive.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(archive.disposal.empty_trash(archive.clock.now()), 1U);
  auto session = archive.database.read();
  EXPECT_EQ(destroyed_in(session, archive.manager, {}, {folder}), std::vector{gone});
  EXPECT_EQ(destroyed_in(session, archive.manager, {archive.node}, {}), (std::vector{gone, elsewhere}));
  EXPECT_TRUE(destroyed_in(session, archive.manager, {}, {999}).empty());
  const auto target = folder_target(archive.directory.path() / "exported");
  const Package package = archive.disposal.export_package(archive.manager, {kept}, "A copy", *target, {gone});
  const auto path = archive.directory.path() / "exported" / package.id / "documentation/destroyed.csv";
  const std::string list = core::read_file(path, 10'000);
  EXPECT_NE(list.find("\n" + std::to_string(gone) + ",,3.1.9,The quay,"), std::string::npos) << list;
  EXPECT_NE(list.find(",D1,1,Decision 1,2028-11-24," + std::to_string(batch) + ",anders,"), std::string::npos) << list;
  EXPECT_NE(core::read_file(path.parent_path().parent_path() / "METS.xml", 100'000).find("documentation/destroyed.csv"),
            std::string::npos);
}

TEST(Transfer, ListsPaperWithItsPlacesAndWaitsForItsHandingOver) {
  TransferArchive archive;
  const std::int64_t id = archive.filed();
  {
    auto tx = archive.begin();
    const auto site = create_location(tx, archive.manager, {{}, LocationKind::site, "Town hall", {}, ""});
    const auto shelf = create_location(tx, archive.manager, {site, LocationKind::shelf, "Shelf 3", {}, ""});
    add_paper(tx, archive.manager, id, {shelf, "BOX-17"});
    storage::DocumentChange masked;
    masked.public_title.emplace("Minutes of *****");
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, masked);
    declare(tx, archive.manager, id);
    tx.commit();
  }
  const auto folder = archive.directory.path() / "exported";
  {
    const auto target = folder_target(folder);
    const Package package = archive.disposal.export_package(archive.manager, {id}, "A copy", *target);
    const auto read = [&](const char* path) { return core::read_file(folder / package.id / path, 1'000'000); };
    EXPECT_NE(std::string::npos, read("representations/paper/data/paper.csv").find("BOX-17"));
    const std::string erms = read("metadata/descriptive/ERMS.xml");
    EXPECT_NE(std::string::npos, erms.find("<homeLocation>Town hall / Shelf 3</homeLocation>"));
    EXPECT_NE(std::string::npos, erms.find("<extraId extraIdType=\"barcode\">BOX-17</extraId>"));
    EXPECT_NE(std::string::npos, erms.find("<ownElement name=\"publicTitle\">"));
    EXPECT_NE(std::string::npos, erms.find("<value>Minutes of *****</value>"));
  }
  const std::int64_t batch = archive.handed_over({id});
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferred, archive.item(batch, id).outcome);
  const Date window_over = testing::day("2030-02-01");
  EXPECT_EQ(0U, archive.disposal.purge(window_over)) << "nobody has said that the paper was handed over";
  {
    auto tx = archive.begin();
    const auto papers = paper_to_destroy(tx, archive.manager, core::Time{});
    ASSERT_EQ(1U, papers.size());
    EXPECT_EQ("The City Archives", papers[0].transferred_to);
    confirm_paper_destroyed(tx, archive.manager, {id}, testing::day("2030-01-15"), "Handed over, receipt 12",
                            {window_over, core::Time{}}, before_asking(tx, {id}));
    tx.commit();
  }
  EXPECT_EQ(1U, archive.disposal.purge(window_over));
}

}  // namespace
}  // namespace muniment::records
