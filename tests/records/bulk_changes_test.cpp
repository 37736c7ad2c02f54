#include "records/bulk_changes.h"

#include <gtest/gtest.h>

#include "records/events.h"
#include "storage/audit.h"
#include "storage/catalogue.h"
#include "storage/custom_fields.h"
#include "tests/records/records_archive.h"

namespace muniment::records {
namespace {

using core::Error;
using storage::Document;
using storage::NamedEntry;
using storage::Principal;
using storage::Vocabulary;

class BulkChanges : public ::testing::Test {
 protected:
  std::int64_t add(const std::string& name) { return archive.add_document(anna.actor(), name, name); }
  std::int64_t tag(const std::string& name) {
    auto tx = archive.database.begin(anna.actor());
    const std::int64_t id = storage::ensure_name(tx, Vocabulary::tag, name).id;
    tx.commit();
    return id;
  }
  std::int64_t begin(const std::vector<std::int64_t>& documents, const BulkChange& change) {
    auto tx = archive.database.begin(anna.actor());
    const std::int64_t job = begin_bulk_change(tx, anna, documents, change);
    tx.commit();
    return job;
  }
  BulkReport perform(std::int64_t job) {
    EXPECT_TRUE(perform_bulk_change(archive.database, [] { return false; }));
    return report(job).value();
  }
  std::int64_t undo(std::int64_t job) {
    auto tx = archive.database.begin(anna.actor());
    const std::int64_t undoing = begin_bulk_undo(tx, anna, job);
    tx.commit();
    return undoing;
  }
  std::optional<BulkReport> report(std::int64_t job) {
    auto session = archive.database.read();
    return bulk_report(session, anna, job);
  }
  Document read(std::int64_t id) {
    auto session = archive.database.read();
    return storage::find_document(session, archive.manager, id).value();
  }
  void tag_it(std::int64_t id, std::int64_t tag) {
    BulkChange change;
    change.add_tags = {tag};
    perform(begin({id}, change));
  }

  testing::RecordsArchive archive;
  Principal anna = archive.add_person("anna", storage::Role::staff);
};

TEST_F(BulkChanges, TagsComeAndGoAndAreTakenBackExactly) {
  const std::int64_t rent = tag("Rent"), old = tag("Old");
  const std::int64_t one = add("one.txt"), two = add("two.txt"), three = add("three.txt");
  tag_it(two, rent);
  tag_it(three, old);
  BulkChange change;
  change.add_tags = {rent};
  change.remove_tags = {old};
  const std::int64_t job = begin({one, two, three, one}, change);
  const BulkReport done = perform(job);
  EXPECT_EQ(done.documents, 3) << "one is named twice";
  EXPECT_EQ(done.changed, 2);
  EXPECT_EQ(done.unchanged, 1);
  EXPECT_TRUE(done.undoable);
  EXPECT_EQ(read(three).tags.at(0).id, rent);
  EXPECT_EQ(perform(undo(job)).changed, 2);
  EXPECT_TRUE(read(one).tags.empty());
  EXPECT_EQ(read(two).tags.at(0).id, rent) << "it had the tag before";
  EXPECT_EQ(read(three).tags.at(0).id, old);
}

TEST_F(BulkChanges, WhatWasChangedAgainIsNotTakenBack) {
  const std::int64_t rent = tag("Rent"), signed_tag = tag("Signed");
  const std::int64_t one = add("one.txt");
  BulkChange change;
  change.add_tags = {rent};
  const std::int64_t job = begin({one}, change);
  perform(job);
  tag_it(one, signed_tag);
  const BulkReport undone = perform(undo(job));
  EXPECT_EQ(undone.refused, 1);
  EXPECT_EQ(undone.refusals.at(0).document_id, one);
  EXPECT_EQ(read(one).tags.size(), 2U);
}

TEST_F(BulkChanges, OneThatRefusesKeepsNoOtherFromIt) {
  const std::int64_t one = add("one.txt"), held = add("held.txt"), three = add("three.txt");
  {
    auto tx = archive.begin();
    HoldTerms terms;
    terms.title = "Case 7";
    terms.reason = "A claim";
    const std::int64_t hold = place_hold(tx, archive.manager, terms);
    hold_documents(tx, archive.manager, hold, {held});
    tx.commit();
  }
  BulkChange change;
  change.trash = true;
  const std::int64_t job = begin({one, held, three}, change);
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 2);
  ASSERT_EQ(done.refusals.size(), 1U);
  EXPECT_EQ(done.refusals[0].title, read(held).title);
  EXPECT_NE(done.refusals[0].problem.find("hold"), std::string::npos);
  EXPECT_TRUE(read(three).trashed_at);
  EXPECT_EQ(perform(undo(job)).changed, 2);
  EXPECT_FALSE(read(three).trashed_at);
}

TEST_F(BulkChanges, FilingAndDeclaringByTheRulesOfEach) {
  const std::int64_t read_one = archive.filed();
  const std::int64_t unread = add("unread.txt");
  BulkChange change;
  change.class_id = archive.node;
  change.declare = true;
  const std::int64_t job = begin({read_one, unread}, change);
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 1);
  EXPECT_EQ(done.refused, 1) << "it was not read yet";
  EXPECT_TRUE(read(read_one).is_record);
  EXPECT_FALSE(read(unread).class_id) << "all of the change or nothing";
  EXPECT_FALSE(done.undoable);
  EXPECT_THROW(undo(job), Error);
}

TEST_F(BulkChanges, AnEventIsRecordedOnEveryRecordAndTakenBack) {
  const std::int64_t one = archive.declared(), two = archive.declared(), no_record = archive.filed();
  BulkChange change;
  change.event = {" Contract  ended ", testing::day("2026-06-30")};
  EXPECT_THROW(begin({one}, change), Error) << "staff may not";
  anna = archive.manager;
  BulkChange mixed = change;
  mixed.declare = true;
  EXPECT_THROW(begin({one}, mixed), Error);
  const std::int64_t job = begin({one, two, no_record}, change);
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 2);
  ASSERT_EQ(done.refusals.size(), 1u);
  EXPECT_EQ(done.refusals[0].document_id, no_record);
  const auto events_of = [&](std::int64_t id) {
    auto session = archive.database.read();
    return list_events(session, {id, std::nullopt});
  };
  ASSERT_EQ(events_of(two).size(), 1u);
  EXPECT_EQ(events_of(two)[0].name, "Contract ended");
  EXPECT_EQ(events_of(two)[0].date, testing::day("2026-06-30"));
  {
    auto tx = archive.begin();
    correct_event(tx, archive.manager, events_of(one)[0].id, testing::day("2026-07-01"), "A day later");
    tx.commit();
  }
  anna.scopes = storage::TokenScopes::of({"read", "change"});
  EXPECT_THROW(undo(job), Error) << "a token that may not record events withdraws none either";
  anna.scopes = storage::TokenScopes::all();
  const BulkReport undone = perform(undo(job));
  EXPECT_EQ(undone.changed, 1);
  EXPECT_EQ(undone.refused, 1) << "this one was corrected since";
  EXPECT_TRUE(events_of(two)[0].corrected_at);
  auto session = archive.database.read();
  EXPECT_EQ(session.value<std::int64_t>("SELECT count(*) FROM audit_detail d JOIN audit a ON a.sequence = d.sequence "
                                        "WHERE d.detail LIKE '%Contract%' AND d.detail LIKE '%documents%'"),
            0)
      << "the name of an event goes with its records";
}

TEST_F(BulkChanges, AnAccessListIsSetAndTakenBack) {
  const std::int64_t one = add("one.txt"), two = add("two.txt");
  const std::int64_t record = archive.declared();
  const std::int64_t list = [&] {
    auto tx = archive.begin();
    const std::int64_t made = storage::create_access_list(
        tx, "Board", {{storage::AccessEntry::Subject::account, archive.manager.account_id, true, {}}});
    tx.commit();
    return made;
  }();
  BulkChange change;
  change.access_list = std::optional(list);
  EXPECT_THROW(begin({one}, change), Error) << "staff may not";
  {
    auto session = archive.database.read();
    archive.manager = storage::load_principal(session, archive.manager.account_id, "test").value();
  }
  anna = archive.manager;
  EXPECT_THROW(begin({one}, {.add_tags = {tag("Rent")}, .access_list = std::optional(list)}), Error);
  EXPECT_THROW(begin({one}, {.access_list = std::optional<std::int64_t>(9999)}), Error);
  const std::int64_t job = begin({one, two, record}, change);
  EXPECT_EQ(perform(job).changed, 3) << "who may see it is no part of what a record keeps";
  EXPECT_EQ(read(one).own_access_list, list);
  EXPECT_EQ(perform(begin({one}, change)).unchanged, 1);
  anna.scopes = storage::TokenScopes::of({"read", "change"});
  EXPECT_THROW(undo(job), Error) << "a token that may not manage access gives none back either";
  anna.scopes = storage::TokenScopes::all();
  EXPECT_EQ(perform(undo(job)).changed, 3);
  for (const std::int64_t id : {one, two, record}) EXPECT_FALSE(read(id).own_access_list);
}

TEST_F(BulkChanges, NeverMoreThanThePersonMay) {
  const std::int64_t rent = tag("Rent");
  const std::int64_t one = add("one.txt"), secret = add("secret.txt");
  BulkChange change;
  change.add_tags = {rent};
  const std::int64_t job = begin({one, secret}, change);
  {
    auto tx = archive.begin();
    const std::int64_t list = storage::create_access_list(
        tx, "Board", {{storage::AccessEntry::Subject::account, archive.manager.account_id, true, {}}});
    const auto who = storage::load_principal(tx, archive.manager.account_id, "test").value();
    storage::DocumentChange hidden;
    hidden.own_access_list = list;
    storage::change_document(tx, who, secret, storage::find_document(tx, who, secret)->version, hidden);
    tx.commit();
  }
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 1);
  EXPECT_EQ(done.refused, 1);
  EXPECT_TRUE(done.refusals.empty()) << "nobody is told the title of what they may no longer read";
  anna = [&] {
    auto session = archive.database.read();
    return storage::load_principal(session, anna.account_id, "test").value();
  }();
  EXPECT_THROW(begin({secret}, change), Error);
  EXPECT_THROW(begin({9999}, change), Error);
  auto session = archive.database.read();
  EXPECT_FALSE(bulk_report(session, archive.manager, job)) << "it is another person's";
}

TEST_F(BulkChanges, GoesOnAfterAStopAndEndsWhenCancelled) {
  const std::int64_t rent = tag("Rent");
  const std::int64_t one = add("one.txt"), two = add("two.txt");
  BulkChange change;
  change.add_tags = {rent};
  const std::int64_t job = begin({one, two}, change);
  int asked = 0;
  EXPECT_FALSE(perform_bulk_change(archive.database, [&] { return ++asked > 1; }));
  EXPECT_EQ(report(job)->changed, 1);
  EXPECT_EQ(perform(job).changed, 2);

  const std::int64_t other = begin({one, two}, {.remove_tags = {rent}});
  asked = 0;
  perform_bulk_change(archive.database, [&] {
    if (++asked == 2) {
      auto tx = archive.database.begin(anna.actor());
      EXPECT_TRUE(storage::cancel_job(tx, other));
      tx.commit();
    }
    return false;
  });
  EXPECT_EQ(report(other)->changed, 1);
  EXPECT_EQ(read(two).tags.size(), 1U);
  EXPECT_FALSE(perform_bulk_change(archive.database, [] { return false; }));
}

TEST_F(BulkChanges, TheDateIsSetOrClearedAndComesBack) {
  const std::int64_t dated = add("dated.txt"), bare = add("bare.txt");
  BulkChange change;
  change.date.emplace(testing::day("2024-02-29"));
  perform(begin({dated}, change));
  EXPECT_EQ(read(dated).date, testing::day("2024-02-29"));
  change.date.emplace(std::nullopt);
  const std::int64_t job = begin({dated, bare}, change);
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 1);
  EXPECT_EQ(done.unchanged, 1);
  EXPECT_FALSE(read(dated).date);
  perform(undo(job));
  EXPECT_EQ(read(dated).date, testing::day("2024-02-29"));
}

TEST_F(BulkChanges, WhatIsInQuarantineIsReadAgainAndNothingElse) {
  const std::int64_t spoilt = add("spoilt.txt"), sound = add("sound.txt"), locked = add("locked.txt");
  {
    auto tx = archive.begin();
    storage::record_reading(tx, sound, {});
    storage::set_state(tx, spoilt, storage::DocumentState::quarantined, "bad_file", "it is spoilt");
    storage::set_state(tx, locked, storage::DocumentState::needs_password, "password_needed", "it is locked");
    tx.commit();
  }
  const std::int64_t job = begin({spoilt, sound, locked}, {.read_again = true});
  const BulkReport done = perform(job);
  EXPECT_EQ(done.changed, 1);
  EXPECT_EQ(done.unchanged, 2);
  EXPECT_FALSE(done.undoable);
  EXPECT_EQ(read(spoilt).state, storage::DocumentState::received);
  EXPECT_EQ(read(sound).state, storage::DocumentState::ready);
  auto session = archive.database.read();
  const auto reading = storage::find_document_job(session, spoilt);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->kind, "read");
  EXPECT_EQ(reading->state, storage::JobState::queued);
  EXPECT_FALSE(storage::find_document_job(session, sound));
  EXPECT_THROW(begin({spoilt}, {.trash = true, .read_again = true}), Error);
}

TEST_F(BulkChanges, ItsValuesOutliveNeitherTheJobNorTheDocuments) {
  {
    auto tx = archive.begin();
    storage::CustomFieldTerms terms{"Patient"};
    terms.uses.push_back({});
    storage::create_custom_field(tx, archive.manager, "patient", storage::CustomFieldKind::text, terms);
    tx.commit();
  }
  BulkChange change;
  change.custom_fields = {{"patient", "zyqwarbleflux"}};
  const std::int64_t one = add("one.txt"), job = begin({one}, change);
  EXPECT_EQ(perform(job).changed, 1);
  const std::int64_t cancelled = begin({one}, change);
  auto tx = archive.begin();
  storage::cancel_job(tx, cancelled);
  EXPECT_EQ(storage::find_job(tx, job)->parameters, "{}");
  EXPECT_EQ(storage::find_job(tx, cancelled)->parameters, "{}");
  storage::AuditFilter filter;
  filter.object = "job";
  filter.action = "documents.bulk_change";
  const auto entries = storage::list_audit(tx, filter, 0, 10);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_NE(entries[0].detail.find("\"patient\""), std::string::npos);
  EXPECT_EQ(entries[0].detail.find("zyqwarbleflux"), std::string::npos);
}

TEST_F(BulkChanges, WhatWasDisposedOfIsAsIfItHadNeverBeen) {
  const std::int64_t gone = archive.declared();
  const auto due = testing::day("2028-11-25");
  const auto batch = archive.proposed({gone}, due);
  archive.approve(batch);
  archive.execute(batch, due);
  EXPECT_THROW(begin({gone}, {.trash = true}), Error);
}

TEST_F(BulkChanges, GoesOnAfterNothingCouldBeWritten) {
  const std::int64_t one = add("one.txt");
  const std::int64_t job = begin({one}, {.trash = true});
  EXPECT_THROW(perform_bulk_change(archive.database,
                                   []() -> bool { throw Error(core::ErrorCode::storage_full, "the disk is full"); }),
               Error);
  EXPECT_EQ(perform(job).changed, 1);
  auto session = archive.database.read();
  EXPECT_EQ(storage::find_job(session, job)->state, storage::JobState::done);
}

TEST_F(BulkChanges, AChangeThatMakesNoSenseIsRefusedAtOnce) {
  const std::int64_t one = add("one.txt");
  EXPECT_THROW(begin({one}, {}), Error);
  EXPECT_THROW(begin({}, {.trash = true}), Error);
  EXPECT_THROW(begin({one}, {.trash = true, .restore = true}), Error);
  EXPECT_THROW(begin({one}, {.add_tags = {77}}), Error);
}

}  // namespace
}  // namespace muniment::records
