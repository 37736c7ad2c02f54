#include "records/privacy.h"

#include <gtest/gtest.h>

#include "records/paper_disposal.h"
#include "records/physical_items.h"
#include "storage/page_origins.h"
#include "storage/relations.h"
#include "storage/restrictions.h"
#include "storage/roles.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;

constexpr const char* kNow = "2026-11-25";

struct PrivacyTest : ::testing::Test, RecordsArchive {
  std::int64_t opened(const std::vector<std::int64_t>& ids) {
    auto tx = begin();
    const std::int64_t id =
        open_erasure_request(tx, manager, "Eva Ek", {"Eva Ek", "eva@example.org"}, day("2026-01-31"));
    add_erasure_items(tx, manager, id, ids);
    tx.commit();
    return id;
  }
  void decide(std::int64_t request, std::int64_t document, ErasureDecision decision,
              std::optional<RefusalGround> ground = {}, const char* reason = "", const char* today = kNow) {
    auto tx = begin();
    decide_erasure(tx, manager, request, {document}, decision, ground, reason, day(today));
    tx.commit();
  }
  void close(std::int64_t request, const char* today = kNow) {
    auto tx = begin();
    close_erasure_request(tx, manager, request, find_erasure_request(tx, request)->version, 1, day(today));
    tx.commit();
  }
  ErasureRequest request(std::int64_t id) {
    auto session = database.read();
    return find_erasure_request(session, id).value();
  }
  std::string outcome(std::int64_t request, std::int64_t document) {
    auto session = database.read();
    for (const ErasureItem& item : erasure_items(session, manager, request, day(kNow))) {
      if (item.document_id == document) return item.outcome;
    }
    return "no such item";
  }
  std::optional<RefusalGround> ground(std::int64_t document, const char* today = kNow) {
    auto session = database.read();
    return weigh(session, manager, document, day(today))->ground;
  }
  std::int64_t unfiled() {
    return add_document(manager.actor(), "letter.txt", "letter " + std::to_string(++documents));
  }
  bool exists(std::int64_t document) {
    auto session = database.read();
    return session.value<std::int64_t>("SELECT id FROM document WHERE id = $1", document).has_value();
  }
};

TEST_F(PrivacyTest, RetentionHoldsAndNothingAreWeighed) {
  const std::int64_t record = declared();
  EXPECT_EQ(ground(record), RefusalGround::legal_duty);
  EXPECT_EQ(ground(record, "2030-01-01"), std::nullopt) << "due for destruction";
  const std::int64_t letter = unfiled();
  EXPECT_EQ(ground(letter), std::nullopt);
  held_by_hand(letter);
  EXPECT_EQ(ground(letter), RefusalGround::claims);
}

TEST_F(PrivacyTest, ARequestIsAnsweredWithinAMonthOrThree) {
  const std::int64_t id = opened({unfiled()});
  EXPECT_EQ(request(id).due_on, day("2026-02-28")) << "the last day of the shorter month";
  auto tx = begin();
  extend_erasure_request(tx, manager, id, request(id).version, "Very many documents");
  EXPECT_EQ(find_erasure_request(tx, id)->due_on, day("2026-04-30"));
  EXPECT_THROW(extend_erasure_request(tx, manager, id, find_erasure_request(tx, id)->version, "Again"), Error);
}

TEST_F(PrivacyTest, WhatIsErasedGoesThroughTheTrashAtOnce) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  EXPECT_THROW(close(id), Error) << "not decided yet";
  decide(id, letter, ErasureDecision::erase);
  close(id);
  EXPECT_TRUE(exists(letter));
  EXPECT_EQ(disposal.empty_trash(clock.now() - std::chrono::hours(720)), 1u);
  EXPECT_FALSE(exists(letter));
  EXPECT_THROW(decide(id, letter, ErasureDecision::refuse, RefusalGround::legal_duty), Error) << "closed";
}

TEST_F(PrivacyTest, AHoldThatComesLaterKeepsIt) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::erase);
  held_by_hand(letter);
  EXPECT_THROW(close(id), Error);
  EXPECT_TRUE(exists(letter));
}

TEST_F(PrivacyTest, ARecordIsErasedByABatchThatOthersApprove) {
  const std::int64_t record = declared();
  const std::int64_t id = opened({record});
  EXPECT_THROW(decide(id, record, ErasureDecision::erase), Error) << "its schedule keeps it";
  decide(id, record, ErasureDecision::erase, {}, "", "2030-01-01");
  close(id, "2030-01-01");
  ASSERT_TRUE(request(id).batch_id);
  EXPECT_EQ(RecordsArchive::record(record).stage, Stage::proposed);
  approve(*request(id).batch_id);
  execute(*request(id).batch_id, day("2030-01-01"));
  EXPECT_EQ(item(*request(id).batch_id, record).outcome, Outcome::destroyed);
}

TEST_F(PrivacyTest, WhatWasToBeErasedAndIsKeptIsToldAndLeavesWorkToDo) {
  const std::int64_t record = declared();
  const std::int64_t letter = unfiled();
  const char* due = "2030-01-01";
  const std::int64_t id = opened({record, letter});
  for (const std::int64_t document : {record, letter}) decide(id, document, ErasureDecision::erase, {}, "", due);
  EXPECT_EQ(outcome(id, record), "") << "nothing is carried out yet";
  close(id, due);
  EXPECT_EQ(outcome(id, record), "proposed");
  EXPECT_EQ(outcome(id, letter), "trashed");
  EXPECT_EQ(request(id).not_erased, 0);
  {
    auto tx = begin();
    reject_batch(tx, approver, *request(id).batch_id, find_batch(tx, *request(id).batch_id)->version, "Needed");
    tx.commit();
  }
  EXPECT_EQ(disposal.empty_trash(clock.now() - std::chrono::hours(720)), 1u);
  EXPECT_EQ(outcome(id, record), "kept");
  EXPECT_EQ(outcome(id, letter), "erased");
  EXPECT_EQ(request(id).not_erased, 1);
  const auto batch = proposed({record}, day(due));
  EXPECT_EQ(outcome(id, record), "proposed") << "whatever the batch";
  EXPECT_EQ(request(id).not_erased, 0);
  approve(batch);
  execute(batch, day(due));
  EXPECT_EQ(outcome(id, record), "destroyed");
  EXPECT_EQ(disposal.purge(day("2031-01-01")), 1u);
  EXPECT_EQ(outcome(id, record), "erased");
}

TEST_F(PrivacyTest, ALaterRequestMayDecideOtherwise) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::erase);
  close(id);
  {
    auto tx = begin();
    storage::restore_document(tx, manager, letter);
    tx.commit();
  }
  EXPECT_EQ(request(id).not_erased, 1);
  decide(opened({letter}), letter, ErasureDecision::refuse, RefusalGround::claims);
  EXPECT_EQ(outcome(id, letter), "kept");
  EXPECT_EQ(request(id).not_erased, 0);
}

TEST_F(PrivacyTest, PaperIsErasedByAPerson) {
  const std::int64_t letter = unfiled();
  {
    auto tx = begin();
    add_paper(tx, manager, letter, {std::nullopt, ""});
    tx.commit();
  }
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::erase);
  close(id);
  const core::Time trashed_before = clock.now() - std::chrono::hours(720);
  EXPECT_EQ(disposal.empty_trash(trashed_before), 0u) << "no program destroys paper";
  EXPECT_EQ(outcome(id, letter), "paper");
  {
    auto tx = begin();
    confirm_paper_destroyed(tx, manager, {letter}, day(kNow), "Shredded", {day(kNow), trashed_before},
                            before_asking(tx, {letter}));
    tx.commit();
  }
  EXPECT_EQ(outcome(id, letter), "trashed");
  EXPECT_EQ(disposal.empty_trash(trashed_before), 1u);
  EXPECT_EQ(outcome(id, letter), "erased");
}

TEST_F(PrivacyTest, TheRightToHandlePrivacyIsEnoughToErase) {
  manager.role = storage::composed_of({storage::Permission::handle_privacy});
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::erase);
  close(id);
  EXPECT_EQ(outcome(id, letter), "trashed");
}

TEST_F(PrivacyTest, WhatSomebodyPutInTheTrashMeanwhileIsErasedAtOnceToo) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::erase);
  {
    auto tx = begin();
    storage::trash_document(tx, manager, letter);
    tx.commit();
  }
  close(id);
  EXPECT_EQ(disposal.empty_trash(clock.now() - std::chrono::hours(720)), 1u);
}

TEST_F(PrivacyTest, ARefusalNeedsAGround) {
  const std::int64_t record = declared();
  const std::int64_t id = opened({record});
  EXPECT_THROW(decide(id, record, ErasureDecision::refuse), Error);
  EXPECT_THROW(decide(id, record, ErasureDecision::refuse, RefusalGround::other), Error) << "other needs words";
  decide(id, record, ErasureDecision::refuse, RefusalGround::legal_duty);
  close(id);
  auto session = database.read();
  EXPECT_EQ(erasure_items(session, manager, id, day(kNow)).at(0).outcome, "kept");
}

TEST_F(PrivacyTest, WhatIsRestrictedIsChangedByNobody) {
  const std::int64_t letter = unfiled();
  const std::int64_t other = unfiled();
  std::int64_t note = 0;
  {
    auto tx = begin();
    note = storage::add_note(tx, manager, letter, "Disputed");
    tx.commit();
  }
  const std::int64_t id = opened({letter});
  decide(id, letter, ErasureDecision::restrict);
  auto session = database.read();
  EXPECT_TRUE(is_restricted(session, letter));
  storage::DocumentChange change;
  change.title = "Another title";
  {
    auto tx = begin();
    const auto version = storage::find_document(tx, manager, letter)->version;
    EXPECT_THROW(storage::change_document(tx, manager, letter, version, change), Error);
  }
  {
    auto tx = begin();
    EXPECT_THROW(storage::trash_document(tx, manager, letter), Error);
    EXPECT_THROW(storage::relate(tx, manager, letter, storage::RelationKind::answers, other), Error);
    EXPECT_THROW(storage::remove_note(tx, manager, letter, note), Error);
    EXPECT_THROW(storage::replace_document(tx, letter, std::vector{other}), Error);
    EXPECT_THROW(add_paper(tx, manager, letter, {}), Error);
  }
  auto tx = begin();
  set_restricted(tx, manager, letter, false, "The dispute is settled");
  storage::change_document(tx, manager, letter, storage::find_document(tx, manager, letter)->version, change);
  tx.commit();
  EXPECT_FALSE(is_restricted(session, letter));
}

TEST_F(PrivacyTest, WhatIsGoneMeanwhileNeedsNoDecision) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  {
    auto tx = begin();
    storage::trash_document(tx, manager, letter);
    tx.commit();
  }
  EXPECT_EQ(request(id).pending, 0);
  close(id);
  EXPECT_TRUE(request(id).closed);
}

TEST_F(PrivacyTest, ARefusalLeavesARestrictionPlacedByHand) {
  const std::int64_t letter = unfiled();
  const std::int64_t id = opened({letter});
  {
    auto tx = begin();
    set_restricted(tx, manager, letter, true, "Disputed");
    tx.commit();
  }
  decide(id, letter, ErasureDecision::refuse, RefusalGround::claims);
  auto session = database.read();
  EXPECT_TRUE(is_restricted(session, letter));
  decide(id, letter, ErasureDecision::restrict);
  decide(id, letter, ErasureDecision::refuse, RefusalGround::claims);
  EXPECT_FALSE(is_restricted(session, letter));
}

TEST_F(PrivacyTest, TheSubjectIsForgottenAndTheAuditLogNeverKnew) {
  const std::int64_t record = declared();
  const std::int64_t id = opened({record});
  decide(id, record, ErasureDecision::refuse, RefusalGround::other, "Eva Ek still works here");
  close(id);
  auto tx = begin();
  EXPECT_EQ(erase_subjects(tx, tx.now() - std::chrono::hours(1)), 0u);
  EXPECT_EQ(erase_subjects(tx, tx.now() + std::chrono::hours(1)), 1u);
  const auto after = find_erasure_request(tx, id).value();
  EXPECT_EQ(after.subject, "");
  EXPECT_TRUE(after.queries.empty());
  EXPECT_EQ(erasure_items(tx, manager, id, day(kNow)).at(0).reason, "");
  EXPECT_EQ(tx.value<std::int64_t>("SELECT count(*) FROM audit_detail WHERE detail LIKE '%Eva%'"), 0);
  EXPECT_EQ(erase_subjects(tx, tx.now() + std::chrono::hours(1)), 0u);
}

TEST_F(PrivacyTest, TracesAreFoundBesideDocuments) {
  const auto eva = add_person("Eva.Ek", storage::Role::reader);
  auto tx = begin();
  tx.execute("INSERT INTO correspondent (name, folded_name) VALUES ('EVA.EK AB', 'eva.ek ab')");
  const auto traces = find_traces(tx, manager, {"eva.ek"}, true);
  ASSERT_EQ(traces.accounts.size(), 1u);
  EXPECT_EQ(traces.accounts[0].id, eva.account_id);
  EXPECT_EQ(traces.correspondents.size(), 1u);
  EXPECT_FALSE(traces.audit_entries.empty()) << "the account was created";
}

TEST_F(PrivacyTest, NoAuditEntryIsNamedThatQuotesWhatMayNotBeRead) {
  const std::int64_t id = filed();
  auto tx = begin();
  storage::add_note(tx, manager, id, "Eva Ek rang");
  EXPECT_EQ(find_traces(tx, manager, {"Eva Ek"}, true).audit_entries.size(), 1u);
  storage::DocumentChange change;
  change.own_access_list = storage::create_access_list(tx, "Nobody", {});
  const storage::Principal everybody = storage::system_principal(tx, "test");
  storage::change_document(tx, everybody, id, storage::find_document(tx, everybody, id)->version, change);
  EXPECT_TRUE(find_traces(tx, manager, {"Eva Ek"}, true).audit_entries.empty());
  const storage::Principal with_that_list = storage::system_principal(tx, "test");
  EXPECT_EQ(find_traces(tx, with_that_list, {"Eva Ek"}, true).audit_entries.size(), 1u);
}

TEST_F(PrivacyTest, ANameOfTwoLettersIsFoundAsAWordOnly) {
  auto tx = begin();
  const auto named = [&](const char* name) {
    return storage::ensure_name(tx, storage::Vocabulary::correspondent, name).id;
  };
  const std::vector<std::int64_t> called_bo = {named("Bo"), named("bo.ek"), named("Bo-Erik"), named("Anna “Bo” Ek")};
  for (const char* other : {"Bodil", "Jumbo", "Åboson", "Böbo"}) named(other);
  const auto wang = named("王小明");
  const auto found = [&](const char* text) {
    std::vector<std::int64_t> ids;
    for (const auto& one : find_traces(tx, manager, {text}, false).correspondents) ids.push_back(one.id);
    return ids;
  };
  EXPECT_EQ(found("Bo"), called_bo);
  EXPECT_EQ(found("王小"), std::vector{wang}) << "no spaces stand between such words";
  EXPECT_EQ(found("jum").size(), 1U) << "three letters may be a part";
}

TEST_F(PrivacyTest, AnInitialIsRefusedWithWhatWouldBeRight) {
  auto tx = begin();
  for (const char* text : {"B", " B. ", "Å", "--", "“”", ""}) {
    try {
      find_traces(tx, manager, {"Eva Ek", text}, false);
      ADD_FAILURE() << "\"" << text << "\" was searched for";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::invalid_argument);
      EXPECT_NE(error.message().find("two letters"), std::string::npos) << error.message();
    }
    EXPECT_THROW(open_erasure_request(tx, manager, "Eva Ek", {text}, day(kNow)), Error) << text;
  }
}

}  // namespace
}  // namespace muniment::records
