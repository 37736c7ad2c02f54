// What was handed over goes with the receipt of whoever has it, and not before.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "records/certificate.h"
#include "records/disposition.h"
#include "records/transfer.h"
#include "storage/custom_fields.h"
#include "storage/pages.h"
#include "storage/relations.h"
#include "tests/records/transfer_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::kTransferDue;
using testing::TransferArchive;

TEST(Transfer, NeverLetsGoOfAFileThatWasNotHandedOver) {
  TransferArchive archive;
  const std::int64_t id = archive.with_two_versions();
  const std::int64_t batch = archive.stopped_at_the_package({id});
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
  archive.disposal.restore(archive.manager, batch, id, "Asked for");
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

TEST(Transfer, WhatWasHandedOverStaysAsItsPackageTellsItUntilTheTransferIsCancelled) {
  TransferArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t other = archive.declared();
  {
    auto tx = archive.begin();
    storage::CustomFieldTerms terms;
    terms.name = "Ward";
    terms.uses = {{}};
    storage::create_custom_field(tx, archive.manager, "ward", storage::CustomFieldKind::text, terms);
    storage::relate(tx, archive.manager, id, storage::RelationKind::answers, other);
    tx.commit();
  }
  storage::DocumentChange change;
  change.custom_fields = {{"ward", "North"}};
  const auto version = [&](storage::Session& session) {
    return storage::find_document(session, archive.manager, id)->version;
  };
  {
    auto tx = archive.begin();
    storage::change_document(tx, archive.manager, id, version(tx), change);
    tx.commit();
  }
  const std::int64_t batch = archive.handed_over({id});
  const auto refused = [&](const auto& what) {
    auto tx = archive.begin();
    try {
      what(tx);
      ADD_FAILURE() << "it was changed";
    } catch (const Error& error) {
      EXPECT_NE(std::string::npos, error.message().find("has been handed over")) << error.message();
    }
  };
  change.custom_fields = {{"ward", "South"}};
  refused([&](auto& tx) { storage::change_document(tx, archive.manager, id, version(tx), change); });
  refused([&](auto& tx) { storage::add_note(tx, archive.manager, id, "Later"); });
  refused([&](auto& tx) { storage::relate(tx, archive.manager, id, storage::RelationKind::relates_to, other); });
  refused([&](auto& tx) { storage::unrelate(tx, archive.manager, id, storage::RelationKind::answers, other); });
  refused([&](auto& tx) { storage::correct_page_text(tx, archive.manager, id, version(tx), 1, "word"); });
  // Whoever writes.
  for (const char* statement :
       {"UPDATE custom_value SET value = 'South' WHERE document_id = $1",
        "DELETE FROM custom_value WHERE document_id = $1",
        "INSERT INTO custom_value (document_id, field_id, value) SELECT $1, id + 1, 'x' FROM custom_field",
        "DELETE FROM document_relation WHERE document_id = $1",
        "INSERT INTO document_relation (document_id, kind, other_id, created_at) SELECT document_id, 'supersedes', "
        "other_id, 0 FROM document_relation WHERE document_id = $1"}) {
    refused([&](auto& tx) { tx.execute(statement, id); });
  }
  archive.disposal.cancel_transfer(archive.manager, batch, archive.version(batch), "The archive is closed");
  auto tx = archive.begin();
  storage::change_document(tx, archive.manager, id, version(tx), change);
  EXPECT_TRUE(storage::unrelate(tx, archive.manager, id, storage::RelationKind::answers, other));
}

TEST(Transfer, ARelationToWhatIsDestroyedGoesWithItWhateverHoldsTheOther) {
  TransferArchive archive;
  const std::int64_t handed_over = archive.declared();
  const std::int64_t held = archive.declared();
  const std::int64_t trashed = archive.filed();
  {
    auto tx = archive.begin();
    for (const std::int64_t id : {handed_over, held}) {
      storage::relate(tx, archive.manager, id, storage::RelationKind::answers, trashed);
    }
    storage::trash_document(tx, archive.manager, trashed);
    tx.commit();
  }
  archive.held_by_hand(held);
  archive.handed_over({handed_over});
  {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute("DELETE FROM document_relation WHERE document_id = $1", held), Error);
  }
  EXPECT_EQ(1U, archive.disposal.empty_trash(archive.clock.now() + std::chrono::hours(1)));
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
