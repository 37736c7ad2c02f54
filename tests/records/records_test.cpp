#include "records/records.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/events.h"
#include "records/explanation.h"
#include "records/report.h"
#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "storage/page_origins.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;
using testing::terms;

TEST(Records, DeclaringFixesTitleClassAndContent) {
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

TEST(Records, TheRefusalSaysWhy) {
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

TEST(Records, OtherMetadataIsCorrectedAndTheOldValueKept) {
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

TEST(Records, DeclaringNeedsAPlaceWithASchedule) {
  RecordsArchive archive;
  const std::int64_t id = archive.add_document(archive.manager.actor(), "a.txt", "a");
  auto tx = archive.begin();
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "not read yet";
  storage::record_reading(tx, id, {});
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "no class";
  storage::DocumentChange change;
  change.class_id = create_class(tx, {std::nullopt, "9", "Without schedule"});
  storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, change);
  EXPECT_THROW(declare(tx, archive.manager, id), Error) << "no schedule";
  ClassChange give;
  give.schedule = archive.schedule;
  change_class(tx, *change.class_id.value(), 1, give);
  declare(tx, archive.manager, id);
  EXPECT_TRUE(find_record(tx, id));
}

TEST(Records, AReaderDeclaresNothing) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  const auto reader = archive.add_person("rita", storage::Role::reader);
  auto tx = archive.begin();
  EXPECT_THROW(declare(tx, reader, id), Error);
}

TEST(Records, FilingInADeclaringClassDeclares) {
  RecordsArchive archive;
  {
    auto tx = archive.begin();
    ClassChange declaring;
    declaring.declares_on_filing = true;
    change_class(tx, archive.node, 1, declaring);
    tx.commit();
  }
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  EXPECT_EQ(declare_what_was_filed(tx, 10), 1u);
  EXPECT_EQ(find_record(tx, id)->declared_how, "filing");
  EXPECT_EQ(declare_what_was_filed(tx, 10), 0u);
}

TEST(Records, WhatCannotBeDeclaredOnFilingWaitsUntilItCan) {
  RecordsArchive archive;
  std::int64_t bare = 0;
  {
    auto tx = archive.begin();
    NewClass declaring{std::nullopt, "9", "Without schedule"};
    declaring.declares_on_filing = true;
    bare = create_class(tx, declaring);
    tx.commit();
  }
  const std::int64_t id = archive.filed(), moved = archive.filed();
  const auto reader = archive.add_person("rita", storage::Role::reader);
  auto tx = archive.begin();
  const auto file_in = [&](std::int64_t document, std::int64_t place) {
    storage::DocumentChange change;
    change.class_id = place;
    storage::change_document(tx, archive.manager, document,
                             storage::find_document(tx, archive.manager, document)->version, change);
  };
  file_in(id, bare);
  file_in(moved, bare);
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
  file_in(moved, archive.node);
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

TEST(Records, WhereFilingDeclaresNoMoreNothingWaitsForIt) {
  RecordsArchive archive;
  auto tx = archive.begin();
  NewClass declaring{std::nullopt, "9", "Without schedule"};
  declaring.declares_on_filing = true;
  const std::int64_t bare = create_class(tx, declaring);
  tx.commit();
  const std::int64_t id = archive.filed();
  auto later = archive.begin();
  storage::DocumentChange filing;
  filing.class_id = bare;
  storage::change_document(later, archive.manager, id, storage::find_document(later, archive.manager, id)->version,
                           filing);
  EXPECT_EQ(1U, declare_what_was_filed(later, 10));
  EXPECT_EQ(1, not_declared_count(later, archive.manager));
  ClassChange stopping;
  stopping.declares_on_filing = false;
  change_class(later, bare, find_class(later, bare)->version, stopping);
  ClassChange give;
  give.schedule = archive.schedule;
  change_class(later, bare, find_class(later, bare)->version, give);
  EXPECT_EQ(0U, declare_what_was_filed(later, 10));
  EXPECT_FALSE(find_record(later, id));
}

TEST(Records, WhatIsInTheTrashIsNotAmongWhatWaitsToBeDeclared) {
  RecordsArchive archive;
  auto tx = archive.begin();
  NewClass declaring{std::nullopt, "9", "Without schedule"};
  declaring.declares_on_filing = true;
  const std::int64_t bare = create_class(tx, declaring);
  tx.commit();
  const std::int64_t id = archive.filed();
  auto later = archive.begin();
  storage::DocumentChange filing;
  filing.class_id = bare;
  storage::change_document(later, archive.manager, id, storage::find_document(later, archive.manager, id)->version,
                           filing);
  EXPECT_EQ(1U, declare_what_was_filed(later, 10));
  const std::string why = list_not_declared(later, archive.manager, 0, 10).at(0).problem;
  storage::trash_document(later, archive.manager, id);
  EXPECT_TRUE(list_not_declared(later, archive.manager, 0, 10).empty());
  EXPECT_EQ(0, not_declared_count(later, archive.manager));
  EXPECT_EQ(0U, declare_what_was_filed(later, 10)) << "it is not tried";
  storage::restore_document(later, archive.manager, id);
  EXPECT_EQ(1U, declare_what_was_filed(later, 10));
  EXPECT_EQ(why, list_not_declared(later, archive.manager, 0, 10).at(0).problem);
}

TEST(Records, AFieldThatIsFilledInLetsFilingDeclare) {
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

TEST(Records, WhatIsCheckedOutIsDeclaredWhenItComesBackAndHoldsUpNothingElse) {
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

TEST(Records, AFolderWithTheOriginalOfAStackCloses) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case 1", std::nullopt);
    tx.commit();
  }
  const std::int64_t stack = archive.filed(folder);
  const std::int64_t part = archive.declared(folder);
  auto tx = archive.begin();
  storage::replace_document(tx, stack, std::vector{part});
  FolderChange close;
  close.status = Status::closed;
  change_folder(tx, folder, 1, close);
  EXPECT_EQ(find_folder(tx, folder)->status, Status::closed);
}

TEST(Records, APeriodMayBeginAtADateInAFieldOfTheOrganisation) {
  RecordsArchive archive;
  const std::vector<Trigger> valid_until = {{TriggerKind::date_field, "valid-until"}};
  std::int64_t schedule = 0;
  {
    auto tx = archive.begin();
    EXPECT_THROW(create_schedule(tx, "V", terms("2 years", Action::destroy, valid_until)), Error) << "no such field";
    storage::create_custom_field(tx, archive.manager, "valid-until", storage::CustomFieldKind::date,
                                 {"Valid until", {}, {{}}});
    schedule = create_schedule(tx, "V", terms("2 years", Action::destroy, valid_until));
    tx.commit();
  }
  const std::int64_t id = archive.declared();
  const auto change = [&](const std::function<void(storage::Transaction&)>& act) {
    auto tx = archive.begin();
    act(tx);
    tx.commit();
    recalculate(archive.database, 100);
  };
  change([&](storage::Transaction& tx) {
    set_own_schedule(tx, archive.manager, id, find_record(tx, id)->version, schedule, "It is a permit");
  });
  EXPECT_EQ(archive.record(id).standing, Standing::waiting);
  change([&](storage::Transaction& tx) {
    storage::DocumentChange give;
    give.custom_fields = {{"valid-until", "2027-06-30"}};
    storage::change_document(tx, archive.manager, id, storage::find_document(tx, archive.manager, id)->version, give);
  });
  EXPECT_EQ(archive.record(id).retain_through, day("2029-06-30"));
}

TEST(Records, AFolderClosesOnlyWhenAllIsDeclaredAndClosingStartsThePeriod) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case 1", std::nullopt);
    FolderChange give;
    give.schedule = create_schedule(tx, "S2", terms("1 year", Action::destroy, {{TriggerKind::folder_closed}}));
    change_folder(tx, folder, 1, give);
    tx.commit();
  }
  const std::int64_t id = archive.filed(folder);
  auto tx = archive.begin();
  FolderChange close;
  close.status = Status::closed;
  EXPECT_THROW(change_folder(tx, folder, 2, close), Error);
  EXPECT_THROW(tx.execute("UPDATE folder SET status = 'closed' WHERE id = $1", folder), Error);
  declare(tx, archive.manager, id);
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
  change_folder(tx, folder, 2, close);
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2027-11-25"));
  FolderChange reopen;
  reopen.status = Status::open;
  EXPECT_THROW(change_folder(tx, folder, 3, reopen), Error) << "without a reason";
  reopen.reason = "A letter came late";
  change_folder(tx, folder, 3, reopen);
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
}

TEST(Records, AScheduleOfItsOwnWinsAndOneBesideKeepsLonger) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  EXPECT_EQ(archive.record(id).eligible_from, day("2028-11-25"));
  auto tx = archive.begin();
  const auto shorter = create_schedule(tx, "S2", terms("1 year"));
  const auto longer = create_schedule(tx, "S3", terms("10 years"));
  set_own_schedule(tx, archive.manager, id, 1, shorter, "A decision");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2027-11-25"));
  EXPECT_THROW(set_own_schedule(tx, archive.manager, id, 1, longer, "Another"), Error) << "stale";
  add_schedule_beside(tx, archive.manager, id, longer, "Tax");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2036-11-25"));
  remove_schedule_beside(tx, archive.manager, id, longer, "No tax");
  set_own_schedule(tx, archive.manager, id, find_record(tx, id)->version, std::nullopt, "As before");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2028-11-25"));
  const Assessment assessment = assess(tx, id, day("2026-11-24")).value();
  ASSERT_EQ(assessment.origins.size(), 1u);
  EXPECT_EQ(assessment.origins[0].name, "3.1");
}

TEST(Records, TheExplanationSaysWhetherTheTimeIsTheLeastOrTheWhole) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  const auto explained = [&](RuleKind kind) {
    ScheduleTerms changed = terms("1 year");
    changed.kind = kind;
    change_schedule(tx, archive.schedule, find_schedule(tx, archive.schedule)->version, changed, "Decided");
    const Assessment assessment = assess(tx, id, day("2026-11-24")).value();
    std::string text;
    for (const std::string& sentence : in_words(assessment, day("2026-11-24"), Language::english)) text += sentence;
    return text;
  };
  EXPECT_NE(explained(RuleKind::fixed).find(": exactly 1 year from"), std::string::npos);
  EXPECT_NE(explained(RuleKind::maximum).find(": at most 1 year from"), std::string::npos);
  EXPECT_NE(explained(RuleKind::minimum).find(": at least 1 year from"), std::string::npos);
}

TEST(Records, ASmallPieceAtATimeReachesTheSameDates) {
  RecordsArchive archive;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(archive.declared());
  {
    auto tx = archive.begin();
    tx.execute("UPDATE record SET eligible_from = NULL");
    tx.execute("INSERT INTO retention_queue (document_id) SELECT document_id FROM record");
    tx.commit();
  }
  int rounds = 0;
  while (recalculate(archive.database, 2) > 0) ++rounds;
  EXPECT_EQ(rounds, 3);
  for (const auto id : ids) EXPECT_EQ(archive.record(id).eligible_from, day("2028-11-25"));
}

TEST(Records, TermsThatAreNotClearAreRefused) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const auto refused = [&](const char* field, const ScheduleTerms& wrong) {
    try {
      create_schedule(tx, "S9", wrong);
      ADD_FAILURE() << field;
    } catch (const Error& error) {
      ASSERT_EQ(error.fields().size(), 1u);
      EXPECT_EQ(error.fields()[0].pointer, field);
    }
  };
  refused("/triggers", terms("1 year", Action::destroy, {}));
  refused("/triggers/0/name", terms("1 year", Action::destroy, {{TriggerKind::event, ""}}));
  refused("/triggers/0/name", terms("1 year", Action::destroy, {{TriggerKind::captured, "named"}}));
  refused("/triggers/0", terms("1 year", Action::destroy, {{TriggerKind::captured}, {TriggerKind::captured}}));
  ScheduleTerms wrong = terms("1 year");
  wrong.authority = " ";
  refused("/authority", wrong);
  wrong = terms("1 year", Action::permanent);
  wrong.kind = RuleKind::maximum;
  refused("/kind", wrong);
  wrong = terms("1 year");
  wrong.cutoff = Cutoff::fiscal_year;
  wrong.fiscal_start = 13;
  refused("/fiscal_start", wrong);
  EXPECT_THROW(create_schedule(tx, "S1", terms("1 year")), Error) << "the code is taken";
}

TEST(Records, EventsStartPeriodsAndAreCorrectedNotAltered) {
  RecordsArchive archive;
  {
    auto tx = archive.begin();
    change_schedule(tx, archive.schedule, 1, terms("1 year", Action::destroy, {{TriggerKind::event, "contract ended"}}),
                    "From the end");
    tx.commit();
  }
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
  const auto events = record_event(tx, archive.manager, "contract ended", day("2024-02-29"), {{id, std::nullopt}});
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2025-03-01"));
  const auto corrected = correct_event(tx, archive.manager, events.at(0), day("2025-06-30"), "A year later");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2026-07-01"));
  EXPECT_THROW(correct_event(tx, archive.manager, events.at(0), std::nullopt, "Again"), Error);
  const auto kept = list_events(tx, {id, std::nullopt});
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[1].date, day("2024-02-29"));
  EXPECT_EQ(kept[1].reason, "A year later");
  correct_event(tx, archive.manager, *corrected, std::nullopt, "It did not end");
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
  EXPECT_THROW(tx.execute("UPDATE retention_event SET date = '2000-01-01'"), Error);
  EXPECT_EQ(event_names(tx), std::vector<std::string>{"contract ended"});
}

TEST(Records, AnEventOnAFolderReachesAllInItAndTheRecordsOwnWins) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    change_schedule(tx, archive.schedule, 1, terms("1 year", Action::destroy, {{TriggerKind::event, "ended"}}), "So");
    folder = create_folder(tx, archive.node, "Case", std::nullopt);
    tx.commit();
  }
  const std::int64_t one = archive.declared(folder);
  const std::int64_t other = archive.declared(folder);
  auto tx = archive.begin();
  record_event(tx, archive.manager, "ended", day("2024-01-01"), {{one, std::nullopt}});
  record_event(tx, archive.manager, "ended", day("2025-01-01"), {{std::nullopt, folder}});
  EXPECT_EQ(find_record(tx, one)->eligible_from, day("2025-01-02"));
  EXPECT_EQ(find_record(tx, other)->eligible_from, day("2026-01-02"));
}

TEST(Records, ReclassifyingIsTheOnlyWayToAnotherPlace) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  NewClass elsewhere{std::nullopt, "4", "Elsewhere"};
  elsewhere.schedule = create_schedule(tx, "S2", terms("5 years"));
  const auto other = create_class(tx, elsewhere);
  EXPECT_THROW(tx.execute("UPDATE document SET class_id = $1 WHERE id = $2", other, id), Error);
}

TEST(Records, ReclassifyingMovesThePeriod) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  auto tx = archive.begin();
  NewClass elsewhere{std::nullopt, "4", "Elsewhere"};
  elsewhere.schedule = create_schedule(tx, "S2", terms("5 years"));
  const auto other = create_class(tx, elsewhere);
  EXPECT_THROW(reclassify(tx, archive.manager, id, other, std::nullopt, " "), Error) << "a reason is needed";
  reclassify(tx, archive.manager, id, other, std::nullopt, "Filed wrongly");
  EXPECT_EQ(storage::find_document(tx, archive.manager, id)->class_code, "4");
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2031-11-25"));
}

TEST(Records, ASupersededRecordRunsFromThatDay) {
  RecordsArchive archive;
  const std::int64_t id = archive.declared();
  const std::int64_t newer = archive.declared();
  auto tx = archive.begin();
  change_schedule(tx, archive.schedule, 1, terms("1 year", Action::destroy, {{TriggerKind::superseded}}), "So");
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
  supersede(tx, archive.manager, id, newer, day("2024-02-29"));
  EXPECT_EQ(find_record(tx, id)->eligible_from, day("2025-03-01"));
  supersede(tx, archive.manager, id, std::nullopt, day("2024-02-29"));
  EXPECT_EQ(find_record(tx, id)->standing, Standing::waiting);
}

TEST(Records, TheLastEntryOfAFolderCounts) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case", std::nullopt);
    FolderChange give;
    give.schedule = create_schedule(tx, "S2", terms("1 year", Action::destroy, {{TriggerKind::last_entry}}));
    change_folder(tx, folder, 1, give);
    tx.commit();
  }
  const std::int64_t id = archive.declared(folder);
  EXPECT_EQ(archive.record(id).eligible_from, day("2027-11-25"));
  archive.clock.advance(std::chrono::hours(240));
  archive.declared(folder);
  auto session = archive.database.read();
  EXPECT_EQ(assess(session, id, day("2026-12-04"))->decision.eligible_from, day("2027-12-05"));
}

TEST(Records, TheLastEntryOfAFolderDoesNotMoveBack) {
  RecordsArchive archive;
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case", std::nullopt);
    FolderChange give;
    give.schedule = create_schedule(tx, "S2", terms("1 year", Action::destroy, {{TriggerKind::last_entry}}));
    change_folder(tx, folder, 1, give);
    tx.commit();
  }
  const std::int64_t id = archive.declared(folder);
  archive.clock.advance(std::chrono::hours(240));
  const std::int64_t misfiled = archive.declared(folder);
  recalculate(archive.database, 100);
  EXPECT_EQ(archive.record(id).eligible_from, day("2027-12-05")) << "also of what was there already";
  auto tx = archive.begin();
  reclassify(tx, archive.manager, misfiled, archive.node, std::nullopt, "Belongs elsewhere");
  EXPECT_EQ(assess(tx, id, day("2026-12-04"))->decision.eligible_from, day("2027-12-05"));
  EXPECT_THROW(tx.execute("UPDATE folder SET last_entry_on = '2026-11-24' WHERE id = $1", folder), Error);
}

TEST(Records, NothingComesOutOfTheTrashIntoAClosedFolder) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const std::int64_t folder = create_folder(tx, archive.node, "Case", std::nullopt);
  tx.commit();
  const std::int64_t id = archive.filed(folder);
  auto closing = archive.begin();
  storage::trash_document(closing, archive.manager, id);
  FolderChange change;
  change.status = Status::closed;
  change_folder(closing, folder, find_folder(closing, folder)->version, change);
  EXPECT_THROW(storage::restore_document(closing, archive.manager, id), Error);
  EXPECT_THROW(closing.execute("UPDATE document SET trashed_at = NULL WHERE id = $1", id), Error);
  change.status = Status::open;
  change.reason = "A letter came late";
  change_folder(closing, folder, find_folder(closing, folder)->version, change);
  storage::restore_document(closing, archive.manager, id);
  EXPECT_FALSE(storage::find_document(closing, archive.manager, id)->trashed_at);
}

TEST(Records, DamageToWhatWasDeclaredIsFound) {
  RecordsArchive archive;
  archive.declared();
  auto tx = archive.begin();
  EXPECT_TRUE(damaged_records(tx).empty());
  tx.execute("DROP TRIGGER record_is_frozen");
  tx.execute("UPDATE document SET title = 'Another'");
  EXPECT_EQ(damaged_records(tx).size(), 1u);
}

TEST(Records, AClassKeepsWhatItWas) {
  RecordsArchive archive;
  auto tx = archive.begin();
  ClassChange change;
  change.title = "Received invoices";
  change.scope_note = "Not the sent ones";
  change_class(tx, archive.node, 1, change);
  const auto versions = class_versions(tx, archive.node);
  ASSERT_EQ(versions.size(), 1u);
  EXPECT_NE(versions[0].state.find("\"Invoices\""), std::string::npos);
  EXPECT_EQ(versions[0].changed_by, archive.manager.account_id);
  EXPECT_THROW(tx.execute("DELETE FROM class_version"), Error);
}

}  // namespace
}  // namespace muniment::records
