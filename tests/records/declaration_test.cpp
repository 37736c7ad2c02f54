// Declaring documents as records, by hand and by filing, and what that fixes.
#include <gtest/gtest.h>

#include "core/error.h"
#include "records/records.h"
#include "records/report.h"
#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;

// A class where filing declares, and where nothing can be declared, for want of a schedule.
std::int64_t declaring_without_schedule(storage::Transaction& tx) {
  NewClass declaring{std::nullopt, "9", "Without schedule"};
  declaring.declares_on_filing = true;
  return create_class(tx, declaring);
}

void file_in(storage::Transaction& tx, const storage::Principal& who, std::int64_t document, std::int64_t place) {
  storage::DocumentChange change;
  change.class_id = place;
  storage::change_document(tx, who, document, storage::find_document(tx, who, document)->version, change);
}

TEST(Declaration, DeclaringFixesTitleClassAndContent) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const auto refused = [&](const char* statement) {
    auto tx = archive.begin();
    EXPECT_THROW(tx.execute(statement, id), Error) << statement;
  };
  refused("UPDATE document SET title = 'Another' WHERE id = $1");
  refused("UPDATE document SET class_id = NULL WHERE id = $1");
  refused("UPDATE document SET current_version = 2 WHERE id = $1");
  refused("UPDATE document SET trashed_at = 1 WHERE id = $1");
  refused("UPDATE document SET withdrawn_at = 1 WHERE id = $1");
  refused("DELETE FROM document WHERE id = $1");
  refused("DELETE FROM record WHERE document_id = $1");
  refused("DELETE FROM component WHERE document_id = $1");
  refused("UPDATE record SET content_hash = '' WHERE document_id = $1");
  refused("UPDATE record SET stage = 'restorable' WHERE document_id = $1");
  refused("UPDATE record SET stage = 'purging' WHERE document_id = $1");
  refused("INSERT INTO document_version (document_id, number, created_at) VALUES ($1, 2, 0)");
}

TEST(Declaration, TheRefusalSaysWhy) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  try {
    tx.execute("UPDATE document SET trashed_at = 1 WHERE id = $1", id);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "a record does not go to the trash; it is disposed of");
    EXPECT_EQ(error.code(), core::ErrorCode::conflict);
  }
}

TEST(Declaration, OtherMetadataIsCorrectedAndTheOldValueKept) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  storage::DocumentChange change;
  change.date = day("2024-02-29");
  const auto version = storage::find_document(tx, archive.manager, id)->version;
  storage::change_document(tx, archive.manager, id, version, change);
  EXPECT_EQ(storage::find_document(tx, archive.manager, id)->date, day("2024-02-29"));
  change.title = "Another";
  EXPECT_THROW(storage::change_document(tx, archive.manager, id, version + 1, change), Error);
}

TEST(Declaration, DeclaringNeedsAPlaceWithASchedule) {
  RecordsArchive archive;
  const std::int64_t id = archive.add_document(archive.manager.actor(), "a.txt", "a");
  auto tx = archive.begin();
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "not read yet";
  storage::record_reading(tx, id, {});
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "no class";
  const std::int64_t bare = create_class(tx, {std::nullopt, "9", "Without schedule"});
  file_in(tx, archive.manager, id, bare);
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "no schedule";
  ClassChange give;
  give.schedule = archive.schedule;
  change_class(tx, bare, 1, give);
  declare(tx, archive.manager, id);
  EXPECT_TRUE(find_record(tx, id));
}

TEST(Declaration, AReaderDeclaresNothing) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const auto reader = archive.add_person("rita", storage::Role::reader);
  auto tx = archive.begin();
  EXPECT_THROW(declare(tx, reader, id), Error);
}

TEST(Declaration, FilingInADeclaringClassDeclares) {
  RecordsArchive archive;
  {
    auto tx = archive.begin();
    ClassChange declaring;
    declaring.declares_on_filing = true;
    change_class(tx, archive.node, 1, declaring);
    tx.commit();
  }
  const std::int64_t id = archive.add_document(archive.manager.actor(), "invoice.txt", "an invoice");
  {
    auto tx = archive.begin();
    storage::record_reading(tx, id, {});
    tx.commit();
  }
  bool woken = false;
  const auto listening = archive.database.on_index_queued([&] { woken = true; });
  {
    auto tx = archive.begin();
    file_in(tx, archive.manager, id, archive.node);
    tx.commit();
  }
  EXPECT_TRUE(woken) << "whoever declares is told by the commit";
  auto tx = archive.begin();
  EXPECT_TRUE(declarations_are_due(tx));
  EXPECT_EQ(declare_what_was_filed(tx, 10), 1u);
  EXPECT_EQ(find_record(tx, id)->declared_how, "filing");
  EXPECT_FALSE(declarations_are_due(tx));
  EXPECT_EQ(declare_what_was_filed(tx, 10), 0u);
}

TEST(Declaration, WhatCannotBeDeclaredOnFilingWaitsUntilItCan) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed(), moved = archive.filed();
  auto tx = archive.begin();
  const std::int64_t bare = declaring_without_schedule(tx);
  for (const std::int64_t document : {id, moved}) file_in(tx, archive.manager, document, bare);
  EXPECT_EQ(2U, declare_what_was_filed(tx, 10));
  EXPECT_EQ(0U, declare_what_was_filed(tx, 10)) << "until something changes";
  const auto refused = list_not_declared(tx, archive.manager, 0, 10);
  ASSERT_EQ(2U, refused.size());
  EXPECT_EQ(id, refused[0].document_id);
  EXPECT_EQ("9", refused[0].class_code);
  EXPECT_NE(std::string::npos, refused[0].problem.find("no retention schedule")) << refused[0].problem;
  EXPECT_EQ(2, retention_report(tx, archive.manager, day("2026-11-24")).not_declared);
  const auto told = [&] {
    return tx.value<std::int64_t>("SELECT count(*) FROM audit WHERE action = 'record.not_declared' AND object_id = $1",
                                  id);
  };
  EXPECT_EQ(1, told());
  // Another change that helps nothing is not told again; where filing does not declare nothing waits.
  storage::DocumentChange titled;
  titled.title = "The lease";
  storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, titled);
  EXPECT_EQ(1U, declare_what_was_filed(tx, 10));
  EXPECT_EQ(1, told());
  file_in(tx, archive.manager, moved, archive.node);
  EXPECT_EQ(1, not_declared_count(tx, archive.manager));
  ClassChange give;
  give.schedule = archive.schedule;
  change_class(tx, bare, find_class(tx, bare)->version, give);
  EXPECT_EQ(1U, declare_what_was_filed(tx, 10));
  EXPECT_EQ("filing", find_record(tx, id)->declared_how);
  EXPECT_FALSE(find_record(tx, moved));
  EXPECT_TRUE(list_not_declared(tx, archive.manager, 0, 10).empty());
  // The class that it was moved out of keeps what it was.
  EXPECT_NE(std::string::npos, class_versions(tx, bare).front().state.find("\"declares_on_filing\":true"));
}

TEST(Declaration, WhereFilingDeclaresNoMoreNothingWaitsForIt) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  const std::int64_t bare = declaring_without_schedule(tx);
  file_in(tx, archive.manager, id, bare);
  EXPECT_EQ(1U, declare_what_was_filed(tx, 10));
  EXPECT_EQ(1, not_declared_count(tx, archive.manager));
  ClassChange stopping;
  stopping.declares_on_filing = false;
  change_class(tx, bare, find_class(tx, bare)->version, stopping);
  ClassChange give;
  give.schedule = archive.schedule;
  change_class(tx, bare, find_class(tx, bare)->version, give);
  EXPECT_EQ(0U, declare_what_was_filed(tx, 10));
  EXPECT_FALSE(find_record(tx, id));
}

TEST(Declaration, WhatIsInTheTrashIsNotAmongWhatWaitsToBeDeclared) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  const std::int64_t bare = declaring_without_schedule(tx);
  file_in(tx, archive.manager, id, bare);
  EXPECT_EQ(1U, declare_what_was_filed(tx, 10));
  const std::string why = list_not_declared(tx, archive.manager, 0, 10).at(0).problem;
  storage::trash_document(tx, archive.manager, id);
  EXPECT_TRUE(list_not_declared(tx, archive.manager, 0, 10).empty());
  EXPECT_EQ(0, not_declared_count(tx, archive.manager));
  EXPECT_EQ(0U, declare_what_was_filed(tx, 10)) << "it is not tried";
  storage::restore_document(tx, archive.manager, id);
  EXPECT_EQ(1U, declare_what_was_filed(tx, 10));
  EXPECT_EQ(why, list_not_declared(tx, archive.manager, 0, 10).at(0).problem);
}

TEST(Declaration, AFieldThatIsFilledInLetsFilingDeclare) {
  RecordsArchive archive;
  auto tx = archive.begin();
  storage::create_custom_field(tx, archive.manager, "case-number", storage::CustomFieldKind::text,
                               {"Case number", {}, {{std::nullopt, true}}});
  ClassChange declaring;
  declaring.declares_on_filing = true;
  change_class(tx, archive.node, 1, declaring);
  tx.commit();
  const std::int64_t id = archive.filed();
  auto later = archive.begin();
  EXPECT_EQ(1U, declare_what_was_filed(later, 10));
  EXPECT_NE(std::string::npos, list_not_declared(later, archive.manager, 0, 10).at(0).problem.find("Case number"));
  storage::DocumentChange fill;
  fill.custom_fields = {{"case-number", "12/2026"}};
  storage::change_document(later, archive.manager, id, storage::find_document(later, archive.manager, id)->version,
                           fill);
  EXPECT_EQ(1U, declare_what_was_filed(later, 10));
  EXPECT_TRUE(find_record(later, id));
}

TEST(Declaration, WhatIsCheckedOutIsDeclaredWhenItComesBackAndHoldsUpNothingElse) {
  RecordsArchive archive;
  const std::int64_t taken = archive.filed(), other = archive.filed();
  auto tx = archive.begin();
  storage::check_out(tx, archive.manager, taken, "");
  for (const std::int64_t id : {taken, other}) {
    tx.execute("INSERT INTO declaration_queue (document_id) VALUES ($1)", id);
  }
  EXPECT_THROW(declare(tx, archive.manager, taken), Error);
  EXPECT_EQ(declare_what_was_filed(tx, 10), 1u);
  EXPECT_TRUE(find_record(tx, other));
  EXPECT_FALSE(find_record(tx, taken));
  storage::end_check_out(tx, archive.manager, taken);
  EXPECT_EQ(declare_what_was_filed(tx, 10), 1u);
  EXPECT_TRUE(find_record(tx, taken));
}

TEST(Declaration, DamageToWhatWasDeclaredIsFound) {
  RecordsArchive archive;
  archive.declared();
  auto tx = archive.begin();
  EXPECT_TRUE(damaged_records(tx).empty());
  tx.execute("DROP TRIGGER record_is_frozen");
  tx.execute("UPDATE document SET title = 'Another'");
  EXPECT_EQ(damaged_records(tx).size(), 1u);
}

}  // namespace
}  // namespace muniment::records
