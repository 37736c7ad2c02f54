#include "records/records.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "records/events.h"
#include "records/explanation.h"
#include "storage/custom_fields.h"
#include "storage/day.h"
#include "storage/page_origins.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using testing::day;
using testing::RecordsArchive;
using testing::terms;

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
  EXPECT_EQ(event_names(tx, archive.manager), std::vector<std::string>{"contract ended"});
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

TEST(Records, NamesOfEventsAreThoseOnWhatOneMayRead) {
  RecordsArchive archive;
  const storage::Principal other = archive.add_person("olle", storage::Role::staff);
  std::int64_t folder = 0;
  {
    auto tx = archive.begin();
    folder = create_folder(tx, archive.node, "Case", std::nullopt);
    tx.commit();
  }
  const std::int64_t open = archive.declared();
  const std::int64_t closed = archive.declared(folder);
  auto tx = archive.begin();
  record_event(tx, archive.manager, "told to all", day("2024-01-01"), {{open, std::nullopt}});
  record_event(tx, archive.manager, "told of one", day("2024-01-01"), {{closed, std::nullopt}});
  record_event(tx, archive.manager, "told of a folder", day("2024-01-01"), {{std::nullopt, folder}});
  using Names = std::vector<std::string>;
  EXPECT_EQ(event_names(tx, other), (Names{"told of a folder", "told of one", "told to all"}));
  const storage::AccessEntry alone{storage::AccessEntry::Subject::account, archive.manager.account_id, true};
  const std::int64_t list = storage::create_access_list(tx, "Those of the case", {alone});
  FolderChange change;
  change.access_list = list;
  change_folder(tx, folder, find_folder(tx, folder)->version, change);
  const auto now = [&](const storage::Principal& who) {
    return storage::load_principal(tx, who.account_id, "test").value();
  };
  EXPECT_EQ(event_names(tx, now(other)), Names{"told to all"});
  EXPECT_EQ(event_names(tx, now(archive.manager)).size(), 3U);
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

TEST(Records, TwoRecordsDoNotSupersedeEachOtherNorOneBeforeItsDay) {
  RecordsArchive archive;
  const std::int64_t first = archive.declared();
  const std::int64_t second = archive.declared();
  const std::int64_t third = archive.declared();
  auto tx = archive.begin();
  const auto refused = [&](std::int64_t id, std::int64_t by, const char* on, const char* field) {
    try {
      supersede(tx, archive.manager, id, by, day(on));
      ADD_FAILURE() << id << " by " << by << " on " << on;
    } catch (const Error& error) {
      EXPECT_EQ(error.fields().at(0).pointer, field);
    }
  };
  refused(first, second, "2999-01-01", "/on");
  refused(first, first, "2024-02-29", "/document");
  supersede(tx, archive.manager, first, second, day("2024-02-29"));
  supersede(tx, archive.manager, second, third, day("2025-02-28"));
  refused(second, first, "2025-02-28", "/document");
  refused(third, first, "2025-02-28", "/document");
}

TEST(Records, ADemonstrationDeclaresAndClosesOnItsOwnDay) {
  RecordsArchive archive;
  const std::int64_t id = archive.filed();
  auto tx = archive.begin();
  storage::set_demonstration_day(tx, day("2045-01-01"));
  declare(tx, archive.manager, id);
  EXPECT_EQ(find_record(tx, id)->declared_on, day("2045-01-01"));
  const std::int64_t folder = create_folder(tx, archive.node, "Case", std::nullopt);
  FolderChange close;
  close.status = Status::closed;
  change_folder(tx, folder, 1, close);
  EXPECT_EQ(find_folder(tx, folder)->closed_on, day("2045-01-01"));
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

TEST(Records, NorIntoAClosedClassNorDoesAFolderInOneOpenAgain) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const std::int64_t folder = create_folder(tx, archive.node, "Case", std::nullopt);
  tx.commit();
  const std::int64_t id = archive.filed();
  auto closing = archive.begin();
  storage::trash_document(closing, archive.manager, id);
  FolderChange change;
  change.status = Status::closed;
  change_folder(closing, folder, find_folder(closing, folder)->version, change);
  ClassChange class_change;
  class_change.status = Status::closed;
  change_class(closing, archive.node, find_class(closing, archive.node)->version, class_change);
  EXPECT_THROW(storage::restore_document(closing, archive.manager, id), Error);
  change.status = Status::open;
  change.reason = "A letter came late";
  EXPECT_THROW(change_folder(closing, folder, find_folder(closing, folder)->version, change), Error);
  class_change.status = Status::open;
  change_class(closing, archive.node, find_class(closing, archive.node)->version, class_change);
  storage::restore_document(closing, archive.manager, id);
  change_folder(closing, folder, find_folder(closing, folder)->version, change);
}

TEST(Records, AClosedFolderKeepsItsTitleAndItsRecords) {
  RecordsArchive archive;
  auto tx = archive.begin();
  const std::int64_t folder = create_folder(tx, archive.node, "Case", std::nullopt);
  tx.commit();
  const std::int64_t id = archive.declared(folder);
  auto closing = archive.begin();
  FolderChange change;
  change.status = Status::closed;
  change_folder(closing, folder, find_folder(closing, folder)->version, change);
  FolderChange renaming;
  renaming.title = "Another case";
  EXPECT_THROW(change_folder(closing, folder, find_folder(closing, folder)->version, renaming), Error);
  EXPECT_THROW(closing.execute("UPDATE folder SET title = 'Another case' WHERE id = $1", folder), Error);
  EXPECT_THROW(reclassify(closing, archive.manager, id, archive.node, std::nullopt, "Out of it"), Error);
  closing.execute("INSERT INTO reclassification (document_id, class_id, reason) VALUES ($1, $2, 'x')", id,
                  archive.node);
  EXPECT_THROW(closing.execute("UPDATE document SET folder_id = NULL WHERE id = $1", id), Error);
  renaming.status = Status::open;
  renaming.reason = "It was named wrongly";
  change_folder(closing, folder, find_folder(closing, folder)->version, renaming);
  EXPECT_EQ(find_folder(closing, folder)->title, "Another case");
  reclassify(closing, archive.manager, id, archive.node, std::nullopt, "Out of it");
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
