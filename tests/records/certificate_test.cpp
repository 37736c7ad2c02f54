#include "records/certificate.h"

#include <gtest/gtest.h>

#include "records/plan_csv.h"
#include "storage/relations.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using testing::day;
using testing::RecordsArchive;

struct CertificateTest : ::testing::Test, RecordsArchive {
  std::int64_t executed(const std::vector<std::int64_t>& ids) {
    const std::int64_t batch = proposed(ids, day("2030-01-01"));
    approve(batch);
    execute(batch, day("2030-01-01"));
    return batch;
  }
  Certificate made(std::int64_t batch) {
    auto session = database.read();
    return certificate(session, manager, batch);
  }
  std::vector<std::int64_t> waiting() {
    auto session = database.read();
    return batches_to_certify(session);
  }
};

TEST_F(CertificateTest, NothingIsCertifiedBeforeItIsCarriedOut) {
  const std::int64_t batch = proposed({declared()}, day("2030-01-01"));
  EXPECT_THROW(made(batch), core::Error);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(CertificateTest, ItIsCompleteWhenTheWindowIsOverAndThePurgeVerified) {
  const std::int64_t kept = declared();
  const std::int64_t gone = declared();
  const std::int64_t batch = executed({kept, gone});
  EXPECT_FALSE(made(batch).complete) << "both can be restored";
  EXPECT_TRUE(waiting().empty());
  disposal.restore(manager, batch, kept, "needed");
  disposal.purge(day("2030-03-01"));
  EXPECT_FALSE(made(batch).complete) << "the purge was not verified";
  EXPECT_TRUE(waiting().empty());
  EXPECT_TRUE(disposal.verify_purged().empty());
  const Certificate certificate = made(batch);
  EXPECT_TRUE(certificate.complete);
  EXPECT_EQ(waiting(), std::vector<std::int64_t>{batch});
  ASSERT_EQ(certificate.records.size(), 2u);
  EXPECT_EQ(certificate.records[0].item.outcome, Outcome::restored);
  EXPECT_EQ(certificate.records[1].item.outcome, Outcome::purged);
  EXPECT_TRUE(certificate.records[1].tombstone->verified_at);
}

TEST_F(CertificateTest, ItIsFiledOnceAndDeclared) {
  const std::int64_t batch = executed({declared()});
  disposal.purge(day("2030-03-01"));
  disposal.verify_purged();
  const std::int64_t paper = filed();
  const std::int64_t other = filed();
  const std::int64_t for_programs = filed();
  auto tx = begin();
  record_certificate(tx, batch, paper, for_programs);
  record_certificate(tx, batch, other);
  EXPECT_EQ(find_batch(tx, batch)->certificate, paper);
  declare_what_was_filed(tx, 10);
  EXPECT_TRUE(find_record(tx, paper));
  EXPECT_TRUE(find_record(tx, for_programs));
  EXPECT_FALSE(find_record(tx, other));
  const auto related = storage::relations(tx, manager, for_programs);
  ASSERT_EQ(1U, related.size());
  EXPECT_EQ(storage::RelationKind::belongs_to, related.front().kind);
  EXPECT_EQ(paper, related.front().other_id);
  EXPECT_TRUE(batches_to_certify(tx).empty());
}

TEST_F(CertificateTest, AHoldThatReachesItDoesNotKeepItFromBeingFiled) {
  const std::int64_t batch = executed({declared()});
  disposal.purge(day("2030-03-01"));
  disposal.verify_purged();
  const std::int64_t paper = filed();
  const std::int64_t for_programs = filed();
  held_by_hand(for_programs);
  auto tx = begin();
  record_certificate(tx, batch, paper, for_programs);
  EXPECT_EQ(find_batch(tx, batch)->certificate, paper);
  EXPECT_TRUE(storage::relations(tx, manager, for_programs).empty());
}

TEST_F(CertificateTest, TheClassIsTheConfiguredOneOrThatOfAReadyMadePlan) {
  auto tx = begin();
  EXPECT_FALSE(certificate_class(tx, ""));
  EXPECT_FALSE(certificate_class(tx, "no such code"));
  EXPECT_EQ(certificate_class(tx, "3.1"), node);
  import_plan(tx, ready_made_plan("general-en"));
  const std::int64_t ready_made = find_class(tx, kReadyMadeCertificateClass)->id;
  remember_certificate_class(tx, ready_made);
  remember_certificate_class(tx, node);
  EXPECT_EQ(certificate_class(tx, ""), ready_made);
  ClassChange closing;
  closing.status = Status::closed;
  change_class(tx, ready_made, find_class(tx, ready_made)->version, closing);
  EXPECT_FALSE(certificate_class(tx, ""));
}

TEST_F(CertificateTest, ItTellsNobodyMoreThanTheRecordsWould) {
  std::int64_t secret = 0;
  {
    auto tx = begin();
    secret = storage::create_access_list(tx, "Management",
                                         {{storage::AccessEntry::Subject::account, manager.account_id, true},
                                          {storage::AccessEntry::Subject::account, approver.account_id, true}});
    tx.commit();
  }
  const auto hidden = [&] {
    const std::int64_t id = declared();
    auto tx = begin();
    tx.execute("UPDATE document SET own_access_list_id = $1, access_list_id = $1 WHERE id = $2", secret, id);
    tx.commit();
    return id;
  };
  {
    auto session = database.read();
    manager = *storage::load_principal(session, manager.account_id, "test");
    approver = *storage::load_principal(session, approver.account_id, "test");
  }
  const std::int64_t alike = executed({hidden(), hidden()});
  const std::int64_t mixed = executed({hidden(), declared()});
  storage::Principal other = add_person("sven", storage::Role::records_manager);
  auto tx = begin();
  for (const BatchItem& item : batch_items(tx, other, alike, 0, 10)) {
    EXPECT_FALSE(item.readable);
    EXPECT_EQ(item.outcome, Outcome::destroyed);
    EXPECT_EQ(item.title + item.class_code + item.schedule_code + item.content_hash + item.reason, "");
  }
  EXPECT_EQ(batch_items(tx, other, mixed, 0, 10).back().class_code, "3.1") << "what everyone may read is told";
  EXPECT_EQ(certificate_access_list(tx, *find_batch(tx, alike), std::nullopt), secret);
  const std::int64_t list = certificate_access_list(tx, *find_batch(tx, mixed), std::nullopt);
  EXPECT_NE(list, secret);
  EXPECT_NE(list, storage::kEveryoneList);
  EXPECT_EQ(storage::find_access_list(tx, list)->entries.size(), 2u) << "who proposed and executed, and who approved";
  EXPECT_EQ(certificate_access_list(tx, *find_batch(tx, mixed), std::nullopt), list);
}

}  // namespace
}  // namespace muniment::records
