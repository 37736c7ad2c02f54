// Workflows: what begins them, what they may do, and that runs go on after a kill.
#include "storage/workflows.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "records/file_plan.h"
#include "records/holds.h"
#include "storage/check_outs.h"
#include "storage/custom_fields.h"
#include "storage/page_origins.h"
#include "storage/stack_passes.h"
#include "tests/server/workflows_fixture.h"

namespace muniment::server {
namespace {

using core::Error;
using core::ErrorCode;
using storage::Role;
using storage::WorkflowAction;
using storage::WorkflowOccasion;
using storage::WorkflowRun;
using storage::WorkflowTerms;
using ::testing::HasSubstr;
using Kind = storage::WorkflowAction::Kind;

TEST_F(WorkflowsTest, WhatArrivesAndMatchesIsChangedOnce) {
  WorkflowTerms terms = adds_tag();
  terms.query = "title:rent";
  const std::int64_t workflow = create(terms);
  const std::int64_t rent = arrive("rent.txt", "one");
  const std::int64_t other = arrive("other.txt", "two");
  settle();
  EXPECT_EQ(document(rent).tags.size(), 1U);
  EXPECT_TRUE(document(other).tags.empty());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  const std::int64_t version = document(rent).version;
  settle();
  EXPECT_EQ(document(rent).version, version);
}

TEST_F(WorkflowsTest, OfAStackInTwoPassesTheWholeArrives) {
  const std::int64_t workflow = create(adds_tag());
  const auto in_one = [&](const auto& act) {
    auto tx = archive.database.begin(admin.actor());
    act(tx);
    tx.commit();
  };
  const std::int64_t fronts = archive.add_document(admin.actor(), "fronts.pdf", "one");
  const std::int64_t backs = archive.add_document(admin.actor(), "backs.pdf", "two");
  const storage::StackPasses passes{fronts, backs};
  in_one([&](storage::Transaction& tx) {
    storage::record_stack_passes(tx, passes);
    storage::record_reading(tx, fronts, {});
  });
  settle();
  EXPECT_TRUE(runs(workflow).empty()) << "it is no document of its own";
  const std::int64_t whole = arrive("whole.pdf", "three");
  in_one([&](storage::Transaction& tx) {
    storage::record_reading(tx, backs, {});
    for (const std::int64_t side : {fronts, backs}) storage::replace_document(tx, side, std::span(&whole, 1));
    storage::end_stack_passes(tx, passes);
  });
  settle();
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].document_id, whole);
}

TEST_F(WorkflowsTest, SidesThatStayApartArriveThen) {
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t fronts = archive.add_document(admin.actor(), "fronts.pdf", "one");
  const std::int64_t backs = archive.add_document(admin.actor(), "backs.pdf", "two");
  auto tx = archive.database.begin(admin.actor());
  storage::record_stack_passes(tx, {fronts, backs});
  storage::record_reading(tx, fronts, {});
  storage::give_up_stack_passes(tx, {fronts, backs}, "a test");
  tx.commit();
  settle();
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].document_id, fronts);
}

TEST_F(WorkflowsTest, AQueryThatSaysNothingMeansNoDocument) {
  for (const char* query : {"type:", "((("}) {
    WorkflowTerms terms = adds_tag();
    terms.name = query;
    terms.query = query;
    create(terms);
  }
  const std::int64_t id = arrive("rent.txt", "one");
  settle();
  EXPECT_TRUE(document(id).tags.empty());
}

TEST_F(WorkflowsTest, AChangeByAWorkflowBeginsNone) {
  const std::int64_t changed = create(adds_tag(WorkflowOccasion::changed));
  const std::int64_t id = arrive("a.txt", "one");
  settle();
  EXPECT_TRUE(runs(changed).empty());
  auto tx = archive.database.begin(admin.actor());
  storage::DocumentChange change;
  change.title = "New";
  storage::change_document(tx, admin, id, document(id).version, change);
  tx.commit();
  settle();
  EXPECT_EQ(document(id).tags.size(), 1U);
  EXPECT_EQ(runs(changed).size(), 1U);
}

TEST_F(WorkflowsTest, WhatChangesNothingThatIsKnownOfADocumentBeginsNone) {
  const std::int64_t changed = create(adds_tag(WorkflowOccasion::changed));
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::check_out(tx, admin, id, "");
    storage::end_check_out(tx, admin, id);
    tx.commit();
  }
  settle();
  EXPECT_TRUE(runs(changed).empty()) << "its version number rose";
  auto tx = archive.database.begin(admin.actor());
  storage::add_note(tx, admin, id, "Called them");
  tx.commit();
  settle();
  EXPECT_EQ(runs(changed).size(), 1U);
}

TEST_F(WorkflowsTest, ItWaitsForApprovalAndARefusalEndsIt) {
  const storage::Principal karin = archive.add_person("karin", Role::staff);
  WorkflowTerms terms{"Approve", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = karin.account_id});
  terms.actions.push_back({.kind = Kind::set, .tag_ids = {other_tag}});
  create(terms);
  const std::int64_t first = arrive("a.txt", "one");
  const std::int64_t second = arrive("b.txt", "two");
  settle();
  EXPECT_TRUE(document(first).tags.empty()) << "not before it is approved";
  {
    auto tx = archive.database.begin(karin.actor());
    const auto waiting = storage::runs_to_approve(tx, karin);
    ASSERT_EQ(waiting.size(), 2U);
    EXPECT_TRUE(storage::runs_to_approve(tx, admin).empty());
    storage::decide_run(tx, karin, waiting[0].id, true, "");
    storage::decide_run(tx, karin, waiting[1].id, false, "not ours");
    tx.commit();
  }
  settle();
  EXPECT_EQ(document(first).tags.size(), 1U);
  EXPECT_TRUE(document(second).tags.empty());
}

TEST_F(WorkflowsTest, NothingIsPassedOnOfWhatIsRestrictedOrInTheTrash) {
  const storage::Principal karin = archive.add_person("karin", Role::staff);
  WorkflowTerms terms{"Hook", true};
  terms.actions.push_back({.kind = Kind::webhook, .url = "http://127.0.0.1:1/hook"});
  const std::int64_t hook = create(terms, "sixteen letters and more");
  terms.name = "Approve";
  terms.actions = {{.kind = Kind::approve, .account_id = karin.account_id}};
  const std::int64_t approve = create(terms);
  const auto change = [&](const auto& act) {
    auto tx = archive.database.begin(admin.actor());
    act(tx);
    tx.commit();
  };
  const auto restricted = [&](std::int64_t id) {
    change([&](storage::Transaction& tx) {
      tx.execute("INSERT INTO restriction (document_id, since) VALUES ($1, $2)", id, tx.now());
    });
  };
  const std::int64_t asked = arrive("a.txt", "one");
  settle();
  ASSERT_EQ(runs(approve).size(), 1U);
  EXPECT_EQ(runs(approve)[0].state, storage::RunState::waiting);
  EXPECT_EQ(runs(hook)[0].state, storage::RunState::running) << "nobody listens; it is tried again";
  restricted(asked);
  archive.clock.advance(std::chrono::hours(1));
  settle();
  EXPECT_EQ(runs(hook)[0].state, storage::RunState::failed) << "the next attempt asks anew";
  EXPECT_THAT(log_of(runs(hook)[0]).back().message, HasSubstr("restricted"));
  change([&](storage::Transaction& tx) {
    EXPECT_THROW(storage::decide_run(tx, karin, runs(approve)[0].id, true, ""), Error);
    storage::decide_run(tx, karin, runs(approve)[0].id, false, "");
  });

  const std::int64_t trashed = arrive("b.txt", "two");
  indexer.wait_until_idle();
  change([&](storage::Transaction& tx) { storage::trash_document(tx, admin, trashed); });
  settle();
  ASSERT_EQ(runs(approve).size(), 2U);
  EXPECT_EQ(runs(approve)[0].state, storage::RunState::failed);
  EXPECT_THAT(log_of(runs(approve)[0]).back().message, HasSubstr("trash"));
  EXPECT_THAT(log_of(runs(hook)[0]).back().message, HasSubstr("trash"));
}

TEST_F(WorkflowsTest, ATokenOfSomebodyElseSetsUpAndApprovesNothing) {
  storage::Principal represented = archive.add_person("karin", Role::admin);
  WorkflowTerms terms{"Approve", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = represented.account_id});
  const std::int64_t workflow = create(terms);
  arrive("a.txt", "one");
  settle();
  represented.represented = true;
  auto tx = archive.database.begin(represented.actor());
  const auto waiting = storage::runs_to_approve(tx, represented);
  ASSERT_EQ(waiting.size(), 1U);
  const auto refused = [](const auto& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code() == ErrorCode::forbidden;
    }
    return false;
  };
  EXPECT_TRUE(refused([&] { storage::decide_run(tx, represented, waiting[0].id, true, ""); }));
  EXPECT_TRUE(refused([&] { storage::change_workflow(tx, represented, key, workflow, 1, terms, {}); }));
  terms.name = "Another";
  EXPECT_TRUE(refused([&] { storage::create_workflow(tx, represented, key, terms, {}); }));
}

TEST_F(WorkflowsTest, ItCanDoNoMoreThanItsAccount) {
  const storage::Principal maria = archive.add_person("maria", Role::staff);
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.own_access_list =
        storage::create_access_list(tx, "Maria's", {{storage::AccessEntry::Subject::account, maria.account_id, true}});
    storage::change_document(tx, admin, id, storage::find_document(tx, admin, id)->version, change);
    tx.commit();
  }
  settle();
  EXPECT_TRUE(runs(workflow).empty());
  auto session = archive.database.read();
  const auto who = storage::load_principal(session, maria.account_id, "");
  EXPECT_TRUE(storage::find_document(session, *who, id)->tags.empty());
}

TEST_F(WorkflowsTest, WhatIsUnderHoldRefusesAndTheLogSaysSo) {
  const storage::Principal maria = archive.add_person("maria", Role::records_manager);
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(maria.actor());
    const std::int64_t hold = records::place_hold(tx, maria, {"Case 7", "A lawsuit", "", true, {}});
    records::hold_documents(tx, maria, hold, {id});
    tx.commit();
  }
  settle();
  EXPECT_TRUE(document(id).tags.empty());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::failed);
  ASSERT_EQ(log_of(runs(workflow)[0]).size(), 1U);
  EXPECT_FALSE(log_of(runs(workflow)[0])[0].message.empty());
  EXPECT_EQ(log_of(runs(workflow)[0])[0].message.find("Case 7"), std::string::npos) << "the hold is confidential";
}

TEST_F(WorkflowsTest, ADateIsReachedOnceAndNotBeforeTheWorkflowWas) {
  WorkflowTerms terms = adds_tag(WorkflowOccasion::date);
  terms.days_after = 2;
  const std::int64_t workflow = create(terms);
  const auto with_date = [&](const std::string& name, core::Date date) {
    const std::int64_t id = arrive(name, name);
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.date = date;
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.commit();
    return id;
  };
  using namespace std::chrono_literals;
  const std::int64_t due = with_date("due.txt", 2026y / 11 / 23);
  const std::int64_t old = with_date("old.txt", 2026y / 11 / 21);
  settle();
  EXPECT_TRUE(document(due).tags.empty()) << "on the 25th";
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(document(due).tags.size(), 1U);
  EXPECT_TRUE(document(old).tags.empty()) << "it was reached before the workflow was there";
  settle();
  EXPECT_EQ(runs(workflow).size(), 1U);
  archive.clock.advance(24h * 5);
  {
    auto tx = archive.database.begin(admin.actor());
    terms.days_after = 5;
    storage::change_workflow(tx, admin, key, workflow, 1, terms, {});
    tx.commit();
  }
  with_date("passed.txt", 2026y / 11 / 22);
  const std::int64_t today = with_date("today.txt", 2026y / 11 / 25);
  settle();
  ASSERT_EQ(runs(workflow).size(), 2U) << "with other terms it does nothing about the past either";
  EXPECT_EQ(runs(workflow)[0].document_id, today);
}

TEST_F(WorkflowsTest, WhatIsFiledIsMovedOnce) {
  std::int64_t class_id = 0;
  std::int64_t folder = 0;
  {
    auto tx = archive.database.begin(admin.actor());
    class_id = records::create_class(tx, {{}, "1", "Invoices"});
    folder = records::create_folder(tx, class_id, "This year", {});
    tx.commit();
  }
  WorkflowTerms terms{"Move", true, WorkflowOccasion::filed};
  terms.actions.push_back({.kind = Kind::move, .folder_id = folder});
  const std::int64_t workflow = create(terms);
  const std::int64_t id = arrive("a.txt", "one");
  settle();
  EXPECT_TRUE(runs(workflow).empty()) << "it has no class yet";
  {
    auto tx = archive.database.begin(admin.actor());
    storage::DocumentChange change;
    change.class_id = class_id;
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.commit();
  }
  settle();
  EXPECT_EQ(document(id).folder_id, folder);
  ASSERT_EQ(runs(workflow).size(), 1U) << "the move is a filing too, but by a workflow";
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
}

TEST_F(WorkflowsTest, DatesInFieldsAndOfDisposalCountToo) {
  using namespace std::chrono_literals;
  const std::int64_t id = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(admin.actor());
    storage::create_custom_field(tx, admin, "due", storage::CustomFieldKind::date, {.name = "Due"});
    storage::DocumentChange change;
    change.custom_fields = {{"due", "2026-11-26"}};
    storage::change_document(tx, admin, id, document(id).version, change);
    tx.execute(
        "INSERT INTO record (document_id, declared_on, declared_at, declared_how, content_hash, eligible_from) "
        "VALUES ($1, '2026-11-24', $2, 'hand', '', $3)",
        id, tx.now(), core::Date(2026y / 11 / 27));
    tx.commit();
  }
  WorkflowTerms field = adds_tag(WorkflowOccasion::date);
  field.date_of = storage::WorkflowDate::field;
  field.date_field = "due";
  field.days_after = -1;
  WorkflowTerms disposal = adds_tag(WorkflowOccasion::date);
  disposal.name = "Before it goes";
  disposal.date_of = storage::WorkflowDate::disposal;
  disposal.days_after = -1;
  const std::int64_t by_field = create(field);
  const std::int64_t by_disposal = create(disposal);
  settle();
  EXPECT_TRUE(runs(by_field).empty() && runs(by_disposal).empty()) << "it is the 24th";
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(runs(by_field).size(), 1U);
  EXPECT_TRUE(runs(by_disposal).empty());
  archive.clock.advance(24h);
  settle();
  EXPECT_EQ(runs(by_field).size(), 1U);
  EXPECT_EQ(runs(by_disposal).size(), 1U);
}

TEST_F(WorkflowsTest, ARunThatWaitsCanBeEnded) {
  const storage::Principal maria = archive.add_person("maria", Role::staff);
  WorkflowTerms terms{"Ask", true};
  terms.actions.push_back({.kind = Kind::approve, .account_id = maria.account_id});
  const std::int64_t workflow = create(terms);
  arrive("a.txt", "one");
  settle();
  ASSERT_EQ(runs(workflow).size(), 1U);
  ASSERT_EQ(runs(workflow)[0].state, storage::RunState::waiting);
  const std::int64_t run = runs(workflow)[0].id;
  {
    auto tx = archive.database.begin(maria.actor());
    EXPECT_THROW(storage::end_run(tx, maria, run, ""), Error) << "that is not hers to end";
  }
  {
    auto tx = archive.database.begin(admin.actor());
    storage::end_run(tx, admin, run, "she left");
    tx.commit();
  }
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::refused);
  EXPECT_THAT(log_of(runs(workflow)[0]).back().message, HasSubstr("she left"));
  auto tx = archive.database.begin(admin.actor());
  EXPECT_THROW(storage::end_run(tx, admin, run, ""), Error) << "it has ended";
  EXPECT_TRUE(storage::runs_to_approve(tx, maria).empty());
}

TEST_F(WorkflowsTest, WhileItsAccountIsDisabledAWorkflowRests) {
  const storage::Principal eva = archive.add_person("eva", Role::admin);
  const auto disable = [&](bool disabled) {
    auto tx = archive.database.begin(admin.actor());
    storage::AccountChange change;
    change.disabled = disabled;
    storage::change_account(tx, eva.account_id, storage::find_account(tx, eva.account_id)->version, change);
    tx.commit();
  };
  std::int64_t workflow = 0;
  {
    auto tx = archive.database.begin(eva.actor());
    workflow = storage::create_workflow(tx, eva, key, adds_tag(), {});
    tx.commit();
  }
  const auto rests = [&] {
    auto session = archive.database.read();
    return storage::find_workflow(session, workflow).value().owner_disabled;
  };
  // One that has begun already.
  const std::int64_t begun = arrive("a.txt", "one");
  {
    auto tx = archive.database.begin(eva.actor());
    const auto terms = storage::find_workflow(tx, workflow).value();
    storage::begin_run(tx, terms, {begun, core::date_of(archive.clock.now())}, true);
    tx.execute("DELETE FROM workflow_event");
    tx.commit();
  }
  disable(true);
  const std::int64_t meanwhile = arrive("b.txt", "two");
  for (int day = 0; day < 8; ++day) {  // longer than anything is tried again
    settle();
    archive.clock.advance(std::chrono::hours(24));
  }
  EXPECT_TRUE(rests());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::running);
  EXPECT_THAT(log_of(runs(workflow)[0]), ::testing::IsEmpty());
  EXPECT_TRUE(document(begun).tags.empty());
  disable(false);
  settle();
  EXPECT_FALSE(rests());
  ASSERT_EQ(runs(workflow).size(), 1U);
  EXPECT_EQ(runs(workflow)[0].state, storage::RunState::done);
  EXPECT_EQ(document(begun).tags.size(), 1U);
  EXPECT_TRUE(document(meanwhile).tags.empty());
}

TEST_F(WorkflowsTest, AStepThatWasDoneIsNotDoneAgain) {
  const std::int64_t workflow = create(adds_tag());
  const std::int64_t id = arrive("a.txt", "one");
  indexer.wait_until_idle();
  std::vector<WorkflowRun> before;
  {
    auto tx = archive.database.begin(admin.actor());
    const auto all = storage::workflow_events(tx, 10);
    ASSERT_EQ(all.size(), 1U);
    const auto meant = storage::list_workflows(tx);
    storage::begin_runs(tx, all[0], meant);
    storage::begin_runs(tx, all[0], meant);
    before = storage::next_runs(tx, tx.now(), 10);
    tx.commit();
  }
  ASSERT_EQ(before.size(), 1U) << "the event is gone with the first";
  {
    // Killed before the commit: nothing was done.
    auto tx = archive.database.begin(admin.actor());
    storage::apply_action(tx, admin, id, before[0].actions[0]);
    EXPECT_TRUE(storage::record_step(tx, before[0], storage::StepOutcome::done, ""));
  }
  EXPECT_TRUE(document(id).tags.empty());
  settle();
  EXPECT_EQ(document(id).tags.size(), 1U);
  auto tx = archive.database.begin(admin.actor());
  EXPECT_FALSE(storage::record_step(tx, before[0], storage::StepOutcome::done, "")) << "it is behind that";
  EXPECT_EQ(runs(workflow).size(), 1U);
}

}  // namespace
}  // namespace muniment::server
