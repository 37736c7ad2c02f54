#include "records/transfer.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "records/certificate.h"
#include "records/disposition.h"
#include "records/locations.h"
#include "records/paper_disposal.h"
#include "records/physical_items.h"
#include "storage/document_versions.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using core::ErrorCode;

constexpr const char* kTransferDue = "2030-01-01";

struct TransferArchive : testing::RecordsArchive {
  TransferArchive() {
    auto tx = begin();
    const std::int64_t transfers = create_schedule(tx, "T1", testing::terms("2 years", Action::transfer));
    ClassChange change;
    change.schedule = transfers;
    change_class(tx, node, find_class(tx, node)->version, change);
    tx.commit();
  }

  // Of which the second is better.md.
  std::int64_t with_two_versions() {
    const std::int64_t id = filed({}, "the first draft");
    const std::string_view bytes = "the second draft";
    core::TempFile file = blobs.new_file();
    file.append(std::as_bytes(std::span(bytes)));
    blobs.put(std::move(file), core::Sha256::of(bytes));
    auto tx = begin();
    storage::add_document_version(tx, manager, id, std::nullopt,
                                  {"better.md", core::Sha256::of(bytes), bytes.size(), "Better"});
    storage::record_reading(tx, id, {});
    declare(tx, manager, id);
    tx.commit();
    return id;
  }
  std::int64_t approved(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = proposed(ids, testing::day(kTransferDue), Action::transfer);
    approve(batch);
    return batch;
  }
  std::int64_t handed_over(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = approved(ids);
    execute(batch, testing::day(kTransferDue));
    return batch;
  }
  std::filesystem::path file(std::int64_t batch) {
    return data.transfers() / ("transfer-" + std::to_string(batch) + ".zip");
  }
  std::optional<HandedOver> package(std::int64_t batch) {
    auto session = database.read();
    return find_package(session, batch);
  }
  Receipt receipt(std::int64_t batch) {
    auto session = database.read();
    Receipt made;
    const auto found = find_package(session, batch).value();
    made.package_id = found.package_id;
    made.package_hash = found.hash;
    for (const auto& [path, hash] :
         session.rows<std::string, core::Sha256>("SELECT path, sha256 FROM transfer_file WHERE batch_id = $1", batch)) {
      made.files.push_back({path, hash, 0});
    }
    made.received_by = "The City Archives";
    made.received_on = testing::day("2029-12-31");
    return made;
  }
  std::int64_t version(std::int64_t batch) {
    auto session = database.read();
    return find_batch(session, batch)->version;
  }
  void record_receipt(std::int64_t batch, const Receipt& stated) {
    disposal.record_receipt(manager, batch, version(batch), stated, testing::day(kTransferDue));
  }
  // What is said of a receipt that is refused.
  std::string refusal(std::int64_t batch, const Receipt& stated) {
    try {
      record_receipt(batch, stated);
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::conflict, error.code());
      return error.message();
    }
    return "";
  }
  bool found(std::int64_t id) {
    auto session = database.read();
    return storage::find_document(session, manager, id).has_value();
  }
};

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

TEST(Transfer, NeverLetsGoOfAFileThatWasNotHandedOver) {
  TransferArchive archive;
  const std::int64_t id = archive.with_two_versions();
  const std::int64_t batch = archive.approved({id});
  archive.disposal.begin(archive.manager, batch, archive.version(batch));
  int asked = 0;
  EXPECT_FALSE(
      archive.disposal.execute(archive.manager, batch, testing::day(kTransferDue), [&] { return ++asked > 1; }));
  // As packages were before: with the current version only.
  const core::Sha256 package = core::Sha256::of("a package");
  {
    auto tx = archive.begin();
    tx.execute(
        "INSERT INTO transfer_package (batch_id, package_id, sha256, size, made_at) VALUES ($1, 'uuid-1', $2, 9, 0)",
        batch, package);
    tx.execute("INSERT INTO transfer_file (batch_id, path, sha256, size) VALUES ($1, '00000001-1.md', $2, 16)", batch,
               core::Sha256::of("the second draft"));
    tx.commit();
  }
  {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute("INSERT INTO transfer_receipt (batch_id, package_sha256, received_by, received_on, "
                            "files_compared, note, recorded_at) VALUES ($1, $2, 'The City', '2029-12-31', 0, '', 0)",
                            batch, package),
                 Error);
  }
  Receipt stated = archive.receipt(batch);
  EXPECT_NE(std::string::npos, archive.refusal(batch, stated).find(core::Sha256::of("the first draft").hex()));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, id).outcome);
  EXPECT_TRUE(archive.found(id));
}

TEST(Transfer, WhatWasLeftOutOfPackagesStaysAndKeepsNothingElseFromBeingPurged) {
  testing::RecordsArchive archive;
  const std::int64_t first = archive.declared();
  std::vector<std::int64_t> left_out{first};
  {
    auto tx = archive.begin();
    const auto one = storage::find_document(tx, archive.manager, first).value();
    while (left_out.size() < 501) {
      storage::NewDocument made;
      made.filename = "letter.txt";
      made.source = "api";
      made.hash = one.components.at(0).hash;
      made.size = one.components.at(0).size;
      made.class_id = archive.node;
      left_out.push_back(storage::create_document(tx, made));
      storage::record_reading(tx, left_out.back(), {});
      declare(tx, archive.manager, left_out.back());
    }
    tx.commit();
  }
  const std::int64_t whole = archive.declared();
  const auto disposed = [&](const std::vector<std::int64_t>& documents) {
    const std::int64_t batch = archive.proposed(documents, testing::kDue);
    archive.approve(batch);
    archive.execute(batch, testing::kDue);
    return batch;
  };
  const std::int64_t old = disposed(left_out);
  disposed({whole});
  {
    // As an earlier version let go of what it had handed over a part of.
    auto tx = archive.begin();
    tx.execute("UPDATE tombstone SET transferred_to = 'The City' WHERE batch_id = $1", old);
    tx.execute(
        "INSERT INTO transfer_package (batch_id, package_id, sha256, size, made_at) VALUES ($1, 'uuid-1', $2, 9, 0)",
        old, core::Sha256::of("a package"));
    tx.commit();
  }
  EXPECT_EQ(1U, archive.disposal.purge(testing::kWindowOver)) << "what is left out comes before it";
  EXPECT_EQ(Stage::restorable, archive.record(first).stage);
  EXPECT_EQ(0U, archive.disposal.purge(testing::kWindowOver));
  auto session = archive.database.read();
  EXPECT_EQ(501, session.value<std::int64_t>("SELECT count(*) FROM disposition_item WHERE batch_id = $1 AND reason "
                                             "LIKE '%was not handed over; restore the record%'",
                                             old));
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

TEST(Transfer, LetsGoAfterTheReceiptAndPurgesAfterTheWindow) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferred, archive.item(batch, id).outcome);
  EXPECT_FALSE(archive.found(id));
  {
    auto session = archive.database.read();
    EXPECT_EQ("The City Archives", find_tombstone(session, archive.manager, id)->transferred_to);
  }
  EXPECT_TRUE(std::filesystem::exists(archive.file(batch)));
  {
    auto session = archive.database.read();
    EXPECT_FALSE(certificate(session, archive.manager, batch).complete) << "it can be restored";
    EXPECT_TRUE(batches_to_certify(session).empty());
  }
  EXPECT_EQ(1U, archive.disposal.purge(testing::day("2030-02-01")));
  EXPECT_FALSE(std::filesystem::exists(archive.file(batch)));
  EXPECT_TRUE(archive.package(batch)->removed_at);
  EXPECT_EQ(std::vector<std::string>{}, archive.disposal.verify_purged());
  auto session = archive.database.read();
  EXPECT_EQ("The City Archives", find_tombstone(session, archive.manager, id)->transferred_to);
  EXPECT_TRUE(find_tombstone(session, archive.manager, id)->verified_at);
  // And it is certified, with what the receiver states.
  EXPECT_EQ(std::vector<std::int64_t>{batch}, batches_to_certify(session));
  const Certificate certified = certificate(session, archive.manager, batch);
  EXPECT_TRUE(certified.complete);
  EXPECT_EQ(archive.package(batch)->hash, certified.package->hash);
  EXPECT_EQ("The City Archives", certified.receipt->received_by);
}

TEST(Transfer, RestoresWithinTheWindow) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  archive.record_receipt(batch, archive.receipt(batch));
  archive.disposal.restore(archive.manager, id, "Asked for");
  EXPECT_TRUE(archive.found(id));
  EXPECT_EQ(Stage::active, archive.record(id).stage);
}

TEST(Transfer, RefusesAReceiptThatSaysOtherwiseAndNamesWhat) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  const Receipt right = archive.receipt(batch);

  Receipt wrong = right;
  wrong.package_hash = core::Sha256::of("something else");
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find(core::Sha256::of("something else").hex()));
  wrong = right;
  wrong.package_id = "uuid-of-another";
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find("uuid-of-another"));
  wrong = right;
  wrong.files[2].hash = core::Sha256::of("altered");
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find(right.files[2].path));
  wrong = right;
  wrong.files.erase(wrong.files.begin() + 1);
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find("does not list " + right.files[1].path));
  wrong = right;
  wrong.files.push_back({"stray.txt", core::Sha256::of("stray"), 0});
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find("stray.txt"));
  wrong = right;
  wrong.files.push_back(right.files.front());
  EXPECT_NE(std::string::npos, archive.refusal(batch, wrong).find("twice"));

  EXPECT_EQ(Stage::transferring, archive.record(id).stage);
  EXPECT_EQ("", archive.refusal(batch, right));
}

TEST(Transfer, TakesAReceiptByHandOnlyWithTheHashAndANote) {
  TransferArchive archive;
  const std::int64_t batch = archive.handed_over({archive.declared()});
  Receipt stated;
  stated.received_by = "The City Archives";
  stated.received_on = testing::day("2029-12-31");
  stated.package_hash = archive.package(batch)->hash;
  EXPECT_THROW(archive.record_receipt(batch, stated), Error);
  stated.note = "Letter of 31 December, signed by the archivist";
  stated.package_hash.reset();
  EXPECT_NE("", archive.refusal(batch, stated));
  stated.package_hash = archive.package(batch)->hash;
  EXPECT_EQ("", archive.refusal(batch, stated));
}

TEST(Transfer, NothingGoesWithoutAReceipt) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  EXPECT_EQ(0U, archive.disposal.let_go(testing::day(kTransferDue)));
  EXPECT_EQ(0U, archive.disposal.purge(testing::day("2040-01-01")));
  auto tx = archive.begin();
  EXPECT_THROW(tx.execute("UPDATE record SET stage = 'restorable' WHERE document_id = $1", id), Error);
  EXPECT_TRUE(archive.found(id));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, id).outcome);
}

TEST(Transfer, AHoldKeepsWhatWasHandedOverUntilItIsReleased) {
  TransferArchive archive;
  const std::int64_t held = archive.declared();
  const std::int64_t other = archive.declared();
  const std::int64_t batch = archive.handed_over({held, other});
  const std::int64_t hold = archive.held_by_hand(held);
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferring, archive.item(batch, held).outcome);
  EXPECT_EQ("it is under hold", archive.item(batch, held).reason);
  EXPECT_EQ(Outcome::transferred, archive.item(batch, other).outcome);
  EXPECT_EQ(0U, archive.disposal.let_go(testing::day(kTransferDue)));
  {
    auto tx = archive.begin();
    release_hold(tx, archive.manager, hold, find_hold(tx, hold)->version, "Settled");
    tx.commit();
  }
  EXPECT_EQ(1U, archive.disposal.let_go(testing::day(kTransferDue)));
  EXPECT_EQ(Outcome::transferred, archive.item(batch, held).outcome);
}

TEST(Transfer, WhileNobodyCanAskAHoldsQueryItIsNotLetGoAndNoHoldIsTold) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.handed_over({id});
  {
    auto tx = archive.begin();
    place_hold(tx, archive.manager, {"Dispute", "A claim", "acme", true, {}});
    tx.commit();
  }
  archive.surroundings.behind = true;
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_NE(std::string::npos, archive.item(batch, id).reason.find("still being indexed"));
  const auto reader = archive.add_person("rita", storage::Role::reader);
  auto session = archive.database.read();
  EXPECT_EQ("it cannot be disposed of now", batch_items(session, reader, batch, 0, 1).at(0).reason);
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
  const std::int64_t batch = archive.approved({id});
  archive.disposal.begin(archive.manager, batch, archive.version(batch));
  // Stops when the package is being written.
  int asked = 0;
  EXPECT_FALSE(
      archive.disposal.execute(archive.manager, batch, testing::day(kTransferDue), [&] { return ++asked > 1; }));
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

TEST(Transfer, AnInterruptedTransferCanBeWithdrawn) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t batch = archive.approved({id});
  archive.disposal.begin(archive.manager, batch, archive.version(batch));
  int asked = 0;
  EXPECT_FALSE(
      archive.disposal.execute(archive.manager, batch, testing::day(kTransferDue), [&] { return ++asked > 1; }));
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

TEST(Transfer, ListsPaperWithItsPlacesAndWaitsForItsHandingOver) {
  TransferArchive archive;
  const std::int64_t id = archive.filed();
  {
    auto tx = archive.begin();
    const auto site = create_location(tx, archive.manager, {{}, LocationKind::site, "Town hall", {}, ""});
    const auto shelf = create_location(tx, archive.manager, {site, LocationKind::shelf, "Shelf 3", {}, ""});
    add_paper(tx, archive.manager, id, {shelf, "BOX-17"});
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
  }
  const std::int64_t batch = archive.handed_over({id});
  archive.record_receipt(batch, archive.receipt(batch));
  EXPECT_EQ(Outcome::transferred, archive.item(batch, id).outcome);
  const Date window_over = testing::day("2030-02-01");
  EXPECT_EQ(0U, archive.disposal.purge(window_over)) << "nobody has said that the paper was handed over";
  {
    auto tx = archive.begin();
    const auto papers = paper_to_destroy(tx, archive.manager);
    ASSERT_EQ(1U, papers.size());
    EXPECT_EQ("The City Archives", papers[0].transferred_to);
    confirm_paper_destroyed(tx, archive.manager, {id}, testing::day("2030-01-15"), "Handed over, receipt 12",
                            window_over, before_asking(tx, {id}));
    tx.commit();
  }
  EXPECT_EQ(1U, archive.disposal.purge(window_over));
}

TEST(Transfer, ReadsReceiptsAndSaysWhatIsWrong) {
  const std::string hash = core::Sha256::of("x").hex();
  const nlohmann::json good{{"format", kReceiptFormat},
                            {"package", {{"id", "uuid-1"}, {"sha256", hash}}},
                            {"received_by", "The City Archives"},
                            {"received_at", "2026-11-24T08:00:00Z"},
                            {"files", {{{"path", "a/b"}, {"sha256", hash}}}}};
  const Receipt receipt = parse_receipt(good.dump());
  EXPECT_EQ("uuid-1", receipt.package_id);
  EXPECT_EQ(1U, receipt.files.size());
  for (const char* name : {"format", "package", "received_at", "files"}) {
    nlohmann::json bad = good;
    bad.erase(name);
    EXPECT_THROW(parse_receipt(bad.dump()), Error) << name;
  }
  nlohmann::json bad = good;
  bad["files"][0]["sha256"] = "not hexadecimal";
  EXPECT_THROW(parse_receipt(bad.dump()), Error);
  EXPECT_THROW(parse_receipt("[1, 2"), Error);
}

}  // namespace
}  // namespace muniment::records
